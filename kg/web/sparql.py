"""The SPARQL 1.1 Protocol, for queries. In: requests. Out: answers in the form that the client wants, streamed.

The status is sent with the first piece of an answer: what goes wrong before has a code of its own, what goes wrong
after breaks the connection off, so that nobody takes half an answer for a whole one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from kg.errors import KgError, QueryError, QueryRefused, QueryTimeout
from kg.sparql import form_of, plain_text
from kg.web.negotiation import BOOLEAN, ROWS, TRIPLES, choose
from kg.web.pool import Busy, Pool, Question, TooLarge, TooMany

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST")
_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_OFFERS: Final = {"SELECT": ROWS, "ASK": BOOLEAN, "CONSTRUCT": TRIPLES, "DESCRIBE": TRIPLES}
_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}
_BODY_FACTOR: Final = 12  # bytes of a body for each character of a query: percent-encoded, four bytes of UTF-8


class Refusal(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks."""

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def routes(pool: Pool, path: str = "/sparql") -> list[Route]:
    """The query address, with and without a slash at its end."""
    from starlette.routing import Route

    async def endpoint(request: Request) -> Response:
        return await _respond(request, pool)

    return [Route(place, endpoint, methods=[*METHODS, "PUT", "DELETE", "PATCH"]) for place in (path, path + "/")]


async def _respond(request: Request, pool: Pool) -> Response:
    from starlette.responses import PlainTextResponse, Response

    try:
        if request.method not in METHODS:
            raise Refusal(405, "queries come by GET or POST", Allow=", ".join(METHODS))
        if request.method == "OPTIONS":
            allowed = {
                "Allow": ", ".join(METHODS),
                "Access-Control-Allow-Methods": ", ".join(METHODS),
                "Access-Control-Allow-Headers": "Accept, Content-Type",
                "Access-Control-Max-Age": "86400",
            }
            return Response(status_code=204, headers=_HEADERS | allowed)
        asked = await read(request, pool.limits.longest_query)
        if asked.query is None:
            return _description(request, pool)
        return await _answer(request, pool, asked)
    except Refusal as refusal:
        return PlainTextResponse(f"{refusal}\n", refusal.status, headers=_HEADERS | refusal.headers)


async def read(request: Request, longest: int) -> Asked:
    """What a request asks; no query in a GET without one.

    Raises
    ------
    Refusal
        With the code that the protocol has for it.
    """
    in_address = _pairs(request.scope["query_string"])
    if request.method in ("GET", "HEAD"):
        if any(name == "update" for name, _ in in_address):
            raise Refusal(403, "updates are not done here")
        return _asked(in_address, [], longest)
    media_type = request.headers.get("content-type", "").partition(";")
    charset = media_type[2].partition("charset=")[2].strip().strip('"').lower()
    body = await _body(request, longest)
    kind = media_type[0].strip().lower()
    if kind == _UPDATE:
        raise Refusal(403, "updates are not done here")
    if kind not in (_FORM, _QUERY):
        raise Refusal(415, f"a POST must be {_FORM} or {_QUERY}", Accept_Post=f"{_FORM}, {_QUERY}")
    if charset not in ("", "utf-8", "utf8"):
        raise Refusal(400, "a query must be UTF-8")
    if kind == _QUERY:
        if any(name in ("query", "update") for name, _ in in_address):
            raise Refusal(400, "one request has one query: it stands in the body or in the address")
        return _asked([*in_address, ("query", _text(body))], [], longest)
    in_body = _pairs(body)
    if any(name == "update" for name, _ in [*in_body, *in_address]):
        raise Refusal(403, "updates are not done here")
    asked = _asked(in_body, [pair for pair in in_address if pair[0] != "query"], longest)
    if asked.query is None:
        raise Refusal(400, "the form has no field 'query'")
    return asked


def _asked(pairs: Sequence[tuple[str, str]], more: Sequence[tuple[str, str]], longest: int) -> Asked:
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise Refusal(400, "one request has one query")
    if queries and len(queries[0]) > longest:
        raise Refusal(413, f"a query has at most {longest} characters")
    everything = [*pairs, *more]
    graphs = [
        tuple(value for name, value in everything if name == wanted)
        for wanted in ("default-graph-uri", "named-graph-uri")
    ]
    return Asked(queries[0] if queries else None, *graphs)


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except UnicodeDecodeError:
        raise Refusal(400, "the request is not UTF-8 in percent-encoding") from None
    except ValueError:
        raise Refusal(400, "the request has too many fields") from None


async def _body(request: Request, longest: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest * _BODY_FACTOR:
            raise Refusal(413, f"a query has at most {longest} characters")
    return bytes(body)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, "a query must be UTF-8") from None


