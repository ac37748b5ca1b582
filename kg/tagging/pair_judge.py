"""Which two states of a work are allies that it speaks of, by all that speaks for each pair. In: fields, bonds found. Out: bonds, refused.

A logistic regression makes one probability of what grammar and table know of a pair and of the words that stand about it
(`kg.tagging.pair_features`): the confidence of the tag. Pairs that no phrase joins are found by it too, in the words of the sentences
that name both. What was learned, and from what, stands in ``ontology/weights/pairs-LANG.tsv`` and ``pairs.json``;
``tests/tools/fit_pairs.py`` makes them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from operator import mul
from pathlib import Path
from typing import Final, NamedTuple

from kg.errors import OntologyError
from kg.tagging.grammar import Grammar
from kg.tagging.leaders import Leaders
from kg.tagging.mentions import Bond, Field, Refused
from kg.tagging.pair_features import BESIDE, OF_TWO, PairCase, PairFeatures
from kg.tagging.pair_sentences import Sentence


class PairWeights(NamedTuple):
    """What was learned for one language."""

    words: Mapping[str, float]
    features: PairFeatures
    bias: float
    threshold: float

    def odds(self, case: PairCase) -> dict[str, float]:
        """Log odds that two states are tagged as allies, for each pair of a case that is not hopeless."""
        everywhere = [weight for word in case.all_words if (weight := self.words.get(word)) is not None]
        found: dict[str, float] = {}
        for pair in case.pairs:
            known = self.bias + math.fsum(map(mul, self.features, case.features(pair)))
            if known >= _HOPELESS:
                found[pair] = known + self.of_words(case.words(pair), everywhere)
        return found

    def of_words(self, words: Iterable[str], more: Sequence[float] = ()) -> float:
        """What words add: the sum of their weights, and of more weights, over the root of the number of those known."""
        weights = [weight for word in words if (weight := self.words.get(word)) is not None]
        return (math.fsum(weights) + math.fsum(more)) / math.sqrt(len(weights) + len(more) or 1)


_LESS_PLAIN: Final = 0.1
_SHORT: Final = 2  # sentences; so few are judged by the phrase alone, as no abstract that was learned from is so short
_CREDIBLE: Final = 0.55  # of a phrase in them
_WORDS_ALONE: Final = 0.5  # where no phrase joins the two: of those below, two in five were right
_NEARLY_ALWAYS: Final = 0.9  # phrases so sure were right in 94 of 100 works
_SHARE_RIGHT: Final = 0.8
_HOPELESS: Final = -3.0  # of 1,600 pairs that are tagged none had less than -2.4 before its words


class PairJudge:
    """Judges pairs; reads what was learned when a language is first met.

    Parameters
    ----------
    folder : Path
        ``ontology/weights``.
    grammar : Grammar
        For the table of who was allied when.
    leaders : Leaders
        For persons who stand for a state.
    """

    def __init__(self, folder: Path, grammar: Grammar, leaders: Leaders) -> None:
        self._folder, self._grammar, self.leaders = folder, grammar, leaders
        self._languages: dict[str, PairWeights] = {}

    def language(self, lang: str) -> PairWeights:
        """What was learned for ``zh`` or ``en``."""
        if lang not in self._languages:
            self._languages[lang] = read_weights(self._folder, lang)
        return self._languages[lang]

    def judge(
        self,
        fields: Sequence[Field],
        bonds: Sequence[Bond],
        years: Sequence[int],
        refused: dict[str, list[Refused]] | None = None,
    ) -> list[Bond]:
        """The bonds of a work: those of pairs as sure as all that speaks for the pair, those of pacts as they came.

        Parameters
        ----------
        fields : sequence of Field
            Prepared.
        bonds : sequence of Bond
            What grammar and names of pacts found.
        years : sequence of int
            Years that the work speaks of.
        refused : dict, optional
            Takes the bonds of pairs for which too little speaks, by field.
        """
        likely: dict[str, float] = {}
        shown: list[Bond] = []
        found: dict[str, float] = {}
        for bond in bonds:
            found[bond.tag] = max(found.get(bond.tag, 0.0), bond.confidence)
        is_short = sum(len(field.sentences) for field in fields) <= _SHORT
        for pair, best in found.items():
            if is_short and best >= _CREDIBLE:
                likely[pair] = best
            elif best >= _NEARLY_ALWAYS:
                likely[pair] = _SHARE_RIGHT
        for lang in sorted({field.lang for field in fields}):
            learned = self.language(lang)
            case = PairCase(self._grammar, fields, lang, bonds, years, self.leaders)
            for pair, odds in learned.odds(case).items():
                probability = 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))
                if pair in found:
                    if probability >= (_CREDIBLE if is_short else learned.threshold):
                        likely[pair] = max(likely.get(pair, 0.0), probability)
                elif probability >= _WORDS_ALONE and not is_short:
                    likely[pair] = max(likely.get(pair, 0.0), probability)
                    shown += _shown(learned, case, pair)
        kept: list[Bond] = []
        for bond in [*bonds, *shown]:
            if not OF_TWO.fullmatch(bond.tag):
                kept.append(bond)
            elif bond.tag in likely:
                # the surest phrase is as sure as the pair; what is told less plainly comes after it
                less = _LESS_PLAIN * (1 - bond.confidence / best) if (best := found.get(bond.tag, 0.0)) else 0.0
                kept.append(bond._replace(confidence=likely[bond.tag] * (1 - less)))
            elif refused is not None:
                why = "too little of what the text says speaks for an alliance of these two"
                refused.setdefault(fields[bond.field].name, []).append(Refused(bond.start, bond.end, bond.tag, why))
        return kept


def _shown(learned: PairWeights, case: PairCase, pair: str) -> list[Bond]:
    """The words that speak most for a pair that no phrase joins, in up to two sentences."""
    one, other = pair.split("-")
    ranked: list[tuple[float, int, Bond]] = []
    for sentence in case.with_both(pair):
        x, y = sentence.nearest(one, other)
        start, end = _with_head(sentence, x.start, y.end)
        weight = learned.of_words(case.words_in(sentence, x, y))
        ranked.append((-weight, start, Bond(sentence.field, start, end, pair, "alliance-words", 0.0)))
    if not ranked:
        for sentence in case.with_one(pair):
            mention = next(mention for mention in sentence.mentions if mention.tag in (one, other))
            start, end = _with_head(sentence, mention.start, mention.end)
            rank = -len(sentence.heads) if end - start > mention.end - mention.start else 1.0
            ranked.append((rank, start, Bond(sentence.field, start, end, pair, "alliance-words", 0.0)))
    return [bond for _, _, bond in sorted(ranked)[:2]]


def _with_head(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """A span widened to the nearest word for an alliance, where one is near."""
    near = min(((max(0, start - last, first - end), first, last) for first, last in sentence.heads), default=None)
    if near is None or near[0] > 2 * BESIDE:
        return start, end
    return min(start, near[1]), max(end, near[2])


def read_weights(folder: Path, lang: str) -> PairWeights:
    """What was learned for a language.

    Raises
    ------
    OntologyError
        A file is not there or has a fault.
    """
    words: dict[str, float] = {}
    path = folder / f"pairs-{lang}.tsv"
    try:
        learned = json.loads((folder / "pairs.json").read_text("utf-8"))[lang]
        for line in path.read_text("utf-8").splitlines():
            word, _, weight = line.rpartition("\t")
            words[word] = float(weight)
        features = PairFeatures(**learned["weights"])
        return PairWeights(words, features, learned["bias"], learned["threshold"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OntologyError(f"{path}: {error}; make the files again with tests/tools/fit_pairs.py") from None
