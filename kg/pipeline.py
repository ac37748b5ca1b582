"""Join the stages. In: sources. Out: works, tagged works, and a folder with graph, tables, networks and pages.

``read`` → ``tag`` → ``build``. Equal input gives equal bytes, whatever the order of sources: works stand by id.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import __version__
from kg import corrections as corrected_tags
from kg.decisions import Decision, beside
from kg.errors import SourceError
from kg.model import KINDS, Record, TaggedWork, Work
from kg.outdir import OutputFolder, write
from kg.readers import Problem, Reading, Source, walk
from kg.report import Fault, Report, SourceCount
from kg.works import merge

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.duplicates import Pair
    from kg.rdf.files import Frame

Say = Callable[[str], None]

#: Up to so many works a build keeps those too that are on no alliance, concept or group, and writes graph.ttl.
WHOLE_UP_TO: Final = 5_000
#: Problems that are said one by one; the rest is counted, and stands in report.json.
_SAID: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to build.

    Parameters
    ----------
    overlay, vocabularies, vocabulary_mode
        A user's own ontology, see `kg.authority.load`.
    columns : str or None
        Which columns of a table hold what, ``title=题名,abstract=摘要``.
    collection : str or None
        Of a Zotero library, only this collection and those in it.
    keep_all : bool
        Keep works that are on no alliance, concept or group, however many works there are.
    pages : bool
        Write HTML.
    base : str or None
        Where the graph's own IRIs begin.
    force : bool
        Build even where nothing has changed.
    """

    overlay: Path | None = None
    vocabularies: tuple[Path, ...] = ()
    vocabulary_mode: str = "add"
    columns: str | None = None
    collection: str | None = None
    keep_all: bool = False
    pages: bool = True
    base: str | None = None
    force: bool = False


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
    """A folder that was built, or was already as it should be."""

    folder: Path
    report: Report
    is_unchanged: bool = False
    seconds: float = 0.0


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
            for item in _whole(reading):
                if isinstance(item, Problem):
                    if item.severity != "note" and len(problems) < _SAID:
                        say(str(item))
                    problems.append(item)
                else:
                    n_records[item.source] += 1
                    yield item

    merged = merge(records(), decisions)
    n_silent = sum(problem.severity != "note" for problem in problems[_SAID:])
    if n_silent:
        say(f"… and {n_silent} more; all stand in report.json of a build")
    passed_over = Counter(source.extension or source.name for source in unread)
    notes = [problem for problem in problems if problem.severity == "note"]
    if notes:
        say(_in_one_line(notes))
    return Reads(
        works=merged.works,
        pairs=tuple(merged.pairs),
        sources=tuple(known),
        formats=formats,
        n_records=n_records,
        problems=tuple(problems),
        other_files=passed_over,
    )


def _whole(reading: Reading) -> Iterator[Record | Problem]:
    """What a reading gives; a source that must not be read further is a problem like another."""
    try:
        yield from reading
    except SourceError as error:
        where, _, reason = str(error).partition(": ")
        yield Problem(where, reason) if reason else Problem(reading.source.name, where)


def _in_one_line(notes: Sequence[Problem]) -> str:
    """Files that hold no record, in one line that says what to do about them."""
    if len(notes) == 1:
        return str(notes[0])
    names = ", ".join(note.where for note in notes[:5]) + (" …" if len(notes) > 5 else "")
    remedies = {note.remedy: None for note in notes if note.remedy}
    return f"{len(notes)} files hold no record ({names})" + "".join(f"; {remedy}" for remedy in remedies)


def tag(works: Iterable[Work], authority: Authority) -> Iterator[TaggedWork]:
    """Tag works, in their order."""
    from kg.tagging.tagger import Tagger

    tagger = Tagger(authority)
    for work in works:
        yield tagger.tag(work)


