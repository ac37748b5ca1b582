"""How fast the graph is written, loaded and asked. In: a number of works. Out: a table of medians and ratios.

::

    python tests/bench/bench_store.py [WORKS] [FOLDER] [--record]
    python tests/bench/bench_store.py --store FOLDER [--load-seconds N] [--record]

Everything in one run on one machine, so that ratios mean something: our store against rdflib's own memory store on a
size that it can hold, the finder, `kg check`, and the whole of a build of the graph. FOLDER is kept and used again where
it is named. --store takes the output of a `kg build` as it is (how long its load took is given, as the build told it).
--record writes the figures to ``store.json`` (with --store to ``store-large.json``), from which the READMEs take their table.

Three times are told of each question. *Usual*: about a pair with some 250 works, median of five. *Cold*: about the
busiest pair, all rows, the first thing that a new process asks. *First 50*: about the busiest pair, the first page, in a
process that has asked the same of the usual pair, as a server has. Questions about the whole graph take nothing that
picks works out (a least number of works at most); they come from the cache the second time.
"""

from __future__ import annotations

import argparse
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
from kg.store import LocalStore, Store, load, open_store
from kg.terms import AKG, PROV, alliance, concept, state

N_RDFLIB = 300
WHOLE = (2, 3, 12, 13, 22, 23, 33, 34)
"""Questions about the whole graph."""
RECORD = Path(__file__).resolve().parent / "store.json"


def bindings(store: Store, question: Question, pair: str, idea: str) -> dict[str, Any]:
    """Something of the store for each input."""
    values: dict[str, Any] = {
        "alliance": Iri(alliance(pair)),
        "other": Iri(alliance("KOR-USA")),
        "concept": Iri(concept(idea)),
        "state": Iri(state("AUS")),
        "thing": Iri(alliance(pair)),
        "year": 1956,
    }
    some = {"work": f"?it a <{AKG.Work}>", "run": f"?graph <{PROV}wasGeneratedBy> ?it"}
    for name in {"work", "run"} & {one.name for one in question.inputs}:
        values[name] = Iri(next(iter(store.query(f"SELECT ?it {{ {some[name]} }} LIMIT 1")))["it"].value)
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


def found_built(folder: Path, load_s: float | None) -> tuple[int, dict[str, float]]:
    """Works in the output of a build, and what it says of itself."""
    with open_store(folder) as store:
        assert isinstance(store, LocalStore)
        graphs = store.graphs()
        number = len(list(store.query(f"SELECT ?work {{ ?work a <{AKG.Work}> }}")))
        disk = sum(path.stat().st_size for path in store.folder.rglob("*") if path.is_file())
    own = sum(count for graph, count in graphs.items() if graph not in ("ontology", "meta"))
    facts: dict[str, float] = {"quads_a_work": round(own / number), "bytes_a_work": round(disk / number)}
    return number, facts | ({} if load_s is None else {"load_s": load_s})


def pairs_of(store: LocalStore, wanted: int = 250) -> tuple[str, str]:
    """The pair that the most works are on, and one with as many as wanted."""
    rows = ask(store, "02").rows
    busiest = max(rows, key=lambda row: int(row[3] or 0))
    usual = min(rows, key=lambda row: abs(int(row[3] or 0) - wanted))
    return str(busiest[0]).rpartition("/")[2], str(usual[0]).rpartition("/")[2]


COLD = """
import sys, time, json
sys.path.insert(0, sys.argv[3])
import bench_store
from kg.query import ask, get_question
from kg.store import open_store
question = get_question(sys.argv[2])
busiest, usual = sys.argv[4:]
store = open_store(sys.argv[1])
bound = bench_store.bindings(store, question, busiest, "entrapment")
if usual:
    ask(store, question, bench_store.bindings(store, question, usual, "abandonment"))
start = time.process_time()
ask(store, question, bound, limit=50 if usual else None)
print(time.process_time() - start, bench_store.peak_mb())
"""


def in_new_process(folder: Path, question: Question, busiest: str, usual: str = "") -> tuple[float, float]:
    """All rows on the busiest pair; the first 50 after a usual pair where one is given. The system's cache of files stays.

    Gives seconds of the processor, and the most memory in MB.
    """
    here = str(Path(__file__).resolve().parent)
    command = [sys.executable, "-c", COLD, str(folder), question.stem, here, busiest, usual]
    out = [subprocess.run(command, check=True, stdout=subprocess.PIPE, env=ours()).stdout.split() for _ in range(3)]
    return median(float(took) for took, _ in out), max(float(peak) for _, peak in out)


