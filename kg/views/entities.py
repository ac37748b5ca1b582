"""Pages of alliances, states, concepts and groups. In: a desk and an id. Out: what their templates are filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.views.charts import YearChart, year_chart
from kg.views.desk import EVIDENCE_PART, MAX_EVIDENCE, Desk, Name

if TYPE_CHECKING:
    from kg.authority import Alliance

Context = Mapping[str, Any]
_LIST: Final = 12
_PEOPLE: Final = 8


@dataclass(frozen=True, slots=True)
class Form:
    """A treaty or pact behind an alliance: its name and its years."""

    label: str
    lang: str
    other: str
    other_lang: str
    first: int | None
    last: int | None
    type: str
    status: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an alliance and its years in it."""

    name: Name
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Bond:
    """One of a state's alliances: with whom, when, how often discussed."""

    name: Name
    partners: tuple[Name, ...]
    first: int | None
    last: int | None
    ongoing: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept and what is narrower than it."""

    name: Name
    children: tuple[Branch, ...]
    is_facet: bool


def _common(desk: Desk, kind: str, entity_id: str) -> dict[str, Any]:
    numbers = list(desk.holdings.on(kind, entity_id))
    part = desk.part(sorted(numbers), EVIDENCE_PART, MAX_EVIDENCE)
    chart: YearChart = year_chart(desk.holdings.years(numbers))
    return {
        "kind": kind,
        "id": entity_id,
        "name": desk.name(kind, entity_id),
        "n_works": len(numbers),
        "chart": chart,
        "evidence": desk.evidence(kind, entity_id, part.items),
        "part": part,
        "n_focus": len(desk.holdings.focus_on(entity_id)) if kind == "alliance" else 0,
    }


def tag_of(desk: Desk, state_id: str) -> str:
    """The id that texts tag a state by: an empire may share its successor's."""
    state = desk.holdings.authority.states.get(state_id)
    return state.tag_id or state_id if state else state_id


def forms_of(desk: Desk, alliance_id: str) -> tuple[Alliance, ...]:
    """Rows of the authority behind an alliance id: the pact itself, or the treaties between a pair."""
    authority = desk.holdings.authority
    if alliance_id in authority.alliances:
        return (authority.alliances[alliance_id],)
    rows = (row for row in authority.alliances.values() if row.pair == alliance_id)
    return tuple(sorted(rows, key=lambda row: (row.first_year or 0, row.id)))


def alliance(desk: Desk, alliance_id: str) -> Context:
    """An alliance: members, treaties, evidence, attention over time, concepts, who writes on it, what is like it."""
    holdings = desk.holdings
    authority = holdings.authority
    numbers = holdings.on("alliance", alliance_id)
    forms = forms_of(desk, alliance_id)
    row = authority.alliances.get(alliance_id)
    member_ids = [tag_of(desk, state) for state in authority.members(alliance_id)]
    spans = (
        {tag_of(desk, m.state): (m.first or row.first_year, m.last or row.last_year) for m in row.members}
        if row
        else {}
    )
    members = [
        Member(desk.name("state", state), *spans.get(state, (None, None))) for state in dict.fromkeys(member_ids)
    ]
    wider = []
    if len(set(member_ids)) == 2:
        for other in sorted(holdings.index["alliance"]):
            others = {tag_of(desk, state) for state in authority.members(other)}
            if len(others) > 2 and set(member_ids) <= others:
                wider.append(desk.name("alliance", other))
    context = _common(desk, "alliance", alliance_id)
    return context | {
        "members": members,
        "forms": [_form(desk, form) for form in forms],
        "is_pact": row is not None,
        "wider": wider,
        "concepts": desk.names("concept", holdings.counts("concept", numbers)[:_LIST]),
        "authors": desk.names("person", holdings.counts("person", numbers)[:_PEOPLE]),
        "journals": desk.names("journal", holdings.counts("journal", numbers)[:_PEOPLE]),
        "also": [
            desk.name("alliance", count.id, count)
            for count in holdings.counts("alliance", numbers)[: _LIST + 1]
            if count.id != alliance_id
        ],
        "similar": [desk.name("alliance", other) for other, _ in holdings.similar(alliance_id)],
    }


def _form(desk: Desk, form: Alliance) -> Form:
    other_lang = "en" if desk.words.lang == "zh" else "zh-Hans"
    label, other = form.labels.get(desk.name_lang, ""), form.labels.get(other_lang, "")
    return Form(
        label or other,
        desk.name_lang if label else other_lang,
        other if label and other != label else "",
        other_lang,
        form.first_year,
        form.last_year,
        form.type,
        form.status,
    )


