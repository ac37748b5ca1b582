"""The map of the collection: what a person sees and does there, in both languages, with the network off."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Open = Callable[..., Any]


@pytest.fixture
def explorer(open_page: Open, written_site: Path) -> Callable[..., Any]:
    """Open the map with a state of its address."""

    def open_(fragment: str = "", lang: str = "en", **options: Any) -> Any:
        page = open_page((written_site / lang / "map.html").as_uri() + fragment, **options)
        page.locator("[data-explorer][data-ready]").wait_for()
        return page

    return open_


def shown(page: Any) -> int:
    return int(page.evaluate("kgMap.shown.reduce((a, b) => a + b, 0)"))


def colours_in_view(page: Any) -> int:
    return int(
        page.evaluate(
            "(() => { const c = document.querySelector('[data-map]'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            " const s = new Set(); for (let i = 0; i < d.length; i += 4) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return s.size })()"
        )
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 400])
def test_map_is_drawn_and_fits(explorer: Callable[..., Any], lang: str, width: int) -> None:
    page = explorer(lang=lang, width=width)
    assert colours_in_view(page) > 20
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(page.evaluate("kgMap.labels()")) > 3


def test_search_by_pinyin_chooses_a_state(explorer: Callable[..., Any]) -> None:
    page = explorer()
    page.fill("#map-q", "riben")
    first = page.locator("#map-hits .hit").first
    assert "Japan" in first.inner_text()
    assert "日本" in first.inner_text()
    assert "state" in first.inner_text()
    page.keyboard.press("Enter")
    panel = page.locator("[data-panel]")
    assert "Japan" in panel.locator("h2").inner_text()
    assert "sel=state%2FJPN" in page.url


def test_panel_shows_marked_evidence_with_its_rule(explorer: Callable[..., Any]) -> None:
    page = explorer("#sel=alliance/JPN-USA", lang="zh")
    panel = page.locator("[data-panel]")
    quotes = panel.locator("blockquote").all_inner_texts()
    assert any("美日同盟不断强化" in quote for quote in quotes)
    assert panel.locator("blockquote mark.k-alliance").first.inner_text() in ("美日同盟", "US–Japan alliance")
    assert any("0.90" in quote for quote in quotes)
    assert panel.locator("a.button").get_attribute("href").endswith("alliance/JPN-USA.html")


def test_panel_of_an_edge_says_why(explorer: Callable[..., Any]) -> None:
    page = explorer("#sel=work/two-languages")
    panel = page.locator("[data-panel]")
    assert "日本既担心" in panel.locator(".passage").nth(1).inner_text()
    panel.locator(".why-button").first.click()
    assert "main case" in panel.inner_text()
    assert "confidence 0.90" in panel.inner_text()
    assert panel.locator("blockquote mark").count() > 0
    assert "edge=" in page.url


def test_untitled_work_is_at_home_on_the_map(explorer: Callable[..., Any]) -> None:
    page = explorer("#sel=work/bare")
    heading = page.locator("[data-panel] h2")
    assert "〔文章从同盟的起源出发〕" in heading.inner_text()
    assert "undated" in page.locator("[data-panel] .meta").first.inner_text()


def test_facets_narrow_the_map_and_say_how_many(explorer: Callable[..., Any]) -> None:
    page = explorer()
    before = shown(page)
    page.locator('[data-facet="lang"] input').nth(1).uncheck()
    after = shown(page)
    assert after < before
    assert "3 works" in page.locator("[data-map-count]").inner_text()
    assert page.locator("[data-facets-active]").text_content() == "1"
    page.click("[data-reset]")
    assert shown(page) == before


def test_kinds_can_be_turned_off(explorer: Callable[..., Any]) -> None:
    page = explorer()
    page.locator('[data-facet="kind"] label', has_text="concept").locator("input").uncheck()
    assert page.evaluate("kgMap.shown.filter((on, i) => on && kgGraph.kind[i] === 2).length") == 0
    assert "off=concept" in page.url


def test_main_case_only(explorer: Callable[..., Any]) -> None:
    page = explorer()
    page.locator('[data-facet="role"] input').nth(1).check()
    assert "10 works" in page.locator("[data-map-count]").inner_text()


def test_years_by_fields_and_undated(explorer: Callable[..., Any]) -> None:
    page = explorer()
    page.fill("[data-from-number]", "2014")
    page.keyboard.press("Tab")
    assert "3 works" in page.locator("[data-map-count]").inner_text()
    page.uncheck("[data-undated]")
    assert "2 works" in page.locator("[data-map-count]").inner_text()
    assert "years=2014-2020" in page.url
    assert "undated=0" in page.url


def test_nothing_left_is_said(explorer: Callable[..., Any]) -> None:
    page = explorer("#off=state,alliance,concept,group,work")
    assert page.locator("[data-message]").inner_text() == "Nothing is left with these filters."


def test_expand_collapse_and_back_to_all(explorer: Callable[..., Any]) -> None:
    page = explorer("#sel=alliance/JPN-USA")
    everything = shown(page)
    page.click("text=Only this and its neighbours")
    few = shown(page)
    assert 3 <= few < everything
    page.locator("[data-panel] .name.is-state").first.click()
    page.click("text=Add its neighbours")
    more = shown(page)
    assert more >= few
    page.click("text=Take its neighbours off")
    assert shown(page) <= more
    page.click("text=Back to all")
    assert shown(page) == everything


def test_path_between_two(explorer: Callable[..., Any]) -> None:
    page = explorer("#sel=state/JPN")
    page.locator(".path summary").click()
    page.fill("#path-q", "South Korea–United")
    page.keyboard.press("Enter")
    panel = page.locator("[data-panel]")
    assert "Shortest paths" in panel.inner_text()
    assert panel.locator(".paths li").count() >= 1
    assert "South Korea–United States alliance" in panel.locator(".paths li").first.inner_text()
    assert "to=alliance%2FKOR-USA" in page.url


def test_address_restores_what_was_seen(explorer: Callable[..., Any]) -> None:
    page = explorer()
    page.fill("#map-q", "NATO")
    page.keyboard.press("Enter")
    page.locator('[data-facet="lang"] input').nth(1).uncheck()
    url = page.url
    view = page.evaluate("kgMap.view()")
    again = explorer("#" + url.split("#")[1])
    assert "North Atlantic" in again.locator("[data-panel] h2").inner_text()
    assert again.locator('[data-facet="lang"] input').nth(1).is_checked() is False
    assert again.evaluate("kgMap.view()")["k"] == pytest.approx(view["k"], rel=0.05)


def test_back_button_goes_back(explorer: Callable[..., Any]) -> None:
    page = explorer()
    page.fill("#map-q", "NATO")
    page.keyboard.press("Enter")
    page.fill("#map-q", "Japan–United")
    page.keyboard.press("Enter")
    assert "Japan" in page.locator("[data-panel] h2").inner_text()
    page.go_back()
    page.wait_for_function("document.querySelector('[data-panel] h2').textContent.includes('North Atlantic')")


def test_pointer_hovers_chooses_and_drags(explorer: Callable[..., Any]) -> None:
    page = explorer()
    spot = page.evaluate(
        "(() => { const i = kgGraph.ids.indexOf('JPN-USA'); const [x, y] = kgMap.place(i); const r = document.querySelector('[data-map]').getBoundingClientRect(); return { x: x + r.left, y: y + r.top } })()"
    )
    page.mouse.move(spot["x"], spot["y"])
    assert "Japan–United States alliance" in page.locator("[data-tip]").inner_text()
    page.mouse.click(spot["x"], spot["y"])
    assert "Japan–United States alliance" in page.locator("[data-panel] h2").inner_text()
    before = page.evaluate("kgMap.view()")
    page.mouse.move(spot["x"] + 60, spot["y"] + 90)
    page.mouse.down()
    page.mouse.move(spot["x"] + 160, spot["y"] + 120, steps=4)
    page.mouse.up()
    after = page.evaluate("kgMap.view()")
    assert after["x"] < before["x"]
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"kgMap.view().k > {after['k']}")


def test_keyboard_alone(explorer: Callable[..., Any]) -> None:
    page = explorer("#sel=state/USA")
    page.focus("[data-map]")
    said = page.locator("[data-announce]")
    page.keyboard.press("ArrowRight")
    first = said.inner_text()
    assert first
    page.keyboard.press("ArrowLeft")
    k = page.evaluate("kgMap.view().k")
    page.keyboard.press("+")
    assert page.evaluate("kgMap.view().k") > k
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('[data-panel]').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.querySelector('[data-map]')")
    page.keyboard.press("t")
    assert page.locator("[data-map-table] tbody tr").count() == shown(page)


def test_table_has_the_same_content_and_sorts(explorer: Callable[..., Any]) -> None:
    page = explorer(lang="zh")
    page.click("[data-table]")
    rows = page.locator("[data-map-table] tbody tr")
    assert rows.count() == shown(page)
    page.locator("[data-map-table] .sort").nth(3).click()
    years = [text for text in page.locator("[data-map-table] tbody td:nth-child(4)").all_inner_texts() if text]
    assert years == sorted(years, reverse=True)
    rows.first.locator("button").click()
    assert page.locator("[data-panel] h2").count() == 1


@pytest.mark.parametrize("form", ["png", "svg", "gexf", "csv"])
def test_view_can_be_taken_away(explorer: Callable[..., Any], form: str) -> None:
    page = explorer("#sel=alliance/FRA-POL")
    page.click(".menu summary")
    with page.expect_download() as download:
        page.click(f'[data-export="{form}"]')
    data = Path(download.value.path()).read_bytes()
    if form == "png":
        assert data.startswith(b"\x89PNG")
    elif form == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert len(rows) == shown(page) + 1
    else:
        tree = ElementTree.fromstring(data)
        assert tree.tag.endswith(form if form == "svg" else "gexf")
        if form == "gexf":
            assert len(tree.findall(".//{http://gexf.net/1.3}node")) == shown(page)


def test_references_of_the_view_can_be_read_by_other_programs(explorer: Callable[..., Any], tmp_path: Path) -> None:
    from kg import pipeline

    page = explorer()
    n_works = page.evaluate("kgMap.shown.reduce((n, on, i) => n + (on && i >= kgGraph.first), 0)")
    for form, ending in (("ris", "ris"), ("bibtex", "bib")):
        page.click(".menu summary")
        with page.expect_download() as download:
            page.click(f'[data-export="{form}"]')
        file = tmp_path / f"view.{ending}"
        file.write_bytes(Path(download.value.path()).read_bytes())
        works = pipeline.read([file]).works
        assert len(works) >= n_works - 2, form  # a record without title and abstract says nothing and is left out
        assert "美日同盟研究" in {text.title for work in works for text in work.texts}
        assert all("〔" not in (text.title or "") for work in works for text in work.texts)


def test_view_opens_in_vosviewer(explorer: Callable[..., Any]) -> None:
    page = explorer("#off=work", lang="zh")
    page.click(".menu summary")
    with page.expect_download() as download:
        page.click('[data-export="vosviewer"]')
    network = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["network"]
    assert len(network["items"]) == shown(page)
    assert "日美同盟" in {item["label"] for item in network["items"]}
    ids = {item["id"] for item in network["items"]}
    assert all(link["source_id"] in ids and link["target_id"] in ids for link in network["links"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_link_and_citation_are_copied(explorer: Callable[..., Any], lang: str) -> None:
    page = explorer("#sel=alliance/JPN-USA", lang=lang)
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    page.click(".menu summary")
    page.click('[data-copy="cite"]')
    said = page.evaluate("window.copied")
    assert ("Alliance KG" if lang == "en" else "同盟知识图谱") in said
    assert page.url in said
    page.click(".menu summary")
    page.click('[data-copy="link"]')
    assert page.evaluate("window.copied") == page.url
    assert page.locator("[data-announce]").text_content()


def test_one_journal(explorer: Callable[..., Any]) -> None:
    page = explorer()
    page.select_option("[data-facet-journal]", label="世界政治 (1)")
    assert "1 work" in page.locator("[data-map-count]").inner_text()
    assert "journal=" in page.url
    again = explorer("#" + page.url.split("#")[1], lang="zh")
    assert "1 篇" in again.locator("[data-map-count]").inner_text()


def test_map_and_matrix_keep_what_is_chosen(explorer: Callable[..., Any]) -> None:
    page = explorer("#sel=alliance/JPN-USA")
    page.click("[data-matrix]")
    page.wait_for_url(lambda url: "matrix.html#sel=alliance" in url)
    chosen = page.locator("td.is-chosen a")
    assert "Japan–United States alliance" in chosen.get_attribute("aria-label")
    page.locator("td[data-alliance=FRA-POL] a").first.focus()
    page.click("[data-to-map]")
    page.locator("[data-explorer][data-ready]").wait_for()
    assert "France–Poland alliance" in page.locator("[data-panel] h2").inner_text()
    page.locator("[data-panel] .name.is-state", has_text="France").first.click()
    page.click("[data-matrix]")
    assert page.locator("tr.is-chosen th").inner_text() == "France"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_labels_do_not_lie_on_each_other(explorer: Callable[..., Any], lang: str) -> None:
    page = explorer(lang=lang)
    boxes = page.evaluate("kgMap.boxes()")
    assert len(boxes) > 5
    for number, (x, y, wide, high) in enumerate(boxes):
        for left, top, width, height in boxes[:number]:
            assert x >= left + width or left >= x + wide or y + high * 0.8 <= top or top + height * 0.8 <= y


def test_hostile_titles_on_the_map(explorer: Callable[..., Any]) -> None:
    page = explorer("#sel=alliance/FRA-POL")
    panel = page.locator("[data-panel]")
    assert '<img src=x onerror="window.pwned=2">' in panel.inner_text()
    assert panel.locator("img, script, iframe").count() == 0


def test_filters_open_on_a_narrow_screen(explorer: Callable[..., Any]) -> None:
    page = explorer(width=400)
    assert not page.locator("#facets").is_visible()
    page.click("[data-facets-open]")
    assert page.locator("#facets").is_visible()


def test_lists_stand_in_where_there_are_no_scripts(open_page: Open, written_site: Path) -> None:
    page = open_page(written_site / "en" / "map.html", script=False, check=False)
    assert "The map needs scripts" in page.locator("main").inner_text()
