"""The graph as networkx sees it. In: tagged works, the authority. Out: a MultiDiGraph, projections.

Nodes are works, states, alliances, concepts, groups, authors and journals; each has ``kind``, ``id`` and labels in both
languages (``label``, ``label_zh``), a work its year. Edges go from a work to what it names, with the number of
mentions (``evidence``) and the surest one (``confidence``). A projection links what works share: ``weight`` is the
number of works, ``focus`` those of them that are about it, ``first`` and ``last`` their years.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from kg.model import KINDS, Kind, Mention, TaggedWork
from kg.rdf.works import name_key, person_key
from kg.tagged_file import TaggedFile
from kg.text import stand_in

if TYPE_CHECKING:
    import networkx as nx

    from kg.authority import Authority

NAME: Final = "alliance-kg"
NODE_KIND: Final[Mapping[Kind, str]] = {
    "states": "state",
    "alliances": "alliance",
    "groups": "group",
    "concepts": "concept",
}
RELATION: Final[Mapping[Kind, str]] = {
    "states": "mentions",
    "alliances": "discusses",
    "groups": "mentions",
    "concepts": "uses",
}


def node(kind: str, id: str) -> str:
    """Name of a node, ``alliance:JPN-USA``."""
    return f"{kind}:{id}"


def graph(works: Iterable[TaggedWork], authority: Authority) -> nx.MultiDiGraph:
    """Works and all that they name.

    Parameters
    ----------
    works : iterable of TaggedWork
        Equal works in another order give an equal graph.

    Returns
    -------
    networkx.MultiDiGraph
        Keys of edges are relations: ``mentions`` ``discusses`` ``focus`` ``uses`` ``by`` ``in``; beside works' own,
        ``member`` from an alliance to its states.
    """
    import networkx as nx

    found = nx.MultiDiGraph(name=NAME)
    known: dict[str, dict[str, Any]] = {}
    for tagged in by_id(works):
        add_work(found, tagged, authority, known)
    alliances = (name for name, kind in found.nodes(data="kind") if kind == "alliance")
    found.add_edges_from(member_edges(alliances, found, authority))
    return found


def add_work(
    found: nx.MultiDiGraph, tagged: TaggedWork, authority: Authority, known: dict[str, dict[str, Any]]
) -> None:
    """Add a work, all that it names, and the edges to that.

    Parameters
    ----------
    known : dict
        Attributes of the nodes of works before, but for the works': each is made once.
    """
    work = tagged.work
    source = node("work", work.id)
    found.add_node(source, **work_attributes(tagged))

    def thing(target: str, make: Callable[[], dict[str, Any]]) -> str:
        if target not in found:
            if target not in known:
                known[target] = make()
            found.add_node(target, **known[target])
        return target

    def named(kind: Kind, tag: str) -> str:
        return thing(node(NODE_KIND[kind], tag), lambda: thing_attributes(authority, kind, tag))

    def maker(kind: str, id: str, label: str) -> str:
        return thing(node(kind, id), lambda: {"kind": kind, "id": id, "label": label, "label_zh": label})

    for kind in KINDS:
        for tag, mentions in tagged.tags(kind).items():
            relation = RELATION[kind]
            found.add_edge(source, named(kind, tag), key=relation, relation=relation, **_evidence(mentions))
    for tag in tagged.focus:
        evidence = _evidence(tagged.focus_evidence.get(tag, ()))
        found.add_edge(source, named("alliances", tag), key="focus", relation="focus", **evidence)
    for author in dict.fromkeys(work.authors):
        orcid = work.identifiers.get(f"orcid:{author}")
        key = person_key(author)
        found.add_edge(source, maker("author", f"{key}.{orcid}" if orcid else key, author), key="by", relation="by")
    if work.journal is not None:
        found.add_edge(source, maker("journal", name_key(work.journal), work.journal), key="in", relation="in")


def member_edges(
    alliances: Iterable[str], nodes: Container[str], authority: Authority
) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Edges from alliances to those of their members that are nodes: both ends, key, attributes."""
    return [
        (alliance, target, "member", {"relation": "member"})
        for alliance in sorted(alliances)
        for member in members(authority, alliance.partition(":")[2])
        if (target := node("state", member)) in nodes
    ]


def by_id(works: Iterable[TaggedWork]) -> Iterable[TaggedWork]:
    """Works by their ids; those of a file stay there."""
    if isinstance(works, TaggedFile):
        return works.ordered(lambda plain: plain["id"])
    return sorted(works, key=lambda one: one.id)


def members(authority: Authority, alliance: str) -> tuple[str, ...]:
    """States that are tagged for the members of an alliance."""
    from kg.rdf.alliances import tag_of

    return tuple(dict.fromkeys(tag_of(authority, state) for state in authority.members(alliance)))


