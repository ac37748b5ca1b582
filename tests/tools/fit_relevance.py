"""Fit the weights of ``ontology/tables/cues.csv`` to annotated works and to texts of other fields; print the cross-validated quality.

::

    python tests/tools/fit_relevance.py [--write]

The score by which a work is taken to be on alliances (`kg.tagging.tagger`) is corrected by a logistic regression: its weight
stands for what authors of cues thought, the weights of single cues for what the works say beyond that. Needs scikit-learn.
"""

from __future__ import annotations

import csv
import json
import math
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from kg.model import Text, Work, WorkId
from kg.tagging import lexicon as names
from kg.tagging.tagger import _RELEVANT, Tagger, _bond_in_sight

GOLD = Path(__file__).resolve().parents[1] / "gold"
CUES = GOLD.parents[1] / "ontology" / "tables" / "cues.csv"
STRENGTH = 0.3
OTHER_FIELD = 2.0  # weight of a text of another field
IMAGE = 0.4  # of a work told in images


def read(tagger: Tagger) -> list[tuple[set[str], float, bool, bool, float]]:
    """For each text: cues, score without them, whether it has a core, whether it is on alliances, its weight."""
    texts: list[tuple[dict[str, Any], bool, float]] = []
    for path in (
        *sorted((GOLD / "learn").glob("*.jsonl")),
        *(GOLD / f"{n}.jsonl" for n in ("digests", "en", "zh", "en-2", "zh-2")),
    ):
        for line in filter(str.strip, path.read_text("utf-8").splitlines()):
            row = json.loads(line)
            doubtful = row.get("optional", {})
            sure = {kind: set(row[kind]) - set(doubtful.get(kind, ())) for kind in ("alliances", "concepts")}
            if sure["alliances"] or len(sure["concepts"]) > 2:
                texts.append((row, True, IMAGE if "image" in path.stem else 1.0))
            elif not row["alliances"] and not row["concepts"]:
                texts.append((row, False, 1.0))
    for name in ("general", "other-fields"):
        rows = map(json.loads, filter(str.strip, (GOLD / f"{name}.jsonl").read_text("utf-8").splitlines()))
        texts += [(row, False, OTHER_FIELD) for row in rows if not row.get("ir")]
    found = []
    cores = tagger._lexicon.cores
    for row, is_relevant, weight in texts:
        work = Work(id=WorkId("x"), texts=(Text(row["lang"], row["title"] or None, row["abstract"]),))
        fields = tagger.prepared(work)
        cues = set().union(*(field.scan.cues for field in fields))
        rest = 1.5 * sum(bool(field.scan.pacts) for field in fields)
        rest += 0.8 * any(match.entry.kind == names.GROUP for field in fields for match in field.scan.names)
        rest += 0.8 * any(_bond_in_sight(field.scan, field.states) for field in fields)
        rest += min(0.6, 0.3 * len({mention.tag for field in fields for mention in field.states}))
        core = any(field.scan.pacts for field in fields) or not cores.isdisjoint(cues)
        found.append((cues, rest, core, is_relevant, weight))
    return found


def main() -> None:
    from sklearn.linear_model import LogisticRegression

    tagger = Tagger()
    weights = tagger._lexicon.cues
    rows = [row for row in read(tagger) if row[2]]  # without a core a work is never looked at
    random.Random(1).shuffle(rows)
    cues = sorted({cue for row in rows for cue in row[0]})
    column = {cue: at + 1 for at, cue in enumerate(cues)}

    def matrix(part: list[Any]) -> sparse.csr_matrix:
        data, columns, ends = [], [], [0]
        for found, rest, *_ in part:
            data += [2 * (rest + math.fsum(weights[cue] for cue in found) - _RELEVANT), *([1.0] * len(found))]
            columns += [0, *(column[cue] for cue in found)]
            ends.append(len(data))
        return sparse.csr_matrix((data, columns, ends), shape=(len(part), len(cues) + 1))

    def fit(part: list[Any]) -> Any:
        return LogisticRegression(C=STRENGTH, max_iter=4000, fit_intercept=False).fit(
            matrix(part), [r[3] for r in part], sample_weight=[r[4] for r in part]
        )

    lost = passed = 0
    for fold in range(5):
        model = fit([row for at, row in enumerate(rows) if at % 5 != fold])
        here = [row for at, row in enumerate(rows) if at % 5 == fold]
        said = model.predict(matrix(here))
        lost += sum(row[3] and row[4] == 1 and not yes for row, yes in zip(here, said, strict=True))
        passed += sum(row[4] == OTHER_FIELD and yes for row, yes in zip(here, said, strict=True))
    print(
        f"lost {lost} of {sum(r[3] and r[4] == 1 for r in rows)}, passed {passed} of {sum(r[4] == OTHER_FIELD for r in rows)} of other fields"
    )
    model = fit(rows)
    scale = 2 * model.coef_[0][0]
    if "--write" in sys.argv:
        with CUES.open(encoding="utf-8", newline="") as file:
            table = list(csv.DictReader(file))
        from kg.text import fold as folded

        words = " ".join(row["surface"] for row in table if row["core"] == "yes")
        for row in table:
            cue = folded(row["surface"]).text
            if cue in column and not (row["surface"] in words and model.coef_[0][column[cue]] < 0):
                # a word for an alliance, or a part of one, keeps its weight: in a short text it must do by itself
                row["weight"] = f"{float(np.round(float(row['weight']) + model.coef_[0][column[cue]] / scale, 2)):g}"
        with CUES.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(table[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(table)


if __name__ == "__main__":
    main()
