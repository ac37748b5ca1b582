"""RIS in its dialects. In: a .ris file. Out: entries.

A scanner of its own: `rispy` 0.10 finds no record in a file with lone CRs, loses the record before a damaged one, takes
``SP  -`` without a value for a wrapped line, and leaves dates raw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.identity import doi, isbn, issns
from kg.readers.dates import year
from kg.readers.entry import Entry, kind_of, pages_of
from kg.readers.source import Problem
from kg.readers.tagged import Fields, every, first, references

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_TAG: Final = re.compile(r"[ \t\ufeff]{0,3}([A-Z][A-Z0-9])[ \t\xa0]{1,3}[-–—](?:[ \t\xa0]|\Z)(.*)", re.DOTALL)
_USED: Final = frozenset("TY TI T1 CT BT ST TT AU A1 AB N2 JF JO T2 PY Y1 DA VL IS SP EP DO KW LA SN ER".split())


def sniff(head: Head) -> float:
    """0.95 where a line says ``TY  - …``."""
    return 0.95 if re.search(r"^[ \t\ufeff]{0,3}(?:TY|ty) {1,3}[-–—](?: |$)", head.text, re.MULTILINE) else 0.0


def _tag(line: str) -> tuple[str, str] | None:
    if line[2:6] == "  - " and line[:2].isalnum() and line[:2].isascii():
        return line[:2].upper(), line[6:]  # as nearly every line is
    found = _TAG.match(line)
    return (found[1], found[2]) if found else None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The references of a file: from TY to ER, or to the next TY where ER is missing."""
    found = references(reading, _tag, opens=frozenset(("TY",)), closes=frozenset(("ER",)), width=6)
    for number, (line, fields) in enumerate(found, 1):
        yield _entry(reading.where(line), number, fields)


def _entry(where: str, number: int, fields: Fields) -> Entry:
    entry = Entry(where, number, one_name_each=True, kind=kind_of(first(fields, "TY")))
    entry.titles = every(fields, "TI", "T1", "CT", "TT")
    container = first(fields, "JF", "JO", "T2", "JA", "J2")
    if not entry.titles:
        book = first(fields, "BT") or (
            first(fields, "T2") if container != first(fields, "T2") or entry.kind == "book" else None
        )
        entry.titles = [book] if book else []
    elif not container:
        container = first(fields, "BT")
    entry.abstracts = every(fields, "AB", "N2")
    entry.authors = every(fields, "AU", "A1")
    if not entry.authors:
        entry.authors = every(fields, "ED", "A2")
    entry.journal = container
    dates = every(fields, "PY", "Y1", "DA")
    if dates:
        entry.date = dates[0] if len(dates) == 1 else next((value for value in dates if year(value)), dates[0])
    entry.volume, entry.issue = first(fields, "VL"), first(fields, "IS", "CP")
    entry.pages = pages_of(first(fields, "SP"), first(fields, "EP"))
    entry.doi = first(fields, "DO") or next(
        (value for value in every(fields, "M3", "N1", "L3", "UR") if "10." in value and doi(value)), None
    )
    entry.keywords = every(fields, "KW")
    entry.lang = first(fields, "LA")
    if "SN" in fields:
        numbers = " ".join(fields["SN"])
        if issns(numbers):
            entry.identifiers["issn"] = ", ".join(issns(numbers))
        elif isbn(numbers):
            entry.identifiers["isbn"] = isbn(numbers) or ""
    for tag in sorted(fields.keys() - _USED):
        entry.keep(tag, "; ".join(value for value in fields[tag] if value))
    return entry
