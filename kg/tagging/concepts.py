"""Concepts: labels first, then patterns for what is said in other words. In: folded fields. Out: concept mentions.

One automaton holds the labels and the literals of all patterns. A pattern's regular expression is tried only in a sentence in which
all its longer elements were found, and only where a match can begin.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from kg.tagging.concept_index import LanguageIndex, load_index
from kg.text import LATIN_ALNUM, Folded, sentences

if TYPE_CHECKING:
    from kg.authority import Authority

_Key = TypeVar("_Key", int, str)

_LABEL_CONFIDENCE: Final = 0.93


class ConceptMention(NamedTuple):
    """A concept in a folded text, with the pattern or label that found it."""

    start: int
    end: int
    tag: str
    rule: str
    confidence: float
    why: str


class ConceptFinder:
    """Finds concepts in fields of works that are about the field's matter.

    Parameters
    ----------
    authority : Authority
        Its concepts give the labels, its patterns the rest.

    Raises
    ------
    OntologyError
        A pattern or a guard has a fault.
    """

    def __init__(self, authority: Authority) -> None:
        import ahocorasick_rs

        index = load_index(authority)
        self.n_patterns = index.n_patterns
        self._guards = index.guards
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._languages = {
            lang: (
                part,
                _kinds(part),
                ahocorasick_rs.AhoCorasick(
                    part.names or ["\0"],
                    matchkind=ahocorasick_rs.MatchKind.Standard,
                    implementation=ahocorasick_rs.Implementation.ContiguousNFA,
                ),
            )
            for lang, part in index.languages.items()
        }

    def _regex(self, source: str) -> re.Pattern[str]:
        compiled = self._compiled.get(source)
        if compiled is None:
            compiled = self._compiled[source] = re.compile(source, re.DOTALL)
        return compiled

    def find(
        self, folded: Folded, masked: str, lang: str, spans: list[tuple[int, int]] | None = None
    ) -> list[ConceptMention]:
        """The concept mentions of a field.

        Parameters
        ----------
        folded : Folded
        masked : str
            The folded text with its states masked (`kg.tagging.patterns`).
        lang : str
            ``zh`` or ``en``: whose labels and patterns apply.
        spans : sequence of (int, int), optional
            Sentences, where they are known already.
        """
        text = folded.text
        length = len(text)
        found: list[ConceptMention] = []
        label_hits: list[tuple[int, int, str]] = []
        hits: list[tuple[int, int]] = []
        part, kinds, automaton = self._languages[lang]
        labels = part.labels
        for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            kind = kinds[index]
            if kind & _LATIN and start and text[start - 1] in LATIN_ALNUM:
                continue
            if kind & _LITERAL:
                hits.append((start, index))
            if kind & _LABEL:
                if kind & _LATIN and end < length and text[end] in LATIN_ALNUM:
                    continue
                label_hits.extend((start, end, concept) for concept in labels[index])
        if not label_hits and not hits:
            return found
        if spans is None:
            spans = sentences(folded)
        hits.sort()
        position = 0
        n_hits = len(hits)
        for begin, stop in spans:
            first_hit = position
            while position < n_hits and hits[position][0] < stop:
                position += 1
            if position > first_hit:
                self._in_sentence(hits[first_hit:position], begin, stop, text, masked, lang, found)
        found.extend(self._from_labels(label_hits, text, masked, lang, spans))
        found.sort()
        return found

    def _in_sentence(
        self,
        hits: list[tuple[int, int]],
        begin: int,
        stop: int,
        text: str,
        masked: str,
        lang: str,
        found: list[ConceptMention],
    ) -> None:
        """Try the patterns whose elements all stand in a sentence."""
        part, kinds, _ = self._languages[lang]
        anchored = part.anchored
        compiled = self._compiled
        present = {index for _, index in hits}
        absent = present.isdisjoint
        tried: set[str] = set()
        beginnings: list[dict[str, list[int]] | None] = [None, None]
        for anchor in present:
            if not kinds[anchor] & _ANCHOR:
                continue
            for rule in anchored[anchor]:
                for words in rule.required:
                    if absent(words):
                        break
                else:
                    if rule.id in tried:
                        continue
                    tried.add(rule.id)
                    where = masked if rule.masked else text
                    match = None
                    regex = compiled.get(rule.regex) or self._regex(rule.regex)
                    if rule.first:
                        begins = rule.first
                        match_at = regex.match
                        for start, index in hits:
                            if index in begins and (match := match_at(where, start, stop)) is not None:
                                break
                    elif lang == "zh":
                        match = regex.search(where, begin, stop)
                    else:
                        by_letter = beginnings[rule.masked]
                        if by_letter is None:
                            by_letter = beginnings[rule.masked] = _beginnings(where, begin, stop)
                        match_at = regex.match
                        for start in _all_places(by_letter, rule.starts & by_letter.keys()):
                            if (match := match_at(where, start, stop)) is not None:
                                break
                    if match is None:
                        continue
                    if rule.unless is None or not self._regex(rule.unless).search(
                        masked if rule.unless_masked else text, begin, stop
                    ):
                        found.append(
                            ConceptMention(*match.span(), rule.concept, "concept-pattern", rule.confidence, rule.id)
                        )

    def _from_labels(
        self,
        hits: list[tuple[int, int, str]],
        text: str,
        masked: str,
        lang: str,
        spans: list[tuple[int, int]],
    ) -> Iterable[ConceptMention]:
        """Labels, the longest where they overlap, where no guard speaks against them."""
        hits.sort(key=lambda hit: (hit[0], -hit[1]))
        end = -1
        start = -1
        for hit_start, hit_end, concept in hits:
            if hit_start < end and not (hit_start == start and hit_end == end):
                continue
            label = text[hit_start:hit_end]
            guard = self._guards.get((concept, lang, label)) or self._guards.get((concept, lang, "*"))
            if guard is not None:
                begin, stop = spans[max(0, bisect_right(spans, (hit_start, 1 << 60)) - 1)]
                if guard.unless is not None and self._regex(guard.unless).search(
                    masked if guard.unless_masked else text, begin, stop
                ):
                    continue
                if guard.only is not None and not self._regex(guard.only).search(
                    masked if guard.only_masked else text, begin, stop
                ):
                    continue
            start, end = hit_start, hit_end
            yield ConceptMention(hit_start, hit_end, concept, "concept-label", _LABEL_CONFIDENCE, label)


_LATIN, _LITERAL, _LABEL, _ANCHOR = 1, 2, 4, 8  # what a name is, as bits


def _kinds(part: LanguageIndex) -> bytes:
    """What each name is: a byte each, since a look at every match should not leave the processor's cache."""
    return bytes(
        (_LATIN if name[0] < "\u0250" else 0)
        | (_LITERAL if literal else 0)
        | (_LABEL if labels else 0)
        | (_ANCHOR if number in part.anchored else 0)
        for number, (name, literal, labels) in enumerate(zip(part.names, part.literal, part.labels, strict=True))
    )


def _all_places(places: Mapping[_Key, list[int]], keys: Iterable[_Key]) -> list[int]:
    """The places of some keys, in order."""
    found: list[int] = []
    for key in keys:
        found += places[key]
    if len(found) > 1:
        found.sort()
    return found


_WORD_START: Final = re.compile(r"[a-z0-9\ue000]['\w\ue001]*")


def _beginnings(text: str, begin: int, stop: int) -> dict[str, list[int]]:
    """Where in a sentence words begin, by their first character."""
    places: dict[str, list[int]] = {}
    for match in _WORD_START.finditer(text, begin, stop):
        places.setdefault(match.group()[0], []).append(match.start())
    return places
