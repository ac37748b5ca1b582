"""What speaks for two records being one work, and what against it. In: two records. Out: a sum of weights with reasons.

The weights are logarithms of odds, rounded, set on pairs labelled by hand (``tests/gold/duplicates.jsonl``).
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

from kg import journals
from kg.identity import PERSISTENT
from kg.likeness import TextRelation, Title, TitleRelation, abstracts, bylines, title, titles
from kg.model import Record
from kg.pinyin import has_han
from kg.text import fold_key

MERGE_FROM: Final = 6.0  # sum of weights from which two records are one work
SAME_DOI: Final = 8.0
DOUBT_FROM: Final = 3.0  # below it, a person need not look


class Features:
    """A record, ready for comparing; its abstracts are folded when they are asked for, which most pairs never do."""

    __slots__ = ("_abstracts", "_record", "first_page", "has_abstract", "issue", "titles", "volume")

    def __init__(self, record: Record) -> None:
        self._record = record
        self._abstracts: tuple[str, ...] | None = None
        self.titles: tuple[Title, ...] = tuple(title(text.title) for text in record.texts if text.title)
        self.has_abstract = any(text.abstract for text in record.texts)
        self.first_page = plain_number(record.pages)
        self.volume = plain_number(record.volume)
        self.issue = plain_number(record.issue)

    @property
    def abstracts(self) -> tuple[str, ...]:
        """Folded abstracts that say enough to be compared."""
        if self._abstracts is None:
            texts = self._record.texts
            self._abstracts = tuple(key for text in texts if text.abstract and len(key := fold_key(text.abstract)) > 20)
        return self._abstracts


_NUMBER: Final = re.compile(r"([A-Za-z]?)(\d+)")


def plain_number(text: str | None) -> str | None:
    """A volume, an issue or a page without leading zeros and marks.

    >>> plain_number("pp. 007-12"), plain_number("E0"), plain_number("n. d.")
    ('7', 'e0', None)
    """
    found = _NUMBER.search(text) if text else None
    if found is None:
        return None
    number = found[2].lstrip("0") if found[2][0] == "0" else found[2]
    return (found[1] + (number or "0")).lower()


def features(record: Record) -> Features:
    """The parts of a record that are compared, folded."""
    return Features(record)


_TITLE_WEIGHT: Final[dict[TitleRelation, float]] = {
    "equal": 5.0, "base": 3.5, "near": 3.5, "close": -4.0, "different": -8.0, "unknown": 0.0, "part": -12.0
}  # fmt: skip
_ABSTRACT_WEIGHT: Final[dict[TextRelation, float]] = {
    "equal": 9.0,
    "near": 7.0,
    "overlap": 1.0,
    "different": -5.0,
    "unknown": 0.0,
}


class Comparison(NamedTuple):
    """The sum of what speaks for and against, and the reasons in words.

    ``clash``: their titles, in one script, are of two works, and no abstract says otherwise.
    """

    weight: float
    reasons: tuple[str, ...]
    clash: bool = False

    @property
    def score(self) -> float:
        """Between 0 and 1; 0.5 where the two begin to be one work."""
        return round(1 / (1 + math.exp((MERGE_FROM - self.weight) / 1.5)), 3)


class _Sum:
    """Adds up reasons."""

    def __init__(self) -> None:
        self.weight = 0.0
        self.reasons: list[str] = []

    def add(self, weight: float, reason: str) -> None:
        self.weight += weight
        if weight:
            self.reasons.append(f"{reason} ({weight:+g})")

    def add_all(self, other: _Sum) -> None:
        """Add the reasons of another sum."""
        self.weight += other.weight
        self.reasons += other.reasons


def compare(
    left: Record,
    right: Record,
    of: Features | None = None,
    other: Features | None = None,
    *,
    at_least: float = -math.inf,
) -> Comparison:
    """What speaks for two records being one work, and what against it.

    Parameters
    ----------
    left, right : Record
    of, other : Features, optional
        Those of the two, where they are at hand.
    at_least : float
        Where the weight is surely below it, what costs most is not looked at, and the weight is minus infinity.

    Returns
    -------
    Comparison
        From `MERGE_FROM` on they are the same.
    """
    of, other = of or features(left), other or features(right)
    total = _Sum()
    relation, generic = _titles(of, other)
    _add_ids(total, left, right, relation)
    _add_title(total, of, other, relation, generic)
    place = _Sum()
    _add_place(place, left, right, of, other, generic)
    room = _MOST_BY_TEXT if of.has_abstract and other.has_abstract else 0.0
    room += 4.0 if relation in ("equal", "unknown") else 0.0  # the same in everything
    if total.weight + place.weight + room + _MOST_BY_AUTHORS < at_least:
        return _TOO_LITTLE
    authors = bylines(left.authors, right.authors)
    signed = _Sum()
    _add_authors(signed, left, right, authors)
    if total.weight + place.weight + room + signed.weight < at_least:
        return _TOO_LITTLE
    same_text = _add_abstract(total, of, other, relation)
    total.add_all(signed)
    total.add_all(place)
    if _same_in_everything(left, right):
        if not generic:
            total.add(3.0, "the same in everything")
        elif left.source != right.source and (left.authors or left.pages):
            total.add(4.0, "the same in everything, from two sources")
    if left.kind != right.kind and "other" not in (left.kind, right.kind):
        is_mild = relation == "equal" and left.year == right.year and authors in ("same", "unknown")
        total.add(-0.5 if is_mild else -2.0, f"{left.kind} and {right.kind}")
    return Comparison(
        round(total.weight, 2), tuple(total.reasons), clash=relation in ("different", "part") and not same_text
    )


_TOO_LITTLE: Final = Comparison(-math.inf, ())
_MOST_BY_TEXT: Final = max(_ABSTRACT_WEIGHT.values())
_MOST_BY_AUTHORS: Final = 3.0
_EVERYTHING: Final = "texts authors journal year volume issue pages doi id kind".split()


def _same_in_everything(left: Record, right: Record) -> bool:
    """Whether two records say the same, word for word."""
    return all(getattr(left, name) == getattr(right, name) for name in _EVERYTHING)


_RELATION_RANK: Final = ("equal", "base", "near", "unknown", "close", "different", "part")


def _titles(of: Features, other: Features) -> tuple[TitleRelation, bool]:
    """The best relation between any two titles of the same script, and whether the titles are generic."""
    if not of.titles or not other.titles:
        return "unknown", False
    best: TitleRelation = "unknown"
    found: list[TitleRelation] = [titles(first, second) for first in of.titles for second in other.titles]
    known = [relation for relation in found if relation != "unknown"]
    if known:
        best = min(known, key=_RELATION_RANK.index)
    return best, of.titles[0].is_generic or other.titles[0].is_generic


def _add_ids(total: _Sum, left: Record, right: Record, relation: TitleRelation) -> None:
    if left.doi and right.doi:
        if left.doi == right.doi:
            total.add(SAME_DOI, "same DOI")
        else:
            total.add(-5.0, "different DOIs")
            if left.year and right.year and abs(left.year - right.year) > 1:
                total.add(-6.0, "and different years")
    for scheme in PERSISTENT:
        first, second = left.identifiers.get(scheme), right.identifiers.get(scheme)
        if first and second:
            if first.lower() == second.lower():
                total.add(8.0, f"same {scheme} id")
            elif scheme in ("pmid", "pmcid", "wos", "scopus"):
                total.add(-4.0, f"different {scheme} ids")
    if left.kind == right.kind == "book":
        first, second = left.identifiers.get("isbn"), right.identifiers.get("isbn")
        if first and second:
            total.add(6.0 if first == second else -2.0, "same ISBN" if first == second else "different ISBNs")
    if left.id and left.id == right.id:
        fits = relation in ("equal", "base", "near")
        lacks_title = not (left.title and right.title)
        total.add(
            6.0 if lacks_title else 4.0 if fits else 3.0 if relation == "unknown" else 0.0, "same id in their sources"
        )


def _add_title(total: _Sum, of: Features, other: Features, relation: TitleRelation, generic: bool) -> None:
    weight = _TITLE_WEIGHT[relation]
    if generic and relation in ("equal", "base", "near"):
        total.add(0.5, "the same title, which many works have")
        return
    if relation == "equal":
        shared = min((t.key for t in of.titles if t.key in {o.key for o in other.titles}), key=len, default="")
        length = len(shared) * (2.5 if has_han(shared) else 1)
        weight = 6.5 if length >= 30 else 5.0 if length >= 18 else 3.5
    words = {"equal": "same title", "base": "same title but for the subtitle", "near": "titles differ as typing errors do",
             "close": "titles share most words, but not all", "different": "different titles", "part": "titles of different parts, editions or kinds",
             "unknown": ""}  # fmt: skip
    total.add(weight, words[relation])


def _is_short(of: Features, other: Features) -> bool:
    """Whether a title is so short that reports of two years may bear it."""
    keys = [read.key for side in (of, other) for read in side.titles]
    return bool(keys) and min(len(key) * (2.5 if has_han(key) else 1) for key in keys) < 18


def _add_abstract(total: _Sum, of: Features, other: Features, relation: TitleRelation) -> bool:
    """Weigh the abstracts; whether they are the same."""
    found = [abstracts(first, second) for first in of.abstracts for second in other.abstracts]
    known = [item for item in found if item != "unknown"]
    if not known:
        return False
    order = ("equal", "near", "overlap", "different")
    best = min(known, key=order.index)
    weight = _ABSTRACT_WEIGHT[best]
    if best == "equal":
        shared = next(key for key in of.abstracts if key in other.abstracts)
        if len(shared) < (30 if has_han(shared) else 80):
            weight = 3.0
    if best == "different" and relation == "equal":
        weight = -3.0
    if best in ("equal", "near") and relation == "part":
        weight = min(weight, 4.0)
    total.add(
        weight,
        {
            "equal": "same abstract",
            "near": "nearly the same abstract",
            "overlap": "abstracts overlap",
            "different": "different abstracts",
        }[best],
    )
    return best in ("equal", "near")


def _add_authors(total: _Sum, left: Record, right: Record, relation: str) -> None:
    if relation == "same":
        total.add(3.0, "same authors")
    elif relation == "compatible":
        total.add(2.0, "authors fit")
    elif relation == "disjoint":
        total.add(-5.0, "different authors")


def _add_place(total: _Sum, left: Record, right: Record, of: Features, other: Features, generic: bool) -> None:
    if left.year and right.year:
        apart = abs(left.year - right.year)
        if apart == 0:
            total.add(1.5, "same year")
        elif apart == 1 and generic is False and _is_short(of, other):
            total.add(-1.5, "short titles, a year apart")
        elif apart > 1:
            total.add(-3.5 if apart < 4 else -4.5, f"{apart} years apart")
    same_journal = journals.same(left.journal, right.journal) if left.journal and right.journal else None
    if same_journal is not None:
        total.add(1.0 if same_journal else -1.5, "same journal" if same_journal else "different journals")
    if of.volume and other.volume and of.volume != other.volume:
        total.add(-1.5, "different volumes")
    if of.issue and other.issue:
        if of.issue != other.issue:
            total.add(-2.0, "different issues")
        elif left.year == right.year and left.year and same_journal is not False:
            total.add(0.5, "same issue")
    if of.first_page and other.first_page:
        if of.first_page == other.first_page:
            total.add(2.5 if same_journal is not False else 1.0, "same first page")
        elif same_journal is not False:
            total.add(-4.0, "different pages")
