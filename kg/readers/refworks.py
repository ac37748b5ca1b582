"""RefWorks tagged text, as CNKI, Wanfang and VIP write it. In: a .txt file. Out: entries.

Tags are two letters and a blank, and everything goes wrong in real files: a blank before a tag, tags in small letters,
semicolons doubled, ``SR 1`` in each record, LF and CRLF in one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.identity import isbn, issns
from kg.readers.dates import year
from kg.readers.entry import Entry, kind_of, pages_of
from kg.readers.source import Problem
from kg.readers.tagged import Fields, every, first, references

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_TAGS: Final = frozenset(
    "RT SR ID A1 A2 A3 A4 A5 A6 T1 T2 T3 TT JF JO YR FD VO IS SP OP K1 AB NO PB PP ED SN AN LA CN DO DS DB UL LK WT WP WV U1 U2 U3 U4 U5 AD AV CL SF OL RD PU PG "
    "CT CO DI FU JN PG TI AU PY".split()
)
_TAG: Final = re.compile(r"[ \t\ufeff]{0,2}([A-Za-z][A-Za-z0-9])(?:[ \t]+(.*)|\Z)", re.DOTALL)
_USED: Final = frozenset("RT SR ID A1 AU T1 T2 TI TT JF JO YR FD PY VO IS SP OP PP K1 AB SN LA DO CL".split())


def sniff(head: Head) -> float:
    """0.9 where a line says ``RT Journal Article`` or the like and one after it gives a title."""
    found = re.search(r"^[ \t\ufeff]{0,2}RT[ \t]+[A-Z][A-Za-z/ ]+$", head.text, re.MULTILINE)
    return 0.9 if found and re.search(r"^[ \t]{0,2}(?:T1|TI|A1|AB)[ \t]", head.text, re.MULTILINE) else 0.0


def _tag(line: str) -> tuple[str, str] | None:
    found = _TAG.match(line)
    if not found or found[1].upper() not in _TAGS:
        return None
    tag, value = found[1], found[2] or ""
    if not tag.isupper() and (not tag.islower() or len(value) > 60):
        return None  # a wrapped line that begins with a short word
    return tag.upper(), value


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The references of a file, each from its RT on."""
    found = references(reading, _tag, opens=frozenset(("RT",)))
    for number, (line, fields) in enumerate(found, 1):
        yield _entry(reading.where(line), number, fields)


def _entry(where: str, number: int, fields: Fields) -> Entry:
    entry = Entry(where, number, kind=kind_of(first(fields, "RT")))
    entry.titles = every(fields, "T1", "TI", "TT")
    entry.abstracts = every(fields, "AB")
    entry.authors = _names(fields)
    entry.journal = first(fields, "JF", "JO", "T2")
    dates = every(fields, "YR", "PY", "FD")
    entry.date = next((value for value in dates if year(value)), dates[0] if dates else None)
    entry.volume, entry.issue = first(fields, "VO"), first(fields, "IS")
    start, end = first(fields, "SP"), first(fields, "OP")
    entry.pages = end if end and "-" in end else pages_of(start, end) or first(fields, "PP")
    entry.doi = first(fields, "DO")
    entry.keywords = every(fields, "K1")
    entry.lang = first(fields, "LA")
    numbers = " ".join(fields.get("SN", ()))
    if issns(numbers):
        entry.identifiers["issn"] = ", ".join(issns(numbers))
    elif isbn(numbers):
        entry.identifiers["isbn"] = isbn(numbers) or ""
    for tag, values in fields.items():
        if tag not in _USED:
            entry.keep(tag, "; ".join(value for value in values if value))
    return entry


def _names(fields: Fields) -> list[str]:
    """Names of A1: in several tags, or in one, parted by semicolons. 'Poe Alan' is surname first here."""
    names: list[str] = []
    for value in every(fields, "A1", "AU"):
        for name in re.split(r"[;；]+", value):
            words = name.split()
            if len(words) == 2 and name.isascii() and "," not in name and ";" in value:
                name = f"{words[0]}, {words[1]}"
            names.append(name)
    return [name for name in names if name.strip()]
