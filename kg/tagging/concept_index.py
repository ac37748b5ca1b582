"""The index of concepts: labels and patterns, compiled once. In: the authority. Out: plain data, kept on disk by `kg.cache`.

Regular expressions stay sources here; they are compiled when a text first needs them. Of the elements of a pattern that must stand in
a text the rarest becomes its anchor, by how often its words stand in the examples of all patterns, whatever the pattern's author has marked.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import kg.cache
from kg.errors import OntologyError
from kg.tagging import patterns as language
from kg.tagging.labels import label_forms
from kg.text import fold

if TYPE_CHECKING:
    from kg.authority import Authority


class Rule(NamedTuple):
    """A pattern as the finder uses it; numbers are those of `Index.names`.

    Attributes
    ----------
    required : tuple of frozenset of int
        Sets of literals of which one each must stand in the sentence, the rarest first.
    first : frozenset of int
        Literals with which every match begins; empty where that is not known.
    starts : frozenset of str
        Characters with which a match can begin.
    """

    id: str
    concept: str
    regex: str
    masked: bool
    required: tuple[frozenset[int], ...]
    first: frozenset[int]
    starts: frozenset[str]
    unless: str | None
    unless_masked: bool
    confidence: float


class Guard(NamedTuple):
    """When a label counts: not where `unless` is found in its sentence, only where `only` is."""

    unless: str | None
    unless_masked: bool
    only: str | None
    only_masked: bool


class LanguageIndex(NamedTuple):
    """Labels and patterns of one language.

    Attributes
    ----------
    names : list of str
        Folded labels and literals of patterns, sorted: the words of the automaton.
    labels : list of tuple of str
        Concepts by number of the name.
    literal : list of bool
        Whether a pattern needs the name.
    anchored : mapping of number to rules
    """

    names: list[str]
    labels: list[tuple[str, ...]]
    literal: list[bool]
    anchored: dict[int, tuple[Rule, ...]]


class Index(NamedTuple):
    """Labels and patterns by language, guards of labels by concept, language and label."""

    languages: dict[str, LanguageIndex]
    guards: dict[tuple[str, str, str], Guard]
    n_patterns: int


def load_index(authority: Authority) -> Index:
    """The index of an authority, from the cache where it has it.

    Raises
    ------
    OntologyError
        A pattern or a guard has a fault; says which file and line.
    """
    place = kg.cache.place("concepts", f"{authority.digest} {_code()}")
    kept = kg.cache.read(place)
    if isinstance(kept, Index):
        return kept
    index = build_index(authority)
    kg.cache.write(place, index)
    return index


def _code() -> str:
    """Hash of the modules that the index depends on, so that a change in them makes it anew."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in (
        here / "patterns.py",
        here / "labels.py",
        here / "inflection.py",
        here / "concept_index.py",
        here.parent / "text.py",
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def build_index(authority: Authority) -> Index:
    """Read labels and patterns of an authority into an index.

    Raises
    ------
    OntologyError
        A pattern or a guard has a fault.
    """
    rows = [(pattern.where, pattern.row) for pattern in authority.patterns]
    patterns = language.compile_rows([row for row in rows if "guard" not in row[1]])
    for pattern in patterns:
        concept = authority.concepts.get(pattern.concept)
        if concept is None or concept.is_facet:
            raise OntologyError(
                f"the pattern {pattern.id} names the concept '{pattern.concept}', which cannot be tagged"
            )
    examples = [pattern.example for pattern in patterns]
    return Index(
        {
            lang: _index_of(_labels_by_form(authority, lang), [one for one in patterns if one.lang == lang], examples)
            for lang in ("en", "zh")
        },
        _guards(rows),
        len(patterns),
    )


