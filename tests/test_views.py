"""Pages: the words, the names of files, the marking of texts, and what the written site holds."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from math import hypot
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import pipeline
from kg.authority import Authority, load
from kg.model import Mention, TaggedWork, Text, Work, WorkId
from kg.views import write_site
from kg.views.addresses import FileAddresses, file_stem, file_stems
from kg.views.charts import year_chart
from kg.views.desk import Desk
from kg.views.holdings import Holdings, Year
from kg.views.marking import Mark, mark, sentence_around, sentence_spans
from kg.views.rendering import json_text
from kg.views.words import PAGE_LANGS, Words, table

HOSTILE = json.loads((Path(__file__).parent / "fixtures" / "pages" / "hostile.json").read_text(encoding="utf-8"))


def found(field: str, text: str, surface: str, rule: str = "alliance-compound") -> Mention:
    start = text.index(surface)
    return Mention(field, start, start + len(surface), surface, rule, 0.9)


def some_works() -> list[TaggedWork]:
    """Works of every sort: titled, without title and year, in two languages, with hostile texts, with nothing."""
    chinese = "美日同盟不断强化。日本既担心被美国抛弃,又害怕被拖入冲突;北约成员则不然。"
    english = "The US–Japan alliance grew stronger. Tokyo feared abandonment."
    both = TaggedWork(
        work=Work(
            id=WorkId("10.1000/two<langs>"),
            texts=(Text("zh-Hans", "美日同盟研究", chinese), Text("en", "The US–Japan alliance", english)),
            authors=("张三", "李四"),
            journal="世界政治",
            year=2014,
            volume="3",
            issue="2",
            pages="1-20",
            doi="10.1000/two",
            cited_by=7,
        ),
        states={"JPN": (found("abstract", chinese, "日本", "state-name"), found("abstract@en", english, "Tokyo")),
                "USA": (found("abstract", chinese, "美国", "state-name"),)},
        alliances={"JPN-USA": (found("title", "美日同盟研究", "美日同盟"), found("abstract", chinese, "美日同盟"),
                               found("abstract@en", english, "US–Japan alliance")),
                   "nato": (found("abstract", chinese, "北约"),)},
        concepts={"entrapment": (found("abstract", chinese, "害怕被拖入", "concept-pattern"),),
                  "abandonment": (found("abstract", chinese, "被美国抛弃", "concept-pattern"),)},
        focus=("JPN-USA",),
    )  # fmt: skip
    bare_text = "文章从同盟的起源出发,比较美日同盟与美韩同盟。"
    bare = TaggedWork(
        work=Work(id=WorkId("bare"), texts=(Text("zh-Hans", None, bare_text),)),
        alliances={
            "JPN-USA": (found("abstract", bare_text, "美日同盟"),),
            "KOR-USA": (found("abstract", bare_text, "美韩同盟"),),
        },
    )
    hostile = []
    for number, text in enumerate(HOSTILE):
        abstract = f"France and Poland are allies. {text}"
        hostile.append(
            TaggedWork(
                work=Work(
                    id=WorkId(f"evil/{number}"),
                    texts=(Text("en", text, abstract),),
                    authors=(text,),
                    journal=text,
                    year=2001 + number,
                    doi=f'10.9999/{number}"><script>window.pwned=7</script>',
                    keywords=(text,),
                ),
                states={
                    "FRA": (found("abstract", abstract, "France"),),
                    "POL": (found("abstract", abstract, "Poland"),),
                },
                alliances={"FRA-POL": (found("abstract", abstract, "France and Poland are allies"),)},
                focus=("FRA-POL",),
            )
        )
    nothing = TaggedWork(work=Work(id=WorkId("Bare")))
    return [both, bare, nothing, *hostile]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return load()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_site(some_works(), authority, folder)
    return folder


# words


def test_words_are_complete_in_both_languages() -> None:
    for key, row in table().items():
        for lang in PAGE_LANGS:
            assert row[lang].strip(), f"{key} has no {lang}"
        names = [set(re.findall(r"\{(\w+)\}", row[lang])) for lang in PAGE_LANGS]
        assert names[0] == names[1], f"{key}: {names}"


def test_words_have_no_repeated_key() -> None:
    source = files("kg.views").joinpath("words.csv").read_text(encoding="utf-8")
    keys = [row["key"] for row in csv.DictReader(source.splitlines())]
    assert len(keys) == len(set(keys))


def test_every_word_that_a_template_names_is_in_the_table() -> None:
    for template in files("kg.views").joinpath("templates").iterdir():
        for key in re.findall(r"\b(?:t|en|zh|words)\('(\w+)'[,)]", template.read_text(encoding="utf-8")):
            assert key in table(), f"{template.name}: {key}"


def test_chinese_words_hold_han_characters() -> None:
    for key, row in table().items():
        if key not in {"site_other", "other_language", "year_unknown_mark", "list_comma", "home_title_other"}:
            assert re.search(r"[\u4e00-\u9fff]", row["zh"]), key


def test_words_choose_singular_and_plural() -> None:
    assert Words("en")("n_works", n=1) == "1 work"
    assert Words("zh")("n_works", n=1200) == "1,200 篇"


# names of files


@given(st.sets(st.text(min_size=1, max_size=300), max_size=20))
def test_file_names_are_safe_and_distinct_but_for_case(ids: set[str]) -> None:
    stems = file_stems(ids)
    folded = [stem.casefold() for stem in stems.values()]
    assert len(set(folded)) == len(ids)
    for stem in stems.values():
        assert re.fullmatch(r"[0-9A-Za-z_~%-][0-9A-Za-z._~%-]*", stem)
        assert len(stem) <= 100


@pytest.mark.parametrize("name", ["CON", "nul", "index", "com1", "lpt9.txt", "a.", ".a"])
def test_reserved_names_are_hashed(name: str) -> None:
    assert file_stem(name) != name


def test_links_to_file_names_with_percent_signs_are_encoded_again() -> None:
    addresses = FileAddresses({"work": {"10.1/x": "10.1%2Fx"}})
    assert addresses.entity("work", "10.1/x", "en", "alliance/JPN-USA") == "../../en/work/10.1%252Fx.html"
    assert addresses.entity("work", "unknown", "en", "") is None


# marking


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text(alphabet="美日同盟 ab,。\U0001f91d", min_size=1, max_size=40))
    marks = []
    for number in range(draw(st.integers(0, 12))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        kind = draw(st.sampled_from(["state", "alliance", "concept", "group"]))
        marks.append(Mark(kind, f"t{number}", Mention("abstract", start, end, text[start:end], "r", 1.0)))
    return text, marks


@given(marked_texts())
def test_marked_text_is_the_text_and_every_piece_knows_its_kinds(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    groups = mark(text, marks)
    assert "".join(group.text for group in groups) == text
    assert {m for group in groups for m in group.marks} == set(marks)
    at = 0
    for group in groups:
        for piece in group.pieces:
            for _ in piece.text:
                assert set(piece.kinds) == {m.kind for m in marks if m.mention.start <= at < m.mention.end}
                at += 1


def test_nested_and_overlapping_marks() -> None:
    text = "美日同盟再定义"
    marks = [
        Mark("alliance", "JPN-USA", found("abstract", text, "美日同盟")),
        Mark("state", "USA", found("abstract", text, "美")),
        Mark("concept", "alliance-transformation", found("abstract", text, "同盟再定义")),
    ]
    (group,) = mark(text, marks)
    assert [(piece.text, piece.kinds) for piece in group.pieces] == [
        ("美", ("alliance", "state")),
        ("日", ("alliance",)),
        ("同盟", ("alliance", "concept")),
        ("再定义", ("concept",)),
    ]


def test_sentences_hold_their_mention() -> None:
    text = "The U.S. left. Japan stayed; it grew.  美日同盟。日本留下。"
    spans = sentence_spans(text)
    for surface in ("Japan", "美日同盟", "日本", "U.S."):
        start = text.index(surface)
        left, right = sentence_around(spans, start, start + len(surface))
        assert surface in text[left:right]
    assert [text[left:right] for left, right in spans][-1] == "日本留下。"


# charts


def test_undated_works_stand_apart_and_many_years_become_decades() -> None:
    years = [Year(1900 + n, 1, 1, 0) for n in range(100)] + [Year(None, 3, 0, 0)]
    chart = year_chart(years)
    assert chart.by_decade
    assert len(chart.columns) == 10
    assert chart.undated is not None
    assert chart.undated.row.total == 3
    assert chart.first == 1900
    assert chart.last == 1999


def test_chart_of_nothing() -> None:
    chart = year_chart([])
    assert chart.columns == ()
    assert chart.first is None


# data in pages


@given(st.text())
def test_json_in_a_page_cannot_end_its_element(text: str) -> None:
    shown = json_text({"t": text})
    assert "<" not in shown
    assert json.loads(shown) == {"t": text}


# the site


class Tags(HTMLParser):
    """Collects what a browser would see of a page's structure."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(path: Path) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.tags


