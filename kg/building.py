"""A build from its stages. In: sources, a vocabulary, options. Out: every file of a build, in its folder; a report.

read → gather → tag (`kg.engines`) → join. Each stage leaves files in ``.kg-work``, under hashes of what they were made of: what is
there whole is not made again, whether a build was cut off or the next one has mostly the same input.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import __version__
from kg.corrections import Correction
from kg.decisions import Decision
from kg.engines import Engine, local
from kg.engines.gather import Gathered, Part, gather, shard_of, works_in
from kg.engines.ranges import FarSource, RangeCounts, ReadTask, plan, problems_of, read_range
from kg.engines.record_file import RecordFile
from kg.engines.shards import ShardCounts, TagTask, tag_shard
from kg.engines.vocabulary import Vocabulary, tagger_of
from kg.joining import join
from kg.model import KINDS
from kg.options import Options
from kg.outdir import WORK, OutputFolder
from kg.progress import Progress
from kg.readers import Problem, Source
from kg.report import Fault, Report, SourceCount
from kg.telling import Say, tell_problems

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.rdf.files import Frame
    from kg.rdf.meta import Provenance

#: Records are judged while they are read where there are so many bytes; else only where there prove to be many.
_MUCH: Final = 8 << 20
#: Below so many bytes one process is as fast as several.
_WORTH_SPREADING: Final = 4 << 20


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
        self.work = (output.path / WORK).absolute()  # tasks may run in another folder, on another machine
        self.vocabulary = Vocabulary(
            overlay=str(options.overlay.absolute()) if options.overlay else "",
            vocabularies=tuple(str(path.absolute()) for path in options.vocabularies),
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
        join(
            self.output, self.options, self.vocabulary, frame, report, [Path(task.folder) for task in tasks],
            n_kept=counts.n_kept, whole_up_to=self.whole_up_to, spread=self.engine.jobs > 1, fingerprint=fingerprint,
            done=self._share,
        )  # fmt: skip
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

    def _clear(self, files: Sequence[tuple[Source, list[ReadTask]]], tasks: Sequence[TagTask]) -> None:
        """Let go what no build of these sources would use again."""
        used = {Path(task.folder) for _, ranges in files for task in ranges} | {Path(task.folder) for task in tasks}
        used |= {path.parent for path in used}
        for path in [*self.work.glob("*"), *self.work.glob("*/*")]:
            if path not in used and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)


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
