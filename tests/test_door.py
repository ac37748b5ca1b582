"""The Python door: what it says, what it gives, and that it is fast to enter."""

from __future__ import annotations

from pathlib import Path

import networkx
import pytest

import kg
from kg.errors import KgError, QueryRefused, StoreError, UnknownName
from kg.model import TaggedWork


def test_a_text_is_tagged_and_shows_itself_marked() -> None:
    tagged = kg.tag("再论美日同盟。<b>")
    assert isinstance(tagged, TaggedWork)
    assert list(tagged.alliances) == ["JPN-USA"]
    for mention in tagged.alliances["JPN-USA"]:
        assert tagged.work.fields()[mention.field][mention.start : mention.end] == mention.surface
    html = tagged._repr_html_()
    assert "<mark" in html
    assert "&lt;b&gt;" in html
    assert "[美日同盟]" in str(tagged)


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "a" * 1000, "\U0001f91d", "\ud800"])
def test_any_text_is_tagged_without_an_error(text: str) -> None:
    assert kg.tag(text).alliances == {}


def test_build_opens_what_it_built(sample: Path, tmp_path: Path) -> None:
    graph = kg.build(sample / "listing.txt", tmp_path / "out", pages=False)
    assert {work.id for work in graph.works()} == {work.id for work in kg.open(tmp_path / "out").works()}
    assert "out" in repr(graph)


def test_the_doors_of_a_graph(built: Path) -> None:
    graph = kg.open(built)
    found = graph.find(pair="US-Japan", year="2019-")
    assert [work.id for work in found] == ["zhd-001"]
    assert found.works[0].evidence[0].sentence
    pairs = {pair.alliance: pair for pair in graph.pairs()}
    assert pairs["JPN-USA"].n_works == len(graph.find(pair="美日", limit=None).works)
    rows = graph.query("works-on-pair", alliance="日美")
    assert len(rows) == pairs["JPN-USA"].n_works
    assert graph.query("SELECT (COUNT(DISTINCT ?w) AS ?n) { ?w a <https://w3id.org/alliance-kg/ns#Work> }").rows == [
        (61,)
    ]


def test_a_graph_as_networkx_and_as_rdflib(built: Path) -> None:
    graph = kg.open(built)
    network = graph.networkx()
    assert isinstance(network, networkx.MultiDiGraph)
    kinds = {kind for _, kind in network.nodes(data="kind")}
    assert {"work", "state", "alliance", "concept", "author", "journal"} <= kinds
    dataset = graph.rdflib()
    rows = list(
        dataset.query(
            "SELECT ?w { ?w <https://w3id.org/alliance-kg/ns#hasFocus> <https://w3id.org/alliance-kg/id/alliance/JPN-USA> }"
        )
    )
    assert len(rows) == next(pair.n_in_focus for pair in graph.pairs() if pair.alliance == "JPN-USA")


def test_a_view_is_a_page(built: Path, tmp_path: Path) -> None:
    page = kg.open(built).view(pair="北约")
    assert "<iframe" in page._repr_html_()
    assert page.write(tmp_path / "view.html").read_text(encoding="utf-8") == page


def test_a_frame_of_pandas_or_a_word_on_what_is_missing(built: Path) -> None:
    from kg.errors import MissingExtra

    try:
        import pandas  # noqa: F401
    except ImportError:
        with pytest.raises(MissingExtra, match="pandas"):
            kg.open(built).to_pandas()
    else:
        assert "sentence" in kg.open(built).to_pandas().columns


def test_what_cannot_be_done_is_said(built: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg build"):
        kg.open(tmp_path / "nothing")
    graph = kg.open(built)
    with pytest.raises(UnknownName, match="Did you mean 'Japan'"):
        graph.find(state="Jpan")
    with pytest.raises(UnknownName, match="no question"):
        graph.query("no-such-question")
    with pytest.raises(QueryRefused):
        graph.query("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }")
    with pytest.raises(KgError, match="one alliance"):
        graph.view()
    with pytest.raises(KgError, match="no work here"):
        graph.view(state="Tuvalu")
    with pytest.raises(AttributeError, match="nonsense"):
        _ = kg.nonsense  # type: ignore[attr-defined]
