"""How an answer goes out. In: bytes, a request. Out: a response with the headers that keep readers safe, compressed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kg.web.library import Body

#: Pages run only our own files, load only our own files, and stand in nobody's frame.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFETY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json"


def kept(request: Request, body: Body, more: Mapping[str, str] | None = None) -> Response:
    """An answer that is kept: 304 where the reader has it already, else compressed where the reader can take that."""
    from starlette.responses import Response

    headers = {"ETag": body.etag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding, Accept-Language"}
    headers |= SAFETY | dict(more or {})
    if body.media_type == HTML:
        headers["Content-Security-Policy"] = POLICY
    if body.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", "") and len(body.plain) > 500:
        return Response(body.packed, 200, headers | {"Content-Encoding": "gzip"}, body.media_type)
    return Response(body.plain, 200, headers, body.media_type)


def fresh(data: bytes, media_type: str, status: int = 200, more: Mapping[str, str] | None = None) -> Response:
    """An answer that is made for one reader and kept nowhere."""
    from starlette.responses import Response

    headers = SAFETY | {"Cache-Control": "no-store"} | dict(more or {})
    if media_type == HTML:
        headers["Content-Security-Policy"] = POLICY
    return Response(data, status, headers, media_type)


def as_json(value: Any) -> bytes:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def problem(status: int, message: str) -> Response:
    """What went wrong, as JSON."""
    return fresh(as_json({"error": message, "status": status}), JSON, status)
