"""Networks as files. In: tagged works, the authority. Out: GraphML in a folder.

The network of everything is written a work at a time: as one graph in memory that of 100,000 works would take gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final

from kg.graphml import Elements, document, pieces, plain_values, xml_text
from kg.model import TaggedWork
from kg.network import NAME, add_work, alliance_concept, by_id, member_edges, node, state_state
from kg.tagged_file import TaggedFile

if TYPE_CHECKING:
    from kg.authority import Authority

PROJECTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "alliance-concept": alliance_concept,
    "state-state": state_state,
}
"""What a build writes beside the network of everything, by the file's stem."""


def write_networks(works: Iterable[TaggedWork], authority: Authority, folder: Path) -> list[Path]:
    """Write ``graph.graphml`` and `PROJECTIONS`; equal works give equal bytes.

    Returns
    -------
    list of Path
    """
    everything = works if isinstance(works, TaggedFile) else list(by_id(works))
    folder.mkdir(parents=True, exist_ok=True)
    paths = [write_graph(everything, authority, folder / "graph.graphml")]
    for stem, make in PROJECTIONS.items():
        paths.append(folder / f"{stem}.graphml")
        with paths[-1].open("wb") as file:
            file.writelines(pieces(make(everything, authority)))
    return paths


def write_graph(works: list[TaggedWork] | TaggedFile, authority: Authority, path: Path) -> Path:
    """Write `kg.network.graph` of some works as GraphML, without having all of it in memory."""
    import networkx as nx

    about, things, members = Elements(), Elements(), Elements()
    about.data({"name": NAME})
    alliances, states = _named(works)
    between = member_edges(alliances, states, authority)
    number = 0
    for start, other, _, attributes in sorted(between, key=_ends):
        members.edge(start, other, attributes, f"e{number}")
        number += 1
    known: dict[str, dict[str, Any]] = {}
    with TemporaryFile(dir=path.parent) as nodes_file, TemporaryFile(dir=path.parent) as edges_file:
        own, edges = Elements(nodes_file), Elements(edges_file)
        for tagged in by_id(works):
            one = nx.MultiDiGraph()
            add_work(one, tagged, authority, known)
            source = node("work", tagged.id)
            own.node(xml_text(source), plain_values(one.nodes[source]))
            for _, other, _, attributes in sorted(one.edges(keys=True, data=True), key=_ends):
                edges.edge(xml_text(source), xml_text(other), plain_values(attributes), f"e{number}")
                number += 1
        for name in sorted(known):  # the names of works come after those of all they name
            things.node(xml_text(name), plain_values(known[name]))
        with path.open("wb") as file:
            file.writelines(document(about, (things, own, members, edges), directed=True))
    return path


def _ends(edge: tuple[Any, ...]) -> tuple[Any, ...]:
    return edge[:3]


def _named(works: Iterable[TaggedWork]) -> tuple[set[str], set[str]]:
    """Nodes of the alliances and of the states that works name."""
    import orjson

    alliances, states = set[str](), set[str]()
    if isinstance(works, TaggedFile):
        for plain in map(orjson.loads, works.lines()):
            alliances.update(plain["alliances"], plain["focus"])
            states.update(plain["states"])
    else:
        for tagged in works:
            alliances.update(tagged.alliances, tagged.focus)
            states.update(tagged.states)
    return {node("alliance", tag) for tag in alliances}, {node("state", tag) for tag in states}
