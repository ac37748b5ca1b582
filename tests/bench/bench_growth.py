"""How the time to tag one text grows with its length. In: sizes. Out: a line for each kind of text; exit status 1 where growth is no line.

    python tests/bench/bench_growth.py [--sizes 50000,200000] [--random 40] [--seed 1]

Each kind of text is a few words over and over, such as a rule of the tagger may choke on: lists without an end, names of
one ambiguous kind, no full stop, brackets that never close; `--random` makes more of them up from the names and words of
the ontology. Time in proportion gives the quotient of the sizes; twice that fails, for texts that take long enough for
the clock to mean something. ``--sizes 1250000,5000000`` is the field of five megabytes.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator

from kg.tagging.tagger import Tagger

KINDS = {
    "abstracts": "日本担心被美国拖入战争。The alliance between Japan and the United States grew; Seoul feared abandonment. ",
    "no stop": "美日同盟面临牵连与抛弃日本担心被拖入战争中苏朝",
    "no stop en": "the alliance between japan and the United States and its allies feared entrapment ",
    "list": "美国、日本、韩国、",
    "list en": "Japan, Korea and ",
    "sentences of lists": "美国、日本、韩国、" * 20 + "同盟。",
    "compounds": "美日印澳、中俄、朝中、美英澳",
    "separated": "NATO 美/日-韩·",
    "one character": "美",
    "blanks": "美 ",
    "hyphens": "US-Japan-",
    "brackets": "(《「",
    "quotes": '"同盟',
    "years": "1950 Moscow alliance ",
    "centuries": "20世纪50年代末60年代初",
    "decades": "NATO in the late 1960s and 1970s to ",
    "marks": "e\u0301",
    "entities": "&amp;美&nbsp;国",
    "syllables": "韓(han)",
    "lines": "NATO alliance\n",
    "broken words": "alli- \nance NATO ",
    "negations": "not the end of NATO never ",
    "heads": "the alliance of Japan ",
    "ambiguous": "Georgia Jordan Smith Turkey ROC NATO ",
    "small letters": "georgia jordan turkey china nato us ",
    "capitals": "US GEORGIA NATO JORDAN ",
    "capital cities": "Vienna, Moscow and Berlin; the alliance of 1914 ",
    "allies": "盟友",
    "statements": "中苏同盟破裂,美日同盟强化,",
    "groups": "al-Qaeda allied with the Islamic State, rebels, ",
    "labels": "entrapment abandonment balancing burden-sharing alliance ",
}
NOT_WORTH_A_CLOCK_S = 0.4


def made_up(tagger: Tagger, n_kinds: int, seed: int) -> Iterator[tuple[str, str]]:
    """Kinds of text from the words that the scan looks for."""
    lexicon = tagger._lexicon
    words = [entry.text for entry in (*lexicon.entries, *lexicon.context_entries)]
    chance = random.Random(seed)
    for _ in range(n_kinds):
        glue = chance.choice(("", "、", ",", " ", "-", "和", " and ", " of the ", "'s "))
        unit = glue.join(chance.choice(words) for _ in range(chance.randrange(1, 8))) + glue
        yield unit[:24], unit


def seconds(tagger: Tagger, unit: str, size: int) -> float:
    """CPU time of one text of about that length that is let through."""
    text = (unit * (size // len(unit) + 1))[:size] + " NATO allies 北约同盟"
    begin = time.process_time()
    tagger.tag_text(text)
    return time.process_time() - begin


def main() -> int:
    """Time every kind at every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="50000,200000")
    parser.add_argument("--random", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    tagger = Tagger()
    seconds(tagger, KINDS["abstracts"], sizes[0])
    n_bad = 0
    for name, unit in (*KINDS.items(), *made_up(tagger, arguments.random, arguments.seed)):
        times = [seconds(tagger, unit, size) for size in sizes]
        is_bad = times[-1] > NOT_WORTH_A_CLOCK_S and times[-1] / max(times[0], 1e-3) > 2 * sizes[-1] / sizes[0]
        n_bad += is_bad
        figures = "  ".join(f"{took:8.2f} s" for took in times)
        print(f"{name:26.26} {figures} {'grows faster than its length' if is_bad else ''}", flush=True)
    print(f"{n_bad} kinds grow faster than their length")
    return int(n_bad > 0)


if __name__ == "__main__":
    sys.exit(main())
