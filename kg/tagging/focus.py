"""Focus: the alliances that a work is about. In: the bonds of a work and its fields. Out: a bond for each alliance in focus.

Whether an alliance is what a work turns on is judged from where and how often it and its states are spoken of, by a logistic regression;
at most three are in focus. ``tests/tools/fit_focus.py`` fits the weights to the gold works; in eight-fold cross-validation on
251 works F1 was 0.80, with what the grammar had missed counted as missed.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from kg.tagging.mentions import Bond, Field

_ILLUSTRATION: Final = re.compile(
    r"such as|for example|for instance|e\.g\.|as in|like|illustrate\w*|illustrations?|instances? (?:of|are)|examples?|例如|诸如|比如|譬如"
)
_CASES: Final = re.compile(r"案例|为例|个案|例证|\b(?:cases|case studies|as a case)\b")
_CASES_BEFORE: Final = re.compile(
    r"(?:以|cases? of |case stud(?:y|ies) of |examin\w+ |evidence from |focus\w* on |history of )(?:the )?(?:[a-z]+ ){0,2}$"
)
_OF_STATES: Final = re.compile(r"[A-Z]{3}(?:-[A-Z]{3})+")
_THRESHOLD: Final = 0.45
_MOST: Final = 3


class Features(NamedTuple):
    """What is known of one alliance in a work; shares and flags, 0 to 1."""

    in_title: float  # named in the title
    title_general: float  # the title names no state and no alliance
    title_both: float  # the title names two of its states
    title_one: float  # the title names one of them
    title_other: float  # the title names another alliance
    n_naming: float  # sentences of the abstract that name it, up to 4
    share: float  # the same as a share of all sentences
    top: float  # none is named in more sentences
    both: float  # sentences that name two of its states, up to 5
    both_share: float
    one_share: float
    early: float  # named in the first three tenths of the abstract
    earliness: float
    crowded: float  # only in sentences that name three alliances or more
    illustration: float  # only after "such as" and the like
    case: float  # called a case
    single: float  # the only alliance of the work
    n_alliances: float  # up to 6
    of_states: float  # a pair or coalition, not a pact
    unsure: float  # no mention with a confidence of 0.65
    least_state: float  # share of its less named state among all mentions of states
    no_title: float


_BIAS: Final = -0.86
_WEIGHTS: Final = Features(
    in_title=2.26, title_general=-0.11, title_both=0.64, title_one=0.97, title_other=-2.12, n_naming=1.01, share=0.57, top=0.23,
    both=1.37, both_share=0.89, one_share=0.36, early=0.26, earliness=-0.02, crowded=-0.17, illustration=-1.10, case=1.89,
    single=0.95, n_alliances=-1.56, of_states=-0.05, unsure=-0.23, least_state=0.99, no_title=0.24,
)  # fmt: skip


def find_focus(mentions: Sequence[Bond], fields: Sequence[Field]) -> list[Bond]:
    """The alliances that a work is about, the surest first; the confidence of each is its probability."""
    chosen = []
    for tag, features in features_of(mentions, fields).items():
        odds = _BIAS + sum(weight * value for weight, value in zip(_WEIGHTS, features, strict=True))
        probability = 1 / (1 + math.exp(-odds))
        if probability >= _THRESHOLD:
            rule = "focus-title" if features.in_title else "focus-frequency"
            first = next(bond for bond in mentions if bond.tag == tag)
            chosen.append((-probability, tag, first._replace(rule=rule, confidence=probability)))
    return [bond for _, _, bond in sorted(chosen)[:_MOST]]


def features_of(mentions: Sequence[Bond], fields: Sequence[Field]) -> dict[str, Features]:
    """Features of each alliance of a work, by its id."""
    titles = {number for number, field in enumerate(fields) if field.name.startswith("title")}
    title_states = {mention.tag for number in titles for mention in fields[number].states}
    title_tags = {bond.tag for bond in mentions if bond.field in titles}
    n_sentences = sum(len(field.sentences) for number, field in enumerate(fields) if number not in titles) or 1
    places: dict[str, list[tuple[Bond, tuple[int, int]]]] = defaultdict(list)
    tags_at: dict[tuple[int, int], set[str]] = defaultdict(set)
    for bond in mentions:
        place = (bond.field, fields[bond.field].sentence_at(bond.start))
        tags_at[place].add(bond.tag)
        if bond.field not in titles:
            places[bond.tag].append((bond, place))
    states_at: dict[tuple[int, int], set[str]] = defaultdict(set)
    for number, field in enumerate(fields):
        if number not in titles:
            for mention in field.states:
                states_at[number, field.sentence_at(mention.start)].add(mention.tag)
    state_counts = Counter(mention.tag for field in fields for mention in field.states)
    n_states = sum(state_counts.values()) or 1
    tags = sorted({bond.tag for bond in mentions})
    counts = {tag: len({place for _, place in places[tag]}) for tag in tags}
    most = max(counts.values(), default=0)
    best = {tag: max(bond.confidence for bond in mentions if bond.tag == tag) for tag in tags}
    found = {}
    for tag in tags:
        here = places[tag]
        parts = set(tag.split("-")) if _OF_STATES.fullmatch(tag) else set()
        both = sum(len(parts & states) >= 2 for states in states_at.values()) if parts else counts[tag]
        one = sum(bool(parts & states) for states in states_at.values()) if parts else counts[tag]
        first = min((bond.start / max(1, len(fields[bond.field].scan.folded.text)) for bond, _ in here), default=1.0)
        n_title = len(parts & title_states)
        found[tag] = Features(
            in_title=tag in title_tags,
            title_general=bool(titles) and not title_states and not title_tags,
            title_both=n_title >= 2,
            title_one=n_title == 1,
            title_other=tag not in title_tags and bool(title_tags),
            n_naming=min(counts[tag], 4) / 4,
            share=counts[tag] / n_sentences,
            top=counts[tag] == most,
            both=min(both, 5) / 5,
            both_share=both / n_sentences,
            one_share=one / n_sentences,
            early=first < 0.3,
            earliness=1 - first,
            crowded=min((len(tags_at[place]) for _, place in here), default=1) > 2,
            illustration=bool(here) and all(_ILLUSTRATION.search(_before(fields, bond)) for bond, _ in here),
            case=any(_is_case(fields, bond) for bond, _ in here),
            single=len(tags) == 1,
            n_alliances=min(len(tags), 6) / 6,
            of_states=bool(parts),
            unsure=best[tag] < 0.65,
            least_state=min((state_counts[part] for part in parts), default=0) / n_states,
            no_title=not titles,
        )
    return found


def _before(fields: Sequence[Field], bond: Bond) -> str:
    return fields[bond.field].scan.folded.text[max(0, bond.start - 30) : bond.start]


def _is_case(fields: Sequence[Field], bond: Bond) -> bool:
    text = fields[bond.field].scan.folded.text
    return bool(_CASES.search(text, bond.start, bond.end + 24) or _CASES_BEFORE.search(_before(fields, bond)))
