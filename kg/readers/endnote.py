"""EndNote's tagged text (Refer). In: an .enw or .txt file, also CNKI's with several ``%A`` in one line. Out: entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.identity import doi, isbn, issns
from kg.readers.entry import Entry, kind_of
from kg.readers.source import Problem
from kg.readers.tagged import Fields, every, first, references

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_TAG: Final = re.compile(r"[ \t\ufeff]{0,2}%([0-9A-Za-z@+!&*()~^<>$#?=|\[\]:;,.\-])(?:[ \t]+(.*)|\Z)", re.DOTALL)
_SAME_LINE: Final = re.compile(r"%A[ \t]+")
_USED: Final = frozenset("0ATQBJSDVNPXKR@GE!")


def sniff(head: Head) -> float:
    """0.9 where lines say ``%0 Journal Article`` or ``%T`` and ``%A``."""
    if re.search(r"^[ \t\ufeff]{0,2}%0[ \t]+\S", head.text, re.MULTILINE):
        return 0.9
    return 0.7 if all(re.search(rf"^%{tag}[ \t]+\S", head.text, re.MULTILINE) for tag in "TA") else 0.0


def _tag(line: str) -> tuple[str, str] | None:
    found = _TAG.match(line)
    return (found[1], found[2] or "") if found else None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The references of a file: each from its %0 on, or after an empty line where there is none."""
    has_type = any(line.lstrip().startswith("%0") for line in reading.head.lines)
    opens = frozenset(("0",)) if has_type else frozenset()
    for number, (line, fields) in enumerate(
        references(reading, _tag, opens=opens, blank_closes=not has_type, one_a_line=frozenset("AK")), 1
    ):
        yield _entry(reading.where(line), number, fields)


def _entry(where: str, number: int, fields: Fields) -> Entry:
    entry = Entry(where, number, kind=kind_of(first(fields, "0")), one_name_each=True)
    entry.titles = every(fields, "T", "Q")
    entry.abstracts = every(fields, "X")
    entry.authors = [name for value in every(fields, "A") or every(fields, "E") for name in _SAME_LINE.split(value)]
    entry.journal = first(fields, "J", "B", "S")
    entry.date = first(fields, "D", "8")
    entry.volume, entry.issue, entry.pages = first(fields, "V"), first(fields, "N"), first(fields, "P")
    entry.doi = first(fields, "R") or next((v for v in every(fields, "U", "M") if "10." in v and doi(v)), None)
    entry.keywords = every(fields, "K")
    entry.lang = first(fields, "G")
    numbers = " ".join(fields.get("@", ()))
    if issns(numbers):
        entry.identifiers["issn"] = ", ".join(issns(numbers))
    elif isbn(numbers):
        entry.identifiers["isbn"] = isbn(numbers) or ""
    for tag, values in fields.items():
        if tag not in _USED:
            entry.keep(f"%{tag}", "; ".join(value for value in values if value))
    return entry
