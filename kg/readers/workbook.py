"""Excel workbooks. In: an .xlsx. Out: entries of every sheet that has a row of known headers. `openpyxl` reads row by row."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kg.readers.columns import choose, names_a_work
from kg.readers.entry import Entry
from kg.readers.source import Problem
from kg.readers.table import entries

if TYPE_CHECKING:
    from kg.readers import Head, Reading

MAX_UNPACKED_BYTES: Final = 2_000_000_000


def sniff(head: Head) -> float:
    """0.95 for a zip with the parts of a workbook."""
    return (
        0.95
        if head.data.startswith(b"PK\x03\x04") and (b"xl/" in head.data or head.extension in ("xlsx", "xlsm"))
        else 0.0
    )


def read(reading: Reading) -> Iterator[Entry | Problem]:
    """One entry a row of each sheet."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    name = reading.source.name
    with reading.source.open() as stream:
        try:
            with zipfile.ZipFile(stream) as parts:
                if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES:
                    yield Problem(
                        name, "a workbook that unpacks to more than 2 GB is not read", "save the sheet as CSV"
                    )
                    return
            stream.seek(0)
            book = load_workbook(stream, read_only=True, data_only=True)
        except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
            yield Problem(name, f"not a workbook that can be read ({error})", "save it again as .xlsx or CSV")
            return
        except Exception as error:  # the library lets errors of its XML parser through
            yield Problem(
                name, f"not a workbook that can be read ({type(error).__name__})", "save it again as .xlsx or CSV"
            )
            return
        number = 0
        try:
            for sheet in book.worksheets:
                for item in _sheet(reading, sheet, len(book.worksheets) > 1):
                    if isinstance(item, Entry):
                        number += 1
                        item.number = number
                    yield item
        except Exception as error:
            from kg.errors import KgError

            if isinstance(error, KgError):
                raise
            yield Problem(name, f"the workbook is damaged ({type(error).__name__})", "what came before was read")
        finally:
            book.close()


def _sheet(reading: Reading, sheet: Any, several: bool) -> Iterator[Entry | Problem]:
    prefix = f"{sheet.title}!" if several else ""
    rows = ((at, [_cell(value) for value in row]) for at, row in enumerate(sheet.iter_rows(values_only=True), 1))
    headers: list[str] = []
    for at, row in rows:
        if (reading.chosen and any(row)) or names_a_work(row):
            headers = row
            break
        if at >= 10:
            return
    if not headers:
        return
    positions = choose(headers, reading.chosen)
    reading.columns = {field: headers[at] for field, at in positions.items()}
    for item in entries(reading, headers, positions, rows):
        if prefix and isinstance(item, Entry):
            name, _, line = item.where.rpartition(":")
            item.where = f"{name}:{prefix}{line}"
        yield item


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()[:10]
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)
