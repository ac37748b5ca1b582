"""How fast the graph is written, loaded and asked. In: a number of works. Out: a table of medians and ratios.

::

    python tests/bench/bench_store.py [WORKS] [FOLDER] [--record]

Everything in one run on one machine, so that ratios mean something: our store against rdflib's own memory store on a
size that it can hold, the finder, and the whole of a build of the graph. FOLDER is kept and used again where it is named.
--record writes the figures to ``store.json``, from which the READMEs take their table.

Three times are told of each question. *Usual*: about a pair with some 250 works, median of five. *Cold*: about the
busiest pair, all rows, the first thing that a new process asks. *First 50*: about the busiest pair, the first page, in a
process that has asked the same of the usual pair, as a server has. Questions about the whole graph take nothing that
picks works out (a least number of works at most); they come from the cache the second time.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from made_works import made_works

from kg import jsonl
from kg.authority import load as load_authority
from kg.find import find
from kg.query import Iri, Question, ask, bound_rows, questions, rows_of
from kg.rdf.files import Frame, graph_files, write_quads
from kg.rdf.meta import Provenance, Source
from kg.search import build_index, fingerprint, open_index, read_works
from kg.store import LocalStore, load, open_store
from kg.terms import Base, alliance, concept, state

BUSY = "JPN-USA"
N_RDFLIB = 300
WHOLE = (2, 3, 12, 13, 22, 23, 33, 34)
"""Questions about the whole graph."""
RECORD = Path(__file__).resolve().parent / "store.json"


def bindings(question: Question, pair: str, idea: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "alliance": Iri(alliance(pair)),
        "other": Iri(alliance("KOR-USA")),
        "concept": Iri(concept(idea)),
        "state": Iri(state("AUS")),
        "thing": Iri(alliance(pair)),
        "work": Iri(Base().work("w0000001")),
        "run": Iri(Base().run(provenance(0).run_id("made-00000000"))),
        "year": 1956,
    }
    return {one.name: values[one.name] for one in question.inputs if one.name in values}


def provenance(number: int) -> Provenance:
    source = Source(slug="made-00000000", sha256="0" * 64, label="made.jsonl", n_read=number, n_kept=number)
    known = load_authority()
    return Provenance(
        version="bench",
        ontology_version=known.version,
        ontology_digest="0",
        sources=(source,),
        time="2026-01-01T00:00:00Z",
    )


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds by the clock, and what came out."""
    gc.collect()
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def used(work: Callable[[], Any]) -> float:
    """Seconds of the processor: what a machine that does nothing else would take."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def often(work: Callable[[], Any], times: int = 5) -> float:
    return median(used(work) for _ in range(times))


def build(number: int, folder: Path) -> dict[str, float]:
    """Write, load, index; what it took."""
    known = load_authority()
    frame = Frame(authority=known, provenance=provenance(number))
    took, counts = timed(lambda: write_quads(made_works(number, authority=known), folder / "quads", frame))
    written, total = took, sum(counts.values())
    own = total - counts["ontology"] - counts.get("meta", 0)
    size = sum(path.stat().st_size for paths in graph_files(folder / "quads").values() for path in paths)
    print(
        f"write quads: {took:.1f} s, {total:,} quads, {own / number:.0f} a work, {size / 1e6:.0f} MB, {total / took:,.0f} quads/s"
    )
    took, _ = timed(lambda: load(folder / "quads", folder / "store"))
    loaded = took
    disk = sum(path.stat().st_size for path in (folder / "store").rglob("*") if path.is_file())
    print(
        f"load: {took:.1f} s, {total / took:,.0f} quads/s, {disk / 1e6:.0f} MB on disk, {disk / number:,.0f} bytes a work"
    )
    with (folder / "works.jsonl").open("wb") as file:
        for chunk in jsonl.write(made_works(number, authority=known)):
            file.write(chunk)
    works = folder / "works.jsonl"
    took, _ = timed(
        lambda: build_index(read_works(works), folder / "store" / "find.sqlite", fingerprint=fingerprint(works))
    )
    print(f"finder's index: {took:.1f} s, {(folder / 'store' / 'find.sqlite').stat().st_size / 1e6:.0f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory so far: {peak:.0f} MB")
    return {
        "quads_a_work": round(own / number),
        "bytes_a_work": round(disk / number),
        "write_s": round(written, 1),
        "load_s": round(loaded, 1),
        "index_s": round(took, 1),
        "peak_mb": round(peak),
    }


def usual_pair(store: LocalStore, wanted: int = 250) -> tuple[str, int]:
    rows = ask(store, "02").rows
    row = min(rows, key=lambda row: abs(int(row[3] or 0) - wanted))
    return str(row[0]).rpartition("/")[2], int(row[3] or 0)


COLD = """
import sys, time, json
sys.path.insert(0, sys.argv[3])
import bench_store
from kg.query import ask, get_question
from kg.store import open_store
question = get_question(sys.argv[2])
bound = bench_store.bindings(question, bench_store.BUSY, "entrapment")
usual, limit = sys.argv[4], 50 if sys.argv[4] else None
store = open_store(sys.argv[1])
if usual:
    ask(store, question, bench_store.bindings(question, usual, "abandonment"))