def work_attributes(tagged: TaggedWork) -> dict[str, Any]:
    """What a work's node has: title or stand-in, year, language, counts."""
    work = tagged.work
    title = next((text.title for text in work.texts if text.title), None)
    shown = title or stand_in(next((text.abstract for text in work.texts if text.abstract), None))
    chinese = next((text.title for text in work.texts if text.title and text.lang.startswith("zh")), None)
    attributes: dict[str, Any] = {
        "kind": "work",
        "id": work.id,
        "label": shown,
        "label_zh": chinese or shown,
        "lang": work.lang,
    }
    if work.year is not None:
        attributes["year"] = work.year
    if title is None:
        attributes["untitled"] = True
    if work.cited_by is not None:
        attributes["cited_by"] = work.cited_by
    return attributes


def thing_attributes(authority: Authority, kind: Kind, tag: str) -> dict[str, Any]:
    """What the node of a state, alliance, group or concept has; its id for a label where no table knows it."""
    from kg.errors import UnknownName

    attributes: dict[str, Any] = {"kind": NODE_KIND[kind], "id": tag}
    for name, lang in (("label", "en"), ("label_zh", "zh-Hans")):
        try:
            attributes[name] = authority.label(tag, lang)
        except UnknownName:
            attributes[name] = tag
    if kind == "alliances":
        row = authority.alliances.get(tag)
        n_parties = len(authority.parties(tag))
        attributes["sort"] = "pact" if row else "pair" if n_parties == 2 else "coalition"
        if row and row.first_year is not None:
            attributes["first_year"] = row.first_year
        if row and row.last_year is not None:
            attributes["last_year"] = row.last_year
    return attributes


def _evidence(mentions: tuple[Mention, ...]) -> dict[str, Any]:
    if not mentions:
        return {"evidence": 0}
    return {"evidence": len(mentions), "confidence": max(mention.confidence for mention in mentions)}


# Projections


def project(
    works: Iterable[TaggedWork],
    authority: Authority,
    left: Kind,
    right: Kind,
    *,
    first: int | None = None,
    last: int | None = None,
) -> nx.Graph:
    """Link two kinds of things, or things of one kind, by the works that name both.

    Parameters
    ----------
    left, right : str
        ``states`` ``alliances`` ``groups`` ``concepts``.
    first, last : int or None
        Only works published in these years, both included; undated works only where both are None.

    Returns
    -------
    networkx.Graph
        Undirected. Nodes also have ``works`` and ``focus``; things that share no work are there without edges;
        ``graph.graph["works"]`` is the number of works looked at.

    Notes
    -----
    Quadratic in the number of tags of one work.
    """
    tally = _Tally()
    for tagged in in_years(works, first, last):
        ours, theirs = tagged.tags(left), tagged.tags(right)
        focus = set(tagged.focus)
        names: dict[str, bool] = {}
        for kind, tags in ((left, ours), (right, theirs)):
            for tag in tags:
                names[node(NODE_KIND[kind], tag)] = kind == "alliances" and tag in focus
        tally.nodes(names, tagged.work.year)
        if left == right:
            pairs = combinations(sorted(names), 2)
        else:
            pairs = ((node(NODE_KIND[left], a), node(NODE_KIND[right], b)) for a in ours for b in theirs)  # type: ignore[assignment]
        for one, other in pairs:
            about = [names[name] for name in (one, other) if name.startswith("alliance:")]
            tally.edge(one, other, bool(about) and all(about), tagged.work.year)
    kinds = {NODE_KIND[kind]: kind for kind in (left, right)}
    return tally.graph(lambda name: thing_attributes(authority, kinds[name.partition(":")[0]], name.partition(":")[2]))


def alliance_concept(works: Iterable[TaggedWork], authority: Authority, **years: int | None) -> nx.Graph:
    """Alliances and the concepts that works on them use."""
    return project(works, authority, "alliances", "concepts", **years)


def alliance_alliance(works: Iterable[TaggedWork], authority: Authority, **years: int | None) -> nx.Graph:
    """Alliances that works treat together."""
    return project(works, authority, "alliances", "alliances", **years)


def concept_concept(works: Iterable[TaggedWork], authority: Authority, **years: int | None) -> nx.Graph:
    """Concepts that works use together."""
    return project(works, authority, "concepts", "concepts", **years)


def state_co_mention(works: Iterable[TaggedWork], authority: Authority, **years: int | None) -> nx.Graph:
    """States that works name together: who occurs with whom, allied or not."""
    return project(works, authority, "states", "states", **years)