def ours() -> dict[str, str]:
    """An environment in which a process finds this package."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent)}


def peak_mb() -> float:
    """Most memory of this process; what the process had that began it is not in it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def check_all(folder: Path) -> dict[str, float]:
    """What `kg check` takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    took, done = timed(
        lambda: subprocess.run(
            [sys.executable, "-c", CHECK, str(folder), str(Path(__file__).resolve().parent)],
            check=False,
            stdout=subprocess.PIPE,
            env=ours(),
        )
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said, memory = done.stdout.decode().rsplit("\n", 2)[:2]
    print(f"\nkg check: {took:.1f} s, {spent:.1f} of the processor, {float(memory):.0f} MB: {said}")
    return {"check_s": round(took, 1), "check_cpu_s": round(spent, 1), "check_mb": round(float(memory))}


CHECK = """
import sys
sys.path.insert(0, sys.argv[2])
import bench_store
from kg.check import check
found = check(sys.argv[1])
print(found.n_checks, "checks,", len(found), "faults", *map(str, found))
print(bench_store.peak_mb())
"""


def ask_all(folder: Path, known: Any) -> dict[str, Any]:
    store = open_store(folder)
    assert isinstance(store, LocalStore)
    busiest, pair = pairs_of(store)
    busy_works, usual_works = (len(ask(store, "01", {"alliance": Iri(alliance(one))})) for one in (busiest, pair))
    print(f"\nusual pair {pair}: {usual_works} works; busiest {busiest}: {busy_works} works")
    print("milliseconds of the processor, medians; see the head of this file")
    print(f"{'question':38} {'usual':>9} {'busiest cold':>13} {'its first 50':>12} {'rows':>6}")
    figures: dict[str, dict[str, float]] = {}
    asking_mb = 0.0
    for question in questions():
        bound = bindings(store, question, pair, "entrapment")
        text = question.bind(bound_rows(question, bound, known))
        is_whole = question.number in WHOLE
        if not is_whole:
            took = often(lambda text=text: rows_of(store.query(text)))  # type: ignore[misc]
        else:
            ask(store, question, bound)
            took = often(lambda question=question, bound=bound: ask(store, question, bound))  # type: ignore[misc]
        whole, peak = in_new_process(folder, question, busiest)
        first, other_peak = (whole, peak) if is_whole else in_new_process(folder, question, busiest, pair)
        asking_mb = max(asking_mb, peak, other_peak)
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
        "usual": usual_works,
        **{
            f"{name}_median": round(median(one[name] for one in on_pair) * 1000, 1)
            for name in ("usual", "cold", "first")
        },
        **{
            f"{name}_slowest": round(max(one[name] for one in on_pair) * 1000, 1) for name in ("usual", "cold", "first")
        },
        "cached_slowest": round(max(kept_ones) * 1000, 2),
        "asking_mb": round(asking_mb),
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
                bound = bindings(store, question, "JPN-USA", "entrapment")
                text = question.bind(bound_rows(question, bound, known))
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
    busiest, pair = pairs_of(store)
    store.close()
    print("\nfinder, milliseconds of the processor")
    slowest = 0.0
    for conditions in (
        {"pair": pair},
        {"pair": busiest},
        {"pair": busiest, "concept": "entrapment", "year": "1990-"},
        {"pair": pair, "facets": True},
        {"pair": busiest, "facets": True},
        {"state": "AUS", "lang": "zh"},
        {"text": "同盟", "limit": 20},
        {"text": "burden sharing", "pair": busiest},
        {"text": "同盟", "limit": 20, "facets": True},
        {"author": "Number 7"},
    ):
        took = often(lambda c=conditions: find(index, authority=known, **c))  # type: ignore[misc]
        print(f"{conditions!s:60} {took * 1000:8.1f}  {find(index, authority=known, **conditions).n_works:6} works")  # type: ignore[arg-type]
        slowest = max(slowest, took * 1000)
    index.close()
    return round(slowest, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the graph is written, loaded and asked.")
    parser.add_argument("works", nargs="?", type=int, default=20_000)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--store", type=Path, help="the output of a build")
    parser.add_argument("--load-seconds", type=float, help="how long its load took")
    parser.add_argument("--record", action="store_true")
    given = parser.parse_args()
    room = tempfile.TemporaryDirectory() if given.store is None and given.folder is None else None
    folder = given.store or given.folder or Path(room.name if room else "")
    known = load_authority()
    if given.store is not None:
        number, facts = found_built(folder, given.load_seconds)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        number = given.works
        if not (folder / "store" / "CURRENT").exists():
            (folder / "built.json").write_text(json.dumps(build(number, folder)), "utf-8")
        facts = json.loads((folder / "built.json").read_text("utf-8"))
    print(f"{number:,} works")
    said = {"works": number, **facts, **ask_all(folder, known)}
    said["finder_slowest"] = ask_finder(folder, known)
    said |= check_all(folder)
    if given.store is None:
        said["rdflib_ratio"] = round(against_rdflib(known))
    if given.record:
        RECORD.with_name(f"store{'-large' if given.store else ''}.json").write_text(
            json.dumps(said, indent=1) + "\n", "utf-8"
        )
    if room is not None:
        room.cleanup()


if __name__ == "__main__":
    main()
