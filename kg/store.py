"""The index of a graph: an Oxigraph store on disk in generations. In: ``quads/``. Out: a store to read.

::

    store/CURRENT        "g-000012"
    store/g-000012/      an Oxigraph directory, and READY (JSON: quads and hash of each graph, versions)
    store/g-000013.part  being built
    store/writer.lock    one writer

A generation in use is never written to: a build makes a new one beside it and then switches the name in CURRENT, so
that a reader sees a whole generation whenever a build is stopped. Readers hold a shared lock on their generation's
READY, and only what nobody holds is swept. Everything here can be thrown away; ``quads/`` is the truth.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal

from kg.errors import StoreError
from kg.terms import AUTHORITY

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

LAYOUT: Final = 1
"""Version of this scheme; a store of another one is built again."""

SMALL_CHANGE: Final = 500_000
"""Quads, old and new, of the graphs that changed: below it a generation is made from the one before."""

_GENERATION: Final = re.compile(r"g-(\d{6,})")
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


def load(quads: Path, store: Path, *, optimize: bool = False) -> Loaded:
    """Bring a store up to what a folder of quads holds.

    Parameters
    ----------
    quads : Path
        Folder as `kg.rdf.files` writes it.
    store : Path
        Made where it is not there.
    optimize : bool
        Compact the new generation: twice the disk, half as fast again in answering.

    Raises
    ------
    StoreError
        Another build is writing to the store, or a file is no N-Quads.
    """
    from kg.rdf.files import graph_files

    store.mkdir(parents=True, exist_ok=True)
    with _writer_lock(store):
        files = graph_files(quads)
        wanted = load_state(quads)
        current = _current(store)
        ready = _ready(store / current) if current else None
        _sweep(store, current)
        old = ready["graphs"] if ready and ready.get("layout") == LAYOUT else None
        if current and old == wanted and not optimize:
            return Loaded(current, _total(wanted), "kept")
        number = 1 + max((int(match.group(1)) for match in _generations(store)), default=0)
        part = store / f"g-{number:06d}.part"
        changed = sorted(graph for graph in {*wanted, *(old or {})} if (old or {}).get(graph) != wanted.get(graph))
        how: How = "full"
        if current and old is not None and _weight(changed, old, wanted) <= SMALL_CHANGE:
            _replace_graphs(store / current, part, changed, files)
            how = "changed"
        else:
            _load_all(part, (path for paths in files.values() for path in paths))
        if optimize:
            _optimize(part)
        _switch(store, part, wanted, _base_of(files))
        _sweep(store, part.stem)
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
    name = _current(store)
    if name is None:
        raise StoreError(f"there is no store in {store}; run kg build first")
    return name


def described_graphs(store: Path) -> list[tuple[str, int]]:
    """IRI and number of quads of each graph of the current generation."""
    facts = _ready(store / current_generation(store)) or {}
    base = facts.get("base", AUTHORITY)
    return [(f"{base}graph/{name}", int(state["quads"])) for name, state in facts.get("graphs", {}).items()]


class Store:
    """What every store can do. Queries must have passed `kg.sparql.form_of`; `kg.query` sees to that."""

    generation: str | None = None
    """Names the content, where it is known: equal names answer alike for ever."""

    place: str = ""

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
        self._lock, self.generation = _hold(folder)
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
        return _ready(self.folder) or {}

    def graphs(self) -> dict[str, int]:
        """Quads in each graph, by its name."""
        return {name: state["quads"] for name, state in self.ready().get("graphs", {}).items()}

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


@contextmanager
def _writer_lock(store: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(str(store / "writer.lock"))
    try:
        with lock.acquire(timeout=0):
            yield
    except Timeout:
        raise StoreError(f"{store} is being written by another kg build; wait for it, then try again") from None


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
    return sum(int(side[graph]["quads"]) for graph in changed for side in (old, new) if graph in side)


def _load_all(part: Path, paths: Iterable[Path]) -> None:
    import pyoxigraph

    raw = pyoxigraph.Store(str(part))
    _bulk_load(raw, paths)
    raw.flush()


def _bulk_load(raw: pyoxigraph.Store, paths: Iterable[Path]) -> None:
    """All files as one stream: a load of its own for each would leave as many small tables."""
    import pyoxigraph

    try:
        raw.bulk_load(input=_Chain(paths), format=pyoxigraph.RdfFormat.N_QUADS)  # type: ignore[arg-type]
    except SyntaxError as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> StoreError:
    return StoreError(f"the quads are damaged: {error}; run kg build again")


class _Chain:
    """Several files as one to read from."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = iter(paths)
        self._file: IO[bytes] | None = None

    def read(self, size: int = -1) -> bytes:
        while True:
            if self._file is None:
                path = next(self._paths, None)
                if path is None:
                    return b""
                self._file = path.open("rb")
            block = self._file.read(size)
            if block:
                return block
            self._file.close()
            self._file = None


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


