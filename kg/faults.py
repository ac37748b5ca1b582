"""Check the tables of the ontology. In: rows of all tables. Out: faults, each with its file and row, and what to do.

``faults(read_tables(folder))`` is empty for an ontology that is whole. Simplified Chinese is told from Traditional by
what GB 2312 and Big5 can encode.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from kg.ontology import COLUMNS, LISTS, Row

Tables = Mapping[str, Sequence[Row]]

VALUES: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("states", "kind"): frozenset(
        ("un_member", "observer", "partial", "associated", "non_un", "defacto", "historical", "regime", "premodern")
    ),
    ("alliances", "form"): frozenset(("bilateral", "multilateral")),
    ("alliances", "status"): frozenset(("yes", "partial", "no", "system")),
    ("alliances", "type"): frozenset(
        (
            *("defence", "neutrality", "nonaggression", "consultation", "entente", "wartime coalition", "union"),
            *("concert", "alliance system", "base agreement", "intelligence", "security partnership"),
            *("security cooperation", "political cooperation", "informal alignment", "non-alignment"),
            *("normalisation", "designation", "tributary"),
        )
    ),
    ("groups", "type"): frozenset(
        (
            *("jihadist", "insurgent", "armed party", "militia", "national movement", "political party"),
            *("private military company", "state force"),
        )
    ),
    ("regions", "kind"): frozenset(("region", "sea", "bloc", "organisation")),
    ("concepts", "facet"): frozenset(("", "yes")),
    ("rules", "kind"): frozenset(
        ("states", "alliances", "groups", "concepts", "focus", "periods", "statements", "any")
    ),
    ("ambiguity", "lang"): frozenset(("zh", "en")),
    ("ambiguity", "origin"): frozenset(("hand", "auto")),
    ("ambiguity", "kind"): frozenset(
        (
            *(
                "state_word",
                "state_state",
                "state_region",
                "state_place",
                "state_person",
                "region_state",
                "region_word",
            ),
            *("containment", "metonym", "alliance", "alliance_list", "group", "group_word", "not_alliance"),
        )
    ),
}
"""What a cell may hold, where that is a closed set."""

_ID_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "states": re.compile(r"[A-Z]{3}|X-[A-Z]{2,4}\d?"),
    "alliances": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*|([A-Z]{3}|X-[A-Z]{2,4})(-([A-Z]{3}|X-[A-Z]{2,4})){2,}"),
    "pairs": re.compile(r"([A-Z]{3}|X-[A-Z]{2,4}\d?)-([A-Z]{3}|X-[A-Z]{2,4}\d?)"),
    "regions": re.compile(r"R-[A-Z0-9]+"),
    **dict.fromkeys(("groups", "concepts", "rules"), re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")),
}
_STATE: Final = re.compile(r"X-[A-Z]{2,4}\d?|[A-Z]{3}")
_MEMBER: Final = re.compile(r"([^@]+)(?:@(-?\d+)-(-?\d+)?)?")
_REQUIRED: Final = ("pref_en", "pref_zh", "pref_zh_hant", "definition_en", "definition_zh")
_ISO_OTHERWISE: Final = {"DRV": "VDR", **dict.fromkeys(("GFR", "AUH", "PRU", "OTT", "RVN", "YAR", "ZAN", "KOS"), "")}
_SHARED: Final = frozenset({"安全利益"})  # of common interests and of national security: the rest of the text decides
_DEFAULTS: Final = frozenset({"", "by partner", "by period", "by topic", "by cue", "by war", "unresolved"})

# Members older than their state: founders that were no state yet, states that a later year stands for.
_EARLY: Final = frozenset(
    {
        ("arab-league", "PSE"),
        ("steadfastness-and-confrontation-front", "PSE"),
        ("grand-alliance", "PHL"),
        ("organisation-of-eastern-caribbean-states", "KNA"),
        ("anglo-ceylonese-defence-agreement", "LKA"),
        ("sun-liu-alliance", "X-SHU"),
        ("sun-liu-alliance", "X-SWU"),
        ("liao-xia-alliance", "X-XIX"),
        ("three-jin-alliance", "X-HAN2"),
        ("three-jin-alliance", "X-ZHA"),
        ("three-jin-alliance", "X-WEI2"),
    }
)


class Fault(NamedTuple):
    """What is wrong with a row, where it stands, and what to do."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"


