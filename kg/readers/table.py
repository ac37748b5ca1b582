"""Tables in text: CSV and TSV with any separator. In: a table with a row of headers. Out: entries.

Columns are found by their headers (`kg.readers.columns`), or by what the caller chose. Cells may be as long as they like
and may hold line ends. Python's `csv` does the cutting: `polars` and `pandas` hold the whole file in memory.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kg.readers.columns import choose, field_of, fill, guess, names_a_work
from kg.readers.entry import Entry
from kg.readers.source import Problem

if TYPE_CHECKING:
    from kg.readers import Head, Reading

_SEPARATORS: Final = (",", "\t", ";", "|", "，")
MAX_ROW_LINES: Final = 2_000  # a row of more lines has a quotation mark that is not closed


_NO_QUOTES: Final = re.compile(r"\APT\tAU\t|\tUT\t")  # Web of Science quotes nothing: a quotation mark is a character


def separator(line: str) -> str | None:
    """The separator of a row of headers: the one that parts it into the most headers that are known."""
    best: tuple[int, int, str] = (0, 0, "")
    for sign in _SEPARATORS:
        if sign in line:
            headers = next(csv.reader([line], delimiter=sign), [])
            best = max(best, (len(guess(headers)), len(headers), sign))
    return best[2] if best[0] else None


def _header(lines: list[str]) -> tuple[int, str] | None:
    """Number of the header's line (from 0) and the separator; tables may have a line or two above their headers."""
    for at, line in enumerate(lines[:5]):
        sign = separator(line)
        if sign:
            if names_a_work(next(csv.reader([line], delimiter=sign), [])):
                return at, sign
        elif names_a_work([line]) and len(lines) > at + 1:
            return at, ","
    return None


# Where the best column of these is empty in a row, the next best says it.
_WITH_SPARES: Final = frozenset("title abstract authors journal year date pages doi keywords".split())


def sniff(head: Head) -> float:
    """0.8 where one of the first lines is a row of known headers, a title or an abstract among them."""
    if head.chosen and head.extension in ("csv", "tsv", "tab", "txt"):
        return 0.8
    return 0.8 if head.text.lstrip()[:1] not in ("{", "[") and _header(head.lines) else 0.0


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a row. The columns that were taken are noted in ``reading.columns``."""
    if csv.field_size_limit() < sys.maxsize:
        csv.field_size_limit(sys.maxsize)
    if not reading.head.lines:
        return
    found = _header(reading.head.lines)
    skip, sign = found or (
        0,
        separator(reading.head.lines[0]) or ("\t" if reading.source.extension in ("tsv", "tab") else ","),
    )
    rows = _rows(reading, skip, sign)
    headers = next((row for _, row in rows), [])
    positions = choose(headers, reading.chosen)
    reading.columns = {field: headers[at] for field, at in positions.items()}
    yield from entries(reading, headers, positions, rows)


def entries(
    reading: Reading, headers: list[str], positions: dict[str, int], rows: Iterator[tuple[int, list[str]]]
) -> Iterator[Entry | Problem]:
    """Entries from rows of cells, with the line of each."""
    n_columns = len(headers)
    used = set(positions.values())
    others = [(at, name) for at, header in enumerate(headers) if at not in used and (name := header.strip())]
    places = list(positions.items())
    spare = [(at, field) for at, header in others if (field := field_of(header)) in _WITH_SPARES and field in positions]
    number = 0
    for line, row in rows:
        if not any(cell and not cell.isspace() for cell in row):
            continue
        number += 1
        where = reading.where(line)
        if len(row) > n_columns and any(cell.strip() for cell in row[n_columns:]):
            yield Problem(
                where, f"row has {len(row)} cells, the header {n_columns}", "read as far as the header goes", "warning"
            )
        entry = Entry(where, number)
        if len(row) < n_columns:
            row = row + [""] * (n_columns - len(row))
        values = {field: row[at] for field, at in places if row[at]}
        for at, field in spare:
            if row[at] and field not in values:
                values[field] = row[at]
        fill(entry, values)
        for at, name in others:
            if row[at] and len(row[at]) <= 2_000:
                entry.keep(name, row[at])
        yield entry


def _rows(reading: Reading, skip: int, sign: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line where each begins."""
    at = 0

    def lines() -> Iterator[str]:
        nonlocal at
        for line in reading.lines():
            at += 1
            if at > skip:
                yield line + "\n"

    before = skip
    if sign == "\t" and _NO_QUOTES.search(reading.head.lines[skip]):
        rows = csv.reader(lines(), delimiter=sign, quoting=csv.QUOTE_NONE)
    else:
        rows = csv.reader(_closed(lines()), delimiter=sign)
    for row in rows:
        yield before + 1, [cell if cell[:1] != "'" and cell[-1:] != "\n" else _cell(cell) for cell in row]
        before = at


def _cell(cell: str) -> str:
    """A cell without the line end of its row, and without the apostrophe that guards a spreadsheet against formulas."""
    if cell[-1:] == "\n":
        cell = cell[:-1]
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") and cell[1:2] else cell


def _closed(lines: Iterator[str]) -> Iterator[str]:
    """The lines, a quotation mark that is never closed taken for a character.

    Where a cell that began in one line would swallow `MAX_ROW_LINES` more, its quotation mark is doubled and closed at
    once, so that the damage stays in its row.
    """
    held: list[str] = []
    for line in lines:
        if not held and line.count('"') % 2 == 0:
            yield line
            continue
        held.append(line)
        if len(held) > 1 and line.count('"') % 2 == 1:
            yield from held
            held.clear()
        elif len(held) > MAX_ROW_LINES:
            yield from _mended(held)
            held.clear()
    if held:
        yield from _mended(held)


def _mended(held: list[str]) -> Iterator[str]:
    """Lines of which the first opens a quotation that nothing closes: its last mark opens a cell that ends with the line."""
    first = held[0]
    yield first.rstrip("\n") + '"\n'
    yield from held[1:]
