"""The map beside pyvis, and the server under load. Usage: bench_pages.py [works …]; default 2,000 and 20,000.

Prints, for each number of works: seconds of the layout; milliseconds until the map shows a picture and between frames while
it moves, in Chromium without a GPU; the same for pyvis with the same nodes, edges and positions; requests a second and
latency of the served pages, cold and from the cache, and memory.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kg.authority import Authority, load
from kg.model import Mention, TaggedWork, Text, Work, WorkId
from kg.views import pages, site
from kg.views.addresses import FileAddresses
from kg.views.desk import Desk
from kg.views.explorer import lay_out
from kg.views.holdings import Holdings
from kg.views.rendering import inline_assets
from kg.views.words import Words

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
READY = """new MutationObserver(() => { const r = document.querySelector('[data-explorer][data-ready]');
  if (r && !window.shownAt) requestAnimationFrame(() => { window.shownAt = performance.now(); }); })
  .observe(document, { subtree: true, attributes: true, childList: true });"""
MOVE_MAP = """async () => { const v = kgMap.view(), times = []; let last = performance.now();
  for (let i = 0; i < 60; i++) { kgMap.setView({ x: v.x + i * 6, y: v.y + i * 3, k: v.k * (1 + i / 100) });
    await new Promise(requestAnimationFrame); const t = performance.now(); times.push(t - last); last = t; }
  return times.sort((a, b) => a - b)[30]; }"""
MOVE_VIS = """async () => { const times = []; let last = performance.now();
  for (let i = 0; i < 12; i++) { network.moveTo({ position: { x: i * 6, y: i * 3 }, scale: 0.2 * (1 + i / 100), animation: false });
    await new Promise(requestAnimationFrame); const t = performance.now(); times.push(t - last); last = t; }
  return times.sort((a, b) => a - b)[6]; }"""


def made_up(n_works: int, authority: Authority) -> list[TaggedWork]:
    """Works with one planted main alliance each, more works on the first alliances."""
    lot = random.Random(1)
    pairs = sorted({row.pair for row in authority.alliances.values() if row.pair and authority.parties(row.pair)})[:300]
    concepts = [row.id for row in authority.concepts.values() if not row.is_facet]
    states = [row.id for row in authority.states.values() if row.tag_id == row.id][:200]
    weights = [1 / (place + 1) for place in range(len(pairs))]
    mention = (Mention("title", 0, 4, "Work", "state-name", 0.9),)
    works = []
    for number in range(n_works):
        chosen = {lot.choices(pairs, weights)[0]} | ({lot.choice(pairs)} if lot.random() < 0.3 else set())
        named = {state for pair in chosen for state in authority.parties(pair)} | {lot.choice(states)}
        text = Text(lot.choice(["en", "zh-Hans"]), f"Work number {number} on an alliance", None)
        work = Work(id=WorkId(f"w{number:06d}"), texts=(text,), year=lot.choice([None, *range(1950, 2025)]))
        works.append(
            TaggedWork(
                work=work,
                states=dict.fromkeys(sorted(named), mention),
                alliances=dict.fromkeys(sorted(chosen), mention),
                concepts=dict.fromkeys(sorted(lot.sample(concepts, 2)), mention),
                focus=tuple(sorted(chosen))[:1],
            )
        )
    return works


def bench_map(holdings: Holdings, folder: Path) -> None:
    """The layout, the map and pyvis, in one run."""
    from playwright.sync_api import sync_playwright

    began = time.perf_counter()
    drawn = lay_out(holdings, most=10**6)
    holdings.drawn = drawn
    print(f"  layout {time.perf_counter() - began:.1f} s for {len(drawn.spots):,} nodes")
    desk = Desk(holdings, FileAddresses(), Words("en"), "map")
    assets = inline_assets(("page", "explorer"), ("kg", "search", "map"))
    text = site.render(holdings, FileAddresses(), "en", "map", "map.html", pages.explorer(desk), assets, desk)
    (folder / "map.html").write_text(text, encoding="utf-8")
    (folder / "vis.html").write_text(as_pyvis(holdings, drawn.spots), encoding="utf-8")
    with sync_playwright() as started:
        for name, ready, move in (
            ("map", "window.shownAt", MOVE_MAP),
            ("vis", "typeof network !== 'undefined'", MOVE_VIS),
        ):
            with tempfile.TemporaryDirectory() as profile:
                context = started.chromium.launch_persistent_context(
                    profile, executable_path=shutil.which("chromium"), args=FLAGS, headless=True,
                    viewport={"width": 1280, "height": 800}, offline=True,
                )  # fmt: skip
                page = context.new_page()
                page.add_init_script(READY)
                page.set_default_timeout(240_000)
                page.goto((folder / f"{name}.html").as_uri())
                page.wait_for_function(ready)
                shown = page.evaluate("window.shownAt ?? performance.now()")
                size = (folder / f"{name}.html").stat().st_size / 1e6
                print(f"  {name}: first picture {shown:,.0f} ms, frame {page.evaluate(move):.0f} ms, {size:.1f} MB")
                context.close()


def as_pyvis(holdings: Holdings, spots: Any) -> str:
    """The same nodes, edges and positions in pyvis, physics off."""
    from pyvis.network import Network

    network = Network(cdn_resources="in_line", height="780px")
    for key, (x, y) in spots.items():
        network.add_node(key, label=key.split("/", 1)[1], x=x, y=y, size=3)
    for tagged in holdings.works:
        for kind, tags in (("alliance", tagged.alliances), ("state", tagged.states), ("concept", tagged.concepts)):
            for tag in tags:
                network.edges.append({"from": f"work/{tagged.id}", "to": f"{kind}/{tag}"})
    network.set_options(json.dumps({"physics": {"enabled": False}, "layout": {"improvedLayout": False}}))
    return str(network.generate_html())


async def load_server(address: str, paths: list[str], rate: int, seconds: int) -> str:
    """So many requests a second; what they took."""
    host, port = address.removeprefix("http://").split(":")
    waiting: asyncio.Queue[tuple[float, str | None]] = asyncio.Queue()
    took: list[float] = []

    async def worker() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        while (job := await waiting.get())[1] is not None:
            writer.write(
                f"GET {job[1]} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            took.append(time.perf_counter() - job[0])
        writer.close()

    workers = [asyncio.create_task(worker()) for _ in range(32)]
    began = time.perf_counter()
    for number in range(rate * seconds):
        due = began + number / rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        waiting.put_nowait((max(due, time.perf_counter()), random.choice(paths)))
    for _ in workers:
        waiting.put_nowait((0.0, None))
    await asyncio.gather(*workers)
    took.sort()
    p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return f"{len(took) / (time.perf_counter() - began):.0f} requests/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms"


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Any]]:
    """`kg serve` in a process of its own, kept to one core where the system can: its address and its process."""
    import psutil

    command = [sys.executable, "-m", "kg", "serve", "-g", str(folder), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split()[0].rstrip("/")
        watched = psutil.Process(process.pid)
        if hasattr(watched, "cpu_affinity"):
            watched.cpu_affinity([0])
            psutil.Process().cpu_affinity([1 % (psutil.cpu_count() or 1)])
        yield address, watched
    finally:
        began = time.perf_counter()
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)
        print(f"  stopped in {time.perf_counter() - began:.1f} s with status {code}")
        if hasattr(psutil.Process(), "cpu_affinity"):
            psutil.Process().cpu_affinity([])


def memory(process: Any) -> str:
    """Resident memory of a process, and of what it started."""
    own = process.memory_info().rss / 1e6
    others = sum(child.memory_info().rss for child in process.children(recursive=True)) / 1e6
    return f"{own:.0f} MB (and {others:.0f} MB of query workers)"


def bench_server(works: list[TaggedWork], folder: Path, minutes: int = 0) -> None:
    """Pages and the interface, cold and kept; for so many minutes more, with the memory after each."""
    from kg import jsonl
    from kg.store import load as load_store

    (folder / "works.jsonl").write_bytes(b"".join(jsonl.write(works)))
    quads = folder / "quads" / "works"
    quads.mkdir(parents=True, exist_ok=True)
    (quads / "part-00000.nq").write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    load_store(folder / "quads", folder / "store")
    alliances = sorted({alliance for tagged in works for alliance in tagged.alliances})[:60]
    paths = [f"/alliance/{one}?lang={lang}" for one in alliances for lang in ("en", "zh")] + [
        "/?lang=en",
        "/works?lang=zh",
    ]
    paths += [f"/api/alliance/{one}" for one in alliances[:30]] + [
        f"/work/{tagged.id}?lang=en" for tagged in works[::500]
    ]
    with served(folder) as (address, process):
        print("  cold:", asyncio.run(load_server(address, paths, 20, 10)))
        asyncio.run(load_server(address, paths, 100, 10))
        print("  kept:", asyncio.run(load_server(address, paths, 200, 15)))
        print(f"  memory {memory(process)}")
        everything = paths + [f"/work/{tagged.id}?lang={lang}" for tagged in works for lang in ("en", "zh")]
        for minute in range(minutes):
            mixed = paths * 40 + everything
            print(f"  minute {minute + 1}:", asyncio.run(load_server(address, mixed, 200, 60)), memory(process))


def main() -> None:
    """Run for each number of works named; ``--minutes N`` keeps the load up to see whether memory grows."""
    arguments = sys.argv[1:]
    minutes = 0
    if "--minutes" in arguments:
        place = arguments.index("--minutes")
        minutes = int(arguments[place + 1])
        del arguments[place : place + 2]
    authority = load()
    for n_works in [int(argument) for argument in arguments] or [2_000, 20_000]:
        print(f"{n_works:,} works")
        works = made_up(n_works, authority)
        with tempfile.TemporaryDirectory() as folder:
            if not minutes:
                bench_map(Holdings(works, authority), Path(folder))
            bench_server(works, Path(folder), minutes)


if __name__ == "__main__":
    main()
