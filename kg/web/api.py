"""The JSON interface: all that pages show, for programs. In: a library. Out: routes below ``/api``, and their document.

``ENDPOINTS`` is the registry: what stands in it is served and stands in the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError, UnknownName
from kg.views.addresses import ServerAddresses
from kg.views.desk import Desk
from kg.views.holdings import TAGGED_KINDS
from kg.views.pages import ENTITY_PAGES
from kg.views.words import Words
from kg.web import rows
from kg.web.answering import HTML, JSON, as_json, fresh, kept, problem
from kg.web.downloads import DOWNLOADS
from kg.web.pages import known, language

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from kg.web.library import Generation, Library

Json = dict[str, Any]
Given = Mapping[str, str]

MOST_ROWS: Final = 200
MOST_BYTES: Final = 2 << 20
#: Programs may ask from any page.
_OPEN: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
KINDS: Final = tuple(kind for kind in ENTITY_PAGES if kind != "work")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an endpoint takes in its query."""

    name: str
    about: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the interface.

    Parameters
    ----------
    answer : callable
        Takes the library, a desk, what stands in the address and in the query; gives a value for JSON.
    """

    path: str
    about: str
    answer: Callable[[Library, Generation, Desk, Given], Any]
    parameters: tuple[Parameter, ...] = ()


class NotHere(KgError):
    """An address that names nothing."""


_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer", "minimum": 1}
_PAGE: Final = (
    Parameter("page", "which page, from 1", _NUMBER),
    Parameter("size", f"rows a page, at most {MOST_ROWS}", _NUMBER),
)
_FILTERS: Final = (
    Parameter("pair", "an alliance by any name or its id", _TEXT),
    Parameter("state", "a state", _TEXT),
    Parameter("concept", "a concept, with those below it", _TEXT),
    Parameter("group", "an armed group", _TEXT),
    Parameter("focus", "1: only works that are about the alliance", _TEXT),
    Parameter("year", "1990, 1990-2010, 1990-, -1950", _TEXT),
    Parameter("language", "en, zh, zh-Hant …", _TEXT),
    Parameter("author", "an author, or a part of the name", _TEXT),
    Parameter("journal", "a journal, or a part of its name", _TEXT),
    Parameter("text", "words of title or abstract", _TEXT),
    Parameter("wider", "1: also works on wider alliances of the pair", _TEXT),
)


def _whole(given: Given, name: str, default: int, most: int) -> int:
    written = given.get(name, "")
    if not written:
        return default
    if not (written.isascii() and written.isdigit() and len(written) < 9):
        raise KgError(f"{name} is a whole number, not {written!r}")
    return max(1, min(int(written), most))


def search(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """Works by words of their titles and abstracts."""
    from kg.find import find

    wanted = given.get("q", "").strip()
    size = _whole(given, "size", 12, MOST_ROWS)
    if not wanted:
        return {"total": 0, "works": []}
    found = find(library.folder, text=wanted, limit=size, authority=generation.holdings.authority)
    return {"total": found.n_works, "works": [rows.found_row(desk, one) for one in found.works]}


def works(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """Works that meet all conditions, with the sentences that say so."""
    from kg.find import find

    size, page = _whole(given, "size", 50, MOST_ROWS), _whole(given, "page", 1, 10**8)
    answer = find(
        library.folder,
        limit=size,
        offset=(page - 1) * size,
        authority=generation.holdings.authority,
        **_conditions(given),
    )
    return {
        "total": answer.n_works,
        "in_focus": answer.n_in_focus,
        "undated_left_out": answer.n_undated,
        "wider": list(answer.wider),
        "on_wider_left_out": answer.n_wider,
        "page": page,
        "size": size,
        "works": [rows.found_row(desk, one) for one in answer.works],
    }


def facets(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """How many of the works that meet all conditions have each tag, author, journal, language, decade."""
    from kg.find import find

    answer = find(library.folder, limit=0, facets=True, authority=generation.holdings.authority, **_conditions(given))
    counted = {
        kind: [{"id": one, "label": label or desk.label(one), "works": n_works} for one, label, n_works in found[:100]]
        for kind, found in answer.facets.items()
    }
    return {"total": answer.n_works, "facets": counted}


def _conditions(given: Given) -> dict[str, Any]:
    made: dict[str, Any] = {
        name: given[name] for name in ("pair", "state", "concept", "group", "year") if given.get(name)
    }
    made |= {name: given[name] for name in ("author", "journal", "text") if given.get(name)}
    if given.get("language"):
        made["lang"] = given["language"]
    return made | {name: given.get(name) in ("1", "true", "yes") for name in ("focus", "wider")}


def listing(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """Everything of one kind, that of most works first."""
    kind = given["kind"]
    counts = generation.holdings.counts(kind)
    size, page = _whole(given, "size", 50, MOST_ROWS), _whole(given, "page", 1, 10**8)
    part = counts[(page - 1) * size : page * size]
    return {"total": len(counts), "page": page, "size": size, "rows": [rows.counted(desk, kind, one) for one in part]}


def one(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """One thing with all that its page shows."""
    found = known(generation, given["kind"], given["id"])
    if found is None:
        raise NotHere(f"there is no {given['kind']} {given['id']!r}")
    return rows.entity_row(desk, given["kind"], found, full=True)


def pairs(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """Each pair of states whose alliance is discussed: works, in focus, first and last year."""
    holdings = generation.holdings
    made = []
    for count in holdings.counts("alliance"):
        if len(holdings.authority.parties(count.id)) != 2:
            continue
        years = [y for n in holdings.on("alliance", count.id) if (y := holdings.year[n]) is not None]
        row = rows.counted(desk, "alliance", count)
        made.append(row | {"first": min(years, default=None), "last": max(years, default=None)})
    return {"total": len(made), "rows": made}


def neighbours(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """What works on a thing are also tagged with, and those works."""
    found = known(generation, given["kind"], given["id"])
    if found is None:
        raise NotHere(f"there is no {given['kind']} {given['id']!r}")
    holdings = generation.holdings
    most = _whole(given, "size", 50, MOST_ROWS)
    if given["kind"] == "work":
        numbers = [holdings.position[found]]
    else:
        numbers = sorted(holdings.on(given["kind"], found))
    made: Json = {"kind": given["kind"], "id": found, "total_works": len(numbers)}
    for kind in TAGGED_KINDS:
        counts = [count for count in holdings.counts(kind, numbers) if (kind, count.id) != (given["kind"], found)]
        made[f"{kind}s"] = [rows.counted(desk, kind, count) for count in counts[:most]]
    made["works"] = [rows.work_row(desk, number) for number in numbers[:most]]
    return made


def texts(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """Texts and mentions of some works, for the map's panel; works are named by their places on the map."""
    from kg.views.explorer import map_of, texts_of

    drawn = map_of(generation.holdings)
    asked = [int(part) for part in given.get("at", "").split(",") if part.isascii() and part.isdigit()][:50]
    made: Json = {}
    for at in asked:
        if at < len(drawn.works):
            shown, mentions = texts_of(generation.holdings, drawn, at)
            made[str(at)] = [shown, [[*mention[:4], desk.rule(mention[4]), mention[5]] for mention in mentions]]
    return {"texts": made}


