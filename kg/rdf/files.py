"""The graph as a folder of sorted N-Quads files. In: tagged works by id. Out: ``quads/<graph>/part-*.nq``.

A part is a range of `WORKS_A_PART` works, so that the layout is the same however many processes write. `write_part` may
run anywhere and in any order; what works share (selectors, names of persons and journals, alliances) it leaves in a
folder ``.shared``, which `finish` merges line by line, in bounded memory.
"""

from __future__ import annotations

import heapq
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.rdf.alliances import alliance_triples
from kg.rdf.merge import merge, read_lines, unique
from kg.rdf.meta import Provenance, history_triples, meta_triples, run_names, timestamp
from kg.rdf.usages import usage_triples
from kg.rdf.vocabulary import vocabulary_triples
from kg.rdf.works import Sheet, sheet_of
from kg.terms import Base

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.model import TaggedWork

WORKS_A_PART: Final = 1000
LINES_A_PART: Final = 250_000  # of graphs that are not cut by works
SHARED: Final = ".shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is the same for all works of a graph."""

    authority: Authority
    base: Base = field(default_factory=Base)
    provenance: Provenance = field(default_factory=Provenance)


def write_quads(
    works: Iterable[TaggedWork], folder: Path, frame: Frame, *, earlier: Path | None = None
) -> dict[str, int]:
    """Write the whole graph in place of what the folder had.

    Parameters
    ----------
    works : iterable of TaggedWork
        In order of their ids.
    folder : Path
        ``quads/``.
    earlier : Path or None
        The folder that the build before wrote, whose graph ``history`` is carried on; None means `folder` itself.

    Returns
    -------
    dict of str to int
        Triples by graph.

    Raises
    ------
    ValueError
        The works are not in order, or two have one id.
    """
    building = start(folder)
    for number, chunk in enumerate(_chunks(works)):
        write_part(number, chunk, building, frame)
    return finish(folder, frame, earlier=earlier)


def start(folder: Path) -> Path:
    """Make an empty folder beside `folder` to write parts into, and give its path."""
    building = folder.with_name(folder.name + ".part")
    old = folder.with_name(folder.name + ".old")
    if old.exists() and not folder.exists():  # stopped between two renames
        old.rename(folder)
    for left in (building, old):
        shutil.rmtree(left, ignore_errors=True)
    (building / SHARED).mkdir(parents=True)
    return building


def write_part(number: int, works: Iterable[TaggedWork], building: Path, frame: Frame) -> int:
    """Write the files of one range of works; gives their number.

    Parameters
    ----------
    number : int
        Position of the range, from 0.
    building : Path
        What `start` gave.
    """
    sheet = sheet_of(works, frame.authority, frame.base, frame.provenance.run_id)
    counts = {}
    for graph, lines in sheet.graphs.items():
        if lines:
            counts[graph] = write_lines(building / graph / f"part-{number:05d}.nq", sorted(lines), frame.base, graph)
    _share(building / SHARED, number, sheet, counts, frame.base)
    return len(sheet.work_ids)


