"""The index of a graph: an Oxigraph store on disk in generations. In: ``quads/``. Out: a store to read.

A store is made in generations (`kg.generations`): a build makes a new one and switches to it, readers keep theirs.
Everything here can be thrown away; ``quads/`` is the truth.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from kg import generations
from kg.errors import StoreError
from kg.portions import Portions
from kg.terms import AUTHORITY

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

LAYOUT: Final = 1
"""Version of this scheme; a store of another one is built again."""

SMALL_CHANGE: Final = 2_000_000
"""Quads, old and new, of the graphs that changed: below it a generation is made from the one before."""

COMPACT_UP_TO: Final = 10_000_000
"""Quads up to which a full load compacts: some 30,000 works on alliances, 25 CPU seconds, 3.3 GB of disk."""

PORTION: Final = 500_000
"""Quads that are loaded at once."""

_BLOCK: Final = 1 << 20

How = Literal["kept", "changed", "full"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    Parameters
    ----------
    generation : str
    n_quads : int
    how : str
        ``kept`` (nothing had changed), ``changed`` (only some graphs were replaced) or ``full``.
    replaced : tuple of str
        Graphs that were replaced or taken away.
    """

    generation: str
    n_quads: int
    how: How
    replaced: tuple[str, ...] = ()


def load(
    quads: Path, store: Path, *, optimize: bool | None = None, before_switch: Callable[[], None] = lambda: None
) -> Loaded:
    """Bring a store up to what a folder of quads holds.

    Parameters
    ----------
    quads : Path
        Folder as `kg.rdf.files` writes it.
    store : Path
        Made where it is not there.
    optimize : bool or None
        Compact the new generation: it answers two to five times as fast and takes twice the disk. None does so where
        all is loaded anew and is not more than `COMPACT_UP_TO`.
    before_switch : callable
        Called when the new generation is whole, before readers get it: what belongs to it is put in place there.

    Raises
    ------
    StoreError
        Another build is writing to the store, or a file is no N-Quads.
    """
    from kg.rdf.files import graph_files

    store.mkdir(parents=True, exist_ok=True)
    with generations.writer_lock(store):
        files = graph_files(quads)
        wanted = load_state(quads)
        current = generations.current(store)
        ready = generations.ready(store / current) if current else None
        generations.sweep(store, current)
        old = ready["graphs"] if ready and ready.get("layout") == LAYOUT else None
        if current and old == wanted and optimize is not True:
            before_switch()
            return Loaded(current, _total(wanted), "kept")
        part = generations.next_part(store)
        changed = sorted(graph for graph in {*wanted, *(old or {})} if (old or {}).get(graph) != wanted.get(graph))
        how: How = "full"
        if current and old is not None and _weight(changed, old, wanted) <= min(SMALL_CHANGE, _total(wanted)):
            _replace_graphs(store / current, part, changed, files)
            how = "changed"
        else:
            _load_all(part, (path for paths in files.values() for path in paths))
        if optimize if optimize is not None else how == "full" and _total(wanted) <= COMPACT_UP_TO:
            _compact(part)
        facts = _facts(wanted, _base_of(files))
        before_switch()
        generations.switch(store, part, facts)
        generations.sweep(store, part.stem)
        return Loaded(part.stem, _total(wanted), how, tuple(changed))


def load_state(quads: Path) -> dict[str, dict[str, Any]]:
    """Hash and number of quads of each graph in a folder, as READY has them."""
    from kg.rdf.files import graph_files

    return {graph: _state(paths) for graph, paths in graph_files(quads).items()}


def open_store(place: Path | str) -> Store:
    """Open a store for reading: a folder (``output/`` or its ``store/``), or the URL of a SPARQL 1.1 endpoint.

    Raises
    ------
    StoreError
        There is no store, or it holds no whole generation.
    """
    if isinstance(place, str) and re.match(r"https?://", place):
        from kg.remote import RemoteStore

        return RemoteStore(place)
    return LocalStore(store_folder(Path(place)))


