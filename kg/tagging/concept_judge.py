"""Which concepts a work has, by all that speaks for each. In: its fields, labels and patterns found. Out: concepts, probabilities, evidence.

Three things speak for a concept: labels and patterns, each by the share of works in which it was right so far; the words of each
sentence (`kg.tagging.concept_weights`); how common the concept is. A logistic regression makes one probability of them: the
confidence of the tag. What was learned, and from what, stands in ``ontology/weights``; ``tests/tools/fit_concepts.py`` makes it.
"""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, groupby
from operator import itemgetter, mul
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.errors import OntologyError
from kg.tagging.concept_weights import ConceptWeights
from kg.tagging.concepts import ConceptMention
from kg.tagging.mentions import Field

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

Ideas = Sequence[tuple[Field, ConceptMention]]
"""What labels and patterns found, with the fields where."""

#: So many works count what is thought of a rule before it was tried.
PRIOR_WORKS: Final = 3.0
_LABEL_PRIOR: Final = 0.85
_NEVER: Final = -6.0  # the score of a concept for which no words are known
_ALONE: Final = -5.0  # that of the second sentence where there is but one
_ROUNDING: Final = 1e-6


class Features(NamedTuple):
    """What is known of one concept in a work."""

    rules: float  # log odds by labels and patterns, 0.01 at the least
    any_rule: float
    best: float  # score of the sentence whose words speak most for it
    second: float  # of the next one
    together: float  # log odds that some sentence has it, by words alone
    label: float
    title: float  # a label in the title
    several: float  # rules in two sentences or more
    length: float  # log of the number of sentences and one
    base: float  # log odds of its share in the works that were learned from


class Judged(NamedTuple):
    """The concepts of a work with their mentions, and what labels and patterns found of others."""

    mentions: list[tuple[Field, ConceptMention]]
    refused: list[tuple[Field, ConceptMention]]


class Language(NamedTuple):
    """What was learned for one language."""

    weights: ConceptWeights
    right: Mapping[
        tuple[str, str], tuple[float, float]
    ]  # (concept, rule): works in which it was right, in which it was found
    base: Mapping[str, float]
    judge: Features
    bias: float
    threshold: float


class ConceptJudge:
    """Judges concepts; reads what was learned when a language is first met.

    Parameters
    ----------
    folder : Path
        ``ontology/weights``.
    concepts : collection of str
        Those of the vocabulary; of others nothing is tagged.
    """

    def __init__(self, folder: Path, concepts: Collection[str]) -> None:
        self._folder = folder
        self._concepts = concepts
        self._languages: dict[str, Language] = {}

    def language(self, lang: str) -> Language:
        """What was learned for ``zh`` or ``en``."""
        if lang not in self._languages:
            self._languages[lang] = _language(self._folder, lang)
        return self._languages[lang]

    def judge(self, works: Sequence[tuple[Sequence[Field], Ideas]], keep_refused: bool = False) -> list[Judged]:
        """The concepts that are likely enough, of each of some works.

        Parameters
        ----------
        works : sequence of (fields, ideas)
            Prepared fields, and what labels and patterns found in them.
        keep_refused : bool
            Whether to give what they found of concepts that are not likely enough.
        """
        mentions: list[list[tuple[Field, ConceptMention]]] = [[] for _ in works]
        parts = sorted({(field.lang, at) for at, (fields, _) in enumerate(works) for field in fields})
        for lang, group in groupby(parts, key=itemgetter(0)):
            learned = self.language(lang)
            numbers = [at for _, at in group]
            fields = [[field for field in works[at][0] if field.lang == lang] for at in numbers]
            for at, here, heard in zip(numbers, fields, hear(learned, fields), strict=True):
                case = Case(learned, here, [idea for idea in works[at][1] if idea[0].lang == lang], heard)
                mentions[at] += [found for found in case.mentions() if found[1].tag in self._concepts]
        judged: list[Judged] = []
        for (_, ideas), found in zip(works, mentions, strict=True):
            tagged = {mention.tag for _, mention in found}
            judged.append(Judged(found, [i for i in ideas if i[1].tag not in tagged] if keep_refused else []))
        return judged


