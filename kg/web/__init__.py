"""What a browser or a program asks over HTTP. In: a folder that a build wrote. Out: a Starlette application.

Now: SPARQL at ``/sparql``. Pages and a JSON interface are to join.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from kg.web.pool import Limits


def create_app(folder: Path, limits: Limits | None = None) -> Starlette:
    """The application for one folder.

    Parameters
    ----------
    folder : Path
        What a build wrote, or its ``store/``. A build may go on writing to it: from then on the new graph answers.
    limits : Limits or None
        Of strangers' queries.

    Raises
    ------
    StoreError
        There is no store in the folder.

    Notes
    -----
    POSIX only: strangers' queries run in worker processes that can be killed.
    """
    from collections.abc import AsyncIterator
    from contextlib import asynccontextmanager

    from starlette.applications import Starlette

    from kg.store import store_folder
    from kg.web.pool import Limits, Pool
    from kg.web.sparql import routes

    pool = Pool(store_folder(folder), limits or Limits())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with pool:
            yield

    return Starlette(routes=routes(pool), lifespan=lifespan)
