"""The explorer's data. In: holdings, addresses. Out: a value for JSON, in columns; numbers as base64.

Nodes come in the order states, alliances, concepts, groups, works. Texts and mentions travel with the page where the
collection is small enough; otherwise the page of a work has them, and a server gives them when asked.
"""

from __future__ import annotations

import base64
import csv
import io
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from sys import byteorder
from typing import Any, Final

from kg.islands import Land, Point, islands
from kg.model import TaggedWork
from kg.views import pinyin
from kg.views.desk import Desk, names_of, work_line
from kg.views.holdings import TAGGED_KINDS, Holdings
from kg.views.home_data import fold_pairs, other_names
from kg.views.marking import sentence_spans

#: Kinds of nodes in the order of their numbers.
KINDS: Final = ("state", "alliance", "concept", "group", "work")
#: Roles of edges in the order of their numbers.
ROLES: Final = ("member", "broader", "focus", "passing", "mentions", "uses", "names")
MAX_NODES: Final = 20_000
MAX_TEXTS: Final = 1_500
#: Journals that the map can be narrowed to, those of most works.
MAX_JOURNALS: Final = 200
_TAG_ROLE: Final = {"state": "mentions", "concept": "uses", "group": "names"}


@dataclass(frozen=True, slots=True)
class Map:
    """A laid out collection: what its nodes are and where they stand.

    Parameters
    ----------
    skeleton : tuple of (kind, id)
    works : tuple of int
        Positions in the holdings.
    spots : mapping of ``kind/id`` to (x, y)
    discs : mapping of ``kind/id`` to int
        How many works sit around a node.
    total_works : int
        Works that the collection has; those beyond `MAX_NODES` are not on the map.
    """

    skeleton: tuple[tuple[str, str], ...]
    works: tuple[int, ...]
    spots: Mapping[str, tuple[int, int]]
    total_works: int
    discs: Mapping[str, int]


def map_of(holdings: Holdings) -> Map:
    """The map of a collection, laid out once."""
    if holdings.drawn is None:
        holdings.drawn = lay_out(holdings, holdings.stored)
    return holdings.drawn


def lay_out(holdings: Holdings, stored: Mapping[str, Point] | None = None, most: int = MAX_NODES) -> Map:
    """Lay out a collection, starting from the positions of an earlier map where there are some."""
    authority = holdings.authority
    found: dict[str, set[str]] = {kind: set(holdings.index[kind]) for kind in TAGGED_KINDS}
    for alliance in holdings.index["alliance"]:
        for state in authority.members(alliance):
            row = authority.states.get(state)
            if len(authority.members(alliance)) == 2 or state in found["state"]:
                found["state"].add((row.tag_id or state) if row else state)
    for concept in holdings.index["concept"]:
        if concept in authority.concepts:
            found["concept"].update(authority.ancestors(concept))
    skeleton = tuple((kind, entity) for kind in KINDS[:4] for entity in sorted(found[kind]))
    number = {node: place for place, node in enumerate(skeleton)}
    works = range(len(holdings.works))
    if len(works) + len(skeleton) > most:
        works = range(max(most - len(skeleton), 0))
    homes, ties, order = [], [], []
    for position in works:
        tagged = holdings.works[position]
        tied = [number[kind, tag] for kind, kinds in TAGGED_KINDS.items() for tag in getattr(tagged, kinds)]
        ties.append(tied)
        homes.append(number.get(_home(tagged), -1))
        year = tagged.work.year
        order.append((year if year is not None else 10_000, tagged.id))
    fixed = list(_fixed_ties(holdings, number))
    known = {
        number[kind, entity]: spot for kind, entity in skeleton if (spot := (stored or {}).get(f"{kind}/{entity}"))
    }
    bones, dots = islands(Land(len(skeleton), fixed, homes, ties, order), known)
    spots = {f"{kind}/{entity}": spot for (kind, entity), spot in zip(skeleton, bones, strict=True)}
    spots |= {f"work/{holdings.ids[w]}": spot for w, spot in zip(works, dots, strict=True)}
    around = Counter("/".join(skeleton[home]) for home in homes if home >= 0)
    return Map(skeleton, tuple(works), spots, len(holdings.works), dict(around))


def _home(tagged: TaggedWork) -> tuple[str, str]:
    """What a work mostly is about: an alliance in focus, else the most mentioned one; else a concept, group or state."""
    for kind in ("alliance", "concept", "group", "state"):
        tags: Mapping[str, Sequence[Any]] = getattr(tagged, TAGGED_KINDS[kind])
        if tags:
            best = min(tags, key=lambda tag: (tag not in tagged.focus, -len(tags[tag]), tag))
            return kind, best
    return "", ""


