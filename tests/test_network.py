"""Networks: what is in them, projections by hand, measures against networkx and by hand, the same bytes each time."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from math import log2
from pathlib import Path

import corpus
import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import tagged_works
from test_rdf import known

from kg import graphml, jsonl, measures, network
from kg.model import TaggedWork
from kg.network_files import write_graph, write_networks
from kg.rdf.read import back, normal
from kg.rdf.works import sheet_of
from kg.tagged_file import TaggedFile
from kg.terms import Base

WORKS = corpus.works()
AUTHORITY = corpus.authority()


def edge(graph: nx.Graph, one: str, other: str) -> dict[str, object]:
    return dict(graph.edges[one, other])


def test_the_whole_graph() -> None:
    graph = network.graph(WORKS, AUTHORITY)
    assert isinstance(graph, nx.MultiDiGraph)
    kinds = {kind for _, kind in graph.nodes(data="kind")}
    assert kinds == {"work", "state", "alliance", "concept", "group", "author", "journal"}
    assert graph.nodes["alliance:JPN-USA"]["label"] == "Japan–United States alliance"
    assert graph.nodes["alliance:JPN-USA"]["label_zh"] == AUTHORITY.label("JPN-USA", "zh")
    assert graph.nodes["work:w02"]["label"] == "〔美日、美韩同盟的负担分担各不相同〕"
    assert graph.nodes["work:w02"]["untitled"] is True
    assert "year" not in graph.nodes["work:w04"]
    assert graph.edges["work:w01", "alliance:JPN-USA", "discusses"] == {
        "relation": "discusses",
        "evidence": 3,
        "confidence": 0.9,
    }
    assert graph.has_edge("work:w01", "alliance:JPN-USA", "focus")
    assert not graph.has_edge("work:w03", "alliance:JPN-USA", "focus")
    assert graph.has_edge("alliance:JPN-USA", "state:JPN", "member")
    assert graph.has_edge("work:w01", "author:jane-doe", "by")
    assert graph.has_edge("work:w11", "journal:国际政治", "in")  # 國際政治, folded


def test_the_order_of_works_does_not_matter() -> None:
    one, other = (network.graph(works, AUTHORITY) for works in (WORKS, WORKS[::-1]))
    assert nx.utils.graphs_equal(one, other)
    assert graphml.graphml(one) == graphml.graphml(other)


def test_alliances_and_concepts() -> None:
    graph = network.alliance_concept(WORKS, AUTHORITY)
    found = edge(graph, "alliance:JPN-USA", "concept:entrapment")
    assert found == {"weight": 2, "focus": 1, "first": 2008, "last": 2014}
    assert edge(graph, "alliance:JPN-USA", "concept:burden-sharing")["first"] == 2010  # the other work has no year
    assert graph.nodes["concept:entrapment"]["works"] == 4
    assert graph.nodes["alliance:JPN-USA"]["focus"] == 3
    assert graph.graph["works"] == 12


def test_states_are_linked_by_pairs_not_by_pacts() -> None:
    graph = network.state_state(WORKS, AUTHORITY)
    assert edge(graph, "state:JPN", "state:USA")["weight"] == 4
    assert edge(graph, "state:JPN", "state:USA")["alliance"] == "JPN-USA"
    assert set(map(frozenset, graph.edges)) == {
        frozenset(("state:JPN", "state:USA")),
        frozenset(("state:KOR", "state:USA")),
        frozenset(("state:GBR", "state:JPN")),
        frozenset(("state:AUS", "state:USA")),
    }
    assert "state:TUR" in graph
    together = network.state_co_mention(WORKS, AUTHORITY)
    assert edge(together, "state:AUS", "state:CHN")["weight"] == 1


def test_alliances_concepts_authors_with_their_like() -> None:
    assert edge(network.alliance_alliance(WORKS, AUTHORITY), "alliance:JPN-USA", "alliance:KOR-USA")["weight"] == 2
    assert list(network.concept_concept(WORKS, AUTHORITY).edges) == [("concept:abandonment", "concept:entrapment")]
    assert list(network.author_author(WORKS, AUTHORITY).edges) == [("author:jane-doe", "author:李明")]


def test_slices_by_time() -> None:
    by_decade = network.slices(WORKS, network.alliance_concept, AUTHORITY)
    assert sorted(by_decade) == [1970, 1980, 1990, 2000, 2010, 2020]
    assert sum(graph.graph["works"] for graph in by_decade.values()) == 11  # one work has no year
    assert edge(by_decade[2010], "alliance:JPN-USA", "concept:entrapment")["weight"] == 1
    assert by_decade[2000].has_edge("alliance:JPN-USA", "concept:entrapment")


def test_graphml_is_read_back(tmp_path: Path) -> None:
    paths = write_networks(WORKS, AUTHORITY, tmp_path)
    assert [path.name for path in paths] == ["graph.graphml", "alliance-concept.graphml", "state-state.graphml"]
    for path in paths:
        graph = nx.read_graphml(path)
        assert all(data["label"] for _, data in graph.nodes(data=True))
    whole = nx.read_graphml(paths[0])
    assert nx.utils.nodes_equal(whole.nodes, network.graph(WORKS, AUTHORITY).nodes)
    assert whole.number_of_edges() == network.graph(WORKS, AUTHORITY).number_of_edges()


@pytest.mark.parametrize("order", [1, -1])
def test_graph_that_is_never_whole_in_memory_is_the_same(tmp_path: Path, order: int) -> None:
    (tmp_path / "works.jsonl").write_bytes(b"".join(jsonl.write(WORKS[::order])))
    whole = graphml.graphml(network.graph(WORKS, AUTHORITY))
    for works in (list(WORKS), TaggedFile(tmp_path / "works.jsonl")):
        assert write_graph(works, AUTHORITY, tmp_path / "graph.graphml").read_bytes() == whole
    nothing = write_graph([], AUTHORITY, tmp_path / "empty.graphml").read_bytes()
    assert nothing == graphml.graphml(network.graph([], AUTHORITY))


def test_igraph_reads_the_graphml(tmp_path: Path) -> None:
    igraph = pytest.importorskip("igraph")
    path = write_networks(WORKS, AUTHORITY, tmp_path)[0]
    read = igraph.Graph.Read_GraphML(str(path))
    assert read.vcount() == network.graph(WORKS, AUTHORITY).number_of_nodes()
    assert "日美同盟" in "".join(read.vs["label_zh"])


def test_lists_and_nothing_are_flattened() -> None:
    graph = nx.Graph()
    graph.add_node("a\x00", list=["x", "y"], none=None, set={"b", "a"}, map={"k": 1}, text="\x1b[31m\ufffe")
    (name, data), *_ = graphml.flat(graph).nodes(data=True)
    assert name == "a"
    assert data == {"list": "x; y", "set": "a; b", "map": "k: 1", "text": "[31m"}
    nx.read_graphml(io.BytesIO(graphml.graphml(graph)))


def test_equal_bytes_whatever_the_hash_seed(root: Path, tmp_path: Path) -> None:
    script = """
