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

_HAN: Final = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


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
    more: list[str] = []  # wrapped lines of the last value, and how many characters they have
    first = size = n_values = 0
    tag = ""
    after_blank = False
    for number, line in enumerate(chain.from_iterable(reading.batches() if lines is None else lines), 1):
        quick = known.get(line[:width])
        if quick is not None:
            if more:
                _go_on(fields, tag, more, tag in one_a_line)
                more = []
            size = 0
            tag, value = quick, line[width:]
        else:
            found = tag_of(line)
            if found is None:
                if not line or line.isspace():
                    after_blank = True
                elif tag in fields:
                    size += len(line)
                    if size < MAX_CHARACTERS:
                        more.append(line.strip())
                    elif size - len(line) < MAX_CHARACTERS:
                        reading.remark(number, "a value of more than 4 million characters", "read as far as that")
                continue
            if more:
                _go_on(fields, tag, more, tag in one_a_line)
                more = []
            size = 0
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
            first, n_values = number, 0
        after_blank = False
        n_values += 1
        if tag in fields:
            if n_values <= MAX_VALUES:
                fields[tag].append(value.strip())
            elif n_values == MAX_VALUES + 1:
                reading.remark(number, "a reference of more than 50,000 values", "read as far as that")
        else:
            fields[tag] = [value.strip()]
    if more:
        _go_on(fields, tag, more, tag in one_a_line)
    if fields:
        yield Reference(first, fields)


MAX_CHARACTERS: Final = 4_000_000  # of one value
MAX_VALUES: Final = 50_000  # of one reference


def _go_on(fields: Fields, tag: str, more: list[str], is_own: bool) -> None:
    """Join wrapped lines to their field, with one blank, or none between Chinese characters; a label keeps its line."""
    if is_own:
        fields[tag].extend(more)
        return
    parts = [fields[tag][-1]]
    for line in more:
        before = parts[-1]
        if not before or (_HAN.match(before[-1]) and _HAN.match(line)):
            blank = ""
        else:
            blank = "\n" if len(parts) == 1 and before in _LABELS_ALONE else " "
        parts += (blank, line)
    fields[tag][-1] = "".join(parts)


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
