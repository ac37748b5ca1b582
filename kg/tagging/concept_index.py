"""The index of concepts: labels and patterns, compiled once. In: the authority. Out: plain data, kept on disk by `kg.cache`.

Regular expressions stay sources here; they are compiled when a text first needs them. Of the elements of a pattern that must stand in
a text the rarest becomes its anchor, by how often its words stand in the examples of all patterns, whatever the pattern's author has marked.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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


class Index(NamedTuple):
    """Labels and patterns.

    Attributes
    ----------
    names : list of str
        Folded labels and literals of patterns, sorted: the words of the automaton.
    labels : list of tuple of (concept, language)
        By number of the name.
    literal : list of bool
        Whether a pattern needs the name.
    anchored : mapping of language to mapping of number to rules
    """

    names: list[str]
    labels: list[tuple[tuple[str, str], ...]]
    literal: list[bool]
    anchored: dict[str, dict[int, tuple[Rule, ...]]]
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
    labels = _labels_by_form(authority)
    literals = {
        word for pattern in patterns for words in (pattern.anchor, pattern.first, *pattern.required) for word in words
    }
    names = sorted(set(labels) | literals)
    number = {name: index for index, name in enumerate(names)}
    frequency = _frequencies(names, [pattern.example for pattern in patterns])

    def numbers(words: frozenset[str]) -> frozenset[int]:
        return frozenset(number[word] for word in words)

    anchored: dict[str, dict[int, list[Rule]]] = {"en": defaultdict(list), "zh": defaultdict(list)}
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
            pattern.confidence,
        )
        for index in elements[0]:
            anchored[pattern.lang][index].append(rule)
    return Index(
        names,
        [tuple(labels.get(name, ())) for name in names],
        [name in literals for name in names],
        {lang: {index: tuple(rules) for index, rules in by.items()} for lang, by in anchored.items()},
        _guards(rows),
        len(patterns),
    )


def _labels_by_form(authority: Authority) -> dict[str, list[tuple[str, str]]]:
    labels: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for concept in authority.concepts.values():
        if concept.is_facet or concept.retired:
            continue
        for lang, names in _names(concept):
            for name in names:
                for form in label_forms(name, lang):
                    pair = (concept.id, "en" if lang == "en" else "zh")
                    if pair not in labels[form]:
                        labels[form].append(pair)
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
