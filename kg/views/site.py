"""Write the pages as files. In: tagged works, an authority, a folder. Out: the paths of what was written.

Each page stands in ``en/`` and ``zh/`` and opens from the disk without a server or a network. Pages are a pure function
of their input: equal works give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import compress, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.model import TaggedWork
from kg.views.addresses import Addresses, FileAddresses, file_stems
from kg.views.behind import behind
from kg.views.desk import Desk, Drawn
from kg.views.explorer import map_of, positions_csv, read_positions
from kg.views.holdings import TAGGED_KINDS, Holdings
from kg.views.overviews import report
from kg.views.pages import ENTITY_PAGES, PAGES
from kg.views.rendering import Assets, fill, inline_assets, language_name, script_words
from kg.views.schema_org import collection, schema_org
from kg.views.words import NAME_LANG, PAGE_LANGS, PageLang, Words

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.report import Report

#: Beyond so many works, those that are not on an alliance, concept or group have no page of their own.
MAX_WORK_PAGES: Final = 5_000

#: What each template needs beyond what every page has: scripts, style sheets.
_NEEDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "home.html": (("home",), ("search", "home")),
    "map.html": (("explorer",), ("search", "map")),
    "matrix.html": (("matrix",), ("overview",)),
    "timeline.html": (("timeline",), ("overview",)),
    "about.html": ((), ("overview",)),
}


def page_needs(template: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Scripts and style sheets of a page with this template."""
    scripts, styles = _NEEDS.get(template, ((), ()))
    return ("page", *scripts), ("kg", *styles)


def entities_with_pages(holdings: Holdings) -> dict[str, list[str]]:
    """Ids of each kind that have a page: what is tagged, members of discussed alliances, every concept."""
    authority = holdings.authority
    found = {kind: set(holdings.index[kind]) for kind in TAGGED_KINDS}
    for alliance in holdings.index["alliance"]:
        for state in authority.members(alliance):
            row = authority.states.get(state)
            found["state"].add((row.tag_id or state) if row else state)
    found["concept"] |= set(authority.concepts)
    found["group"] &= set(authority.groups)
    found |= {kind: set(holdings.index[kind]) for kind in ("person", "journal")}
    works = holdings.ids
    if len(works) > MAX_WORK_PAGES:
        works = list(islice(compress(works, holdings.relevant), MAX_WORK_PAGES))
    return {kind: sorted(ids) for kind, ids in found.items()} | {"work": sorted(works)}


def render(
    holdings: Holdings,
    addresses: Addresses,
    lang: PageLang,
    path: str,
    template: str,
    context: Mapping[str, Any],
    assets: Assets,
    desk: Desk | None = None,
) -> str:
    """The text of one page in one language."""
    words = Words(lang)
    desk = desk or Desk(holdings, addresses, words, path)
    here_link = addresses.page(path, lang, path)
    frame = {
        "t": words,
        "desk": desk,
        "page_lang": NAME_LANG[lang],
        "other_page_lang": NAME_LANG[words.other],
        "here_in_other": addresses.page(path, words.other, path),
        "foot_navigation": [page for page in PAGES if not page.in_header and page.path],
        "navigation": [page for page in PAGES if page.in_header],
        "served": addresses.served,
        "here_link": here_link,
        "alternates": alternates(here_link) if addresses.served and "id" in context else (),
        "assets": assets,
        "script_words": script_words(words),
        "lang_name": lambda code: language_name(words, code),
        "rule_name": desk.rule,
        "rule_meaning": desk.rule_meaning,
        "behind_of": lambda question, bound: behind(desk, question, **bound),
        "json_ld": json_ld(desk, context, path),
    }
    return fill(template, {**frame, **context})


def json_ld(desk: Desk, context: Mapping[str, Any], path: str) -> dict[str, Any] | None:
    """What a page is about for machines: its entity, on the home page the collection, else nothing."""
    if not path:
        return collection(desk)
    if path.partition("/")[0] in ENTITY_PAGES and "id" in context:
        return schema_org(desk, context["kind"], context["id"])
    return None


def alternates(here_link: str) -> tuple[tuple[str, str], ...]:
    """What an entity's address gives in other forms: media type and address."""
    return (
        ("text/turtle", f"{here_link}&format=ttl"),
        ("application/ld+json", f"{here_link}&format=jsonld"),
        ("application/json", f"{here_link}&format=json"),
    )


