"""Merge sorted files line by line. In: paths of sorted files. Out: their lines in order; memory does not grow."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Final

OPEN_AT_ONCE: Final = 200  # below every system's limit of open files


def read_lines(path: Path) -> Iterator[str]:
    """Lines of a file without their ends; only LF ends a line."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line[:-1]


def merge(paths: Sequence[Path]) -> Iterator[str]:
    """All lines of sorted files in order of code points, equal ones as often as there are.

    Raises
    ------
    OSError
        A file cannot be read, or there is no room for intermediate ones.
    """
    if len(paths) <= OPEN_AT_ONCE:
        with ExitStack() as stack:
            streams = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in paths]
            for line in heapq.merge(*streams):
                yield line[:-1]
        return
    with tempfile.TemporaryDirectory(prefix="kg-merge-") as room:
        rounds = []
        for number in range(0, len(paths), OPEN_AT_ONCE):
            part = Path(room) / f"{number:08d}"
            with part.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(line + "\n" for line in merge(paths[number : number + OPEN_AT_ONCE]))
            rounds.append(part)
        yield from merge(rounds)


def unique(lines: Iterable[str]) -> Iterator[str]:
    """Sorted lines, each once."""
    for line, _ in groupby(lines):
        yield line
