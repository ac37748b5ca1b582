"""Networks for other programs. In: tagged works. Out: GraphML, GEXF, VOSviewer JSON, node-link JSON.

Names, colours by kind, sizes by works and positions go along, so that a graph shows as it is when it is opened.
Options: ``network``, one of `NETWORKS`, and ``lang`` of the labels.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, Any, Final

from kg import graphml, network
from kg.errors import UnknownFormat
from kg.export import Holding

if TYPE_CHECKING:
    import networkx as nx

NETWORKS: Final[Mapping[str, Callable[..., Any]]] = {
    "graph": network.graph,
    "alliance-concept": network.alliance_concept,
    "alliance-alliance": network.alliance_alliance,
    "state-state": network.state_state,
    "state-co-mention": network.state_co_mention,
    "concept-concept": network.concept_concept,
    "author-author": network.author_author,
}

#: The dots of the pages' light theme.
COLOURS: Final = {
    "work": (139, 144, 150),
    "state": (10, 114, 184),
    "alliance": (217, 87, 43),
    "concept": (11, 70, 63),
    "group": (122, 92, 0),
    "author": (194, 75, 184),
    "journal": (122, 92, 0),
}
_GREY: Final = (139, 144, 150)
_SPRING_UP_TO: Final = 1_200


def as_graphml(holding: Holding) -> bytes:
    """GraphML; ``r`` ``g`` ``b`` ``x`` ``y`` ``size`` are what Gephi looks for."""
    return graphml.graphml(dressed(holding, "graph"))


def as_node_link(holding: Holding) -> bytes:
    """What `networkx.node_link_graph(data, edges="links")` reads."""
    import networkx as nx

    data = nx.node_link_data(graphml.flat(dressed(holding, "graph")), edges="links")
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "replace")


def as_gexf(holding: Holding) -> bytes:
    """GEXF 1.2 with ``viz`` colours, sizes and positions."""
    import io

    import networkx as nx

    graph = dressed(holding, "graph")
    plain = graphml.flat(graph)
    for _, data in plain.nodes(data=True):
        red, green, blue = (data.pop(letter) for letter in "rgb")
        x, y, size = (data.pop(name) for name in ("x", "y", "size"))
        data["viz"] = {
            "color": {"r": red, "g": green, "b": blue, "a": 1.0},
            "position": {"x": x, "y": y, "z": 0.0},
            "size": size,
        }
    raw = io.BytesIO()
    nx.write_gexf(plain, raw, version="1.2draft")
    # The writer puts today's date in; equal graphs must give equal bytes.
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", raw.getvalue()) + b"\n"


def as_vosviewer(holding: Holding) -> bytes:
    """A map and network file of VOSviewer and VOSviewer Online; clusters are Louvain communities."""
    from kg.measures import communities

    graph = dressed(holding, "alliance-concept")
    clusters = communities(graph)
    names = sorted(graph)
    numbers = {name: number for number, name in enumerate(names, 1)}
    label = _label_key(holding)
    items = []
    for name in names:
        data = graph.nodes[name]
        item: dict[str, Any] = {
            "id": numbers[name],
            "label": graphml.xml_text(data[label]),
            "description": f"{data['kind']} {data['id']}",
            "x": data["x"] / 500,
            "y": data["y"] / 500,
            "cluster": clusters[name],
            "weights": {
                "Works": data.get("works", 0),
                "Links": graph.degree(name),
                "Total link strength": graph.degree(name, weight="weight"),
            },
        }
        if "first" in data:
            item["scores"] = {"First year": data["first"], "Last year": data["last"]}
        items.append(item)
    links = [
        {"source_id": numbers[one], "target_id": numbers[other], "strength": weight}
        for one, other, weight in sorted(
            (*sorted((one, other)), weight) for one, other, weight in graph.edges(data="weight", default=1)
        )
    ]
    data = {"network": {"items": items, "links": links}}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def dressed(holding: Holding, default: str) -> nx.Graph:
    """The network asked for, its nodes with colour, size, place, and ``label`` in the language asked for."""
    name = holding.options.get("network") or default
    if name not in NETWORKS:
        raise UnknownFormat(f"no network is called '{name}'; there are {', '.join(NETWORKS)}")
    graph = NETWORKS[name](holding.works, holding.authority)
    label = _label_key(holding)
    places = positions(graph)
    for node, data in graph.nodes(data=True):
        if label != "label":
            data["label_en"], data["label"] = data["label"], data[label]
        data["r"], data["g"], data["b"] = COLOURS.get(data["kind"], _GREY)
        data["x"], data["y"] = places[node]
        n_works = data.get("works") or (graph.degree(node) if data["kind"] != "work" else 1)
        data["size"] = round(4 + 3 * sqrt(n_works), 2)
    return graph


def _label_key(holding: Holding) -> str:
    return "label_zh" if str(holding.options.get("lang") or "en").startswith("zh") else "label"


def positions(graph: nx.Graph, *, seed: int = 1) -> dict[str, tuple[float, float]]:
    """A place for each node, the same on every run.

    What is not a work is placed by springs (or on rings by kind, where there are more than 1,200 of them); a work stands
    amid what it is tagged with.
    """
    import networkx as nx

    things = sorted(name for name, kind in graph.nodes(data="kind") if kind not in ("work", "author", "journal"))
    if not things:
        things = sorted(graph)
    if len(things) <= _SPRING_UP_TO:
        number = {name: n for n, name in enumerate(things)}
        bare = nx.Graph()
        bare.add_nodes_from(range(len(things)))
        bare.add_weighted_edges_from(_links(graph, number))
        spots = nx.spring_layout(bare, seed=seed, iterations=60, scale=500.0) if things else {}
        placed = {name: (float(spots[n][0]), float(spots[n][1])) for name, n in number.items()}
    else:
        placed = {name: _on_ring(n, len(things), 500.0) for n, name in enumerate(things)}
    for name in sorted(set(graph) - placed.keys(), key=lambda name: (graph.nodes[name]["kind"] != "work", name)):
        near = [placed[other] for other in sorted(nx.all_neighbors(graph, name)) if other in placed]
        angle, shift = _jitter(name)
        x, y = (sum(spot[axis] for spot in near) / len(near) for axis in (0, 1)) if near else (0.0, 0.0)
        reach = 25 if near else 600
        placed[name] = (x + reach * shift * cos(angle), y + reach * shift * sin(angle))
    return {name: (round(x, 2), round(y, 2)) for name, (x, y) in placed.items()}


def _links(graph: nx.Graph, number: Mapping[str, int]) -> list[tuple[int, int, float]]:
    """Links among numbered nodes: their own, and one for each work that names both."""
    weights: dict[tuple[int, int], float] = {}
    for one, other, data in graph.edges(data=True):
        if one in number and other in number and one != other:
            a, b = sorted((number[one], number[other]))
            weights[a, b] = weights.get((a, b), 0) + data.get("weight", 1)
    for name, kind in graph.nodes(data="kind"):
        if kind == "work":
            near = sorted({number[other] for other in graph[name] if other in number})
            for at, a in enumerate(near):
                for b in near[at + 1 :]:
                    weights[a, b] = weights.get((a, b), 0) + 1
    return sorted((a, b, float(weight)) for (a, b), weight in weights.items())


def _on_ring(n: int, total: int, radius: float) -> tuple[float, float]:
    angle = 2 * pi * n / total
    return radius * cos(angle), radius * sin(angle)


def _jitter(name: str) -> tuple[float, float]:
    """An angle and a share that depend on the name alone."""
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    return 2 * pi * int.from_bytes(digest[:4], "big") / 2**32, 0.4 + 0.6 * digest[4] / 255
