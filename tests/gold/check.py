#!/usr/bin/env python3
"""Check gold files of this folder: surfaces to the letter, ids, focus, optional.  check.py FILE ..."""
import csv, json, sys
from pathlib import Path
D = str(Path(__file__).resolve().parents[2].parent / "shared") + "/"
rows = lambda p: list(csv.DictReader(open(D + p, encoding="utf-8")))
states = {r["tag_id"] for r in rows("reference/states.csv") if r["tag_id"]}
named = {r["id"] for r in rows("reference/alliances.csv") if not r["pair"]}
groups = {r["id"] for r in rows("reference/groups.csv")}
concepts = {r["id"] for r in rows("design/concepts.csv") if r["broader"]}
def alliance(i):
    return i in named or (len(i.split("-")) > 1 and i.split("-") == sorted(i.split("-")) and set(i.split("-")) <= states)
ok = {"states": states.__contains__, "alliances": alliance, "groups": groups.__contains__, "concepts": concepts.__contains__}
bad, seen = 0, set()
for path in sys.argv[1:]:
    for line in open(path, encoding="utf-8"):
        w = json.loads(line)
        text = (w["title"] or "") + "\n" + w["abstract"]
        e = [] if w["id"] not in seen else ["duplicate id"]
        seen.add(w["id"])
        for kind, test in ok.items():
            for i, surfaces in w[kind].items():
                if not test(i): e.append(f"{kind} id {i}")
                if not surfaces: e.append(f"{kind} {i} without surface")
                e += [f"{kind} {i}: surface not in text" for s in surfaces if s not in text]
        if not set(w["focus"]) <= set(w["alliances"]): e.append("focus not in alliances")
        for kind, ids in w["optional"].items():
            if not set(ids) <= set(w[kind]): e.append(f"optional {kind} not tagged")
        if e: bad += 1; print(w["id"], e)
print(len(seen), "works,", bad, "with errors")
sys.exit(bool(bad))
