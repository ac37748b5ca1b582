"""The written pages in a real browser: without a network, in both languages, wide and narrow, with hostile texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = (
    "index",
    "alliances",
    "states",
    "concepts",
    "works",
    "alliance/JPN-USA",
    "alliance/FRA-POL",
    "alliance/nato",
    "state/JPN",
    "concept/abandonment",
    "work/two-languages",
    "work/bare",
    "matrix",
    "timeline",
    "about",
    "report",
    "persons",
    "journals",
    "person/%E5%BC%A0%E4%B8%89",
    "journal/%E4%B8%96%E7%95%8C%E6%94%BF%E6%B2%BB",
)


def hostile_pages(site: Path, lang: str) -> list[Path]:
    return sorted((site / lang / "work").glob("evil*.html"))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 400])
def test_pages_open_offline_and_fit(open_page: Callable[..., Any], written_site: Path, lang: str, width: int) -> None:
    page = open_page(written_site / lang / "index.html", width=width)
    for name in PAGES:
        page.goto((written_site / lang / f"{name}.html").as_uri())
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("document.documentElement.lang") == ("en" if lang == "en" else "zh-Hans")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_hostile_texts_show_as_text(open_page: Callable[..., Any], written_site: Path, lang: str) -> None:
    import json

    hostile = json.loads(
        (Path(__file__).parent.parent / "fixtures" / "pages" / "hostile.json").read_text(encoding="utf-8")
    )
    page = open_page(written_site / lang / "works.html", width=400)
    pages = hostile_pages(written_site, lang)
    assert len(pages) == len(hostile)
    for path in pages:
        page.goto(path.as_uri())
        shown = page.locator("h1").evaluate("e => e.textContent")
        assert shown in hostile
        assert page.locator(".passage").last.evaluate("e => e.textContent") == f"France and Poland are allies. {shown}"
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_hostile_title_is_found_and_shown_by_the_search(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "index.html")
    page.fill("#q", "onerror")
    hits = page.locator("#hits .hit")
    hits.first.wait_for()
    assert '<img src=x onerror="window.pwned=2">' in hits.first.inner_text()
    assert page.locator("#hits img").count() == 0


def test_search_in_both_languages_and_by_keyboard(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "zh" / "index.html")
    for query in ("日美", "Japan–United", "japan-united", "美日同盟", "美日同盟研究", "日美聯盟", "ＪＡＰＡＮ"):
        page.fill("#q", query)
        assert page.locator("#hits .hit").count() > 0, query
    page.fill("#q", "美日同盟")
    first = page.locator("#hits .hit").first.inner_text()
    assert "日美同盟" in first
    assert "Japan–United States alliance" in first
    page.keyboard.press("ArrowDown")
    assert page.locator("#hits .hit").first.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/alliance/JPN-USA.html")


def test_search_finds_traditional_characters(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "index.html")
    page.fill("#q", "韓美同盟")
    assert "South Korea" in page.locator("#hits").inner_text()
    page.fill("#q", "no such thing")
    assert "Nothing here" in page.locator("#hits").inner_text()


def test_question_about_a_pair(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "index.html")
    page.select_option("#ask-a", "USA")
    page.select_option("#ask-b", "JPN")
    answer = page.locator("[data-answer]")
    assert "2 works discuss the Japan–United States alliance, 1 as their main case." in answer.inner_text()
    assert "美日同盟研究" in answer.inner_text()
    assert "〔文章从同盟的起源出发〕" in answer.inner_text()
    assert "Wider alliances" in answer.inner_text()
    page.select_option("#ask-a", "FRA")
    assert "No work here discusses an alliance of France and Japan." in answer.inner_text()


def test_address_restores_the_question(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page((written_site / "zh" / "index.html").as_uri() + "#pair=JPN,USA")
    assert "2 篇文献论及日美同盟" in page.locator("[data-answer]").inner_text()


def test_marks_say_why_on_hover_focus_and_to_screen_readers(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "work" / "two-languages.html")
    mark = page.locator(".passage mark", has_text="美日同盟不断强化")
    described = page.evaluate(
        "e => document.getElementById(e.getAttribute('aria-describedby')).textContent", mark.element_handle()
    )
    assert "Japan–United States alliance" in described
    assert "alliance strengthening" in described
    mark.hover()
    pop = page.locator(".pop")
    assert "Japan–United States alliance" in pop.inner_text()
    assert "Rule" in pop.inner_text()
    page.keyboard.press("Escape")
    assert not pop.is_visible()
    mark.focus()
    assert pop.is_visible()
    page.keyboard.press("ArrowRight")
    assert "日本" in page.evaluate("document.activeElement.textContent")
    assert page.locator('.passage mark[tabindex="0"]').count() == page.locator("[data-passage]:has(mark)").count()


def test_three_kinds_of_marks_look_different_and_can_be_hidden(
    open_page: Callable[..., Any], written_site: Path
) -> None:
    page = open_page(written_site / "zh" / "work" / "two-languages.html")

    def look(selector: str) -> str:
        return page.locator(selector).first.evaluate(
            "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.textDecorationLine + s.textDecorationColor, s.borderBottomStyle + s.borderBottomColor].join('|') }"
        )

    looks = {kind: look(f".passage .k-{kind}:not(.k-alliance .k-state)") for kind in ("alliance", "state", "concept")}
    assert len(set(looks.values())) == 3
    page.click('[data-kind="alliance"]')
    assert look(".passage .k-alliance").startswith("rgba(0, 0, 0, 0)")
    assert page.locator('[data-kind="alliance"]').get_attribute("aria-pressed") == "false"


def test_evidence_can_be_filtered(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "alliance" / "JPN-USA.html")
    assert page.locator(".evidence-item:visible").count() == 2
    page.click('[data-filter="role"][data-value="passing"]')
    assert page.locator(".evidence-item:visible").count() == 1


def test_tables_sort_and_filter(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "works.html")
    page.locator("thead .sort").first.click()
    years = page.locator("tbody td:first-child").all_inner_texts()
    assert years[-1] == "n.d."
    dated = [int(year) for year in years if year.isdigit()]
    assert dated == sorted(dated)
    page.fill("#filter", "美日")
    assert page.locator("tbody tr:visible").count() == 1


def test_pages_are_whole_without_scripts(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "alliance" / "JPN-USA.html", script=False, check=False)
    assert page.locator(".evidence-item").count() == 2
    page.goto((written_site / "en" / "work" / "two-languages.html").as_uri())
    assert page.locator(".passage mark").first.get_attribute("title")
    page.goto((written_site / "en" / "index.html").as_uri())
    assert page.locator(".matrix tbody tr").count() >= 4


def test_language_switch_leads_to_the_same_page(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "alliance" / "JPN-USA.html")
    page.click("a.lang")
    page.wait_for_url("**/zh/alliance/JPN-USA.html")
    assert "日美同盟" in page.locator("h1").inner_text()


def test_colours_follow_the_system_and_the_switch(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "index.html", dark=True)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("[data-theme-switch]")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark, light) == ("rgb(20, 23, 26)", "rgb(251, 251, 249)")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_first_page_leads_to_both_languages(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "index.html", width=400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.click("text=进入中文页面")
    page.wait_for_url("**/zh/index.html")


@pytest.mark.parametrize("name", ["alliances", "concepts"])
@pytest.mark.parametrize("width", [1280, 400])
def test_views_draw_offline(open_page: Callable[..., Any], written_site: Path, name: str, width: int) -> None:
    page = open_page((written_site / f"{name}.html").as_uri() + "?lang=zh", width=width)
    page.wait_for_function("typeof network !== 'undefined' && nodes.length > 0")
    assert page.evaluate("network.physics.physicsEnabled") is False
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    pixels = page.evaluate(
        "(() => { const c = document.querySelector('#mynetwork canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n })()"
    )
    assert pixels > 500


def test_view_lists_works_on_hover_and_opens_the_alliance_on_a_click(
    open_page: Callable[..., Any], written_site: Path
) -> None:
    page = open_page((written_site / "alliances.html").as_uri() + "?lang=en")
    middle = page.evaluate(
        "(() => { const e = edges.get().find(e => e.page_en.endsWith('FRA-POL.html')); const a = network.getPosition(e.from), b = network.getPosition(e.to);"
        " const p = network.canvasToDOM({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }), r = document.getElementById('mynetwork').getBoundingClientRect();"
        " return { x: p.x + r.left, y: p.y + r.top } })()"
    )
    page.mouse.move(middle["x"], middle["y"])
    tip = page.locator(".vis-tooltip")
    page.wait_for_timeout(600)
    assert "9 works" in tip.inner_text()
    assert "</title><svg/onload" in tip.inner_text()
    assert tip.locator("svg, img, script").count() == 0
    page.mouse.click(middle["x"], middle["y"])
    page.wait_for_url("**/en/alliance/FRA-POL.html")


def test_view_says_the_same_in_a_table(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page((written_site / "alliances.html").as_uri() + "?lang=zh")
    page.locator("summary:visible").click()
    link = page.locator(".view-table a", has_text="日美同盟")
    assert link.get_attribute("href") == "zh/alliance/JPN-USA.html"


def test_matrix_orders_cells_and_moves_by_arrows(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "matrix.html")
    first = page.locator(".state-matrix tbody th").first.inner_text()
    page.select_option("[data-matrix-order]", "name")
    names = page.locator(".state-matrix tbody th").all_inner_texts()
    assert names == sorted(names)
    assert first in names
    heads = page.locator(".state-matrix thead th").all_inner_texts()
    assert heads == names
    cell = page.locator(".state-matrix tbody td a").first
    label = cell.get_attribute("aria-label")
    row = page.evaluate("e => e.closest('tr').cells[0].textContent", cell.element_handle())
    assert row in label
    cell.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('td') !== null")
    page.select_option("[data-matrix-cells]", "split")
    assert page.locator(".is-zero").count() > 0


def test_matrix_is_one_row_at_a_time_on_a_narrow_screen(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "zh" / "matrix.html", width=400)
    page.select_option("#matrix-state", label="日本")
    assert "日美同盟" in page.locator("[data-matrix-list]").inner_text()
    assert not page.locator(".state-matrix").is_visible()


def test_timeline_filters_rows(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "timeline.html")
    page.fill("#filter", "日美")
    assert page.locator(".timeline tbody tr:visible").count() == 1
    assert page.locator(".timeline .treaty").count() > 0


def test_tables_can_be_taken_away_as_csv(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "works.html")
    with page.expect_download() as download:
        page.locator(".download").first.click()
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "美日同盟研究".encode() in data


def test_pages_print_without_what_is_only_for_the_screen(open_page: Callable[..., Any], written_site: Path) -> None:
    page = open_page(written_site / "en" / "map.html", width=794)
    page.locator("[data-explorer][data-ready]").wait_for()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    picture = page.locator(".print-map")
    picture.wait_for()
    assert picture.bounding_box()["width"] > 600
    for hidden in (".top", ".facets", ".map-tools", "[data-map]"):
        assert not page.locator(hidden).is_visible(), hidden
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert picture.count() == 0
    for name in ("alliance/JPN-USA", "matrix", "index"):
        page.goto((written_site / "en" / f"{name}.html").as_uri())
        assert not page.locator(".top").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 795, name  # columns may round up
    page.goto((written_site / "en" / "alliance" / "JPN-USA.html").as_uri())
    assert page.locator(".evidence-item").first.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
