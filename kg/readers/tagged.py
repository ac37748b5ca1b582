"""Formats of lines that begin with a tag. In: lines, and how to tell a tag. Out: references as tag → values.

RIS, RefWorks, EndNote, Web of Science, PubMed, NoteExpress and CNKI's own text differ in how a tag looks and where a
reference begins and ends; the rest, wrapped lines above all, is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from kg.readers import Reading

Fields = dict[str, list[str]]
Tag = Callable[[str], tuple[str, str] | None]

_HAN_END: Final = re.compile(r"[\u3000-\u9fff\uff00-\uffef]\Z")
_HAN_BEGIN: Final = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


_LABELS_ALONE: Final = frozenset(("Abstract", "ABSTRACT", "Summary", "SUMMARY", "摘要", "Abstract:", "摘要:"))


class Reference(NamedTuple):
    """One reference: the line where it begins, and the values of each tag in their order."""

    line: int
    fields: Fields


def references(
    reading: Reading,
    tag_of: Tag,
    *,
    opens: frozenset[str] = frozenset(),
    closes: frozenset[str] = frozenset(),
    blank_closes: bool = False,
    one_a_line: frozenset[str] = frozenset(),
    width: int = 0,
    lines: Iterable[list[str]] | None = None,
) -> Iterator[Reference]:
    """Cut a file into references.

    Parameters
    ----------
    reading : Reading
    tag_of : callable
        A line → its tag and value, None for a line that goes on.
    opens : set of str
        Tags that begin a reference; a reference that lacks its end is closed by them. Where it is empty, the first
        tag of the file does.
    closes : set of str
        Tags that end one.
    blank_closes : bool
        An empty line ends one, too, where a tag follows it.
    one_a_line : set of str
        Tags whose wrapped lines are values of their own (Web of Science's authors).
    width : int
        How many characters a tag has with what stands between it and its value, where that is nearly always the same: what
        `tag_of` found for such a beginning holds for all lines with it.
    lines : iterable of lists of str, optional
        In place of the source's own lines, where a reader makes them.
    """
    known: dict[str, str] = {}
    fields: Fields = {}
    first = 0
    tag = ""
    after_blank = False
    for number, line in enumerate(chain.from_iterable(reading.batches() if lines is None else lines), 1):
        quick = known.get(line[:width])
        if quick is not None:
            tag, value = quick, line[width:]
        else:
            found = tag_of(line)
            if found is None:
                if not line or line.isspace():
                    after_blank = True
                elif tag in fields:
                    _go_on(fields, tag, line, tag in one_a_line)
                continue
            tag, value = found
            if width and value and line[width:] == value and len(known) < 500:
                known[line[:width]] = tag
        if tag in closes:
            if fields:
                yield Reference(first, fields)
            fields, after_blank = {}, False
            continue
        if not opens and not fields:
            opens = frozenset((tag,))
        if fields and (tag in opens or (blank_closes and after_blank)):
            yield Reference(first, fields)
            fields = {}
        if not fields:
            first = number
        after_blank = False
        if tag in fields:
            fields[tag].append(value.strip())
        else:
            fields[tag] = [value.strip()]
    if fields:
        yield Reference(first, fields)


def _go_on(fields: Fields, tag: str, line: str, is_own: bool) -> None:
    """Join a wrapped line to its field, with one blank, or none between Chinese characters."""
    more = line.strip()
    if is_own:
        fields[tag].append(more)
        return
    before = fields[tag][-1]
    if before in _LABELS_ALONE:
        fields[tag][-1] = f"{before}\n{more}"
        return
    blank = "" if not before or (_HAN_END.search(before) and _HAN_BEGIN.match(more)) else " "
    fields[tag][-1] = f"{before}{blank}{more}"


def first(fields: Fields, *tags: str) -> str | None:
    """The first value that is not empty, tags in order of preference."""
    for tag in tags:
        if tag in fields:
            for value in fields[tag]:
                if value:
                    return value
    return None


def every(fields: Fields, *tags: str) -> list[str]:
    """All values that are not empty, tag by tag."""
    return [value for tag in tags if tag in fields for value in fields[tag] if value]
