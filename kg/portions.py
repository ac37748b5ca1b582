"""The lines of files in portions. In: files, a number of lines. Out: a file to read from, as often as there are portions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

_BLOCK: Final = 1 << 16


class Portions:
    """Several files as one to read from, which ends after so many lines: `more` begins the next portion.

    Parameters
    ----------
    paths : iterable of Path
    n_lines : int
        Of one portion.
    """

    def __init__(self, paths: Iterable[Path], n_lines: int) -> None:
        self._n_lines = n_lines
        self._paths = iter(paths)
        self._file: IO[bytes] | None = None
        self._rest = b""
        self._left = 0

    def more(self) -> bool:
        """Whether there is anything after what was read."""
        self._rest = self._rest or self._block(_BLOCK)
        self._left = self._n_lines
        return bool(self._rest)

    def read(self, size: int = _BLOCK) -> bytes:
        """Some of the portion; nothing where it is over."""
        if self._left <= 0:
            return b""
        found = self._rest or self._block(size)
        block, self._rest = found[:size], found[size:]
        n_lines = block.count(b"\n")
        if n_lines >= self._left:
            end = 0
            for _ in range(self._left):
                end = block.index(b"\n", end) + 1
            block, self._rest = block[:end], block[end:] + self._rest
        self._left -= n_lines
        return block

    def _block(self, size: int) -> bytes:
        while True:
            if self._file is None:
                path = next(self._paths, None)
                if path is None:
                    return b""
                self._file = path.open("rb")
            block = self._file.read(size)
            if block:
                return block
            self._file.close()
            self._file = None
