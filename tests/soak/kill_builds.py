"""Kill builds at random moments, for as long as one likes. In: a number of kills. Out: a line a round, exit 1 at a fault.

::

    python tests/soak/kill_builds.py [KILLS] [WORKS] [SEED]

Writes of quads and loads of the store are both hit. After each kill the store must open on a whole generation, a reader
of the first generation must still read all of it, and in the end one more build must succeed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from made_works import made_works

from kg.authority import load as load_authority
from kg.rdf.files import Frame, write_quads
from kg.rdf.meta import Provenance
from kg.store import LocalStore, load, open_store

ROOT = Path(__file__).resolve().parent.parent.parent
COUNT = "SELECT (COUNT(DISTINCT ?w) AS ?n) { ?w a <https://w3id.org/alliance-kg/ns#Work> }"

BUILD = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[4].split(":")
from kill_builds import write
from kg.store import load
print("begun", flush=True)
write(Path(sys.argv[1]) / "quads", int(sys.argv[2]), int(sys.argv[3]))
load(Path(sys.argv[1]) / "quads", Path(sys.argv[1]) / "store")
"""


def write(folder: Path, number: int, seed: int) -> None:
    """A graph of some works; another seed is another graph."""
    frame = Frame(authority=load_authority(), provenance=Provenance(version=str(seed), time="2026-01-01T00:00:00Z"))
    write_quads(made_works(number, seed=seed), folder, frame)


def n_works(store: LocalStore) -> int:
    return int(next(iter(store.query(COUNT)))["n"].value)


def opened(folder: Path) -> LocalStore:
    store = open_store(folder)
    assert isinstance(store, LocalStore)
    return store


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    chance = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="kg-soak-"))
    print(f"{kills} kills, {number} works, seed {seed}, in {folder}")
    start = time.monotonic()
    write(folder / "quads", number, 1)
    load(folder / "quads", folder / "store")
    whole = time.monotonic() - start
    first = opened(folder)
    expected = {str(first.generation): (n_works(first), len(first.raw))}
    switches = 0
    for round_ in range(kills):
        size = number + chance.randrange(50)
        paths = f"{ROOT}:{ROOT / 'tests' / 'bench'}:{ROOT / 'tests' / 'soak'}"
        command = [sys.executable, "-c", BUILD, str(folder), str(size), str(2 + round_ % 5), paths]
        build = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder)
        assert build.stdout is not None
        build.stdout.readline()
        time.sleep(chance.random() * whole * 1.2)
        was_running = build.poll() is None
        os.kill(build.pid, signal.SIGKILL) if was_running else None
        build.wait()
        build.stdout.close()
        store = opened(folder)
        found = (n_works(store), len(store.raw))
        generation = str(store.generation)
        if found[1] != store.ready()["quads"] or expected.setdefault(generation, found) != found:
            print(f"round {round_}: {generation} has {found}, READY says {store.ready()['quads']}", file=sys.stderr)
            return 1
        if (n_works(first), len(first.raw)) != expected[str(first.generation)]:
            print(f"round {round_}: the reader of {first.generation} sees another graph", file=sys.stderr)
            return 1
        switches = len(expected) - 1
        print(f"round {round_}: {'killed' if was_running else 'ended'}, {generation}, {found[0]} works", flush=True)
        store.close()
    write(folder / "quads", number, 99)
    load(folder / "quads", folder / "store")
    last = opened(folder)
    if n_works(last) != number:
        print("the build after the last kill did not succeed", file=sys.stderr)
        return 1
    print(f"{kills} rounds, {switches} switches, the store was whole every time")
    first.close()
    last.close()
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
