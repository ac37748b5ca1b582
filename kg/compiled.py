"""The compiled form of the ontology, and its cache. In: an ontology folder, and a user's own. Out: rows as values.

What was compiled is kept by `kg.cache`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kg import cache
from kg.errors import OntologyError
from kg.ontology import Row, read_tables
from kg.things import (
    Alliance,
    Ambiguity,
    Concept,
    Cue,
    Exclusion,
    Group,
    Membership,
    Names,
    Pair,
    Pattern,
    Region,
    Rule,
    State,
    Thing,
)

_COLUMNS: Final = (("en", "en"), ("zh-Hans", "zh"), ("zh-Hant", "zh_hant"))

Parts = dict[str, Any]
"""Keyword arguments of an Authority."""


def compile_ontology(
    folder: Path, overlay: Path | None = None, vocabulary: Sequence[Path] = (), mode: str = "add"
) -> Parts:
    """The parts of an Authority, from the cache where it has them.

    Raises
    ------
    OntologyError
        A source has a fault; says which file and row, and what to do.
    """
    if overlay is not None and not overlay.is_dir():
        raise OntologyError(f"{overlay} is not a folder; give one with tables such as states.csv or not.csv in it")
    if mode not in ("add", "replace"):
        raise OntologyError(f"vocabularies are put in with 'add' or 'replace', not '{mode}'")
    digest = hashlib.sha256(mode.encode() if vocabulary else b"")
    for path in _sources(folder, overlay, vocabulary):
        name = path.name.encode()
        data = _bytes_of(path)
        digest.update(b"%d %b %d\n%b" % (len(name), name, len(data), data))
    key = digest.hexdigest()
    place = cache.place("authority", key)
    parts: Parts | None = cache.read(place)
    if parts is None:
        parts = _compile(folder, overlay, vocabulary, mode)
        parts["digest"] = key
        cache.write(place, parts)
    return parts


def _sources(folder: Path, overlay: Path | None, vocabulary: Sequence[Path]) -> Iterable[Path]:
    yield folder / "VERSION"
    yield from sorted((folder / "weights").glob("*.*"))
    for root in filter(None, (folder, overlay)):
        yield from sorted((root / "tables").glob("*.csv"))
        yield from sorted(root.glob("*.csv"))
        yield from sorted((root / "patterns").glob("*.jsonl"))
    yield from vocabulary


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OntologyError(f"{path} cannot be read: {error.strerror}") from None


# Cache


# Rows to values


def _compile(folder: Path, overlay: Path | None, vocabulary: Sequence[Path], mode: str) -> Parts:
    tables = read_tables(folder, overlay)
    if vocabulary:
        from kg.vocabulary import add_concepts, read_vocabulary, replace_concepts

        combine = replace_concepts if mode == "replace" else add_concepts
        for path in vocabulary:
            tables["concepts"] = combine(tables["concepts"], read_vocabulary(path))
            combine = add_concepts
    _check_links(tables)
    retired: dict[str, Thing] = {}
    parts: Parts = {"version": _bytes_of(folder / "VERSION").decode().strip()}
    makers = (
        ("states", _state),
        ("alliances", _alliance),
        ("pairs", _pair),
        ("groups", _group),
        ("regions", _region),
        ("concepts", _concept),
        ("rules", _rule),
    )
    for table, make in makers:
        things = [make(row) for row in tables[table]]
        retired.update((thing.id, thing) for thing in things if thing.retired)
        parts[table] = {thing.id: thing for thing in things if not thing.retired}
    parts["retired"] = retired
    parts["ambiguity"] = tuple(map(_ambiguity, tables["ambiguity"]))
    parts["blocks"] = tuple(row["surface"] for row in tables["blocks"])
    parts["cues"] = tuple(map(_cue, tables["cues"]))
    parts["exclusions"] = tuple(
        Exclusion(row["surface"], row["lang"], row["kind"], row["id"], row["note"]) for row in tables["not"]
    )
    parts["patterns"] = _all_patterns(folder, overlay)
    return parts


def _check_links(tables: Mapping[str, Sequence[Row]]) -> None:
    """What a user's rows may get wrong and nothing later would survive: hierarchy and members."""
    concepts = {row["id"]: row for row in tables["concepts"]}
    states = {row["id"] for row in tables["states"]}
    for row in concepts.values():
        for broader in row.items("broader"):
            if broader not in concepts:
                raise OntologyError(f"{row.where}: broader '{broader}' is no concept; add it, or correct the id")
        above, level = set(), list(row.items("broader"))
        while level:
            up = level.pop()
            if up == row["id"]:
                raise OntologyError(f"{row.where}: '{up}' is broader than itself; break the circle")
            if up not in above:
                above.add(up)
                level.extend(concepts[up].items("broader"))
    for row in tables["alliances"]:
        for item in row.items("members"):
            if item.partition("@")[0] not in states:
                raise OntologyError(f"{row.where}: member '{item}' is no state; add it to states.csv, or correct it")


def _named(row: Row) -> dict[str, Any]:
    named = _given(row)
    labels = {lang: row[f"pref_{column}"] for lang, column in _COLUMNS}
    labels["zh-Hans"] = labels["zh-Hans"] or labels["zh-Hant"] or labels["en"]
    labels["zh-Hant"] = labels["zh-Hant"] or labels["zh-Hans"]
    labels["en"] = labels["en"] or labels["zh-Hans"]
    if not labels["en"]:
        raise OntologyError(f"{row.where}: '{row['id']}' has no name; fill pref_en or pref_zh")
    return {**named, "labels": labels}


