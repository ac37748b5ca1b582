"""Pages and interactive views. In: tagged works and the authority. Out: HTML files that open without a server.

``write_site`` writes all pages of a build (see `site` for how, `pages` for which); ``dossier`` makes one file on an
alliance or a concept; ``view`` a small graph of what the works on something share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.model import TaggedWork
    from kg.report import Report
    from kg.views.words import PageLang

__all__ = ["dossier", "view", "write_site"]


def write_site(
    tagged_works: Iterable[TaggedWork],
    authority: Authority,
    out_dir: Path,
    report: Report | None = None,
    *,
    langs: Sequence[PageLang] = ("en", "zh"),
    earlier: bytes | None = None,
) -> list[Path]:
    """Write every page and the two interactive views; see `kg.views.site.write_site`."""
    from kg.views import site

    return site.write_site(tagged_works, authority, out_dir, report, langs=langs, earlier=earlier)


def dossier(
    tagged_works: Iterable[TaggedWork],
    authority: Authority,
    kind: Literal["alliance", "concept"],
    entity_id: str,
    *,
    lang: PageLang = "en",
    form: Literal["html", "md"] = "html",
) -> str:
    """One file on an alliance or a concept: time, works with evidence, concepts, both literatures, bibliography."""
    from kg.views import dossiers
    from kg.views.holdings import Holdings

    return dossiers.dossier(Holdings(tagged_works, authority), kind, entity_id, lang, form)


def view(
    tagged_works: Iterable[TaggedWork],
    authority: Authority,
    kind: Literal["alliance", "concept", "state", "group"],
    entity_id: str,
) -> str:
    """One small interactive graph as a page that needs nothing beside it: the works on an entity and what they share."""
    from kg.views.holdings import Holdings
    from kg.views.interactive import neighbourhood

    return neighbourhood(Holdings(tagged_works, authority), kind, entity_id)
