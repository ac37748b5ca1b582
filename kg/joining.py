"""The files of a build from its shards. In: folders of shards, a report, what is the same for all works. Out: the files in place.

Everything is made aside and moved when it is whole. Pages are drawn in processes of their own, where there are any, while the
store is loaded, networks drawn and works indexed; readers get the new generation when all the files that belong to it are there.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.engines import local
from kg.engines.shards import adopt, merged_lines, pairs_of
from kg.engines.vocabulary import Vocabulary
from kg.options import Options
from kg.outdir import WORK, OutputFolder, write
from kg.report import Report

if TYPE_CHECKING:
    from kg.rdf.files import Frame
    from kg.views.words import PageLang

#: Up to so many kept works are held in memory while pages are written, 15 KB each: they are written in two thirds of the time.
_IN_MEMORY: Final = 30_000


def join(
    output: OutputFolder,
    options: Options,
    vocabulary: Vocabulary,
    frame: Frame,
    report: Report,
    shards: Sequence[Path],
    *,
    n_kept: int,
    whole_up_to: int,
    spread: bool,
    fingerprint: str,
    done: Callable[[str], None],
) -> None:
    """Make every file aside from what the shards hold, move them into place, and index the graph.

    Parameters
    ----------
    shards : sequence of Path
        Their folders (`kg.engines.shards`).
    n_kept, whole_up_to : int
        Works; up to how many the graph is written as one Turtle file too.
    spread : bool
        Whether there may be processes beside this one.
    fingerprint : str
        Of everything that the build is made of.
    done : callable
        Told the name of each stage when it is over.
    """
    from kg import search, store
    from kg.evidence import COLUMNS, PairRow
    from kg.evidence import order as pair_order
    from kg.rdf import files as quads
    from kg.rdf.turtle import write_turtle
    from kg.tables import csv_bytes
    from kg.tagged_file import TaggedFile

    new = output.staging
    report = replace(report, **_copy_vocabulary(options, new))
    write(new, "works.jsonl", merged_lines(shards))
    write(new, "pairs.csv", csv_bytes(COLUMNS, pairs_of(shards, lambda row: pair_order(PairRow(*row)))))
    write(new, "report.json", report.to_bytes())
    _carry_over(output)
    adopt(shards, quads.start(new / "quads"))
    quads.finish(new / "quads", frame)
    is_small = n_kept <= whole_up_to
    if is_small:
        write_turtle(new / "quads", new / "graph.ttl", frame.base)
    done("join")
    spread = spread and not is_small
    beside, here = _views(new, vocabulary, report, pages=options.pages, n_kept=n_kept, spread=spread)
    works = new / "works.jsonl"
    index = output.path / WORK / search.NAME

    def put_in_place() -> None:
        done("load")
        search.build_index(TaggedFile(works), index, fingerprint=search.fingerprint(works))
        done("index")
        for task in here:
            write_views(task)
        shown.wait()
        output.move_in(fingerprint)
        index.replace(output.path / "store" / search.NAME)
        done("networks and pages")

    with local.Beside(write_views, beside, spread=spread) as shown:
        store.load(new / "quads", output.path / "store", before_switch=put_in_place)


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
        from kg.network_files import write_networks

        write_networks(works, authority, folder / "network")
    if task.langs:
        from kg.views import write_site

        write_site(works, authority, folder, task.report, langs=task.langs, earlier=task.earlier)


def _views(
    folder: Path, vocabulary: Vocabulary, report: Report, *, pages: bool, n_kept: int, spread: bool
) -> tuple[list[ViewsTask], list[ViewsTask]]:
    """What is drawn beside this process, and what in it: the pages of each language in a process of its own, networks here.

    The store takes about as long to load as networks and index to write, and together as long as the pages of one language.
    """
    positions = folder / "positions.csv"
    whole = ViewsTask(
        folder=str(folder),
        vocabulary=vocabulary,
        report=report,
        langs=("en", "zh") if pages else (),
        networks=True,
        in_memory=n_kept <= _IN_MEMORY,
        earlier=positions.read_bytes() if positions.is_file() else b"",
    )
    if not spread or not pages:
        return [whole], []
    pages_only = replace(whole, networks=False)
    return [replace(pages_only, langs=("en",)), replace(pages_only, langs=("zh",))], [replace(whole, langs=())]


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
