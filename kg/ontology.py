"""Read the tables of the ontology, and lay a user's over them. In: CSV files. Out: rows that know their file and line.

A table is UTF-8, its first line names its columns, and a cell that holds several things parts them with ``|``.
A user's table of the same name, in a folder of theirs, may have fewer columns: a row whose key is known replaces
just those cells, a row whose key is new is added, and ``delete`` = ``yes`` takes a row away.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import OntologyError

SEPARATOR: Final = "|"

_NAMES: Final = ("pref_en", "pref_zh", "pref_zh_hant", "alt_en", "alt_zh", "alt_zh_hant")

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "states": (
        *("id", "tag_id", "kind", *_NAMES, "demonyms_en", "abbr_zh", "abbr_zh_hant", "abbr_zh_ambiguous"),
        *("metonyms_en", "metonyms_zh", "metonyms_zh_hant", "iso3", "cow", "first_year", "last_year"),
        *("successor_of", "replaced_by", "wikidata", "note"),
    ),
    "alliances": (
        *("id", "pair", *_NAMES, "form", "type", "status", "members", "first_year", "last_year"),
        *("replaced_by", "wikidata", "note"),
    ),
    "pairs": ("id", *_NAMES, "replaced_by", "note"),
    "groups": ("id", *_NAMES, "type", "base_states", "first_year", "last_year", "replaced_by", "note"),
    "regions": ("id", "broader", "kind", *_NAMES, "abbr_zh", "replaced_by", "note"),
    "concepts": (
        *("id", "broader", "facet", *_NAMES, "hidden_en", "hidden_zh", "definition_en", "definition_zh"),
        *("source", "replaced_by", "note"),
    ),
    "rules": ("id", "kind", "pref_en", "pref_zh", "pref_zh_hant", "definition_en", "definition_zh", "replaced_by"),
    "ambiguity": ("surface", "lang", "kind", "candidates", "default", "rule_en", "example", "origin"),
    "blocks": ("lang", "surface", "note"),
    "cues": ("lang", "surface", "weight", "core"),
    "not": ("surface", "lang", "kind", "id", "note"),
}
"""Columns of each table, in the order in which they are written; ``not`` is a table that only users have."""

LISTS: Final = frozenset(
    "alt_en alt_zh alt_zh_hant hidden_en hidden_zh demonyms_en abbr_zh abbr_zh_hant abbr_zh_ambiguous metonyms_en"
    " metonyms_zh metonyms_zh_hant successor_of members base_states candidates replaced_by".split()
)
"""Columns whose cells hold several things."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Parameters
    ----------
    where : str
        File and line, ``states.csv:12``, for messages.
    cells : mapping of str to str
        Cell by column, blanks at the ends taken off; a column that the file lacks is not there.
    """

    where: str
    cells: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        """The cell, empty where the file lacks the column."""
        return self.cells.get(column, "")

    def items(self, column: str) -> tuple[str, ...]:
        """The things in a cell that holds several."""
        return tuple(item.strip() for item in self[column].split(SEPARATOR) if item.strip())

    def year(self, column: str) -> int | None:
        """The year in a cell, negative before the Common Era; None where the cell is empty."""
        return self._integer(column, "a year, such as 1951 or -338")

    def number(self, column: str) -> int | None:
        """The whole number in a cell; None where the cell is empty."""
        return self._integer(column, "a whole number")

    def _integer(self, column: str, wanted: str) -> int | None:
        cell = self[column]
        if not cell:
            return None
        try:
            return int(cell)
        except ValueError:
            raise OntologyError(f"{self.where}: {column} is '{cell}'; write {wanted}, or leave it empty") from None


def key_of(table: str, row: Row) -> str:
    """What tells a row from the others of its table: its id; of a surface, itself and its language."""
    if table == "not":
        return "\t".join(row[column] for column in ("surface", "lang", "kind", "id"))
    if "surface" in COLUMNS[table]:
        return f"{row['surface']}\t{row['lang']}"
    return row["id"]


def read_table(path: Path, table: str) -> list[Row]:
    """Rows of one table.

    Parameters
    ----------
    path : Path
        A CSV file; a byte order mark, and semicolons or tabs for commas as Excel writes them, are accepted.
    table : str
        Which table it is, a key of `COLUMNS`.

    Raises
    ------
    OntologyError
        The file is not UTF-8, lacks the key column, has a column of another name, or a row of another length.
    """
    return read_rows(path, (*COLUMNS[table], "delete"), "surface" if "surface" in COLUMNS[table] else "id")


def read_rows(path: Path, columns: Iterable[str], key: str) -> list[Row]:
    """Rows of a CSV or TSV file; `columns` are the names that it may have, `key` the one that it must."""
    known = tuple(columns)
    name = path.name
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise OntologyError(f"{name}:{line}: not UTF-8; save the table as 'CSV UTF-8'") from None
    first_line = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=lambda sign: sum(part.strip('" \r') in known for part in first_line.split(sign)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        header = [column.strip() for column in next(reader, [])]
        _check_header(name, header, known, key)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{name}:{reader.line_num}"
            if len(cells) != len(header):
                raise OntologyError(
                    f"{where}: {len(cells)} cells for {len(header)} columns; put a cell with a comma into quotes"
                )
            row = Row(where, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
            if not row[key]:
                raise OntologyError(f"{where}: no {key}; every row needs one")
            rows.append(row)
    except csv.Error as error:
        raise OntologyError(f"{name}:{reader.line_num}: {error}; check the quotes of this row") from None
    return rows


def _check_header(name: str, header: list[str], known: tuple[str, ...], key: str) -> None:
    columns = f"the columns are {', '.join(known)}"
    if key not in header:
        raise OntologyError(f"{name}:1: no column '{key}'; {columns}")
    for column in header:
        if column not in known:
            raise OntologyError(f"{name}:1: no column is called '{column}'; {columns}")
    if len(set(header)) < len(header):
        raise OntologyError(f"{name}:1: a column stands twice; keep one of each")


def table_path(folder: Path, table: str) -> Path | None:
    """Where a folder keeps a table: in ``tables/``, or in a user's folder just there; None where it has none."""
    for path in (folder / "tables" / f"{table}.csv", folder / f"{table}.csv"):
        if path.is_file():
            return path
    return None