def test_pages_stand_in_both_languages(site: Path) -> None:
    names = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {"index.html", "alliances.html", "concepts.html"} <= names
    english = {name.removeprefix("en/") for name in names if name.startswith("en/")}
    chinese = {name.removeprefix("zh/") for name in names if name.startswith("zh/")}
    assert english == chinese
    assert {"index.html", "alliance/JPN-USA.html", "state/JPN.html", "concept/entrapment.html"} <= english
    assert sum(name.startswith("work/") for name in english) == len(some_works())


def test_every_link_leads_to_a_file(site: Path) -> None:
    from urllib.parse import unquote, urlsplit

    for path in site.rglob("*.html"):
        for tag, attrs in tags_of(path):
            href = attrs.get("href")
            if tag != "a" or not href or href.startswith("#"):
                continue
            parts = urlsplit(href)
            if parts.scheme:
                assert href.startswith("https://doi.org/"), (path, href)
                continue
            target = (path.parent / unquote(parts.path)).resolve()
            assert target.is_file(), f"{path.relative_to(site)} → {href}"


def test_nothing_asks_another_place(site: Path) -> None:
    for path in site.rglob("*.html"):
        for tag, attrs in tags_of(path):
            for name in ("src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href"):
                value = attrs.get(name) or ""
                assert not re.match(r"(?i)\s*(?:https?:)?//|javascript:", value), (path, tag, value)
            if tag == "link":
                assert not (attrs.get("href") or "").startswith("http"), path


