"""Terms and statements as N-Quads text, and back. In: IRIs and values. Out: strings; and the reverse.

Terms are kept as the text that stands in a line (``<iri>``, ``"text"@en``, ``"1"^^<…#integer>``): building millions of
lines from strings costs a tenth of building them from objects. Characters beyond ASCII stand as they are; a lone
surrogate, which no store takes, becomes U+FFFD, so that offsets hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from kg.terms import XSD

_TROUBLE: Final = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff]')
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SHORT: Final = {"\t": "\\t", "\b": "\\b", "\n": "\\n", "\r": "\\r", "\f": "\\f", '"': '\\"', "\\": "\\\\"}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LONG: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LANG: Final = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*|x(?:-[a-z0-9]{1,8})+")
_DATATYPE: Final = {name: f"^^<{XSD}{name}>" for name in ("integer", "decimal", "gYear", "dateTime", "hexBinary")}
_NODE: Final = r"(<[^>]*>|_:\S+)"
_QUOTED: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_STATEMENT: Final = re.compile(
    rf"{_NODE} (<[^>]*>) ({_NODE[1:-1]}|{_QUOTED}(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)(?: {_NODE})? \.", re.DOTALL
)
_LITERAL: Final = re.compile(rf"({_QUOTED})(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?", re.DOTALL)


class Statement(NamedTuple):
    """The four terms of a line as they stand there; `graph` is empty for a triple."""

    subject: str
    predicate: str
    object: str
    graph: str


class Literal(NamedTuple):
    """A literal taken apart; `lang` and `datatype` are None where it has none."""

    value: str
    lang: str | None
    datatype: str | None


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    if character >= "\ud800":
        return "\ufffd"
    return f"\\u{ord(character):04X}"


def clean(text: str) -> str:
    """The text as a store holds it: U+FFFD for each lone surrogate, same length."""
    return _SURROGATE.sub("\ufffd", text)


def iri(iri: str) -> str:
    """An IRI as a term; it must be well formed, as those of `kg.terms` are."""
    return f"<{iri}>"


def plain(text: str) -> str:
    r"""A literal without a language.

    >>> print(plain('a "b"\n'))
    "a \"b\"\n"
    """
    return f'"{_TROUBLE.sub(_escaped, text)}"'


def rdf_lang(lang: str) -> str:
    """A language tag as RDF writes it here: lower case, ``und`` for what is no tag.

    >>> rdf_lang("zh-Hans"), rdf_lang("?")
    ('zh-hans', 'und')
    """
    lowered = lang.lower()
    return lowered if _LANG.fullmatch(lowered) else "und"


def model_lang(tag: str) -> str:
    """A language tag as JSON and HTML write it: scripts with a capital, regions in capitals.

    >>> model_lang("zh-hans"), model_lang("en-gb"), model_lang("ja")
    ('zh-Hans', 'en-GB', 'ja')
    """
    first, *rest = tag.lower().split("-")
    shapes = {4: str.title, 2: str.upper}
    return "-".join([first, *(shapes.get(len(part), str)(part) if first != "x" else part for part in rest)])


def text(text: str, lang: str) -> str:
    """A literal with a language, given as the model writes it.

    >>> text("日美同盟", "zh-Hans")
    '"日美同盟"@zh-hans'
    """
    return f'"{_TROUBLE.sub(_escaped, text)}"@{rdf_lang(lang)}'


def integer(number: int) -> str:
    """An integer."""
    return f'"{number}"{_DATATYPE["integer"]}'


def decimal(number: float) -> str:
    """A decimal, exactly as Python writes the number but never with an exponent.

    >>> decimal(0.85)
    '"0.85"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    from decimal import Decimal

    written = repr(float(number))
    if "e" in written or "n" in written:  # 1e-07; nan and inf have no decimal and raise
        written = format(Decimal(written), "f")
        if "." not in written:
            written += ".0"
    return f'"{written}"{_DATATYPE["decimal"]}'


def typed(value: str, datatype: str) -> str:
    """A literal of another datatype, by its whole IRI or by its name in XML Schema."""
    return f'"{_TROUBLE.sub(_escaped, value)}"' + _DATATYPE.get(datatype, f"^^<{datatype}>")


def unescape(text: str) -> str:
    """The characters of an escaped literal or IRI."""
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        short, long, letter = match.groups()
        return _LONG.get(letter, letter) if letter else chr(int(short or long, 16))

    return _ESCAPE.sub(character, text)


def read_literal(term: str) -> Literal:
    r"""Take a literal apart.

    >>> read_literal('"a\\"b"@zh-hans')
    Literal(value='a"b', lang='zh-hans', datatype=None)
    """
    match = _LITERAL.fullmatch(term)
    if match is None:
        raise ValueError(f"not a literal: {term[:80]}")
    value, lang, datatype = match.groups()
    return Literal(unescape(value[1:-1]), lang, datatype)


def read_statement(line: str) -> Statement | None:
    """The terms of a line, None for a blank one or a comment; lines as this package writes them.

    Raises
    ------
    ValueError
        The line is no statement.
    """
    match = _STATEMENT.match(line)
    if match is None:
        if not line.strip() or line.startswith("#"):
            return None
        raise ValueError(f"not a statement: {line[:80]}")
    subject, predicate, object_, graph = match.groups()
    return Statement(subject, predicate, object_, graph or "")


def read_statements(lines: Iterable[str]) -> Iterator[Statement]:
    """The statements of many lines."""
    for line in lines:
        statement = read_statement(line)
        if statement is not None:
            yield statement
