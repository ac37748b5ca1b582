"""How fast texts are tagged, against spaCy's EntityRuler with the same names, in the same run.

    python tests/bench/bench_tagging.py [--works 2000] [--rounds 5] [--seed 1] [--json FILE]

Two loads: `general`, abstracts of all disciplines (as in a whole database: hardly any is about an alliance, many hold
words that look like names), and `alliance`, where every abstract is. Each about 1.1 KB, half Chinese, half English,
made up from a seed. Every round times every engine once, so that the load of the machine falls on all of them alike;
medians of CPU time are shown. Both do what a user would have them do on one core: EntityRuler finds names and nothing
else, the tagger decides which of them count, finds alliances, concepts and focus as well, and cuts the evidence.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kg.authority import Authority, load
from kg.model import Text, Work, WorkId
from kg.synth import Load, Synthesis
from kg.tagging.scanner import scan
from kg.tagging.tagger import Tagger
from kg.text import fold


def works_of(authority: Authority, name: Load, n_works: int, seed: int) -> list[Work]:
    """Made-up works of one load."""
    return [
        Work(id=WorkId(one["id"]), texts=(Text(one["lang"], one["title"], one["abstract"]),))
        for one in Synthesis(authority, seed).works(n_works, name)
    ]


def entity_rulers(authority: Authority) -> dict[str, Any]:
    """A blank pipeline with an EntityRuler for each language, with every name that the tagger knows of."""
    here = Path(__file__).resolve().parent  # whose modules must not hide libraries of the same name
    sys.path[:] = [folder for folder in sys.path if Path(folder or ".").resolve() != here]
    import spacy

    pipelines = {}
    for lang, keys in (("en", ("en",)), ("zh", ("zh-Hans", "zh-Hant"))):
        nlp = spacy.blank(lang)
        ruler = nlp.add_pipe("entity_ruler")
        patterns = []
        for kind in ("states", "alliances", "groups", "regions", "concepts"):
            for id in getattr(authority, kind):
                names = authority.names(id)
                patterns += [
                    {"label": kind, "pattern": name, "id": id} for key in keys for name in names.get(key, ()) if name
                ]
        ruler.add_patterns(patterns)
        pipelines[lang] = nlp
    return pipelines


def cpu_seconds(run: Callable[[], object]) -> float:
    """CPU time of one call."""
    begin = time.process_time()
    run()
    return time.process_time() - begin


def measure(authority: Authority, name: Load, n_works: int, rounds: int, seed: int) -> dict[str, Any]:
    """Medians for one load: works a second of both engines, their ratio, share of each stage."""
    works = works_of(authority, name, n_works, seed)
    texts = {lang: [text for w in works if w.lang[:2] == lang for text in w.fields().values()] for lang in ("zh", "en")}
    every = texts["zh"] + texts["en"]
    tagger = Tagger(authority)
    rulers = entity_rulers(authority)

    def rule() -> None:
        for lang, nlp in rulers.items():
            for doc in nlp.pipe(texts[lang]):
                for entity in doc.ents:
                    _ = entity.start_char, entity.end_char, entity.ent_id_

    scans: list[Any] = []

    def find_states() -> None:
        for found in scans:
            tagger._states.find(found, tuple, None)

    def scan_all() -> None:
        scans.clear()
        scans.extend(scan(fold(text), tagger._lexicon) for text in every)

    steps: dict[str, Callable[[], object]] = {
        "fold": lambda: [fold(text) for text in every],
        "fold and scan": scan_all,
        "states": find_states,
        "tag": lambda: list(tagger.tag_all(works)),
        "EntityRuler": rule,
    }
    times: dict[str, list[float]] = {step: [] for step in steps}
    for step in steps.values():
        step()  # once unmeasured: caches, lazy imports
    for _ in range(rounds):
        for step, run in steps.items():
            times[step].append(cpu_seconds(run))
    medians = {step: statistics.median(values) for step, values in times.items()}
    whole = medians["tag"]
    shares = {
        "fold": medians["fold"] / whole,
        "scan": (medians["fold and scan"] - medians["fold"]) / whole,
        "states": medians["states"] / whole,
    }
    shares["alliances, concepts, focus, evidence"] = 1 - sum(shares.values())
    ratios = [ruler / tag for ruler, tag in zip(times["EntityRuler"], times["tag"], strict=True)]
    return {
        "load": name,
        "works": n_works,
        "bytes a work": round(statistics.mean(sum(len(t.encode()) for t in w.fields().values()) for w in works)),
        "tagger, works/s": round(n_works / whole),
        "EntityRuler, works/s": round(n_works / medians["EntityRuler"]),
        "ratio": round(statistics.median(ratios), 1),
        "ratio, lowest and highest": [round(min(ratios), 1), round(max(ratios), 1)],
        "shares": {stage: round(share, 3) for stage, share in shares.items()},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--works", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures to a file")
    options = parser.parse_args(arguments)
    authority = load()
    loads: tuple[Load, ...] = ("general", "alliance")
    results = [measure(authority, name, options.works, options.rounds, options.seed) for name in loads]
    for result in results:
        shares = ", ".join(f"{stage} {share:.0%}" for stage, share in result["shares"].items())
        low, high = result["ratio, lowest and highest"]
        print(
            f"{result['load']:9} {result['works']} works of {result['bytes a work']} bytes: "
            f"tagger {result['tagger, works/s']:,}/s, EntityRuler {result['EntityRuler, works/s']:,}/s, "
            f"ratio {result['ratio']} ({low}–{high}); {shares}"
        )
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
