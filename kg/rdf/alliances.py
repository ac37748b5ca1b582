"""Pairs, coalitions, memberships. In: the authority and the alliances of a graph's works. Out: triples on them.

The tables have pacts; a pair or a coalition is made of state ids and stands in a graph once a work is tagged with it,
or, for pairs, once the two were members of a pact at one time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Final

from kg.model import TagId
from kg.rdf.nquads import text
from kg.terms import AKG, RDF, SKOS, alliance, scheme, state

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.things import Alliance, Membership

LANGS: Final = ("en", "zh-Hans", "zh-Hant")
_A: Final = f"<{RDF}type>"


def tag_of(authority: Authority, state_id: str) -> str:
    """The id that a state, a regime or a member is tagged by; its own where it is never tagged."""
    found = authority.states.get(state_id)
    return (found.tag_id or state_id) if found else state_id


def pact_pairs(authority: Authority, pact: Alliance) -> set[str]:
    """Pairs whose states were members of a pact in the same year.

    Quadratic in the number of members: 512 pairs for NATO.
    """
    if pact.pair:
        return {pact.pair}
    pairs = set()
    for one, other in combinations(pact.members, 2):
        tags = sorted((tag_of(authority, one.state), tag_of(authority, other.state)))
        if tags[0] != tags[1] and _overlap(pact, one, other):
            pairs.add("-".join(tags))
    return pairs


def _overlap(pact: Alliance, one: Membership, other: Membership) -> bool:
    starts = [start for member in (one, other) if (start := first_year(pact, member)) is not None]
    ends = [end for member in (one, other) if (end := last_year(pact, member)) is not None]
    return not starts or not ends or max(starts) <= min(ends)


def first_year(pact: Alliance, member: Membership) -> int | None:
    """First year of a membership: its own, else the pact's."""
    return member.first if member.first is not None else pact.first_year


def last_year(pact: Alliance, member: Membership) -> int | None:
    """Last year of a membership: its own, else the pact's; None while it lasts."""
    return member.last if member.last is not None else pact.last_year


def pacts_by_pair(authority: Authority, used: Iterable[str]) -> dict[str, list[str]]:
    """Pair → pacts that bind it, for every pair that was allied and every pair that works discuss.

    Notes
    -----
    A bilateral row stands under its pair whatever its status. Of wider pacts, those that are alliances bind all their
    pairs; those that are so in part bind only pairs that works discuss; unions and systems of another sort bind none.
    """
    discussed = set(used)
    found: dict[str, list[str]] = defaultdict(list)
    for pact in authority.alliances.values():
        pairs = pact_pairs(authority, pact) if pact.pair or pact.status in ("yes", "partial") else set()
        if not pact.pair and pact.status == "partial":
            pairs &= discussed
        for pair in pairs:
            if authority.parties(pair):
                found[pair].append(pact.id)
    return {pair: sorted(found[pair]) for pair in sorted(found)}


def alliance_triples(authority: Authority, used: Iterable[str]) -> tuple[list[str], list[str]]:
    """Triples for the graphs ``ontology`` (pairs and coalitions) and ``inferred`` (the pacts that pairs stand under).

    Parameters
    ----------
    used : iterable of str
        Ids of all alliances that some work is tagged with; pacts among them are passed over.
    """
    discussed = {tag for tag in used if tag not in authority.alliances and authority.parties(tag)}
    pacts = pacts_by_pair(authority, discussed)
    named = discussed | {pact.pair for pact in authority.alliances.values() if pact.pair}
    described: list[str] = []
    for tag in sorted(discussed | set(pacts)):
        described += describe_alliance(authority, TagId(tag), with_other_names=tag in named)
    under = [
        f"<{alliance(pair)}> <{AKG.underPact}> <{alliance(pact)}>" for pair, found in pacts.items() for pact in found
    ]
    return sorted(set(described)), sorted(set(under))


def describe_alliance(authority: Authority, tag: TagId, *, with_other_names: bool) -> list[str]:
    """Triples on one pair or coalition."""
    node = f"<{alliance(tag)}>"
    parties = authority.parties(tag)
    sort = AKG.Pair if len(parties) == 2 else AKG.Coalition
    lines = [f"{node} {_A} <{sort}>", f"{node} {_A} <{AKG.Alliance}>", f"{node} {_A} <{SKOS}Concept>"]
    lines.append(f"{node} <{SKOS}inScheme> <{scheme('alliances')}>")
    lines += [f"{node} <{AKG.member}> <{state(party)}>" for party in parties]
    lines += [f"{node} <{SKOS}prefLabel> {text(authority.label(tag, lang), lang)}" for lang in LANGS]
    if with_other_names:
        for lang, names in authority.names(tag).items():
            preferred = authority.label(tag, lang)
            lines += [
                f"{node} <{SKOS}altLabel> {text(name, lang)}" for name in dict.fromkeys(names) if name != preferred
            ]
    return lines
