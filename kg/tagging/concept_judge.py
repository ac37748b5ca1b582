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
from pathlib import Path
from typing import Final, NamedTuple

from kg.errors import OntologyError
from kg.tagging.concept_weights import ConceptWeights
from kg.tagging.concepts import ConceptMention
from kg.tagging.mentions import Field

#: So many works count what is thought of a rule before it was tried.
PRIOR_WORKS: Final = 3.0
_LABEL_PRIOR: Final = 0.85
_NEVER: Final = -6.0  # the score of a concept for which no words are known


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

    def judge(
        self,
        fields: Sequence[Field],
        ideas: Sequence[tuple[Field, ConceptMention]],
        keep_refused: bool = False,
    ) -> Judged:
        """The concepts of a work that are likely enough.

        Parameters
        ----------
        fields : sequence of Field
            Prepared.
        ideas : sequence of (Field, ConceptMention)
            What labels and patterns found in them.
        keep_refused : bool
            Whether to give what they found of concepts that are not likely enough.
        """
        mentions: list[tuple[Field, ConceptMention]] = []
        for lang in sorted({field.lang for field in fields}):
            here = [field for field in fields if field.lang == lang]
            case = Case(self.language(lang), here, [idea for idea in ideas if idea[0].lang == lang])
            mentions += [found for found in case.mentions() if found[1].tag in self._concepts]
        tagged = {mention.tag for _, mention in mentions}
        return Judged(mentions, [idea for idea in ideas if idea[1].tag not in tagged] if keep_refused else [])


class Case:
    """The fields of a work in one language, with what speaks for its concepts."""

    def __init__(
        self,
        learned: Language,
        fields: Sequence[Field],
        ideas: Sequence[tuple[Field, ConceptMention]],
    ) -> None:
        import numpy as np

        self.learned = learned
        self.ideas: dict[str, list[tuple[Field, ConceptMention]]] = defaultdict(list)
        for field, mention in ideas:
            self.ideas[mention.tag].append((field, mention))
        parts = [learned.weights.score(field.masked, field.sentences) for field in fields]
        self.scores = np.concatenate([scores for scores, _ in parts])
        self.words = [words for _, known in parts for words in known]
        self.places = [(field, at) for field in fields for at in range(len(field.sentences))]

    def features(self) -> dict[str, Features]:
        """What is known of each concept for which anything speaks, of those that were learned."""
        import numpy as np

        weights, base = self.learned.weights, self.learned.base
        found: dict[str, Features] = {}
        if not len(self.scores):
            return found
        order = np.sort(self.scores, axis=0)
        best = order[-1]
        second = np.maximum(order[-2], _NEVER) if len(order) > 1 else np.full(len(best), -5.0, dtype=np.float32)
        # log odds that at least one sentence has it
        none = -np.logaddexp(0, self.scores.astype(np.float64)).sum(axis=0)
        together = np.log(-np.expm1(none) + 1e-3) - np.log(np.exp(none) + 1e-3)
        length = math.log1p(len(self.scores))
        columns = weights.columns
        likely = {weights.concepts[at] for at in np.flatnonzero(best > _WORTH_A_LOOK)}
        for concept in (likely | self.ideas.keys()) & columns.keys():
            at = columns[concept]
            rules, several, label, title = self._rules(concept)
            found[concept] = Features(
                rules=math.log((rules + 0.01) / (1.01 - rules)),
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
        places: dict[tuple[str, int], float] = {}
        label = title = False
        for field, mention in self.ideas.get(concept, ()):
            place = (field.name, field.sentence_at(mention.start))
            places[place] = max(places.get(place, 0.0), self._right(mention))
            if mention.rule == "concept-label":
                label = True
                title = title or field.name.startswith("title")
        return 1 - math.prod(1 - share for share in places.values()), len(places) > 1, label, title

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
            odds = self.learned.bias + math.fsum(w * v for w, v in zip(self.learned.judge, features, strict=True))
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
        ruled = [(field, mention._replace(confidence=probability)) for field, mention in self.ideas.get(concept, ())]
        if ruled:
            return ruled
        at = self.learned.weights.columns[concept]
        column = self.scores[:, at]
        shown: list[tuple[Field, ConceptMention]] = []
        for sentence in sorted(range(len(column)), key=lambda number: -column[number])[:2]:
            if shown and column[sentence] < 0:
                break
            field, number = self.places[sentence]
            span = field.sentences[number]
            start, end, words = self.learned.weights.evidence(at, self.words[sentence], field.masked, span)
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
