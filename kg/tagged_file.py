"""Tagged works that stay on disk. In: ``works.jsonl``. Out: a sequence of them, in its order or in another one."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from kg import jsonl
from kg.kept import Kept
from kg.model import TaggedWork

_CACHED: Final = 4096


class TaggedFile(Kept[TaggedWork]):
    """The works of a file of JSON Lines, read when they are asked for.

    Parameters
    ----------
    path : Path
    offsets : array of int, optional
        Where the lines begin, in the order that is wanted; found where not given.

    Notes
    -----
    Holds 8 bytes a work, and the 4,096 works used last.
    """

    def __init__(self, path: Path, offsets: array[int] | None = None) -> None:
        self.path = path
        if offsets is None:
            offsets = array("Q")
            with path.open("rb", buffering=1 << 20) as file:
                place = 0
                for line in file:
                    offsets.append(place)
                    place += len(line)
        super().__init__(_CACHED)
        self._offsets = offsets
        self._file = path.open("rb")

    def __len__(self) -> int:
        return len(self._offsets)

    def fetch(self, at: int) -> TaggedWork:
        """The work of a line."""
        self._file.seek(self._offsets[at])
        return jsonl.loads(self._file.readline())

    def __iter__(self) -> Iterator[TaggedWork]:
        """All works, none of them kept."""
        with self.path.open("rb", buffering=1 << 20) as file:
            in_order = all(a < b for a, b in zip(self._offsets, self._offsets[1:], strict=False))
            if in_order:
                for line in file:
                    yield jsonl.loads(line)
                return
            for place in self._offsets:
                file.seek(place)
                yield jsonl.loads(file.readline())

    def ordered(self, key: Callable[[TaggedWork], Any]) -> TaggedFile:
        """The same works sorted by a key."""
        keys = [key(tagged) for tagged in self]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return TaggedFile(self.path, array("Q", (self._offsets[at] for at in order)))
