"""Learn which words and rules speak for which concepts; write ontology/weights; print the cross-validated quality.

::

    python tests/tools/fit_concepts.py [--lang en zh] [--folds 4] [--dry]

Learns from the works in ``tests/gold/learn`` (none of which any label or pattern was written for: the share in which a rule was
right is counted on them), from the words of the other gold works but those held apart, and from the examples of the patterns.
Needs scikit-learn (``pip install -e '.[learn]'``).
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from kg.authority import load
from kg.model import Text, Work, WorkId
from kg.resources import ontology_dir
from kg.tagging.concept_judge import PRIOR_WORKS, Case, Features, Language, hear
from kg.tagging.concept_weights import ConceptWeights
from kg.tagging.concepts import ConceptMention
from kg.tagging.mentions import Field
from kg.tagging.tagger import Tagger
from kg.tagging.words import words_of

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
FEATURES = 8_000  # a language
STRENGTH = 12.0  # of the data against the penalty on weights
LEAST = 0.7  # weights nearer to nothing are left out
EXAMPLE = 1.0  # weight of a pattern's example
OTHER_EXAMPLE = 0.45  # of one of another concept, which may have this one too
FEWEST = 3  # sentences with a concept
PRECISION = 0.78

warnings.filterwarnings("ignore")


@dataclass
class Gold:
    """A gold work with what the tagger's steps find in it."""

    id: str
    concepts: dict[str, list[str]]
    optional: set[str]
    fields: list[Field]
    ideas: list[tuple[Field, ConceptMention]]
    is_new: bool
    words: list[list[str]] = field(default_factory=list)
    has: list[set[str]] = field(default_factory=list)


def read(tagger: Tagger, paths: Iterable[Path], lang: str, is_new: bool) -> list[Gold]:
    """The works of one language, with the features of each sentence and the concepts whose evidence stands in it."""
    works = []
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line) if line.strip() else {"lang": ""}
            if row["lang"][:2] != lang:
                continue
            work = Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"] or None, row["abstract"]),))
            fields = [one for one in tagger.prepared(work) if one.lang == lang]
            doubtful = set(row.get("optional", {}).get("concepts", ()))
            gold = Gold(row["id"], row["concepts"], doubtful, fields, tagger.ideas_in(fields), is_new)
            for one in fields:
                folded = one.scan.folded
                for begin, stop in one.sentences:
                    gold.words.append([word for word, _, _ in words_of(one.masked, begin, stop, lang)])
                    first, last = folded.raw_span(begin, stop)
                    gold.has.append(
                        {c for c, shown in row["concepts"].items() if _within(folded.raw, shown, first, last)}
                    )
            works.append(gold)
    return works


def _within(raw: str, surfaces: Sequence[str], first: int, last: int) -> bool:
    for surface in surfaces:
        at = raw.find(surface)
        while at >= 0:
            if at < last and at + len(surface) > first:
                return True
            at = raw.find(surface, at + 1)
    return False


def examples(tagger: Tagger, lang: str) -> list[tuple[str, bool, list[str]]]:
    """Examples and counter-examples of the patterns: concept, whether it is there, features."""
    found = []
    for pattern in tagger.authority.patterns:
        row = pattern.row
        if row.get("lang") != lang or "concept" not in row or "guard" in row:
            continue
        for name, is_there in (("example", True), ("counter", False)):
            if text := row.get(name):
                work = Work(id=WorkId("x"), texts=(Text("zh-Hans" if lang == "zh" else "en", None, text),))
                found.append(
                    (
                        row["concept"],
                        is_there,
                        [
                            word
                            for one in tagger.prepared(work)
                            for begin, stop in one.sentences
                            for word, _, _ in words_of(one.masked, begin, stop, lang)
                        ],
                    )
                )
    return found