def _given(row: Row) -> dict[str, Any]:
    replaced_by = row.items("replaced_by")
    return {
        "id": row["id"],
        "labels": {lang: label for lang, column in _COLUMNS if (label := row[f"pref_{column}"])},
        "alt": _by_lang(row, "alt"),
        "retired": bool(replaced_by),
        "replaced_by": () if replaced_by == ("none",) else replaced_by,
        "note": row["note"],
    }


def _by_lang(row: Row, prefix: str) -> Names:
    return {lang: items for lang, column in _COLUMNS if (items := row.items(f"{prefix}_{column}"))}


def _definition(row: Row) -> Mapping[str, str]:
    pairs = (("en", row["definition_en"]), ("zh-Hans", row["definition_zh"]))
    return {lang: text for lang, text in pairs if text}


def _years(row: Row) -> dict[str, Any]:
    return {"first_year": row.year("first_year"), "last_year": row.year("last_year")}


def _state(row: Row) -> State:
    abbr_zh = row.items("abbr_zh")
    abbr_zh_hant = row.items("abbr_zh_hant") or abbr_zh
    if len(abbr_zh) != len(abbr_zh_hant):
        raise OntologyError(f"{row.where}: abbr_zh and abbr_zh_hant differ in number; write one for the other")
    return State(
        **_named(row),
        **_years(row),
        tag_id=row["tag_id"] or None,
        kind=row["kind"],
        demonyms=row.items("demonyms_en"),
        abbr_zh=abbr_zh,
        abbr_zh_hant=abbr_zh_hant,
        abbr_ambiguous=row["abbr_zh_ambiguous"],
        metonyms=_by_lang(row, "metonyms"),
        iso3=row["iso3"] or None,
        cow=row.number("cow"),
        successor_of=row.items("successor_of"),
        wikidata=_wikidata(row),
    )


def _wikidata(row: Row) -> str | None:
    """The item of Wikidata that is the same thing."""
    item = row["wikidata"]
    if item and not re.fullmatch(r"Q[1-9]\d*", item):
        raise OntologyError(f"{row.where}: wikidata '{item}'; write it as Q17")
    return item or None


def _alliance(row: Row) -> Alliance:
    return Alliance(
        **_named(row),
        **_years(row),
        pair=row["pair"] or None,
        form=row["form"],
        type=row["type"],
        status=row["status"],
        members=tuple(_membership(row, item) for item in row.items("members")),
        wikidata=_wikidata(row),
    )


def _membership(row: Row, item: str) -> Membership:
    """``FRA``, ``GRC@1952-``, ``ALB@1955-1968``, ``X-ATH@-478--404``."""
    state, _, years = item.partition("@")
    if not years:
        return Membership(state)
    dash = years.find("-", 1)
    try:
        return Membership(state, int(years[:dash]), int(years[dash + 1 :]) if years[dash + 1 :] else None)
    except ValueError:
        raise OntologyError(f"{row.where}: member '{item}'; write it as USA, GRC@1952- or ALB@1955-1968") from None


def _pair(row: Row) -> Pair:
    return Pair(**_given(row))


def _group(row: Row) -> Group:
    return Group(**_named(row), **_years(row), type=row["type"], base_states=row.items("base_states"))


def _region(row: Row) -> Region:
    return Region(**_named(row), kind=row["kind"], broader=row["broader"] or None, abbr_zh=row.items("abbr_zh"))


def _concept(row: Row) -> Concept:
    hidden = {lang: items for lang, column in _COLUMNS[:2] if (items := row.items(f"hidden_{column}"))}
    return Concept(
        **_named(row),
        broader=row.items("broader"),
        hidden=hidden,
        definition=_definition(row),
        source=row["source"],
        is_facet=row["facet"] == "yes",
    )


def _rule(row: Row) -> Rule:
    return Rule(**_named(row), kind=row["kind"], definition=_definition(row))


def _ambiguity(row: Row) -> Ambiguity:
    default = row["default"]
    decided_by = default.removeprefix("by ") if default.startswith("by ") or default == "unresolved" else ""
    return Ambiguity(
        surface=row["surface"],
        lang=row["lang"],
        kind=row["kind"],
        candidates=tuple(tuple(item.split("+")) for item in row.items("candidates")),
        default=() if decided_by or not default else tuple(default.split("+")),
        decided_by=decided_by,
        rule=row["rule_en"],
        example=row["example"],
        origin=row["origin"],
    )


def _cue(row: Row) -> Cue:
    try:
        return Cue(row["surface"], row["lang"], float(row["weight"]), row["core"] == "yes")
    except ValueError:
        raise OntologyError(f"{row.where}: weight is '{row['weight']}'; write a number, such as 0.5 or -1") from None


def _all_patterns(folder: Path, overlay: Path | None) -> tuple[Pattern, ...]:
    """Patterns of the ontology; a user's one with the same ``id`` stands in its place, or takes it away."""
    patterns = list(_patterns(folder))
    own = list(_patterns(overlay)) if overlay else []
    replaced = {pattern.row["id"] for pattern in own if "id" in pattern.row}
    kept = [pattern for pattern in patterns if pattern.row.get("id") not in replaced]
    return (*kept, *(pattern for pattern in own if not pattern.row.get("delete")))


def _patterns(root: Path) -> Iterable[Pattern]:
    for path in sorted((root / "patterns").glob("*.jsonl")):
        for number, line in enumerate(_bytes_of(path).split(b"\n"), 1):
            if not line.strip() or line.lstrip().startswith(b"//"):
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise OntologyError(f"{path.name}:{number}: not JSON: {error}") from None
            if not isinstance(row, dict):
                raise OntologyError(f"{path.name}:{number}: a pattern is a JSON object, one a line")
            yield Pattern(f"{path.name}:{number}", path.stem, row)