def state_state(
    works: Iterable[TaggedWork], authority: Authority, *, first: int | None = None, last: int | None = None
) -> nx.Graph:
    """States, linked by the alliance pairs that works discuss.

    An edge is a pair; its ``alliance`` is the pair's id. Pacts and coalitions of three and more link none: what is
    said of NATO is not said of each of its pairs.
    """
    tally = _Tally()
    for tagged in in_years(works, first, last):
        focus = set(tagged.focus)
        pairs = {tag: parties for tag in tagged.alliances if len(parties := authority.parties(tag)) == 2}
        named = {*tagged.states, *(party for parties in pairs.values() for party in parties)}
        tally.nodes({node("state", state): False for state in named}, tagged.work.year)
        for tag, (one, other) in pairs.items():
            tally.edge(node("state", one), node("state", other), tag in focus, tagged.work.year)
    found = tally.graph(lambda name: thing_attributes(authority, "states", name.partition(":")[2]))
    for one, other, edge in found.edges(data=True):
        edge["alliance"] = "-".join(sorted(name.partition(":")[2] for name in (one, other)))
        edge["label"] = authority.label(edge["alliance"], "en")
        edge["label_zh"] = authority.label(edge["alliance"], "zh-Hans")
    return found


def author_author(
    works: Iterable[TaggedWork], authority: Authority, *, first: int | None = None, last: int | None = None
) -> nx.Graph:
    """Authors who wrote a work together."""
    tally = _Tally()
    labels: dict[str, str] = {}
    for tagged in in_years(works, first, last):
        names = {node("author", person_key(author)): author for author in tagged.work.authors}
        for name, author in names.items():
            labels.setdefault(name, author)
        tally.nodes(dict.fromkeys(names, False), tagged.work.year)
        for one, other in combinations(sorted(names), 2):
            tally.edge(one, other, False, tagged.work.year)
    return tally.graph(
        lambda name: {
            "kind": "author",
            "id": name.partition(":")[2],
            "label": labels[name],
            "label_zh": labels[name],
        }
    )


def slices(
    works: Iterable[TaggedWork], make: Callable[..., nx.Graph], authority: Authority, *, years: int = 10
) -> dict[int, nx.Graph]:
    """A projection for each span of years.

    Parameters
    ----------
    make : callable
        `alliance_concept` or another projection.
    years : int
        Length of a span; spans begin at multiples of it.

    Returns
    -------
    dict of int to networkx.Graph
        First year of a span → its graph; spans without works are left out.
    """
    everything = sorted(works, key=lambda one: one.id)
    starts = sorted({one.work.year // years * years for one in everything if one.work.year is not None})
    return {start: make(everything, authority, first=start, last=start + years - 1) for start in starts}


def in_years(works: Iterable[TaggedWork], first: int | None, last: int | None) -> Iterable[TaggedWork]:
    """The works of some years, by id; undated ones only where no year is asked for."""
    chosen = by_id(works)
    if first is None and last is None:
        return chosen
    return (
        one
        for one in chosen
        if one.work.year is not None
        and (first is None or one.work.year >= first)
        and (last is None or one.work.year <= last)
    )


class _Tally:
    """Counts works of nodes and edges, with their span of years."""

    def __init__(self) -> None:
        self._nodes: dict[str, dict[str, Any]] = {}
        self._edges: dict[tuple[str, str], dict[str, Any]] = {}
        self._n_works = 0

    def nodes(self, names: Mapping[str, bool], year: int | None) -> None:
        self._n_works += 1
        for name, is_focus in names.items():
            self._count(self._nodes.setdefault(name, {"works": 0, "focus": 0}), "works", is_focus, year)

    def edge(self, one: str, other: str, is_focus: bool, year: int | None) -> None:
        for name in (one, other):
            self._nodes.setdefault(name, {"works": 0, "focus": 0})
        key = (one, other) if one <= other else (other, one)
        self._count(self._edges.setdefault(key, {"weight": 0, "focus": 0}), "weight", is_focus, year)

    @staticmethod
    def _count(counts: dict[str, Any], name: str, is_focus: bool, year: int | None) -> None:
        counts[name] += 1
        counts["focus"] += is_focus
        if year is not None:
            counts["first"] = min(year, counts.get("first", year))
            counts["last"] = max(year, counts.get("last", year))

    def graph(self, attributes: Callable[[str], dict[str, Any]]) -> nx.Graph:
        import networkx as nx

        found = nx.Graph(works=self._n_works)
        for name in sorted(self._nodes):
            found.add_node(name, **attributes(name), **self._nodes[name])
        for one, other in sorted(self._edges):
            found.add_edge(one, other, **self._edges[one, other])
        return found
