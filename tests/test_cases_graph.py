"""Trouble cases of graph, exports and query address, on inputs that lie beside some checkouts."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import networkx as nx
import pyoxigraph
import pytest
import rdflib
from serving import serve

from kg import jsonl
from kg.export import EXPORTS, export
from kg.pipeline import Options, build
from kg.web.pool import Limits

Shared = Callable[[str], Path]
NO_PAGES = Options(pages=False)


def works_in(folder: Path) -> list[object]:
    return [jsonl.loads(line) for line in (folder / "works.jsonl").read_bytes().split(b"\n") if line]


def test_control_characters_break_no_writer(shared: Shared, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    build([shared("cases/inputs/control.jsonl")], folder, NO_PAGES)
    works = works_in(folder)
    assert len(works) == 4
    for tagged in works:
        fields = tagged.work.fields()  # type: ignore[attr-defined]
        for kind in ("states", "alliances", "groups", "concepts"):
            for mentions in getattr(tagged, kind).values():
                for mention in mentions:
                    assert fields[mention.field][mention.start : mention.end] == mention.surface
    for path in folder.rglob("*.nq"):
        list(pyoxigraph.parse(path.read_bytes(), format=pyoxigraph.RdfFormat.N_QUADS))
    for name in EXPORTS:
        data = export(name, folder)
        if name in ("graphml", "gexf"):
            ET.fromstring(data)
            read = nx.read_graphml if name == "graphml" else nx.read_gexf
            kinds = [kind for _, kind in read(io.BytesIO(data)).nodes(data="kind")]
            assert kinds.count("work") == 4
    for path in (folder / "network").iterdir():
        ET.fromstring(path.read_bytes())
    assert not list(folder.rglob("*.part"))


def test_years_are_years_or_nothing(shared: Shared, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "out"
    build([shared("cases/inputs/years.ris")], folder, NO_PAGES)
    with caplog.at_level(logging.WARNING):
        graph = rdflib.Graph().parse(folder / "graph.ttl")
    assert not caplog.records
    dcterms = rdflib.Namespace("http://purl.org/dc/terms/")
    years = [str(year) for year in graph.objects(None, dcterms.issued)]
    assert years
    assert all(re.fullmatch(r"-?[0-9]{4}", year) and int(year) <= time.gmtime().tm_year + 2 for year in years)
    titles = {}
    for work, title in graph.subject_objects(dcterms.title):
        issued = graph.value(work, dcterms.issued)
        titles[str(title)] = None if issued is None else str(issued)
    assert titles["Year case 4: France and Poland"] == titles["Year case 7: France and Poland"] == "2019"
    for number in (1, 3, 5, 6):
        assert titles[f"Year case {number}: France and Poland"] is None


def test_the_order_of_sources_and_the_hash_seed_change_no_byte(shared: Shared, tmp_path: Path, root: Path) -> None:
    a, b = (str(shared(f"cases/inputs/{name}").absolute()) for name in ("order-a.ris", "order-b.jsonl"))
    outputs = []
    for number, sources in enumerate(([a, b], [b, a])):
        place = tmp_path / f"run{number}"
        place.mkdir()
        environment = {
            **os.environ,
            "PYTHONHASHSEED": str(number + 1),
            "PYTHONPATH": str(root),
            "SOURCE_DATE_EPOCH": "1700000000",
        }
        command = [sys.executable, "-m", "kg", "build", *sources, "-o", "out", "--no-pages"]
        subprocess.run(command, check=True, cwd=place, env=environment, capture_output=True)
        outputs.append(
            {
                path.relative_to(place).as_posix(): path.read_bytes()
                for path in (place / "out").rglob("*")
                if path.suffix in (".nq", ".ttl", ".graphml", ".csv", ".jsonl")
            }
            | {name: export(name, place / "out") for name in EXPORTS}
        )
    one, other = outputs
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert not any(b"_:" in data for name, data in one.items() if name.endswith(".nq"))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="worker processes are POSIX only")
def test_exploding_paths_are_stopped(shared: Shared, sample: Path, tmp_path: Path) -> None:
    from kg.web import create_app

    lines = shared("cases/inputs/paths.jsonl").read_text("utf-8").split("\n")
    queries = [json.loads(line)["query"] for line in lines if line]
    build([sample], tmp_path / "out", NO_PAGES)
    limits = Limits(timeout_s=4)
    easy = "ASK { ?work a <https://w3id.org/alliance-kg/ns#Work> }"
    with serve(create_app(tmp_path / "out", limits)) as address, ThreadPoolExecutor(len(queries)) as pool:
        url = f"{address}/sparql"

        def ask(query: str) -> tuple[int, str, float]:
            start = time.monotonic()
            try:
                answer = httpx.post(url, data={"query": query}, timeout=60)
            except httpx.RemoteProtocolError:  # broken off in the middle of an answer
                return 0, "", time.monotonic() - start
            return answer.status_code, answer.text[:200], time.monotonic() - start

        asked = [pool.submit(ask, query) for query in queries]
        time.sleep(0.3)
        start = time.monotonic()
        assert httpx.get(url, params={"query": easy}, timeout=30).status_code == 200
        assert time.monotonic() - start < 5
        for code, words, took in (one.result() for one in asked):
            assert code in (0, 200, 413, 429, 503), (code, words)
            assert took < limits.timeout_s + 2
            if code == 503:
                assert re.search(r"\d", words), "the limit is not named"
        start = time.monotonic()
        assert httpx.get(url, params={"query": easy}, timeout=30).status_code == 200
        assert time.monotonic() - start < 1
