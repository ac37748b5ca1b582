"""Learn which pairs of states are tagged as allies; write ontology/weights/pairs*; print the cross-validated quality.

::

    python tests/tools/fit_pairs.py [--lang en zh] [--folds 5] [--dry]

Learns from all gold works but those held apart. What grammar and table know of a pair and the words about it go into one logistic
regression; works told in images rather than in words of the field count half. Needs scikit-learn (``pip install -e '.[learn]'``).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from kg.model import Text, Work, WorkId
from kg.resources import ontology_dir
from kg.tagging.pair_features import OF_TWO, PairCase, PairFeatures
from kg.tagging.tagger import Tagger

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
FAR = ("tea-", "teb-", "tec-", "tza-", "tzb-")  # told in images
WORDS = 5_000  # a language
FEWEST = 4  # pairs about which a word stands
SCALE = {"en": 2.5, "zh": 1.5}  # of words against what else is known
KNOWN = 0.5  # of the rest
PRECISION = 0.78

warnings.filterwarnings("ignore")


class Pair(NamedTuple):
    """A pair of a gold work."""

    work: int
    pair: str
    features: PairFeatures
    words: set[str]
    is_tagged: bool


class Gold(NamedTuple):
    """A gold work: the pairs that it is tagged with, doubtful ones, whether the gate lets it pass, its weight."""

    id: str
    wanted: set[str]
    doubtful: set[str]
    passes: bool
    weight: float


def paths(lang: str) -> list[Path]:
    """All gold works but those held apart."""
    names = ("digests", lang, f"{lang}-2", "other-fields", "general", "theory")
    learn = [*(GOLD / "learn").glob(f"{lang}-*.jsonl"), *(GOLD / "pairs").glob(f"{lang}-*.jsonl")]
    return [*sorted(learn), *(GOLD / f"{name}.jsonl" for name in names)]


def read(tagger: Tagger, files: Iterable[Path], lang: str) -> tuple[list[Gold], list[Pair]]:
    """Gold works and their pairs, in an order of chance that is always the same."""
    rows = [
        row
        for path in files
        for line in path.read_text("utf-8").split("\n")
        if line.strip() and (row := json.loads(line))["lang"][:2] == lang and "alliances" in row
    ]
    random.Random(3).shuffle(rows)
    works: list[Gold] = []
    pairs: list[Pair] = []
    finder = tagger.alliances
    for row in rows:
        work = Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"] or None, row["abstract"]),))
        fields, years, passes = tagger.readied(work)
        doubtful = set(row.get("optional", {}).get("alliances", ()))
        wanted = {tag for tag in row["alliances"] if OF_TWO.fullmatch(tag)} - doubtful
        case = PairCase(finder.grammar, fields, lang, finder.read(fields, years), years, finder.judge.leaders)
        weight = 0.5 if row["id"].startswith(FAR) else 1.0
        for pair in case.pairs:
            if pair not in doubtful:
                pairs.append(
                    Pair(len(works), pair, case.features(pair), case.words(pair) | case.all_words, pair in wanted)
                )
        works.append(Gold(row["id"], wanted, doubtful, passes, weight))
    return works, pairs


def matrix(pairs: Sequence[Pair], rows: dict[str, int]) -> sparse.csr_matrix:
    """The words of pairs, each over the root of their number."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for pair in pairs:
        numbers = sorted(rows[word] for word in pair.words if word in rows)
        columns += numbers
        values += [1 / math.sqrt(len(numbers) or 1)] * len(numbers)
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(pairs), len(rows)))


class Model(NamedTuple):
    """What is learned of some works."""

    rows: dict[str, int]
    words: np.ndarray
    known: np.ndarray
    bias: float

    def odds(self, pairs: Sequence[Pair]) -> np.ndarray:
        known = np.array([pair.features for pair in pairs], float)
        return known @ self.known + matrix(pairs, self.rows) @ self.words + self.bias


