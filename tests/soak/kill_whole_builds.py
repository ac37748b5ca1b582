"""Kill `kg build` at random moments, with all its processes. In: a number of kills, of works. Out: a line a round, exit 1 at a fault.

::

    python tests/soak/kill_whole_builds.py [KILLS] [WORKS] [SEED]

Builds go to and fro between two catalogues, so that every stage is hit, also those that begin with what an earlier build left. After each
kill the store must open whole; a build that then ends must leave the very files of a build from nothing.
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

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from catalogue import write  # noqa: E402

from kg.store import open_store  # noqa: E402

#: What is no part of the answer: the index, what the next build goes on from, times.
ASIDE = ("store/", ".kg-lock", ".kg-work/", ".kg-manifest.json", "quads/history/")
COUNT = "SELECT (COUNT(DISTINCT ?w) AS ?n) { ?w a <https://w3id.org/alliance-kg/ns#Work> }"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not (name := path.relative_to(folder).as_posix()).startswith(ASIDE)
    }


def start(sources: list[Path], out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kg", "build", *map(str, sources), "-o", str(out), "--no-pages", "--jobs", "2"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1750000000", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    n_works = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    dice = random.Random(seed)
    room = Path(tempfile.mkdtemp(prefix="kg-soak-"))
    print(f"{kills} kills, {n_works} works, seed {seed}, in {room}")
    first, second = room / "first.jsonl", room / "second.jsonl"
    write(first, n_works, 0.5)
    lines = first.read_bytes().splitlines(keepends=True)
    second.write_bytes(b"".join(lines[: n_works // 2] + lines[n_works // 2 + 3 :]))
    choices = [[first], [second], [first, second]]
    whole: list[dict[str, bytes]] = []
    began = time.monotonic()
    for number, sources in enumerate(choices):
        if start(sources, room / f"whole-{number}").wait():
            return 1
        whole.append(contents(room / f"whole-{number}"))
    took = (time.monotonic() - began) / len(choices)
    out = room / "out"
    start(choices[0], out).wait()
    n_killed = n_ended = 0
    for round_ in range(kills):
        number = dice.randrange(len(choices))
        build = start(choices[number], out)
        time.sleep(dice.random() * took)
        was_running = build.poll() is None
        if was_running:
            os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        n_killed += was_running
        with open_store(out) as store:
            found = int(next(iter(store.query(COUNT)))["n"].value)
        if not was_running or round_ % 5 == 4:
            start(choices[number], out).wait()
            n_ended += 1
            if contents(out) != whole[number]:
                print(f"round {round_}: the build after a kill left other files than one from nothing", file=sys.stderr)
                return 1
        print(f"round {round_}: {'killed' if was_running else 'ended'}, {found} works in the store", flush=True)
    print(f"{n_killed} kills, {n_ended} builds that ended: the store was whole and the files were right every time")
    shutil.rmtree(room)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