def matrix(lists: Sequence[Sequence[str]], rows: dict[str, int]) -> sparse.csr_matrix:
    """Features of sentences, each over the root of their number."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for words in lists:
        numbers = sorted({rows[word] for word in words if word in rows})
        columns += numbers
        values += [1 / math.sqrt(len(numbers) or 1)] * len(numbers)
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(lists), len(rows)))


def learn_words(
    works: Sequence[Gold], shown: Sequence[tuple[str, bool, list[str]]], concepts: Sequence[str]
) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    """Rows of the features, weights (features by concepts) and the score of each concept for no words."""
    sentences = [words for work in works for words in work.words]
    has = [there for work in works for there in work.has]
    lists = [*sentences, *(words for _, _, words in shown)]
    counts = Counter(word for words in lists for word in set(words))
    rows = {word: at for at, word in enumerate(sorted(word for word, n in counts.items() if n >= 3))}
    weights, bias = _fit_all(matrix(lists, rows), has, shown, concepts, len(rows))
    strongest = np.sort(np.abs(weights), axis=1)[:, -1] * np.log1p([counts[word] for word in rows])
    kept = set(np.argsort(-strongest)[:FEATURES].tolist())
    names = [word for word, at in rows.items() if at in kept]
    rows = {word: at for at, word in enumerate(names)}
    weights, bias = _fit_all(matrix(lists, rows), has, shown, concepts, len(rows))
    weights[np.abs(weights) < LEAST] = 0
    return rows, np.round(weights, 1), np.round(bias, 2)


def _fit_all(x: sparse.csr_matrix, has: Sequence[set[str]], shown: Any, concepts: Sequence[str], n: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    of_example = np.array([concept for concept, _, _ in shown])
    is_there = np.array([there for _, there, _ in shown])
    third = np.arange(len(shown)) % 3
    weights, bias = np.zeros((n, len(concepts))), np.full(len(concepts), -6.0)
    for at, concept in enumerate(concepts):
        own = of_example == concept
        y = np.r_[[concept in there for there in has], own & is_there].astype(int)
        if y.sum() < FEWEST:
            continue
        w = np.r_[np.ones(len(has)), np.where(own, EXAMPLE, OTHER_EXAMPLE)]
        chosen = np.r_[np.ones(len(has), bool), own | (third == at % 3)]
        model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=200)
        model.fit(x[chosen], y[chosen], sample_weight=w[chosen])
        weights[:, at], bias[at] = model.coef_[0], model.intercept_[0]
    return weights, bias


def counted(works: Iterable[Gold]) -> dict[tuple[str, str], list[float]]:
    """How often each rule was found and right, a work once; doubtful tags count for neither."""
    found: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0])
    for work in works:
        if work.is_new:
            for concept, rule in {(mention.tag, mention.why) for _, mention in work.ideas}:
                if concept not in work.optional:
                    found[concept, rule][0] += concept in work.concepts
                    found[concept, rule][1] += 1
    return found


def bases(works: Sequence[Gold], concepts: Sequence[str]) -> dict[str, float]:
    """Log odds of the share of works that have each concept."""
    new = [work for work in works if work.is_new]
    n = Counter(concept for work in new for concept in work.concepts if concept not in work.optional)
    return {c: round(math.log((n[c] + 0.3) / (len(new) + 0.7 - n[c])), 2) for c in concepts}


def language(works: Sequence[Gold], shown: Any, concepts: Sequence[str], lang: str) -> Language:
    """What is learned from some works, but for the judge."""
    rows, weights, bias = learn_words(works, shown, concepts)
    model = ConceptWeights.made(lang, concepts, rows, weights.astype(np.float32), bias.astype(np.float32))
    right = {key: (n[0], n[1]) for key, n in counted(works).items()}
    return Language(model, right, bases(works, concepts), Features(*[0.0] * len(Features._fields)), 0.0, 0.5)


def cases(learned: Language, works: Iterable[Gold]) -> list[tuple[Gold, dict[str, Features]]]:
    """Features of the concepts of works."""
    works = list(works)
    heard = hear(learned, [work.fields for work in works], 0.0)
    return [
        (work, Case(learned, work.fields, work.ideas, one).features()) for work, one in zip(works, heard, strict=True)
    ]


def fit_judge(found: Sequence[tuple[Gold, dict[str, Features]]]) -> tuple[np.ndarray, float]:
    """Weights of the features, and the bias."""
    from sklearn.linear_model import LogisticRegression

    x, y = [], []
    for work, features in found:
        for concept, values in features.items():
            if concept not in work.optional:
                x.append(values)
                y.append(concept in work.concepts)
    data = np.array(x, float)
    mean, spread = data.mean(axis=0), data.std(axis=0) + 1e-6
    model = LogisticRegression(C=1.0, max_iter=2000).fit((data - mean) / spread, y)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def judged(
    found: Sequence[tuple[Gold, dict[str, Features]]], weights: np.ndarray, bias: float
) -> list[tuple[float, bool]]:
    """Probability of each concept of each work and whether it is right; what was never considered has probability 0."""
    rows: list[tuple[float, bool]] = []
    for work, features in found:
        for concept, values in features.items():
            if concept not in work.optional:
                odds = np.array(values, float) @ weights + bias
                rows.append((float(1 / (1 + np.exp(-odds))), concept in work.concepts))
        rows += [(0.0, True) for _ in set(work.concepts) - work.optional - set(features)]
    return rows


def told(lang: str, rows: Sequence[tuple[float, bool]], threshold: float, n: int) -> None:
    """Print quality and reliability."""
    print(f"{lang}: {n} works: P {{:.3f}} R {{:.3f}} F1 {{:.3f}} at {threshold}".format(*quality(rows, threshold)))
    for t in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        print("   ", t, "P {:.3f} R {:.3f} F1 {:.3f}".format(*quality(rows, t)))
    for low in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        here = [y for q, y in rows if low <= q < low + 0.1]
        print(f"    {low}-{low + 0.1:.1f}: {sum(here)} of {len(here)} right", f"{sum(here) / max(1, len(here)):.2f}")


def quality(rows: Sequence[tuple[float, bool]], threshold: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of tags with at least a probability."""
    right = sum(p >= threshold and y for p, y in rows)
    given = sum(p >= threshold for p, _ in rows) or 1
    wanted = sum(y for _, y in rows) or 1
    return right / given, right / wanted, 2 * right / (given + wanted)


