"""Readers: one module a format behind one registry. In: files, folders, bytes. Out: Records and Problems.

To add a format: one module here with ``sniff(head) -> float`` and ``read(reading) -> Iterator[Entry | Problem]``, one line in
`READERS`, one example in the tests. A format is told by its content; a file's name only breaks ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kg.model import Record
from kg.readers.reading import Head, Reading
from kg.readers.registry import READERS, Reader
from kg.readers.source import Problem, Source

__all__ = [
    "READERS",
    "Head",
    "Inspection",
    "Problem",
    "Reader",
    "Reading",
    "Source",
    "inspect",
    "read",
    "read_all",
    "walk",
]


def walk(paths: Iterable[Path | str]) -> list[Source]:
    """The sources in files and folders, sorted by name; archives are opened in place.

    Parameters
    ----------
    paths : iterable of path
        Files and folders; ``-`` is standard input.

    Raises
    ------
    SourceError
        A path that is not there.
    """
    from kg.readers.archives import sources_of

    found: dict[str, Source] = {}
    for path in paths:
        for source in sources_of(Path(path)):
            key = source.name
            n = 2
            while key in found and found[key].path != source.path:
                key = f"{source.name}#{n}"
                n += 1
            found.setdefault(key, source)
    return [found[name] for name in sorted(found)]


def read(
    source: Path | str | bytes | Source,
    *,
    reader: str | None = None,
    columns: str | Mapping[str, str] | None = None,
    collection: str | None = None,
    name: str = "text",
) -> Iterator[Record | Problem]:
    """The records of a file, folder, archive, or of bytes, and what was wrong with those that could not be read.

    Parameters
    ----------
    source : path, bytes or Source
    reader : str, optional
        Name in `READERS`; told by content where it is not given.
    columns : str or mapping, optional
        For tables: ``title=题名,abstract=摘要``.
    collection : str, optional
        For Zotero: only this collection and those in it.
    name : str
        What bytes are called in messages.

    Yields
    ------
    Record or Problem
        In the order of the source.
    """
    from kg.readers.columns import parse_choice

    chosen = parse_choice(columns) if isinstance(columns, str) else columns
    if isinstance(source, bytes):
        from kg.readers.archives import members

        sources: Iterable[Source] = members(Source.of_bytes(source, name))
    else:
        sources = [source] if isinstance(source, Source) else walk([source])
    for one in sources:
        yield from Reading(one, reader, chosen, collection)


def read_all(paths: Iterable[Path | str], *, columns: str | None = None) -> Iterator[Record | Problem]:
    """The records of several files and folders, sources in sorted order."""
    from kg.readers.columns import parse_choice

    chosen = parse_choice(columns) if columns else None
    for source in walk(paths):
        yield from Reading(source, chosen=chosen)


class Inspection(NamedTuple):
    """What a source is, and its first records."""

    name: str
    reader: str | None
    label: str | None
    encoding: str | None
    columns: dict[str, str]
    records: list[Record]
    problems: list[Problem]


def inspect(path: Path | str | Source, *, n: int = 3, columns: str | None = None) -> list[Inspection]:
    """What each source in a file (an archive may have several) is, with its first `n` records, without building."""
    from kg.readers.columns import parse_choice

    chosen = parse_choice(columns) if columns else None
    found: list[Inspection] = []
    for source in [path] if isinstance(path, Source) else walk([path]):
        reading = Reading(source, chosen=chosen)
        records: list[Record] = []
        problems: list[Problem] = []
        for item in reading:
            (records if isinstance(item, Record) else problems).append(item)  # type: ignore[arg-type]
            if len(records) >= n:
                break
        encoding = reading.encoding or (reading._lines.encoding if reading._lines else None)
        label = READERS[reading.reader].label if reading.reader else None
        found.append(Inspection(source.name, reading.reader, label, encoding, reading.columns, records, problems))
    return found
