"""Tagged works by the thousand, for trials of the store. In: a number, a seed. Out: tagged works in order of their ids.

Six states, two alliances, eight concepts and some 27 mentions each, as in real works on alliances; alliances and concepts
as uneven as there: the busiest pair stands in about three works of ten, a usual one in one of eighty. Every mention cuts
out its surface.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate

from kg.authority import Authority, load
from kg.model import Mention, RecordRef, TaggedWork, Text, Work, WorkId

_SOURCE = "made-00000000"
_EN = (
    "This article asks how leaders weigh the promise of support against its price, and under which conditions "
    "governments change course when the balance of power shifts around them."
)
_ZH = "本文考察各国领导人如何在承诺与代价之间权衡，以及在力量对比变化时何种条件会促使政府调整政策。"


def made_works(number: int, *, seed: int = 1, authority: Authority | None = None) -> Iterator[TaggedWork]:
    """Make works.

    Parameters
    ----------
    number : int
        How many; equal seeds give equal works, whatever the number.
    """
    known = authority or load()
    states = [one.id for one in known.states.values() if one.kind == "un_member" and one.tag_id == one.id][:120]
    pairs = sorted({pact.pair for pact in known.alliances.values() if pact.pair and known.parties(pact.pair)})
    pairs = ["JPN-USA", *(pair for pair in pairs if pair != "JPN-USA")]
    pacts = [pact.id for pact in known.alliances.values() if pact.pair is None][:60]
    concepts = [concept.id for concept in known.concepts.values() if not concept.is_facet]
    # The busiest pair in three works of ten; the others fall off slowly.
    pair_weights = list(accumulate([105.0] + [30.0 / (rank + 4) ** 0.6 for rank in range(len(pairs) - 1)]))
    concept_weights = list(accumulate(10.0 / (rank + 3) ** 0.7 for rank in range(len(concepts))))
    for n in range(number):
        chance = random.Random(seed * 1_000_003 + n)
        yield _work(n, chance, known, states, pairs, pair_weights, pacts, concepts, concept_weights)


def _work(
    n: int,
    chance: random.Random,
    known: Authority,
    states: list[str],
    pairs: list[str],
    pair_weights: list[float],
    pacts: list[str],
    concepts: list[str],
    concept_weights: list[float],
) -> TaggedWork:
    zh = chance.random() < 0.5
    lang = "zh-Hans" if zh else "en"
    alliances = list(dict.fromkeys(chance.choices(pairs, cum_weights=pair_weights, k=2)))
    if chance.random() < 0.15:
        alliances.append(chance.choice(pacts))
    parties = list(dict.fromkeys(state for tag in alliances for state in known.parties(tag)))
    named = list(dict.fromkeys([*parties, *chance.sample(states, 3)]))[:6]
    used = list(dict.fromkeys(chance.choices(concepts, cum_weights=concept_weights, k=9)))[:8]
    parts: list[str] = []
    length = 0
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}

    def say(words: str) -> None:
        nonlocal length
        parts.append(words)
        length += len(words)

    def tag(kind: str, id: str) -> None:
        name = known.label(id, lang)
        spans.setdefault((kind, id), []).append((length, length + len(name)))
        say(name)

    filler = _ZH if zh else _EN
    pool = [("alliances", id) for id in alliances] * 3 + [("states", id) for id in named] * 2
    pool += [("concepts", id) for id in used]
    chance.shuffle(pool)
    for kind, id in pool:
        cut = chance.randrange(12, 30)
        say(filler[:cut] if zh else filler[:cut] + " ")
        tag(kind, id)
        say("，" if zh else ", ")
    say(filler)
    abstract = "".join(parts)
    title = known.label(alliances[0], lang) + ("研究" if zh else f" revisited {n}")
    texts = [Text(lang, title, abstract)]
    if chance.random() < 0.1:
        other = "en" if zh else "zh-Hans"
        texts.append(Text(other, known.label(alliances[0], other), _EN if zh else _ZH))
    tags: dict[str, dict[str, tuple[Mention, ...]]] = {"states": {}, "alliances": {}, "groups": {}, "concepts": {}}
    rules = {"states": "state-name", "alliances": "alliance-compound", "concepts": "concept-label"}
    for (kind, id), found in sorted(spans.items()):
        tags[kind][id] = tuple(
            Mention("abstract", a, b, abstract[a:b], rules[kind], chance.choice((0.6, 0.85, 0.9, 0.95, 1.0)))
            for a, b in found
        )
    author = chance.randrange(4000)
    work = Work(
        id=WorkId(f"w{n:07d}"),
        texts=tuple(texts),
        authors=(f"作者{author}",) if zh else (f"Author, Number {author}", f"Other, Number {author % 97}"),
        journal=f"{'学报' if zh else 'Journal'} {chance.randrange(200)}",
        year=None if chance.random() < 0.05 else 1960 + int(64 * chance.random() ** 0.5),
        volume=str(n % 60),
        issue=str(n % 6),
        pages=f"{n % 300}-{n % 300 + 20}",
        doi=f"10.9999/made.{n}",
        records=(RecordRef(_SOURCE, n + 1, f"made.jsonl:{n + 1}"),),
    )
    focus = tuple(sorted(alliances[: 1 + (chance.random() < 0.2)]))
    evidence = {id: tags["alliances"][id][:1] for id in focus}
    return TaggedWork(work=work, **tags, focus=focus, focus_evidence=evidence)  # type: ignore[arg-type]
