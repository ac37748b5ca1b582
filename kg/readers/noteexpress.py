"""NoteExpress text, as CNKI, Wanfang and VIP write it. In: a .net or .txt file of ``{Title}: …`` lines. Out: entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.identity import isbn, issns
from kg.readers.dates import year
from kg.readers.entry import Entry, kind_of
from kg.readers.source import Problem
from kg.readers.tagged import Fields, every, first, references

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_TAG: Final = re.compile(r"[ \t\ufeff]{0,4}\{([A-Za-z][A-Za-z/ \-]{1,40})\}[ \t]*[:：][ \t]?(.*)", re.DOTALL)
_USED: Final = frozenset(
    "reference type|title|translated title|author|translated author|journal|year|volume|issue|pages|keywords|abstract|translated abstract|isbn/issn|doi|language"
    "|publisher|secondary title|date|tertiary title|author translated|title translated|translated keywords|source|booktitle".split(
        "|"
    )
)


def sniff(head: Head) -> float:
    """0.95 where a line says ``{Reference Type}: …`` or ``{Title}: …``."""
    return (
        0.95
        if re.search(r"^[ \t\ufeff]{0,4}\{(?:Reference Type|Title|Author)\}[ \t]*[:：]", head.text, re.MULTILINE)
        else 0.0
    )


def _tag(line: str) -> tuple[str, str] | None:
    found = _TAG.match(line)
    return (" ".join(found[1].lower().split()), found[2]) if found else None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The references of a file, each from its {Reference Type} on."""
    has_type = "{Reference Type}" in reading.head.text
    opens = frozenset(("reference type",)) if has_type else frozenset()
    for number, (line, fields) in enumerate(references(reading, _tag, opens=opens), 1):
        yield _entry(reading.where(line), number, fields)


def _entry(where: str, number: int, fields: Fields) -> Entry:
    entry = Entry(where, number, kind=kind_of(first(fields, "reference type")))
    entry.titles = every(fields, "title", "translated title", "title translated")
    entry.abstracts = every(fields, "abstract", "translated abstract")
    entry.authors = every(fields, "author") or every(fields, "translated author", "author translated")
    if every(fields, "author"):
        entry.keep("authors@en", "; ".join(every(fields, "translated author", "author translated")))
    entry.journal = first(fields, "journal", "source", "secondary title", "booktitle", "tertiary title", "publisher")
    dates = every(fields, "year", "date")
    entry.date = next((value for value in dates if year(value)), dates[0] if dates else None)
    entry.volume, entry.issue, entry.pages = first(fields, "volume"), first(fields, "issue"), first(fields, "pages")
    entry.doi = first(fields, "doi")
    entry.keywords = every(fields, "keywords", "translated keywords")
    entry.lang = first(fields, "language")
    numbers = " ".join(fields.get("isbn/issn", ()))
    if issns(numbers):
        entry.identifiers["issn"] = ", ".join(issns(numbers))
    elif isbn(numbers):
        entry.identifiers["isbn"] = isbn(numbers) or ""
    for tag, values in fields.items():
        if tag not in _USED:
            entry.keep(tag, "; ".join(value for value in values if value))
    return entry
