"""Rows as text: CSV, TSV, JSON, Markdown, and a table for a terminal. In: column names and rows. Out: strings or bytes.

Cells are str, int, float, bool or None. What comes from records may hold anything, so a terminal never gets a control
character and a spreadsheet never gets a formula.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

FORMATS: Final = ("table", "json", "jsonl", "csv", "tsv", "markdown")
_BOM: Final = "\ufeff"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    r"""Text without what moves a cursor or changes colours; line ends become blanks.

    >>> plain("a\x1b[31mb\nc")
    'a[31mb c'
    """
    if text.isprintable():
        return text
    shown = (" " if char in "\t\n\r\u2028\u2029" else char for char in text)
    return "".join(char for char in shown if unicodedata.category(char) not in {"Cc", "Cs"})


def guarded(cell: object) -> str:
    """A cell as a spreadsheet may take it: text that would be read as a formula gets an apostrophe before it.

    >>> guarded("=1+1"), guarded(-1), guarded(None), guarded(True)
    ("'=1+1", '-1', '', 'true')
    """
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
    return cell_text(cell)


def cell_text(cell: object) -> str:
    """A cell as text: nothing for None, ``true`` and ``false``, three decimals.

    >>> cell_text(0.5), cell_text(False), cell_text(12), cell_text(("a", "b"))
    ('0.500', 'false', '12', 'a; b')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.3f}"
    if isinstance(cell, (list, tuple)):
        return "; ".join(cell_text(part) for part in cell)
    return str(cell)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> str:
    """Rows as CSV (RFC 4180, but lines end in LF), guarded against formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a CSV file: UTF-8 with a byte order mark, so that spreadsheets show Chinese."""
    return (_BOM + csv_text(columns, rows)).encode("utf-8", "replace")


def width(text: str) -> int:
    """Columns that a terminal needs for a text.

    >>> width("US同盟"), width("é")
    (6, 1)
    """
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def cut(text: str, columns: int) -> str:
    """A text cut to a number of terminal columns, the cut shown.

    >>> cut("日美同盟", 6), cut("日美同盟", 8)
    ('日美…', '日美同盟')
    """
    if width(text) <= columns:
        return text
    kept, used = [], 1
    for char in text:
        used += width(char)
        if used > columns:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def terminal_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, columns_max: int = 160) -> str:
    """Rows as aligned columns; numbers to the right, the widest columns cut where a line would be too long."""
    values = list(rows)
    cells = [[plain(cell_text(cell)) for cell in row] for row in values]
    numeric = [
        bool(values) and all(row[i] is None or isinstance(row[i], (int, float)) for row in values)
        for i in range(len(columns))
    ]
    widths = [max([width(name), *(width(row[i]) for row in cells)]) for i, name in enumerate(columns)]
    while sum(widths) + 2 * len(widths) > columns_max and max(widths) > 12:
        widest = widths.index(max(widths))
        widths[widest] = max(12, widths[widest] - (sum(widths) + 2 * len(widths) - columns_max), max(widths) * 3 // 4)
    lines = [_line(list(columns), widths, numeric), _line(["─" * size for size in widths], widths, numeric)]
    lines += [_line(row, widths, numeric) for row in cells]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    """One line of a terminal table."""
    parts = []
    for cell, size, is_number in zip(cells, widths, numeric, strict=True):
        shown = cut(cell, size)
        padding = " " * (size - width(shown))
        parts.append(padding + shown if is_number else shown + padding)
    return "  ".join(parts).rstrip()


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as a Markdown table."""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"

    body = "".join(line(plain(cell_text(cell)) for cell in row) for row in rows)
    return line(columns) + "|" + "---|" * len(columns) + "\n" + body


def render(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, *, columns_max: int = 160) -> str:
    """Rows in one of `FORMATS`.

    Raises
    ------
    ValueError
        Where `form` is none of them.
    """
    if form == "table":
        return terminal_table(columns, rows, columns_max=columns_max)
    if form in {"csv", "tsv"}:
        return csv_text(columns, rows, delimiter="\t" if form == "tsv" else ",")
    if form == "markdown":
        return markdown_table(columns, rows)
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    if form == "jsonl":
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
    if form == "json":
        return json.dumps(objects, ensure_ascii=False, indent=1) + "\n"
    raise ValueError(f"no format is called '{form}': {', '.join(FORMATS)}")
