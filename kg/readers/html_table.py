"""Tables in HTML, which some sites save as .xls. In: HTML. Out: entries of the first table with known headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.readers.columns import choose, names_a_work
from kg.readers.entry import Entry
from kg.readers.source import Problem
from kg.readers.table import entries

if TYPE_CHECKING:
    from kg.readers import Head, Reading


def sniff(head: Head) -> float:
    """0.7 for HTML with a table whose first rows name a title or an abstract."""
    if not re.search(r"<table[\s>]", head.text, re.IGNORECASE):
        return 0.0
    rows = _Rows()
    rows.feed(head.text)
    return 0.7 if any(names_a_work(row) for _, row in rows.rows[:10]) else 0.0


_TAG: Final = re.compile(r"<(/?)(table|tr|td|th|br|p)\b[^<>]*>", re.IGNORECASE)


MAX_CHARACTERS: Final = 4_000_000  # of one row


class _Rows:
    """Collects the cells of each row. (The parser of the standard library takes hours for some damaged files.)"""

    def __init__(self) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.held = ""
        self.size = self.n_cut = 0  # characters of the row so far; pieces that were too much
        self.line = 1

    def feed(self, text: str, is_last: bool = True) -> None:
        """Take some text; a tag that it cuts off waits for the next."""
        text = self.held + text
        cut = len(text) if is_last else text.rfind("<")
        if cut < 0 or len(text) - cut > 4_000:
            cut = len(text)
        text, self.held = text[:cut], text[cut:]
        done = 0
        for found in _TAG.finditer(text):
            between = text[done : found.start()]
            self.line += between.count("\n")
            self._add(between)
            self._tag(found[2].lower(), bool(found[1]))
            done = found.end()
        self.line += text.count("\n", done)
        self._add(text[done:])
        if is_last:
            self._end_row()

    def _add(self, text: str) -> None:
        if self.cell is not None and text:
            self.size += len(text)
            if self.size > MAX_CHARACTERS:
                self.n_cut += 1
            else:
                self.cell.append(text)

    def _tag(self, name: str, closes: bool) -> None:
        if name in ("td", "th"):
            self._end_cell()
            if not closes and self.row is not None:
                self.cell = []
        elif name in ("tr", "table"):
            self._end_row()
            if name == "tr" and not closes:
                self.row, self.size = [], 0
        elif not closes:
            self._add("\n")

    def _end_cell(self) -> None:
        if self.cell is not None and self.row is not None:
            self.row.append("".join(self.cell).strip())
        self.cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.row:
            self.rows.append((self.line, self.row))
        self.row = None


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a row after the headers."""
    rows = _taken(reading)
    for _, row in rows:
        if reading.chosen or names_a_work(row):
            positions = choose(row, reading.chosen)
            reading.columns = {field: row[at] for field, at in positions.items()}
            yield from entries(reading, row, positions, rows)
            return


def _taken(reading: Reading) -> Iterator[tuple[int, list[str]]]:
    parser = _Rows()
    for piece, is_last in reading.pieces():
        parser.feed(piece, is_last)
        if parser.n_cut and parser.rows:
            reading.remark(parser.rows[0][0], "a row of more than 4 million characters", "read as far as that")
            parser.n_cut = 0
        yield from parser.rows
        parser.rows.clear()
