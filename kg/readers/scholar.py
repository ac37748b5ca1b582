"""Results copied from pages of scholarly search engines in English. In: plain text. Out: entries.

A result is a title, a line ``J Doe, R Roe - International Security, 2021 - example.org``, some lines of text, and a last line
``Save Cite Cited by 33 Related articles``. What stands between is a snippet: it is kept as the abstract only where it is
whole, else in `raw`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.readers.entry import Entry, whole_number
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_BYLINE: Final = re.compile(
    r"(?P<authors>[^-–—]{2,200}?)\s+[-–—]\s+(?:(?P<journal>[^-–—]*?),?\s*)?(?P<year>(?:1[89]|20)\d\d)(?:\s+[-–—]\s+(?P<site>\S.{1,60}))?\s*\Z"
)
_FOOT: Final = re.compile(
    r"(?:\ASave\s+Cite\b|\bCited by (?P<count>\d+)|\bRelated articles\b|被引用次数[:：]\s*(?P<zh>\d+)|\A收藏\s+引用)"
)
_KIND: Final = re.compile(r"\A\s*\[(PDF|HTML|BOOK|CITATION|B|C|图书|引用)\]\s*(?:\[\1\]\s*)?")


def sniff(head: Head) -> float:
    """0.75 where a line of authors, journal and year is followed by one of 'Cited by'."""
    has_byline = any(_BYLINE.match(line.strip()) for line in head.lines if len(line) < 400)
    return 0.75 if has_byline and any(_FOOT.search(line) for line in head.lines) else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a result."""
    block: list[str] = []
    first = number = 0
    for line_number, line in enumerate(reading.lines(), 1):
        if not line.strip():
            continue
        if not block:
            first = line_number
        block.append(line.strip())
        if _FOOT.search(line):
            entry = _entry(reading.where(first), number + 1, block)
            if entry is not None:
                number += 1
                yield entry
            block = []
    entry = _entry(reading.where(first), number + 1, block) if block else None
    if entry is not None:
        yield entry


def _entry(where: str, number: int, block: list[str]) -> Entry | None:
    at = next((i for i, line in enumerate(block) if i and len(line) < 400 and _BYLINE.match(line)), None)
    if at is None:
        return None
    entry = Entry(where, number)
    byline = _BYLINE.match(block[at])
    title = _KIND.sub("", block[at - 1]) or (block[at - 2] if at > 1 else "")
    entry.titles = [title]
    if byline:
        entry.authors = [name for name in re.split(r",\s*", byline["authors"].replace("…", "")) if name.strip()]
        entry.one_name_each = True
        journal = (byline["journal"] or "").strip(" ,")
        entry.journal = None if journal.endswith("…") else journal or None
        if journal.endswith("…"):
            entry.keep("journal", journal)
        entry.date = byline["year"]
    foot = _FOOT.search(block[-1])
    text = " ".join(block[at + 1 : -1 if foot else None])
    if foot:
        counted = re.search(r"(?:Cited by |被引用次数[:：]\s*)(\d+)", block[-1])
        entry.cited_by = whole_number(counted[1]) if counted else None
    if text and "…" not in text and len(text) > 200:
        entry.abstracts = [text]
    elif text:
        entry.keep("snippet", text)
    return entry