def fit(works: Sequence[Gold], pairs: Sequence[Pair], lang: str) -> Model:
    """Learn from pairs; twice, the second time from the words that weighed most."""
    counts = Counter(word for pair in pairs for word in pair.words)
    rows = {word: at for at, word in enumerate(sorted(word for word, n in counts.items() if n >= FEWEST))}
    model = _fit(works, pairs, rows, lang)
    heavy = np.abs(model.words) * np.log1p([counts[word] for word in rows])
    kept = set(np.argsort(-heavy)[:WORDS].tolist())
    rows = {word: at for at, word in enumerate(word for word, at in rows.items() if at in kept)}
    model = _fit(works, pairs, rows, lang)
    return model._replace(words=np.round(model.words, 2), known=np.round(model.known, 3), bias=round(model.bias, 3))


def _fit(works: Sequence[Gold], pairs: Sequence[Pair], rows: dict[str, int], lang: str) -> Model:
    from sklearn.linear_model import LogisticRegression

    known = np.array([pair.features for pair in pairs], float)
    mean, spread = known.mean(axis=0), known.std(axis=0) + 1e-6
    scale = SCALE[lang]
    x = sparse.hstack([sparse.csr_matrix((known - mean) / spread * KNOWN), matrix(pairs, rows) * scale]).tocsr()
    model = LogisticRegression(C=1.0, solver="liblinear", max_iter=300)
    model.fit(x, [pair.is_tagged for pair in pairs], sample_weight=[works[pair.work].weight for pair in pairs])
    weights = model.coef_[0]
    of_known = weights[: known.shape[1]] * KNOWN / spread
    return Model(rows, weights[known.shape[1] :] * scale, of_known, float(model.intercept_[0] - of_known @ mean))


def quality(
    works: Sequence[Gold], pairs: Sequence[Pair], shares: np.ndarray, threshold: float, prefix: Any = None
) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs with at least a probability, of works that pass the gate."""
    chosen = [not prefix or prefix(work.id) for work in works]
    right = wrong = 0
    for pair, share in zip(pairs, shares, strict=True):
        if share >= threshold and works[pair.work].passes and chosen[pair.work]:
            right += pair.is_tagged
            wrong += not pair.is_tagged
    wanted = sum(len(work.wanted) for work, here in zip(works, chosen, strict=True) if here)
    return right / (right + wrong or 1), right / (wanted or 1), 2 * right / (right + wrong + wanted or 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lang", nargs="*", default=["en", "zh"])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    tagger = Tagger()
    folder = ontology_dir() / "weights"
    path = folder / "pairs.json"
    learned = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for lang in options.lang:
        works, pairs = read(tagger, paths(lang), lang)
        shares = np.zeros(len(pairs))
        for fold in range(options.folds):
            apart = np.array([pair.work % options.folds == fold for pair in pairs])
            model = fit(works, [pair for pair, out in zip(pairs, apart, strict=True) if not out], lang)
            odds = model.odds([pair for pair, out in zip(pairs, apart, strict=True) if out])
            shares[apart] = 1 / (1 + np.exp(-odds))
        near = [
            (t / 100, quality(works, pairs, shares, t / 100, lambda id: not id.startswith(FAR))) for t in range(25, 61)
        ]
        precise = [one for one in near if one[1][0] >= PRECISION]
        threshold = max(precise or near, key=lambda one: one[1][2])[0]
        for t, (p, r, f) in near[::5]:
            print(f"{lang} {t:.2f}: P {p:.3f} R {r:.3f} F1 {f:.3f}; all F1 {quality(works, pairs, shares, t)[2]:.3f}")
        for low in range(3, 10):
            here = [pair.is_tagged for pair, q in zip(pairs, shares, strict=True) if low <= q * 10 < low + 1]
            print(f"    0.{low}: {sum(here)} of {len(here)} right")
        p, r, f = dict(near)[threshold]
        print(f"{lang}: {len(works)} works, P {p:.3f} R {r:.3f} F1 {f:.3f} at {threshold}")
        if options.dry:
            continue
        model = fit(works, pairs, lang)
        lines = [f"{word}\t{w:g}" for word, w in zip(model.rows, model.words, strict=True) if w]
        (folder / f"pairs-{lang}.tsv").write_text("\n".join(lines) + "\n", "utf-8")
        learned[lang] = {
            "works": len(works), "folds": options.folds, "precision": round(p, 3), "recall": round(r, 3), "f1": round(f, 3),
            "threshold": threshold, "bias": model.bias,
            "weights": dict(zip(PairFeatures._fields, model.known.tolist(), strict=True)),
        }  # fmt: skip
        path.write_text(json.dumps(learned, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
