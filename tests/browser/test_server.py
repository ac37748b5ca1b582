"""The served pages in a real browser: what needs a server behind it, under its strict policy."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_works import HOSTILE, browser_works
from serving import serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(os.name == "nt", reason="query workers are POSIX only"),
]

Open = Callable[..., Any]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 400])
def test_pages_run_under_the_strict_policy(open_page: Open, server: str, lang: str, width: int) -> None:
    page = open_page(f"{server}/?lang={lang}", width=width)
    for path in (
        "map",
        "matrix",
        "timeline",
        "works",
        "alliance/JPN-USA",
        "work/bare",
        "try",
        "sparql",
        "about",
        "report",
    ):
        page.goto(f"{server}/{path}?lang={lang}")
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_hostile_texts_show_as_text_on_served_pages(open_page: Open, server: str, lang: str) -> None:
    page = open_page(f"{server}/works?lang={lang}", width=400)
    assert page.locator("main img, main script:not([type]), main iframe").count() == 0
    for number, text in enumerate(HOSTILE):
        page.goto(f"{server}/work/evil%2F{number}?lang={lang}")
        assert page.locator("h1").evaluate("e => e.textContent") == text
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.goto(f"{server}/alliance/FRA-POL?lang={lang}")
    assert page.locator("main img, main iframe").count() == 0
    page.goto(f"{server}/review?lang={lang}")
    assert page.locator("main img, main iframe").count() == 0


def test_search_asks_the_server_for_works(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/?lang=zh")
    page.fill("#q", "美日同盟研究")
    page.locator("#hits .hit.is-work").first.wait_for()
    assert "美日同盟研究" in page.locator("#hits .hit.is-work").first.inner_text()


def test_question_about_a_pair_asks_the_server(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/?lang=en")
    page.select_option("#ask-a", "USA")
    page.select_option("#ask-b", "JPN")
    page.locator("[data-answer] .work-item").first.wait_for()
    assert "美日同盟研究" in page.locator("[data-answer]").inner_text()


def test_text_comes_back_marked(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/try?lang=en")
    page.fill("#text", "美日同盟与<img src=x onerror=window.pwned=1>北约\n\n日本担心被美国抛弃。")
    page.click("button[type=submit]")
    mark = page.locator(".passage mark").first
    mark.wait_for(timeout=60_000)
    mark.hover()
    assert "Japan–United States alliance" in page.locator(".pop").inner_text()
    assert page.locator("main img").count() == 0


def test_dropped_file_comes_back_marked(open_page: Open, server: str, tmp_path: Path) -> None:
    file = tmp_path / "few.ris"
    file.write_text("TY  - JOUR\nTI  - The Anglo-Japanese alliance\nPY  - 1902\nER  -\n", encoding="utf-8")
    page = open_page(f"{server}/try?lang=en")
    page.set_input_files("[data-file]", str(file))
    page.locator(".passage mark").first.wait_for(timeout=60_000)
    assert "Anglo-Japanese alliance" in page.locator(".passage").first.inner_text()


def test_query_runs_without_leaving_the_page(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/sparql?lang=en")
    page.fill("#query", "SELECT ?work WHERE { ?work a <https://w3id.org/alliance-kg/ns#Work> } LIMIT 4")
    page.keyboard.press("Control+Enter")
    page.locator("[data-results] table").wait_for()
    assert page.locator("[data-results] tbody tr").count() == 4
    assert "query=" in page.url
    with page.expect_download() as download:
        page.click('[data-take="text/csv"]')
    assert b"work" in Path(download.value.path()).read_bytes()


def test_names_are_offered_in_chinese_and_in_letters(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/sparql?lang=zh")
    for typed in ("日美", "rmtm"):
        page.fill("#query", "")
        page.type("#query", f"ASK {{ ?work ?p {typed}")
        page.locator("[data-offers] .offer").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert "<https://w3id.org/alliance-kg/id/alliance/JPN-USA>" in page.input_value("#query")


def test_fault_is_shown_where_it_is(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/sparql?lang=en", check=False)
    page.fill("#query", "SELECT ?x WHERE {\n  ?x ?y\n}")
    page.click("button[type=submit]")
    page.locator("[data-problem]").wait_for()
    assert page.locator("[data-problem]").inner_text()


def test_query_page_works_without_scripts(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/sparql?lang=en&question=pairs-by-works", script=False, check=False)
    assert page.locator("[data-results] tbody tr").count() >= 1
    page.click("button[type=submit]")
    assert page.locator("[data-results] tbody tr").count() >= 1


def test_map_gets_its_evidence(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/map?lang=en#sel=alliance/JPN-USA")
    page.locator("[data-panel] blockquote").first.wait_for()
    assert "美日同盟" in page.locator("[data-panel] blockquote").first.inner_text()


def test_language_switch_keeps_the_view_of_the_map(open_page: Open, server: str) -> None:
    page = open_page(f"{server}/map?lang=en#sel=alliance/JPN-USA")
    page.locator("[data-explorer][data-ready]").wait_for()
    page.click("[data-zoom='1.5']")
    page.wait_for_timeout(300)
    page.click("a.lang")
    page.locator("[data-explorer][data-ready]").wait_for()
    assert "日美同盟" in page.locator("[data-panel] h2").inner_text()


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server where tags are reviewed, and the file that it writes."""
    from kg import jsonl, pipeline
    from kg.authority import load
    from kg.web.app import create_site
    from kg.web.review import Review

    source = tmp_path / "works.jsonl"
    source.write_bytes(b"".join(jsonl.write(tagged.work for tagged in browser_works())))
    pipeline.build([source], tmp_path / "out", pipeline.Options(pages=False))
    review = Review(tmp_path / "corrections.jsonl", "tester")
    with serve(create_site(tmp_path / "out", load_authority=load, review=review)) as address:
        yield address, review.file


def test_review_by_keyboard_alone(open_page: Open, reviewed: tuple[str, Path]) -> None:
    address, file = reviewed
    page = open_page(f"{address}/review?lang=en")
    for key in ("a", "r"):
        with page.expect_navigation():
            page.keyboard.press(key)
    made = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [one["verdict"] for one in made] == ["accept", "reject"]
    assert all(one["who"] == "tester" and one["when"] for one in made)
    work = page.locator('[data-add] input[name="work"]').get_attribute("value")
    passage = page.locator("[data-field]").last
    text = passage.evaluate("e => e.textContent")
    passage.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("text => document.querySelector('[data-chosen]').textContent === text", arg=text[1:6])
    page.locator("#added").focus()
    page.keyboard.type("concepts/entrapment")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    last = json.loads(file.read_text(encoding="utf-8").splitlines()[-1])
    assert (last["work"], last["verdict"], last["surface"], last["start"]) == (work, "add", text[1:6], 1)
