"""The whole server. In: a folder that a build wrote. Out: a Starlette application: pages, JSON, SPARQL, files.

POSIX only, as its query workers are. ``/health`` says whether it can answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from kg.authority import Authority
    from kg.web.pool import Limits
    from kg.web.review import Review


def create_site(
    folder: Path,
    *,
    limits: Limits | None = None,
    load_authority: Callable[[], Authority] | None = None,
    review: Review | None = None,
) -> Starlette:
    """The application for one folder.

    Parameters
    ----------
    folder : Path
        What a build wrote. A new build is taken up without a restart.
    limits : Limits or None
        Of strangers' queries.
    load_authority : callable, optional
        Gives the names of things; by default those that come with the package.
    review : Review or None
        Where corrections go; None for a server where tags are not reviewed.

    Raises
    ------
    StoreError
        The folder holds no build.
    """
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute, Route

    from kg.authority import load
    from kg.store import store_folder
    from kg.web import api, files, pages, query_page, sparql, tryout
    from kg.web.library import Library
    from kg.web.pool import Limits, Pool
    from kg.web.review import routes as review_routes

    library = Library(folder, load_authority or load)
    pool = Pool(store_folder(folder), limits or Limits())

    async def health(request: Request) -> Response:
        from kg.web.answering import JSON, as_json, fresh

        generation = library.current()
        state = {"status": "ok", "generation": generation.key, "works": len(generation.holdings.works)}
        return fresh(as_json(state), JSON)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with pool:
            yield

    routes: list[BaseRoute] = [
        Route("/health", health),
        *api.routes(library),
        *query_page.routes(library, pool, sparql.routes(pool)),
        *tryout.routes(library),
        *(review_routes(library, review) if review else []),
        *pages.routes(library),
        *(route for route in files.routes(folder) if getattr(route, "path", "") != "/"),
    ]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: _missing(library), 500: _failed})


def _missing(library: Any) -> Callable[[Request, Exception], Awaitable[Response]]:
    """People get a page that says so, programs JSON."""

    async def missing(request: Request, error: Exception) -> Response:
        from starlette.concurrency import run_in_threadpool

        from kg.web.answering import HTML, fresh, problem
        from kg.web.pages import language, shown

        if request.url.path.startswith("/api/"):
            return problem(404, "there is no such address; see /api/openapi.json")
        generation, lang = library.current(), language(request)
        made = await run_in_threadpool(shown, generation, lang, "missing", "missing.html", {})
        return fresh(made, HTML, 404)

    return missing


async def _failed(request: Request, error: Exception) -> Response:
    from kg.web.answering import problem

    return problem(500, "something went wrong here; it is not your fault")
