"""OpenAlex works. In: answers of its API, lines of its snapshot. Out: entries; inverted abstracts are put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypedDict

from kg.readers.entry import Entry, kind_of, pages_of
from kg.readers.objects import Decode, objects
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_MARK: Final = re.compile(
    r'"abstract_inverted_index"\s*:|"id"\s*:\s*"https?://(?:api\.)?openalex\.org/(?:works/)?W\d+"'
)


def sniff(head: Head) -> float:
    """0.95 for JSON with an inverted abstract or the id of an OpenAlex work."""
    return 0.95 if head.text.lstrip()[:1] in ("{", "[") and _MARK.search(head.text) else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a work."""
    number = 0
    for found in objects(reading, _decoder()):
        if isinstance(found, Problem):
            yield found
            continue
        line, work = found
        number += 1
        yield _entry(reading.where(line), number, work)


class _Author(TypedDict, total=False):
    display_name: Any
    orcid: Any


class _Authorship(TypedDict, total=False):
    author: _Author | None
    raw_author_name: Any


class _Venue(TypedDict, total=False):
    display_name: Any
    issn: Any


class _Location(TypedDict, total=False):
    source: _Venue | None
    raw_source_name: Any


class _Work(TypedDict, total=False):
    """What is read of a work; the nine tenths of it that are not here are passed over and never become objects."""

    id: Any
    doi: Any
    title: Any
    display_name: Any
    abstract: Any
    abstract_inverted_index: Any
    authorships: list[_Authorship] | None
    biblio: Any
    cited_by_count: Any
    host_venue: _Venue | None
    ids: Any
    keywords: Any
    language: Any
    primary_location: _Location | None
    publication_date: Any
    publication_year: Any
    type: Any


@lru_cache(maxsize=1)
def _decoder() -> Decode:
    """A parser that makes only what `_Work` names; it refuses works of another shape, which are then parsed whole."""
    import msgspec

    return msgspec.json.Decoder(_Work).decode


def inverted(index: dict[str, list[int]] | None) -> str | None:
    """The abstract whose words stand at these positions; gaps close up.

    >>> inverted({"the": [0, 3], "ally": [1, 4], "leaves": [2]})
    'the ally leaves the ally'
    """
    if not isinstance(index, dict) or not index:
        return None
    try:
        words = [""] * sum(map(len, index.values()))
        for word, ats in index.items():
            if len(ats) == 1:
                words[ats[0]] = word
            else:
                for at in ats:
                    words[at] = word
        if "" not in words:
            return " ".join(words)
    except (TypeError, IndexError):  # gaps, or positions that are none
        pass
    placed = [(at, word) for word, ats in index.items() if isinstance(ats, list) for at in ats if type(at) is int]
    return " ".join([word for _, word in sorted(placed)]) or None


def _entry(where: str, number: int, work: dict[str, Any]) -> Entry:
    entry = Entry(where, number, one_name_each=True)
    title = work.get("title") or work.get("display_name")
    if title:
        entry.titles = [str(title)]
    abstract = inverted(work.get("abstract_inverted_index")) or work.get("abstract")
    if abstract:
        entry.abstracts = [str(abstract)]
    identifiers = entry.identifiers
    names: list[str] = []
    for authorship in work.get("authorships") or ():
        if not isinstance(authorship, dict):
            continue
        author = authorship.get("author") or {}
        name = author.get("display_name") or authorship.get("raw_author_name")
        if name:
            names.append(str(name))
            if author.get("orcid"):
                identifiers[f"orcid:{name}"] = str(author["orcid"]).rpartition("/")[2]
    entry.authors = names
    location = work.get("primary_location")
    source = (location.get("source") if isinstance(location, dict) else None) or work.get("host_venue") or {}
    if isinstance(source, dict) and source:
        entry.journal = source.get("display_name")
        issns = source.get("issn")
        if isinstance(issns, list) and issns:
            identifiers["issn"] = ", ".join(map(str, issns))
    if not entry.journal and isinstance(location, dict):
        entry.journal = location.get("raw_source_name")
    entry.date = work.get("publication_year") or work.get("publication_date")
    biblio = work.get("biblio")
    if isinstance(biblio, dict):
        entry.volume, entry.issue = biblio.get("volume"), biblio.get("issue")
        first, last = biblio.get("first_page"), biblio.get("last_page")
        if first or last:
            entry.pages = pages_of(str(first or ""), str(last or ""))
    entry.doi = work.get("doi") or (work.get("ids") or {}).get("doi")
    for word in work.get("keywords") or ():
        name = (word.get("display_name") or word.get("keyword")) if isinstance(word, dict) else word
        if name:
            entry.keywords.append(str(name))
    count = work.get("cited_by_count")
    if isinstance(count, int) and not isinstance(count, bool):
        entry.cited_by = count
    kind = work.get("type")
    if kind and kind != "article":
        entry.kind = kind_of(str(kind))
    entry.lang = work.get("language")
    if work.get("id"):
        identifiers["openalex"] = str(work["id"]).rpartition("/")[2]
    pmid = (work.get("ids") or {}).get("pmid")
    if pmid:
        identifiers["pmid"] = str(pmid).rpartition("/")[2]
    return entry