def test_hostile_texts_make_no_elements(site: Path) -> None:
    for path in site.rglob("*.html"):
        if path.parent == site:
            continue
        for tag, attrs in tags_of(path):
            assert tag not in {"img", "iframe", "object", "embed", "base"}, (path, tag)
            assert not any(name.startswith("on") for name in attrs), (path, tag, attrs)


def test_policy_names_every_script_by_hash(site: Path) -> None:
    import base64
    from hashlib import sha256

    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        policy = next(
            attrs["content"] or ""
            for tag, attrs in tags_of(path)
            if attrs.get("http-equiv") == "Content-Security-Policy"
        )
        assert "default-src 'none'" in policy
        script_src = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
        assert "unsafe-inline" not in script_src
        for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
            if "json" in attributes:
                continue
            digest = base64.b64encode(sha256(body.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in script_src, path


def test_work_page_shows_all_texts_and_marks(site: Path) -> None:
    page = (site / "zh" / "work" / "10.1000%2Ftwo%3Clangs%3E.html").read_text(encoding="utf-8")
    assert "The US–Japan alliance" in page
    assert re.search(r'<span class="k-concept">害怕被拖入</span>', page)
    assert 'aria-describedby="why' in page
    assert "李四" in page
    assert "被引 7 次" in page


def test_work_without_a_title_shows_the_stand_in_marked_as_one(site: Path) -> None:
    (path,) = [p for p in (site / "en" / "work").glob("bare-*.html") if "文章从" in p.read_text(encoding="utf-8")]
    page = path.read_text(encoding="utf-8")
    assert "〔文章从同盟的起源出发〕" in page
    assert Words("en")("stand_in_note") in page
    assert "undated" in page


def test_undated_works_come_last(authority: Authority) -> None:
    holdings = Holdings(some_works(), authority)
    years = [tagged.work.year for tagged in holdings.works]
    dated = [year for year in years if year is not None]
    assert years[: len(dated)] == sorted(dated, reverse=True)


def test_alliance_page_says_who_discusses_it(site: Path) -> None:
    page = (site / "en" / "alliance" / "JPN-USA.html").read_text(encoding="utf-8")
    assert "2 works discuss it, 1 as its main case." in page or "2 works discuss it, 1 as their main case." in page
    assert "日美同盟" in page
    assert "〔文章从同盟的起源出发〕" in page


def test_works_of_a_wider_alliance_are_named_but_not_counted(authority: Authority) -> None:
    from kg.views.entities import alliance

    text = "北约与美英同盟。"
    work = TaggedWork(
        work=Work(id=WorkId("n"), texts=(Text("zh-Hans", None, text),)),
        alliances={"nato": (found("abstract", text, "北约"),), "GBR-USA": (found("abstract", text, "美英同盟"),)},
    )
    desk = Desk(Holdings([work], authority), FileAddresses(), Words("en"), "alliance/GBR-USA")
    context = alliance(desk, "GBR-USA")
    assert [name.id for name in context["wider"]] == ["nato"]
    assert context["n_works"] == 1


def test_equal_works_in_any_order_give_equal_bytes(tmp_path: Path, authority: Authority) -> None:
    first = write_site(some_works(), authority, tmp_path / "a")
    second = write_site(reversed(some_works()), authority, tmp_path / "b")
    assert [p.relative_to(tmp_path / "a") for p in first] == [p.relative_to(tmp_path / "b") for p in second]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one


def test_a_site_of_no_works(tmp_path: Path, authority: Authority) -> None:
    write_site([], authority, tmp_path)
    assert "0" in (tmp_path / "en" / "index.html").read_text(encoding="utf-8")


def test_machine_readable_part_is_json_and_escaped(site: Path) -> None:
    for path in (site / "en" / "work").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        (block,) = re.findall(r'<script type="application/ld\+json" id="about-this">(.*?)</script>', text, re.DOTALL)
        assert json.loads(block)["@context"] == "https://schema.org"


def test_home_says_how_many_people_are_found(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(some_works(), authority, tmp_path / "all")
    monkeypatch.setattr("kg.views.home_data.MAX_PEOPLE", 1)
    write_site(some_works(), authority, tmp_path / "one")
    people, said = [], []
    for name in ("all", "one"):
        page = (tmp_path / name / "en" / "index.html").read_text(encoding="utf-8")
        said.append("the 1 of most works are found by name" in page)
        people.append(page.count('["person",'))
    assert people[0] > people[1] == 1
    assert said == [False, True]


def test_panels_carry_their_query(site: Path) -> None:
    page = (site / "en" / "alliance" / "JPN-USA.html").read_text(encoding="utf-8")
    assert "kg query concepts-of-pair --bind alliance=JPN-USA" in page
    assert "/id/alliance/JPN-USA&gt;" in page


def test_report_is_shown(tmp_path: Path, authority: Authority) -> None:
    from kg.report import Fault, Report, SourceCount

    report = Report(
        version="1",
        ontology_version="2",
        sources=(SourceCount(slug="a-1", name="a.ris", format="ris", n_records=3, n_works=2),),
        faults=(Fault(where="a.ris:7", reason="<b>reference</b> has no title", severity="skipped"),),
    )
    write_site(some_works(), authority, tmp_path, report)
    for path in ("report.html", "en/report.html", "zh/report.html"):
        page = (tmp_path / path).read_text(encoding="utf-8")
        assert "a.ris:7" in page
        assert "&lt;b&gt;reference" in page


# matrix and time


def test_matrix_steps_grow_with_works() -> None:
    from kg.views.overviews import shade

    steps = [shade(n, 200) for n in range(1, 201)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (1, 5)


def test_spans_that_touch_are_one() -> None:
    from kg.views.overviews import _joined

    assert _joined([(5, 3), (0, 5), (20, 1)]) == ((0, 8), (20, 1))


# the two views


def test_views_are_mended_and_placed(site: Path) -> None:
    for name in ("alliances.html", "concepts.html"):
        page = (site / name).read_text(encoding="utf-8")
        assert "cdn" not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
        assert "bootstrap" not in page
        assert '"enabled": false' in page
        nodes = json.loads(re.search(r"nodes = new vis\.DataSet\((\[.*?\])\);", page).group(1))  # type: ignore[union-attr]
        assert all(isinstance(node["x"], int) and isinstance(node["y"], int) for node in nodes)
        assert all(node["label"] for node in nodes)
    assert {node["shape"] for node in nodes} == {"diamond", "triangle"}


def test_view_of_alliances_has_an_edge_for_each_pair(site: Path) -> None:
    page = (site / "alliances.html").read_text(encoding="utf-8")
    edges = json.loads(re.search(r"edges = new vis\.DataSet\((\[.*?\])\);", page).group(1))  # type: ignore[union-attr]
    pairs = {(edge["from"], edge["to"]): edge for edge in edges}
    edge = pairs["state/JPN", "state/USA"]
    assert edge["page_en"] == "en/alliance/JPN-USA.html"
    assert "美日同盟研究 (2014)" in edge["hover_en"]
    widest = pairs["state/FRA", "state/POL"]["width"]
    assert widest > edge["width"]


def test_view_of_a_neighbourhood_shows_works_as_text(authority: Authority) -> None:
    from kg.views import view

    page = view(some_works(), authority, "alliance", "FRA-POL")
    nodes = json.loads(re.search(r"nodes = new vis\.DataSet\((\[.*?\])\);", page).group(1))  # type: ignore[union-attr]
    assert {node["shape"] for node in nodes} >= {"diamond", "dot", "square"}
    assert not any("title" in node for node in nodes)  # pyvis would take a link in one for markup
    assert "</script><script>window.pwned" not in page.replace("\\u003c", "<").split("vis.DataSet")[0]


# the dossier


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_dossier_holds_evidence_and_bibliography(authority: Authority, lang: str) -> None:
    from kg.views import dossier

    page = dossier(some_works(), authority, "alliance", "JPN-USA", lang=lang)  # type: ignore[arg-type]
    assert "日美同盟" in page
    assert "张三, 李四. 美日同盟研究[J]. 世界政治, 2014, 3(2): 1-20" in page
    assert "〔文章从同盟的起源出发〕" in page
    assert "href=" not in re.sub(r'<link rel="icon" href="data:,">', "", page.split("<main")[1])


def test_dossier_as_markdown_escapes_texts(authority: Authority) -> None:
    from kg.views import dossier

    text = dossier(some_works(), authority, "alliance", "FRA-POL", form="md")
    assert "<script" not in text
    assert "<img" not in text
    assert "**France and Poland are allies**" in text


def test_dossier_on_a_concept_and_on_nothing(authority: Authority) -> None:
    from kg.views import dossier

    assert "牵连" in dossier(some_works(), authority, "concept", "entrapment", lang="zh")
    assert "No work here discusses it." in dossier([], authority, "alliance", "JPN-USA")


# the map


def test_positions_are_equal_on_every_run_and_kept_from_the_last(authority: Authority) -> None:
    from kg.views.explorer import lay_out, positions_csv, read_positions

    first = lay_out(Holdings(some_works(), authority))
    again = lay_out(Holdings(reversed(some_works()), authority))
    assert positions_csv(first) == positions_csv(again)
    stored = read_positions(positions_csv(first))
    kept = lay_out(Holdings(some_works()[1:], authority), stored)
    for key in kept.spots:
        if key in stored and not key.startswith("work/"):
            assert abs(kept.spots[key][0] - stored[key][0]) < 60


def test_map_says_what_it_leaves_out(authority: Authority) -> None:
    from kg.views.explorer import lay_out

    drawn = lay_out(Holdings(some_works(), authority), most=18)
    assert drawn.total_works == len(some_works())
    assert len(drawn.works) < drawn.total_works


def test_every_chinese_name_can_be_typed_in_letters(authority: Authority) -> None:
    from kg.views.pinyin import key, syllables

    for rows in (authority.states, authority.alliances, authority.concepts, authority.groups):
        for row in rows.values():
            name = row.labels["zh-Hans"]
            han = re.findall(r"[\u4e00-\u9fff]", name)
            assert len(syllables(name)) == len(han), name
            assert key(name) or not han
    assert key("秘鲁") == "bilu bl"
    assert key("同盟形成").endswith(" tmxc")


def test_scripts_are_joined_in_order_and_without_modules() -> None:
    from kg.views.linking import in_order, link
    from kg.views.site import _NEEDS

    for scripts, _ in _NEEDS.values():
        joined = link(("page", *scripts))
        assert not re.search(r"^(?:import|export)\b", joined, re.MULTILINE)
    assert in_order(("explorer",)).index("fold") < in_order(("explorer",)).index("explorer")


def test_works_beyond_those_with_pages_are_named_without_an_address() -> None:
    from page_works import browser_works

    from kg.views import site
    from kg.views.pages import ENTITY_PAGES, PAGES
    from kg.views.rendering import inline_assets

    holdings = Holdings(browser_works(), load())
    entities = site.entities_with_pages(holdings) | {"work": ["bare"]}
    addresses = FileAddresses({kind: file_stems(ids) for kind, ids in entities.items()})
    template, context = ENTITY_PAGES["alliance"]
    pages = [(f"alliance/{one}", template, lambda desk, one=one: context(desk, one)) for one in ("JPN-USA", "FRA-POL")]
    pages += [(page.path, page.template, page.context) for page in PAGES]
    for path, name, made in pages:
        desk = Desk(holdings, addresses, Words("en"), path)
        text = site.render(holdings, addresses, "en", path, name, made(desk), inline_assets(("page",)), desk)
        assert 'href="None"' not in text, path
        assert 'href=""' not in text, path


def test_journal_and_year_of_a_work_stand_apart(tmp_path: Path) -> None:
    from page_works import browser_works

    write_site(browser_works(), load(), tmp_path)
    for lang in ("en", "zh"):
        page = (tmp_path / lang / "work" / "two-languages.html").read_text(encoding="utf-8")
        meta = re.sub(r"<[^>]+>", "", page[page.index('<p class="meta">') :].split("</p>")[0])
        assert " ".join(meta.split()).startswith("张三、李四 · 世界政治 · 2014")


def test_map_stays_in_place_when_works_come(sample: Path) -> None:
    from kg.views.explorer import map_of, positions_csv, read_positions

    authority = load()
    works = list(pipeline.tag(pipeline.read([sample]).works, authority))
    before = positions_csv(map_of(Holdings(works[:-3], authority)))
    assert positions_csv(map_of(Holdings(reversed(works[:-3]), authority))) == before
    old = read_positions(before)
    new = read_positions(positions_csv(map_of(Holdings(works, authority, None, old))))
    width = max(x for x, _ in old.values()) - min(x for x, _ in old.values())
    moved = sorted(hypot(new[key][0] - x, new[key][1] - y) for key, (x, y) in old.items() if key in new)
    assert len(new) > len(old)
    assert moved[len(moved) // 2] < 0.05 * width


def test_site_starts_from_the_positions_in_its_folder(tmp_path: Path) -> None:
    from page_works import browser_works

    from kg.views.explorer import read_positions

    write_site(browser_works(), load(), tmp_path)
    first = read_positions((tmp_path / "positions.csv").read_bytes())
    mirrored = "".join(f"{key},{-x},{y}\n" for key, (x, y) in first.items())
    (tmp_path / "positions.csv").write_text("id,x,y\n" + mirrored, encoding="utf-8")
    write_site(browser_works(), load(), tmp_path)
    second = read_positions((tmp_path / "positions.csv").read_bytes())
    far = [key for key, (x, _) in first.items() if abs(x) > 100 and not key.startswith("work/")]
    assert far
    assert all(second[key][0] * first[key][0] < 0 for key in far)
