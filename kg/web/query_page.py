"""The page where questions are written. In: requests that want HTML. Out: a form, and the answer as a table of names.

The address is that of the endpoint: programs get the protocol there, people this page. It works without a script.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg import terms
from kg.errors import KgError
from kg.views.addresses import ServerAddresses
from kg.views.desk import Desk
from kg.views.words import Words
from kg.web.answering import HTML, fresh
from kg.web.negotiation import ROWS, TRIPLES, Offer, choose

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from kg.web.library import Generation, Library
    from kg.web.pool import Pool

MOST_ROWS: Final = 500
_PAGE: Final = Offer(HTML, "html", ("application/xhtml+xml",))
_OFFERS: Final = (*ROWS, *TRIPLES, _PAGE)
_TERM: Final = re.compile(
    r'^(?:<(?P<iri>[^>]*)>|"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<lang>[\w-]+)|\^\^\S+)?|(?P<bare>.*))$', re.DOTALL
)
_ESCAPES: Final = {"\\t": "\t", "\\n": "\n", "\\r": "\r", '\\"': '"', "\\\\": "\\"}
START: Final = """PREFIX akg: <https://w3id.org/alliance-kg/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>

SELECT ?work ?year WHERE {
  ?work akg:discussesAlliance <https://w3id.org/alliance-kg/id/alliance/JPN-USA> .
  OPTIONAL { ?work akg:year ?year }
}
ORDER BY DESC(?year)"""


class Cell(NamedTuple):
    """A value in a table: what is shown, its IRI and page where it has them."""

    text: str
    lang: str | None = None
    iri: str | None = None
    href: str | None = None
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An answer as a table; `cut` where there were more rows, `most` the greatest number of the last numeric column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cut: bool
    bar: int | None = None
    most: float = 0.0


def routes(library: Library, pool: Pool, endpoint: Sequence[BaseRoute]) -> list[BaseRoute]:
    """The query address: people get the page, programs what `endpoint` gives."""
    from starlette.routing import Route

    delegate = endpoint[0].endpoint  # type: ignore[attr-defined]

    async def ask(request: Request) -> Response:
        wanted = choose(request.headers.get("accept"), _OFFERS)
        if request.method not in ("GET", "HEAD") or wanted is not _PAGE:
            answer: Response = await delegate(request)
            return answer
        return await page(request, library, pool)

    methods = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]
    return [Route(path, ask, methods=methods) for path in ("/sparql", "/sparql/")]


async def page(request: Request, library: Library, pool: Pool) -> Response:
    """The form, filled with the query or the question that the address names, and its answer."""
    from starlette.concurrency import run_in_threadpool

    from kg.web.pages import language, shown

    generation, lang = library.current(), language(request)
    desk = Desk(generation.holdings, ServerAddresses(), Words(lang), "sparql")
    query, status = request.query_params.get("query"), 200
    context: dict[str, Any] = {"table": None, "graph": None, "truth": None, "problem": None, "note": None}
    if query is None and request.query_params.get("question"):
        try:
            query = await run_in_threadpool(_question, generation, dict(request.query_params))
        except KgError as error:
            context["problem"] = str(error)
    if query and len(query) > pool.limits.longest_query:
        query, context["problem"] = None, f"a query has at most {pool.limits.longest_query} characters"
    if query:
        try:
            context |= await answer(generation, desk, pool, query)
        except KgError as error:
            context["problem"] = str(error)
            status = 400
    context["query"] = query if query is not None else START
    context |= {"limits": pool.limits, "questions": _questions(lang)}
    context["names"] = None if request.method == "HEAD" else completions(generation, desk)
    made = await run_in_threadpool(shown, generation, lang, "sparql", "sparql.html", context)
    return fresh(made, HTML, status)


def _questions(lang: str) -> list[tuple[str, str, str]]:
    """Every question: its name, its title, its text with its examples."""
    from kg.query import questions

    return [(one.name, one.title(lang), one.text) for one in questions()]


def _question(generation: Generation, given: dict[str, str]) -> str:
    from kg.query import bound_rows, get_question

    found = get_question(given["question"])
    bound = {one.name: given[one.name] for one in found.inputs if given.get(one.name)}
    if not all(one.name in bound or one.default is not None for one in found.inputs):
        return found.text
    return found.bind(bound_rows(found, bound, generation.holdings.authority))


async def answer(generation: Generation, desk: Desk, pool: Pool, query: str) -> dict[str, Any]:
    """The answer to a query, as far as the page shows it.

    Raises
    ------
    KgError
        The query is wrong, is refused, or takes too long.
    """
    from kg.sparql import form_of, plain_text
    from kg.web.pool import Question

    text = plain_text(query)
    form = form_of(text)
    asked = Question(query=text, form={"SELECT": "tsv", "ASK": "json"}.get(form, "turtle"))
    data = bytearray()
    lines, whole = 0, True
    pieces = pool.answer(asked)
    try:
        async for piece in pieces:
            data += piece
            lines += piece.count(b"\n")
            if lines > MOST_ROWS + 1 or len(data) > 4 << 20:
                whole = False
                break
    finally:
        await pieces.aclose()  # type: ignore[attr-defined]
    if form == "ASK":
        return {"truth": b'"boolean":true' in bytes(data).replace(b" ", b"")}
    written = bytes(data).decode("utf-8", "replace")
    if form != "SELECT":
        return {"graph": written, "note": None if whole else "cut"}
    return {"table": table(generation, desk, written, whole)}


def table(generation: Generation, desk: Desk, written: str, whole: bool) -> Table:
    """Rows of TSV with names instead of IRIs."""
    lines = written.split("\n")
    columns = tuple(name.lstrip("?") for name in lines[0].rstrip("\r").split("\t"))
    full = lines[1:-1]
    cells = [[_cell(generation, desk, one) for one in line.rstrip("\r").split("\t")] for line in full[:MOST_ROWS]]
    kept = [at for at, column in enumerate(columns) if not _is_idle(column, columns, cells)]
    rows = tuple(tuple(row[at] for at in kept if at < len(row)) for row in cells)
    columns = tuple(columns[at] for at in kept)
    numeric = [at for at in range(len(columns)) if rows and all(len(r) > at and r[at].number is not None for r in rows)]
    bar = next((at for at in numeric if columns[at] in ("works", "shared", "mentions", "zh")), None)
    most = max((row[bar].number or 0 for row in rows), default=0) if bar is not None else 0
    return Table(columns, rows, not whole or len(full) > MOST_ROWS, bar, most)


def _is_idle(column: str, columns: tuple[str, ...], cells: list[list[Cell]]) -> bool:
    """Whether a column only repeats the name that another one is shown by: ``concept_en`` beside ``concept``."""
    whole, _, suffix = column.rpartition("_")
    shown = "work" if whole == "title" else whole
    if suffix not in ("en", "zh") or shown not in columns:
        return False
    at = columns.index(shown)
    return all(len(row) > at and row[at].href is not None for row in cells)


def _cell(generation: Generation, desk: Desk, written: str) -> Cell:
    found = _TERM.match(written)
    assert found is not None
    if found["iri"] is not None:
        return _named(generation, desk, found["iri"])
    if found["text"] is not None:
        text = re.sub(r'\\[tnr"\\]', lambda escape: _ESCAPES[escape.group()], found["text"])
        return Cell(text, found["lang"])
    try:
        return Cell(found["bare"], number=float(found["bare"]))
    except ValueError:
        return Cell(found["bare"])


def _named(generation: Generation, desk: Desk, iri: str) -> Cell:
    holdings = generation.holdings
    known = terms.kind_and_id(iri)
    if known is not None:
        kinds, entity = known
        kind = kinds[:-1]
        return Cell(desk.label(entity), desk.name_lang, iri, desk.addresses.entity(kind, entity, desk.words.lang, ""))
    work = holdings.base.work_id(iri)
    if work in holdings.position and "/" not in iri.removeprefix(holdings.base.iri + "work/"):
        line = desk.line(holdings.position[work])
        return Cell(line.title, line.lang, iri, line.href)
    for kind in ("person", "journal"):
        start = f"{holdings.base.iri}{kind}/"
        if iri.startswith(start):
            key = terms.decode(iri[len(start) :])
            name = holdings.called.get((kind, key))
            if name:
                return Cell(name, None, iri, desk.addresses.entity(kind, key, desk.words.lang, ""))
    short = next((f"{p}:{iri[len(ns) :]}" for p, ns in terms.PREFIXES.items() if iri.startswith(ns) and iri != ns), iri)
    return Cell(short, None, iri)


def completions(generation: Generation, desk: Desk) -> dict[str, Any]:
    """What the editor offers while one types: prefixes, our terms, and names of states, alliances and concepts."""
    from kg.views import pinyin
    from kg.views.home_data import fold_pairs, other_names

    names = []
    makers: dict[str, Any] = {
        "alliance": terms.alliance,
        "state": terms.state,
        "concept": terms.concept,
        "group": terms.group,
    }
    for kind, iri in makers.items():
        for count in generation.holdings.counts(kind):
            english, chinese = desk.label(count.id, "en"), desk.label(count.id, "zh-Hans")
            names.append(
                [kind, iri(count.id), english, chinese, other_names(desk, kind, count.id), pinyin.key(chinese)]
            )
    ours = sorted(
        f"akg:{value[len(terms.NS) :]}" for name, value in vars(terms.AKG).items() if not name.startswith("_")
    )
    prefixes = dict(sorted(terms.PREFIXES.items()))
    text = "".join(row[2] + row[3] + "".join(row[4]) for row in names)
    return {"prefixes": prefixes, "terms": ours, "names": names, "fold": fold_pairs(text)}