def state(desk: Desk, state_id: str) -> Context:
    """A state: names, years, its alliances and how often they are discussed, those never discussed, concepts."""
    holdings = desk.holdings
    authority = holdings.authority
    numbers = holdings.on("state", state_id)
    row = authority.states.get(state_id)
    bonds = []
    for alliance_id in _alliances_with(desk, state_id):
        forms = forms_of(desk, alliance_id)
        members = dict.fromkeys(tag_of(desk, member) for member in authority.members(alliance_id))
        firsts = [form.first_year for form in forms if form.first_year is not None]
        lasts = [form.last_year for form in forms]
        bonds.append(
            Bond(
                name=desk.name("alliance", alliance_id),
                partners=tuple(desk.name("state", member) for member in members if member != state_id),
                first=min(firsts, default=None),
                last=max((last for last in lasts if last is not None), default=None),
                ongoing=any(last is None for last in lasts),
            )
        )
    bonds.sort(key=lambda bond: (-bond.name.works, -bond.name.focus, bond.name.id))
    related = [other for other in authority.states.values() if row and row.id in other.successor_of]
    context = _common(desk, "state", state_id)
    return context | {
        "first": row.first_year if row else None,
        "last": row.last_year if row else None,
        "predecessors": [desk.name("state", tag_of(desk, p)) for p in row.successor_of] if row else [],
        "successors": [
            desk.name("state", tag_of(desk, other.id)) for other in related if tag_of(desk, other.id) != state_id
        ],
        "bonds": bonds,
        "never": _never_discussed(desk, state_id),
        "concepts": desk.names("concept", holdings.counts("concept", numbers)[:_LIST]),
        "with_states": desk.names("state", [c for c in holdings.counts("state", numbers) if c.id != state_id][:_LIST]),
    }


def _alliances_with(desk: Desk, state_id: str) -> list[str]:
    rows = {state_id, *(row.id for row in desk.holdings.authority.states.values() if row.tag_id == state_id)}
    return sorted({alliance for row in rows for alliance in desk.holdings.alliances_of.get(row, ())})


def _never_discussed(desk: Desk, state_id: str) -> list[tuple[Form, tuple[Name, ...]]]:
    """Alliances that a state was a member of and no work discusses, the oldest first."""
    found = []
    for row in desk.holdings.authority.alliances.values():
        members = dict.fromkeys(tag_of(desk, member.state) for member in row.members)
        tag = row.pair or row.id
        if state_id in members and row.status == "yes" and tag not in desk.holdings.index["alliance"]:
            partners = tuple(desk.name("state", member) for member in members if member != state_id)
            found.append((row.first_year or 0, row.id, _form(desk, row), partners))
    return [(form, partners) for _, _, form, partners in sorted(found, key=lambda item: item[:2])]


def concept(desk: Desk, concept_id: str) -> Context:
    """A concept: definition, place in the tree, the alliances it is discussed with, attention by year, evidence."""
    holdings = desk.holdings
    authority = holdings.authority
    row = authority.concepts[concept_id]
    numbers = holdings.on("concept", concept_id)
    narrower = sorted(other.id for other in authority.concepts.values() if concept_id in other.broader)
    definition_lang = desk.words.lang if row.definition.get(desk.words.lang) else desk.name_lang
    definition = row.definition.get(definition_lang, "")
    if not definition and row.definition:
        definition_lang, definition = next(iter(row.definition.items()))
    context = _common(desk, "concept", concept_id)
    return context | {
        "definition": definition,
        "definition_lang": "zh-Hans" if definition_lang.startswith("zh") else definition_lang,
        "source": row.source,
        "is_facet": row.is_facet,
        "broader": [desk.name("concept", other) for other in row.broader],
        "narrower": [desk.name("concept", other) for other in narrower],
        "alliances": desk.names("alliance", holdings.counts("alliance", numbers)[:_LIST]),
        "with_concepts": desk.names(
            "concept", [c for c in holdings.counts("concept", numbers) if c.id != concept_id][:_LIST]
        ),
        "also_called": _also_called(row.alt, row.labels),
    }


def _also_called(alt: Mapping[str, Any], labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Other names with their languages, each once, those of the page's labels left out."""
    seen = set(labels.values())
    found = []
    for lang in ("en", "zh-Hans", "zh-Hant"):
        for name in alt.get(lang, ()):
            if name not in seen:
                seen.add(name)
                found.append((name, lang))
    return found


def concept_tree(desk: Desk) -> Context:
    """All concepts as a tree, with the number of works of each."""
    concepts = desk.holdings.authority.concepts
    children: dict[str, list[str]] = {}
    for row in concepts.values():
        for broader in row.broader:
            children.setdefault(broader, []).append(row.id)

    def branch(concept_id: str, above: tuple[str, ...]) -> Branch:
        below = [
            branch(child, (*above, concept_id))
            for child in sorted(children.get(concept_id, []), key=lambda c: (-len(desk.holdings.on("concept", c)), c))
            if child not in above
        ]
        return Branch(desk.name("concept", concept_id), tuple(below), concepts[concept_id].is_facet)

    tops = [row.id for row in concepts.values() if not row.broader]
    return {"tree": [branch(concept_id, ()) for concept_id in tops], "n_concepts": len(concepts)}


def group(desk: Desk, group_id: str) -> Context:
    """An armed group: its years, the alliances and states it is named with, evidence."""
    holdings = desk.holdings
    row = holdings.authority.groups[group_id]
    numbers = holdings.on("group", group_id)
    context = _common(desk, "group", group_id)
    return context | {
        "first": row.first_year,
        "last": row.last_year,
        "states": desk.names("state", holdings.counts("state", numbers)[:_LIST]),
        "concepts": desk.names("concept", holdings.counts("concept", numbers)[:_LIST]),
        "also_called": _also_called(row.alt, row.labels),
    }
