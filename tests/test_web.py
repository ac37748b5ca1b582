"""The server: pages, forms of entities, the JSON interface, tagging, headers, a new build without a restart."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.views.words import Words

pytestmark = pytest.mark.skipif(os.name == "nt", reason="query workers are POSIX only")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """A build of a part of the sample."""
    from kg import pipeline

    folder = tmp_path_factory.mktemp("web")
    source = folder / "few.jsonl"
    lines = (sample / "works.jsonl").read_text(encoding="utf-8").splitlines()
    few = [*lines[:12],
        json.dumps({"id": "x/1", "title": "</script><script>window.pwned=1</script>", "abstract": "France and Poland are allies.", "year": 2001}),
        json.dumps({"id": "bare", "abstract": "文章从同盟的起源出发,比较美日同盟与美韩同盟。"}, ensure_ascii=False),
    ]  # fmt: skip
    source.write_text("\n".join(few) + "\n", encoding="utf-8")
    pipeline.build([source], folder / "out", pipeline.Options(pages=False))
    return folder / "out"


@pytest.fixture(scope="module")
def client(built: Path) -> Iterator[Any]:
    from starlette.testclient import TestClient

    from kg.web.app import create_site

    with TestClient(create_site(built)) as started:
        yield started


HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "path",
    ["/", "/map", "/matrix", "/timeline", "/alliances", "/states", "/concepts", "/works", "/persons", "/journals", "/about",
     "/report", "/try", "/sparql", "/alliance/JPN-USA", "/state/JPN", "/concept/entrapment", "/work/bare", "/work/x%2F1"],
)  # fmt: skip
def test_pages_answer_in_both_languages_with_a_strict_policy(client: Any, path: str, lang: str) -> None:
    answer = client.get(path, params={"lang": lang}, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{"en" if lang == "en" else "zh-Hans"}">' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    for script in answer.text.split("<script")[1:]:
        head = script.split(">", 1)[0]
        assert "src=" in head or "json" in head
    assert "<style" not in answer.text
    assert " style=" not in answer.text


def test_language_is_the_readers_where_the_address_says_none(client: Any) -> None:
    assert 'lang="zh-Hans"' in client.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}).text[:200]
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "de,en;q=0.5"}).text[:200]


@pytest.mark.parametrize(
    ("accept", "start"),
    [
        ("text/turtle", "@prefix"),
        ("application/ld+json", '{"@context"'),
        ("application/json", "{"),
        ("text/html", "<!DOCTYPE"),
    ],
)
def test_an_entity_comes_in_the_form_that_is_asked_for(client: Any, accept: str, start: str) -> None:
    answer = client.get("/alliance/JPN-USA", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept)
    assert answer.text.startswith(start)
    assert "Accept" in answer.headers["vary"]


def test_turtle_of_an_entity_can_be_read(client: Any) -> None:
    import rdflib

    graph = rdflib.Graph().parse(data=client.get("/work/bare?format=ttl").text, format="turtle")
    assert len(graph) > 5


def test_what_is_not_there_is_said(client: Any) -> None:
    answer = client.get("/work/none", headers=HTML)
    assert answer.status_code == 404
    assert Words("en")("missing_title") in answer.text
    assert client.get("/api/nothing/here").status_code == 404
    assert client.get("/concept/entrapment?format=pdf").status_code == 406
    assert client.get("/store/CURRENT").status_code == 404
    assert client.get("/static/..%2Fworks.jsonl").status_code == 404
    assert client.get("/static/kg.000000000000.css").status_code == 404


def test_pages_are_kept_and_told_apart_by_their_tag(client: Any) -> None:
    first = client.get("/alliances?lang=en", headers=HTML)
    again = client.get("/alliances?lang=en", headers=HTML | {"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    packed = client.get("/alliances?lang=en", headers=HTML | {"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == first.text


def test_static_files_may_be_kept_for_ever(client: Any) -> None:
    import re

    page = client.get("/?lang=en", headers=HTML).text
    for name in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        answer = client.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_interface_answers_what_pages_show(client: Any) -> None:
    found = client.get("/api/works", params={"pair": "美日", "size": 5}).json()
    assert found["total"] >= 1
    assert found["works"][0]["evidence"][0]["sentence"]
    whole = client.get("/api/alliance/JPN-USA").json()
    assert whole["works"] == found["total"]
    assert whole["names"]["zh-Hans"] == "日美同盟"
    assert client.get("/api/pairs").json()["rows"][0]["works"] >= 1
    assert client.get("/api/facets", params={"pair": "美日"}).json()["facets"]["states"]
    assert client.get("/api/neighbours/alliance/JPN-USA").json()["states"]
    bare = client.get("/api/work/bare").json()
    assert bare["title"] is None
    assert client.get("/api/search", params={"q": "同盟"}).json()["total"] >= 1


def test_interface_says_what_it_cannot_read(client: Any) -> None:
    assert client.get("/api/works", params={"pair": "Jpan"}).status_code == 404
    assert "Did you mean" in client.get("/api/works", params={"state": "Jpan"}).json()["error"]
    assert client.get("/api/works", params={"year": "soon"}).status_code == 400
    assert client.get("/api/works", params={"size": "many"}).status_code == 400
    assert client.get("/api/thing").status_code == 404


def test_document_names_every_address(client: Any) -> None:
    from kg.web.api import ENDPOINTS

    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for endpoint in ENDPOINTS:
        assert "/api" + endpoint.path.replace(":path", "") in document["paths"]


def test_text_is_tagged_and_not_kept(client: Any, built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*") if path.is_file()}
    answer = client.post("/api/tag", json={"text": "The US-Japan alliance and us."})
    (work,) = answer.json()["works"]
    assert list(work["alliances"]) == ["JPN-USA"]
    assert "rejected" in work
    assert answer.headers["cache-control"] == "no-store"
    ris = b"TY  - JOUR\nTI  - The Anglo-Japanese alliance\nPY  - 1902\nER  -\n"
    headers = {"content-type": "application/octet-stream", "x-file-name": "a.ris"}
    assert client.post("/api/tag", content=ris, headers=headers).json()["works"][0]["year"] == 1902
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*") if path.is_file()} == before


def test_try_page_marks_a_text_without_a_script(client: Any) -> None:
    answer = client.post("/try?lang=zh", data={"text": "美日同盟研究\n\n日本担心被美国抛弃。<img src=x onerror=1>"})
    assert answer.status_code == 200
    assert 'class="k-alliance' in answer.text
    assert "&lt;img src=x" in answer.text
    assert "<img" not in answer.text


def test_too_much_and_broken_input_is_refused_in_words(client: Any) -> None:
    assert client.post("/api/tag", content=b"x" * (3 << 20), headers={"content-type": "text/plain"}).status_code == 413
    assert client.post("/api/tag", content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert client.post("/try", data={"text": ""}).status_code == 200


def test_query_page_and_endpoint_share_an_address(client: Any) -> None:
    query = "SELECT ?w WHERE { ?w a <https://w3id.org/alliance-kg/ns#Work> } LIMIT 3"
    program = client.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert len(program.json()["results"]["bindings"]) == 3
    person = client.get("/sparql", params={"query": query}, headers=HTML)
    assert "3 rows" in person.text
    assert 'href="/work/' in person.text
    bare = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert "sd:Service" in bare.text or "service-description" in bare.text
    wrong = client.get("/sparql", params={"query": "SELECT ?x WHERE {"}, headers=HTML)
    assert wrong.status_code == 400
    assert Words("en")("sparql_problem") in wrong.text
    refused = client.get(
        "/sparql", params={"query": "SELECT * { SERVICE <http://x.example/> { ?a ?b ?c } }"}, headers=HTML
    )
    assert refused.status_code == 400


def test_questions_open_filled_in(client: Any) -> None:
    answer = client.get("/sparql?question=concepts-of-pair&alliance=JPN-USA&lang=zh", headers=HTML)
    assert "讨论这一同盟的文献使用哪些概念" in answer.text
    assert "/id/alliance/JPN-USA" in answer.text


def test_health(client: Any) -> None:
    assert client.get("/health").json()["status"] == "ok"


def test_a_new_build_is_taken_up_without_a_restart(built: Path, tmp_path: Path) -> None:
    import time

    from kg.authority import load
    from kg.web.library import Library

    folder = tmp_path / "out"
    shutil.copytree(built, folder)
    library = Library(folder, load)
    before = library.current()
    lines = (folder / "works.jsonl").read_bytes().splitlines(keepends=True)
    new = folder / "works.new"
    new.write_bytes(b"".join(lines[:-1]))
    new.replace(folder / "works.jsonl")
    for _ in range(200):
        if library.current().key != before.key:
            break
        time.sleep(0.05)
    assert len(library.current().holdings.works) == len(before.holdings.works) - 1


def test_kept_pages_do_not_grow_without_end() -> None:
    from kg.web.library import _KEPT_BYTES, Generation

    generation = Generation("k", None)  # type: ignore[arg-type]
    for number in range(40):
        generation.keep(str(number), "text/html", os.urandom(4 << 20))
    assert generation._bytes <= _KEPT_BYTES
    assert generation.kept("0") is None
    assert generation.kept("39") is not None


def test_an_alliance_can_be_taken_away_as_a_file(client: Any) -> None:
    page = client.get("/alliance/JPN-USA?lang=zh").text
    for form, start in (("dossier", "<!DOCTYPE html>"), ("md", "# 日美同盟"), ("view", "")):
        assert f"format={form}" in page
        answer = client.get(f"/alliance/JPN-USA?lang=zh&format={form}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.text.lstrip().startswith(start)
    assert client.get("/state/JPN?format=dossier").status_code == 406
    assert client.get("/state/JPN?format=view").headers["content-disposition"].endswith("state-JPN.view.html")


def test_interface_has_what_the_overviews_show(client: Any) -> None:
    years = client.get("/api/years").json()["years"]
    assert sum(row["zh"] + row["en"] + row["other"] for row in years) == client.get("/health").json()["works"]
    on_pair = client.get("/api/years?of=alliance&id=JPN-USA").json()["years"]
    assert 0 < sum(row["zh"] + row["en"] for row in on_pair) < sum(row["zh"] + row["en"] for row in years)
    assert client.get("/api/years?of=nonsense").status_code == 400
    assert {row["kind"] for row in client.get("/api/about").json()["measured"]["cells"]} >= {"states", "alliances"}
    assert client.get("/api/report").json()["n_works"] == client.get("/health").json()["works"]
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {
        "/api/years",
        "/api/report",
        "/api/references",
        "/{kind}/{id}",
        "/sparql",
        "/health",
        "/api/tag",
    } <= paths.keys()