def faults(tables: Tables) -> list[Fault]:
    """All faults of the tables, in the order of the checks and of the rows."""
    checks: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
        _cells,
        _ids,
        _states,
        _alliances,
        _pairs,
        _references,
        _concepts,
        _ambiguity,
    )
    return [fault for check in checks for fault in check(tables)]


def _cells(tables: Tables) -> Iterator[Fault]:
    for table, rows in tables.items():
        for row in rows:
            for column, cell in row.cells.items():
                for what, remedy in _cell(table, column, cell):
                    yield Fault(row.where, f"{column} {what}", remedy)
            for column in _REQUIRED:
                needed = column in COLUMNS[table] and table != "pairs"
                if needed and not row[column]:
                    yield Fault(row.where, f"{column} is empty", "every row needs one")


def _cell(table: str, column: str, cell: str) -> Iterator[tuple[str, str]]:
    if "  " in cell:
        yield f"has two blanks in a row: '{cell}'", "keep one"
    if any(unicodedata.category(sign) in ("Cf", "Cc") or sign in "\u3000\u00a0\ufffd" for sign in cell):
        yield f"has a character that does not show: {cell!r}", "take it out"
    if any("！" <= sign <= "～" and sign.isalnum() for sign in cell):
        yield f"has a full-width letter or digit: '{cell}'", "write it at half width"
    if column in LISTS and column != "members":
        for item, count in Counter(cell.split("|") if cell else []).items():
            if count > 1:
                yield f"has '{item}' twice", "keep one"
            if not item or item != item.strip():
                yield f"has an empty item or stray blanks: '{cell}'", "part the items with | alone"
    if column in ("pref_en", "alt_en", "demonyms_en") and any(sign in "（），；：" for sign in cell):
        yield f"has full-width punctuation: '{cell}'", "use that of English"
    if re.search(r"_zh(_hant)?$", column) and column != "abbr_zh_ambiguous" and re.search(r"[(),:?!\"]", cell):
        yield f"has half-width punctuation: '{cell}'", "use that of Chinese"
    if re.search(r"_zh$", column) and (missing := _beyond(cell, "gb2312")):
        yield f"is not Simplified: {missing}", "move it to the column with _hant"
    if column.endswith("_zh_hant") and (missing := _beyond(cell, "big5")):
        yield f"is not Traditional: {missing}", "write the Traditional form"
    if (table, column) in VALUES and cell not in VALUES[table, column]:
        yield f"is '{cell}'", f"write one of {', '.join(sorted(VALUES[table, column]))}"
    if column.endswith("_year") and not re.fullmatch(r"(-?\d{1,4})?", cell):
        yield f"is '{cell}'", "write a year, such as 1951 or -338, or nothing"


def _beyond(text: str, codec: str) -> str:
    """The Han characters of a text that a code for one of the scripts lacks."""
    return "".join(c for c in text if ord(c) > 0x2E80 and not c.encode(codec, "ignore"))


def _ids(tables: Tables) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for table, form in _ID_FORMS.items():
        for row in tables[table]:
            name = row["id"]
            if not form.fullmatch(name):
                yield Fault(row.where, f"'{name}' is no id of {table}", f"ids look like {form.pattern}")
            if name in owners:
                yield Fault(row.where, f"'{name}' is the id of {owners[name]} too", "ids are unique over all tables")
            owners[name] = row.where
            labels = (row["pref_en"], row["pref_zh"], row["pref_zh_hant"])
            for column, label in zip(("alt_en", "alt_zh", "alt_zh_hant"), labels, strict=True):
                if label and label in row.items(column):
                    yield Fault(row.where, f"{column} repeats the preferred name '{label}'", "take it out")
            first, last = row.year("first_year"), row.year("last_year")
            if first is not None and last is not None and first > last:
                yield Fault(row.where, f"ends in {last} before it begins in {first}", "correct one of the years")
    for table in _ID_FORMS:
        for row in tables[table]:
            for other in row.items("replaced_by"):
                if other != "none" and other not in owners:
                    yield Fault(row.where, f"is replaced by the unknown '{other}'", "name a row, or write none")