def site_pages(
    holdings: Holdings, langs: Sequence[PageLang] = PAGE_LANGS, *, with_shared: bool = True
) -> Iterator[tuple[str, str]]:
    """Every file of the site, its path below the root and its text; of some languages, with or without what these share."""
    entities = entities_with_pages(holdings)
    addresses = FileAddresses({kind: file_stems(ids) for kind, ids in entities.items()})
    for lang in langs:
        words = Words(lang)
        drawn = Drawn()  # links between pages of entities are the same from each
        for page in PAGES:
            desk = Desk(holdings, addresses, words, page.path)
            assets = inline_assets(*page_needs(page.template))
            text = render(holdings, addresses, lang, page.path, page.template, page.context(desk), assets, desk)
            yield addresses.file(page.path, lang), text
        for kind, (template, context) in ENTITY_PAGES.items():
            assets = inline_assets(*page_needs(template))
            for entity_id in entities[kind]:
                path = addresses.path(kind, entity_id)
                desk = Desk(holdings, addresses, words, path, drawn=drawn)
                text = render(holdings, addresses, lang, path, template, context(desk, entity_id), assets, desk)
                yield addresses.file(path, lang), text
    if not with_shared:
        return
    yield "index.html", begin_page(holdings, addresses)
    yield "report.html", report_page(holdings, addresses)


def begin_page(holdings: Holdings, addresses: FileAddresses) -> str:
    """The page that opens first: both languages, and where to begin."""
    authority = holdings.authority
    most = [
        (authority.label(count.id, "en"), authority.label(count.id, "zh-Hans"), count.works,
         f"alliance/{addresses.stems['alliance'][count.id]}.html".replace("%", "%25"))
        for count in holdings.counts("alliance")[:5]
    ]  # fmt: skip
    return fill(
        "begin.html",
        {
            "en": Words("en"),
            "zh": Words("zh"),
            "assets": inline_assets((), ("kg", "home")),
            "n_works": len(holdings.works),
            "n_alliances": len(holdings.index["alliance"]),
            "most": most,
        },
    )


def report_page(holdings: Holdings, addresses: FileAddresses) -> str:
    """The report in both languages, where a build's other files lie."""
    words = {lang: Words(lang) for lang in PAGE_LANGS}
    names = {f"{lang}_lang_name": partial(language_name, words[lang]) for lang in PAGE_LANGS}
    context = report(Desk(holdings, addresses, words["en"], "report"))
    return fill(
        "report_both.html",
        {
            **{str(lang): word for lang, word in words.items()},
            **names,
            **context,
            "assets": inline_assets(("page",), ("kg", "overview")),
        },
    )


def write_site(
    tagged_works: Iterable[TaggedWork],
    authority: Authority,
    out_dir: Path,
    report: Report | None = None,
    *,
    langs: Sequence[PageLang] = PAGE_LANGS,
    earlier: bytes | None = None,
) -> list[Path]:
    """Write every page and the two interactive views.

    Parameters
    ----------
    tagged_works : iterable of TaggedWork
    authority : Authority
    out_dir : Path
        Made where it is missing; files of the same names are replaced, nothing else is touched. Where it holds a
        ``positions.csv``, the map starts from it.
    report : Report, optional
        What the build has to say, for the page of the report.
    langs : sequence of str
        Languages of the pages; what these share is written with the first one of all.
    earlier : bytes, optional
        Positions to start the map from, where several processes write one site; else those of ``positions.csv``.

    Returns
    -------
    list of Path
        The files written, sorted.
    """
    from kg.views.interactive import alliances_view, concepts_view

    positions = out_dir / "positions.csv"
    if earlier is None and positions.is_file():
        earlier = positions.read_bytes()
    holdings = Holdings(tagged_works, authority, report, read_positions(earlier) if earlier else None)
    with_shared = PAGE_LANGS[0] in langs
    written = [_write(out_dir / name, text) for name, text in site_pages(holdings, langs, with_shared=with_shared)]
    if not with_shared:
        return sorted(written)
    written.append(_write(positions, positions_csv(map_of(holdings))))
    entities = entities_with_pages(holdings)
    addresses = FileAddresses({kind: file_stems(ids) for kind, ids in entities.items()})
    written.append(_write(out_dir / "alliances.html", alliances_view(holdings, addresses)))
    written.append(_write(out_dir / "concepts.html", concepts_view(holdings, addresses)))
    return sorted(written)


def _write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", errors="replace") if isinstance(text, str) else text)
    return path
