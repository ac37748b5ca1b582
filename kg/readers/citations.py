"""Plain citations after GB/T 7714. In: text, one citation a line (``[1]张三,李四.题名[J].刊名,2008(05):915-924.``). Out: entries.

Most carry no abstract: such works can be found and merged with their twins, not tagged beyond their titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.identity import doi
from kg.readers.entry import Entry, kind_of
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_MARK: Final = re.compile(r"\[\s*(?P<type>[JMDCNRPSAGZ]|EB|DB|CP|DS)(?:\s*/\s*(?:OL|CD|MT|DK))?\s*\]\s*[.．。]?\s*")
_NUMBER: Final = re.compile(r"\A\s*(?:[\[［【]\s*\d{1,4}\s*[\]］】]|\d{1,4}[.、．](?!\d))\s*")
_AUTHORS_END: Final = re.compile(r"[.．。]\s*(?=\S)")
_ISSUE: Final = re.compile(r"(?P<volume>\d{1,4})?\s*[(（]\s*(?P<issue>[^()（）]{1,12})\s*[)）]")
_PAGES: Final = re.compile(r"[:：]\s*(?P<pages>[A-Za-z]?\d[\dA-Za-z+,\-–—~ ]*)")
_LABELLED: Final = re.compile(
    r"\s*[\[【]?\s*(?P<label>摘\s*要|[内內]容提要|关\s*键\s*词|[Aa]bstract|[Kk]ey\s?[Ww]ords)\s*(?:[\]】]\s*[:：]?|[:：])\s*(?P<value>.*)",
    re.DOTALL,
)
MAX_CHARACTERS: Final = 20_000  # of one citation and what stands under it
_YEAR: Final = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


def sniff(head: Head) -> float:
    """0.85 where most lines are citations with a type in brackets, 0.65 where three are."""
    lines = [line for line in head.lines if line.strip() and not _LABELLED.match(line)][:200]
    found = sum(len(line) > 15 and bool(_MARK.search(line)) for line in lines)
    if not found:
        return 0.0
    return 0.85 if found * 2 >= len(lines) else 0.65 if found >= 3 else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a citation; a citation that is wrapped goes on until the next number or the next one's end.

    CNKI's "查新" form puts the abstract and the keywords under each, with their labels.
    """
    parts: list[str] = []
    labelled: list[tuple[str, list[str]]] = []
    has_mark = False
    first = number = size = 0
    for line_number, line in enumerate(reading.lines(), 1):
        if not line.strip():
            continue
        label = _LABELLED.match(line) if parts else None
        if label:
            labelled.append((label["label"], [label["value"].strip()]))
            continue
        is_marked = bool(_MARK.search(line))
        begins = bool(_NUMBER.match(line)) or (has_mark and is_marked)
        if parts and (begins or size > MAX_CHARACTERS):
            number += 1
            yield _cited(reading.where(first), number, " ".join(parts), labelled)
            parts, labelled, has_mark, size = [], [], False, 0
        size += len(line)
        if labelled:
            labelled[-1][1].append(line.strip())
            continue
        if not parts:
            first = line_number
        has_mark = has_mark or is_marked
        parts.append(line.strip())
    if parts:
        yield _cited(reading.where(first), number + 1, " ".join(parts), labelled)


def _cited(where: str, number: int, text: str, labelled: list[tuple[str, list[str]]]) -> Entry | Problem:
    body = _NUMBER.sub("", text, count=1)
    mark = _MARK.search(body)
    if not mark:
        return Problem(where, "no citation after GB/T 7714: no type such as [J]", "skipped")
    entry = Entry(where, number, kind=kind_of(mark["type"]) if mark["type"] != "J" else "article", markup="none")
    for label, value in labelled:
        is_abstract = label[0] in "摘内內Aa"
        (entry.abstracts if is_abstract else entry.keywords).append("".join(value))
    before, after = body[: mark.start()].strip(), body[mark.end() :].strip()
    parted = _AUTHORS_END.search(before)
    while (
        parted
        and re.search(r"(?:^|[\s.])[A-Z]\Z", before[: parted.start()])
        and not re.search(r"[\u4e00-\u9fff]", before)
    ):
        following = _AUTHORS_END.search(before, parted.end())
        if not following or len(before[: following.start()]) > 160:
            break
        parted = following
    if parted:
        names, title = before[: parted.start()], before[parted.end() :]
        entry.authors = [re.sub(r"\s*[,，]?\s*(?:等|et al)\.?\s*\Z", "", names)]
        entry.authors = _split(entry.authors[0])
        entry.titles = [title]
    else:
        entry.titles = [before]
    _fill_source(entry, mark["type"], after)
    return entry


def _split(names: str) -> list[str]:
    """Names of a citation, parted at commas; 'SMITH J A' is surname first."""
    parts = [part.strip() for part in re.split(r"[,，;；、]", names) if part.strip()]
    found: list[str] = []
    for part in parts:
        words = part.split()
        if len(words) > 1 and part.isascii() and all(re.fullmatch(r"[A-Z]\.?", word) for word in words[1:]):
            part = f"{words[0]}, {' '.join(words[1:])}"
        found.append(part)
    return found


def _fill_source(entry: Entry, kind: str, text: str) -> None:
    """Journal, year, volume, issue, pages and DOI from what follows the title."""
    found_doi = re.search(r"(?:DOI\s*[:：]?\s*|doi\.org/)(10\.\S+)", text, re.IGNORECASE)
    if found_doi:
        entry.doi = doi(found_doi[1])
        text = text[: found_doi.start()].rstrip()
    year = _YEAR.search(text)
    entry.date = year.group() if year else None
    head = text[: year.start()] if year else text
    tail = text[year.end() :] if year else ""
    if kind in "JN":
        entry.journal = re.split(r"[,，]", head, maxsplit=1)[0].strip(" .,，．。") or None
    elif text.startswith("//"):
        entry.kind = "paper" if kind == "C" else "chapter"
        parts = [part.strip() for part in re.split(r"[.．。]", head[2:]) if part.strip()]
        has_editor = (
            len(parts) > 1 and len(parts[0]) <= 24 and not re.search(r"\d|大学|论文集|会议|[Pp]roc|[:：]", parts[0])
        )
        entry.journal = parts[1 if has_editor else 0] if parts else None
    else:
        entry.keep("publisher", head.strip(" .,，．。:：([（［"))
    issue = _ISSUE.search(tail)
    if issue and kind == "J":
        entry.volume, entry.issue = issue["volume"], issue["issue"]
    elif kind == "J":
        volume = re.match(r"\s*[,，]\s*(\d{1,4})(?!\d)", tail)
        entry.volume = volume[1] if volume else None
    pages = _PAGES.search(tail)
    entry.pages = pages["pages"].strip(" .,") if pages else None
