"""Development aid: precision and recall of tags on gold. Usage: python -m kg.tagging.score_concepts [concept or facet ids…] [--kind alliances] [--quiet]"""

import json
import sys
from collections import defaultdict
from pathlib import Path

from kg.authority import load
from kg.model import Text, Work, WorkId
from kg.tagging.tagger import Tagger


def main(args):
    kind = "concepts"
    if "--kind" in args:
        i = args.index("--kind")
        kind = args[i + 1]
        del args[i : i + 2]
    files = None
    if "--files" in args:
        i = args.index("--files")
        files = args[i + 1].split(",")
        del args[i : i + 2]
    quiet = "--quiet" in args
    args = [a for a in args if a != "--quiet"]
    root = Path(__file__).resolve().parents[2]
    paths = (
        [Path(f) for f in files]
        if files
        else [
            p
            for p in (
                root / "../shared/gold/dev.jsonl",
                root / "../shared/gold/digests.jsonl",
                root / "tests/gold/zh.jsonl",
                root / "tests/gold/en.jsonl",
            )
            if p.exists()
        ]
    )
    authority = load()
    tagger = Tagger(authority)
    wanted = set(args)
    if wanted and kind == "concepts":
        grow = True
        while grow:
            more = {c.id for c in authority.concepts.values() if set(c.broader) & wanted} - wanted
            wanted |= more
            grow = bool(more)
    total = defaultdict(lambda: [0, 0, 0])
    per = defaultdict(lambda: [0, 0, 0])
    lines = []
    for p in paths:
        for line in p.read_text(encoding="utf-8").split("\n"):
            if not line.strip():
                continue
            w = json.loads(line)
            t = tagger.tag(
                Work(
                    id=WorkId(w["id"]),
                    texts=(Text(w["lang"], w["title"] or None, w["abstract"] or None),),
                    year=w.get("year"),
                )
            )
            pred = set(t.focus) if kind == "focus" else set(getattr(t, kind))
            opt = set(w.get("optional", {}).get(kind, ()))
            exp = set(w.get(kind, ())) - opt
            got = pred - opt
            if wanted:
                exp &= wanted
                got &= wanted
            key = (p.name, w["lang"][:2])
            for k in (key, ("all", w["lang"][:2])):
                total[k][0] += len(exp & got)
                total[k][1] += len(got)
                total[k][2] += len(exp)
            for c in exp | got:
                per[c][0] += c in exp and c in got
                per[c][1] += c in got
                per[c][2] += c in exp
            for c in sorted(exp - got):
                g = w[kind]
                lines.append((c, f"- {w['id']} {c}: MISSED {g[c] if isinstance(g, dict) else ''}"))
            for c in sorted(got - exp):
                ms = (t.focus_evidence if kind == "focus" else getattr(t, kind))[c]
                lines.append((c, f"+ {w['id']} {c}: WRONG {[(m.surface, m.rule, m.confidence) for m in ms][:3]}"))
    if not quiet:
        for c, l in sorted(lines):
            print(l)
    if not quiet or kind == "concepts":
        for c, (tp, n, e) in sorted(per.items()):
            if not quiet:
                print(f"{c:34} tp {tp:3} fp {n - tp:3} fn {e - tp:3}")
    for k, (tp, n, e) in sorted(total.items()):
        pr = tp / n if n else 1
        rc = tp / e if e else 1
        print(f"{k[0]:18}{k[1]} P {pr:.3f} R {rc:.3f} F {2 * pr * rc / (pr + rc) if pr + rc else 0:.3f} gold {e}")


main(sys.argv[1:])
