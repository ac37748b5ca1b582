"""Fit the weights of `kg.tagging.focus` to gold works; print them and the cross-validated quality.

python tests/tools/fit_focus.py GOLD.jsonl …
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np

import kg.tagging.alliances as alliances
from kg.model import Text, Work, WorkId
from kg.tagging.focus import Features, features_of
from kg.tagging.tagger import Tagger

FOLDS = 8
L2 = 1.0
THRESHOLD = 0.45


def read(paths: list[str]) -> list[tuple[list[tuple[np.ndarray, bool]], int]]:
    """For each work its alliances with features and whether they are in focus, and how many in focus were not found."""
    tagger = Tagger()
    works = []
    found: list[dict[str, Features]] = []
    alliances.find_focus = lambda mentions, fields: found.append(features_of(mentions, fields)) or []  # type: ignore[assignment]
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").split("\n"):
            if not line.strip():
                continue
            row = json.loads(line)
            found.clear()
            tagger.tag(Work(id=WorkId(row["id"]), texts=(Text(row["lang"], row["title"] or None, row["abstract"]),)))
            features = found[0] if found else {}
            optional = set(row.get("optional", {}).get("focus", ()))
            gold = set(row["focus"]) - optional
            items = [(np.array([1.0, *f], float), tag in gold) for tag, f in features.items() if tag not in optional]
            works.append((items, len(gold - set(features))))
    return works


def fit(works: list[tuple[list[tuple[np.ndarray, bool]], int]]) -> np.ndarray:
    """Logistic regression by gradient descent with a penalty on all weights but the first."""
    x = np.array([features for items, _ in works for features, _ in items])
    y = np.array([gold for items, _ in works for _, gold in items], float)
    weights = np.zeros(x.shape[1])
    penalty = np.r_[0, np.ones(len(weights) - 1)] * L2
    for _ in range(3000):
        error = 1 / (1 + np.exp(-x @ weights)) - y
        weights -= (x.T @ error + penalty * weights) / len(y)
    return weights


def main() -> None:
    works = read(sys.argv[1:])
    random.Random(1).shuffle(works)
    right = wrong = missed = 0
    for fold in range(FOLDS):
        weights = fit([work for index, work in enumerate(works) if index % FOLDS != fold])
        for items, lost in (work for index, work in enumerate(works) if index % FOLDS == fold):
            ranked = sorted(((float(1 / (1 + np.exp(-f @ weights))), gold) for f, gold in items), reverse=True)
            chosen = [gold for p, gold in ranked if p >= THRESHOLD][:3]
            right += sum(chosen)
            wrong += len(chosen) - sum(chosen)
            missed += lost + sum(gold for _, gold in ranked) - sum(chosen)
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"{FOLDS} folds: P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}")
    for name, weight in zip(("bias", *Features._fields), fit(works), strict=True):
        print(f"{name}={weight:.2f}")


if __name__ == "__main__":
    main()
