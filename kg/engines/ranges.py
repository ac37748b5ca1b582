"""Ranges of sources, each read by itself. In: sources. Out: tasks; for each its records on disk, and counts.

A source is one range, but for large files of JSON Lines in UTF-8, which are cut at line ends. What was read is kept under the hash
of the range's bytes, the source's name and how it was read, so that the next build reads only what has changed: of a large file
that has grown, the end.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from kg.engines.record_file import RecordFile, write_records
from kg.engines.vocabulary import OURS, Vocabulary, tagger_of
from kg.errors import SourceError
from kg.model import Record
from kg.readers import Problem, Reading, Source
from kg.readers.columns import parse_choice

#: A file of JSON Lines larger than this is cut into ranges of about this size.
RANGE_BYTES: Final = 24 << 20
_LINE_READERS: Final = frozenset({"jsonl", "openalex", "crossref", "csl"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTask:
    """One range of one source.

    Parameters
    ----------
    name, digest : str
        Of the source; the digest is that of the whole source.
    path : str
        The file, or the address of a source that lies elsewhere.
    reader : str or None
        Name of the reader; None to tell it by content.
    begin, end : int
        Bytes of the range; ``end`` -1 for all.
    first_line : int
        Number of the line with which it begins.
    columns, collection : str or None
        See `kg.options.Options`.
    folder : str
        Where the records go.
    gate_digest : str
        Of the vocabulary; empty where every record is kept.
    vocabulary : Vocabulary
        By which records are judged.
    """

    name: str
    digest: str
    path: str
    folder: str
    reader: str | None = None
    begin: int = 0
    end: int = -1
    first_line: int = 1
    columns: str | None = None
    collection: str | None = None
    gate_digest: str = ""
    vocabulary: Vocabulary = OURS


@dataclass(frozen=True)
class FarSource(Source):
    """A source that lies where this process cannot open it.

    Parameters
    ----------
    address : str
    """

    address: str = ""


@dataclass(frozen=True, slots=True)
class RangeCounts:
    """What reading a range gave: how many records, and whether the range was read now."""

    n_records: int
    was_read: bool


class _Cut(io.RawIOBase):
    """Some bytes of a file."""

    def __init__(self, path: str, begin: int, end: int) -> None:
        super().__init__()
        self._file = Path(path).open("rb")  # noqa: SIM115
        self._file.seek(begin)
        self._left = end - begin

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)[: self._left]
        n = self._file.readinto(view) if len(view) else 0
        self._left -= n
        return n

    def close(self) -> None:
        self._file.close()
        super().close()


def source_of(task: ReadTask) -> Source:
    """The source of a task, or the part of it that the task is about."""
    if task.end < 0:
        source = Source.of_file(Path(task.path), task.name)
    else:

        def cut() -> BinaryIO:
            return io.BufferedReader(_Cut(task.path, task.begin, task.end), 1 << 18)

        source = Source(task.name, cut)
        vars(source)["sample"] = Source.of_file(Path(task.path)).sample  # what the whole file is
    vars(source)["digest"] = task.digest  # known; of a part it is that of the whole
    return source


def plan(
    source: Source,
    folder: Path,
    *,
    program: str,
    columns: str | None = None,
    collection: str | None = None,
    gate_digest: str = "",
    vocabulary: Vocabulary = OURS,
) -> list[ReadTask]:
    """The ranges of a source that is a plain file.

    Parameters
    ----------
    folder : Path
        Below it each range has a folder of its own.
    program : str
        Digest of what reads; with another one everything is read again.
    """
    read_as = "\n".join((program, source.name, columns or "", collection or ""))

    def task(digest: str, begin: int = 0, end: int = -1, line: int = 1, reader: str | None = None) -> ReadTask:
        made_of = f"{read_as}\n{digest}\n{reader} {line} {end - begin}"
        stem = hashlib.sha256(made_of.encode("utf-8", "replace")).hexdigest()[:24]
        return ReadTask(
            name=source.name, digest=source.digest, folder=str(folder / stem),
            path=source.address if isinstance(source, FarSource) else str(source.path.absolute()) if source.path else "",
            begin=begin, end=end, first_line=line, reader=reader, columns=columns, collection=collection, gate_digest=gate_digest,
            vocabulary=vocabulary,
        )  # fmt: skip

    reader = _reader_of_lines(source, columns)
    if reader is None or source.path is None:
        return [task(source.digest)]
    return [task(digest, begin, end, line, reader) for begin, end, line, digest in _cuts(source)]


def _reader_of_lines(source: Source, columns: str | None) -> str | None:
    """The reader of a large file of JSON Lines that can be cut, None for any other source."""
    from kg.readers.objects import is_lines

    if source.path is None or source.path.stat().st_size <= RANGE_BYTES:
        return None
    try:
        source.sample.rpartition(b"\n")[0].decode("utf-8")
    except UnicodeDecodeError:
        return None
    reading = Reading(source, chosen=parse_choice(columns) if columns else None)
    whole = reading.reader in _LINE_READERS and not source.sample.startswith(b"\xef\xbb\xbf")
    return reading.reader if whole and is_lines(reading.head.lines) else None


def _cuts(source: Source) -> Iterator[tuple[int, int, int, str]]:
    """Beginning, end, first line and hash of each range; they end at line ends."""
    begin, line = 0, 1
    with source.open() as file:
        while data := file.read(RANGE_BYTES):
            if not data.endswith(b"\n"):
                data += file.readline()
            digest = hashlib.blake2b(data, digest_size=16).hexdigest()
            yield begin, begin + len(data), line, digest
            line += data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")  # a lone CR ends a line, too
            begin += len(data)


def read_range(task: ReadTask, source: Source | None = None) -> RangeCounts:
    """Read a range, unless it was read before, and judge which of its records may be relevant.

    Parameters
    ----------
    source : Source, optional
        Where it is no plain file that any process can open.
    """
    kept = RecordFile(Path(task.folder))
    was_there = kept.is_there()
    if not was_there:
        read_source(source or source_of(task), task)
    if task.gate_digest and kept.gate(task.gate_digest) is None:
        judge = tagger_of(task.vocabulary).relevance
        kept.write_gate(task.gate_digest, (judge(record.texts) for record in records_of(kept)))
    return RangeCounts(len(RecordFile(Path(task.folder))), not was_there)


def read_source(source: Source, task: ReadTask) -> None:
    """Write the records of a source, or of a part of it, to the folder of the task."""
    reading = Reading(
        source,
        task.reader,
        parse_choice(task.columns) if task.columns else None,
        task.collection,
        first_line=task.first_line,
    )
    problems: list[Problem] = []
    judge = tagger_of(task.vocabulary).relevance if task.gate_digest else None

    def records() -> Iterator[Record]:
        for item in whole(reading):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                yield item

    write_records(
        Path(task.folder),
        records(),
        lambda: {
            "reader": reading.reader,
            "encoding": reading.encoding,
            "n_entries": reading.n_entries,
            "problems": [[p.where, p.reason, p.remedy, p.severity] for p in problems],
        },
        gate_digest=task.gate_digest,
        judge=(lambda record: judge(record.texts)) if judge else None,
    )


def whole(reading: Reading) -> Iterator[Record | Problem]:
    """What a reading gives; a source that must not be read further is a problem like another."""
    try:
        yield from reading
    except SourceError as error:
        where, _, reason = str(error).partition(": ")
        yield Problem(where, reason) if reason else Problem(reading.source.name, where)


def records_of(kept: RecordFile) -> Iterator[Record]:
    """The records of a range in their order, read in one go."""
    import pickle

    with (kept.folder / "data").open("rb", buffering=1 << 20) as file:
        for _ in range(len(kept)):
            yield pickle.load(file)


def problems_of(files: Sequence[RecordFile]) -> list[Problem]:
    """What was wrong in some ranges."""
    return [Problem(*plain) for kept in files for plain in kept.meta["problems"]]
