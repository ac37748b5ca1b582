"""A SPARQL 1.1 server as a store. In: the URL of its query address. Out: the same answers as from a store on disk.

The server must answer over the union of its graphs: Oxigraph's own server with ``--union-default-graph``, QLever by
itself, Fuseki with ``tdb2:unionDefaultGraph``.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from kg.errors import QueryError, QueryRefused, QueryTimeout, StoreError
from kg.sparql import form_of
from kg.store import Store

RESULTS: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
TRIPLES: Final = "application/n-triples, text/turtle;q=0.8"
_MOST: Final = 1 << 30  # bytes of one answer


class RemoteStore(Store):
    """An endpoint that speaks the SPARQL 1.1 Protocol.

    Parameters
    ----------
    url : str
        Where queries are sent, such as ``http://127.0.0.1:7878/query``.
    timeout_s : float
        Seconds to wait for an answer.
    """

    def __init__(self, url: str, timeout_s: float = 60.0) -> None:
        self.place = url
        self.timeout_s = timeout_s

    def query(self, sparql: str) -> Any:
        """Answer by a POST of the query as a form, which every server takes.

        Raises
        ------
        QueryError
            The server says that the query is wrong.
        QueryTimeout
            The server, or the way to it, was too slow.
        StoreError
            There is no server, or it answers nonsense.
        """
        is_table = form_of(sparql) in ("SELECT", "ASK")
        request = Request(
            self.place,
            data=urlencode({"query": sparql}).encode(),
            headers={
                "Accept": RESULTS if is_table else TRIPLES,
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": "alliance-kg",
            },
        )
        try:
            with urlopen(request, timeout=self.timeout_s) as answer:
                body = answer.read(_MOST)
                media_type = answer.headers.get_content_type()
        except HTTPError as error:
            raise self._failure(error) from None
        except TimeoutError:
            raise QueryTimeout(f"{self.place} did not answer within {self.timeout_s:g} s") from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise QueryTimeout(f"{self.place} did not answer within {self.timeout_s:g} s") from None
            raise StoreError(f"{self.place} cannot be reached: {error.reason}; check the address") from None
        except OSError as error:
            raise StoreError(f"{self.place} broke off: {error}") from None
        try:
            return _table(body, media_type) if is_table else _triples(body, media_type)
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self.place} answered {media_type} that cannot be read: {error}") from None

    def _failure(self, error: HTTPError) -> Exception:
        words = re.sub(r"\s+", " ", error.read(2000).decode("utf-8", "replace")).strip()[:300]
        if error.code == 400:
            return QueryError(f"{self.place} refuses the query: {words}")
        if error.code == 403:
            return QueryRefused(f"{self.place} does not do this: {words}")
        if error.code in (408, 503, 504):
            return QueryTimeout(f"{self.place} was out of time or too busy: {words}")
        return StoreError(f"{self.place} answered {error.code}: {words}")


def _table(body: bytes, media_type: str) -> Any:
    """Solutions or a boolean; read through once, so that a damaged answer is found here and not half-way."""
    import pyoxigraph

    form = pyoxigraph.QueryResultsFormat.from_media_type(media_type)
    if form == pyoxigraph.QueryResultsFormat.JSON:
        import orjson

        # Some servers say more than the standard has; the parser takes only what it has.
        plain = orjson.loads(body)
        body = orjson.dumps({key: plain[key] for key in ("head", "boolean", "results") if key in plain})
    found = pyoxigraph.parse_query_results(body, format=form)
    if isinstance(found, pyoxigraph.QuerySolutions):
        for _ in found:
            pass
        found = pyoxigraph.parse_query_results(body, format=form)
    return found


def _triples(body: bytes, media_type: str) -> Any:
    import pyoxigraph

    return iter(list(pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.from_media_type(media_type))))
