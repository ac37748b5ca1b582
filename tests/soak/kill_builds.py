"""Kill builds at random moments, for as long as one likes. In: a number of kills. Out: a line a round, exit 1 at a fault.

::

    python tests/soak/kill_builds.py [KILLS] [WORKS] [SEED]

Writes of quads and loads of the store are both hit: the moments are spread over the time that a build takes here, one
of them at random in each of as many equal parts as there are kills. A build that ended first is no kill and is begun
again; every tenth build is left alone, which measures the time anew and makes another generation. After each kill the store must open on a whole generation, a reader of the first generation must still read all
of it, and in the end one more build must succeed.
"""

from __future__ import annotations

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
print("written", flush=True)
load(Path(sys.argv[1]) / "quads", Path(sys.argv[1]) / "store")
"""


def write(folder: Path, number: int, seed: int) -> None:
    """A graph of some works; another seed is another graph."""
    frame = Frame(authority=load_authority(), provenance=Provenance(version=str(seed), time="2026-01-01T00:00:00Z"))
    write_quads(made_works(number, seed=seed), folder, frame)


def n_works(store: LocalStore) -> int:
    return int(next(iter(store.query(COUNT)))["n"].value)


def whole_build(folder: Path, number: int, seed: int) -> float:
    """Seconds of a build that nobody stops."""
    build = begin(folder, number, seed)
    start = time.monotonic()
    end(build)
    if build.returncode:
        raise SystemExit("a build that nobody stopped failed")
    return time.monotonic() - start


def opened(folder: Path) -> LocalStore:
    store = open_store(folder)
    assert isinstance(store, LocalStore)
    return store


def begin(folder: Path, size: int, seed: int) -> subprocess.Popen[bytes]:
    """A build in a process of its own, at the moment when it begins to write."""
    paths = f"{ROOT}:{ROOT / 'tests' / 'bench'}:{ROOT / 'tests' / 'soak'}"
    command = [sys.executable, "-c", BUILD, str(folder), str(size), str(seed), paths]
    build = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder)
    assert build.stdout is not None
    build.stdout.readline()
    return build


def end(build: subprocess.Popen[bytes]) -> bool:
    """Wait for the process; whether it had come to the load."""
    assert build.stdout is not None
    had_written = b"written" in build.stdout.read()
    build.stdout.close()
    build.wait()
    return had_written


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    chance = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="kg-soak-"))
    print(f"{kills} kills, {number} works, seed {seed}, in {folder}")
    write(folder / "quads", number, 1)
    load(folder / "quads", folder / "store")
    first = opened(folder)
    expected = {str(first.generation): (n_works(first), len(first.raw))}
    whole = 0.0
    moments = [(part + chance.random()) / kills for part in range(kills)]
    chance.shuffle(moments)
    rounds = loading = 0
    while moments and rounds < 10 * kills:
        if rounds % 10 == 0:
            whole = whole_build(folder, number, 1000 + rounds)
            print(f"a build takes {whole:.1f} s")
        rounds += 1
        build = begin(folder, number + chance.randrange(50), 1000 + rounds)
        time.sleep(moments[-1] * whole)
        build.send_signal(signal.SIGKILL)  # does nothing to a build that has ended
        had_written = end(build)
        is_kill = build.returncode == -signal.SIGKILL
        if is_kill:
            moments.pop()
            loading += had_written
        elif build.returncode:
            print(f"round {rounds}: the build failed by itself", file=sys.stderr)
            return 1
        store = opened(folder)
        found = (n_works(store), len(store.raw))
        generation = str(store.generation)
        if found[1] != store.ready()["quads"] or expected.setdefault(generation, found) != found:
            print(f"round {rounds}: {generation} has {found}, READY says {store.ready()['quads']}", file=sys.stderr)
            return 1
        if (n_works(first), len(first.raw)) != expected[str(first.generation)]:
            print(f"round {rounds}: the reader of {first.generation} sees another graph", file=sys.stderr)
            return 1
        said = f"killed while it {'loaded' if had_written else 'wrote'}" if is_kill else "ended first"
        print(f"round {rounds}: {said}, {generation}, {found[0]} works; {len(moments)} kills to go", flush=True)
        store.close()
    if moments:
        print(f"only {kills - len(moments)} builds could be killed", file=sys.stderr)
        return 1
    write(folder / "quads", number, 99)
    load(folder / "quads", folder / "store")
    last = opened(folder)
    if n_works(last) != number:
        print("the build after the last kill did not succeed", file=sys.stderr)
        return 1
    print(
        f"{kills} builds killed, {kills - loading} while they wrote and {loading} while they loaded, in {rounds} rounds "
        f"with {len(expected) - 1} switches; the store was whole every time"
    )
    first.close()
    last.close()
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