def references(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """What references of some works are made of, for what the map exports; named as `texts` has it."""
    from kg.views.explorer import map_of, reference_of

    drawn, holdings = map_of(generation.holdings), generation.holdings
    asked = [int(part) for part in given.get("at", "").split(",") if part.isascii() and part.isdigit()][:500]
    return {"references": {at: reference_of(holdings.works[drawn.works[at]]) for at in asked if at < len(drawn.works)}}


def years(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """Works by year and language: of everything, or of one thing."""
    holdings, kind, entity = generation.holdings, given.get("of"), given.get("id", "")
    if kind is not None and kind not in KINDS:
        raise KgError(f"no kind is called {kind!r}; there are {', '.join(KINDS)}")
    numbers = range(len(holdings.works)) if kind is None else holdings.on(kind, entity)
    return {"years": [row._asdict() for row in holdings.years(numbers) if row.total]}


def about(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """How tags are made and how good they are: every rule with its use here, what was measured on works held apart."""
    from kg.views.overviews import about, quality

    measured = {name: value for name, value in quality().items() if name != "kinds"}
    return {"rules": [rule._asdict() for rule in about(desk)["rules"]], "measured": measured}


def report(library: Library, generation: Generation, desk: Desk, given: Given) -> Json:
    """What the build read: works, languages, sources, what was missing."""
    from kg.views.overviews import report

    found = report(desk)
    counts = {name: value for name, value in found.items() if name.startswith("n_")}
    names = {name: [{"id": one.id, "works": one.works} for one in found[name]] for name in ("languages", "sources")}
    return {**counts, **names}


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    Endpoint("/search", "Works by words of their titles and abstracts", search, (Parameter("q", "words", _TEXT),)),
    Endpoint("/works", "Works that meet all conditions, with their evidence", works, (*_FILTERS, *_PAGE)),
    Endpoint("/facets", "Counts of what the works that meet all conditions have", facets, _FILTERS),
    Endpoint("/pairs", "Alliances of two states: works, in focus, first and last year", pairs),
    Endpoint("/years", "Works by year and language", years, (Parameter("of", "kind of a thing", _TEXT), Parameter("id", "its id", _TEXT))),
    Endpoint("/about", "Rules with their use, and how good the tags are on works held apart", about),
    Endpoint("/report", "What the build read and what was missing", report),
    Endpoint("/neighbours/{kind}/{id:path}", "What works on a thing are also tagged with", neighbours, (_PAGE[1],)),
    Endpoint("/texts", "Texts and mentions of works by their places on the map", texts, (Parameter("at", "1,2,3", _TEXT),)),
    Endpoint("/references", "What references of works are made of, by places on the map", references, (Parameter("at", "1,2,3", _TEXT),)),
    Endpoint("/work/{id:path}", "One work with its texts and mentions", lambda a, b, c, d: one(a, b, c, {**d, "kind": "work"})),
    Endpoint("/{kind}", "Everything of one kind, that of most works first", listing, _PAGE),
    Endpoint("/{kind}/{id:path}", "One thing with all that its page shows", one),
)  # fmt: skip


def routes(library: Library) -> list[BaseRoute]:
    """Every endpoint, the document, and the tagging of texts."""
    from starlette.routing import Route

    from kg.web.tryout import tag_endpoint

    async def document(request: Request) -> Response:
        return fresh(as_json(openapi()), JSON, more=_OPEN)

    made: list[BaseRoute] = [
        Route("/api/openapi.json", document),
        Route("/api/tag", tag_endpoint(library), methods=["POST"]),
    ]
    return made + [Route(f"/api{endpoint.path}", _handler(library, endpoint)) for endpoint in ENDPOINTS]


def _handler(library: Library, endpoint: Endpoint) -> Any:
    from starlette.concurrency import run_in_threadpool

    async def answer(request: Request) -> Response:
        generation, lang = library.current(), language(request)
        given = dict(request.query_params) | dict(request.path_params)
        kind = given.get("kind")
        if "{kind}" in endpoint.path and kind not in (*KINDS, "work"):
            return problem(404, f"no kind is called {kind!r}; there are {', '.join(KINDS)}")
        name = f"api {lang} {request.url.path}?{request.url.query}"
        body = generation.kept(name)
        if body is None:
            desk = Desk(generation.holdings, ServerAddresses(), Words(lang), "api")
            try:
                value = await run_in_threadpool(endpoint.answer, library, generation, desk, given)
            except NotHere as error:
                return problem(404, str(error))
            except UnknownName as error:
                return problem(404, str(error))
            except KgError as error:
                return problem(400, str(error))
            body = generation.keep(name, JSON, as_json(value))
        return kept(request, body, _OPEN)

    return answer


def openapi() -> Json:
    """The OpenAPI document of the interface."""
    from kg import __version__

    paths: Json = {}
    for endpoint in ENDPOINTS:
        parameters = []
        for name in ("kind", "id"):
            if f"{{{name}" in endpoint.path:
                schema: Json = {"type": "string", "enum": [*KINDS]} if name == "kind" else {"type": "string"}
                parameters.append({"name": name, "in": "path", "required": True, "schema": schema})
        parameters += [
            {"name": one.name, "in": "query", "description": one.about, "schema": dict(one.schema)}
            for one in (*endpoint.parameters, Parameter("lang", "language of names: en, zh", _TEXT))
        ]
        answers = {
            "200": {"description": "the answer", "content": {JSON: {"schema": {"type": "object"}}}},
            "400": {"description": "a condition that cannot be read"},
            "404": {"description": "nothing has that name; the nearest names are suggested"},
        }
        path = "/api" + endpoint.path.replace(":path", "")
        paths[path] = {"get": {"summary": endpoint.about, "parameters": parameters, "responses": answers}}
    paths["/api/tag"] = {
        "post": {
            "summary": "Tag a text or a file of records; nothing is kept",
            "requestBody": {
                "required": True,
                "content": {
                    "text/plain": {"schema": {"type": "string"}},
                    JSON: {"schema": {"type": "object", "properties": {"text": _TEXT, "lang": _TEXT}}},
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
                },
            },
            "responses": {
                "200": {"description": "tagged works", "content": {JSON: {"schema": {"type": "object"}}}},
                "413": {"description": f"more than {MOST_BYTES} bytes"},
            },
        }
    }
    forms = [HTML.split(";")[0], "text/turtle", "application/ld+json", JSON]
    paths["/{kind}/{id}"] = {
        "get": {
            "summary": "The page of a thing, or what the graph says of it, as the reader likes best",
            "parameters": [
                {"name": "kind", "in": "path", "required": True, "schema": {"type": "string", "enum": [*KINDS, "work"]}},
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                {"name": "format", "in": "query", "schema": {"type": "string", "enum": ["html", "ttl", "jsonld", "json", *DOWNLOADS]}},
            ],
            "responses": {"200": {"description": "the thing", "content": {form: {} for form in forms}}},
        }
    }  # fmt: skip
    paths["/sparql"] = {
        "get": {
            "summary": "SPARQL 1.1 protocol, read only",
            "parameters": [{"name": "query", "in": "query", "required": True, "schema": _TEXT}],
            "responses": {"200": {"description": "the answer, in the form that the reader accepts"}},
        }
    }
    paths["/health"] = {
        "get": {"summary": "Whether the server can answer", "responses": {"200": {"description": "it can"}}}
    }
    info = {"title": "Alliance KG", "version": __version__, "license": {"name": "MIT", "identifier": "MIT"}}
    return {"openapi": "3.1.0", "info": info, "paths": paths}
