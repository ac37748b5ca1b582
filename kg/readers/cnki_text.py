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
_BRACKETED: Final = re.compile(r"[ \t\ufeff\u3000]{0,4}【([^【】\n]{1,20})】[ \t]*[:：]?[ \t]?(.*)", re.DOTALL)
_COUNTED: Final = re.compile(r"[ \t\ufeff]{0,4}\d{1,6}[ \t]*[:：.、]?[ \t]*\Z")
_YEAR_VOLUME: Final = re.compile(
    r"\s*(\d{4})\s*(?:[,，]\s*(\d{0,5})\s*)?(?:[(（]\s*([^()（）]{1,12})\s*[)）])?.*", re.DOTALL
)
_HTML: Final = re.compile(r">\s*(?:Title-题名|SrcDatabase-来源库)\s*[:：]")
_HTML_BREAK: Final = re.compile(r"<br\s*/?>|</?(?:p|div|table|tbody|tr|td|li|head|body|html)\b[^<>]*>", re.IGNORECASE)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_OWN: Final = re.compile(r"^[ \t\ufeff]{0,4}(?:Title-题名|SrcDatabase-来源库)[ \t]*[:：]", re.MULTILINE)


def sniff(head: Head) -> float:
    """0.95 where a line says ``Title-题名: …``, 0.7 where lines are labelled as title and as abstract or authors."""
    if _OWN.search(head.text):
        return 0.95
    if head.text.lstrip()[:1] == "<" and _HTML.search(head.text):
        return 0.9
    if head.text.lstrip()[:1] in ("{", "[", "<", "@"):
        return 0.0
    if sum(bool(_BRACKETED.match(line)) for line in head.lines[:400]) > 2:
        labels = {_field(found[1]) for line in head.lines[:400] if (found := _BRACKETED.match(line))}
        return 0.75 if "title" in labels and labels & {"abstract", "authors"} else 0.0
    labels = {field_of(found[1]) for line in head.lines[:400] if (found := _LABEL.match(line))}
    return 0.7 if "title" in labels and labels & {"abstract", "authors"} else 0.0


def _tag(line: str) -> tuple[str, str] | None:
    found = _TAG.match(line)
    return (found[1], found[2]) if found else None


def _field(label: str) -> str | None:
    """Our field for a label, which may have blanks between its characters (``题 名``)."""
    return field_of(label) or field_of(re.sub(r"\s+", "", label))


def _bracketed(line: str) -> tuple[str, str] | None:
    """``【题名】…``: every label counts, known or not; the number above a reference says nothing."""
    if _COUNTED.match(line):
        return "序号", ""
    found = _BRACKETED.match(line)
    return (found[1].strip(), found[2]) if found else None


def _html_lines(reading: Reading) -> Iterator[list[str]]:
    """The lines that a page of CNKI's own labels shows."""
    for lines in reading.batches():
        yield [part for line in lines for part in _HTML_BREAK.split(line)]


def _label(line: str) -> tuple[str, str] | None:
    found = _LABEL.match(line)
    return (found[1].strip(), found[2]) if found and field_of(found[1]) else None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The references of a file; what the first begins with begins each."""
    head = reading.head
    lines = None
    if _OWN.search(head.text):
        tag_of = _tag
    elif _HTML.search(head.text):
        tag_of, lines = _tag, _html_lines(reading)
    elif sum(bool(_BRACKETED.match(line)) for line in head.lines[:400]) > 2:
        tag_of = _bracketed
    else:
        tag_of = _label
    number = 0
    for line, fields in references(reading, tag_of, lines=lines):
        if fields.keys() == {"序号"}:
            continue
        number += 1
        yield _entry(Entry(reading.where(line), number), fields)


def _entry(entry: Entry, fields: Fields) -> Entry:
    values: dict[str, str] = {}
    for tag, found in fields.items():
        name = _field(tag)
        if tag == "序号":
            continue
        value = _BREAK.sub("\n", "; ".join(found) if name == "authors" else " ".join(found)).strip()
        if name in (None, "url"):
            entry.keep(tag, value)
        elif name is not None and (name not in values or not values[name]):
            values[name] = value
    dated = next((value[0] for tag, value in fields.items() if re.match(r"年\s*[,，]\s*卷", tag)), "")
    found_year = _YEAR_VOLUME.fullmatch(dated)
    if found_year:
        values.setdefault("year", found_year[1])
        values.setdefault("volume", found_year[2] or "")
        values.setdefault("issue", found_year[3] or "")
    fill(entry, values)
    pages = first(fields, "Page-页码")
    if pages:
        entry.pages = pages
    elif entry.pages and first(fields, "PageCount-页数") == entry.pages:
        entry.pages = None
    return entry
