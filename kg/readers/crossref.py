"""Crossref works. In: answers of its API, lines of its dumps. Out: entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kg.readers.entry import Entry, kind_of, pages_of, whole_number
from kg.readers.objects import objects
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_MARK: Final = re.compile(
    r'"message-type"\s*:\s*"work|"(?:is-referenced-by-count|reference-count|references-count|deposited|indexed)"\s*:'
)


def sniff(head: Head) -> float:
    """0.9 for JSON with a DOI and one of the keys that only Crossref has."""
    is_json = head.text.lstrip()[:1] in ("{", "[")
    return 0.9 if is_json and _MARK.search(head.text) and '"DOI"' in head.text else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a work."""
    number = 0
    for found in objects(reading):
        if isinstance(found, Problem):
            yield found
            continue
        line, work = found
        number += 1
        yield entry_of(reading.where(line), number, work)


def name_of(person: Any) -> str | None:
    """A name from its parts: 'von der Berg, Ada'; characters that are Chinese are joined later.

    >>> name_of({"family": "Berg", "given": "Ada", "non-dropping-particle": "von der"})
    'von der Berg, Ada'
    """
    if isinstance(person, str):
        return person
    if not isinstance(person, dict):
        return None
    whole = person.get("literal") or person.get("name")
    family, given = str(person.get("family") or "").strip(), str(person.get("given") or "").strip()
    particle = " ".join(str(person.get(part) or "") for part in ("dropping-particle", "non-dropping-particle")).strip()
    if family and particle and not family.startswith(particle):
        family = f"{particle} {family}"
    if family and given:
        suffix = str(person.get("suffix") or "").strip()
        return f"{family}, {given}" + (f", {suffix}" if suffix else "")
    return family or given or (str(whole) if whole else None)


def date_of(dates: Any) -> str | int | None:
    """The first year of a CSL date: its parts, else what is written as text."""
    if isinstance(dates, (str, int)):
        return dates
    if not isinstance(dates, dict):
        return None
    for parts in dates.get("date-parts") or ():
        if isinstance(parts, list) and parts and parts[0]:
            return str(parts[0])
        if isinstance(parts, (int, str)) and parts:
            return str(parts)
    return next((str(dates[name]) for name in ("raw", "literal", "date-time") if dates.get(name)), None)


def _first(value: Any) -> str | None:
    if isinstance(value, list):
        return next((str(item) for item in value if item), None)
    return str(value) if value else None


def entry_of(where: str, number: int, work: dict[str, Any]) -> Entry:
    """The entry of one Crossref object."""
    entry = Entry(where, number, one_name_each=True, kind=kind_of(_first(work.get("type"))))
    title, subtitle = _first(work.get("title")), _first(work.get("subtitle"))
    if title:
        has_both = subtitle and subtitle.lower() not in title.lower()
        entry.titles = [f"{title}: {subtitle}" if has_both else title]
    original = _first(work.get("original-title"))
    if original:
        entry.titles.append(original)
    abstract = _first(work.get("abstract"))
    entry.abstracts = [abstract] if abstract else []
    people = work.get("author") or work.get("editor") or ()
    for person in people if isinstance(people, list) else ():
        name = name_of(person)
        if name:
            entry.authors.append(name)
            if isinstance(person, dict) and person.get("ORCID"):
                entry.identifiers[f"orcid:{name}"] = str(person["ORCID"]).rpartition("/")[2]
    entry.journal = _first(work.get("container-title"))
    for name in ("published-print", "issued", "published", "published-online", "created"):
        entry.date = date_of(work.get(name))
        if entry.date:
            break
    entry.volume, entry.issue = _first(work.get("volume")), _first(work.get("issue"))
    entry.pages = pages_of(_first(work.get("page")) or _first(work.get("article-number")))
    entry.doi = _first(work.get("DOI"))
    entry.keywords = [str(word) for word in work.get("subject") or () if word]
    entry.cited_by = whole_number(work.get("is-referenced-by-count"))
    entry.lang = _first(work.get("language"))
    issns = work.get("ISSN")
    if isinstance(issns, list) and issns:
        entry.identifiers["issn"] = ", ".join(map(str, issns))
    isbn = _first(work.get("ISBN"))
    if isbn:
        entry.identifiers["isbn"] = isbn.rpartition("/")[2]
    return entry
