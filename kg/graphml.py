"""Graphs as files that other programs read. In: a networkx graph. Out: GraphML, or the same graph with plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx


def graphml(found: nx.Graph) -> bytes:
    """A graph as GraphML that networkx, Gephi and igraph read.

    Lists are joined by ``; ``, what is None is left out, characters that XML has no place for are dropped.
    """
    import io

    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml_xml(flat(found), out, encoding="utf-8", prettyprint=True, named_key_ids=True)
    return out.getvalue().replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"


def flat(found: nx.Graph) -> nx.Graph:
    """The same graph with values that every format takes: str, int, float, bool; nodes and edges in sorted order."""
    plain = found.__class__()
    plain.graph.update(_flat(found.graph))
    for name, attributes in sorted(found.nodes(data=True)):
        plain.add_node(xml_text(name), **_flat(attributes))
    if found.is_multigraph():
        ordered = sorted(found.edges(keys=True, data=True), key=lambda edge: edge[:3])
        for number, (one, other, _, attributes) in enumerate(ordered):  # a key is an edge's id in GraphML
            plain.add_edge(xml_text(one), xml_text(other), key=f"e{number}", **_flat(attributes))
    else:
        for one, other, attributes in sorted(found.edges(data=True), key=lambda edge: edge[:2]):
            plain.add_edge(xml_text(one), xml_text(other), **_flat(attributes))
    return plain


def _flat(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in sorted(attributes.items()) if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = [str(_plain(part)) for part in value]
        return "; ".join(sorted(parts) if isinstance(value, (set, frozenset)) else parts)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_plain(part)}" for key, part in sorted(value.items()))
    return value


def xml_text(text: str) -> str:
    """Without the characters that XML 1.0 has no place for."""
    if text.isprintable():
        return text
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )
