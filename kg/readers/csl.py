"""CSL-JSON. In: an export of Zotero, Mendeley or pandoc. Out: entries; Zotero's item keys are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kg.readers.crossref import date_of, name_of
from kg.readers.entry import Entry, kind_of, pages_of
from kg.readers.objects import objects
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_MARK: Final = re.compile(
    r'"issued"\s*:\s*[{"]|"container-title"\s*:\s*"|"(?:family|literal)"\s*:\s*"|"type"\s*:\s*"(?:article-journal|paper-conference|article-magazine)"'
)
ZOTERO_ITEM: Final = re.compile(r"https?://(?:www\.)?zotero\.org/((?:users|groups)/(?:local/)?\w+)/items/(\w+)")
_USED: Final = frozenset(
    "id type title title-short abstract author editor issued container-title volume issue page DOI keyword language ISSN ISBN PMID PMCID citation-key note".split()
)


def sniff(head: Head) -> float:
    """0.85 for JSON with dates, names or types in the form of CSL."""
    is_json = head.text.lstrip()[:1] in ("{", "[")
    return 0.85 if is_json and _MARK.search(head.text) and '"title"' in head.text else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry an item."""
    number = 0
    for found in objects(reading):
        if isinstance(found, Problem):
            yield found
            continue
        line, item = found
        number += 1
        yield _entry(reading.where(line), number, item)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((item for item in value if item), None)
    return str(value) if value not in (None, "", {}) else None


def _entry(where: str, number: int, item: dict[str, Any]) -> Entry:
    entry = Entry(where, number, one_name_each=True, kind=kind_of(_text(item.get("type"))))
    own = _text(item.get("id"))
    found = ZOTERO_ITEM.match(own) if own else None
    if found:
        library = "library" if found[1].startswith("users") else found[1]
        entry.identifiers["zotero"] = f"{library}/items/{found[2]}"
    elif own and not own.isdigit():
        entry.id = own
    entry.titles = [text for name in ("title",) if (text := _text(item.get(name)))]
    entry.abstracts = [text for name in ("abstract",) if (text := _text(item.get(name)))]
    people = item.get("author") or item.get("editor") or ()
    entry.authors = [name for person in (people if isinstance(people, list) else [people]) if (name := name_of(person))]
    entry.journal = _text(item.get("container-title"))
    entry.date = date_of(item.get("issued"))
    entry.volume, entry.issue, entry.pages = (
        _text(item.get("volume")),
        _text(item.get("issue")),
        pages_of(_text(item.get("page"))),
    )
    entry.doi = _text(item.get("DOI"))
    words = item.get("keyword")
    entry.keywords = [str(word) for word in words if word] if isinstance(words, list) else [words] if words else []
    entry.lang = _text(item.get("language"))
    for scheme, name in (("issn", "ISSN"), ("isbn", "ISBN"), ("pmid", "PMID"), ("pmcid", "PMCID")):
        value = _text(item.get(name))
        if value:
            entry.identifiers[scheme] = value
    for name, value in item.items():
        if name not in _USED and type(value) in (str, int):
            entry.keep(name, value)
    if item.get("note"):
        entry.keep("note", item["note"])
    return entry
