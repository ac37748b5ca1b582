"""Measures of a network, under their standard names. In: a projection of `kg.network`. Out: the same graph with numbers.

On nodes: ``degree``, ``strength`` (total of the weights), ``betweenness``, ``community``, ``core``. On edges:
``association`` and ``pmi``. Equal graphs give equal numbers, whatever the machine.

References
----------
Blondel and others, Fast unfolding of communities in large networks, J. Stat. Mech. P10008 (2008).
Brandes, A faster algorithm for betweenness centrality, J. Math. Sociol. 25 (2001).
van Eck and Waltman, How to normalize cooccurrence data?, JASIST 60 (2009): association strength.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log2
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import networkx as nx

EXACT_UP_TO: Final = 2_000
"""Nodes up to which betweenness is exact; beyond it rests on `SAMPLED` sources."""

SAMPLED: Final = 500


def measure(graph: nx.Graph, *, seed: int = 1) -> nx.Graph:
    """A copy of a projection with all measures on nodes and edges.

    Parameters
    ----------
    graph : networkx.Graph
        Edges have ``weight``; nodes have ``works``, and ``graph.graph["works"]`` is the number of works in all.
    seed : int
        Of what is left to chance: the order in which communities grow, the sources that are sampled.
    """
    measured = graph.copy()
    columns = {
        "degree": dict(graph.degree()),
        "strength": dict(graph.degree(weight="weight")),
        "betweenness": betweenness(graph, seed=seed),
        "community": communities(graph, seed=seed),
        "core": cores(graph),
    }
    for name, values in columns.items():
        for node, value in values.items():
            measured.nodes[node][name] = value
    for name, edges in (("association", association_strength(graph)), ("pmi", pmi(graph))):
        for (one, other), value in edges.items():
            measured.edges[one, other][name] = value
    return measured


def betweenness(graph: nx.Graph, *, seed: int = 1) -> dict[str, float]:
    """Share of shortest paths that go through a node, edges counted as steps; normalised to 0 … 1.

    Notes
    -----
    O(nodes × edges); above `EXACT_UP_TO` nodes an estimate from `SAMPLED` sources.
    """
    import networkx as nx

    numbered, names = _numbered(graph)
    sources = None if len(names) <= EXACT_UP_TO else SAMPLED
    return {names[n]: round(value, 9) for n, value in nx.betweenness_centrality(numbered, k=sources, seed=seed).items()}


def communities(graph: nx.Graph, *, seed: int = 1) -> dict[str, int]:
    """Louvain communities by weight, numbered from 1, the largest first."""
    import networkx as nx

    numbered, names = _numbered(graph)
    if not names:
        return {}
    parts = nx.community.louvain_communities(numbered, weight="weight", seed=seed)
    ordered = sorted(parts, key=lambda part: (-len(part), min(part)))
    return {names[n]: number for number, part in enumerate(ordered, 1) for n in sorted(part)}


def cores(graph: nx.Graph) -> dict[str, int]:
    """The largest k for which a node is in the k-core."""
    import networkx as nx

    simple = nx.Graph(graph)
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    found: Mapping[str, int] = nx.core_number(simple)
    return dict(found)


def association_strength(graph: nx.Graph) -> dict[tuple[str, str], float]:
    """How many times as often two nodes occur together as by chance, given their total link strengths.

    ``2 m c_ij / (s_i s_j)`` with c the weight, s the sum of a node's weights, m the sum of all weights: as VOSviewer
    normalises.
    """
    strength = dict(graph.degree(weight="weight"))
    total = sum(strength.values())
    return {
        (one, other): round(total * weight / (strength[one] * strength[other]), 9)
        for one, other, weight in graph.edges(data="weight", default=1)
    }


def pmi(graph: nx.Graph) -> dict[tuple[str, str], float]:
    """Pointwise mutual information of two nodes over works, in bits: ``log2(n c_ij / (w_i w_j))``.

    Raises
    ------
    ValueError
        The graph does not say how many works it was made of, or a node not how many name it.
    """
    n_works = graph.graph.get("works")
    works = dict(graph.nodes(data="works"))
    if graph.number_of_edges() and (not n_works or not all(works.values())):
        raise ValueError("pmi needs graph.graph['works'] and 'works' on every node: take a projection of kg.network")
    return {
        (one, other): round(log2(n_works * weight / (works[one] * works[other])), 9)
        for one, other, weight in graph.edges(data="weight", default=1)
    }


def _numbered(graph: nx.Graph) -> tuple[nx.Graph, list[str]]:
    """The same graph on numbers: sets of strings have another order in each process, sets of numbers have not."""
    import networkx as nx

    names = sorted(graph)
    number = {name: n for n, name in enumerate(names)}
    numbered = nx.Graph()
    numbered.add_nodes_from(range(len(names)))
    numbered.add_weighted_edges_from(
        sorted(
            (*sorted((number[one], number[other])), weight)
            for one, other, weight in graph.edges(data="weight", default=1)
            if one != other
        )
    )
    return numbered, names