def read_tables(folder: Path, overlay: Path | None = None) -> dict[str, list[Row]]:
    """All tables of an ontology folder, with a user's laid over them.

    Raises
    ------
    OntologyError
        A table is missing or cannot be read, or a key stands twice in one file.
    """
    tables: dict[str, list[Row]] = {}
    for table in COLUMNS:
        path = table_path(folder, table)
        if path is None and table != "not":
            raise OntologyError(f"{folder / 'tables' / table}.csv is not there; the ontology is not whole")
        over = table_path(overlay, table) if overlay else None
        tables[table] = lay_over(
            table, read_table(path, table) if path else [], read_table(over, table) if over else []
        )
    return tables


def lay_over(table: str, rows: Iterable[Row], others: Iterable[Row]) -> list[Row]:
    """Rows with others laid over them: known keys replaced cell by cell, new ones added, deleted ones taken away."""
    merged = _keyed(table, rows)
    for key, row in _keyed(table, others).items():
        if row["delete"].lower() in ("yes", "true", "1"):
            merged.pop(key, None)
            continue
        given = {column: cell for column, cell in row.cells.items() if column != "delete"}
        merged[key] = Row(row.where, {**merged[key].cells, **given} if key in merged else given)
    return list(merged.values())


def _keyed(table: str, rows: Iterable[Row]) -> dict[str, Row]:
    keyed: dict[str, Row] = {}
    for row in rows:
        key = key_of(table, row)
        if key in keyed:
            shown = key.replace("\t", " ").strip()
            raise OntologyError(f"{row.where}: '{shown}' stands in {keyed[key].where} too; keep one of the rows")
        keyed[key] = row
    return keyed