def _index_of(
    labels: Mapping[str, Sequence[str]], patterns: Sequence[language.Pattern], examples: Sequence[str]
) -> LanguageIndex:
    stems = {
        words: _stems(words) for pattern in patterns for words in (pattern.anchor, pattern.first, *pattern.required)
    }
    literals = {word for words in stems.values() for word in words}
    names = sorted(set(labels) | literals)
    number = {name: index for index, name in enumerate(names)}
    frequency = _frequencies(names, examples)

    known: dict[frozenset[str], frozenset[int]] = {}  # thousands of patterns share their sets

    def numbers(words: frozenset[str]) -> frozenset[int]:
        if words not in known:
            known[words] = frozenset(number[word] for word in stems[words])
        return known[words]

    anchored: dict[int, list[Rule]] = defaultdict(list)
    for pattern in patterns:
        elements = [numbers(words) for words in (pattern.anchor, *pattern.required)]
        elements.sort(key=lambda words: (sum(frequency[index] for index in words), sorted(words)))
        rule = Rule(
            pattern.id,
            pattern.concept,
            pattern.regex,
            pattern.masked,
            tuple(elements[1:]),
            numbers(pattern.first),
            pattern.starts,
            pattern.unless,
            pattern.unless_masked,
            calibrated(pattern.confidence),
        )
        for index in elements[0]:
            anchored[index].append(rule)
    return LanguageIndex(
        names,
        [tuple(labels.get(name, ())) for name in names],
        [name in literals for name in names],
        {index: tuple(rules) for index, rules in anchored.items()},
    )


# What authors of patterns thought, and the share that was right on works that they had not read (45 works, both languages).
_CALIBRATION: Final = (
    (0.0, 0.1),
    (0.6, 0.3),
    (0.7, 0.4),
    (0.75, 0.5),
    (0.8, 0.6),
    (0.85, 0.7),
    (0.95, 0.85),
    (1.0, 0.9),
)


def calibrated(confidence: float) -> float:
    """The confidence of a pattern's tags for what its author wrote down: authors are too sure of their patterns.

    >>> round(calibrated(0.8), 2), round(calibrated(0.9), 3)
    (0.6, 0.775)
    """
    for (low, low_share), (high, high_share) in pairwise(_CALIBRATION):
        if confidence <= high:
            return low_share + (high_share - low_share) * (confidence - low) / (high - low)
    return _CALIBRATION[-1][1]


def _stems(words: frozenset[str]) -> frozenset[str]:
    """The words without those that begin with another of four letters or more (drag stands for dragged): the automaton looks for
    beginnings of words, the regular expression for whole ones.
    """
    kept: list[str] = []
    for word in sorted(words):
        if not (kept and len(kept[-1]) >= 4 and kept[-1][0] < "\u0250" and word.startswith(kept[-1])):
            kept.append(word)
    return frozenset(kept)


def _labels_by_form(authority: Authority, wanted: str) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = defaultdict(list)
    for concept in authority.concepts.values():
        if concept.is_facet or concept.retired:
            continue
        for lang, names in _names(concept):
            if lang[:2] != wanted:
                continue
            for name in names:
                for form in label_forms(name, lang):
                    if concept.id not in labels[form]:
                        labels[form].append(concept.id)
    return labels


def _names(concept: Any) -> Iterable[tuple[str, Iterable[str]]]:
    for lang, label in concept.labels.items():
        yield lang, (label,)
    for names in (concept.alt, concept.hidden):
        yield from names.items()


def _frequencies(names: Sequence[str], examples: Sequence[str]) -> Counter[int]:
    """How often each name stands in the examples, at the beginning of a word where it is Latin; at least once."""
    import ahocorasick_rs

    counts: Counter[int] = Counter(range(len(names)))
    finder = ahocorasick_rs.AhoCorasick(list(names) or ["\0"])
    for example in examples:
        text = fold(example).text
        for index, start, _ in finder.find_matches_as_indexes(text, overlapping=True):
            if not (start and text[start - 1].isalnum() and names[index][0] < "\u0250"):
                counts[index] += 1
    return counts


def _guards(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[tuple[str, str, str], Guard]:
    classes = language.Classes(row for _, row in rows if "class" in row)
    guards: dict[tuple[str, str, str], Guard] = {}
    for where, row in rows:
        if "guard" not in row:
            continue
        lang = str(row["lang"])
        unless = only = None
        unless_masked = only_masked = False
        if row.get("unless"):
            unless, _, unless_masked = language.compile_source(str(row["unless"]), lang, classes, where)
        if row.get("with"):
            only, _, only_masked = language.compile_source(str(row["with"]), lang, classes, where)
        guard = Guard(unless, unless_masked, only, only_masked)
        for label in str(row["guard"]).split("|"):
            for form in {"*"} if label == "*" else label_forms(label, lang):
                guards[row["concept"], lang, form] = guard
    return guards
