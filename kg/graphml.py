"""Graphs as files that other programs read. In: a networkx graph. Out: GraphML, or the same graph with plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    import networkx as nx

_AT_ONCE: Final = 4_096
_PIECE: Final = 1 << 20
_TYPES: Final[Mapping[type, str]] = {bool: "boolean", str: "string", int: "long", float: "double"}
_HEAD: Final = (
    "<?xml version='1.0' encoding='utf-8'?>\n"
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)


def graphml(found: nx.Graph) -> bytes:
    """A graph as GraphML that networkx, Gephi and igraph read.

    Lists are joined by ``; ``, what is None is left out, characters that XML has no place for are dropped.
    """
    return b"".join(pieces(found))


def pieces(found: nx.Graph) -> Iterator[bytes]:
    """`graphml`, a piece at a time: a tree of elements of half a million edges would take a gigabyte."""
    plain = flat(found)
    id = plain.graph.pop("id", None)
    about, nodes, edges = Elements(), Elements(), Elements()
    about.data(plain.graph)
    for name, attributes in plain.nodes(data=True):
        nodes.node(name, attributes)
    for one, other, *key, attributes in plain.edges(data=True, **({"keys": True} if plain.is_multigraph() else {})):
        edges.edge(one, other, attributes, key[0] if key else None)
    yield from document(about, (nodes, edges), directed=plain.is_directed(), id=id)


class Elements:
    """Nodes or edges as GraphML, and the keys of their values.

    Parameters
    ----------
    file : BinaryIO, optional
        Where they are kept; else in memory.
    """

    def __init__(self, file: BinaryIO | None = None) -> None:
        self.keys: dict[tuple[str, str, str], None] = {}
        self._file = BytesIO() if file is None else file
        self._some: list[str] = []

    def node(self, name: object, attributes: Mapping[str, Any]) -> None:
        """Add a node with plain values (`flat`)."""
        self._add(_element(f'    <node id="{_quoted(str(name))}"', "node", attributes, self.keys))

    def edge(self, one: object, other: object, attributes: Mapping[str, Any], id: object = None) -> None:
        """Add an edge."""
        begin = f'    <edge source="{_quoted(str(one))}" target="{_quoted(str(other))}"'
        if id is not None:
            begin += f' id="{_quoted(str(id))}"'
        self._add(_element(begin, "edge", attributes, self.keys))

    def data(self, attributes: Mapping[str, Any]) -> None:
        """Add what is said of the whole graph."""
        self._add(_data("graph", attributes, self.keys, "    "))

    def read(self) -> Iterator[bytes]:
        """All of it, a piece at a time."""
        self._write()
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece

    def _add(self, text: str) -> None:
        self._some.append(text)
        if len(self._some) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        self._file.write("".join(self._some).encode())
        self._some = []


def document(about: Elements, parts: Sequence[Elements], *, directed: bool, id: object = None) -> Iterator[bytes]:
    """A GraphML file of its elements, in the order of `parts`."""
    keys: dict[tuple[str, str, str], None] = {}
    for one in (about, *parts):
        keys |= one.keys
    # the keys of all values stand before the first of them, the one met last first
    declared = (
        f'  <key id="{_quoted(name)}" for="{scope}" attr.name="{_quoted(name)}" attr.type="{kind}" />\n'
        for name, kind, scope in reversed(keys)
    )
    named = "" if id is None else f' id="{_quoted(str(id))}"'
    graph = f'  <graph edgedefault="{"directed" if directed else "undirected"}"{named}'
    yield f"{_HEAD}{''.join(declared)}{graph}".encode()
    is_empty = True
    for elements in (*parts, about):
        for piece in elements.read():
            if is_empty:
                yield b">\n"
            is_empty = False
            yield piece
    yield b" />\n</graphml>\n" if is_empty else b"  </graph>\n</graphml>\n"


def _element(begin: str, scope: str, attributes: Mapping[str, Any], keys: dict[tuple[str, str, str], None]) -> str:
    data = _data(scope, attributes, keys, "      ")
    return f"{begin}>\n{data}    </{scope}>\n" if data else f"{begin} />\n"


def _data(scope: str, attributes: Mapping[str, Any], keys: dict[tuple[str, str, str], None], indent: str) -> str:
    written = []
    for name, value in attributes.items():
        keys.setdefault((name, _type_of(value), scope))
        text = str(value)
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        if "&" in text or "<" in text or ">" in text:
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        written.append(
            f'{indent}<data key="{_quoted(name)}">{text}</data>\n'
            if text
            else f'{indent}<data key="{_quoted(name)}" />\n'
        )
    return "".join(written)


def _type_of(value: Any) -> str:
    """What GraphML calls the type of a value."""
    found = _TYPES.get(type(value))
    if found is None:
        found = next((name for kind, name in _TYPES.items() if isinstance(value, kind)), None)
    if found is None:
        raise TypeError(f"GraphML has no place for {type(value).__name__}")
    return found


@lru_cache(maxsize=16_384)
def _quoted(text: str) -> str:
    """A text within the quotes of an attribute."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#09;")


def flat(found: nx.Graph) -> nx.Graph:
    """The same graph with values that every format takes: str, int, float, bool; nodes and edges in sorted order."""
    plain = found.__class__()
    plain.graph.update(plain_values(found.graph))
    for name, attributes in sorted(found.nodes(data=True)):
        plain.add_node(xml_text(name), **plain_values(attributes))
    if found.is_multigraph():
        ordered = sorted(found.edges(keys=True, data=True), key=lambda edge: edge[:3])
        for number, (one, other, _, attributes) in enumerate(ordered):  # a key is an edge's id in GraphML
            plain.add_edge(xml_text(one), xml_text(other), key=f"e{number}", **plain_values(attributes))
    else:
        for one, other, attributes in sorted(found.edges(data=True), key=lambda edge: edge[:2]):
            plain.add_edge(xml_text(one), xml_text(other), **plain_values(attributes))
    return plain


def plain_values(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes in order, without what is None, each a str, int, float or bool."""
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
