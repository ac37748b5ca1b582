"""Tag what a reader gives. In: a text, or a file of records. Out: the same marked, as a page or as JSON. Nothing is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs, unquote

from kg.errors import KgError
from kg.model import TaggedWork, Text, Work, WorkId
from kg.views.addresses import ServerAddresses
from kg.views.desk import Desk, Name, work_line
from kg.views.holdings import TAGGED_KINDS
from kg.views.words import Words
from kg.web.answering import HTML, JSON, as_json, fresh, problem

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from kg.authority import Authority
    from kg.tagging.tagger import Tagger
    from kg.web.library import Library

MOST_BYTES: Final = 2 << 20
MOST_WORKS: Final = 200
SHOWN_WORKS: Final = 20

_making = threading.Lock()
_made: dict[str, Tagger] = {}


class TooMuch(KgError):
    """More than is read of a stranger."""


class Refused(NamedTuple):
    """A reading that was considered and not taken."""

    surface: str
    lang: str
    name: Name
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A tagged work as the page shows it."""

    line: Any
    passages: Sequence[Any]
    n_tags: dict[str, int]
    focus: tuple[Name, ...]
    rejected: tuple[Refused, ...]


def tagger(authority: Authority) -> Tagger:
    """The tagger of an authority, made once: that takes some seconds."""
    from kg.tagging.tagger import Tagger

    with _making:
        if authority.digest not in _made:
            _made.clear()
            _made[authority.digest] = Tagger(authority)
        return _made[authority.digest]


def works_in(data: bytes, name: str) -> list[Work]:
    """The works in a file of records, or the one that a bare text is."""
    from kg import pipeline, readers
    from kg.text import detect_lang

    source = readers.Source.of_bytes(data, name)
    reading = readers.Reading(source)
    if reading.reader is None:
        text = data.decode("utf-8", "replace").strip()
        return [Work(id=WorkId("text"), texts=(Text(detect_lang(text), None, text),))] if text else []
    return list(pipeline.read_sources([source]).works)


def text_work(text: str, lang: str | None = None) -> list[Work]:
    """A pasted text as a work: its first line is the title where a blank line follows it."""
    from kg.text import detect_lang

    text = text.replace("\r\n", "\n").strip()
    if not text:
        return []
    title, gap, abstract = text.partition("\n\n")
    if not gap or "\n" in title or len(title) > 300:
        title, abstract = "", text
    lang = lang or detect_lang(title, abstract)
    return [Work(id=WorkId("text"), texts=(Text(lang, title or None, abstract.strip() or None),))]


def tag_all(authority: Authority, works: Sequence[Work]) -> list[TaggedWork]:
    """Tag some works, at most `MOST_WORKS`, with the readings that were not taken."""
    chosen = tagger(authority)
    return [chosen.tag(work, keep_rejected=True) for work in works[:MOST_WORKS]]


def shown(desk: Desk, tagged: TaggedWork) -> Shown:
    """What the page shows of a work."""
    from kg.views.work_page import passages_of

    langs = tagged.work.field_langs()
    kinds = {kinds: kind for kind, kinds in TAGGED_KINDS.items()}
    rejected = [
        Refused(
            found.mention.surface,
            langs.get(found.mention.field, "und"),
            desk.name(kinds[found.kind], found.tag),
            found.why,
        )
        for found in tagged.rejected
    ]
    return Shown(
        line=work_line(tagged, desk),
        passages=passages_of(desk, tagged),
        n_tags={kind: len(getattr(tagged, plural)) for kind, plural in TAGGED_KINDS.items()},
        focus=tuple(desk.name("alliance", tag) for tag in tagged.focus),
        rejected=tuple(dict.fromkeys(rejected)),
    )


async def body_of(request: Request) -> bytes:
    """The body of a request, up to `MOST_BYTES`."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise TooMuch(f"at most {MOST_BYTES >> 20} MB are read here; build a graph of larger files: kg build FILE")
    return bytes(data)


def _given(request: Request, data: bytes) -> tuple[str, Callable[[], list[Work]]]:
    """The text to show again, and how to read the works; the latter may take a while."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/x-www-form-urlencoded":
        text = parse_qs(data.decode("utf-8", "replace")).get("text", [""])[0]
        return text, lambda: text_work(text)
    if media_type == JSON:
        try:
            plain = json.loads(data)
        except ValueError as error:
            raise KgError(f"no valid JSON: {error}") from None
        if not isinstance(plain, dict) or not isinstance(plain.get("text"), str):
            raise KgError('JSON has the form {"text": "…", "lang": "zh-Hans"}')
        lang = plain.get("lang")
        return plain["text"], lambda: text_work(plain["text"], lang if isinstance(lang, str) else None)
    if media_type == "text/plain":
        text = data.decode("utf-8", "replace")
        return text, lambda: text_work(text)
    name = unquote(request.headers.get("x-file-name", "file"))
    name = name.replace("\\", "/").rsplit("/", 1)[-1][:100] or "file"
    return "", lambda: works_in(data, name)


def tag_endpoint(library: Library) -> Any:
    """``POST /api/tag``."""
    from starlette.concurrency import run_in_threadpool

    async def tag(request: Request) -> Response:
        try:
            _, read = _given(request, await body_of(request))
            authority = library.current().holdings.authority
            return fresh(await run_in_threadpool(_as_json, authority, read), JSON)
        except TooMuch as error:
            return problem(413, str(error))
        except KgError as error:
            return problem(400, str(error))

    return tag


def _as_json(authority: Authority, read: Callable[[], list[Work]]) -> bytes:
    from kg import jsonl

    works = read()
    made = []
    for tagged in tag_all(authority, works):
        plain = jsonl.to_json(tagged)
        plain["rejected"] = [
            {"kind": one.kind, "tag": one.tag, "why": one.why, **one.mention._asdict()} for one in tagged.rejected
        ]
        made.append(plain)
    return as_json({"works": made, "total": len(works)})


def routes(library: Library) -> list[BaseRoute]:
    """The page with its form."""
    from starlette.concurrency import run_in_threadpool
    from starlette.routing import Route

    from kg.web.pages import language
    from kg.web.pages import shown as page_bytes

    async def page(request: Request) -> Response:
        generation, lang = library.current(), language(request)
        context: dict[str, Any] = {"asked": "", "found": [], "n_found": 0, "problem": None}
        status = 200
        if request.method == "POST":
            try:
                context["asked"], read = _given(request, await body_of(request))
                desk = Desk(generation.holdings, ServerAddresses(), Words(lang), "try")
                found, n_found = await run_in_threadpool(_found, desk, read)
                context |= {"found": found, "n_found": n_found}
            except TooMuch as error:
                status, context["problem"] = 413, str(error)
            except KgError as error:
                status, context["problem"] = 400, str(error)
        made = await run_in_threadpool(page_bytes, generation, lang, "try", "try.html", context)
        return fresh(made, HTML, status)

    return [Route("/try", page, methods=["GET", "POST"])]


def _found(desk: Desk, read: Callable[[], list[Work]]) -> tuple[list[Shown], int]:
    works = read()
    tagged = tag_all(desk.holdings.authority, works[:SHOWN_WORKS])
    return [shown(desk, one) for one in tagged], len(works)
