"""Files on one entity that the server makes on request. In: a generation, an entity. Out: a page to keep.

They carry their own scripts and style, which the policy of the server's pages forbids, so they are sent as files to save:
a browser does not show them at our address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.views.words import PageLang
from kg.web.answering import HTML

if TYPE_CHECKING:
    from kg.web.library import Generation


class Download(NamedTuple):
    """A form in which an entity can be taken away: media type, ending, kinds that have it."""

    media_type: str
    ending: str
    kinds: tuple[str, ...]


DOWNLOADS: Final[Mapping[str, Download]] = {
    "dossier": Download(HTML, "html", ("alliance", "concept")),
    "md": Download("text/markdown; charset=utf-8", "md", ("alliance", "concept")),
    "view": Download(HTML, "view.html", ("alliance", "concept", "state", "group")),
}


def made(generation: Generation, lang: PageLang, kind: str, entity_id: str, form: str) -> bytes:
    """The file."""
    from kg import views
    from kg.views.dossiers import dossier

    holdings = generation.holdings
    if form == "view":
        works = [holdings.works[number] for number in holdings.on(kind, entity_id)]
        text = views.view(works, holdings.authority, kind, entity_id)  # type: ignore[arg-type]
    else:
        text = dossier(holdings, kind, entity_id, lang, "html" if form == "dossier" else "md")  # type: ignore[arg-type]
    return text.encode("utf-8", "replace")


def disposition(kind: str, entity_id: str, form: str) -> Mapping[str, str]:
    """The header that says: save this, under this name."""
    from urllib.parse import quote

    name = f"{kind}-{entity_id}.{DOWNLOADS[form].ending}"
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