import sys; sys.path.insert(0, "tests")
import corpus
from kg import graphml, jsonl, measures, network
for make in (network.graph, network.alliance_concept, network.state_co_mention):
    graph = make(corpus.works(), corpus.authority())
    if make is not network.graph:
        graph = measures.measure(graph)
    sys.stdout.buffer.write(graphml.graphml(graph))
"""
    outputs = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", script]
        outputs.add(subprocess.run(command, check=True, cwd=root, env=environment, stdout=subprocess.PIPE).stdout)
    assert len(outputs) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tagged_works())
def test_graph_to_rdf_to_graph_is_the_identity(tagged: TaggedWork) -> None:
    sheet = sheet_of([tagged], known(), Base(), lambda slug: "r")
    lines = [line + " ." for lines in sheet.graphs.values() for line in lines] + [s + " ." for s in sheet.selectors]
    again = network.graph(back(lines), known())
    assert nx.utils.graphs_equal(again, network.graph([normal(tagged)], known()))


# Measures


@pytest.fixture(scope="module")
def karate() -> nx.Graph:
    """A graph that all know, with the attributes of a projection."""
    graph = nx.relabel_nodes(nx.karate_club_graph(), lambda n: f"n{n:02d}")
    graph.graph["works"] = 500
    for node in graph:
        graph.nodes[node]["works"] = int(graph.degree(node, weight="weight"))
    return graph


def test_measures_are_those_of_networkx(karate: nx.Graph) -> None:
    measured = measures.measure(karate)
    assert nx.get_node_attributes(measured, "degree") == dict(karate.degree())
    assert nx.get_node_attributes(measured, "strength") == dict(karate.degree(weight="weight"))
    assert nx.get_node_attributes(measured, "betweenness") == pytest.approx(nx.betweenness_centrality(karate), abs=1e-8)
    assert nx.get_node_attributes(measured, "core") == nx.core_number(karate)
    assert "degree" not in karate.nodes["n00"], "the graph given stays as it was"


def test_communities_are_good_numbered_and_the_same(karate: nx.Graph) -> None:
    found = measures.communities(karate, seed=7)
    parts = [{node for node, number in found.items() if number == wanted} for wanted in sorted(set(found.values()))]
    assert nx.community.modularity(karate, parts, weight="weight") > 0.42
    assert [len(part) for part in parts] == sorted(map(len, parts), reverse=True)
    assert found == measures.communities(nx.Graph(karate), seed=7)


def test_association_strength_by_hand() -> None:
    graph = nx.Graph(works=10)
    graph.add_weighted_edges_from([("a", "b", 2), ("b", "c", 1), ("a", "c", 1)])
    nx.set_node_attributes(graph, {"a": 3, "b": 4, "c": 2}, "works")
    # strengths 3, 3, 2; total 8: a–b 8·2/(3·3), b–c 8·1/(3·2)
    assert measures.association_strength(graph)["a", "b"] == pytest.approx(16 / 9)
    assert measures.association_strength(graph)["b", "c"] == pytest.approx(8 / 6)
    assert measures.pmi(graph)["a", "b"] == pytest.approx(log2(10 * 2 / (3 * 4)))


def test_measures_of_nothing() -> None:
    assert measures.measure(nx.Graph(works=0)).number_of_nodes() == 0
    lonely = nx.Graph(works=1)
    lonely.add_node("a", works=1)
    assert measures.measure(lonely).nodes["a"]["community"] == 1


def test_pmi_needs_the_number_of_works() -> None:
    graph = nx.Graph()
    graph.add_edge("a", "b", weight=1)
    with pytest.raises(ValueError, match="take a projection"):
        measures.pmi(graph)


def test_large_graphs_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "EXACT_UP_TO", 20)
    monkeypatch.setattr(measures, "SAMPLED", 15)
    graph = nx.karate_club_graph()
    names = nx.relabel_nodes(graph, str)
    estimate = measures.betweenness(names)
    assert estimate == measures.betweenness(names)
    assert max(estimate, key=estimate.__getitem__) in ("0", "33")


def test_every_projection_can_be_measured() -> None:
    for make in (
        network.alliance_concept,
        network.alliance_alliance,
        network.state_state,
        network.state_co_mention,
        network.concept_concept,
        network.author_author,
    ):
        measured = measures.measure(make(WORKS, AUTHORITY))
        assert all("pmi" in data for _, _, data in measured.edges(data=True))


_VALUES = (
    st.text(max_size=8)
    | st.sampled_from(("a & b <c>", '"q"', "one\r\ntwo\r", "\t", " ", ""))
    | st.integers()
    | st.floats(allow_nan=False)
    | st.booleans()
)
_ATTRIBUTES = st.dictionaries(st.sampled_from(("label", "works", "x<y", 'a"b')), _VALUES, max_size=3)


@given(
    st.sampled_from((nx.Graph, nx.DiGraph, nx.MultiDiGraph)),
    st.dictionaries(st.text(max_size=6), _ATTRIBUTES, max_size=5),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), _ATTRIBUTES), max_size=8),
    _ATTRIBUTES,
)
def test_graphml_is_written_as_networkx_writes_it(kind, nodes, edges, about) -> None:
    found = kind(**{name: value for name, value in about.items() if name.isalpha()})
    found.add_nodes_from(nodes.items())
    names = list(found)
    for one, other, attributes in edges if names else ():
        found.add_edge(names[one % len(names)], names[other % len(names)])
        edge = found[names[one % len(names)]][names[other % len(names)]]
        (edge[len(edge) - 1] if found.is_multigraph() else edge).update(attributes)
    out = io.BytesIO()
    nx.write_graphml_xml(graphml.flat(found), out, encoding="utf-8", prettyprint=True, named_key_ids=True)
    expected = out.getvalue().replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"
    assert graphml.graphml(found) == expected
