"""What a SPARQL text is, told before any store sees it. In: text. Out: its form, or a refusal.

Stores here answer and never change: updates, LOAD and SERVICE (which would have this machine ask another one) are
refused on the text itself, since an engine sends a SERVICE request from a plain query without being asked twice. The
text is read as a row of tokens, so that the words may stand in strings, IRIs, comments, variables and names.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from kg.errors import QueryError, QueryRefused

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

DEEPEST: Final = 60  # braces and brackets in each other; parsers descend once a level
_FORMS: Final = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_UPDATES: Final = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE: Final = re.compile("service", re.IGNORECASE)
_TOKEN: Final = re.compile(
    r'''(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\'|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')'''
    r"""|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)"""
    r"""|(?P<comment>\#[^\n\r]*)"""
    r"""|(?P<variable>[?$]\w+)"""
    r"""|(?P<name>(?:[^\W\d_][\w.·-]*|_)?:(?:[\w.:·-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*)"""
    r"""|(?P<word>@?[^\W\d][\w-]*)"""
    r"""|(?P<open>[{(\[])|(?P<close>[})\]])""",
    re.DOTALL,
)


def plain_text(query: str | bytes) -> str:
    """The query as text, without a byte order mark.

    Raises
    ------
    QueryError
        The bytes are not UTF-8.
    """
    if isinstance(query, bytes):
        try:
            query = query.decode("utf-8")
        except UnicodeDecodeError as error:
            raise QueryError(f"the query is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    return query.removeprefix("\ufeff")


def form_of(query: str) -> Form:
    """Which of the four forms a query has.

    Raises
    ------
    QueryRefused
        It is an update, or asks another server.
    QueryError
        It is none of the four forms, or nested deeper than `DEEPEST`.

    Examples
    --------
    >>> form_of("PREFIX a: <http://a/> SELECT ?service WHERE { ?service a:SERVICE 'SERVICE' } # SERVICE")
    'SELECT'
    >>> form_of("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    kg.errors.QueryRefused: SERVICE is not done here: this store asks no other server
    """
    undone = _CODE_POINT.sub(_character, query)
    form = _form_of(query)
    # Some engines undo code points before they read, some only in strings and IRIs: a text must be harmless either way.
    return form if undone == query else _form_of(undone)


def _form_of(text: str) -> Form:
    form: Form | None = None
    depth = 0
    asks_another = could_hide = False
    before: tuple[str, str] = ("", "")
    last: tuple[str, str] = ("", "")
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup or "", match.group()
        if kind == "comment":
            continue
        if kind == "open":
            depth += 1
            if depth > DEEPEST:
                raise QueryError(f"the query is nested more than {DEEPEST} levels deep")
            if token == "{" and last[0] in ("iri", "name", "variable"):
                asks_another = asks_another or _may_be_service(before, last)
        elif kind == "close":
            depth -= 1
        elif kind == "iri":
            could_hide = could_hide or _may_be_less_than(token, text, match.end())
        elif kind == "word":
            upper = token.upper()
            asks_another = asks_another or upper in ("SERVICE", "SERVICESILENT")
            if form is None and upper in _UPDATES:
                raise QueryRefused(f"{upper} is not done here: this store answers queries and takes no updates")
            if form is None and upper in _FORMS:
                form = upper  # type: ignore[assignment]
        before, last = last, (kind, token)
    if asks_another or (could_hide and _SERVICE.search(text)):
        raise QueryRefused("SERVICE is not done here: this store asks no other server")
    if form is None:
        raise QueryError("the query has none of the words SELECT, ASK, CONSTRUCT, DESCRIBE")
    return form


def _may_be_service(before: tuple[str, str], last: tuple[str, str]) -> bool:
    """Whether a brace may open what another server is asked.

    Engines read ``SERVICE:x {``, ``5.e1SERVICE<x> {`` and ``a:.SERVICE?x {`` as the word and what follows it.
    """
    if last[0] == "name" and _SERVICE.search(last[1]):
        return True
    return before[0] in ("word", "name") and re.search("service|silent", before[1], re.IGNORECASE) is not None


def _may_be_less_than(iri: str, text: str, end: int) -> bool:
    """Whether strings are other ones for an engine that takes ``<`` for "less than": ``?a<'>')``, ``?a<:b#>'''``."""
    if "#" in iri:
        line = re.match(r"[^\n\r]*", text[end:])
        return line is not None and ("'" in line.group() or '"' in line.group())
    return "'" in iri


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1) or match.group(2), 16)
    return chr(code) if code < 0x110000 else match.group()