def _states(tables: Tables) -> Iterator[Fault]:
    states = {row["id"]: row for row in tables["states"]}
    marks: dict[str, set[str]] = defaultdict(set)
    for row in states.values():
        for mark in row.items("abbr_zh"):
            marks[mark].add(row["id"])
    for row in states.values():
        tag = row["tag_id"]
        if tag and (tag not in states or states[tag]["tag_id"] != tag):
            yield Fault(row.where, f"tag_id {tag} is no state that is its own tag", "name one")
        for other in row.items("successor_of"):
            if other not in states:
                yield Fault(row.where, f"succeeds the unknown {other}", "add the row or correct the id")
        if not row["id"].startswith("X-") and row["iso3"] not in (row["id"], _ISO_OTHERWISE.get(row["id"], "")):
            yield Fault(row.where, f"iso3 {row['iso3']} is not the id", "ids follow ISO 3166-1 alpha-3")
        if len(row.items("abbr_zh")) != len(row.items("abbr_zh_hant")):
            yield Fault(row.where, "abbr_zh and abbr_zh_hant differ in number", "write one for the other")
        notes = dict(part.split("=", 1) for part in row.items("abbr_zh_ambiguous"))
        for mark in row.items("abbr_zh"):
            listed = next((p[6:].split("/") for p in notes.get(mark, "").split("+") if p.startswith("state:")), [])
            others = sorted(marks[mark] - {row["id"]})
            if len(mark) == 1 and sorted(listed) != others:
                remedy = f"write {mark}=state:{'/'.join(others)} in abbr_zh_ambiguous"
                yield Fault(row.where, f"{mark} is shared with {', '.join(others) or 'nobody'}", remedy)


def _span(first: int | None, last: int | None) -> tuple[int, int]:
    return -9999 if first is None else first, 9999 if last is None else last


def _alliances(tables: Tables) -> Iterator[Fault]:
    states = {row["id"]: row for row in tables["states"]}
    for row in tables["alliances"]:
        if row.year("first_year") is None:
            yield Fault(row.where, f"{row['id']} has no first_year", "give the year of signature")
            continue
        life = _span(row.year("first_year"), row.year("last_year"))
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for item in row.items("members"):
            match = _MEMBER.fullmatch(item)
            if not match or match[1] not in states:
                yield Fault(
                    row.where, f"member '{item}' is no state of the table", "write USA, GRC@1952- or ALB@1955-1968"
                )
                continue
            state = match[1]
            begin, end = (int(match[2]), int(match[3]) if match[3] else life[1]) if match[2] else life
            if begin < life[0] or begin > end or end > life[1]:
                yield Fault(row.where, f"member {item} is outside {life[0]} to {life[1]}", "correct the years")
            if any(begin < last and first < end for first, last in spans[state]):
                yield Fault(row.where, f"member {item} overlaps another entry of the state", "correct the years")
            spans[state].append((begin, end))
            born, gone = _span(states[state].year("first_year"), states[state].year("last_year"))
            if (begin < born or min(end, life[1]) > gone != 9999) and (row["id"], state) not in _EARLY:
                yield Fault(
                    row.where, f"member {item} is outside the life of the state, {born} to {gone}", "correct one"
                )
        tags = {states[state]["tag_id"] for state in spans}
        yield from _form(row, tags, len(spans))


def _form(row: Row, tags: set[str], n_members: int) -> Iterator[Fault]:
    """Bilateral rows stand under the pair of their members, coalitions are named by theirs."""
    known = sorted(tags - {""})
    if row["form"] == "bilateral" and "" not in tags:
        pair = _STATE.findall(row["pair"])
        if "-".join(pair) != row["pair"] or pair != sorted(set(pair)) or len(pair) != 2 or not set(pair) <= tags:
            yield Fault(row.where, f"pair '{row['pair']}' is not of {', '.join(known)}", "write the two ids, sorted")
        if len(known) > 2 and not row["pair"]:
            yield Fault(row.where, f"is bilateral with {', '.join(known)}", "name its pair, or make it multilateral")
    elif row["pair"]:
        yield Fault(row.where, "has a pair, but is multilateral or has a member without a tag", "empty the cell")
    if row["form"] == "multilateral" and n_members == 2 and not re.search("main|only|non-state", row["note"]):
        yield Fault(row.where, "is multilateral with two members", "make it bilateral, or note whom the row leaves out")
    if row["id"].isupper() and row["id"] != "-".join(known):
        yield Fault(row.where, "is not the sorted ids of its members", f"call it {'-'.join(known)}")


