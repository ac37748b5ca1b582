"""Join the stages. In: sources. Out: works, tagged works, and a folder with graph, tables, networks and pages.

``read`` → ``tag`` → ``build``. Equal input gives equal bytes, whatever the order of sources: works stand by id.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import __version__
from kg import corrections as corrected_tags
from kg.decisions import Decision, beside
from kg.errors import SourceError
from kg.model import Record, TaggedWork, Work
from kg.options import Options as Options
from kg.outdir import OutputFolder
from kg.progress import Progress
from kg.readers import Problem, Reading, Source, walk
from kg.report import Report
from kg.telling import Say, tell_problems
from kg.works import merge

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.duplicates import Pair

#: Up to so many works a build keeps those too that are on no alliance, concept or group, and writes graph.ttl.
WHOLE_UP_TO: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What reading gave.

    Parameters
    ----------
    works : sequence of Work
        In the order in which they first appear.
    sources : tuple of Source
        Those that a reader knew, sorted by name.
    formats, n_records : mapping of slug to reader, to number of records
    problems : tuple of Problem
    other_files : mapping of file ending to number
        Files that no reader knew.
    pairs : tuple of Pair
        Records that look alike: merged, or doubtful.
    """

    works: Sequence[Work]
    sources: tuple[Source, ...]
    formats: dict[str, str] = field(default_factory=dict)
    n_records: Counter[str] = field(default_factory=Counter)
    problems: tuple[Problem, ...] = ()
    other_files: Counter[str] = field(default_factory=Counter)
    pairs: tuple[Pair, ...] = ()

    @property
    def exit_status(self) -> int:
        """1 where a record was skipped."""
        return int(any(problem.severity == "skipped" for problem in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A folder that was built, or was already as it should be.

    Parameters
    ----------
    shares : mapping
        Seconds that each stage took.
    n_read, n_tagged : int
        Records that were read and works that were tagged now; the others were at hand from an earlier build.
    """

    folder: Path
    report: Report
    is_unchanged: bool = False
    seconds: float = 0.0
    shares: Mapping[str, float] = field(default_factory=dict)
    n_read: int = 0
    n_tagged: int = 0


def default_sources(folder: Path = Path("data")) -> list[Path]:
    """What is read where no source is named: what is in ``data/`` beside the sample, else the sample."""
    from kg.resources import sample_dir

    own = [
        path
        for path in (sorted(folder.iterdir()) if folder.is_dir() else [])
        if path.name != "sample" and not path.name.startswith(".")
    ]
    return own or [sample_dir()]


def read(
    names: Iterable[Path | str],
    *,
    columns: str | None = None,
    collection: str | None = None,
    say: Say = lambda words: None,
) -> Reads:
    """The works in files and folders, merged.

    Parameters
    ----------
    names : iterable of path
        Files, folders, ``-`` for standard input.
    columns, collection : str or None
        See `Options`.
    say : callable
        Told of each problem, as it is found.

    Raises
    ------
    SourceError
        A path is not there.
    """
    paths = list(names)
    return read_sources(walk(paths), decisions=beside(paths), columns=columns, collection=collection, say=say)


def read_sources(
    sources: Sequence[Source],
    *,
    decisions: Sequence[Decision] = (),
    columns: str | None = None,
    collection: str | None = None,
    say: Say = lambda words: None,
) -> Reads:
    """The works in sources, merged; what a person decided on duplicates holds."""
    from kg.engines.ranges import whole
    from kg.readers.columns import parse_choice

    chosen = parse_choice(columns) if columns else None
    formats: dict[str, str] = {}
    n_records: Counter[str] = Counter()
    problems: list[Problem] = []
    known: list[Source] = []
    unread: list[Source] = []

    def records() -> Iterator[Record]:
        for source in sources:
            reading = Reading(source, chosen=chosen, collection=collection)
            if reading.reader is None:
                unread.append(source)
            else:
                known.append(source)
                formats[source.slug] = reading.reader
            for item in whole(reading):
                if isinstance(item, Problem):
                    problems.append(item)
                else:
                    n_records[item.source] += 1
                    yield item

    merged = merge(records(), decisions)
    tell_problems(problems, say)
    passed_over = Counter(source.extension or source.name for source in unread)
    return Reads(
        works=merged.works,
        pairs=tuple(merged.pairs),
        sources=tuple(known),
        formats=formats,
        n_records=n_records,
        problems=tuple(problems),
        other_files=passed_over,
    )


def tag(works: Iterable[Work], authority: Authority, *, min_confidence: float = 0.0) -> Iterator[TaggedWork]:
    """Tag works, in their order; mentions below `min_confidence` are left out."""
    from kg.tagging.tagger import Tagger

    yield from Tagger(authority, min_confidence=min_confidence).tag_all(works)


def build(
    names: Sequence[Path | str],
    folder: Path,
    options: Options | None = None,
    *,
    say: Say = lambda words: None,
    progress: Progress | None = None,
) -> Built:
    """Read, tag and write everything that a build writes.

    Parameters
    ----------
    names : sequence of path
        Sources; none for those of `default_sources`.
    folder : Path
        Becomes a function of the sources named now.
    progress : Progress, optional
        Told how far the build is.

    Raises
    ------
    SourceError, KgError, StoreError
        A source is not there; the folder holds files that no build wrote; another build is writing.

    Notes
    -----
    What was read and tagged is kept in ``.kg-work`` below the folder: a build that was cut off goes on from there, and the next
    one reads and tags only what has changed. The result is the one that a build from nothing gives.
    """
    from kg.authority import load
    from kg.building import Builder

    options = options or Options()
    began = time.perf_counter()
    output = OutputFolder(folder)
    output.refuse_foreign()
    paths, far = _near_and_far(list(names) or default_sources(), options.engine)
    sources = [*walk(paths), *far]
    decisions = beside(paths)
    corrections = corrected_tags.beside(paths)
    authority = load(options.overlay, options.vocabularies, mode=options.vocabulary_mode)
    fingerprint = _fingerprint(sources, [*decisions, *corrections], authority, options)
    with output.locked():
        if not options.force and output.is_current(fingerprint):
            return Built(folder=folder, report=Report.read(folder / "report.json"), is_unchanged=True)
        builder = Builder(output, options, authority, WHOLE_UP_TO, progress or Progress(is_silent=True))
        report = builder.build(sources, decisions, corrections, fingerprint, program_digest(), say)
    return Built(
        folder=folder,
        report=report,
        seconds=time.perf_counter() - began,
        shares=builder.shares,
        n_read=builder.n_read,
        n_tagged=builder.n_tagged,
    )


def _near_and_far(names: Sequence[Path | str], engine: str) -> tuple[list[Path | str], list[Source]]:
    """Sources that this machine opens, and those that only a cluster does."""
    from kg.engines.spark import Spark, is_hadoop_path

    far = [str(name) for name in names if is_hadoop_path(str(name))]
    if far and engine != "spark":
        raise SourceError(f"{far[0]}: can be read on a cluster only; add --engine spark")
    near = [name for name in names if str(name) not in far]
    return near, list(Spark().sources(far)) if far else []


def _fingerprint(sources: Sequence[Source], decisions: Sequence[object], authority: Authority, options: Options) -> str:
    """A hash of everything that a build is made of, but for the time."""
    digest = hashlib.sha256()
    parts: list[Any] = [__version__, program_digest(), authority.digest]
    parts += [f"{source.name} {source.digest}" for source in sources]
    parts += [str(decision) for decision in decisions]
    parts += [
        f"{one.name}={getattr(options, one.name)}"
        for one in fields(options)
        if one.name not in {"force", "jobs", "engine", "overlay", "vocabularies", "vocabulary_mode"}
    ]
    digest.update("\n".join(parts).encode())
    return digest.hexdigest()


def program_digest() -> str:
    """A hash of this package's own files, so that a changed program builds anew."""
    folder = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".rq", ".html", ".css", ".js", ".csv", ".toml"} and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
