"""Web of Science plain text (field tagged). In: a savedrecs.txt. Out: entries. Its tab-delimited form is a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.identity import issns
from kg.readers.entry import Entry, kind_of, pages_of, whole_number
from kg.readers.source import Problem
from kg.readers.tagged import Fields, every, first, references

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_TAG: Final = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?: (.*)|\Z)", re.DOTALL)
_USED: Final = frozenset(
    "FN VR EF PT AU AF BA BF TI SO AB DE ID PY PD VL IS BP EP AR DI UT TC Z9 LA DT SN EI BN PM CR JI J9 PG".split()
)


def sniff(head: Head) -> float:
    """0.97 where the file names itself (``FN Clarivate …``) or a record begins with PT and has AU, TI or SO."""
    if re.search(r"^\ufeff?FN (?:Clarivate|Thomson|ISI)", head.text, re.MULTILINE):
        return 0.97
    begins = re.search(r"^PT [JBSP]\s*$", head.text, re.MULTILINE)
    return 0.9 if begins and re.search(r"^(?:TI|SO) \S", head.text, re.MULTILINE) else 0.0


def _tag(line: str) -> tuple[str, str] | None:
    found = _TAG.match(line)
    return (found[1], found[2] or "") if found else None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The records of a file, each from PT to ER."""
    found = references(
        reading,
        _tag,
        opens=frozenset(("PT",)),
        closes=frozenset(("ER", "EF")),
        one_a_line=frozenset(("AU", "AF", "BA", "BF", "CR")),
    )
    number = 0
    for line, fields in found:
        if fields.keys() <= {"FN", "VR"}:
            continue
        number += 1
        yield _entry(reading.where(line), number, fields)


def _entry(where: str, number: int, fields: Fields) -> Entry:
    entry = Entry(where, number, one_name_each=True)
    entry.kind = kind_of({"B": "book", "S": "book"}.get(first(fields, "PT") or "", first(fields, "DT")))
    entry.titles = every(fields, "TI")
    entry.abstracts = every(fields, "AB")
    entry.authors = every(fields, "AF") or every(fields, "AU") or every(fields, "BF", "BA")
    entry.journal = first(fields, "SO")
    entry.date = first(fields, "PY", "PD")
    entry.volume, entry.issue = first(fields, "VL"), first(fields, "IS")
    entry.pages = pages_of(first(fields, "BP"), first(fields, "EP")) or first(fields, "AR")
    entry.doi = first(fields, "DI")
    entry.keywords = every(fields, "DE", "ID")
    entry.cited_by = whole_number(first(fields, "TC", "Z9"))
    entry.lang = first(fields, "LA")
    if first(fields, "UT"):
        entry.identifiers["wos"] = (first(fields, "UT") or "").removeprefix("WOS:")
    if first(fields, "PM"):
        entry.identifiers["pmid"] = first(fields, "PM") or ""
    numbers = issns(" ".join(every(fields, "SN", "EI")))
    if numbers:
        entry.identifiers["issn"] = ", ".join(numbers)
    for tag, values in fields.items():
        if tag not in _USED:
            entry.keep(tag, "; ".join(value for value in values if value))
    return entry