def build(
    names: Sequence[Path | str],
    folder: Path,
    options: Options | None = None,
    *,
    say: Say = lambda words: None,
) -> Built:
    """Read, tag and write everything that a build writes.

    Parameters
    ----------
    names : sequence of path
        Sources; none for those of `default_sources`.
    folder : Path
        Becomes a function of the sources named now.

    Raises
    ------
    SourceError, KgError, StoreError
        A source is not there; the folder holds files that no build wrote; another build is writing.
    """
    from kg.authority import load

    options = options or Options()
    began = time.perf_counter()
    output = OutputFolder(folder)
    output.refuse_foreign()
    paths = list(names) or default_sources()
    sources = walk(paths)
    decisions = beside(paths)
    corrections = corrected_tags.beside(paths)
    authority = load(options.overlay, options.vocabularies, mode=options.vocabulary_mode)
    fingerprint = _fingerprint(sources, [*decisions, *corrections], authority, options)
    with output.locked():
        if not options.force and output.is_current(fingerprint):
            return Built(folder=folder, report=Report.read(folder / "report.json"), is_unchanged=True)
        reads = read_sources(
            sources, decisions=decisions, columns=options.columns, collection=options.collection, say=say
        )
        found = corrected_tags.corrected(tag(reads.works, authority), corrections)
        tagged = sorted(found, key=lambda work: work.id)
        report = _write_all(output, reads, tagged, authority, options, fingerprint)
    return Built(folder=folder, report=report, seconds=time.perf_counter() - began)


def _write_all(
    output: OutputFolder,
    reads: Reads,
    tagged: Sequence[TaggedWork],
    authority: Authority,
    options: Options,
    fingerprint: str,
) -> Report:
    """Make every file aside, move them into place, and index the graph."""
    from kg import jsonl, network, search, store
    from kg.evidence import COLUMNS, pair_rows
    from kg.rdf.files import write_quads
    from kg.rdf.turtle import write_turtle
    from kg.tables import csv_bytes

    whole = options.keep_all or len(tagged) <= WHOLE_UP_TO
    kept = list(tagged) if whole else [work for work in tagged if work.is_relevant]
    left_out = {} if whole else _left_out(tagged)
    frame = _frame(reads, tagged, kept, authority, options)
    new = output.staging
    own = _copy_vocabulary(options, new)
    report = replace(_report(reads, tagged, left_out, frame), **own)
    write(new, "works.jsonl", jsonl.write(kept))
    write(new, "pairs.csv", csv_bytes(COLUMNS, pair_rows(kept, authority)))
    write(new, "report.json", report.to_bytes())
    _carry_over(output)
    write_quads(kept, new / "quads", frame)
    if len(kept) <= WHOLE_UP_TO:
        write_turtle(new / "quads", new / "graph.ttl", frame.base)
    network.write_networks(kept, authority, new / "network")
    if options.pages:
        from kg.views import write_site

        write_site(kept, authority, new, report)
    output.move_in(fingerprint)
    store.load(output.path / "quads", output.path / "store")
    works = output.path / "works.jsonl"
    search.build_index(kept, output.path / "store" / search.NAME, fingerprint=search.fingerprint(works))
    return report