class Heard(NamedTuple):
    """What the words of a work say of each concept, by its column; empty arrays where there is no sentence."""

    scores: Array  # by sentence and concept
    best: Array
    second: Array
    together: Array
    likely: Array  # columns of the concepts that words alone may make likely enough


def hear(learned: Language, works: Sequence[Sequence[Field]], threshold: float | None = None) -> list[Heard]:
    """What the words of each of some works say.

    Parameters
    ----------
    threshold : float, optional
        How likely words alone should make a concept for it to be among the likely ones; the language's own.
    """
    import numpy as np

    counts = [sum(len(field.sentences) for field in fields) for fields in works]
    scores = learned.weights.score([(field.masked, field.sentences) for fields in works for field in fields])
    n_concepts = scores.shape[1]
    nothing = np.empty((0, n_concepts), dtype=np.float32)
    heard = [Heard(nothing, *[nothing[:, 0]] * 4)] * len(works)
    begins = [end - count for end, count in zip(accumulate(counts), counts, strict=True)]
    alike = sorted((count.bit_length(), at) for at, count in enumerate(counts) if count)
    base = np.array([learned.base[concept] for concept in learned.weights.concepts])
    judge = learned.judge
    alone = learned.bias + judge.rules * _log_odds(0.0) + judge.base * base
    threshold = learned.threshold if threshold is None else threshold
    least = math.log(threshold / (1 - threshold)) - _ROUNDING if threshold > 0 else -math.inf
    for _, group in groupby(alike, key=itemgetter(0)):  # works of about as many sentences, in one array
        numbers = [at for _, at in group]
        n = np.array([counts[at] for at in numbers])
        said = np.full((len(numbers), n.max(), n_concepts), -np.inf, dtype=np.float32)
        for at, number in enumerate(numbers):
            said[at, : counts[number]] = scores[begins[number] : begins[number] + counts[number]]
        best = said.max(axis=1)
        is_best = said == best[:, None]
        second = np.where(is_best, -np.inf, said).max(axis=1)
        second = np.maximum(np.where(np.count_nonzero(is_best, axis=1) > 1, best, second), np.float32(_NEVER))
        second[n == 1] = _ALONE
        # log odds that at least one sentence has it
        none = np.multiply.reduce(1 / (1 + np.exp(said, dtype=np.float64)), axis=1)
        together = np.log(1 - none + 1e-3) - np.log(none + 1e-3)
        odds = alone + judge.best * best + judge.second * second + judge.together * together
        odds += judge.length * np.log1p(n)[:, None]
        is_likely = (best > _WORTH_A_LOOK) & (odds >= least)
        for at, number in enumerate(numbers):
            part = said[at, : counts[number]]
            heard[number] = Heard(part, best[at], second[at], together[at], np.flatnonzero(is_likely[at]))
    return heard


def _log_odds(share: float) -> float:
    """Log odds of a share of works, finite for none and all."""
    return math.log((share + 0.01) / (1.01 - share))


