"""Concepts: labels first, then patterns for what is said in other words. In: folded fields. Out: concept mentions.

One automaton holds the labels and the literals of all patterns. A pattern's regular expression runs only in a sentence in which
all its longer elements were found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.errors import OntologyError
from kg.tagging import patterns as pattern_language
from kg.text import Folded, fold, sentences

if TYPE_CHECKING:
    from kg.authority import Authority


class ConceptMention(NamedTuple):
    """A concept in a folded text."""

    start: int
    end: int
    tag: str
    rule: str
    confidence: float
    why: str


class _Tried(NamedTuple):
    """A pattern with the numbers of the literals that must stand in a sentence, and of those with which it begins."""

    pattern: pattern_language.Pattern
    required: tuple[frozenset[int], ...]
    first: frozenset[int]


class Guard(NamedTuple):
    """When a label counts."""

    id: str
    unless: re.Pattern[str] | None
    unless_masked: bool
    only: re.Pattern[str] | None
    only_masked: bool


_SPELLINGS: Final = (
    ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ise", "ize"), ("defence", "defense"), ("defense", "defence"), ("ization", "isation"), ("izing", "ising"), ("ize", "ise"),
    ("behaviour", "behavior"), ("behavior", "behaviour"), ("signalling", "signaling"), ("signaling", "signalling"), ("labour", "labor"), ("programme", "program"), ("organisation", "organization"),
)  # fmt: skip
_PLURAL_LAST: Final = re.compile(r"(?:^|[ -])([a-z]{3,})$")


def label_forms(label: str, lang: str) -> set[str]:
    """Folded forms of a label: plural, hyphen or blank, British or American; 同盟 for 联盟 and back.

    >>> sorted(label_forms("burden-sharing", "en"))
    ['burden sharing', 'burden sharings', 'burden-sharing', 'burden-sharings', 'burdensharing']
    """
    folded = fold(label).text.strip()
    if lang != "en":
        forms = {folded}
        for old, new in (("同盟", "联盟"), ("联盟", "同盟")):
            if old in folded:
                forms.add(folded.replace(old, new))
        return forms
    forms = {folded}
    for old, new in _SPELLINGS:
        if old in folded:
            forms.add(folded.replace(old, new))
    for form in list(forms):
        match = _PLURAL_LAST.search(form)
        if match and not form.endswith("ss") and not (form.endswith("s") and not form.endswith("sis")):
            forms.add(form[: match.start(1)] + inflect_noun(match.group(1)))
    for form in list(forms):
        if "-" in form:
            forms.add(form.replace("-", " "))
            if form.count("-") == 1 and " " not in form and len(form) > 8 and not form.endswith("s"):
                forms.add(form.replace("-", ""))
        elif form.count(" ") == 1:
            forms.add(form.replace(" ", "-"))
    return forms


def inflect_noun(word: str) -> str:
    """The plural of an English noun.

    >>> inflect_noun("strategy"), inflect_noun("crisis"), inflect_noun("ally")
    ('strategies', 'crises', 'allies')
    """
    irregular = {"crisis": "crises", "ally": "allies", "thesis": "theses", "basis": "bases"}
    if word in irregular:
        return irregular[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


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

        rows = [(pattern.where, pattern.row) for pattern in authority.patterns]
        self.patterns = pattern_language.compile_rows([row for row in rows if "guard" not in row[1]])
        for pattern in self.patterns:
            concept = authority.concepts.get(pattern.concept)
            if concept is None or concept.is_facet:
                raise OntologyError(
                    f"the pattern {pattern.id} names the concept '{pattern.concept}', which can not be tagged"
                )
        self._guards = _compile_guards(rows)
        labels: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for concept in authority.concepts.values():
            if concept.is_facet or concept.retired:
                continue
            for lang, names in _labels(concept):
                for name in names:
                    for form in label_forms(name, lang):
                        pair = (concept.id, "en" if lang == "en" else "zh")
                        if pair not in labels[form]:
                            labels[form].append(pair)
        literals = {
            word
            for pattern in self.patterns
            for words in (pattern.anchor, pattern.first, *pattern.required)
            for word in words
        }
        self._names = sorted(set(labels) | literals)
        number = {name: index for index, name in enumerate(self._names)}

        def numbers(words: frozenset[str]) -> frozenset[int]:
            return frozenset(number[word] for word in words)

        anchored: dict[str, dict[int, list[_Tried]]] = {"en": defaultdict(list), "zh": defaultdict(list)}
        for pattern in self.patterns:
            required = tuple(sorted((numbers(words) for words in pattern.required), key=len))
            tried = _Tried(pattern, required, numbers(pattern.first))
            for index in numbers(pattern.anchor):
                anchored[pattern.lang][index].append(tried)
        self._anchored = anchored
        self._labels = [tuple(labels.get(name, ())) for name in self._names]
        self._literal = [name in literals for name in self._names]
        self._latin = [name[0] < "\u0250" for name in self._names]
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._names or ["\0"],
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    def find(
        self, folded: Folded, masked: str, lang: str, spans: Sequence[tuple[int, int]] | None = None
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
        latin, labels, literal = self._latin, self._labels, self._literal
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if latin[index] and start and (before := text[start - 1]) < "\u0250" and before.isalnum():
                continue
            if literal[index]:
                hits.append((start, index))
            if labels[index]:
                if latin[index] and end < length and (after := text[end]) < "\u0250" and after.isalnum():
                    continue
                for concept, label_lang in labels[index]:
                    if label_lang == lang:
                        label_hits.append((start, end, concept))
        if not label_hits and not hits:
            return found
        if spans is None:
            spans = sentences(folded)
        hits.sort()
        anchored = self._anchored[lang]
        anchors = anchored.keys()
        position = 0
        n_hits = len(hits)
        for begin, stop in spans:
            first_hit = position
            while position < n_hits and hits[position][0] < stop:
                position += 1
            if position == first_hit:
                continue
            here = hits[first_hit:position]
            present = {index for _, index in here}
            tried: set[int] = set()
            beginnings: list[dict[str, list[int]] | None] = [None, None]
            for anchor in present & anchors:
                for entry in anchored[anchor]:
                    pattern, required, first = entry
                    if any(present.isdisjoint(words) for words in required) or id(entry) in tried:
                        continue
                    tried.add(id(entry))
                    where = masked if pattern.masked else text
                    match = None
                    if first:
                        for start, index in here:
                            if index in first and (match := pattern.regex.match(where, start, stop)) is not None:
                                break
                    else:
                        key = 1 if pattern.masked else 0
                        places = beginnings[key]
                        if places is None:
                            places = beginnings[key] = _beginnings(where, begin, stop, lang)
                        for start in sorted(start for letter in pattern.starts for start in places.get(letter, ())):
                            if (match := pattern.regex.match(where, start, stop)) is not None:
                                break
                    if match is None:
                        continue
                    if pattern.unless is not None and pattern.unless.search(
                        masked if pattern.unless_masked else text, begin, stop
                    ):
                        continue
                    found.append(
                        ConceptMention(
                            match.start(),
                            match.end(),
                            pattern.concept,
                            "concept-pattern",
                            pattern.confidence,
                            pattern.id,
                        )
                    )
        found.extend(self._from_labels(label_hits, text, masked, lang, spans))
        found.sort()
        return found

    def _from_labels(
        self,
        hits: list[tuple[int, int, str]],
        text: str,
        masked: str,
        lang: str,
        spans: Sequence[tuple[int, int]],
    ) -> Iterable[ConceptMention]:
        """Labels, the longest where they overlap, where no guard speaks against them."""
        hits.sort(key=lambda hit: (hit[0], -hit[1]))
        end = -1
        start = -1
        for hit_start, hit_end, concept in hits:
            if hit_start < end and not (hit_start == start and hit_end == end):
                continue
            guard = self._guards.get((concept, lang, text[hit_start:hit_end])) or self._guards.get((concept, lang, "*"))
            if guard is not None:
                begin, stop = next((span for span in spans if span[0] <= hit_start < span[1]), (0, len(text)))
                if guard.unless is not None and guard.unless.search(
                    masked if guard.unless_masked else text, begin, stop
                ):
                    continue
                if guard.only is not None and not guard.only.search(masked if guard.only_masked else text, begin, stop):
                    continue
            start, end = hit_start, hit_end
            yield ConceptMention(hit_start, hit_end, concept, "concept-label", 0.85, text[hit_start:hit_end])


_WORD_START: Final = re.compile(r"[a-z0-9\ue000]['\w\ue001]*")


def _beginnings(text: str, begin: int, stop: int, lang: str) -> dict[str, list[int]]:
    """Where in a sentence words (in Chinese: characters) begin, by their first character."""
    places: dict[str, list[int]] = {}
    if lang == "en":
        for match in _WORD_START.finditer(text, begin, stop):
            places.setdefault(match.group()[0], []).append(match.start())
    else:
        for position in range(begin, stop):
            places.setdefault(text[position], []).append(position)
    return places


def _labels(concept: Any) -> Iterable[tuple[str, Iterable[str]]]:
    for lang, label in concept.labels.items():
        yield lang, (label,)
    for names in (concept.alt, concept.hidden):
        for lang, found in names.items():
            yield lang, found


def _compile_guards(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[tuple[str, str, str], Guard]:
    classes = pattern_language._Classes(row for _, row in rows if "class" in row)
    guards: dict[tuple[str, str, str], Guard] = {}
    for where, row in rows:
        if "guard" not in row:
            continue
        lang = str(row["lang"])
        unless = only = None
        unless_masked = only_masked = False
        if row.get("unless"):
            unless, _, unless_masked = pattern_language.compile_source(str(row["unless"]), lang, classes, where)
        if row.get("with"):
            only, _, only_masked = pattern_language.compile_source(str(row["with"]), lang, classes, where)
        guard = Guard(str(row.get("id", where)), unless, unless_masked, only, only_masked)
        for label in str(row["guard"]).split("|"):
            forms = {"*"} if label == "*" else label_forms(label, lang)
            for form in forms:
                guards[row["concept"], lang, form] = guard
    return guards
