"""The store: generations, an atomic switch, one writer, readers that never see half a build."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph
import pytest
from test_rdf import known, reference

from kg.errors import QueryError, StoreError
from kg.portions import Portions
from kg.rdf.files import Frame, write_quads
from kg.rdf.meta import Provenance
from kg.store import LocalStore, load, open_store

COUNT = "SELECT (COUNT(DISTINCT ?w) AS ?n) WHERE { ?w a <https://w3id.org/alliance-kg/ns#Work> }"


def write(folder: Path, *ids: str) -> Path:
    provenance = Provenance(version="1", time="2026-01-01T00:00:00Z")
    write_quads([reference(id) for id in sorted(ids)], folder, Frame(authority=known(), provenance=provenance))
    return folder


def n_works(store: LocalStore) -> int:
    return int(next(iter(store.query(COUNT)))["n"].value)


def content(store: LocalStore) -> set[str]:
    return {str(quad) for quad in store.raw}


def opened(place: Path) -> LocalStore:
    store = open_store(place)
    assert isinstance(store, LocalStore)
    return store


def test_a_store_holds_what_the_files_say(tmp_path: Path) -> None:
    quads = write(tmp_path / "quads", "a", "b")
    loaded = load(quads, tmp_path / "store")
    assert loaded.how == "full"
    memory = pyoxigraph.Store()
    for path in quads.rglob("*.nq"):
        memory.load(path=str(path), format=pyoxigraph.RdfFormat.N_QUADS)
    with opened(tmp_path / "store") as store:
        assert isinstance(store, LocalStore)
        assert content(store) == {str(quad) for quad in memory}
        assert len(memory) == loaded.n_quads == sum(store.graphs().values())
        assert not list(store.raw.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()))


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_portions_hold_every_line_once(tmp_path: Path, size: int) -> None:
    texts = [b"a\nbb\n\nccc\n", b"", b"dddd\n" * 7, b"e" * 90_000 + b"\nf\n"]
    for number, text in enumerate(texts):
        (tmp_path / str(number)).write_bytes(text)
    for n_lines in (1, 2, 5, 100):
        portions = Portions((tmp_path / str(number) for number in range(len(texts))), n_lines)
        found = []
        while portions.more():
            found.append(b"")
            while piece := portions.read(size):
                assert len(piece) <= size
                found[-1] += piece
        assert b"".join(found) == b"".join(texts)
        assert {portion.count(b"\n") for portion in found[:-1]} <= {n_lines}
        assert 0 < found[-1].count(b"\n") <= n_lines
        if size == 1:
            break


def test_a_store_loaded_in_portions_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quads = write(tmp_path / "quads", "a", "b")
    load(quads, tmp_path / "whole")
    monkeypatch.setattr("kg.store.PORTION", 101)
    load(quads, tmp_path / "portions")
    with opened(tmp_path / "whole") as whole, opened(tmp_path / "portions") as portions:
        assert content(portions) == content(whole)


def test_an_equal_folder_changes_nothing(tmp_path: Path) -> None:
    quads = write(tmp_path / "quads", "a")
    first = load(quads, tmp_path / "store")
    again = load(quads, tmp_path / "store")
    assert (again.how, again.generation) == ("kept", first.generation)


def test_a_change_replaces_only_what_changed(tmp_path: Path) -> None:
    quads = write(tmp_path / "quads", "a", "b")
    load(quads, tmp_path / "store")
    write(quads, "b", "c")
    loaded = load(quads, tmp_path / "store")
    assert loaded.how == "changed"
    assert "ontology" not in loaded.replaced
    assert "works" in loaded.replaced
    load(quads, tmp_path / "fresh")
    assert content(opened(tmp_path / "store")) == content(opened(tmp_path / "fresh"))


def test_a_graph_that_is_gone_is_taken_away(tmp_path: Path) -> None:
    quads = write(tmp_path / "quads", "a")
    load(quads, tmp_path / "store")
    for path in (quads / "source" / "library-export").iterdir():
        path.unlink()
    assert load(quads, tmp_path / "store").replaced == ("source/library-export",)
    names = [name.value for name in opened(tmp_path / "store").raw.named_graphs()]  # type: ignore[union-attr]
    assert not [name for name in names if "/source/" in name]


def test_a_reader_keeps_its_generation(tmp_path: Path) -> None:
    quads = write(tmp_path / "quads", "a")
    load(quads, tmp_path / "store")
    reader = opened(tmp_path / "store")
    for ids in ("ab", "abc", "abcd", "abcde"):
        load(write(quads, *ids), tmp_path / "store")
        assert n_works(reader) == 1
    assert n_works(opened(tmp_path / "store")) == 5
    generations = sorted(path.name for path in (tmp_path / "store").glob("g-*"))
    assert generations[0] == reader.generation
    assert len(generations) == 3  # the one that is read, the last but one, the current
    reader.close()
    load(write(quads, "a"), tmp_path / "store")
    assert reader.generation not in [path.name for path in (tmp_path / "store").glob("g-*")]


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    from filelock import FileLock

    quads = write(tmp_path / "quads", "a")
    load(quads, tmp_path / "store")
    with FileLock(tmp_path / "store" / "writer.lock"), pytest.raises(StoreError, match="being written by another"):
        load(quads, tmp_path / "store")


def test_leftovers_are_swept(tmp_path: Path) -> None:
    quads = write(tmp_path / "quads", "a")
    load(quads, tmp_path / "store")
    (tmp_path / "store" / "g-000007.part").mkdir()
    (tmp_path / "store" / "g-000007.part" / "junk").write_text("x")
    (tmp_path / "store" / "CURRENT.part").write_text("g-0000")
    load(quads, tmp_path / "store")
    assert not list((tmp_path / "store").glob("*.part"))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda store: None, "there is no store"),
        (lambda store: (store / "CURRENT").write_text("../../etc"), "there is no store"),
        (lambda store: (store / "CURRENT").write_text("g-000009"), "is not whole"),
    ],
)
def test_a_damaged_store_is_said_to_be_so(tmp_path: Path, damage, says: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "store").mkdir()
    damage(tmp_path / "store")
    with pytest.raises(StoreError, match=says):
        open_store(tmp_path / "store")


def test_a_damaged_store_is_built_again(tmp_path: Path) -> None:
    quads = write(tmp_path / "quads", "a")
    load(quads, tmp_path / "store")
    current = tmp_path / "store" / (tmp_path / "store" / "CURRENT").read_text().strip()
    (current / "READY").write_text("{")
    assert load(quads, tmp_path / "store").how == "full"
    assert n_works(opened(tmp_path / "store")) == 1


def test_damaged_quads_leave_the_store_as_it_was(tmp_path: Path) -> None:
    quads = write(tmp_path / "quads", "a")
    load(quads, tmp_path / "store")
    with (quads / "works" / "part-00000.nq").open("a") as file:
        file.write("<no quad\n")
    with pytest.raises(StoreError, match="the quads are damaged"):
        load(quads, tmp_path / "store")
    assert n_works(opened(tmp_path / "store")) == 1


def test_the_store_is_found_from_the_folder_of_a_build(tmp_path: Path) -> None:
    load(write(tmp_path / "quads", "a"), tmp_path / "store")
    assert n_works(opened(tmp_path)) == 1


def test_wrong_sparql_is_a_query_error(tmp_path: Path) -> None:
    load(write(tmp_path / "quads", "a"), tmp_path / "store")
    with pytest.raises(QueryError, match="not valid SPARQL"):
        opened(tmp_path).query("SELECT * {")


def test_nothing_can_be_written(tmp_path: Path) -> None:
    load(write(tmp_path / "quads", "a"), tmp_path / "store")
    store = opened(tmp_path)
    quad = pyoxigraph.Quad(pyoxigraph.NamedNode("http://a"), pyoxigraph.NamedNode("http://a"), pyoxigraph.Literal("x"))
    with pytest.raises(RuntimeError):
        store.raw.add(quad)


def test_rdflib_reads_the_same_store(tmp_path: Path) -> None:
    import rdflib

    load(write(tmp_path / "quads", "a", "b"), tmp_path / "store")
    graph = opened(tmp_path).rdflib()
    works = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/alliance-kg/ns#Work")))
    assert len(works) == 2
    assert [int(row.n) for row in graph.query(COUNT)] == [2]  # type: ignore[union-attr]
    rule = rdflib.URIRef("https://w3id.org/alliance-kg/id/rule/concept-pattern")
    assert len(list(graph.triples((rule, None, None)))) > 2


def test_ready_says_what_a_generation_holds(tmp_path: Path) -> None:
    load(write(tmp_path / "quads", "a"), tmp_path / "store")
    store = opened(tmp_path)
    facts = json.loads((store.folder / "READY").read_text())
    assert facts["quads"] == len(store.raw)
    assert facts["versions"]["pyoxigraph"] == pyoxigraph.__version__


BUILD = """
import sys
from pathlib import Path
from kg.store import load
print("begun", flush=True)
load(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_build_that_is_killed_leaves_a_whole_store(tmp_path: Path) -> None:
    """A dozen builds, most of them killed at a random moment; `tests/soak/kill_builds.py` does it for longer."""
    versions = [write(tmp_path / f"quads{number}", *"abcdefgh"[: number + 1]) for number in range(2)]
    store = tmp_path / "store"
    load(versions[0], store)
    chance = random.Random(4)
    for number in range(12):
        command = [sys.executable, "-c", BUILD, str(versions[number % 2]), str(store)]
        build = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert build.stdout is not None
        build.stdout.readline()
        time.sleep(chance.random() * 0.8)
        build.send_signal(signal.SIGKILL)
        build.wait()
        build.stdout.close()
        with opened(store) as reader:
            assert isinstance(reader, LocalStore)
            assert n_works(reader) in (1, 2)
            assert len(reader.raw) == reader.ready()["quads"]
    load(versions[1], store)
    assert n_works(opened(store)) == 2
