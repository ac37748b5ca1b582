"""What the search box and the pair question of the home page look through. In: a desk. Out: a value for JSON.

Names in both languages with their other names, and works by title. Folding happens in the browser with the same rules
as here; Traditional characters are told by the few pairs that occur, so that the whole table need not travel.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kg.text import fold
from kg.views import pinyin
from kg.views.desk import Desk
from kg.views.holdings import TAGGED_KINDS

#: Of so many works, the newest, a page on disk carries titles to search in; a server is asked for them.
MAX_SEARCHED = 20_000

#: So many people, those of most works, are found by name: the page of 100,000 works carried 11 MB of names.
MAX_PEOPLE = 20_000


def other_names(desk: Desk, kind: str, entity_id: str) -> list[str]:
    """Every other name of an entity; of a pair, those of its treaties as well."""
    authority = desk.holdings.authority
    ids = [entity_id, *(authority.pacts_of(entity_id) if kind == "alliance" else ())]
    if kind == "state":
        ids += [row.id for row in authority.states.values() if row.tag_id == entity_id and row.id != entity_id]
    names = [name for one in ids if authority.kind(one) for found in authority.names(one).values() for name in found]
    known = {desk.label(entity_id, "en"), desk.label(entity_id, "zh-Hans")}
    return [name for name in dict.fromkeys(names) if name not in known]


def search_data(desk: Desk) -> dict[str, Any]:
    """Everything that can be found: entities, works, the members of each alliance, and how to fold characters.

    Returns
    -------
    dict
        ``api``: where a server answers searches for works, which then do not come with the page; else None.
        ``entities``: rows of kind, id, English name, Chinese name, other names, works, focus, link, pinyin.
        ``works``: rows of title, second title, authors, year, language, link, marks (``s`` for a stand-in), numbers of
        the alliances among the entities that it discusses, and of those in focus.
        ``people``: how many of how many people are among the entities, None where all are.
        ``pairs``: alliance id → ids of its members. ``states``: rows of id, English name, Chinese name.
        ``fold``: pairs of a character and its folded form.
    """
    holdings = desk.holdings
    entities: list[list[Any]] = []
    numbers: dict[tuple[str, str], int] = {}
    n_people = 0
    for kind in (*TAGGED_KINDS, "person", "journal"):
        counts = holdings.counts(kind)
        if kind == "person":
            n_people, counts = len(counts), counts[:MAX_PEOPLE]
        for count in counts:
            name = desk.name(kind, count.id, count)
            numbers[kind, count.id] = len(entities)
            if kind in TAGGED_KINDS:
                english, chinese = desk.label(count.id, "en"), desk.label(count.id, "zh-Hans")
                alt = other_names(desk, kind, count.id)
            else:
                english, chinese, alt = name.label, name.label, []
            read = pinyin.key(chinese)
            entities.append([kind, count.id, english, chinese, alt, count.works, count.focus, name.href, read])
    works: list[list[Any]] = []
    people = min(n_people, MAX_PEOPLE)
    searched = 0 if desk.addresses.served else min(len(holdings.works), MAX_SEARCHED)
    for number in range(searched):
        line = desk.line(number)
        alliances = [numbers["alliance", tag] for tag in holdings.of("alliance", number)]
        focus = [numbers["alliance", tag] for tag in holdings.of("focus", number)]
        works.append(
            [line.title, line.second or "", list(line.authors), line.year, line.lang, line.href,
             "s" if line.is_stand_in else "", alliances, focus]
        )  # fmt: skip
    members = {tag: list(holdings.authority.members(tag)) for tag in sorted(holdings.index["alliance"])}
    used = sorted({state for states in members.values() for state in states} | set(holdings.index["state"]))
    states = sorted(
        [[state, desk.label(state, "en"), desk.label(state, "zh-Hans")] for state in used], key=lambda row: row[1]
    )
    text = "".join("".join([english, chinese, *alt]) for _, _, english, chinese, alt, *_ in entities) + "".join(
        row[0] + row[1] + "".join(row[2]) for row in works
    )
    api = desk.addresses.top("api", desk.here) if desk.addresses.served else None
    return {
        "api": api,
        "entities": entities,
        "works": works,
        "people": (people, n_people) if people < n_people else None,
        "cut": not desk.addresses.served and searched < len(holdings.works),
        "pairs": members,
        "states": states,
        "fold": fold_pairs(text),
    }


def fold_pairs(text: str) -> list[str]:
    """Characters that fold to another one letter and may be typed or stand in a text.

    These are the Traditional forms of what the text holds, so that a query in Traditional characters finds it.
    """
    folded = set(fold(text).text)
    return [old + new for old, new in _han_folds() if new in folded]


@lru_cache(maxsize=1)
def _han_folds() -> tuple[tuple[str, str], ...]:
    """Every Han character that folds to another one, with that one."""
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    return tuple((old, new) for old in characters if (new := fold(old).text) != old and len(new) == 1)