class Case:
    """The fields of a work in one language, with what speaks for its concepts."""

    def __init__(
        self,
        learned: Language,
        fields: Sequence[Field],
        ideas: Ideas,
        heard: Heard,
    ) -> None:
        self.learned = learned
        self.ideas: dict[str, list[tuple[Field, ConceptMention]]] = defaultdict(list)
        for field, mention in ideas:
            self.ideas[mention.tag].append((field, mention))
        self.heard = heard
        self.fields = fields

    def features(self) -> dict[str, Features]:
        """What is known of each concept that rules found or words make likely, of those that were learned."""
        weights, base = self.learned.weights, self.learned.base
        found: dict[str, Features] = {}
        _, best, second, together, likely = self.heard
        n_sentences = len(self.heard.scores)
        if not n_sentences:
            return found
        length = math.log1p(n_sentences)
        columns = weights.columns
        for concept in {weights.concepts[at] for at in likely.tolist()} | (self.ideas.keys() & columns.keys()):
            at = columns[concept]
            rules, several, label, title = self._rules(concept)
            found[concept] = Features(
                rules=_log_odds(rules),
                any_rule=concept in self.ideas,
                best=float(best[at]),
                second=float(second[at]),
                together=float(together[at]),
                label=label,
                title=title,
                several=several,
                length=length,
                base=base[concept],
            )
        return found

    def _rules(self, concept: str) -> tuple[float, bool, bool, bool]:
        """The share of works in which the rules that found a concept were right; in several places; by a label; in the title."""
        ideas = self.ideas.get(concept)
        if not ideas:
            return 0.0, False, False, False
        places: dict[tuple[str, int], float] = {}
        label = title = False
        for field, mention in ideas:
            place = (field.name, field.sentence_at(mention.start))
            share = self._right(mention)
            if share >= places.get(place, 0.0):
                places[place] = share
            if mention.rule == "concept-label":
                label = True
                title = title or field.name.startswith("title")
        return 1 - math.prod([1 - share for share in places.values()]), len(places) > 1, label, title

    def _label_share(self, concept: str) -> float:
        """The share of works in which the best label of a concept was right; 0 where it was not nearly all."""
        shares = [self._right(mention) for _, mention in self.ideas[concept] if mention.rule == "concept-label"]
        best = max(shares)
        return best if best >= _NEARLY_ALWAYS else 0.0

    def _right(self, mention: ConceptMention) -> float:
        """The share of works in which a rule was right, as far as it was tried."""
        right, n = self.learned.right.get((mention.tag, mention.why), (0.0, 0.0))
        prior = _LABEL_PRIOR if mention.rule == "concept-label" else mention.confidence
        return (right + prior * PRIOR_WORKS) / (n + PRIOR_WORKS)

    def mentions(self) -> list[tuple[Field, ConceptMention]]:
        """The mentions of the concepts that are likely enough, each as sure as its concept."""
        found: list[tuple[Field, ConceptMention]] = []
        for concept, features in sorted(self.features().items()):
            odds = self.learned.bias + math.fsum(map(mul, self.learned.judge, features))
            probability = 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))
            if features.label:
                # a label that was nearly always right says what the work says, whatever the other words
                probability = max(probability, self._label_share(concept))
            if probability >= self.learned.threshold:
                found += self._mentions(concept, probability)
        for concept in sorted(self.ideas.keys() - self.learned.weights.columns.keys()):
            probability = self._rules(concept)[0]  # of a user's own concept nothing was learned
            if probability >= _CREDIBLE:
                found += self._mentions(concept, probability)
        return found

    def _mentions(self, concept: str, probability: float) -> list[tuple[Field, ConceptMention]]:
        """What rules found, and else the words that speak most for it in up to two sentences."""
        ruled = [
            (field, ConceptMention(start, end, tag, rule, probability, why))
            for field, (start, end, tag, rule, _, why) in self.ideas.get(concept, ())
        ]
        if ruled:
            return ruled
        at = self.learned.weights.columns[concept]
        column = self.heard.scores[:, at].tolist()
        places = [(field, span) for field in self.fields for span in field.sentences]
        shown: list[tuple[Field, ConceptMention]] = []
        for sentence in sorted(range(len(column)), key=lambda number: -column[number])[:2]:
            if shown and column[sentence] < 0:
                break
            field, span = places[sentence]
            start, end, words = self.learned.weights.evidence(at, field.masked, span)
            mention = ConceptMention(start, end, concept, "concept-words", probability, ", ".join(words))
            shown.append((field, mention))
        return shown


_WORTH_A_LOOK: Final = -3.5  # below that score no sentence makes a concept likely
_NEARLY_ALWAYS: Final = 0.7
_CREDIBLE: Final = 0.65  # two in three: what a scholar is shown should rarely be wrong


def _language(folder: Path, lang: str) -> Language:
    weights = ConceptWeights(folder / f"concepts-{lang}.tsv", lang)
    path = folder / "judge.json"
    try:
        learned = json.loads(path.read_text("utf-8"))[lang]
        judge = Features(**learned["weights"])
        right: dict[tuple[str, str], tuple[float, float]] = {}
        with (folder / f"rules-{lang}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                right[row["concept"], row["rule"]] = (float(row["right"]), float(row["found"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OntologyError(f"{folder}: {error}; make the files again with tests/tools/fit_concepts.py") from None
    return Language(weights, right, learned["base"], judge, learned["bias"], learned["threshold"])
