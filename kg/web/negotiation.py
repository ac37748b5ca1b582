"""Which form of an answer a client wants. In: an Accept header. Out: one of the forms on offer, or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple


class Offer(NamedTuple):
    """A form that can be had.

    Parameters
    ----------
    media_type : str
        As the answer names it, with its charset.
    form : str
        As `kg.answers` calls it.
    also : tuple of str
        Other media types by which clients ask for it.
    """

    media_type: str
    form: str
    also: tuple[str, ...] = ()


JSON: Final = Offer("application/sparql-results+json", "json", ("application/json",))
XML: Final = Offer("application/sparql-results+xml", "xml", ("application/xml", "text/xml"))
CSV: Final = Offer("text/csv; charset=utf-8", "csv")
TSV: Final = Offer("text/tab-separated-values; charset=utf-8", "tsv")

ROWS: Final = (JSON, XML, CSV, TSV)
BOOLEAN: Final = (JSON, XML)
TRIPLES: Final = (
    Offer("text/turtle; charset=utf-8", "turtle", ("application/x-turtle", "application/turtle")),
    Offer("application/n-triples; charset=utf-8", "ntriples", ("text/plain",)),
    Offer("application/rdf+xml; charset=utf-8", "rdfxml", ("application/xml", "text/xml")),
    Offer("application/ld+json", "jsonld", ("application/json",)),
)


def choose(accept: str | None, offers: Sequence[Offer]) -> Offer | None:
    """The offer that a client likes best; of equals the first offered, None where it takes none.

    >>> choose("text/boolean, application/sparql-results+xml;q=0.8, application/json;q=0.7", BOOLEAN).form
    'xml'
    >>> choose("*/*", TRIPLES).form, choose(None, ROWS).form, choose("image/png", ROWS)
    ('turtle', 'json', None)
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [one for part in accept.split(",") if (one := _range(part)) is not None]
    best: tuple[float, int, int, Offer] | None = None
    for at, offer in enumerate(offers):
        names = (offer.media_type.partition(";")[0].strip(), *offer.also)
        found = [(precision, quality) for name in names for precision, quality in _fits(name, ranges)]
        if not found:
            continue
        precision, quality = max(found)
        if quality > 0 and (best is None or (quality, precision, -at) > best[:3]):
            best = (quality, precision, -at, offer)
    return best[3] if best else None


def _range(part: str) -> tuple[str, float] | None:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    if not name:
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = min(1.0, max(0.0, float(value)))
            except ValueError:
                quality = 0.0
    return name.lower(), quality


def _fits(name: str, ranges: Sequence[tuple[str, float]]) -> list[tuple[int, float]]:
    """How exactly and how much each range wants a media type."""
    kind = name.partition("/")[0]
    precision = {name: 2, f"{kind}/*": 1, "*/*": 0}
    return [(precision[wanted], quality) for wanted, quality in ranges if wanted in precision]
