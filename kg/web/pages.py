"""The pages over HTTP. In: a library. Out: routes; the same pages as a build writes, with addresses instead of files.

``/`` and ``/alliance/JPN-USA`` take their language from ``?lang=``, else from the reader. The address of an entity
gives HTML, Turtle or JSON-LD, as the reader likes best, or as ``?format=`` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError
from kg.views.addresses import ServerAddresses
from kg.views.desk import Desk
from kg.views.pages import ENTITY_PAGES, PAGES
from kg.views.rendering import linked_assets, static_name, static_source
from kg.views.site import page_needs, render
from kg.views.words import PAGE_LANGS, PageLang, Words
from kg.web import downloads
from kg.web.answering import HTML, SAFETY, fresh, kept, problem
from kg.web.downloads import DOWNLOADS, disposition
from kg.web.negotiation import Offer, choose

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from kg.web.library import Generation, Library

_FORMS: Final = (
    Offer(HTML, "html", ("application/xhtml+xml",)),
    Offer("text/turtle; charset=utf-8", "ttl", ("application/x-turtle",)),
    Offer("application/ld+json", "jsonld"),
    Offer("application/json", "json"),
)
_IMMUTABLE: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
#: Templates that only a server has: what they need.
SERVER_NEEDS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "try.html": (("page", "try"), ("kg",)),
    "sparql.html": (("page", "sparql"), ("kg", "sparql")),
    "missing.html": (("page",), ("kg",)),
    "review.html": (("page", "review"), ("kg", "review")),
}


def needs(template: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Scripts and style sheets of a page with this template."""
    return SERVER_NEEDS.get(template) or page_needs(template)


def language(request: Request) -> PageLang:
    """The language of a page: as the address says, else the first of the reader's that there is, else English."""
    asked = request.query_params.get("lang")
    if asked in PAGE_LANGS:
        return asked
    ranges = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, quality = part.partition(";q=")
        lang = tag.strip()[:2].lower()
        if lang in PAGE_LANGS:
            try:
                ranges.append((-float(quality or 1), place, lang))
            except ValueError:
                continue
    return min(ranges)[2] if ranges else "en"


def shown(
    generation: Generation, lang: PageLang, path: str, template: str, context: Any, part_number: int = 1
) -> bytes:
    """A page's bytes; `context` is a value, or makes one of a desk."""
    addresses = ServerAddresses()
    desk = Desk(generation.holdings, addresses, Words(lang), path, part_number)
    filled = context(desk) if callable(context) else context
    assets = linked_assets(*needs(template))
    text = render(generation.holdings, addresses, lang, path, template, filled, assets, desk)
    return text.encode("utf-8", "replace")


def part_of(request: Request) -> int:
    """Which part of a long list is asked for."""
    written = request.query_params.get("page", "1")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 8 else 1


def routes(library: Library) -> list[BaseRoute]:
    """All pages, entities, and the files that pages link to."""
    from starlette.concurrency import run_in_threadpool
    from starlette.routing import Route

    by_path = {page.path: page for page in PAGES}

    async def page(request: Request) -> Response:
        kind = by_path[request.url.path.strip("/")]
        generation, lang, number = library.current(), language(request), part_of(request)
        name = f"{lang} {number} {kind.path}"
        body = generation.kept(name)
        if body is None:
            made = await run_in_threadpool(shown, generation, lang, kind.path, kind.template, kind.context, number)
            body = generation.keep(name, HTML, made)
        return kept(request, body)

    async def entity(request: Request) -> Response:
        kind, entity_id = request.path_params["kind"], request.path_params["id"]
        generation, lang, number = library.current(), language(request), part_of(request)
        found = known(generation, kind, entity_id)
        if found is None:
            return await missing(request)
        form = request.query_params.get("format")
        offer = choose(request.headers.get("accept"), _FORMS) if form is None else None
        form = form or (offer.form if offer else "html")
        download = DOWNLOADS.get(form)
        if form not in {one.form for one in _FORMS} and (download is None or kind not in download.kinds):
            there = ("html", "ttl", "jsonld", "json", *(name for name, one in DOWNLOADS.items() if kind in one.kinds))
            return problem(406, f"no form is called {form}; there are {', '.join(there)}")
        name = f"{lang} {number} {form} {kind}/{found}"
        body = generation.kept(name)
        if body is None:
            media_type, made = await run_in_threadpool(described, library, generation, lang, kind, found, form, number)
            body = generation.keep(name, media_type, made)
        return kept(request, body, disposition(kind, found, form) if download else None)

    async def missing(request: Request) -> Response:
        generation, lang = library.current(), language(request)
        made = await run_in_threadpool(shown, generation, lang, "missing", "missing.html", {})
        return fresh(made, HTML, 404)

    async def static(request: Request) -> Response:
        from starlette.responses import Response

        names, _, rest = request.path_params["name"].partition(".")
        suffix = rest.rpartition(".")[2]
        try:
            known_names = tuple(names.split("+"))
            if suffix not in ("css", "js") or static_name(known_names, suffix) != request.path_params["name"]:
                return problem(404, "there is no such file")
            text = static_source(known_names, suffix)
        except (FileNotFoundError, KgError, OSError, ValueError):
            return problem(404, "there is no such file")
        media_type = "text/css; charset=utf-8" if suffix == "css" else "text/javascript; charset=utf-8"
        return Response(text, headers=SAFETY | _IMMUTABLE, media_type=media_type)

    made: list[BaseRoute] = [Route("/static/{name}", static)]
    made += [Route(f"/{one.path}", page) for one in PAGES]
    made += [_entity_route(kind, entity) for kind in ENTITY_PAGES]
    return made


