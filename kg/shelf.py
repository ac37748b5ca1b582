"""Records on a shelf: in memory while they are few, on disk when they are many. In: records. Out: records by position."""

from __future__ import annotations

import pickle
import tempfile
from array import array
from typing import BinaryIO, Final, cast

from kg.kept import Kept
from kg.model import Record

IN_MEMORY: Final = 20_000
_CACHED: Final = 4_096


class Shelf(Kept[Record]):
    """A sequence of records that grows at its end and takes bounded memory.

    Parameters
    ----------
    in_memory : int
        Up to this many records stay in memory; with one more all go to an unnamed temporary file.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        super().__init__(_CACHED)
        self._limit = in_memory
        self._records: list[Record] | None = []
        self._file: BinaryIO | None = None
        self._offsets = array("Q")

    def append(self, record: Record) -> int:
        """Put a record at the end; its position is returned."""
        if self._records is not None:
            self._records.append(record)
            if len(self._records) > self._limit:
                self._spill()
            return len(self) - 1
        self._write(record)
        return len(self._offsets) - 1

    def _spill(self) -> None:
        self._file = cast(BinaryIO, tempfile.TemporaryFile(prefix="kg-records-", buffering=1 << 20))  # noqa: SIM115
        records, self._records = self._records or [], None
        for record in records:
            self._write(record)

    def _write(self, record: Record) -> None:
        if self._file is None:
            raise ValueError("the shelf is closed")
        self._offsets.append(self._file.seek(0, 2))
        pickle.dump(record, self._file, protocol=5)

    def __len__(self) -> int:
        return len(self._offsets) if self._records is None else len(self._records)

    def fetch(self, at: int) -> Record:
        """The record at a position.

        Raises
        ------
        ValueError
            The shelf is closed.
        """
        if self._records is not None:
            return self._records[at]
        if self._file is None:
            raise ValueError("the shelf is closed")
        self._file.seek(self._offsets[at])
        return cast(Record, pickle.load(self._file))