def best_threshold(rows: Sequence[tuple[float, bool]]) -> float:
    """The one with the best F1 among those with the precision asked for, or with the best F1 where none has it."""
    steps = [round(0.3 + 0.01 * n, 2) for n in range(41)]
    precise = [t for t in steps if quality(rows, t)[0] >= PRECISION]
    return max(precise or steps, key=lambda t: quality(rows, t)[2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lang", nargs="*", default=["en", "zh"])
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    tagger = Tagger()
    concepts = sorted(c.id for c in load().concepts.values() if not c.is_facet and not c.retired)
    folder = ontology_dir() / "weights"
    path = folder / "judge.json"
    learned_all = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for lang in options.lang:
        others = [GOLD / "digests.jsonl", GOLD / f"{lang}.jsonl", GOLD / f"{lang}-2.jsonl"]
        new = read(tagger, sorted((GOLD / "learn").glob(f"{lang}-*.jsonl")), lang, True)
        old = read(tagger, others, lang, False)
        shown = examples(tagger, lang)
        random.Random(7).shuffle(new)
        near = [work for work in new if not work.id.startswith(FAR)]
        found: list[Any] = []
        for fold in range(options.folds):
            apart = {id(work) for at, work in enumerate(near) if at % options.folds == fold}
            learned = language([*old, *(work for work in new if id(work) not in apart)], shown, concepts, lang)
            unseen = [work for work in near if id(work) in apart]
            found.append(cases(learned, unseen))
        rows: list[Any] = []
        for fold in range(options.folds):
            weights, bias = fit_judge([one for at, part in enumerate(found) if at != fold for one in part])
            rows += judged(found[fold], weights, bias)
        threshold = best_threshold(rows)
        p, r, f = quality(rows, threshold)
        told(lang, rows, threshold, len(near))
        weights, bias = fit_judge([one for part in found for one in part])
        if options.dry:
            continue
        learned = language([*old, *new], shown, concepts, lang)
        write(folder, lang, learned)
        learned_all[lang] = {
            "works": len(near), "folds": options.folds, "precision": round(p, 3), "recall": round(r, 3), "f1": round(f, 3),
            "threshold": threshold, "bias": round(bias, 3),
            "weights": {name: round(w, 3) for name, w in zip(Features._fields, weights, strict=True)},
            "base": learned.base,
        }  # fmt: skip
        path.write_text(json.dumps(learned_all, indent=1, sort_keys=True) + "\n", "utf-8")


#: Works told in images rather than in words of the field: words are learned from them, but no judgement of how common things are.
FAR = ("tea-", "teb-", "tec-", "tza-", "tzb-")


def write(folder: Path, lang: str, learned: Language) -> None:
    """The files of a language."""
    model = learned.weights
    lines = ["\t".join(model.concepts), "\t".join(f"{value:.2f}" for value in model._bias)]
    for word, at in model._rows.items():
        row = model._matrix[at]
        weights = " ".join(f"{column}:{round(float(row[column]) * 10)}" for column in np.flatnonzero(row))
        if weights:
            lines.append(f"{word}\t{weights}")
    (folder / f"concepts-{lang}.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    with (folder / f"rules-{lang}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["concept", "rule", "right", "found"])
        out.writerows([*key, f"{n[0]:g}", f"{n[1]:g}"] for key, n in sorted(learned.right.items()))


if __name__ == "__main__":
    assert PRIOR_WORKS > 0
    main()