start = time.process_time()
ask(store, question, bound, limit=limit)
print(time.process_time() - start)
"""


def in_new_process(folder: Path, question: Question, usual: str = "") -> float:
    """All rows on the busiest pair; the first 50 after a usual pair where one is given. The system's cache of files stays."""
    here = str(Path(__file__).resolve().parent)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent)}
    command = [sys.executable, "-c", COLD, str(folder), question.stem, here, usual]
    out = [float(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout) for _ in range(3)]
    return median(out)


def ask_all(folder: Path, known: Any) -> dict[str, Any]:
    store = open_store(folder)
    assert isinstance(store, LocalStore)
    pair, n_works = usual_pair(store)
    busy_works = len(ask(store, "01", {"alliance": Iri(alliance(BUSY))}))
    print(f"\nusual pair {pair}: {n_works} works; busiest {BUSY}: {busy_works} works")
    print("milliseconds of the processor, medians; see the head of this file")
    print(f"{'question':38} {'usual':>9} {'busiest cold':>13} {'its first 50':>12} {'rows':>6}")
    figures: dict[str, dict[str, float]] = {}
    for question in questions():
        text = question.bind(bound_rows(question, bindings(question, pair, "entrapment"), known))
        is_whole = question.number in WHOLE
        if not is_whole:
            took = often(lambda text=text: rows_of(store.query(text)))  # type: ignore[misc]
        else:
            bound = bindings(question, pair, "entrapment")
            ask(store, question, bound)
            took = often(lambda question=question, bound=bound: ask(store, question, bound))  # type: ignore[misc]
        whole = in_new_process(folder, question)
        first = whole if is_whole else in_new_process(folder, question, pair)
        figures[question.stem] = {"usual": took, "cold": whole, "first": first}
        n_rows = len(rows_of(store.query(text)))
        kept = "  whole graph: from the cache, then cold" if is_whole else ""
        print(
            f"{question.stem:38} {took * 1000:9.1f} {whole * 1000:13.0f} {first * 1000:12.0f} {n_rows:6}{kept}",
            flush=True,
        )
    store.close()
    on_pair = [figures[one.stem] for one in questions() if one.number not in WHOLE]
    kept_ones = [figures[one.stem]["usual"] for one in questions() if one.number in WHOLE]
    said = {
        "busiest": busy_works,
        "usual": n_works,
        **{
            f"{name}_median": round(median(one[name] for one in on_pair) * 1000, 1)
            for name in ("usual", "cold", "first")
        },
        **{
            f"{name}_slowest": round(max(one[name] for one in on_pair) * 1000, 1) for name in ("usual", "cold", "first")
        },
        "cached_slowest": round(max(kept_ones) * 1000, 2),
        "questions": {stem: {k: round(v * 1000, 1) for k, v in one.items()} for stem, one in figures.items()},
    }
    print({key: value for key, value in said.items() if key != "questions"})
    return said


