"""Other formats. In: a folder that a build wrote. Out: bytes that other programs read.

A format is a line of `EXPORTS` and a function that takes a `Holding` and gives bytes. Equal graphs give equal bytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import StoreError, UnknownFormat

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.model import TaggedWork


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format.

    Parameters
    ----------
    name : str
    suffix : str
        Of files, ``.ris``.
    media_type : str
    label_en, label_zh : str
        What it is, and who reads it.
    target : str
        ``module:function`` below this package.
    is_of_works : bool
        Whether it is made of the works, so that a selection of them can be written.
    """

    name: str
    suffix: str
    media_type: str
    label_en: str
    label_zh: str
    target: str
    is_of_works: bool = True


EXPORTS: Final[dict[str, Exporter]] = {
    one.name: one
    for one in (
        Exporter(
            "graphml",
            ".graphml",
            "application/graphml+xml",
            "GraphML network, for Gephi, Cytoscape, igraph",
            "GraphML 网络，供 Gephi、Cytoscape、igraph 使用",
            "networks:as_graphml",
        ),
        Exporter(
            "gexf",
            ".gexf",
            "application/gexf+xml",
            "GEXF network with colours, sizes and positions, for Gephi",
            "带颜色、大小与位置的 GEXF 网络，供 Gephi 使用",
            "networks:as_gexf",
        ),
        Exporter(
            "vosviewer",
            ".json",
            "application/json",
            "VOSviewer network (JSON)",
            "VOSviewer 网络（JSON）",
            "networks:as_vosviewer",
        ),
        Exporter(
            "node-link",
            ".json",
            "application/json",
            "node-link JSON, for networkx and D3",
            "node-link JSON，供 networkx 与 D3 使用",
            "networks:as_node_link",
        ),
        Exporter(
            "tables",
            ".zip",
            "application/zip",
            "CSV tables of works, tags, nodes and edges, in one ZIP",
            "文献、标签、节点与边的 CSV 表，合为一个 ZIP",
            "tables:as_zip",
        ),
        Exporter(
            "pairs",
            ".csv",
            "text/csv",
            "one row for each work and alliance, with the sentence that says so (CSV)",
            "每篇文献与每一同盟一行，附所据语句（CSV）",
            "tables:pairs_as_csv",
        ),
        Exporter(
            "pairs-xlsx",
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "the same as a workbook (XLSX)",
            "同上，电子表格（XLSX）",
            "tables:pairs_as_xlsx",
        ),
        Exporter(
            "dyad-years",
            ".csv",
            "text/csv",
            "works for each pair of states and year, with ISO and COW codes (CSV)",
            "按国家对与年份统计的文献数，附 ISO 与 COW 代码（CSV）",
            "tables:dyad_years_as_csv",
        ),
        Exporter(
            "turtle", ".ttl", "text/turtle", "RDF in Turtle, one graph", "RDF（Turtle，单一图）", "rdf:as_turtle", False
        ),
        Exporter(
            "trig",
            ".trig",
            "application/trig",
            "RDF in TriG, named graphs",
            "RDF（TriG，具名图）",
            "rdf:as_trig",
            False,
        ),
        Exporter("nquads", ".nq", "application/n-quads", "RDF in N-Quads", "RDF（N-Quads）", "rdf:as_nquads", False),
        Exporter(
            "jsonld",
            ".jsonld",
            "application/ld+json",
            "RDF in JSON-LD with a context",
            "RDF（JSON-LD，附上下文）",
            "rdf:as_jsonld",
            False,
        ),
        Exporter(
            "annotations",
            ".jsonld",
            "application/ld+json",
            "mentions as W3C Web Annotations (JSON-LD)",
            "W3C 网络标注形式的提及（JSON-LD）",
            "annotations:as_collection",
        ),
        Exporter(
            "ris",
            ".ris",
            "application/x-research-info-systems",
            "RIS with tags as keywords, for Zotero, EndNote, NoteExpress",
            "RIS，标签作为关键词，供 Zotero、EndNote、NoteExpress 使用",
            "references:as_ris",
        ),
        Exporter(
            "bibtex",
            ".bib",
            "application/x-bibtex",
            "BibTeX with tags as keywords",
            "BibTeX，标签作为关键词",
            "references:as_bibtex",
        ),
    )
}


@dataclass(frozen=True)
class Holding:
    """What a format is made of.

    Parameters
    ----------
    folder : Path or None
        What a build wrote; None where only works are at hand.
    authority : Authority
    chosen : tuple of TaggedWork or None
        A selection; None for all works of the folder.
    """

    folder: Path | None
    authority: Authority
    chosen: tuple[TaggedWork, ...] | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def works(self) -> list[TaggedWork]:
        """The works, by id."""
        return sorted(self._read() if self.chosen is None else self.chosen, key=lambda tagged: tagged.id)

    def _read(self) -> Iterator[TaggedWork]:
        from kg import jsonl

        path = self._in("works.jsonl")
        with path.open("rb") as file:
            for line in file:
                if line.strip():
                    yield jsonl.loads(line)

    @property
    def quads(self) -> Path:
        """The folder of N-Quads files."""
        return self._in("quads")

    def _in(self, name: str) -> Path:
        if self.folder is None or not (self.folder / name).exists():
            raise StoreError(f"{self.folder or 'nowhere'}: there is no {name} here; build one: kg build SOURCE")
        return self.folder / name


def get_exporter(name: str) -> Exporter:
    """The format of a name or of a file's ending.

    Raises
    ------
    UnknownFormat
        There is none; says which there are.
    """
    if name in EXPORTS:
        return EXPORTS[name]
    wanted = name.lower().lstrip(".")
    for one in EXPORTS.values():
        if one.suffix == f".{wanted}":
            return one
    raise UnknownFormat(f"no export is called '{name}'; there are {', '.join(EXPORTS)}")


def export(
    name: str,
    folder: Path | None = None,
    *,
    works: Iterable[TaggedWork] | None = None,
    authority: Authority | None = None,
    **options: Any,
) -> bytes:
    """A graph in another format.

    Parameters
    ----------
    name : str
        One of `EXPORTS`.
    folder : Path or None
        What a build wrote.
    works : iterable of TaggedWork or None
        A selection of works; None for all of the folder.
    authority : Authority or None
        None loads the one that comes with the package.
    **options
        Of the format: ``network`` and ``lang`` for networks, ``both_orders`` for dyad-years; see its function.

    Raises
    ------
    UnknownFormat, StoreError
        There is no such format, or no build in the folder.
    """
    exporter = get_exporter(name)
    if authority is None:
        from kg.authority import load

        authority = load()
    chosen = None if works is None else tuple(works)
    if chosen is not None and not exporter.is_of_works:
        raise UnknownFormat(
            f"{name} is written of a whole graph; for a selection take ris, bibtex, tables or annotations"
        )
    holding = Holding(folder=folder, authority=authority, chosen=chosen, options=options)
    module, _, function = exporter.target.partition(":")
    write: Callable[[Holding], bytes] = getattr(importlib.import_module(f"kg.export.{module}"), function)
    return write(holding)
