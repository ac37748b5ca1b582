"""The files of a build over HTTP. In: a folder that a build wrote. Out: routes that give what its manifest lists.

Nothing but those files can be had: not the store, not what else may lie in the folder. A new build is seen at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.outdir import OutputFolder

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
    ".nq": "application/n-quads; charset=utf-8",
    ".graphml": "application/graphml+xml",
}


def routes(folder: Path) -> list[Route]:
    """``/`` is the first page; every other file has the address of its path."""
    from starlette.exceptions import HTTPException
    from starlette.responses import FileResponse
    from starlette.routing import Route

    output = OutputFolder(folder)

    async def file(request: Request) -> Response:
        name = request.path_params.get("name") or "index.html"
        manifest = output.manifest()
        path = folder / name
        if manifest is None or name not in manifest.files or not path.is_file():
            raise HTTPException(404, f"there is no {name} here")
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type=_TYPES.get(path.suffix, "application/octet-stream"), headers=headers)

    return [Route("/", file), Route("/{name:path}", file)]
