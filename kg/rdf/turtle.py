"""The whole graph as one Turtle file. In: the folder ``quads/``. Out: ``graph.ttl``, all in one graph, in fixed order.

The graph ``history`` stays out: its times are carried from build to build, and equal input gives an equal file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from kg.rdf.files import graph_files
from kg.rdf.merge import merge, unique
from kg.terms import PREFIXES, RDF, XSD, Base

LEFT_OUT: Final = ("history",)
_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NAMESPACE: Final = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_BARE: Final = re.compile(
    rf'"(-?[0-9]+)"\^\^<{re.escape(XSD)}integer>|"(-?[0-9]+\.[0-9]+)"\^\^<{re.escape(XSD)}decimal>'
)
_TYPED: Final = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")\^\^<([^>]*)>', re.DOTALL)


def write_turtle(quads: Path, file: Path, base: Base) -> int:
    """Write all graphs but `LEFT_OUT` into one Turtle file; gives the number of triples.

    Parameters
    ----------
    quads : Path
        Folder as `kg.rdf.files` writes it.
    file : Path
        Written beside its place and put there whole.
    """
    part = file.with_name(file.name + ".part")
    count = 0
    with part.open("w", encoding="utf-8", newline="\n") as out:
        for piece, n_triples in turtle(triples(quads), base):
            out.write(piece)
            count += n_triples
    part.replace(file)
    return count


def triples(quads: Path, left_out: Iterable[str] = LEFT_OUT) -> Iterator[str]:
    """Lines of all graphs together without the graph, sorted, each once."""
    paths = [path for graph, parts in graph_files(quads).items() if graph not in set(left_out) for path in parts]
    return unique(line[: line.rindex(" <")] for line in merge(paths))


def turtle(lines: Iterable[str], base: Base) -> Iterator[tuple[str, int]]:
    """Pieces of Turtle with the number of triples in each; first the prefixes, then one piece a subject.

    Parameters
    ----------
    lines : iterable of str
        ``<subject> <predicate> object``, equal subjects together.
    """
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    yield f"@base <{base.iri}> .\n{prefixes}", 0
    short = _Short(base)
    for subject, group in groupby((line.split(" ", 2) for line in lines), key=lambda terms: terms[0]):
        by_predicate: dict[str, list[str]] = {}
        n_triples = 0
        for _, predicate, value in group:
            by_predicate.setdefault(predicate, []).append(_object(value, short))
            n_triples += 1
        kinds = by_predicate.pop(f"<{RDF}type>", None)
        parts = [f"a {', '.join(kinds)}"] if kinds else []
        parts += [f"{short(predicate)} {', '.join(values)}" for predicate, values in by_predicate.items()]
        yield f"\n{short(subject)} " + " ;\n    ".join(parts) + " .\n", n_triples


def _object(value: str, short: _Short) -> str:
    if value[0] == "<":
        return short(value)
    if value[-1] != ">":
        return value
    bare = _BARE.fullmatch(value)
    if bare is not None:
        return bare.group(1) or bare.group(2)
    typed = _TYPED.fullmatch(value)
    return f"{typed.group(1)}^^{short(f'<{typed.group(2)}>')}" if typed else value


class _Short:
    """Shortest safe spelling of an IRI: prefixed, relative to the base, or whole."""

    def __init__(self, base: Base) -> None:
        self.start = f"<{base.iri}"

    def __call__(self, iri: str) -> str:
        if iri.startswith(self.start) and len(iri) > len(self.start) + 1:
            return "<" + iri[len(self.start) :]
        return _prefixed(iri)


@lru_cache(maxsize=16_384)
def _prefixed(iri: str) -> str:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _NAMESPACE.get(iri[1:cut])
    local = iri[cut:-1]
    return f"{prefix}:{local}" if prefix is not None and _LOCAL.fullmatch(local) else iri