def _copy_vocabulary(options: Options, folder: Path) -> dict[str, Any]:
    """Keep a user's own ontology with the graph, so that it is known where the graph is asked; what the report says of it."""
    own: dict[str, Any] = {"vocabulary_mode": options.vocabulary_mode}
    if options.overlay is not None:
        for path in sorted(options.overlay.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                write(
                    folder / "vocabulary" / "overlay", path.relative_to(options.overlay).as_posix(), path.read_bytes()
                )
        own["overlay"] = "vocabulary/overlay"
    names = []
    for number, path in enumerate(options.vocabularies, 1):
        names.append(f"vocabulary/{number}-{path.name}")
        write(folder, names[-1], path.read_bytes())
    return own | {"vocabularies": tuple(names)}


def _carry_over(output: OutputFolder) -> None:
    """What a build goes on from: when works were first seen, and where they lie on the map that a reader knows."""
    manifest = output.manifest()
    for name in sorted(manifest.files) if manifest else ():
        if name.startswith("quads/history/") or name == "positions.csv":
            (output.staging / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(output.path / name, output.staging / name)


def _fingerprint(sources: Sequence[Source], decisions: Sequence[object], authority: Authority, options: Options) -> str:
    """A hash of everything that a build is made of, but for the time."""
    digest = hashlib.sha256()
    parts: list[Any] = [__version__, program_digest(), authority.digest]
    parts += [f"{source.name} {source.digest}" for source in sources]
    parts += [str(decision) for decision in decisions]
    parts += [
        f"{one.name}={getattr(options, one.name)}"
        for one in fields(options)
        if one.name not in {"force", "overlay", "vocabularies", "vocabulary_mode"}
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


def _frame(
    reads: Reads, tagged: Sequence[TaggedWork], kept: Sequence[TaggedWork], authority: Authority, options: Options
) -> Frame:
    """What is the same for all works of a graph."""
    from kg.rdf.files import Frame
    from kg.rdf.meta import Provenance, timestamp
    from kg.rdf.meta import Source as Named
    from kg.terms import Base

    n_read = Counter(work.work.source for work in tagged)
    n_kept = Counter(work.work.source for work in kept)
    named = {
        source.slug: Named(
            slug=source.slug,
            sha256=source.digest,
            label=source.name,
            n_read=n_read[source.slug],
            n_kept=n_kept[source.slug],
        )
        for source in reads.sources
    }
    provenance = Provenance(
        version=__version__,
        ontology_version=authority.version,
        ontology_digest=authority.digest,
        sources=tuple(named[slug] for slug in sorted(named)),
        time=timestamp(),
    )
    return Frame(authority=authority, base=Base(options.base) if options.base else Base(), provenance=provenance)


def _left_out(tagged: Iterable[TaggedWork]) -> dict[str, list[int]]:
    """Numbers of the records of works that are not relevant, by source."""
    found: dict[str, list[int]] = {}
    for work in tagged:
        if not work.is_relevant and work.work.records:
            first = work.work.records[0]
            found.setdefault(first.source, []).append(first.number)
    return found


def _report(reads: Reads, tagged: Sequence[TaggedWork], left_out: dict[str, list[int]], frame: Frame) -> Report:
    """Count what was read and found."""
    works = [one.work for one in tagged]
    n_works = Counter(work.source for work in works)
    by_slug = {source.slug: source for source in reads.sources}
    return Report(
        version=__version__,
        ontology_version=frame.authority.version,
        ontology_digest=frame.authority.digest,
        time=frame.provenance.time or "",
        base=frame.base.iri,
        sources=tuple(
            SourceCount(
                slug=slug,
                name=by_slug[slug].name,
                format=reads.formats[slug],
                n_records=reads.n_records[slug],
                n_works=n_works[slug],
                n_left_out=len(left_out.get(slug, ())),
                left_out=tuple(sorted(left_out.get(slug, ()))),
            )
            for slug in sorted(by_slug)
        ),
        faults=tuple(
            Fault(where=p.where, reason=p.reason, remedy=p.remedy, severity=p.severity) for p in reads.problems
        ),
        other_files=dict(sorted(reads.other_files.items())),
        n_records=sum(reads.n_records.values()),
        n_works=len(works),
        n_relevant=sum(one.is_relevant for one in tagged),
        n_merged=sum(len(work.records) > 1 for work in works),
        n_without_title=sum(not any(text.title for text in work.texts) for work in works),
        n_without_year=sum(work.year is None for work in works),
        n_without_authors=sum(not work.authors for work in works),
        languages=_counted(work.lang for work in works),
        years=_counted("" if work.year is None else str(work.year) for work in works),
        tags={kind: _counted(tag for one in tagged for tag in one.tags(kind)) for kind in KINDS},
        n_mentions=sum(len(mentions) for one in tagged for kind in KINDS for mentions in one.tags(kind).values()),
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
