"""A build from its stages. In: sources, a vocabulary, options. Out: every file of a build, in its folder; a report.

read → gather → tag (`kg.engines`) → join. Each stage leaves files in ``.kg-work``, under hashes of what they were made of: what is
there whole is not made again, whether a build was cut off or the next one has mostly the same input.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import __version__
from kg.corrections import Correction
from kg.decisions import Decision
from kg.engines import Engine, local
from kg.engines.gather import Gathered, Part, gather, shard_of, works_in
from kg.engines.ranges import FarSource, RangeCounts, ReadTask, plan, problems_of, read_range
from kg.engines.record_file import RecordFile
from kg.engines.shards import ShardCounts, TagTask, adopt, merged_lines, pairs_of, tag_shard
from kg.engines.vocabulary import Vocabulary, tagger_of
from kg.model import KINDS
from kg.outdir import WORK, OutputFolder, write
from kg.progress import Progress
from kg.readers import Problem, Source
from kg.report import Fault, Report, SourceCount

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.rdf.files import Frame
    from kg.rdf.meta import Provenance
    from kg.views.words import PageLang

Say = Callable[[str], None]

#: Problems that are said one by one; the rest is counted, and stands in report.json.
_SAID: Final = 50
#: Records are judged while they are read where there are so many bytes; else only where there prove to be many.
_MUCH: Final = 8 << 20
#: Up to so many kept works are held in memory while pages are written, some 25 KB each.
_IN_MEMORY: Final = 30_000
#: Below so many bytes one process is as fast as several.
_WORTH_SPREADING: Final = 4 << 20


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
    jobs : int
        Processes that read and tag; 0 for as many as fit the machine where there is much to do.
    min_confidence : float
        Mentions that are less sure are left out.
    engine : str
        ``local``, or ``spark`` for a cluster (`kg.engines.spark`).
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
    jobs: int = 1
    min_confidence: float = 0.0
    engine: str = "local"


class Builder:
    """One build of one folder.

    Parameters
    ----------
    output : OutputFolder
        Locked.
    options : Options
    authority : Authority
        What `options` names.
    whole_up_to : int
        Up to so many works all are kept.
    progress : Progress

    Attributes
    ----------
    shares : dict of str to float
        Seconds that each stage took.
    n_read, n_tagged : int
        Records that were read and works that were tagged now, the others being at hand from an earlier build.
    """

    def __init__(
        self, output: OutputFolder, options: Options, authority: Authority, whole_up_to: int, progress: Progress
    ) -> None:
        self.output = output
        self.options = options
        self.authority = authority
        self.whole_up_to = whole_up_to
        self.progress = progress
        self.shares: dict[str, float] = {}
        self.n_read = self.n_tagged = 0
        self.work = output.path / WORK
        self.vocabulary = Vocabulary(
            overlay=str(options.overlay or ""),
            vocabularies=tuple(map(str, options.vocabularies)),
            mode=options.vocabulary_mode,
            min_confidence=options.min_confidence,
        )
        self.engine: Engine = local.Local()
        self._began = time.perf_counter()

    def build(
        self,
        sources: Sequence[Source],
        decisions: Sequence[Decision],
        corrections: Sequence[Correction],
        fingerprint: str,
        program: str,
        say: Say,
    ) -> Report:
        """Make every file, and put them in place.

        Parameters
        ----------
        fingerprint : str
            Of everything that the build is made of.
        program : str
            Digest of this package's files.
        """
        self.engine = self._engine(sources)
        files, problems, other_files = self._read(sources, program)
        tell_problems(problems, say)
        self._share("read")
        parts = _parts(files)
        keep_all, gathered = self._gather(parts, decisions, corrections, files)
        self._share("merge")
        provenance = self._provenance(files, Counter(), Counter())
        tasks = self._tag_tasks(gathered, program, provenance, keep_all, corrections)
        counts = self._tag(tasks, gathered.n_works)
        self._share("tag and write quads")
        read_by = Counter({slug: len(numbers) for slug, numbers in gathered.left_out.items()})
        provenance = self._provenance(files, counts.by_source + read_by, counts.kept_by_source)
        frame = self._frame(provenance)
        report = self._report(files, problems, other_files, gathered, counts, frame, keep_all)
        self._join([Path(task.folder) for task in tasks], report, frame, fingerprint)
        self._clear(files, tasks)
        return report

    def _share(self, stage: str) -> None:
        now = time.perf_counter()
        self.shares[stage] = self.shares.get(stage, 0.0) + now - self._began
        self._began = now

    def _engine(self, sources: Sequence[Source]) -> Engine:
        """Where tasks are done: in as many processes as were asked for, else as fit where there is much to do."""
        if self.options.engine == "spark":
            from kg.engines.spark import Spark

            tagger_of(self.vocabulary)  # compiled here once, then shipped
            return Spark()
        if self.options.jobs > 0:
            return local.Local(self.options.jobs)
        is_much = _size(sources) > _WORTH_SPREADING and local.can_spread()
        return local.Local(local.jobs_of_machine() if is_much else 1)

    def _read(
        self, sources: Sequence[Source], program: str
    ) -> tuple[list[tuple[Source, list[ReadTask]]], list[Problem], Counter[str]]:
        """Read what is not there yet; gives the tasks by source, what was wrong, and the files that no reader knows."""
        judged_at_once = not self.options.keep_all and _size(sources) > _MUCH
        files = [
            (
                source,
                plan(
                    source, self.work / "ranges", program=program, columns=self.options.columns,
                    collection=self.options.collection, gate_digest=self._gate() if judged_at_once else "",
                    vocabulary=self.vocabulary,
                ),
            )
            for source in sources
        ]  # fmt: skip
        self._run_ranges(files, "reading")
        kept, problems, other = [], [], Counter[str]()
        for source, tasks in files:
            ranges = [RecordFile(Path(task.folder)) for task in tasks]
            problems += problems_of(ranges)
            if ranges[0].meta["reader"] is None:
                other[source.extension or source.name] += 1
            else:
                kept.append((source, tasks))
        return kept, problems, other

    def _run_ranges(self, files: Sequence[tuple[Source, list[ReadTask]]], stage: str) -> None:
        self.progress.begin(stage, 0, "records")
        found: list[RangeCounts] = []
        for source, tasks in files:
            if source.path is None and not isinstance(source, FarSource):
                for task in tasks:
                    found.append(read_range(task, source))
                    self.progress.more(found[-1].n_records)
        far = [task for source, tasks in files if isinstance(source, FarSource) for task in tasks]
        for counts in self.engine.read(far):
            found.append(counts)
            self.progress.more(counts.n_records)
        spread = {task.folder: task for source, tasks in files for task in tasks if source.path is not None}
        for _, counts in self.engine.run(read_range, list(spread.values())):  # equal files are read once
            found.append(counts)
            self.progress.more(counts.n_records)
        self.n_read += sum(counts.n_records for counts in found if counts.was_read)
        self.progress.end()

    def _near(self) -> int:
        """Processes for what is done on this machine, whichever engine does the rest."""
        return min(self.engine.jobs, local.jobs_of_machine())

    def _gate(self) -> str:
        return hashlib.sha256(f"{self.authority.digest} {__version__}".encode()).hexdigest()

    def _gather(
        self,
        parts: Sequence[Part],
        decisions: Sequence[Decision],
        corrections: Sequence[Correction],
        files: Sequence[tuple[Source, list[ReadTask]]],
    ) -> tuple[bool, Gathered]:
        """Whether all works are kept, and the works in shards."""
        folder = self.work / "works"
        n_records = sum(len(part.records) for part in parts)
        if self.options.keep_all or n_records <= 2 * self.whole_up_to:
            everything = gather(parts, folder, gate_digest="", decisions=decisions, jobs=self._near())
            if self.options.keep_all or everything.n_works <= self.whole_up_to:
                return True, everything
        gate = self._gate()
        if any(part.records.gate(gate) is None for part in parts):
            judged = [(source, [replace(task, gate_digest=gate) for task in tasks]) for source, tasks in files]
            self._run_ranges(judged, "judging")
        wanted = {correction.work for correction in corrections}
        return False, gather(parts, folder, gate_digest=gate, decisions=decisions, wanted=wanted, jobs=self._near())

    def _tag_tasks(
        self,
        gathered: Gathered,
        program: str,
        provenance: Provenance,
        keep_all: bool,
        corrections: Sequence[Correction],
    ) -> list[TagTask]:
        n_shards = len(gathered.shards)
        folder = self.work / f"shards-{n_shards}"
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(f"{program} {self.authority.digest} {self.options.min_confidence}".encode()).hexdigest()
        by_shard: dict[int, list[Correction]] = {}
        if corrections:
            shards = {
                name: number
                for number, path in enumerate(gathered.shards)
                for work in works_in(path)
                for name in (work.id, *work.aliases)
            }
            for one in corrections:
                by_shard.setdefault(shards.get(one.work, shard_of(one.work, n_shards)), []).append(one)
        return [
            TagTask(
                number=number,
                works=str(path),
                folder=str(folder / f"{number:05d}"),
                vocabulary=self.vocabulary,
                program=digest,
                base=self.options.base or "",
                provenance=provenance,
                keep_all=keep_all,
                corrections=tuple(by_shard.get(number, ())),
            )
            for number, path in enumerate(gathered.shards)
        ]

    def _tag(self, tasks: Sequence[TagTask], n_works: int) -> ShardCounts:
        self.progress.begin("tagging", n_works, "works")
        found: dict[int, ShardCounts] = {}
        for at, counts in self.engine.run(tag_shard, tasks):
            found[at] = counts
            self.progress.more(counts.n_works)
        self.progress.end()
        total = ShardCounts()
        for at in sorted(found):
            total += found[at]
        self.n_tagged = total.n_tagged
        return total

    def _provenance(
        self, files: Sequence[tuple[Source, list[ReadTask]]], n_read: Counter[str], n_kept: Counter[str]
    ) -> Provenance:
        from kg.rdf.meta import Provenance, timestamp
        from kg.rdf.meta import Source as Named

        named = {
            source.slug: Named(
                slug=source.slug,
                sha256=source.digest,
                label=source.name,
                n_read=n_read[source.slug],
                n_kept=n_kept[source.slug],
            )
            for source, _ in files
        }
        return Provenance(
            version=__version__,
            ontology_version=self.authority.version,
            ontology_digest=self.authority.digest,
            sources=tuple(named[slug] for slug in sorted(named)),
            time=timestamp(),
        )

    def _frame(self, provenance: Provenance) -> Frame:
        """What is the same for all works of a graph."""
        from kg.rdf.files import Frame
        from kg.terms import Base

        base = Base(self.options.base) if self.options.base else Base()
        return Frame(authority=self.authority, base=base, provenance=provenance)

    def _report(
        self,
        files: Sequence[tuple[Source, list[ReadTask]]],
        problems: Sequence[Problem],
        other_files: Counter[str],
        gathered: Gathered,
        counts: ShardCounts,
        frame: Frame,
        keep_all: bool,
    ) -> Report:
        """Count what was read and found."""
        left_out = {} if keep_all else _together(gathered.left_out, counts.left_out)
        n_out = sum(map(len, gathered.left_out.values()))
        by_slug = {source.slug: (source, tasks) for source, tasks in files}
        read: Counter[str] = Counter()
        for source, tasks in files:
            read[source.slug] += sum(len(RecordFile(Path(task.folder))) for task in tasks)
        return Report(
            version=__version__,
            ontology_version=self.authority.version,
            ontology_digest=self.authority.digest,
            time=frame.provenance.time or "",
            base=frame.base.iri,
            sources=tuple(
                SourceCount(
                    slug=slug,
                    name=source.name,
                    format=str(RecordFile(Path(tasks[0].folder)).meta["reader"]),
                    n_records=read[slug],
                    n_works=counts.by_source[slug] + len(gathered.left_out.get(slug, ())),
                    n_left_out=len(left_out.get(slug, ())),
                    left_out=tuple(sorted(left_out.get(slug, ()))),
                )
                for slug, (source, tasks) in sorted(by_slug.items())
            ),
            faults=tuple(Fault(where=p.where, reason=p.reason, remedy=p.remedy, severity=p.severity) for p in problems),
            other_files=dict(sorted(other_files.items())),
            n_records=sum(read.values()),
            n_works=counts.n_works + n_out,
            n_relevant=counts.n_relevant,
            n_merged=counts.n_merged,
            n_without_title=counts.n_without_title + gathered.n_without_title,
            n_without_year=counts.n_without_year + gathered.years[""],
            n_without_authors=counts.n_without_authors + gathered.n_without_authors,
            languages=_sorted(counts.languages + gathered.languages),
            years=_sorted(counts.years + gathered.years),
            tags={kind: _sorted(counts.tags[kind]) for kind in KINDS},
            n_mentions=counts.n_mentions,
        )

    def _join(self, shards: Sequence[Path], report: Report, frame: Frame, fingerprint: str) -> None:
        """Make every file aside from what the shards hold, move them into place, and index the graph."""
        from kg import search, store
        from kg.evidence import COLUMNS, PairRow
        from kg.evidence import order as pair_order
        from kg.rdf import files as quads
        from kg.rdf.turtle import write_turtle
        from kg.tables import csv_bytes
        from kg.tagged_file import TaggedFile

        new = self.output.staging
        report = replace(report, **_copy_vocabulary(self.options, new))
        write(new, "works.jsonl", merged_lines(shards))
        write(new, "pairs.csv", csv_bytes(COLUMNS, pairs_of(shards, lambda row: pair_order(PairRow(*row)))))
        write(new, "report.json", report.to_bytes())
        _carry_over(self.output)
        adopt(shards, quads.start(new / "quads"))
        quads.finish(new / "quads", frame)
        n_kept = len(TaggedFile(new / "works.jsonl"))
        is_small = n_kept <= self.whole_up_to
        if is_small:
            write_turtle(new / "quads", new / "graph.ttl", frame.base)
        self._share("join")
        spread = self.engine.jobs > 1 and not is_small
        views = self._views(new, report, n_kept, spread)
        works = self.output.path / "works.jsonl"
        place = self.output.path / "store" / search.NAME

        def put_in_place() -> None:
            self._share("load")
            shown.wait()
            self._share("networks and pages")
            self.output.move_in(fingerprint)
            search.build_index(TaggedFile(works), place, fingerprint=search.fingerprint(works))
            self._share("index")

        with local.Beside(write_views, views, spread=spread) as shown:
            store.load(new / "quads", self.output.path / "store", before_switch=put_in_place)

    def _views(self, folder: Path, report: Report, n_kept: int, spread: bool) -> list[ViewsTask]:
        """What is drawn: all in one task, or the pages of each language in one of its own, the first with the networks."""
        positions = folder / "positions.csv"
        whole = ViewsTask(
            folder=str(folder),
            vocabulary=self.vocabulary,
            report=report,
            langs=("en", "zh") if self.options.pages else (),
            networks=True,
            in_memory=n_kept <= _IN_MEMORY,
            earlier=positions.read_bytes() if positions.is_file() else b"",
        )
        if not spread or not self.options.pages:
            return [whole]
        return [replace(whole, langs=("en",)), replace(whole, langs=("zh",), networks=False)]

    def _clear(self, files: Sequence[tuple[Source, list[ReadTask]]], tasks: Sequence[TagTask]) -> None:
        """Let go what no build of these sources would use again."""
        used = {Path(task.folder) for _, ranges in files for task in ranges} | {Path(task.folder) for task in tasks}
        used |= {path.parent for path in used}
        for path in [*self.work.glob("*"), *self.work.glob("*/*")]:
            if path not in used and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewsTask:
    """What is drawn of a build.

    Parameters
    ----------
    folder : str
        With ``works.jsonl``; files are written there.
    vocabulary : Vocabulary
    report : Report
    langs : tuple of str
        Languages of the pages that are written.
    networks, in_memory : bool
        Whether networks are written; whether the works are held in memory meanwhile.
    earlier : bytes
        Positions of the map of the build before.
    """

    folder: str
    vocabulary: Vocabulary
    report: Report
    langs: tuple[PageLang, ...]
    networks: bool
    in_memory: bool
    earlier: bytes


def write_views(task: ViewsTask) -> None:
    """Write networks and pages."""
    from kg.tagged_file import TaggedFile

    folder = Path(task.folder)
    authority = task.vocabulary.load()
    on_disk = TaggedFile(folder / "works.jsonl")
    works = list(on_disk) if task.in_memory else on_disk
    if task.networks:
        from kg import network

        network.write_networks(works, authority, folder / "network")
    if task.langs:
        from kg.views import write_site

        write_site(works, authority, folder, task.report, langs=task.langs, earlier=task.earlier)


def _size(sources: Iterable[Source]) -> int:
    """Bytes of the sources that are plain files."""
    return sum(source.path.stat().st_size for source in sources if source.path is not None and source.path.is_file())


def _parts(files: Sequence[tuple[Source, list[ReadTask]]]) -> list[Part]:
    """All ranges in their order, each with the number of the last record before it in its source."""
    parts = []
    for source, tasks in files:
        before = 0
        for task in tasks:
            records = RecordFile(Path(task.folder))
            parts.append(Part(records, source.slug, before))
            before += int(records.meta["n_entries"])
    return parts


def _together(*several: dict[str, list[int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in several:
        for slug, numbers in one.items():
            found.setdefault(slug, []).extend(numbers)
    return found


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def tell_problems(problems: Sequence[Problem], say: Say) -> None:
    """Say what was wrong in sources: the first fifty one by one, files that hold no record in one line."""
    loud = [problem for problem in problems if problem.severity != "note"]
    for problem in loud[:_SAID]:
        say(str(problem))
    if len(loud) > _SAID:
        say(f"… and {len(loud) - _SAID} more; all stand in report.json of a build")
    notes = [problem for problem in problems if problem.severity == "note"]
    if notes:
        say(_in_one_line(notes))


def _in_one_line(notes: Sequence[Problem]) -> str:
    """Files that hold no record, in one line that says what to do about them."""
    if len(notes) == 1:
        return str(notes[0])
    names = ", ".join(note.where for note in notes[:5]) + (" …" if len(notes) > 5 else "")
    remedies = {note.remedy: None for note in notes if note.remedy}
    return f"{len(notes)} files hold no record ({names})" + "".join(f"; {remedy}" for remedy in remedies)


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