def against_rdflib(known: Any) -> float:
    import rdflib

    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        frame = Frame(authority=known, provenance=provenance(N_RDFLIB))
        write_quads(made_works(N_RDFLIB, authority=known), folder / "quads", frame)
        load(folder / "quads", folder / "store")
        graph = rdflib.Graph()
        lines = [
            line[: line.rindex(" <")] + " ."
            for paths in graph_files(folder / "quads").values()
            for path in paths
            for line in path.read_text("utf-8").split("\n")
            if line
        ]
        took, _ = timed(lambda: graph.parse(data="\n".join(lines), format="nt"))
        print(f"\nrdflib's memory store: {len(graph):,} triples of {N_RDFLIB} works parsed in {took:.1f} s")
        ratios = []
        with open_store(folder) as store:
            for question in questions():
                if question.number == 32:  # asks for named graphs
                    continue
                text = question.bind(bound_rows(question, bindings(question, BUSY, "entrapment"), known))
                ours = often(lambda text=text: rows_of(store.query(text)), 3)  # type: ignore[misc]
                theirs = used(lambda text=text: list(graph.query(text)))  # type: ignore[misc]
                ratios.append(theirs / ours)
                print(
                    f"{question.stem:38} ours {ours * 1000:8.1f} ms  rdflib {theirs * 1000:9.1f} ms  x{theirs / ours:.0f}"
                )
        print(f"median: {median(ratios):.0f} times as fast as rdflib's memory store")
        return median(ratios)


def ask_finder(folder: Path, known: Any) -> float:
    """Milliseconds of the slowest search."""
    index = open_index(folder)
    store = open_store(folder)
    assert isinstance(store, LocalStore)
    pair, _ = usual_pair(store)
    store.close()
    print("\nfinder, milliseconds of the processor")
    slowest = 0.0
    for conditions in (
        {"pair": pair},
        {"pair": BUSY},
        {"pair": BUSY, "concept": "entrapment", "year": "1990-"},
        {"pair": pair, "facets": True},
        {"pair": BUSY, "facets": True},
        {"state": "AUS", "lang": "zh"},
        {"text": "同盟", "limit": 20},
        {"text": "burden sharing", "pair": BUSY},
        {"text": "同盟", "limit": 20, "facets": True},
        {"author": "Number 7"},
    ):
        took = often(lambda c=conditions: find(index, authority=known, **c))  # type: ignore[misc]
        print(f"{conditions!s:60} {took * 1000:8.1f}  {find(index, authority=known, **conditions).n_works:6} works")  # type: ignore[arg-type]
        slowest = max(slowest, took * 1000)
    index.close()
    return round(slowest, 1)


def main() -> None:
    record = "--record" in sys.argv
    given = [one for one in sys.argv[1:] if one != "--record"]
    number = int(given[0]) if given else 20_000
    room = None if len(given) > 1 else tempfile.TemporaryDirectory()
    folder = Path(given[1] if room is None else room.name)
    folder.mkdir(parents=True, exist_ok=True)
    known = load_authority()
    print(f"{number:,} works")
    if not (folder / "store" / "CURRENT").exists():
        (folder / "built.json").write_text(json.dumps(build(number, folder)), "utf-8")
    facts = json.loads((folder / "built.json").read_text("utf-8"))
    said = {"works": number, **facts, **ask_all(folder, known)}
    said["finder_slowest"] = ask_finder(folder, known)
    said["rdflib_ratio"] = round(against_rdflib(known))
    if record:
        RECORD.write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    if room is not None:
        room.cleanup()


if __name__ == "__main__":
    main()
