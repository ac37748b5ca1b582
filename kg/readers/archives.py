"""Files, folders and archives. In: a path. Out: the sources in it; members of archives are read in place."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from kg.errors import SourceError
from kg.readers.source import Source

_HIDDEN: Final = (".", "~$", "__MACOSX")
MAX_MEMBERS: Final = 100_000


def sources_of(path: Path) -> Iterator[Source]:
    """The sources of a file, a folder (in sorted order, hidden files left out), or ``-`` for standard input.

    Raises
    ------
    SourceError
        Nothing is there, or it may not be read.
    """
    if str(path) == "-":
        yield from members(Source.of_bytes(sys.stdin.buffer.read(), "stdin"))
        return
    try:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                inner = file.relative_to(path)
                if file.is_file() and not any(part.startswith(_HIDDEN) for part in inner.parts) and file.name != "kg-decisions.jsonl":
                    yield from members(Source.of_file(file, inner.as_posix()))
            return
        if not path.exists():
            raise SourceError(f"{path}: there is no such file or folder")
        source = Source.of_file(path)
        _ = source.sample
    except PermissionError as error:
        raise SourceError(f"{path}: may not be read ({error.strerror})") from error
    yield from members(source)


def members(source: Source, depth: int = 0) -> Iterator[Source]:
    """The source itself, or the sources in it where it is an archive or compressed."""
    yield source


def _seekable(stream: BinaryIO) -> BinaryIO:
    return stream if stream.seekable() else cast(BinaryIO, io.BytesIO(stream.read()))
