"""The authority as triples. In: an Authority. Out: lines of the graph ``ontology``, but for pairs and coalitions.

Every state, pact, group, region, concept and rule with its names, and the memberships of pacts with their years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.rdf.alliances import first_year, last_year, tag_of
from kg.rdf.nquads import integer, plain, text, typed
from kg.terms import (
    AKG,
    DCTERMS,
    ORG,
    RDF,
    SKOS,
    WIKIDATA,
    alliance,
    concept,
    group,
    membership,
    region,
    rule,
    scheme,
    state,
)

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.things import Thing

_A: Final = f"<{RDF}type>"


def vocabulary_triples(authority: Authority) -> list[str]:
    """All lines, sorted, each once."""
    lines: set[str] = set()
    for thing in authority.states.values():
        node = f"<{state(thing.id)}>"
        lines |= _named(node, thing, AKG.State, "states")
        lines.add(f"{node} <{AKG.stateKind}> {plain(thing.kind)}")
        if thing.iso3 and thing.tag_id == thing.id:
            lines.add(f"{node} <{SKOS}notation> {typed(thing.iso3, AKG.iso3Code)}")
        if thing.cow is not None:
            lines.add(f"{node} <{SKOS}notation> {typed(str(thing.cow), AKG.cowCode)}")
        if thing.wikidata:
            lines.add(f"{node} <{SKOS}exactMatch> <{WIKIDATA}{thing.wikidata}>")
        if thing.tag_id and thing.tag_id != thing.id:
            lines.add(f"{node} <{AKG.taggedAs}> <{state(thing.tag_id)}>")
        lines |= {f"{node} <{AKG.successorOf}> <{state(earlier)}>" for earlier in thing.successor_of}
        lines |= _years(node, thing.first_year, thing.last_year)
    for pact in authority.alliances.values():
        node = f"<{alliance(pact.id)}>"
        lines |= _named(node, pact, AKG.Pact, "alliances")
        lines.add(f"{node} {_A} <{AKG.Alliance}>")
        if pact.wikidata:
            lines.add(f"{node} <{SKOS}exactMatch> <{WIKIDATA}{pact.wikidata}>")
        for term, value in (
            (AKG.allianceForm, pact.form),
            (AKG.allianceType, pact.type),
            (AKG.allianceStatus, pact.status),
        ):
            if value:
                lines.add(f"{node} <{term}> {plain(value)}")
        lines |= _years(node, pact.first_year, pact.last_year)
        for member in pact.members:
            first, last = first_year(pact, member), last_year(pact, member)
            party = f"<{state(tag_of(authority, member.state))}>"
            bond = f"<{membership(pact.id, member.state, first)}>"
            lines.add(f"{node} <{AKG.member}> {party}")
            lines |= {
                f"{bond} {_A} <{ORG}Membership>",
                f"{bond} <{ORG}member> {party}",
                f"{bond} <{ORG}organization> {node}",
            }
            lines |= _years(bond, first, last)
    for body in authority.groups.values():
        node = f"<{group(body.id)}>"
        lines |= _named(node, body, AKG.Group, "groups")
        lines.add(f"{node} <{AKG.groupKind}> {plain(body.type)}")
        lines |= _years(node, body.first_year, body.last_year)
    for place in authority.regions.values():
        node = f"<{region(place.id)}>"
        lines |= _named(node, place, AKG.Region, "regions")
        if place.broader:
            lines.add(f"{node} <{SKOS}broader> <{region(place.broader)}>")
    for idea in authority.concepts.values():
        node = f"<{concept(idea.id)}>"
        lines |= _named(node, idea, AKG.Concept, "concepts")
        lines |= {f"{node} <{SKOS}broader> <{concept(up)}>" for up in idea.broader}
        if not idea.broader:
            lines.add(f"{node} <{SKOS}topConceptOf> <{scheme('concepts')}>")
        for lang, names in idea.hidden.items():
            lines |= {f"{node} <{SKOS}hiddenLabel> {text(name, lang)}" for name in names}
        lines |= {f"{node} <{SKOS}definition> {text(words, lang)}" for lang, words in idea.definition.items()}
        if idea.source:
            lines.add(f"{node} <{DCTERMS}source> {plain(idea.source)}")
    for way in authority.rules.values():
        node = f"<{rule(way.id)}>"
        lines.add(f"{node} {_A} <{AKG.Rule}>")
        lines |= {f"{node} <{SKOS}prefLabel> {text(name, lang)}" for lang, name in way.labels.items()}
        lines |= {f"{node} <{SKOS}definition> {text(words, lang)}" for lang, words in way.definition.items()}
        lines.add(f"{node} <{AKG.ruleKind}> {plain(way.kind)}")
    return sorted(lines)


def _named(node: str, thing: Thing, own_class: str, in_scheme: str) -> set[str]:
    lines = {
        f"{node} {_A} <{own_class}>",
        f"{node} {_A} <{SKOS}Concept>",
        f"{node} <{SKOS}inScheme> <{scheme(in_scheme)}>",
    }
    for lang, name in thing.labels.items():
        lines.add(f"{node} <{SKOS}prefLabel> {text(name, lang)}")
    for lang, names in thing.alt.items():
        lines |= {f"{node} <{SKOS}altLabel> {text(name, lang)}" for name in names if name != thing.labels.get(lang)}
    return lines


def _years(node: str, first: int | None, last: int | None) -> set[str]:
    years = ((AKG.firstYear, first), (AKG.lastYear, last))
    return {f"{node} <{term}> {integer(year)}" for term, year in years if year is not None}
