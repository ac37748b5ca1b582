"""RDF in several syntaxes. In: the folder ``quads/``. Out: Turtle, TriG, N-Quads, JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from kg.export import Holding
from kg.rdf.files import graph_files
from kg.rdf.merge import merge, read_lines, unique
from kg.rdf.nquads import read_literal
from kg.rdf.turtle import triples, turtle
from kg.terms import PREFIXES, RDF, XSD, Base

_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def base_of(holding: Holding) -> Base:
    """Where the graph's own IRIs begin, as its files have it."""
    for graph, paths in graph_files(holding.quads).items():
        for line in read_lines(paths[0]):
            iri = line[line.rindex(" <") + 2 : -3]
            return Base(iri[: -len(f"graph/{graph}")])
    return Base()


def as_turtle(holding: Holding) -> bytes:
    """All graphs but ``history`` in one, as ``graph.ttl``."""
    return "".join(piece for piece, _ in turtle(triples(holding.quads), base_of(holding))).encode()


def as_trig(holding: Holding) -> bytes:
    """All graphs, each in its own block."""
    base = base_of(holding)
    pieces: list[str] = []
    for graph, paths in graph_files(holding.quads).items():
        lines = unique(line[: line.rindex(" <")] for line in merge(paths))
        written = turtle(lines, base)
        prefixes, _ = next(written)
        if not pieces:
            pieces.append(prefixes)
        pieces += [f"\n<graph/{graph}> {{", *(piece for piece, _ in written), "}\n"]
    return "".join(pieces).encode()


def as_nquads(holding: Holding) -> bytes:
    """All lines of all graphs, graph by graph."""
    return b"".join(
        (line + "\n").encode() for paths in graph_files(holding.quads).values() for line in unique(merge(paths))
    )


def as_jsonld(holding: Holding) -> bytes:
    """All graphs but ``history`` in one JSON-LD document, short by a context that stands in it."""
    base = base_of(holding)
    context: dict[str, Any] = {"@base": base.iri, **PREFIXES}
    head = json.dumps(context, ensure_ascii=False, separators=(",", ":"))
    parts = [f'{{"@context":{head},"@graph":[\n']
    first = True
    for node in nodes(triples(holding.quads), base):
        parts.append(("" if first else ",\n") + json.dumps(node, ensure_ascii=False, separators=(",", ":")))
        first = False
    parts.append("\n]}\n")
    return "".join(parts).encode("utf-8", "replace")


def nodes(lines: Iterable[str], base: Base) -> Iterator[dict[str, Any]]:
    """One object for each subject of sorted lines of triples."""
    short = _Compact(base)
    for subject, group in groupby((line.split(" ", 2) for line in lines), key=lambda terms: terms[0]):
        node: dict[str, Any] = {"@id": short.reference(subject)}
        for _, predicate, value in group:
            if predicate == f"<{RDF}type>":
                node.setdefault("@type", []).append(short.name(value[1:-1]))
            else:
                node.setdefault(short.name(predicate[1:-1]), []).append(short.value(value))
        yield {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in node.items()}


class _Compact:
    def __init__(self, base: Base) -> None:
        self.base = base.iri
        self.prefixes = {namespace: prefix for prefix, namespace in PREFIXES.items()}

    def name(self, iri: str) -> str:
        """A property or class with its prefix."""
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self.prefixes.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix is not None and _LOCAL.fullmatch(iri[cut:]) else iri

    def reference(self, term: str) -> str:
        """A node, relative to the base where it lies below it."""
        iri = term[1:-1]
        return iri[len(self.base) :] if iri.startswith(self.base) and len(iri) > len(self.base) else iri

    def value(self, term: str) -> Any:
        if term.startswith("<"):
            return {"@id": self.reference(term)}
        literal = read_literal(term)
        if literal.lang is not None:
            return {"@value": literal.value, "@language": literal.lang}
        if literal.datatype is None:
            return literal.value
        if literal.datatype == XSD + "integer" and re.fullmatch(r"-?(0|[1-9]\d{0,14})", literal.value):
            return int(literal.value)
        return {"@value": literal.value, "@type": self.name(literal.datatype)}