def _optimize(part: Path) -> None:
    import pyoxigraph

    raw = pyoxigraph.Store(str(part))
    raw.optimize()
    raw.flush()


def _base_of(files: Mapping[str, Sequence[Path]]) -> str:
    """Where the graph's own IRIs begin, from the name of a graph."""
    for graph, paths in files.items():
        with paths[0].open("rb") as file:
            line = file.readline().decode("utf-8").rstrip()
        iri = line[line.rfind(" <") + 2 : -3]
        if iri.endswith(f"graph/{graph}"):
            return iri.removesuffix(f"graph/{graph}")
    return AUTHORITY


def _switch(store: Path, part: Path, graphs: Mapping[str, Any], base: str) -> None:
    """Make a built part the current generation, each step on disk before the next."""
    import pyoxigraph

    facts = {
        "layout": LAYOUT,
        "base": base,
        "quads": _total(graphs),
        "graphs": graphs,
        "versions": {"pyoxigraph": pyoxigraph.__version__},
    }
    (part / "READY").write_text(json.dumps(facts, indent=1, sort_keys=True), "utf-8")
    for path in part.iterdir():
        _fsync(path)
    _fsync(part)
    part.replace(store / part.stem)
    _fsync(store)
    pointer = store / "CURRENT.part"
    pointer.write_text(part.stem + "\n", "ascii")
    _fsync(pointer)
    pointer.replace(store / "CURRENT")
    _fsync(store)


def _fsync(path: Path) -> None:
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    with suppress(OSError):  # a folder cannot be opened on Windows
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# Generations


def _generations(store: Path) -> list[re.Match[str]]:
    return [match for path in store.iterdir() if (match := _GENERATION.match(path.name))]


def _current(store: Path) -> str | None:
    try:
        name = (store / "CURRENT").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if _GENERATION.fullmatch(name) else None


def _ready(generation: Path) -> dict[str, Any] | None:
    try:
        facts = json.loads((generation / "READY").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def _sweep(store: Path, current: str | None) -> None:
    """Delete parts, and all generations but the current and the one before that nobody holds."""
    for path in store.glob("*.part"):
        _delete(path)
    names = sorted(
        (match.group() for match in _generations(store) if _GENERATION.fullmatch(match.string)),
        key=lambda name: int(name[2:]),
    )
    others = [name for name in names if name != current]
    for name in others[:-1] if current else []:
        generation = store / name
        lock = _lock_file(generation / "READY", exclusive=True)
        if lock is None:
            continue
        try:
            doomed = generation.with_name(generation.name + ".part")
            with suppress(OSError):
                generation.replace(doomed)
                _delete(doomed)
        finally:
            lock.close()


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _hold(store: Path) -> tuple[IO[bytes], str]:
    """A shared lock on the current generation, and its name."""
    for _ in range(100):
        name = _current(store)
        if name is None:
            raise StoreError(f"there is no store in {store}; run kg build first")
        ready = store / name / "READY"
        lock = _lock_file(ready, exclusive=False)
        if lock is not None:
            if ready.exists() and os.path.samestat(os.fstat(lock.fileno()), ready.stat()):
                return lock, name
            lock.close()
        elif not ready.exists() and _current(store) == name:
            raise StoreError(f"{store / name} is not whole; run kg build again")
    raise StoreError(f"{store} changes faster than it can be opened; wait for the build that is under way")


def _lock_file(path: Path, *, exclusive: bool) -> IO[bytes] | None:
    """The file opened and locked, None where it is not there or another holds it; no lock where the system has none."""
    try:
        file = path.open("rb")
    except OSError:
        return None
    try:
        import fcntl
    except ImportError:  # Windows: an open store cannot be deleted anyway
        return file
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
