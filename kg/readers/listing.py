"""Listings pasted from the pages of Chinese abstract sites. In: plain text. Out: entries.

A record is a title with its citation counts (``同盟视野探析   总被引:3,自引:3,他引:0``), a line of authors and journal
(``胡伟  倪海宁 《国际观察》2005,22(6):33-39``) and an abstract that 相似文献 ends; any of the first two may be missing. The
abstract stays to the letter, with its blanks inside words and its empty lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.readers.entry import Entry, whole_number
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_END: Final = re.compile(r"(?:\A|[\s\u3000]|(?<=[。.!?！？”\"）)]))相似文[献獻](?:\s*\(\d+条\))?[\s\u3000]*\Z")
_COUNTS: Final = re.compile(
    r"[总總]被引[:：]\s*(?P<all>\d+)\s*(?:[,，]\s*自引[:：]\s*(?P<own>\d+))?\s*(?:[,，]\s*他引[:：]\s*(?P<others>\d+))?(?P<rest>.*)\Z"
)
_BYLINE: Final = re.compile(
    r"(?P<authors>[^《》。]{0,400}?)[\s\u3000]*《(?P<journal>[^《》]{1,80})》[\s\u3000]*[,，.]?\s*(?P<year>(?:1[89]|20)\d\d)\s*年?\s*[,，]?\s*"
    r"(?:第?(?P<volume>[A-Za-z]?\d{1,4})卷?)?\s*[,，]?\s*(?:[（(]\s*(?P<issue>[^()（）]{1,16})\s*[)）]|第(?P<number>[\dA-Zz]{1,6})期)?\s*"
    r"(?:[:：]\s*(?P<pages>[A-Za-z]?\d[\dA-Za-z+,\-–—~～ ]{0,40}))?\s*[.。]?[\s\u3000]*\Z"
)
_NUMBERED: Final = re.compile(r"\A[\s\u3000]*(?:\[\d{1,4}\]|\d{1,4}[.、．](?=[\s\u3000]))[\s\u3000]*")
MAX_CHARACTERS: Final = 4_000_000  # of lines that nothing ends
_FURNITURE: Final = re.compile(
    r"\A[\s\u3000]*(?:首页\s*[|｜]|\[首页\]|«|上一页|下一页|本文献已被\s|正在获取相似文献|检索(?:到|用时)|收藏(?:\s|\Z)|排序方式[:：]|显示全部|共\d+条|查询用时)"
)
_ENDS_SENTENCE: Final = re.compile(r"[。.!?！？;；:：,，”\"'…)）]\Z")


def sniff(head: Head) -> float:
    """0.9 where records end in 相似文献 or a line is a title with counts; 0.6 for lines of authors and journal alone."""
    if any(_END.search(line) or _COUNTS.search(line) for line in head.lines):
        return 0.9
    return 0.6 if any(line.count("《") == 1 and _BYLINE.match(line) for line in head.lines[:200]) else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """The records of a listing, each up to its 相似文献; the last may lack it."""
    block: list[str] = []
    first = number = size = 0
    for line_number, line in enumerate(reading.lines(), 1):
        if _FURNITURE.match(line) and len(line) < 200:
            continue
        if not block and not line.strip():
            continue
        if not block:
            first = line_number
        found = _END.search(line)
        block.append(line[: found.start()] if found else line)
        size += len(line)
        if found:
            if any(part.strip() for part in block):
                number += 1
                yield _entry(reading.where(first), number, block, line[found.start() :].strip())
            block, size = [], 0
        elif size > MAX_CHARACTERS:
            entries, n_left = _unended(reading, first, number, block)
            if n_left == len(block):
                reading.remark(first, "a record of more than 4 million characters", "read as far as that")
                n_left = 0
            else:
                entries.pop()
            yield from entries
            number += len(entries)
            first, block, size = line_number - n_left + 1, block[len(block) - n_left :], 0
    if any(part.strip() for part in block):
        yield from _unended(reading, first, number, block)[0]


def _unended(reading: Reading, first: int, number: int, block: list[str]) -> tuple[list[Entry], int]:
    """Records that no 相似文献 ends: each line with counts, or of authors after a title, begins a new one.

    And how many lines the last has.
    """
    entries: list[Entry] = []
    starts = [0]
    for at, line in enumerate(block):
        is_title = bool(_COUNTS.search(line))
        is_byline = line.count("《") == 1 and len(line) < 500 and bool(_BYLINE.match(line))
        previous = next((i for i in range(at - 1, starts[-1] - 1, -1) if block[i].strip()), None)
        if is_title and at:
            starts.append(at)
        elif is_byline and previous is not None and not _COUNTS.search(block[previous]):
            begin = previous if _is_short_title(block[previous]) else at
            if begin > starts[-1]:
                starts.append(begin)
    for begin, end in zip(starts, [*starts[1:], len(block)], strict=True):
        part = block[begin:end]
        if any(line.strip() for line in part):
            number += 1
            entries.append(_entry(reading.where(first + begin), number, part, None))
    return entries, len(block) - starts[-1]


def _is_short_title(line: str) -> bool:
    text = line.strip()
    return 0 < len(text) <= (60 if re.search(r"[\u3400-\u9fff]", text) else 160) and not _ENDS_SENTENCE.search(text)


def _entry(where: str, number: int, block: list[str], ending: str | None) -> Entry:
    entry = Entry(where, number, one_name_each=True)
    if ending:
        entry.keep("abstract", ending)
    filled = [at for at, line in enumerate(block) if line.strip()]
    body = filled[0] if filled else 0
    for at in filled[:3]:
        counts = _COUNTS.search(block[at])
        if counts:
            before = [block[i] for i in filled if i < at]
            entry.titles = [_NUMBERED.sub("", " ".join([*before, block[at][: counts.start()]]), count=1).strip()]
            entry.cited_by, entry.cited_by_self = whole_number(counts["all"]), whole_number(counts["own"])
            entry.cited_by_others = whole_number(counts["others"])
            entry.keep(
                "title",
                f"{counts.group()[: counts.start('rest') - counts.start()].strip()} {counts['rest'].strip()}".strip(),
            )
            body = at + 1
            break
    for at in [i for i in filled if i >= body][:3]:
        byline = _BYLINE.match(block[at]) if block[at].count("《") == 1 and len(block[at]) < 500 else None
        if byline:
            before = [block[i] for i in filled if body <= i < at]
            if before and not entry.titles:
                entry.titles = [_NUMBERED.sub("", " ".join(before), count=1).strip()]
            _fill_from_byline(entry, byline)
            body = at + 1
            break
    rest = [i for i in filled if i >= body]
    is_bare = not entry.titles and not entry.authors and len(rest) > 1 and _is_short_title(block[rest[0]])
    if is_bare and len(block[rest[1]].strip()) > 2.5 * len(block[rest[0]].strip()):
        entry.titles = [_NUMBERED.sub("", block[rest[0]], count=1).strip()]
        body = rest[1]
    abstract = "\n".join(block[body:]).strip()
    if not entry.titles and not entry.authors:
        abstract = _NUMBERED.sub("", abstract, count=1)
    entry.abstracts = [abstract] if abstract else []
    return entry


def _fill_from_byline(entry: Entry, byline: re.Match[str]) -> None:
    """Authors, journal, year, volume, issue and pages; names are parted by two blanks."""
    names = re.split(r"[\s\u3000]{2,}|\t|[;；]", byline["authors"].strip())
    entry.authors = [name for name in names if name]
    entry.journal, entry.date = byline["journal"], byline["year"]
    entry.volume, entry.issue = byline["volume"], byline["issue"] or byline["number"]
    entry.pages = byline["pages"]