def _fixed_ties(holdings: Holdings, number: Mapping[tuple[str, str], int]) -> Iterable[tuple[int, int]]:
    authority = holdings.authority
    for (kind, entity), node in number.items():
        if kind == "alliance":
            for state in authority.members(entity):
                row = authority.states.get(state)
                other = number.get(("state", (row.tag_id or state) if row else state))
                if other is not None:
                    yield node, other
        if kind == "concept" and entity in authority.concepts:
            for broader in authority.concepts[entity].broader:
                other = number.get(("concept", broader))
                if other is not None:
                    yield node, other


def positions_csv(drawn: Map) -> bytes:
    """The positions as a file: what the next build may start from."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("id", "x", "y"))
    writer.writerows((key, x, y) for key, (x, y) in sorted(drawn.spots.items()))
    return text.getvalue().encode("utf-8", "replace")


def read_positions(data: bytes) -> dict[str, Point]:
    """Positions that `positions_csv` wrote."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8")))
    return {row["id"]: (float(row["x"]), float(row["y"])) for row in rows}


def map_data(desk: Desk, drawn: Map, *, with_texts: bool | None = None) -> dict[str, Any]:
    """Everything that the explorer draws and shows.

    Parameters
    ----------
    desk : Desk
    drawn : Map
    with_texts : bool, optional
        Whether texts and mentions go with it; by default where there are at most `MAX_TEXTS` works.

    Returns
    -------
    dict
        ``kinds``, ``roles``, ``rules``: names of the numbers below. ``ids``, ``en``, ``zh``: one a node; of works ``en``
        is the title, ``zh`` the second title. ``alt``: other names of a skeleton node, how its Chinese name is read at
        the end. ``journals``: key and name of those of most works; ``journal``: of each work, 0 for another.
        ``kind``, ``x``, ``y``, ``year`` (0: none), ``works`` and ``disc`` (works tagged with a skeleton node,
        works that sit around it), ``lang`` (of works: 0 Chinese, 1 English, 2 other), ``untitled``, ``a``, ``b``,
        ``role``, ``rule``, ``sure`` (of edges, confidence in hundredths): base64. ``texts``: for each work its fields
        with language, text, borders of sentences, and its mentions as [node, field, start, end, rule, confidence],
        offsets in UTF-16 units; or null. ``refs``: for each work what a reference is made of; or null. ``api``: where a
        server gives them then.
    """
    holdings = desk.holdings
    texts = with_texts if with_texts is not None else len(drawn.works) <= MAX_TEXTS
    number = {node: place for place, node in enumerate(drawn.skeleton)}
    lines = [work_line(holdings.works[position], desk) for position in drawn.works]
    rules: dict[str, int] = {}
    edges = list(_edges(holdings, drawn, number, rules))
    spots = [drawn.spots[f"{kind}/{entity}"] for kind, entity in drawn.skeleton]
    spots += [drawn.spots[f"work/{line.id}"] for line in lines]
    names = [[desk.label(entity, lang) for _, entity in drawn.skeleton] for lang in ("en", "zh-Hans")]
    sides = {"zh": 0, "en": 1}
    journals = holdings.counts("journal")[:MAX_JOURNALS]
    journal_of = {at: place for place, count in enumerate(journals, 1) for at in holdings.on("journal", count.id)}
    extra: list[Any] | None = None
    if texts:
        extra = [_texts(holdings.works[position], number, rules) for position in drawn.works]
    return {
        "kinds": KINDS,
        "roles": ROLES,
        "rules": [desk.rule(rule) for rule in rules],
        "ids": [entity for _, entity in drawn.skeleton] + [line.id for line in lines],
        "en": names[0] + [line.title for line in lines],
        "zh": names[1] + [line.second or "" for line in lines],
        "alt": [
            [*other_names(desk, kind, entity), pinyin.key(desk.label(entity, "zh-Hans"))]
            for kind, entity in drawn.skeleton
        ],
        "href": [_href(desk, kind, entity) for kind, entity in drawn.skeleton] + [line.href for line in lines],
        "by": [" · ".join(filter(None, [_byline(line.authors, line.lang), line.journal])) for line in lines],
        "langs": [line.lang for line in lines],
        "kind": packed("B", [KINDS.index(kind) for kind, _ in drawn.skeleton] + [4] * len(lines)),
        "journals": [[count.id, holdings.called.get(("journal", count.id), count.id)] for count in journals],
        "journal": packed("H", [journal_of.get(position, 0) for position in drawn.works]),
        "x": packed("i", [x for x, _ in spots]),
        "y": packed("i", [y for _, y in spots]),
        "year": packed("h", [line.year or 0 for line in lines]),
        "lang": packed("B", [sides.get(line.lang[:2], 2) for line in lines]),
        "untitled": packed("B", [line.is_stand_in for line in lines]),
        "disc": packed("i", [drawn.discs.get(f"{kind}/{entity}", 0) for kind, entity in drawn.skeleton]),
        "works": packed("i", [len(holdings.on(kind, entity)) for kind, entity in drawn.skeleton]),
        "a": packed("i", [edge[0] for edge in edges]),
        "b": packed("i", [edge[1] for edge in edges]),
        "role": packed("B", [edge[2] for edge in edges]),
        "rule": packed("B", [min(edge[3], 255) for edge in edges]),
        "sure": packed("B", [edge[4] for edge in edges]),
        "texts": extra,
        "refs": [reference_of(holdings.works[position]) for position in drawn.works] if texts else None,
        "api": desk.addresses.top("api", desk.here) if desk.addresses.served else None,
        "total": drawn.total_works,
        "fold": fold_pairs("".join(names[1]) + "".join(line.title + (line.second or "") for line in lines)),
    }


