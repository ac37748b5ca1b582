"""The pages: one function and one template each. In: a desk. Out: what the template is filled with.

`PAGES` is the registry of pages that stand alone, `ENTITY_PAGES` of those that an entity has. A new page is a function
here, a template, and a line in a registry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from kg.views import entities, overviews, people, work_page
from kg.views.charts import year_chart
from kg.views.desk import MAX_ROWS, ROWS_PART, Desk, Line, Name
from kg.views.explorer import map_data, map_of
from kg.views.home_data import search_data
from kg.views.thumbnail import thumbnail
from kg.views.words import table

Context = Mapping[str, Any]

#: Words that the script of the map shows.
EXPLORER_WORDS: Final = (
    "kind_state", "kind_alliance", "kind_concept", "kind_group", "kind_work", "kinds_state", "kinds_alliance", "kinds_concept",
    "kinds_group", "kinds_work", "role_member", "role_broader", "role_focus", "role_passing", "role_mentions", "role_uses",
    "role_names", "side_zh", "side_en", "side_other", "any", "in_focus", "in_passing", "n_works", "n_alliances", "undated",
    "hits_none", "hits_n", "hits_more", "map_search_hint", "map_nothing", "panel_hint", "show_all", "open_page", "expand",
    "collapse", "only_this", "depth_two", "why", "rule", "confidence", "evidence_title", "and_n_more", "text_on_page",
    "path_to", "path_title", "path_none", "path_n", "back", "column_kind", "column_ties", "name_here", "name_other", "year",
    "works", "rows_cut", "cite_text", "copied", "stand_in_note",
)  # fmt: skip
MATRIX_ROWS: Final = 20
MATRIX_COLUMNS: Final = 80
_HOME_LIST: Final = 12


class PageKind(NamedTuple):
    """A page that stands alone: where, which template, what fills it, and the word for it in the navigation."""

    path: str
    template: str
    context: Callable[[Desk], Context]
    word: str
    in_header: bool = True


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An alliance and, for each column, whether the work discusses it: ``focus``, ``passing`` or nothing."""

    name: Name
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Alliances by works, oldest work first, undated last."""

    columns: tuple[Line, ...]
    rows: tuple[MatrixRow, ...]
    all_columns: int
    all_rows: int


def matrix(desk: Desk) -> Matrix:
    """The matrix of alliances and works: the most discussed alliances, the newest works on them."""
    holdings = desk.holdings
    counts = holdings.counts("alliance")
    shown = counts[:MATRIX_ROWS]
    all_columns = sorted({number for count in counts for number in holdings.on("alliance", count.id)})
    of_rows = sorted({number for count in shown for number in holdings.on("alliance", count.id)})[:MATRIX_COLUMNS]
    undated = [number for number in of_rows if holdings.year[number] is None]
    columns = [number for number in reversed(of_rows) if holdings.year[number] is not None] + undated
    rows = []
    for name in desk.names("alliance", shown):
        inside, focus = set(holdings.on("alliance", name.id)), holdings.focus_on(name.id)
        cells = tuple("focus" if n in focus else "passing" if n in inside else "" for n in columns)
        if any(cells):
            rows.append(MatrixRow(name, cells))
    return Matrix(tuple(desk.line(number) for number in columns), tuple(rows), len(all_columns), len(counts))


def home(desk: Desk) -> Context:
    """Where to begin: search, counts, the pair question, the matrix, what is most discussed, the newest works."""
    holdings = desk.holdings
    everything = range(len(holdings.works))
    return {
        "n_works": len(holdings.works),
        "n_alliances": len(holdings.index["alliance"]),
        "n_states": len(holdings.index["state"]),
        "n_concepts": len(holdings.index["concept"]),
        "matrix": matrix(desk),
        "alliances": desk.names("alliance", holdings.counts("alliance")[:_HOME_LIST]),
        "concepts": desk.names("concept", holdings.counts("concept")[:_HOME_LIST]),
        "works": [desk.line(number) for number in everything[:_HOME_LIST]],
        "chart": year_chart(holdings.years(everything)),
        "thumbnail": thumbnail(desk),
        "languages": holdings.languages(),
        "sources": holdings.sources(),
        "data": search_data(desk),
    }


def _listing(kind: str) -> Callable[[Desk], Context]:
    def context(desk: Desk) -> Context:
        part = desk.part(desk.holdings.counts(kind), ROWS_PART, MAX_ROWS)
        return {"kind": kind, "names": desk.names(kind, part.items), "part": part}

    return context


def works(desk: Desk) -> Context:
    """All works, newest first, undated last."""
    part = desk.part(range(len(desk.holdings.works)), ROWS_PART, MAX_ROWS)
    return {"lines": desk.lines(part.items), "part": part}


def explorer(desk: Desk) -> Context:
    """The map of everything."""
    drawn = map_of(desk.holdings)
    return {
        "n_nodes": len(drawn.spots),
        "n_works": drawn.total_works,
        "n_works_drawn": len(drawn.works),
        "data": map_data(desk, drawn),
        "words": {key: table()[key][desk.words.lang] for key in EXPLORER_WORDS},
    }


def timeline(desk: Desk) -> Context:
    """Attention over time."""
    context = overviews.timeline(desk)
    return {**context, "whole": year_chart(context["years"])}


PAGES: tuple[PageKind, ...] = (
    PageKind("", "home.html", home, "home", in_header=False),
    PageKind("map", "map.html", explorer, "map"),
    PageKind("matrix", "matrix.html", overviews.state_matrix, "matrix"),
    PageKind("timeline", "timeline.html", timeline, "timeline"),
    PageKind("alliances", "listing.html", _listing("alliance"), "alliances"),
    PageKind("states", "listing.html", _listing("state"), "states"),
    PageKind("concepts", "concepts.html", entities.concept_tree, "concepts"),
    PageKind("works", "works.html", works, "works"),
    PageKind("persons", "listing.html", _listing("person"), "persons", in_header=False),
    PageKind("journals", "listing.html", _listing("journal"), "journals", in_header=False),
    PageKind("about", "about.html", overviews.about, "about"),
    PageKind("report", "report.html", overviews.report, "report", in_header=False),
)

ENTITY_PAGES: Mapping[str, tuple[str, Callable[[Desk, str], Context]]] = {
    "alliance": ("alliance.html", entities.alliance),
    "state": ("state.html", entities.state),
    "concept": ("concept.html", entities.concept),
    "group": ("group.html", entities.group),
    "person": ("maker.html", people.person),
    "journal": ("maker.html", people.journal),
    "work": ("work.html", work_page.work),
}
