"""JSON and JSON Lines of works: our own exchange form, and any objects with titles and abstracts. In: JSON. Out: entries.

Texts of JSON are plain to the letter: tags and entities in them are words like others. Only labels (``[内容提要]``) go.
Tags of tagged works are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kg.model import Text
from kg.readers.columns import fill, guess, stated_lang, stated_texts
from kg.readers.entry import Entry
from kg.readers.objects import objects
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_KEYS: Final = re.compile(r'"(?:title|abstract|题名|标题|篇名|摘要|summary)"\s*:')
_TAGS: Final = frozenset(
    "states alliances groups concepts focus focus_evidence periods statements optional source records aliases".split()
)


def sniff(head: Head) -> float:
    """0.5 for JSON with a title or an abstract: the readers of known programs come first."""
    return 0.5 if head.text.lstrip()[:1] in ("{", "[") and _KEYS.search(head.text) else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry an object."""
    number = 0
    positions: dict[tuple[str, ...], dict[str, int]] = {}
    for found in objects(reading):
        if isinstance(found, Problem):
            yield found
            continue
        line, plain = found
        number += 1
        yield _entry(Entry(reading.where(line), number, markup="none"), plain, positions)


def _entry(entry: Entry, plain: dict[str, Any], positions: dict[tuple[str, ...], dict[str, int]]) -> Entry:
    keys = tuple(plain)
    columns = positions.get(keys)
    if columns is None:
        columns = guess(keys)
        if len(positions) < 1000:
            positions[keys] = columns
    fill(entry, {field: plain[keys[at]] for field, at in columns.items()})
    lang = stated_lang(plain.get("lang"))
    if entry.titles or entry.abstracts:
        stated = "titles" if len(entry.titles) > 1 or len(entry.abstracts) > 1 else ""
        if not stated:
            title = entry.titles[0] if entry.titles else None
            abstract = entry.abstracts[0] if entry.abstracts else None
            entry.texts.append(Text(lang, title, abstract))
            entry.titles, entry.abstracts = [], []
    entry.texts.extend(stated_texts(plain.get("texts")))
    if isinstance(plain.get("identifiers"), dict):
        entry.identifiers.update({str(name): str(value) for name, value in plain["identifiers"].items() if value})
    if isinstance(plain.get("raw"), dict):
        for name, value in plain["raw"].items():
            entry.keep(str(name), value)
    used = {keys[at] for at in columns.values()} | _TAGS | {"texts", "raw", "identifiers", "lang", "kind"}
    for name, value in plain.items():
        if name not in used and isinstance(value, (str, int, float)) and not isinstance(value, bool):
            entry.keep(name, value)
    return entry
