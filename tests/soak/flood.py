"""Fifty hostile queries at once on a large store. In: a folder with a store. Out: times of ordinary queries, memory.

::

    python tests/soak/flood.py [FOLDER]

Without FOLDER a graph of 1,000 works is made. Exit 1 where an ordinary query takes a second or is refused.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import httpx
import psutil
from kill_builds import write
from serving import serve
from test_endpoint import hostile, status

from kg.store import load
from kg.web import create_app
from kg.web.pool import Limits

ORDINARY = """PREFIX akg: <https://w3id.org/alliance-kg/ns#>
SELECT ?work ?year { ?work akg:discussesAlliance <https://w3id.org/alliance-kg/id/alliance/AUT-FRA> OPTIONAL { ?work akg:year ?year } }"""


def main() -> int:
    """Flood a server, and ask it ordinary questions meanwhile."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="kg-flood-"))
    if not (folder / "store" / "CURRENT").exists():
        write(folder / "quads", 1_000, 1)
        load(folder / "quads", folder / "store")
    limits, times, codes, largest = Limits(), [], Counter[int](), 0
    with serve(create_app(folder, limits)) as address, ThreadPoolExecutor(50) as pool:
        url = f"{address}/sparql"
        httpx.get(url, params={"query": ORDINARY}, timeout=30)
        done = threading.Event()

        def watch() -> None:
            nonlocal largest
            while not done.wait(0.1):
                now = 0
                for child in psutil.Process().children(recursive=True):
                    try:
                        now += child.memory_info().rss
                    except psutil.NoSuchProcess:
                        continue
                largest = max(largest, now)

        watcher = threading.Thread(target=watch)
        watcher.start()
        flood = [pool.submit(status, url, query) for query in hostile()]
        time.sleep(0.3)
        while len(times) < 60:
            start = time.monotonic()
            codes[httpx.get(url, params={"query": ORDINARY}, timeout=30).status_code] += 1
            times.append(time.monotonic() - start)
        hostile_codes = Counter(one.result() for one in flood)
        done.set()
        watcher.join()
    print(
        f"ordinary queries: median {sorted(times)[30] * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms, {dict(codes)}"
    )
    print(f"hostile ones: {dict(hostile_codes)}; worker processes at most {largest >> 20} MB")
    return int(max(times) >= 1 or set(codes) != {200})


if __name__ == "__main__":
    raise SystemExit(main())
