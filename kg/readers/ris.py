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

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_TAG: Final = re.compile(r"[ \t\ufeff]{0,3}([A-Z][A-Z0-9])[ \t\xa0]{1,3}[-–—](?:[ \t\xa0]|\Z)(.*)", re.DOTALL)
_HAN_EDGE: Final = re.compile(r"[\u3000-\u9fff\uff00-\uffef]\Z")
_USED: Final = frozenset(
    "TY TI T1 CT BT ST TT AU A1 AB N2 JF JO T2 PY Y1 DA VL IS SP EP DO KW LA SN ER".split()
)


def sniff(head: Head) -> float:
    """0.95 where a line says ``TY  - …``."""
    return 0.95 if re.search(r"^[ \t\ufeff]{0,3}TY {1,3}[-–—](?: |$)", head.text, re.MULTILINE) else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The references of a file: from TY to ER, or to the next TY where ER is missing."""
    fields: dict[str, list[str]] | None = None
    first = number = 0
    tag = ""
    for line_number, line in enumerate(reading.lines(), 1):
        found = _TAG.match(line)
        if found:
            tag, value = found.groups()
            if tag == "ER":
                if fields is not None:
                    number += 1
                    yield _entry(reading.where(first), number, fields)
                fields = None
                continue
            if tag == "TY" or fields is None:
                if fields is not None and "TY" in fields:
                    number += 1
                    yield _entry(reading.where(first), number, fields)
                    fields = None
                if fields is None:
                    fields, first = {}, line_number
            fields.setdefault(tag, []).append(value.strip())
        elif fields is not None and line.strip():
            _continue(fields, tag, line)
    if fields:
        number += 1
        yield _entry(reading.where(first), number, fields)


def _continue(fields: dict[str, list[str]], tag: str, line: str) -> None:
    """Join a wrapped line to its field, with one blank, or none between Chinese characters."""
    if tag not in fields:
        return
    before, more = fields[tag][-1], line.strip()
    blank = "" if not before or (_HAN_EDGE.search(before) and _HAN_EDGE.search(more[:1])) else " "
    fields[tag][-1] = f"{before}{blank}{more}"


def _first(fields: dict[str, list[str]], *tags: str) -> str | None:
    return next((value for tag in tags for value in fields.get(tag, ()) if value), None)


def _entry(where: str, number: int, fields: dict[str, list[str]]) -> Entry:
    entry = Entry(where, number, one_name_each=True, kind=kind_of(_first(fields, "TY")))
    entry.titles = [value for tag in ("TI", "T1", "CT", "TT") for value in fields.get(tag, ()) if value]
    container = _first(fields, "JF", "JO", "T2", "JA", "J2")
    if not entry.titles:
        book = _first(fields, "BT") or (_first(fields, "T2") if container != _first(fields, "T2") or entry.kind == "book" else None)
        entry.titles = [book] if book else []
    elif not container:
        container = _first(fields, "BT")
    entry.abstracts = _abstracts(fields)
    entry.authors = [value for tag in ("AU", "A1") for value in fields.get(tag, ())]
    if not entry.authors:
        entry.authors = [value for tag in ("ED", "A2") for value in fields.get(tag, ())]
    entry.journal = container
    dates = [value for tag in ("PY", "Y1", "DA") for value in fields.get(tag, ()) if value]
    entry.date = next((value for value in dates if year(value)), dates[0] if dates else None)
    entry.volume, entry.issue = _first(fields, "VL"), _first(fields, "IS", "CP")
    entry.pages = pages_of(_first(fields, "SP"), _first(fields, "EP"))
    entry.doi = _first(fields, "DO") or next(
        (value for tag in ("M3", "N1", "L3", "UR", "ID") for value in fields.get(tag, ()) if "10." in value and doi(value)), None
    )
    entry.keywords = [value for value in fields.get("KW", ()) if value]
    entry.lang = _first(fields, "LA")
    numbers = " ".join(fields.get("SN", ()))
    if issns(numbers):
        entry.identifiers["issn"] = ", ".join(issns(numbers))
    elif isbn(numbers):
        entry.identifiers["isbn"] = isbn(numbers) or ""
    for tag, values in fields.items():
        if tag not in _USED:
            entry.keep(tag, "; ".join(value for value in values if value))
    return entry


def _abstracts(fields: dict[str, list[str]]) -> list[str]:
    """AB before N2. Several values of one tag are paragraphs of one abstract where each begins anew without a label."""
    found = [value for value in fields.get("AB", ()) if value]
    if found:
        return found + [value for value in fields.get("N2", ()) if value]
    return [value for value in fields.get("N2", ()) if value]
