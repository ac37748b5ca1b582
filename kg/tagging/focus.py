"""Focus: the alliances that a work is about. In: the bonds of a work and its fields. Out: a bond for each alliance in focus.

Those of the title; else those that the abstract turns on, by how often, how early and how they are spoken of; at most three.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from kg.tagging.mentions import Bond, Field

_ILLUSTRATION: Final = re.compile(
    r"(?:such as|for example|for instance|e\.g\.|as in|like|illustrate\w*|illustrations?|instances? (?:of|are)|examples?|例如|诸如|比如|譬如)"
)
_CASES: Final = re.compile(r"案例|为例|个案|例证|\b(?:cases|case studies|as a case)\b")
_CASES_BEFORE: Final = re.compile(
    r"(?:以|cases? of |case stud(?:y|ies) of |examin\w+ |evidence from |focus\w* on |history of )(?:the )?(?:[a-z]+ ){0,2}$"
)


def find_focus(mentions: list[Bond], fields: Sequence[Field]) -> list[Bond]:
    """The alliances that a work is about: those of its title, else those that its abstract turns on; at most three."""
    if not mentions:
        return []
    scores: dict[str, float] = defaultdict(float)
    first_place: dict[str, float] = {}
    in_title: set[str] = set()
    has_title = any(field.name.startswith("title") for field in fields)
    state_counts: Counter[str] = Counter(mention.tag for field in fields for mention in field.states)
    places = {bond: (bond.field, fields[bond.field].sentence_at(bond.start)) for bond in mentions}
    tags_at: dict[tuple[int, int], set[str]] = defaultdict(set)
    for bond, place in places.items():
        tags_at[place].add(bond.tag)
    for bond in mentions:
        field = fields[bond.field]
        if field.name.startswith("title"):
            in_title.add(bond.tag)
            scores[bond.tag] += 4
            continue
        text = field.scan.folded.text
        first_place[bond.tag] = min(first_place.get(bond.tag, 1.0), bond.start / max(1, len(text)))
        before = text[max(0, bond.start - 30) : bond.start]
        if _ILLUSTRATION.search(before):
            scores[bond.tag] += 0.4
        else:
            scores[bond.tag] += 0.5 if len(tags_at[places[bond]]) > 2 else 1
        if _CASES.search(text, bond.start, bond.end + 24) or _CASES_BEFORE.search(before):
            scores[bond.tag] += 1.5
    for tag in scores:
        if first_place.get(tag, 1.0) < 0.3:
            scores[tag] += 0.8
        if re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", tag):
            weight = min(state_counts[tag[:3]], state_counts[tag[4:]])
            scores[tag] += min(1.5, 0.35 * weight)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    best = ranked[0][1]
    if in_title:
        chosen = [tag for tag, _ in ranked if tag in in_title][:3]
        chosen = [*chosen, *[tag for tag, score in ranked if tag not in in_title and score >= 0.8 * best]][:3]
    else:
        title_states = {m.tag for field in fields if field.name.startswith("title") for m in field.states}
        threshold = max(1.0, 0.6 * best)
        chosen = [tag for tag, score in ranked if score >= threshold]
        if len(chosen) > 3:
            chosen = [tag for tag in chosen if scores[tag] >= 0.8 * best][:3]
        if has_title and len(scores) > 1 and not title_states & {part for tag in chosen for part in tag.split("-")}:
            chosen = [tag for tag in chosen if scores[tag] >= 1.9]
    result = []
    for tag in chosen:
        evidence = [bond for bond in mentions if bond.tag == tag]
        result.append(evidence[0]._replace(rule="focus-title" if tag in in_title else "focus-frequency"))
    return result
