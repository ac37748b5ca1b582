"""EndNote XML. In: an export of EndNote, also those of PubMed tools and Mendeley in its form. Out: entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element

from kg.identity import doi, isbn, issns
from kg.readers.entry import Entry, kind_of, pages_of
from kg.readers.source import Problem
from kg.readers.xml_records import find, find_all, records

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_START: Final = re.compile(r"<record[\s>]")


def sniff(head: Head) -> float:
    """0.95 for ``<record>`` with EndNote's own elements."""
    if "<record" not in head.text:
        return 0.0
    return (
        0.95
        if re.search(r"<(?:ref-type|source-app|contributors|secondary-title|electronic-resource-num)[\s>]", head.text)
        else 0.0
    )


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a record."""
    number = 0
    for found in records(reading, lambda name, _: name == "record", _START):
        if isinstance(found, Problem):
            yield found
            continue
        number += 1
        yield _entry(reading.where(found.line), number, found.element)


def _entry(where: str, number: int, record: Element) -> Entry:
    entry = Entry(where, number, one_name_each=True)
    kind = record.find("ref-type")
    entry.kind = kind_of(kind.get("name") if kind is not None else None)
    entry.titles = find_all(record, "titles/title") + find_all(record, "titles/translated-title") or find_all(
        record, "title"
    )
    entry.abstracts = find_all(record, "abstract")
    entry.authors = find_all(record, "contributors/authors/author") or find_all(
        record, "contributors/secondary-authors/author"
    )
    entry.journal = (
        find(record, "periodical/full-title")
        or find(record, "titles/secondary-title")
        or find(record, "periodical/abbr-1")
    )
    entry.date = find(record, "dates/year") or find(record, "dates/pub-dates/date") or find(record, "year")
    entry.volume, entry.issue, entry.pages = (
        find(record, "volume"),
        find(record, "number"),
        pages_of(find(record, "pages")),
    )
    number_doi = find(record, "electronic-resource-num")
    entry.doi = number_doi or next((url for url in find_all(record, "urls//url") if "10." in url and doi(url)), None)
    entry.keywords = find_all(record, "keywords/keyword")
    entry.lang = find(record, "language")
    numbers = find(record, "isbn") or ""
    if issns(numbers):
        entry.identifiers["issn"] = ", ".join(issns(numbers))
    elif isbn(numbers):
        entry.identifiers["isbn"] = isbn(numbers) or ""
    accession = find(record, "accession-num") or ""
    if accession.startswith("WOS:"):
        entry.identifiers["wos"] = accession[4:]
    for name in (
        "notes",
        "research-notes",
        "auth-address",
        "label",
        "custom1",
        "custom2",
        "remote-database-name",
        "publisher",
    ):
        entry.keep(name, find(record, name))
    entry.keep("url", "; ".join(find_all(record, "urls//url")))
    return entry