def store_folder(folder: Path) -> Path:
    """The folder with CURRENT: the one given, or ``store`` in it."""
    inner = folder / "store"
    return inner if not (folder / "CURRENT").exists() and (inner / "CURRENT").exists() else folder


def current_generation(store: Path) -> str:
    """Name of the current generation.

    Raises
    ------
    StoreError
        There is none.
    """
    name = generations.current(store)
    if name is None:
        raise StoreError(f"there is no store in {store}; run kg build first")
    return name


def described_graphs(store: Path) -> list[tuple[str, int]]:
    """IRI and number of quads of each graph of the current generation."""
    facts = generations.ready(store / current_generation(store)) or {}
    base = facts.get("base", AUTHORITY)
    return [(f"{base}graph/{name}", int(state["quads"])) for name, state in facts.get("graphs", {}).items()]


class Store:
    """What every store can do. Queries must have passed `kg.sparql.form_of`; `kg.query` sees to that."""

    generation: str | None = None
    """Names the content, where it is known: equal names answer alike for ever."""

    place: str = ""

    @property
    def n_works(self) -> int | None:
        """How many works there are, about; None where that is not known at once."""
        return None

    def query(self, sparql: str) -> Any:
        """Answer over the union of all graphs: pyoxigraph's solutions, boolean or triples."""
        raise NotImplementedError

    def close(self) -> None:
        """Let the store go."""

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class LocalStore(Store):
    """One generation of a store on disk, held against sweeping as long as it is open."""

    def __init__(self, folder: Path) -> None:
        import pyoxigraph

        self.place = str(folder)
        self._lock, self.generation = generations.hold(folder)
        self.folder = folder / self.generation
        try:
            self.raw: pyoxigraph.Store = pyoxigraph.Store.read_only(str(self.folder))
        except OSError as error:
            self._lock.close()
            raise StoreError(f"{self.folder} cannot be opened: {error}; run kg build again") from None

    def query(self, sparql: str) -> Any:
        """Answer over the union of all graphs."""
        from kg.errors import QueryError

        try:
            return self.raw.query(sparql, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(f"not valid SPARQL: {error}") from None
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"{self.folder}: {error}") from None

    def ready(self) -> Mapping[str, Any]:
        """What READY says: quads and hash of each graph."""
        return generations.ready(self.folder) or {}

    def graphs(self) -> dict[str, int]:
        """Quads in each graph, by its name."""
        return {name: state["quads"] for name, state in self.ready().get("graphs", {}).items()}

    @property
    def n_works(self) -> int | None:
        """How many works there are, about: the graph ``history`` has a quad for each."""
        return self.graphs().get("history")

    def rdflib(self) -> rdflib.Dataset:
        """A read-only rdflib graph over this generation, the union of all graphs; it keeps the generation held."""
        import rdflib
        from oxrdflib import OxigraphStore

        dataset = rdflib.Dataset(store=OxigraphStore(store=self.raw), default_union=True)
        dataset.kg_store = self  # type: ignore[attr-defined]  # the lock lives as long as the graph
        return dataset

    def close(self) -> None:
        """Let the generation go; the store may be swept now."""
        if not self._lock.closed:
            self._lock.close()


# Writing


def _state(paths: Sequence[Path]) -> dict[str, Any]:
    """Hash and number of the quads in a graph's files."""
    digest = hashlib.sha256()
    count = 0
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                count += block.count(b"\n")
    return {"sha256": digest.hexdigest(), "quads": count}


def _total(graphs: Mapping[str, Mapping[str, Any]]) -> int:
    return sum(int(state["quads"]) for state in graphs.values())


