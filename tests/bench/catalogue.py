"""A made-up library catalogue as JSON Lines. In: how many works. Out: a file; one work in fifty is on an alliance.

Titles, abstracts (1.1 KB), authors, journal and year come from `kg.synth`, half Chinese, half English. One record in a hundred doubles
an earlier one under another id, so that merging has something to do.

    python tests/bench/catalogue.py N FILE [--share 0.02]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from typing import Any

from made_records import FAMILY, GIVEN, JOURNALS

from kg.authority import load
from kg.synth import Load, Synthesis

_POOL = 8_000
_PLACES = ("江南", "华北", "西部", "南方", "中原", "海滨", "山城", "湖区")
_FIELDS = ("医科", "农业", "理工", "师范", "政法", "财经", "外语", "综合")
_KEPT = ("id", "lang", "title", "abstract", "authors", "journal", "year")


def works(n: int, share: float, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Records without tags."""
    dice = random.Random(seed)
    loads = _loads(seed)
    earlier: dict[str, Any] | None = None
    for number in count(1):
        if number > n:
            return
        if earlier is not None and dice.random() < 0.01:
            yield {**earlier, "id": f"c{number}"}
            continue
        found = next(loads["alliance" if dice.random() < share else "general"])
        plain = {key: found[key] for key in _KEPT} | {"id": f"c{number}"}
        _make_its_own(plain, dice)
        if dice.random() < 0.05:
            earlier = plain
        yield plain


def _loads(seed: int) -> dict[Load, Iterator[dict[str, Any]]]:
    """Works without end: the first thousands of each load again and again, for making one takes longer than reading it."""
    authority = load()
    names: tuple[Load, ...] = ("general", "alliance")
    return {name: cycle(list(Synthesis(authority, at).works(_POOL, name))) for at, name in enumerate(names, seed)}


def _make_its_own(plain: dict[str, Any], dice: random.Random) -> None:
    """Words that no other work has, in the title and in each sentence, authors, a journal: generated works are more alike than real ones."""
    is_english = plain["lang"] == "en"

    def word() -> str:
        if is_english:
            return "".join(dice.choice("bdfgklmnprstvz") + dice.choice("aeiou") for _ in range(3))
        return "".join(chr(dice.randrange(0x5200, 0x6C00)) for _ in range(3))

    blank, stop = (" ", ".") if is_english else ("", "。")
    plain["title"] = f"{word()}{blank}{word()}{blank}{plain['title']}{blank}{word()}"
    plain["abstract"] = stop.join(
        f"{sentence}{blank}{word()}" if sentence.strip() else sentence for sentence in plain["abstract"].split(stop)
    )
    plain["abstract"] = f"{word()}{blank}{plain['abstract']}"
    n_authors = dice.randint(1, 3)
    if is_english:
        plain["authors"] = [f"{dice.choice(FAMILY)}, {dice.choice(GIVEN)}" for _ in range(n_authors)]
        plain["journal"] = dice.choice(JOURNALS)
    else:
        plain["authors"] = [
            dice.choice("王李张刘陈杨黄赵周吴徐孙") + word()[: dice.randint(1, 2)] for _ in range(n_authors)
        ]
        plain["journal"] = f"{dice.choice(_PLACES)}{dice.choice(_FIELDS)}学报"
    first = dice.randint(1, 300)
    plain |= {
        "volume": str(dice.randint(1, 60)),
        "issue": str(dice.randint(1, 6)),
        "pages": f"{first}-{first + dice.randint(5, 25)}",
    }


def write(path: Path, n: int, share: float) -> None:
    """Write so many records."""
    import orjson

    with path.open("wb", buffering=1 << 20) as file:
        for plain in works(n, share):
            file.write(orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--share", type=float, default=0.02)
    given = parser.parse_args()
    write(given.file, given.n, given.share)
