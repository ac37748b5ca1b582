"""BibTeX and BibLaTeX. In: a .bib file. Out: entries.

A scanner of its own: `bibtexparser` 2.1 drops the second entry of a repeated key, leaves ``rev # all`` unexpanded and
loses what follows an unclosed brace. Here the damage stays inside its entry: an ``@word{`` at the start of a line begins a
new one, whatever is still open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.identity import isbn, issns
from kg.readers.entry import Entry, kind_of, pages_of
from kg.readers.source import Problem
from kg.tex import plain

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_START: Final = re.compile(r"\s*@\s*[A-Za-z]+\s*[{(]")
_ENTRY: Final = re.compile(r"@\s*(?P<type>[A-Za-z]+)\s*(?P<open>[{(])")
_NAME: Final = re.compile(r"[\s,]*(?P<name>[^\s=,{}()\"#%'@\\]+)\s*=\s*")
_NEXT_FIELD: Final = re.compile(r",?[ \t]*+\n\s*+[A-Za-z][\w-]*\s*=\s*[{\"\d]")
MAX_CHARACTERS: Final = 4_000_000  # of one entry
MAX_UNCLOSED: Final = 100_000  # characters that are kept of a value with no end
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_USED: Final = frozenset(
    "title subtitle booktitle booksubtitle journal journaltitle journalsubtitle author editor year date month volume number issue pages doi abstract keywords "
    "keyword issn isbn language langid eprint pmid url crossref xdata titleaddon shorttitle eid howpublished entrysubtype series archiveprefix eprinttype".split()
)


def sniff(head: Head) -> float:
    """0.95 where an entry begins a line."""
    found = re.search(r"^\s*@\s*([A-Za-z]+)\s*[{(]\s*[^\s,=]*\s*,", head.text, re.MULTILINE)
    if found and found.group(1).lower() not in ("comment", "preamble"):
        return 0.95
    return (
        0.6 if re.search(r"^\s*@(?:comment|string|preamble)\s*[{(]", head.text, re.MULTILINE | re.IGNORECASE) else 0.0
    )


class _Parsed(NamedTuple):
    type: str
    key: str
    fields: dict[str, str]
    line: int
    fault: str | None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The entries of a file; those that take fields from another (crossref) come last, when it is known."""
    macros = {month: month for month in _MONTHS}
    parents: dict[str, dict[str, str]] = {}
    waiting: list[tuple[int, _Parsed]] = []
    number = 0
    for parsed in _parse_all(reading, macros):
        number += 1
        if parsed.key and parsed.type not in ("article", "misc", "online"):
            parents[parsed.key.lower()] = {name: parsed.fields[name] for name in parsed.fields if name != "abstract"}
        if parsed.fields.get("crossref"):
            waiting.append((number, parsed))
            continue
        yield from _entry(reading, number, parsed)
    for number, parsed in waiting:
        parent = parents.get(parsed.fields["crossref"].strip().lower(), {})
        fields = {**{name: parent[name] for name in parent if name not in ("title", "crossref")}, **parsed.fields}
        if parent.get("title"):
            fields.setdefault("booktitle", parent["title"])
        yield from _entry(reading, number, parsed._replace(fields=fields))


def _parse_all(reading: Reading, macros: dict[str, str]) -> Iterator[_Parsed]:
    chunk: list[str] = []
    first = 1
    size = 0
    for line_number, line in enumerate(reading.lines(), 1):
        if _START.match(line) and "@" in line:
            yield from _parse_chunk("\n".join(chunk), first, macros)
            chunk, first, size = [], line_number, 0
        if size <= MAX_CHARACTERS:
            size += len(line) + 1
            if size > MAX_CHARACTERS:
                reading.remark(line_number, "an entry of more than 4 million characters", "read as far as that")
            else:
                chunk.append(line)
    yield from _parse_chunk("\n".join(chunk), first, macros)


def _parse_chunk(text: str, first_line: int, macros: dict[str, str]) -> Iterator[_Parsed]:
    """The entries in some lines of which only the first surely begins one."""
    at = counted = 0
    line = first_line
    while found := _ENTRY.search(text, at):
        kind = found["type"].lower()
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if kind == "comment":
            _, at, _ = _braced(text, found.end() - 1)
            continue
        scanner = _Scanner(text, found.end(), ")" if found["open"] == "(" else "}", macros)
        if kind == "string":
            fields = scanner.fields()
            macros.update({name.lower(): value for name, value in fields.items()})
        elif kind == "preamble":
            _, scanner.at, _ = _braced(text, found.end() - 1)
        else:
            key = scanner.key()
            yield _Parsed(kind, key, scanner.fields(), line, scanner.fault)
        at = max(scanner.at, found.end())


def _braced(text: str, at: int) -> tuple[str, int, bool]:
    """What stands in the braces (or round brackets) at `at`, where it ends, and whether it was closed."""
    opening = text[at]
    closing = "}" if opening == "{" else ")"
    depth = 0
    position = at
    pattern = _BRACES if opening == "{" else _ROUND
    for found in pattern.finditer(text, at):
        position = found.start()
        sign = found.group()
        if sign[0] == "\\":
            continue
        if sign == opening:
            depth += 1
        elif sign == closing:
            depth -= 1
            if depth == 0:
                return text[at + 1 : position], position + 1, True
    return text[at + 1 :], len(text), False


_BRACES: Final = re.compile(r"\\[{}]|[{}]")
_ROUND: Final = re.compile(r"[()]")