async def _answer(request: Request, pool: Pool, asked: Asked) -> Response:
    from starlette.responses import Response, StreamingResponse

    assert asked.query is not None
    try:
        query = plain_text(asked.query)
        form = form_of(query)
    except QueryRefused as error:
        raise Refusal(403, str(error)) from None
    except QueryError as error:
        raise Refusal(400, str(error)) from None
    offers = _OFFERS[form]
    offer = choose(request.headers.get("accept"), offers)
    if offer is None:
        raise Refusal(406, f"a {form} is answered as {', '.join(one.media_type.partition(';')[0] for one in offers)}")
    if any(not _is_iri(iri) for iri in (*asked.default_graphs, *asked.named_graphs)):
        raise Refusal(400, "default-graph-uri and named-graph-uri are absolute IRIs")
    question = Question(
        query=query,
        form=offer.form,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        union=True,
    )
    pieces = pool.answer(question)
    first = await _first(request, pieces)
    headers = {**_HEADERS, "Content-Type": offer.media_type}
    if request.method == "HEAD":
        await pieces.aclose()  # type: ignore[attr-defined]
        return Response(headers=headers)
    return StreamingResponse(_rest(first, pieces), headers=headers)


async def _first(request: Request, pieces: AsyncIterator[bytes]) -> bytes:
    """The first piece, or the refusal that there is instead; a client that goes away ends its query."""
    reading = asyncio.ensure_future(_next(pieces))
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
            await asyncio.wait({reading})
            raise Refusal(499, "the client has gone away")
        return reading.result()
    except TooMany as error:
        raise Refusal(429, str(error), Retry_After=str(error.after_s)) from None
    except Busy as error:
        raise Refusal(503, str(error), Retry_After=str(error.after_s)) from None
    except QueryTimeout as error:
        raise Refusal(503, str(error), Retry_After="60") from None
    except TooLarge as error:
        raise Refusal(503, str(error), Retry_After="60") from None
    except QueryError as error:
        raise Refusal(400, str(error)) from None
    except KgError as error:
        raise Refusal(503, str(error), Retry_After="10") from None
    finally:
        leaving.cancel()


async def _next(pieces: AsyncIterator[bytes]) -> bytes:
    return await anext(pieces, b"")


async def _gone(request: Request) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(0.1)


async def _rest(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """All pieces; an error now ends the connection without the last chunk, which clients see."""
    try:
        yield first
        async for piece in pieces:
            yield piece
    finally:
        await pieces.aclose()  # type: ignore[attr-defined]


def _is_iri(text: str) -> bool:
    return ":" in text and not any(char <= " " or char in '<>"{}|^`\\' for char in text)


# Service description


def _description(request: Request, pool: Pool) -> Response:
    from starlette.responses import Response

    from kg.answers import graph_format

    offer = choose(request.headers.get("accept"), TRIPLES) or TRIPLES[0]
    import pyoxigraph

    triples = _description_triples(str(request.url.replace(query="", fragment="")), pool)
    prefixes = {"sd": _SD, "void": "http://rdfs.org/ns/void#"} if offer.form in ("turtle", "rdfxml", "jsonld") else None
    data = pyoxigraph.serialize(triples, format=graph_format(offer.form), prefixes=prefixes)
    return Response(data, headers={**_HEADERS, "Content-Type": offer.media_type})


_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)


def _description_triples(address: str, pool: Pool) -> list[Any]:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    from kg.store import described_graphs
    from kg.terms import DCTERMS, RDF, RDFS, VOID, XSD

    limits = pool.limits
    service, dataset, default = NamedNode(address), BlankNode("d"), BlankNode("g")
    sd = {name: NamedNode(_SD + name) for name in _TERMS}
    a = NamedNode(RDF + "type")
    said = (
        f"At most {limits.timeout_s:g} s and {limits.memory_mb} MB a query, {limits.most_bytes >> 20} MB an answer, "
        f"{limits.longest_query} characters; {limits.n_young + limits.n_old} queries at once. No updates, no SERVICE."
    )
    triples = [
        Triple(service, a, sd["Service"]),
        Triple(service, sd["endpoint"], service),
        Triple(service, sd["supportedLanguage"], sd["SPARQL11Query"]),
        Triple(service, sd["feature"], sd["UnionDefaultGraph"]),
        Triple(service, sd["defaultDataset"], dataset),
        Triple(service, NamedNode(RDFS + "comment"), Literal(said, language="en")),
        Triple(service, NamedNode(DCTERMS + "title"), Literal("Alliance KG", language="en")),
        Triple(dataset, a, sd["Dataset"]),
        Triple(dataset, sd["defaultGraph"], default),
        Triple(default, a, sd["Graph"]),
    ]
    triples += [
        Triple(service, sd["resultFormat"], NamedNode(f"http://www.w3.org/ns/formats/{name}")) for name in _FORMATS
    ]
    for number, (iri, count) in enumerate(described_graphs(pool.store)):
        named, graph = BlankNode(f"n{number}"), BlankNode(f"c{number}")
        triples += [
            Triple(dataset, sd["namedGraph"], named),
            Triple(named, a, sd["NamedGraph"]),
            Triple(named, sd["name"], NamedNode(iri)),
            Triple(named, sd["graph"], graph),
            Triple(graph, a, sd["Graph"]),
            Triple(graph, NamedNode(VOID + "triples"), Literal(str(count), datatype=NamedNode(XSD + "integer"))),
        ]
    return triples


_TERMS: Final = (
    "Service endpoint supportedLanguage SPARQL11Query feature UnionDefaultGraph defaultDataset Dataset defaultGraph "
    "Graph resultFormat namedGraph NamedGraph name graph"
).split()
