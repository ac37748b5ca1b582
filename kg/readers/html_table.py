"""Tables in HTML, which some sites save as .xls. In: HTML. Out: entries of the first table with known headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING

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


class _Rows(HTMLParser):
    """Collects the cells of each row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, list[str]]] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self._end_cell()
            self.cell = []
        elif tag in ("br", "p") and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is not None and self.row is not None:
            self.row.append("".join(self.cell).strip())
        self.cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.row:
            self.rows.append((self.getpos()[0], self.row))
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
        parser.feed(piece)
        if is_last:
            parser.close()
            parser._end_row()
        yield from parser.rows
        parser.rows.clear()
