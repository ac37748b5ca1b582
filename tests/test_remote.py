"""One contract for every store: the same questions, the same answers, here, on our endpoint, on another server."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import corpus
import pytest
from corpus.answers import ANSWERS
from serving import serve
from test_query import bind, compare, short

from kg.errors import QueryError, QueryRefused, QueryTimeout, StoreError
from kg.query import Rows, ask, query, questions, rows_of
from kg.remote import RemoteStore
from kg.store import Store, load, open_store

COUNT = "SELECT (COUNT(DISTINCT ?w) AS ?n) { ?w a <https://w3id.org/alliance-kg/ns#Work> }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("contract")
    load(corpus.write(place / "quads"), place / "store")
    return place


@pytest.fixture(scope="module", params=["local", "endpoint", "oxigraph-server"])
def store(request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "local":
        with open_store(folder) as opened:
            yield opened
    elif request.param == "endpoint":
        if os.name == "nt":
            pytest.skip("worker processes are POSIX only")
        from kg.web import create_app

        with serve(create_app(folder)) as address:
            yield open_store(f"{address}/sparql")
    else:
        yield from other_server(folder, tmp_path_factory.mktemp("other"))


def other_server(folder: Path, place: Path) -> Iterator[Store]:
    """Oxigraph's own server, another process that loads the same files."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        pytest.skip("the package oxigraph, Oxigraph's own server, is not installed")
    files = [str(path) for path in sorted((folder / "quads").rglob("*.nq"))]
    subprocess.run(
        [program, "load", "--location", str(place / "db"), "--file", *files], check=True, capture_output=True
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "serve-read-only", "--location", str(place / "db"), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "--union-default-graph"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        remote = RemoteStore(f"http://127.0.0.1:{port}/query")
        for _ in range(100):
            try:
                remote.query("ASK {}")
                break
            except StoreError:
                time.sleep(0.1)
        yield remote
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def comunica(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Comunica, an engine in JavaScript that shares nothing with Oxigraph: KG_COMUNICA names its program."""
    name = "comunica-sparql-file-http"
    program = os.environ.get("KG_COMUNICA") or shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed (npm package @comunica/query-sparql-file; 4.5 runs on Node 20)")
    place = tmp_path_factory.mktemp("comunica")
    whole = place / "all.nq"
    whole.write_bytes(b"".join(path.read_bytes() for path in sorted((folder / "quads").rglob("*.nq"))))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "-p", str(port), "--unionDefaultGraph", str(whole)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=place, start_new_session=True)
    try:
        remote = RemoteStore(f"http://127.0.0.1:{port}/sparql")
        for _ in range(600):
            try:
                remote.query("ASK {}")
                break
            except StoreError:
                time.sleep(0.1)
        yield remote
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # it has workers
        server.wait()


@pytest.mark.xdist_group("comunica")
@pytest.mark.parametrize("question", questions(), ids=lambda question: question.stem)
def test_an_engine_of_another_make_gives_the_right_answer(comunica: Store, question: Any) -> None:
    """The same rows; among rows that only an IRI or a text tells apart it keeps no order (03, 05, 25)."""
    bindings, expected = ANSWERS[question.stem]
    found = ask(comunica, question, bind(bindings), authority=corpus.authority())
    if question.number in (3, 5, 25):
        order = [int(name in ("pacts", "works", "mentions")) for name in found.columns].index(1)
        assert [row[order] for row in found.rows] == [row[order] for row in expected]
        found = Rows(found.columns, sorted(found.rows, key=lambda row: short(row[0])))
        expected = sorted(expected, key=lambda row: str(row[0]))
    compare(found, expected)


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.stem)
def test_every_store_gives_the_right_answer(store: Store, question: Any) -> None:
    bindings, expected = ANSWERS[question.stem]
    compare(ask(store, question, bind(bindings), authority=corpus.authority()), expected)


def test_every_form_of_query(store: Store) -> None:
    assert rows_of(query(store, COUNT)).rows == [(12,)]
    assert rows_of(query(store, "ASK { ?s ?p ?o }")).rows == [(True,)]
    triples = rows_of(query(store, "CONSTRUCT WHERE { ?s a <https://w3id.org/alliance-kg/ns#Work> }"))
    assert len(triples) == 12


def test_every_store_says_what_is_wrong(store: Store) -> None:
    with pytest.raises(QueryError):
        query(store, "SELECT * {")
    with pytest.raises(QueryRefused):
        query(store, "CLEAR ALL")
    with pytest.raises(QueryRefused):
        query(store, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_checks_run_on_a_server_too(store: Store) -> None:
    from kg.check import check

    found = check(store, sample=3)
    assert found.is_sound, [str(finding) for finding in found]


# Servers that misbehave


class Odd(BaseHTTPRequestHandler):
    """Answers as its path says."""

    def do_POST(self) -> None:
        kind = self.path.strip("/")
        self.rfile.read(int(self.headers["Content-Length"]))
        if kind == "slow":
            time.sleep(1.5)
        code = int(kind) if kind.isdigit() else 200
        self.send_response(code)
        self.send_header("Content-Type", "text/html" if kind == "html" else "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(b"<p>hello</p>" if kind == "html" else b"the reason\n why")

    def log_message(self, *arguments: object) -> None:
        return


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Odd)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("400", QueryError, "refuses the query: the reason why"),
        ("403", QueryRefused, "does not do this"),
        ("503", QueryTimeout, "out of time or too busy"),
        ("500", StoreError, "answered 500"),
        ("404", StoreError, "answered 404"),
        ("html", StoreError, "text/html that cannot be read"),
        ("nonsense", StoreError, "cannot be read"),
        ("slow", QueryTimeout, "did not answer within 0.5 s"),
    ],
)
def test_a_server_that_fails_is_said_to(odd: str, path: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        RemoteStore(f"{odd}/{path}", timeout_s=0.5).query(COUNT)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store("http://127.0.0.1:9/query").query(COUNT)
