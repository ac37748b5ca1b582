"""Zotero RDF. In: an export of Zotero as RDF. Out: entries.

Read as XML, not as RDF: an RDF library was still busy with a bomb of one kilobyte after a minute, and the order of
authors is plain here. Journals stand beside their articles, often after them; an item waits until its journal is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree.ElementTree import Element

from kg.errors import SourceError
from kg.identity import doi, isbn, issns
from kg.readers.csl import ZOTERO_ITEM
from kg.readers.entry import Entry, kind_of, pages_of
from kg.readers.source import Problem
from kg.readers.xml_records import find, find_all, records, text_of

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_START: Final = re.compile(
    r"<(?:bib:(?:Article|Book|BookSection|Thesis|Report|Document|Journal|Periodical|Series|Memo|ConferenceProceedings|Manuscript|Letter|Legislation|Newspaper"
    r"|Magazine)|rdf:Description|z:\w+)[\s>]"
)
_CONTAINERS: Final = frozenset(
    "Journal Periodical Series Newspaper Magazine Issue Website Conference CourtReporter Code DataCatalog".split()
)
_SKIPPED: Final = frozenset("attachment note annotation".split())


def sniff(head: Head) -> float:
    """0.95 for RDF/XML with Zotero's or the biblio vocabulary."""
    return (
        0.95
        if "<rdf:RDF" in head.text and re.search(r"zotero\.org/namespaces|purl\.org/net/biblio", head.text)
        else 0.0
    )


class _Collection(NamedTuple):
    title: str
    parts: tuple[str, ...]


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry an item; attachments and notes are none."""
    journals: dict[str, Element] = {}
    waiting: list[tuple[int, int, Element, str]] = []
    held: list[tuple[Entry, str]] = []
    collections: dict[str, _Collection] = {}
    number = 0
    for found in records(reading, lambda _, depth: depth == 1, _START):
        if isinstance(found, Problem):
            yield found
            continue
        line, element = found
        about = element.get("about", "")
        if element.tag == "Collection":
            parts = tuple(part.get("resource", "") for part in element.iterfind("hasPart"))
            collections[about] = _Collection(find(element, "title") or "", parts)
            continue
        if element.tag in _CONTAINERS:
            journals[about] = element
            for ready in [item for item in waiting if item[3] == about]:
                waiting.remove(ready)
                entry = _entry(reading.where(ready[1]), ready[0], ready[2], element)
                yield from _or_hold(reading, held, entry, ready[2])
            continue
        kind = find(element, "itemType")
        if (
            element.tag in ("Attachment", "Memo", "UserItem", "Annotation")
            or kind in _SKIPPED
            or (kind is None and not find(element, "title"))
        ):
            continue
        number += 1
        part_of = element.find("isPartOf")
        reference = part_of.get("resource", "") if part_of is not None else ""
        if reference and reference not in journals:
            waiting.append((number, line, element, reference))
            continue
        inner = part_of[0] if part_of is not None and len(part_of) else journals.get(reference)
        yield from _or_hold(reading, held, _entry(reading.where(line), number, element, inner), element)
    for item_number, line, element, _ in waiting:
        yield from _or_hold(reading, held, _entry(reading.where(line), item_number, element, None), element)
    if reading.collection is not None:
        wanted = _members(collections, reading.collection)
        yield from (entry for entry, about in held if about in wanted)


def _or_hold(reading: Reading, held: list[tuple[Entry, str]], entry: Entry, element: Element) -> Iterator[Entry]:
    """The entry at once, or kept back where only one collection is wanted (which is known at the end)."""
    if reading.collection is None:
        yield entry
    else:
        held.append((entry, element.get("about", "")))


def _members(collections: dict[str, _Collection], wanted: str) -> set[str]:
    """The items of a collection and of those in it."""
    todo = [about for about, collection in collections.items() if collection.title.casefold() == wanted.casefold()]
    if not todo:
        names = ", ".join(sorted(collection.title for collection in collections.values())) or "none"
        raise SourceError(f"--collection: there is no collection '{wanted}'. Collections are: {names}")
    found: set[str] = set()
    while todo:
        for part in collections[todo.pop()].parts:
            if part in collections and part not in found:
                todo.append(part)
            found.add(part)
    return found


def _people(element: Element, role: str) -> list[str]:
    names: list[str] = []
    for person in element.iterfind(f"{role}/Seq/li/Person"):
        surname = find(person, "surname")
        given = find(person, "givenName") or find(person, "givenname")
        name = f"{surname}, {given}" if surname and given else surname or given or find(person, "name")
        if name:
            names.append(name)
    return names


def _entry(where: str, number: int, item: Element, container: Element | None) -> Entry:
    kind = find(item, "itemType")
    entry = Entry(where, number, one_name_each=True, kind=kind_of(kind or item.tag))
    entry.titles = find_all(item, "title")[:1]
    entry.abstracts = find_all(item, "abstract")[:1]
    entry.authors = _people(item, "authors") or _people(item, "editors") or find_all(item, "creator")
    entry.date = find(item, "date") or find(item, "issued")
    sources = [item] if container is None else [item, container]
    for element in sources:
        entry.volume = entry.volume or find(element, "volume")
        entry.issue = entry.issue or find(element, "number")
        for identifier in element.iterfind("identifier"):
            _identify(entry, text_of(identifier) or "")
    entry.journal = find(container, "title") if container is not None else find(item, "publicationTitle")
    entry.pages = pages_of(find(item, "pages"))
    entry.keywords = [word for subject in item.iterfind("subject") if (word := text_of(subject))]
    entry.lang = find(item, "language")
    found = ZOTERO_ITEM.match(item.get("about", ""))
    if found:
        entry.identifiers["zotero"] = f"{'library' if found[1].startswith('users') else found[1]}/items/{found[2]}"
    about = item.get("about", "")
    if not entry.doi and "doi.org/" in about:
        entry.doi = about
    entry.keep("citationKey", find(item, "citationKey"))
    entry.keep("description", find(item, "description"))
    return entry


def _identify(entry: Entry, text: str) -> None:
    """An identifier: 'DOI 10.…', 'ISSN 1234-5678', 'ISBN …', or an address."""
    scheme, _, value = text.strip().partition(" ")
    if not entry.doi and doi(text):
        entry.doi = doi(text)
    elif scheme == "ISSN" and issns(value):
        entry.identifiers["issn"] = ", ".join(issns(value))
    elif scheme == "ISBN" and isbn(value):
        entry.identifiers["isbn"] = isbn(value) or ""
    elif text.startswith("http"):
        entry.keep("url", text.strip())
