"""Tagged works that stay on disk. In: ``works.jsonl``. Out: a sequence of them, in its order or in another one."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from kg import jsonl
from kg.kept import Kept
from kg.model import TaggedWork

_CACHED: Final = 4096
_AT_ONCE: Final = 1 << 20


class TaggedFile(Kept[TaggedWork]):
    """The works of a file of JSON Lines, read when they are asked for.

    Parameters
    ----------
    path : Path
    lines : pair of arrays of int, optional
        Where the lines begin and how long they are, in the order that is wanted; found where not given.

    Notes
    -----
    Holds 12 bytes a work, and the 4,096 works used last.
    """

    def __init__(self, path: Path, lines: tuple[array[int], array[int]] | None = None) -> None:
        super().__init__(_CACHED)
        self.path = path
        self._file = path.open("rb", buffering=0)  # a buffer would be filled anew for each work
        self._begins, self._lengths = lines or (array("Q"), array("I"))
        if lines is None:
            place = 0
            with path.open("rb", buffering=_AT_ONCE) as file:
                for line in file:
                    self._begins.append(place)
                    self._lengths.append(len(line))
                    place += len(line)

    def __len__(self) -> int:
        return len(self._begins)

    def fetch(self, at: int) -> TaggedWork:
        """The work of a line."""
        return jsonl.loads(self._line(at))

    def __iter__(self) -> Iterator[TaggedWork]:
        """All works, none of them kept."""
        return map(jsonl.loads, self.lines())

    def lines(self) -> Iterator[bytes]:
        """The lines, in the order of the works."""
        in_order = all(begin <= following for begin, following in zip(self._begins, self._begins[1:], strict=False))
        if not in_order:
            yield from map(self._line, range(len(self)))
            return
        with self.path.open("rb", buffering=_AT_ONCE) as file:
            yield from file

    def ordered(self, key: Callable[[Mapping[str, Any]], Any]) -> TaggedFile:
        """The same works sorted by a key of what their lines hold (`kg.jsonl`)."""
        import orjson

        keys = [key(orjson.loads(line)) for line in self.lines()]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        if order == list(range(len(keys))):
            return self
        return TaggedFile(
            self.path,
            (array("Q", map(self._begins.__getitem__, order)), array("I", map(self._lengths.__getitem__, order))),
        )

    def _line(self, at: int) -> bytes:
        self._file.seek(self._begins[at])
        return self._file.read(self._lengths[at])
