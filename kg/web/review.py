"""The page where a person goes through uncertain tags. In: a library, a file. Out: lines of corrections.

Only on the machine itself: requests from elsewhere, and such that another site's page sends, are refused.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs

from kg.corrections import Correction, append, load
from kg.errors import KgError
from kg.model import KINDS, UNSURE_BELOW, Kind, Mention
from kg.views.addresses import ServerAddresses
from kg.views.desk import Desk, work_line
from kg.views.words import Words
from kg.web.answering import HTML, fresh, problem

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from kg.web.library import Generation, Library

_LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost", "testclient"})


@dataclass(frozen=True, slots=True)
class Review:
    """Where corrections go, and whose they are."""

    file: Path
    who: str


class Doubt(NamedTuple):
    """A tag that rests on weak evidence alone."""

    work: str
    kind: Kind
    tag: str
    best: Mention


def doubts(generation: Generation, done: set[tuple[str, str, str]]) -> list[Doubt]:
    """Tags whose best mention is below `UNSURE_BELOW`, the least sure first; those judged already left out."""
    found = []
    for tagged in generation.holdings.works:
        for kind in KINDS:
            for tag, mentions in tagged.tags(kind).items():
                best = max(mentions, key=lambda mention: mention.confidence)
                if best.confidence < UNSURE_BELOW and (tagged.id, kind, tag) not in done:
                    found.append(Doubt(tagged.id, kind, tag, best))
    return sorted(found, key=lambda doubt: (doubt.best.confidence, doubt.work, doubt.kind, doubt.tag))


def routes(library: Library, review: Review) -> list[BaseRoute]:
    """The page, and the address that takes a verdict."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import RedirectResponse
    from starlette.routing import Route

    from kg.web.pages import language, shown

    async def page(request: Request) -> Response:
        if not _is_local(request):
            return problem(403, "tags are reviewed on the machine itself")
        generation, lang = library.current(), language(request)
        desk = Desk(generation.holdings, ServerAddresses(), Words(lang), "review")
        context = await run_in_threadpool(_context, generation, desk, review, request.query_params.get("skip", "0"))
        made = await run_in_threadpool(shown, generation, lang, "review", "review.html", context)
        return fresh(made, HTML)

    async def take(request: Request) -> Response:
        if not _is_local(request):
            return problem(403, "tags are reviewed on the machine itself")
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()}
        try:
            correction = _correction(library.current(), review, form)
        except (KgError, ValueError) as error:
            return problem(400, str(error))
        await run_in_threadpool(append, review.file, correction)
        skip = form.get("skip", "0")
        return RedirectResponse(f"/review?lang={language(request)}&skip={skip if skip.isdigit() else 0}", 303)

    return [Route("/review", page, methods=["GET"]), Route("/review", take, methods=["POST"])]


def _is_local(request: Request) -> bool:
    host = request.client.host if request.client else ""
    site = request.headers.get("sec-fetch-site", "same-origin")
    named = request.headers.get("host", "").rsplit(":", 1)[0].strip("[]")
    return host in _LOCAL and site in ("same-origin", "none") and named in (_LOCAL | {"testserver"})


def _done(review: Review) -> list[Correction]:
    return load(review.file) if review.file.is_file() else []


def _context(generation: Generation, desk: Desk, review: Review, skip: str) -> dict[str, Any]:
    from kg.views.marking import Mark
    from kg.views.work_page import passages_of

    done = _done(review)
    left = doubts(generation, {(one.work, one.kind, one.tag) for one in done})
    at = min(int(skip), max(len(left) - 1, 0)) if skip.isascii() and skip.isdigit() and len(skip) < 8 else 0
    context: dict[str, Any] = {"n_left": len(left), "n_done": len(done), "who": review.who, "skip": at, "doubt": None}
    if not left:
        return context
    doubt = left[at]
    tagged = generation.holdings.works[generation.holdings.position[doubt.work]]
    kind = doubt.kind[:-1]
    fields = tagged.work.fields()
    marks = [Mark(kind, doubt.tag, mention) for mention in tagged.tags(doubt.kind)[doubt.tag]]  # type: ignore[arg-type]
    return context | {
        "doubt": doubt,
        "name": desk.name(kind, doubt.tag),
        "kind": kind,
        "line": work_line(tagged, desk),
        "rule": desk.rule(doubt.best.rule),
        "meaning": desk.rule_meaning(doubt.best.rule),
        "passages": passages_of(
            desk, tagged, {field: [m for m in marks if m.mention.field == field] for field in fields}
        ),
        "choices": _choices(generation, desk),
    }


def _choices(generation: Generation, desk: Desk) -> list[tuple[str, str, str]]:
    """What can be added: kind, id and name of everything that the collection speaks of, and every concept."""
    found = []
    for kind in ("alliance", "state", "concept", "group"):
        ids = [count.id for count in generation.holdings.counts(kind)]
        if kind == "concept":
            ids += sorted(set(generation.holdings.authority.concepts) - set(ids))
        found += [(f"{kind}s", entity, f"{desk.label(entity)} · {desk.label(entity, 'zh-Hans')}") for entity in ids]
    return found


def _correction(generation: Generation, review: Review, form: dict[str, str]) -> Correction:
    holdings = generation.holdings
    work, kind, tag = form.get("work", ""), form.get("kind", ""), form.get("tag", "")
    if work not in holdings.position:
        raise KgError(f"there is no work {work!r}")
    tagged = holdings.works[holdings.position[work]]
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    said: dict[str, Any] = {"who": review.who, "when": when, "why": form.get("why", "")[:500]}
    if form.get("verdict") == "add":
        kind, _, tag = form.get("added", "").partition("/")
        field, start, end = form.get("field", ""), int(form.get("start", "0")), int(form.get("end", "0"))
        surface = tagged.work.fields().get(field, "")[start:end]
        if holdings.authority.kind(tag) != kind:
            raise KgError(f"there is no {tag!r} among the {kind}")
        said |= {"field": field, "start": start, "end": end, "surface": surface}
    elif kind in KINDS and tag in tagged.tags(kind):
        best = max(tagged.tags(kind)[tag], key=lambda mention: mention.confidence)
        said |= {"field": best.field, "start": best.start, "end": best.end, "surface": best.surface}
        said |= {"rule": best.rule, "confidence": best.confidence}
    else:
        raise KgError(f"the work has no tag {tag!r} among its {kind}")
    return Correction(work=work, kind=kind, tag=tag, verdict=form.get("verdict", ""), **said)  # type: ignore[arg-type]
