"""Build catalogues of growing size. In: sizes. Out: a table of time, memory, disk and each stage's share; a file for the README.

::

    python tests/bench/bench_scale.py [--works 10000 100000 1000000] [--share 0.02] [--jobs 0] [--file scale.json]
    python tests/bench/bench_scale.py --works 100000 --share 1 --file scale.json [--out DIR]

`tests/bench/catalogue.py` makes the input: abstracts of 1.1 KB of all fields, one in fifty on an alliance. Each size is built
from nothing by a process of its own. Every second the memory of all its processes is added up (a page that several share counts
in parts) and the processor time of each is noted. In the same run one process parses the file with `orjson.loads`, line by
line: the least that any program does with it, and a measure of how busy the machine is. What is measured with ``--share 1``, works
that are all on alliances, stands in the file beside the rows of the others.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from catalogue import write

ROOT = Path(__file__).resolve().parent.parent.parent

BUILD = """
import json, sys, time
from pathlib import Path
from kg import pipeline

if __name__ == "__main__":
    built = pipeline.build([sys.argv[1]], Path(sys.argv[2]), pipeline.Options(jobs=int(sys.argv[3]), pages=sys.argv[4] == "1"))
    report = built.report
    print(json.dumps({"seconds": built.seconds, "shares": dict(built.shares), "works": report.n_works,
                      "relevant": report.n_relevant, "mentions": report.n_mentions}))
"""


def family(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, rest = [], [root]
    while rest:
        found.append(rest.pop())
        rest += children.get(found[-1], [])
    return found


def memory_mb(process: int) -> float:
    """Memory of one process, with its part of what it shares."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def processor_s(process: int) -> float:
    """Seconds of processor time that one process has taken."""
    parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def build(source: Path, out: Path, jobs: int, pages: bool) -> dict[str, Any]:
    """Build once, watched."""
    script = out.with_suffix(".py")
    script.write_text(BUILD, "utf-8")
    command = [sys.executable, str(script), str(source), str(out), str(jobs), str(int(pages))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    peak, taken = 0.0, dict[int, float]()
    while child.poll() is None:
        total = 0.0
        for process in family(child.pid):
            try:
                total += memory_mb(process)
                taken[process] = processor_s(process)
            except OSError:
                continue
        peak = max(peak, total)
        time.sleep(1.0)  # to look takes some milliseconds of processor time a gigabyte
    assert child.stdout is not None
    found: dict[str, Any] = json.loads(child.stdout.read().splitlines()[-1])
    return found | {"peak_mb": round(peak), "cpu_s": round(sum(taken.values()), 1)}


def size_mb(folder: Path, *, but: str = "") -> float:
    """What the files of a folder take; of those that stand there under two names, once."""
    found = {
        (facts.st_dev, facts.st_ino): facts.st_size
        for path in folder.rglob("*")
        if path.is_file() and (not but or path.relative_to(folder).parts[0] != but)
        for facts in (path.stat(),)
    }
    return sum(found.values()) / 1e6


def parse_s(source: Path) -> float:
    """Seconds in which one process parses the file."""
    import orjson

    began = time.perf_counter()
    with source.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return time.perf_counter() - began


def keep(file: Path, share: float, rows: list[dict[str, Any]]) -> None:
    """Write the figures, beside those of the other kind that are there."""
    known: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    known |= {"relevant": rows} if share == 1 else {"share": share, "rows": rows}
    file.write_text(json.dumps(known, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--share", type=float, default=0.02)
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--no-pages", action="store_true")
    parser.add_argument("--input", type=Path, help="a catalogue that is there already, for the last size")
    parser.add_argument("--file", type=Path, help="where to keep the figures")
    parser.add_argument("--out", type=Path, help="where to leave the last build")
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="kg-scale-", dir=os.environ.get("KG_BENCH_ROOM")) as room:
        for n in given.works:
            source = given.input if given.input and n == given.works[-1] else Path(room) / f"works-{n}.jsonl"
            if not source.exists():
                write(source, n, given.share)
            row = {"records": n, "mb": round(source.stat().st_size / 1e6)}
            load = os.getloadavg()[0]
            out = given.out if given.out and n == given.works[-1] else Path(room) / f"out-{n}"
            row |= build(source, out, given.jobs, not given.no_pages)
            row |= {"disk_mb": round(size_mb(out, but=".kg-work")), "store_mb": round(size_mb(out / "store"))}
            row |= {"parse_s": round(parse_s(source), 1), "load": round((load + os.getloadavg()[0]) / 2, 1)}
            row["seconds"] = round(row["seconds"], 1)
            row["shares"] = {name: round(took, 1) for name, took in row["shares"].items()}
            rows.append(row)
            print(json.dumps(row), flush=True)
            if given.file:
                keep(given.file, given.share, rows)


if __name__ == "__main__":
    main()