def _weight(changed: Iterable[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    """What it costs to replace graphs, in quads to load: one that goes is taken out in one slow step."""
    weight = 0
    for graph in changed:
        before, after = (int(side.get(graph, {}).get("quads", 0)) for side in (old, new))
        weight += before + after if before and after else 4 * before + after
    return weight


def _load_all(part: Path, paths: Iterable[Path]) -> None:
    import pyoxigraph

    raw = pyoxigraph.Store(str(part))
    _bulk_load(raw, paths)
    raw.flush()


def _bulk_load(raw: pyoxigraph.Store, paths: Iterable[Path]) -> None:
    """All files as one stream, in portions: a load of its own for each file would leave as many small tables.

    What a load takes grows with its portion: half a million quads take 500 MB, a million 900; without a limit two portions
    and more, one a processor, are held beside each other.
    """
    import pyoxigraph

    lines = Portions(paths, PORTION)
    try:
        while lines.more():
            raw.bulk_load(input=lines, format=pyoxigraph.RdfFormat.N_QUADS)  # type: ignore[arg-type]
    except SyntaxError as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> StoreError:
    return StoreError(f"the quads are damaged: {error}; run kg build again")


def _replace_graphs(base: Path, part: Path, graphs: Iterable[str], files: Mapping[str, Sequence[Path]]) -> None:
    """A checkpoint of a generation, with only the lines taken out and put in by which some graphs differ."""
    import pyoxigraph

    held = pyoxigraph.Store.read_only(str(base))
    held.backup(str(part))
    del held
    raw = pyoxigraph.Store(str(part))
    try:
        for graph in graphs:
            _patch(raw, graph, files.get(graph, ()))
    except (SyntaxError, ValueError) as error:
        raise _damaged(error) from None
    raw.flush()


def _patch(raw: pyoxigraph.Store, graph: str, paths: Sequence[Path]) -> None:
    import pyoxigraph

    new = {line for path in paths for line in path.read_bytes().split(b"\n") if line}
    iri = _graph_iri(raw, graph, new)
    if iri is None:
        return
    gone = []
    for quad in raw.quads_for_pattern(None, None, None, iri):
        line = pyoxigraph.serialize([quad], format=pyoxigraph.RdfFormat.N_QUADS)
        assert line is not None
        line = line.rstrip(b"\n")
        if line in new:
            new.remove(line)
        else:
            gone.append(quad)
    for quad in gone:
        raw.remove(quad)
    if new:
        raw.bulk_load(input=b"\n".join(sorted(new)) + b"\n", format=pyoxigraph.RdfFormat.N_QUADS)
    elif not paths:
        raw.remove_graph(iri)


def _graph_iri(raw: pyoxigraph.Store, graph: str, lines: Iterable[bytes]) -> pyoxigraph.NamedNode | None:
    """The graph's IRI, from a line of it or, where it is gone, from the store."""
    import pyoxigraph

    for line in lines:
        return pyoxigraph.NamedNode(line[line.rindex(b" <") + 2 : -3].decode())
    for name in raw.named_graphs():
        if isinstance(name, pyoxigraph.NamedNode) and name.value.endswith(f"/graph/{graph}"):
            return name
    return None


def _compact(part: Path) -> None:
    import pyoxigraph

    raw = pyoxigraph.Store(str(part))
    raw.optimize()
    raw.flush()


def _facts(graphs: Mapping[str, Any], base: str) -> dict[str, Any]:
    """What READY says of a generation."""
    import pyoxigraph

    return {
        "layout": LAYOUT,
        "base": base,
        "quads": _total(graphs),
        "graphs": graphs,
        "versions": {"pyoxigraph": pyoxigraph.__version__},
    }


def _base_of(files: Mapping[str, Sequence[Path]]) -> str:
    """Where the graph's own IRIs begin, from the name of a graph."""
    for graph, paths in files.items():
        with paths[0].open("rb") as file:
            line = file.readline().decode("utf-8").rstrip()
        iri = line[line.rfind(" <") + 2 : -3]
        if iri.endswith(f"graph/{graph}"):
            return iri.removesuffix(f"graph/{graph}")
    return AUTHORITY
