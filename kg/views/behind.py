"""The query behind a panel. In: a question's name and what it is bound to. Out: its title, its text, how to run it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from kg import terms

if TYPE_CHECKING:
    from kg.views.desk import Desk


class Behind(NamedTuple):
    """A question of the collection, bound to what a page is about.

    Parameters
    ----------
    href : str or None
        Where it opens in the editor; None on pages that no server stands behind.
    """

    title: str
    command: str
    text: str
    href: str | None


def behind(desk: Desk, question: str, **bound: str) -> Behind:
    """The question that gives the rows of a panel.

    Parameters
    ----------
    question : str
        Name of one of ``kg/queries``.
    **bound
        Input → id, of the kind that the input's name says: ``alliance``, ``state``, ``concept``, ``work``.
    """
    from kg.query import Iri, bound_rows, get_question

    found = get_question(question)
    iris = {name: Iri(_iri(desk, name, entity_id)) for name, entity_id in bound.items()}
    text = found.bind(bound_rows(found, iris, desk.holdings.authority))
    binds = " ".join(f"--bind {name}={entity_id}" for name, entity_id in bound.items())
    href = None
    if desk.addresses.served:
        fields = {"lang": desk.words.lang, "question": found.name, **bound}
        href = desk.page("sparql").split("?")[0] + "?" + urlencode(fields)
    return Behind(found.title(desk.words.lang), f"kg query {found.name} {binds}".strip(), text, href)


def _iri(desk: Desk, name: str, entity_id: str) -> str:
    kinds = {
        "alliance": terms.alliance,
        "state": terms.state,
        "concept": terms.concept,
        "work": desk.holdings.base.work,
    }
    return kinds[name](entity_id)
