"""How fast texts are tagged, against spaCy's EntityRuler with the same names, in the same run.

    python tests/bench/bench_tagging.py [--works 2000] [--rounds 5] [--seed 1] [--json FILE]

Two loads: `general`, abstracts of all disciplines (as in a whole database: hardly any is about an alliance, many hold
words that look like names), and `alliance`, where every abstract is. Each about 1.1 KB, half Chinese, half English,
made up from a seed. Every round times every engine once, so that the load of the machine falls on all of them alike;
medians of CPU time are shown. Both do what a user would have them do on one core: EntityRuler finds names and nothing
else, the tagger decides which of them count, finds alliances, concepts and focus as well, and cuts the evidence.

Then what `kg tag` needs: its memory at its highest for so many works of the first load and for eight times as many, and how much
sooner two processes are done than one with works that are all about alliances (`--processes 0` leaves that out). How time grows
with the length of one text: `bench_growth.py`.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import kg.tagging.tagger
from kg.authority import Authority, load
from kg.model import Text, Work, WorkId
from kg.synth import Load, Synthesis
from kg.tagging.tagger import Tagger


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
    tagger = Tagger(authority)
    rulers = entity_rulers(authority)

    def rule() -> None:
        for lang, nlp in rulers.items():
            for doc in nlp.pipe(texts[lang]):
                for entity in doc.ents:
                    _ = entity.start_char, entity.end_char, entity.ent_id_

    steps: dict[str, Callable[[], object]] = {"tag": lambda: list(tagger.tag_all(works)), "EntityRuler": rule}
    times: dict[str, list[float]] = {step: [] for step in steps}
    for run_once in steps.values():
        run_once()  # once unmeasured: caches, lazy imports
    for _ in range(rounds):
        for step, run in steps.items():
            times[step].append(cpu_seconds(run))
    medians = {step: statistics.median(values) for step, values in times.items()}
    whole = medians["tag"]
    shares = shares_of(tagger, works)
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


def shares_of(tagger: Tagger, works: Sequence[Work]) -> dict[str, float]:
    """What part of the time each step takes, told by a clock around it; the clock itself takes some."""
    spent: dict[str, float] = {}

    def clocked(step: str, run: Callable[..., Any]) -> Callable[..., Any]:
        spent[step] = 0.0

        def timed(*arguments: Any, **named: Any) -> Any:
            begin = time.thread_time()
            result = run(*arguments, **named)
            spent[step] += time.thread_time() - begin
            return result

        return timed

    names = ("fold", "scan", "context")
    kept = [(names_of, name, getattr(names_of, name)) for names_of in (kg.tagging.tagger,) for name in names]
    parts: list[tuple[Any, str, str]] = [
        *((kg.tagging.tagger, name, name) for name in names),
        (tagger._states, "find", "states"),
        (tagger, "_prepare", "mask and sentences"),
        (tagger.alliances, "find", "alliances and focus"),
        (tagger._concepts, "find", "concepts"),
        (tagger._judge, "judge", "concepts judged"),
        (tagger, "_finished", "evidence, periods, statements"),
    ]
    for holder, name, step in parts:
        setattr(holder, name, clocked(step, getattr(holder, name)))
    begin = time.thread_time()
    for _ in tagger.tag_all(works):
        pass
    whole = time.thread_time() - begin
    for holder, name, run in kept:
        setattr(holder, name, run)
    shares = {step: seconds / whole for step, seconds in spent.items()}
    return {**shares, "the rest": 1 - sum(shares.values())}


def memory_mb(n_works: int) -> float:
    """Memory of a process at its highest that tags so many works as they come, in megabytes."""
    code = (
        "import resource, sys; from kg.authority import load; from kg.model import Text, Work, WorkId; from kg.synth import Synthesis; "
        "from kg.tagging.tagger import Tagger; known = load(); made = Synthesis(known).works(int(sys.argv[1]), 'mixed'); "
        "works = (Work(id=WorkId(one['id']), texts=(Text(one['lang'], one['title'], one['abstract']),)) for one in made); "
        "sum(1 for _ in Tagger(known).tag_all(works)); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(n_works)], check=True, capture_output=True, text=True)
    return round(int(run.stdout) / 1024)


def processes(n_works: int, rounds: int) -> dict[str, Any]:
    """How much sooner `kg tag` is done with two processes than with one: works all about alliances, start and reading included."""
    quotients = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "works.jsonl"
        maker = Path(__file__).with_name("catalogue.py")
        subprocess.run([sys.executable, str(maker), str(n_works), str(source), "--share", "1"], check=True)
        for _ in range(rounds):
            seconds = []
            for jobs in ("1", "2"):
                begin = time.perf_counter()
                command = [sys.executable, "-m", "kg", "tag", str(source), "--jobs", jobs, "-o", str(source) + jobs]
                subprocess.run(command, check=True, capture_output=True)
                seconds.append(time.perf_counter() - begin)
            quotients.append(seconds[0] / seconds[1])
    return {"works": n_works, "one process to two": round(statistics.median(quotients), 2)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--works", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=6000, metavar="N", help="works for two processes; 0 for none")
    parser.add_argument("--json", type=Path, help="write the figures to a file")
    options = parser.parse_args(arguments)
    few, many = (
        memory_mb(options.works),
        memory_mb(8 * options.works),
    )  # first: a child is said to need what its parent had
    gc.set_threshold(20_000, 20, 20)  # as the program `kg` has it, for both engines
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
    print(f"memory of one process: {few:.0f} MB for {options.works} works, {many:.0f} MB for {8 * options.works}")
    report: dict[str, Any] = {"loads": results, "memory, MB": [few, many]}
    if options.processes:
        report["processes"] = processes(options.processes, 3)
        print(f"kg tag --jobs 2: {report['processes']['one process to two']} times as fast as one process")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
