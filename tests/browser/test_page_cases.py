"""Titles that would run or vanish, on every page that a build writes and a server gives, and in a notebook's frame."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from serving import serve

from kg import door, pipeline
from kg.authority import load

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def evil(shared: Callable[[str], Path]) -> Path:
    return shared("cases/inputs/evil.jsonl")


@pytest.fixture(scope="module")
def out(evil: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the case."""
    folder = tmp_path_factory.mktemp("evil") / "out"
    pipeline.build([evil], folder)
    return folder


def titles(file: Path) -> dict[str, str]:
    return {row["id"]: row["title"] for row in map(json.loads, file.read_text(encoding="utf-8").split("\n")[:-1])}


def harmless(page: Any) -> None:
    """No element came out of a text, no link runs a script, data blocks are whole."""
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("[...document.querySelectorAll('[href], [src], [action]')].filter(e => /^\\s*javascript:/i.test(e.getAttribute('href') ?? e.getAttribute('src') ?? e.getAttribute('action'))).length") == 0  # fmt: skip
    assert page.locator("main img, main iframe, svg[onload], main style").count() == 0
    page.evaluate("document.querySelectorAll('script[type$=json]').forEach(e => JSON.parse(e.textContent))")


def test_every_written_page(open_page: Open, out: Path, evil: Path) -> None:
    page = open_page(out / "index.html")
    wanted = set(titles(evil).values())
    seen = set()
    files = sorted(out.rglob("*.html"))
    assert len(files) > 50
    for file in files:
        page.goto(file.as_uri())
        harmless(page)
        if file.parent.name == "work" and file.parent.parent.name == "en":
            seen.add(page.locator("h1").evaluate("e => e.textContent"))
    assert {" ".join(title.split()) for title in wanted} == {" ".join(title.split()) for title in seen}


@pytest.mark.skipif(os.name == "nt", reason="query workers are POSIX only")
def test_every_served_page(open_page: Open, out: Path, evil: Path) -> None:
    from kg.web.app import create_site

    with serve(create_site(out, load_authority=load)) as address:
        page = open_page(f"{address}/?lang=en")
        for lang in ("en", "zh"):
            for path in ("", "map", "matrix", "timeline", "works", "persons", "journals", "about", "report", "try", "sparql?question=pairs-by-works", "alliance/FRA-POL"):  # fmt: skip
                page.goto(f"{address}/{path}{'&' if '?' in path else '?'}lang={lang}")
                harmless(page)
            for name, title in titles(evil).items():
                page.goto(f"{address}/work/{name}?lang={lang}")
                harmless(page)
                shown = page.locator("h1").evaluate("e => e.textContent")
                assert " ".join(shown.split()) == " ".join(title.split())


def test_view_in_a_notebook_stands_in_a_sandbox(open_page: Open, out: Path, tmp_path: Path) -> None:
    frame = door.open(out).view(pair="法波")._repr_html_()
    assert 'sandbox="allow-scripts' in frame
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{frame}", encoding="utf-8")
    page = open_page(notebook, check=False)
    inner = page.frames[-1]
    inner.wait_for_function("typeof network !== 'undefined' && nodes.length > 0")
    assert inner.evaluate("window.pwned") is None
    assert page.evaluate("window.pwned") is None
    assert inner.evaluate("(() => { try { return localStorage.length } catch { return 'refused' } })()") == "refused"
