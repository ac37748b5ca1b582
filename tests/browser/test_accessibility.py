"""axe-core finds nothing on any page: in both languages, wide and narrow, light and dark.

axe-core comes from npm when the tests run and is kept nowhere; where npm cannot fetch it, these tests are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_works import browser_works

from kg.authority import load
from kg.views import dossier, view
from kg.views.words import PageLang

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.slow]

PAGES = (
    "index", "map", "matrix", "timeline", "alliances", "states", "concepts", "works", "persons", "journals", "about", "report",
    "alliance/JPN-USA", "alliance/nato", "state/JPN", "concept/abandonment", "work/two-languages", "work/bare",
)  # fmt: skip
SERVED = (
    "",
    "map",
    "sparql?question=pairs-by-works",
    "try",
    "review",
    "alliance/JPN-USA",
    "state/JPN",
    "work/bare",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core."""
    given = os.environ.get("KG_AXE")
    if given:
        return Path(given).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not there to fetch axe-core; KG_AXE=…/axe.min.js names a copy")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@4"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=90)
    except (subprocess.SubprocessError, OSError):
        pytest.skip("npm could not fetch axe-core; KG_AXE=…/axe.min.js names a copy")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_has_a_barrier(
    open_page: Callable[..., Any], written_site: Path, axe: str, lang: str, dark: bool
) -> None:
    page = open_page(written_site / lang / "index.html", dark=dark)
    found = {}
    for name in PAGES:
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto((written_site / lang / f"{name}.html").as_uri())
            if name == "map":
                page.goto((written_site / lang / "map.html").as_uri() + "#sel=alliance/JPN-USA")
            if barriers := violations(page, axe):
                found[f"{name} {width}"] = barriers
    assert found == {}


def test_no_view_has_a_barrier(open_page: Callable[..., Any], written_site: Path, axe: str) -> None:
    page = open_page(written_site / "index.html")
    assert violations(page, axe) == []
    for name in ("alliances.html?lang=en", "concepts.html?lang=zh", "report.html"):
        page.goto(written_site.as_uri() + "/" + name)
        assert violations(page, axe) == [], name


@pytest.mark.skipif(os.name == "nt", reason="query workers are POSIX only")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_served_page_has_a_barrier(
    open_page: Callable[..., Any], server: str, axe: str, lang: str, dark: bool
) -> None:
    page = open_page(f"{server}/?lang={lang}", dark=dark)
    found = {}
    for name in SERVED:
        page.set_viewport_size({"width": 400 if dark else 1280, "height": 900})
        page.goto(f"{server}/{name}{'&' if '?' in name else '?'}lang={lang}")
        if barriers := violations(page, axe):
            found[name] = barriers
    assert found == {}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_file_to_hand_on_has_a_barrier(
    open_page: Callable[..., Any], tmp_path: Path, axe: str, lang: PageLang
) -> None:
    authority, works = load(), browser_works()
    (tmp_path / "dossier.html").write_text(
        dossier(works, authority, "alliance", "JPN-USA", lang=lang), encoding="utf-8"
    )
    (tmp_path / "view.html").write_text(view(works, authority, "alliance", "JPN-USA"), encoding="utf-8")
    page = open_page(tmp_path / "dossier.html")
    assert violations(page, axe) == []
    page.goto((tmp_path / "view.html").as_uri() + f"?lang={lang}")
    assert violations(page, axe) == []


@pytest.mark.skipif(os.name == "nt", reason="query workers are POSIX only")
def test_page_that_is_not_there_says_so_without_a_barrier(open_page: Callable[..., Any], server: str, axe: str) -> None:
    page = open_page(f"{server}/nothing-here?lang=zh", check=False)
    assert page.locator("h1").count() == 1
    assert violations(page, axe) == []
