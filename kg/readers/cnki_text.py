"""Labelled text: CNKI's E-Study and self-defined export (``Title-题名: …``), and what people copy from pages with labels.

In: lines such as ``Title-题名: …``, ``题名：…``, ``Abstract: …``. Out: entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.readers.columns import field_of, fill
from kg.readers.entry import Entry
from kg.readers.source import Problem
from kg.readers.tagged import Fields, first, references

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_TAG: Final = re.compile(
    r"[ \t\ufeff]{0,4}(DataType|[A-Z][A-Za-z]{1,20}-(?:[\u4e00-\u9fff]{1,8}|DOI))[ \t]*[:：][ \t]?(.*)", re.DOTALL
)
_LABEL: Final = re.compile(
    r"[ \t\ufeff\u3000]{0,4}[\[【]?([A-Za-z\u4e00-\u9fff][^\n:：\[\]【】。]{0,28}?)(?:[\]】][ \t]*[:：]?|[ \t]*[:：])[ \t]?(.*)",
    re.DOTALL,
)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_OWN: Final = re.compile(r"^[ \t\ufeff]{0,4}(?:Title-题名|SrcDatabase-来源库)[ \t]*[:：]", re.MULTILINE)


def sniff(head: Head) -> float:
    """0.95 where a line says ``Title-题名: …``, 0.7 where lines are labelled as title and as abstract or authors."""
    if _OWN.search(head.text):
        return 0.95
    if head.text.lstrip()[:1] in ("{", "[", "<", "@"):
        return 0.0
    labels = {field_of(found[1]) for line in head.lines[:400] if (found := _LABEL.match(line))}
    return 0.7 if "title" in labels and labels & {"abstract", "authors"} else 0.0


def _tag(line: str) -> tuple[str, str] | None:
    found = _TAG.match(line)
    return (found[1], found[2]) if found else None


def _label(line: str) -> tuple[str, str] | None:
    found = _LABEL.match(line)
    return (found[1].strip(), found[2]) if found and field_of(found[1]) else None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The references of a file; what the first begins with begins each."""
    for number, (line, fields) in enumerate(references(reading, _tag if _OWN.search(reading.head.text) else _label), 1):
        yield _entry(Entry(reading.where(line), number), fields)


def _entry(entry: Entry, fields: Fields) -> Entry:
    values: dict[str, str] = {}
    for tag, found in fields.items():
        name = field_of(tag)
        value = _BREAK.sub("\n", "; ".join(found) if name == "authors" else " ".join(found)).strip()
        if name in (None, "url"):
            entry.keep(tag, value)
        elif name is not None and (name not in values or not values[name]):
            values[name] = value
    fill(entry, values)
    pages = first(fields, "Page-页码")
    if pages:
        entry.pages = pages
    elif entry.pages and first(fields, "PageCount-页数") == entry.pages:
        entry.pages = None
    return entry