def _pairs(tables: Tables) -> Iterator[Fault]:
    own_tag = {row["id"] for row in tables["states"] if row["tag_id"] == row["id"]}
    for row in tables["pairs"]:
        states = _STATE.findall(row["id"])
        if "-".join(states) != row["id"] or states != sorted(states) or not set(states) <= own_tag:
            yield Fault(row.where, f"'{row['id']}' is no pair of tagged states, sorted", "correct the id")
        if bool(row["pref_zh"]) != bool(row["pref_zh_hant"]):
            yield Fault(row.where, "has a preferred name in one script alone", "give it in both, or in neither")


def _references(tables: Tables) -> Iterator[Fault]:
    states = {row["id"] for row in tables["states"]}
    regions = {row["id"] for row in tables["regions"]}
    for row in tables["regions"]:
        if row["broader"] and row["broader"] not in regions:
            yield Fault(row.where, f"broader '{row['broader']}' is no region", "add the row or correct the id")
    for row in tables["groups"]:
        for state in row.items("base_states"):
            if state not in states:
                yield Fault(row.where, f"base state '{state}' is unknown", "correct the id")


def _concepts(tables: Tables) -> Iterator[Fault]:
    concepts = {row["id"]: row for row in tables["concepts"]}
    owners: dict[tuple[str, str], Row] = {}
    for row in concepts.values():
        if not row["broader"] and row["facet"] != "yes":
            yield Fault(row.where, f"{row['id']} has no broader concept and is no facet", "name one")
        for broader in row.items("broader"):
            if broader not in concepts:
                yield Fault(row.where, f"broader '{broader}' is no concept", "add the row or correct the id")
        if row["id"] in _above(row["id"], concepts):
            yield Fault(row.where, f"{row['id']} is its own narrower concept", "break the circle")
        for lang in ("en", "zh", "zh_hant"):
            labels = [row[f"pref_{lang}"], *row.items(f"alt_{lang}"), *row.items(f"hidden_{lang}")]
            for label, count in Counter(map(str.lower, filter(None, labels))).items():
                if count > 1:
                    yield Fault(row.where, f"'{label}' stands twice among its labels", "keep one")
                other = owners.setdefault((lang, label), row)
                if other is not row and label not in _SHARED:
                    yield Fault(row.where, f"'{label}' is a label of {other['id']} too", "leave it to one of them")


def _above(concept: str, concepts: Mapping[str, Row]) -> set[str]:
    above: set[str] = set()
    level = list(concepts[concept].items("broader"))
    while level:
        up = level.pop()
        if up in concepts and up not in above:
            above.add(up)
            level.extend(concepts[up].items("broader"))
    return above


def _ambiguity(tables: Tables) -> Iterator[Fault]:
    """Names that two rows share need a rule, and rules name rows that exist."""
    from kg.text import fold

    ids = {row["id"] for table in ("states", "alliances", "regions", "groups", "pairs") for row in tables[table]}
    ruled = {(row["lang"], fold(row["surface"]).text) for row in tables["ambiguity"]}
    owners: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for table in ("states", "alliances", "regions", "groups"):
        for row in tables[table]:
            for lang, name in _names(row):
                owners[lang, fold(name).text][row["id"]] = row
    for (lang, name), rows in owners.items():
        if len(rows) > 1 and (lang, name) not in ruled:
            where = next(reversed(rows.values())).where
            yield Fault(where, f"'{name}' is a name of {', '.join(rows)}", "add a row to ambiguity.csv")
    for row in tables["ambiguity"]:
        yield from _ruling(row, ids)


def _names(row: Row) -> Iterator[tuple[str, str]]:
    for column in row.cells:
        match = re.fullmatch(r"(?:pref|alt|demonyms|metonyms|abbr)_(en|zh)(?:_hant)?", column)
        if match:
            for name in row.items(column):
                yield match[1], name


def _ruling(row: Row, ids: Iterable[str]) -> Iterator[Fault]:
    readings = row.items("candidates")
    default = row["default"]
    if default not in _DEFAULTS and default not in readings:
        yield Fault(row.where, f"default '{default}' is none of the candidates", "name one, or write 'by period'")
    for reading in readings:
        for name in reading.split("+"):
            if name not in ids:
                yield Fault(row.where, f"candidate '{name}' is unknown", "correct the id")
    if len(readings) > 1 and not row["rule_en"]:
        yield Fault(row.where, f"'{row['surface']}' has several readings and no rule", "say in rule_en how to decide")