def finish(folder: Path, frame: Frame, *, earlier: Path | None = None) -> dict[str, int]:
    """Write what works share, the ontology, the inferred and the meta graph; then put the new folder in place."""
    building = folder.with_name(folder.name + ".part")
    shared = building / SHARED
    base, provenance = frame.base, frame.provenance
    counts: dict[str, int] = {}
    for path in sorted(shared.glob("counts-*")):
        for graph, count in json.loads(path.read_text("utf-8")).items():
            counts[graph] = counts.get(graph, 0) + count

    def more(graph: str, lines: Iterable[str], part: str = "part") -> None:
        written = _write_parts(building / graph, lines, base, graph, part)
        if written:
            counts[graph] = counts.get(graph, 0) + written

    alliances = {line for path in sorted(shared.glob("alliances-*")) for line in read_lines(path)}
    described, under = alliance_triples(frame.authority, alliances)
    more("ontology", heapq.merge(vocabulary_triples(frame.authority), described))
    more("inferred", under, "part-pacts")
    more("inferred", usage_triples(merge(sorted(shared.glob("usages-*")))), "part-usages")
    more("selectors", unique(merge(sorted(shared.glob("selectors-*")))))
    more("works", _agents(shared), "part-agents")
    work_ids = list(merge(sorted(shared.glob("works-*"))))
    _check_order(work_ids)
    runs = run_names(provenance, counts)
    more("meta", meta_triples(provenance, base, dict(sorted(counts.items())), len(work_ids)))
    sources = sorted({source.slug for source in provenance.sources})
    histories = sorted(((earlier or folder) / "history").glob("part-*.nq"))
    seen = [line for path in histories for line in read_lines(path)]
    now = provenance.time or timestamp()
    more("history", history_triples(base, now, work_ids, runs, sources, seen))
    shutil.rmtree(shared)
    _put_in_place(building, folder)
    return dict(sorted(counts.items()))


def graph_files(folder: Path) -> dict[str, list[Path]]:
    """Files of each graph, by the graph's name; both sorted."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("**/part-*.nq")):
        found.setdefault(path.parent.relative_to(folder).as_posix(), []).append(path)
    return dict(sorted(found.items()))


def write_lines(path: Path, lines: Iterable[str], base: Base, graph: str) -> int:
    """Write triples as N-Quads of one graph, each once where equal ones follow each other; gives their number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    end = f" <{base.graph(graph)}> .\n"
    count = 0
    last = None
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            if line != last:
                file.write(line + end)
                count += 1
                last = line
    return count


def _chunks(works: Iterable[TaggedWork]) -> Iterator[list[TaggedWork]]:
    rest = iter(works)
    while chunk := list(islice(rest, WORKS_A_PART)):
        yield chunk


def _share(shared: Path, number: int, sheet: Sheet, counts: dict[str, int], base: Base) -> None:
    names = sorted(f"{node} {term} {name}\t{count}" for (node, term, name), count in sheet.names.items())
    tables = {
        "selectors": sorted(sheet.selectors),
        "facts": sorted(sheet.facts),
        "names": names,
        "alliances": sorted(sheet.alliances),
        "usages": sheet.usages.lines(base),
        "works": sheet.work_ids,
    }
    for table, lines in tables.items():
        with (shared / f"{table}-{number:05d}").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(line + "\n" for line in lines)
    (shared / f"counts-{number:05d}").write_text(json.dumps(counts), "utf-8")


def _agents(shared: Path) -> Iterator[str]:
    """Facts on persons and journals; of several names of one, the commonest, then the first in order."""
    facts, names = (merge(sorted(shared.glob(f"{table}-*"))) for table in ("facts", "names"))
    return heapq.merge(unique(facts), _commonest(names))


def _commonest(counted: Iterable[str]) -> Iterator[str]:
    def parts(line: str) -> tuple[str, int]:
        triple, _, count = line.rpartition("\t")
        return triple, int(count)

    for _, lines in groupby(counted, key=lambda line: line.split(" ", 2)[:2]):
        totals: dict[str, int] = {}
        for triple, count in map(parts, lines):
            totals[triple] = totals.get(triple, 0) + count
        yield min(totals, key=lambda triple: (-totals[triple], triple))


def _write_parts(folder: Path, lines: Iterable[str], base: Base, graph: str, part: str) -> int:
    rest = iter(lines)
    total = number = 0
    while chunk := list(islice(rest, LINES_A_PART)):
        total += write_lines(folder / f"{part}-{number:05d}.nq", chunk, base, graph)
        number += 1
    return total


def _check_order(work_ids: list[str]) -> None:
    for before, after in pairwise(work_ids):
        if before == after:
            raise ValueError(f"two works have the id {after!r}; merge them, or give one another id")


def _put_in_place(building: Path, folder: Path) -> None:
    old = folder.with_name(folder.name + ".old")
    if folder.exists():
        folder.replace(old)
    building.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