def _href(desk: Desk, kind: str, entity: str) -> str | None:
    return desk.addresses.entity(kind, entity, desk.words.lang, desk.here)


def _byline(authors: Sequence[str], lang: str) -> str:
    return names_of(authors, lang, 3)


def _edges(
    holdings: Holdings, drawn: Map, number: Mapping[tuple[str, str], int], rules: dict[str, int]
) -> Iterable[tuple[int, int, int, int, int]]:
    """Edges as first node, second node, role, rule, confidence: the skeleton's, then those of the works."""
    for first, second in _fixed_ties(holdings, number):
        role = "member" if drawn.skeleton[first][0] == "alliance" else "broader"
        yield first, second, ROLES.index(role), 255, 100
    for place, position in enumerate(drawn.works):
        tagged = holdings.works[position]
        node = len(drawn.skeleton) + place
        for kind, kinds in TAGGED_KINDS.items():
            for tag, mentions in getattr(tagged, kinds).items():
                best = max(mentions, key=lambda mention: mention.confidence)
                role = _TAG_ROLE.get(kind) or ("focus" if tag in tagged.focus else "passing")
                rule = rules.setdefault(best.rule, len(rules))
                yield node, number[kind, tag], ROLES.index(role), rule, round(best.confidence * 100)


def texts_of(holdings: Holdings, drawn: Map, at: int) -> list[Any]:
    """Texts and mentions of the work at a place of the map, as `map_data` gives them; rules by their ids."""
    number = {node: place for place, node in enumerate(drawn.skeleton)}
    rules: dict[str, int] = {}
    shown, mentions = _texts(holdings.works[drawn.works[at]], number, rules)
    ids = list(rules)
    return [shown, [[*mention[:4], ids[mention[4]], mention[5]] for mention in mentions]]


def reference_of(tagged: TaggedWork) -> list[Any]:
    """What a reference is made of: kind, titles, authors, journal, volume, issue, pages, DOI; a stand-in is no title."""
    work = tagged.work
    titles = [text.title for text in work.texts if text.title]
    return [work.kind, titles, list(work.authors), work.journal, work.volume, work.issue, work.pages, work.doi]


def _texts(tagged: TaggedWork, number: Mapping[tuple[str, str], int], rules: dict[str, int]) -> list[Any]:
    fields = tagged.work.fields()
    langs = tagged.work.field_langs()
    place = {field: index for index, field in enumerate(fields)}
    shown = []
    for field, text in fields.items():
        spans = [(0, len(text))] if field.startswith("title") else sentence_spans(text)
        shown.append([langs[field], text, [utf16(text, offset) for offset in chain.from_iterable(spans)]])
    mentions = [
        [
            number[kind, tag],
            place[mention.field],
            utf16(fields[mention.field], mention.start),
            utf16(fields[mention.field], mention.end),
            rules.setdefault(mention.rule, len(rules)),
            round(mention.confidence * 100),
        ]
        for kind, kinds in TAGGED_KINDS.items()
        for tag, found in getattr(tagged, kinds).items()
        for mention in found
        if mention.field in place
    ]
    return [shown, mentions]


def utf16(text: str, offset: int) -> int:
    """An offset in code points as one in the units that browsers count in.

    >>> utf16("a\U0001f91db", 2)
    3
    """
    head = text[:offset]
    return len(head) if head.isascii() else offset + sum(character > "\uffff" for character in head)


def packed(code: str, numbers: Iterable[int]) -> str:
    """Numbers as base64 of little-endian values."""
    values = array(code, numbers)
    if byteorder == "big":
        values.byteswap()
    return base64.b64encode(values.tobytes()).decode()
