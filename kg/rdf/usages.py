"""How often a rule found a thing under a name. In: mentions of tagged works, part by part. Out: counts as triples.

What a name is used for in thousands of works is counted once, when the graph is written: the mentions are ten times as
many as the works, and reading all of a busy alliance to count its names takes a second. The counts are inferred; an
integrity question holds them equal to the mentions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Final

from kg.rdf.nquads import integer, text
from kg.terms import AKG, RDF, XSD, Base
from kg.terms import rule as rule_iri

_A: Final = f"<{RDF}type>"


class Usages:
    """Counts by thing, rule, language and words; filled by `add`."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str, str], tuple[int, Decimal, Decimal]] = {}

    def add(self, thing: str, rule: str, lang: str, surface: str, confidence: float) -> None:
        """One mention of a thing, given by its IRI; words as they stand in the graph."""
        sure = _exact(confidence)
        key = (thing, rule, lang, surface)
        count, total, least = self._counts.get(key, (0, Decimal(0), sure))
        self._counts[key] = (count + 1, total + sure, min(least, sure))

    def lines(self, base: Base) -> list[str]:
        """Sorted lines for `usage_triples`: node, thing, rule and name, then the counts, parted by tabs."""
        return sorted(
            f"<{base.usage(thing, rule, lang, surface)}> <{thing}> <{rule_iri(rule)}> {text(surface, lang)}"
            f"\t{count}\t{total}\t{least}"
            for (thing, rule, lang, surface), (count, total, least) in self._counts.items()
        )


def usage_triples(lines: Iterable[str]) -> Iterator[str]:
    """Triples, in order, of the lines of all parts, merged."""
    for key, same in groupby(lines, key=lambda line: line.rsplit("\t", 3)[0]):
        node, thing, rule, name = key.split(" ", 3)
        count, total, least = 0, Decimal(0), Decimal(2)
        for line in same:
            _, n, summed, lowest = line.rsplit("\t", 3)
            count, total, least = count + int(n), total + Decimal(summed), min(least, Decimal(lowest))
        yield from sorted(
            (
                f"{node} {_A} <{AKG.Usage}>",
                f"{node} <{AKG.usageOf}> {thing}",
                f"{node} <{AKG.rule}> {rule}",
                f"{node} <{AKG.writtenAs}> {name}",
                f"{node} <{AKG.mentions}> {integer(count)}",
                f"{node} <{AKG.confidenceSum}> {_decimal(total)}",
                f"{node} <{AKG.leastConfidence}> {_decimal(least)}",
            )
        )


@lru_cache(maxsize=4096)
def _exact(confidence: float) -> Decimal:
    return Decimal(repr(float(confidence)))


def _decimal(number: Decimal) -> str:
    written = format(number.normalize(), "f")
    return f'"{written if "." in written else written + ".0"}"^^<{XSD}decimal>'
