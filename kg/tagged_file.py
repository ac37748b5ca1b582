"""Tagged works that stay on disk. In: ``works.jsonl``. Out: a sequence of them, in its order or in another one."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, overload

from kg import jsonl
from kg.model import TaggedWork

_CACHED: Final = 4096


class TaggedFile(Sequence[TaggedWork]):
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
        self._offsets = offsets
        self._file = path.open("rb")
        self._cache: OrderedDict[int, TaggedWork] = OrderedDict()

    def __len__(self) -> int:
        return len(self._offsets)

    @overload
    def __getitem__(self, at: int) -> TaggedWork: ...
    @overload
    def __getitem__(self, at: slice) -> list[TaggedWork]: ...
    def __getitem__(self, at: int | slice) -> TaggedWork | list[TaggedWork]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        found = self._cache.get(at)
        if found is not None:
            self._cache.move_to_end(at)
            return found
        self._file.seek(self._offsets[at])
        found = jsonl.loads(self._file.readline())
        self._cache[at] = found
        if len(self._cache) > _CACHED:
            self._cache.popitem(last=False)
        return found

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