class _Scanner:
    """Reads key and fields of one entry."""

    def __init__(self, text: str, at: int, closing: str, macros: dict[str, str]) -> None:
        self.text = text
        self.at = at
        self.closing = closing
        self.macros = macros
        self.fault: str | None = None

    def key(self) -> str:
        found = re.compile(r"\s*([^,=\n{}\"]*?)\s*(?:,|(?=[})\n]))").match(self.text, self.at)
        if not found:
            return ""
        self.at = found.end()
        return found.group(1)

    def fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        while True:
            found = _NAME.match(self.text, self.at)
            if not found:
                break
            self.at = found.end()
            value = self._value()
            name = found["name"].lower()
            if name in ("author", "editor") and name in fields:
                fields[name] += f" and {value}"
            elif value and not fields.get(name):
                fields[name] = value
        rest = re.compile(r"[\s,]*").match(self.text, self.at)
        self.at = rest.end() if rest else self.at
        if self.text.startswith(self.closing, self.at):
            self.at += 1
        elif not self.fault:
            self.fault = "entry is not closed" if self.at >= len(self.text) else "entry has a fault in its fields"
        return fields

    def _value(self) -> str:
        parts = [self._part()]
        while joined := re.compile(r"\s*#\s*").match(self.text, self.at):
            self.at = joined.end()
            parts.append(self._part())
        return "".join(parts)

    def _part(self) -> str:
        text = self.text
        if text.startswith("{", self.at):
            value, end, closed = _braced(text, self.at)
            if not closed:
                return self._unclosed(self.at + 1)
            self.at = end
            return value
        if text.startswith('"', self.at):
            return self._quoted()
        found = re.compile(r"[^\s,#{}()\"]*").match(text, self.at)
        self.at = found.end() if found else self.at
        word = found.group() if found else ""
        return self.macros.get(word.lower(), word)

    def _quoted(self) -> str:
        depth = 0
        start = self.at + 1
        for found in re.compile(r"\\.|[{}\"]", re.DOTALL).finditer(self.text, start):
            sign = found.group()
            if sign == "{":
                depth += 1
            elif sign == "}":
                depth -= 1
            elif sign == '"' and depth <= 0 and re.compile(r"\s*(?:[,#})]|\Z)").match(self.text, found.end()):
                self.at = found.end()
                return self.text[start : found.start()]
        return self._unclosed(start)

    def _unclosed(self, start: int) -> str:
        """A value with no end: up to the next line that begins a field, else to the end of the entry."""
        self.fault = "a brace or a quotation mark is not closed"
        found = _NEXT_FIELD.search(self.text, start)
        if found:
            end = found.start()
            self.at = end + 1 if self.text[end] == "," else end
        else:
            end = self.at = len(self.text)
        value = self.text[start : min(end, start + MAX_UNCLOSED)].rstrip()
        return re.sub(r"[{}\"]", "", value).rstrip(", \n")


def _first(fields: dict[str, str], *names: str) -> str | None:
    return next((fields[name] for name in names if fields.get(name)), None)


def _with_subtitle(fields: dict[str, str], title: str, subtitle: str) -> str | None:
    if fields.get(title) and fields.get(subtitle):
        return f"{fields[title]}: {fields[subtitle]}"
    return fields.get(title)


def _entry(reading: Reading, number: int, parsed: _Parsed) -> Iterator[Entry | Problem]:
    where = reading.where(parsed.line)
    fields = parsed.fields
    entry = Entry(where, number, id=parsed.key or None, markup="tex", one_name_each=True)
    main = _with_subtitle(fields, "title", "subtitle")
    entry.titles = [main] if main else []
    if main and fields.get("titleaddon"):
        entry.titles.append(fields["titleaddon"])  # the title in another language, where it is one
    if not main and fields.get("booktitle"):
        entry.titles = [fields["booktitle"]]
    entry.abstracts = [fields["abstract"]] if fields.get("abstract") else []
    entry.authors = _names(_first(fields, "author", "editor") or "")
    entry.journal = _first(fields, "journal", "journaltitle") or (
        _with_subtitle(fields, "booktitle", "booksubtitle") or fields.get("series") if main else None
    )
    entry.date = plain(_first(fields, "year", "date") or "")
    entry.volume, entry.issue = fields.get("volume"), _first(fields, "number", "issue")
    entry.pages = pages_of(plain(fields.get("pages") or fields.get("eid") or ""))
    entry.doi = plain(_first(fields, "doi") or "") or None
    if not entry.doi and "doi.org/" in (fields.get("url") or ""):
        entry.doi = plain(fields["url"])
    entry.keywords = [value for name in ("keywords", "keyword") if (value := fields.get(name))]
    entry.kind = kind_of(parsed.type)
    entry.lang = _first(fields, "langid", "language")
    for name, value in (
        ("issn", ", ".join(issns(fields.get("issn")))),
        ("isbn", isbn(fields.get("isbn"))),
        ("pmid", fields.get("pmid")),
    ):
        if value:
            entry.identifiers[name] = value
    if (fields.get("archiveprefix") or fields.get("eprinttype") or "").lower() == "arxiv" and fields.get("eprint"):
        entry.identifiers["arxiv"] = fields["eprint"]
    for name, value in fields.items():
        if name not in _USED or name in ("url", "howpublished"):
            entry.keep(name, plain(value))
    if parsed.fault:
        yield Problem(where, f"{parsed.fault} ({parsed.key or parsed.type})", "read as far as it goes", "warning")
    yield entry


def _names(value: str) -> list[str]:
    """Names of an author field, parted at 'and' outside braces; a name in braces is one whole."""
    names: list[str] = []
    depth = 0
    start = 0
    for found in re.compile(r"\\[{}]|[{}]|\s+and\s+", re.IGNORECASE).finditer(value):
        sign = found.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign[0] != "\\" and depth <= 0:
            names.append(value[start : found.start()])
            start = found.end()
    names.append(value[start:])
    return [" ".join(name.split()) for name in names if name.strip()]
