"""Records on a shelf: in memory while they are few, on disk when they are many. In: records. Out: records by position."""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, cast, overload

from kg.model import Record

IN_MEMORY: Final = 20_000
_CACHED: Final = 4_096


class Shelf(Sequence[Record]):
    """A sequence of records that grows at its end and takes bounded memory.

    Parameters
    ----------
    in_memory : int
        Up to this many records stay in memory; with one more all go to an unnamed temporary file.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._limit = in_memory
        self._records: list[Record] | None = []
        self._file: BinaryIO | None = None
        self._offsets = array("Q")
        self._cache: OrderedDict[int, Record] = OrderedDict()

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

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | Sequence[Record]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        if self._records is not None:
            return self._records[at]
        found = self._cache.get(at)
        if found is None:
            if self._file is None:
                raise ValueError("the shelf is closed")
            self._file.seek(self._offsets[at])
            found = cast(Record, pickle.load(self._file))
            self._cache[at] = found
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(at)
        return found

    def __iter__(self) -> Iterator[Record]:
        if self._records is not None:
            yield from self._records
            return
        for at in range(len(self._offsets)):
            yield self[at]