def _entity_route(kind: str, endpoint: Any) -> BaseRoute:
    from starlette.routing import Route

    async def of_kind(request: Request) -> Response:
        request.path_params["kind"] = kind
        answer: Response = await endpoint(request)
        return answer

    return Route(f"/{kind}/{{id:path}}", of_kind)


def known(generation: Generation, kind: str, entity_id: str) -> str | None:
    """The id under which an entity is shown: a work may be asked for by an id that it had; None where there is none."""
    holdings = generation.holdings
    authority = holdings.authority
    if kind == "work":
        if entity_id in holdings.position:
            return entity_id
        return next((tagged.id for tagged in holdings.works if entity_id in tagged.work.aliases), None)
    if entity_id in holdings.index.get(kind, {}):
        return entity_id
    tables: dict[str, Any] = {"state": authority.states, "concept": authority.concepts, "group": authority.groups}
    if kind in tables:
        return entity_id if entity_id in tables[kind] else None
    if kind == "alliance":
        return entity_id if entity_id in authority.alliances or authority.parties(entity_id) else None
    return None


def described(
    library: Library, generation: Generation, lang: PageLang, kind: str, entity_id: str, form: str, number: int
) -> tuple[str, bytes]:
    """An entity in one form: its media type and its bytes."""
    from kg.web.answering import as_json
    from kg.web.rows import entity_row

    if form == "html":
        template, context = ENTITY_PAGES[kind]
        made = shown(generation, lang, f"{kind}/{entity_id}", template, lambda desk: context(desk, entity_id), number)
        return HTML, made
    if form in DOWNLOADS:
        return DOWNLOADS[form].media_type, downloads.made(generation, lang, kind, entity_id, form)
    if form == "ttl":
        return "text/turtle; charset=utf-8", turtle(library, generation, kind, entity_id)
    desk = Desk(generation.holdings, ServerAddresses(), Words(lang), f"{kind}/{entity_id}")
    if form == "jsonld":
        from kg.views.schema_org import schema_org

        return "application/ld+json", as_json(schema_org(desk, kind, entity_id))
    return "application/json", as_json(entity_row(desk, kind, entity_id, full=True))


_DESCRIBE: Final = """CONSTRUCT {{ <{iri}> ?p ?o . ?o ?q ?v . ?s ?r <{iri}> }} WHERE {{
  {{ <{iri}> ?p ?o . OPTIONAL {{ ?o ?q ?v FILTER(STRSTARTS(STR(?o), "{iri}/")) }} }}
  UNION {{ SELECT ?s ?r WHERE {{ ?s ?r <{iri}> }} LIMIT 500 }}
}}"""


def turtle(library: Library, generation: Generation, kind: str, entity_id: str) -> bytes:
    """What the graph says of an entity, and up to 500 statements that name it, as Turtle."""
    import pyoxigraph

    from kg import terms
    from kg.store import LocalStore, open_store

    base = generation.holdings.base
    makers: dict[str, Any] = {
        "state": terms.state,
        "alliance": terms.alliance,
        "group": terms.group,
        "concept": terms.concept,
        "work": base.work,
        "person": base.person,
        "journal": base.journal,
    }
    store = open_store(library.folder)
    assert isinstance(store, LocalStore)
    with store:
        triples = list(store.query(_DESCRIBE.format(iri=makers[kind](entity_id))))
    lines = sorted({str(triple) for triple in triples})
    quads = pyoxigraph.parse("\n".join(f"{line} ." for line in lines).encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    made = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.TURTLE, prefixes=dict(terms.PREFIXES))
    return made or b""
