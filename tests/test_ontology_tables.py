"""The tables of the ontology are whole, and faults in them are found, with file, row and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import OntologyError
from kg.faults import faults
from kg.ontology import COLUMNS, Row, lay_over, read_rows, read_table, read_tables
from kg.resources import ontology_dir

TABLES = [table for table in COLUMNS if table != "not"]


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    return read_tables(ontology_dir())


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# The tables as they are


def test_the_tables_have_no_fault(tables: dict[str, list[Row]]) -> None:
    assert [str(fault) for fault in faults(tables)] == []


@pytest.mark.parametrize("table", TABLES)
def test_files_are_utf8_with_line_feeds_and_the_columns_in_order(table: str) -> None:
    data = (ontology_dir() / "tables" / f"{table}.csv").read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n")
    assert data.decode("utf-8").split("\n", 1)[0] == ",".join(COLUMNS[table])


def test_every_concept_is_defined_in_both_languages(tables: dict[str, list[Row]]) -> None:
    for row in tables["concepts"]:
        assert len(row["definition_en"]) > 15, row.where
        assert len(row["definition_zh"]) > 7, row.where
        assert row["definition_zh"].endswith("。"), row.where


def test_every_member_of_the_united_nations_has_a_capital_in_both_languages(tables: dict[str, list[Row]]) -> None:
    members = [row for row in tables["states"] if row["kind"] == "un_member"]
    assert len(members) == 193
    for row in members:
        assert row["metonyms_en"], row.where
        assert row["metonyms_zh"], row.where
        assert row["metonyms_zh_hant"], row.where
        assert row["demonyms_en"], row.where


def test_taiwan_and_hong_kong_names_are_there(tables: dict[str, list[Row]]) -> None:
    states = {row["id"]: row for row in tables["states"]}
    wanted = {
        "LAO": "寮國 老撾",
        "SAU": "沙烏地阿拉伯 沙地阿拉伯 沙特阿拉伯",
        "NZL": "紐西蘭 新西蘭",
        "ITA": "義大利 意大利",
        "PRK": "北韓 朝鮮",
        "KOR": "南韓 韓國",
        "AUS": "澳洲 澳大利亞",
        "IDN": "印尼 印度尼西亞",
        "KEN": "肯亞 肯尼亞 肯雅",
        "GEO": "喬治亞 格魯吉亞",
        "BIH": "波士尼亞 波斯尼亞",
        "CYP": "賽普勒斯 塞浦路斯",
    }
    for state, names in wanted.items():
        known = (states[state]["pref_zh_hant"], *states[state].items("alt_zh_hant"))
        assert set(names.split()) <= set(known), state


def test_labels_of_taiwanese_usage_are_preferred_in_traditional_script(tables: dict[str, list[Row]]) -> None:
    concepts = {row["id"]: row["pref_zh_hant"] for row in tables["concepts"]}
    assert concepts["deterrence"] == "嚇阻"
    assert concepts["bandwagoning"] == "扈從"
    assert concepts["hedging"] == "避險"


def test_no_chinese_name_is_part_of_common_words(tables: dict[str, list[Row]]) -> None:
    """Names that were once there and matched inside other words."""
    words = (
        "资本主义国家 目前南海 独特多样 强大英勇 精英伦理 王朝方面 复印方式 古巴新政府 罗马国王 东南亚同盟 政府联防联控"
    )
    names = {name for row in tables["states"] for name in (row["pref_zh"], *row.items("alt_zh"))}
    names |= {name for row in tables["concepts"] for name in (row["pref_zh"], *row.items("alt_zh"))}
    allowed = {"罗马", "古巴", "南海", "资本主义", "同盟"}
    for word in words.split():
        assert not [name for name in names - allowed if name in word], word


def test_gold_names_only_ids_that_exist(gold: Path) -> None:
    from kg.authority import load

    authority = load()
    kinds = {"focus": "alliances"}
    for line in gold.read_text(encoding="utf-8").splitlines():
        work = json.loads(line)
        for kind in ("states", "alliances", "groups", "concepts", "focus"):
            for tag in (*work.get(kind, ()), *work.get("optional", {}).get(kind, ())):
                assert authority.kind(tag) == kinds.get(kind, kind), (work["id"], tag)


def test_every_name_of_the_reference_is_still_known(shared: Callable[[str], Path]) -> None:
    """Ids are never dropped: what old graphs name can be read."""
    from kg.authority import load

    authority = load()
    for table, column in (("states", "id"), ("alliances", "id"), ("groups", "id"), ("regions", "id")):
        for line in (shared("reference") / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]:
            assert authority.find(line.split(",", 1)[0]) is not None, (table, column)


def test_every_mention_names_a_rule_that_exists(tables: dict[str, list[Row]], sample: Path) -> None:
    from kg.authority import load
    from kg.jsonl import work_from_json
    from kg.tagging.tagger import Tagger

    rules = {row["id"] for row in tables["rules"]}
    tagger = Tagger(load())
    used = set()
    for line in (sample / "works.jsonl").read_text(encoding="utf-8").splitlines():
        tagged = tagger.tag(work_from_json(json.loads(line)))
        for tags in (tagged.states, tagged.alliances, tagged.groups, tagged.concepts, tagged.focus_evidence):
            used |= {mention.rule for mentions in tags.values() for mention in mentions}
        used |= {mention.rule for period in tagged.periods for mention in period.mentions}
        used |= {mention.rule for statement in tagged.statements for mention in statement.mentions}
    assert used <= rules
    assert len(used) > 10


def test_every_chinese_name_can_be_found_by_its_sounds() -> None:
    from kg.authority import load
    from kg.views import pinyin

    authority = load()
    for tag in (*authority.states, *authority.alliances, *authority.pairs, *authority.groups, *authority.concepts):
        for name in authority.names(tag)["zh-Hans"]:
            n_han = sum("\u3400" <= character <= "\u9fff" for character in name)
            assert len(pinyin.syllables(name)) == n_han, f"{name}: run tests/tools/pinyin_table.py"
    for name, key in {
        "佛得角": "fodejiao fdj",
        "重塑": "chongsu cs",
        "日美同盟": "rimeitongmeng rmtm",
        "高句丽": "gaogouli ggl",
    }.items():
        assert pinyin.key(name) == key


# Faults are found


@pytest.mark.parametrize(
    ("table", "key", "cells", "what"),
    [
        ("states", "JPN", {"tag_id": "JAP"}, "tag_id JAP is no state"),
        ("states", "JPN", {"kind": "empire"}, "kind is 'empire'"),
        ("states", "JPN", {"pref_zh": "日本國"}, "pref_zh is not Simplified: 國"),
        ("states", "JPN", {"pref_zh_hant": "日本国"}, "pref_zh_hant is not Traditional: 国"),
        ("states", "JPN", {"alt_en": "Nippon|Nippon"}, "alt_en has 'Nippon' twice"),
        ("states", "JPN", {"alt_en": "Japan"}, "alt_en repeats the preferred name 'Japan'"),
        ("states", "JPN", {"iso3": "JAP"}, "iso3 JAP is not the id"),
        ("states", "JPN", {"pref_en": ""}, "pref_en is empty"),
        ("states", "JPN", {"abbr_zh": "日|美", "abbr_zh_hant": "日|美"}, "美 is shared with USA"),
        ("states", "JPN", {"alt_zh": "加拿大"}, "'加拿大' is a name of CAN, JPN"),
        ("states", "JPN", {"replaced_by": "NIP"}, "is replaced by the unknown 'NIP'"),
        ("alliances", "nato", {"members": "USA|ATL"}, "member 'ATL' is no state"),
        ("alliances", "nato", {"members": "USA@1900-"}, "member USA@1900- is outside 1949"),
        ("alliances", "nato", {"members": "SUN@1960-2000"}, "outside the life of the state, 1917 to 1991"),
        ("alliances", "us-rok-alliance", {"pair": "USA-KOR"}, "pair 'USA-KOR' is not of KOR, USA"),
        ("alliances", "nato", {"pair": "CAN-USA"}, "has a pair, but is multilateral"),
        ("alliances", "nato", {"last_year": "1900"}, "ends in 1900 before it begins in 1949"),
        ("alliances", "nato", {"type": "friendship"}, "type is 'friendship'"),
        ("concepts", "entrapment", {"broader": "dilemma"}, "broader 'dilemma' is no concept"),
        ("concepts", "entrapment", {"broader": ""}, "entrapment has no broader concept and is no facet"),
        ("concepts", "alliance-dilemma", {"broader": "entrapment"}, "is its own narrower concept"),
        ("concepts", "entrapment", {"alt_en": "abandonment"}, "'abandonment' is a label of"),
        ("concepts", "entrapment", {"alt_zh": "牵连，拖累(风险)"}, "alt_zh has half-width punctuation"),
        ("concepts", "entrapment", {"definition_zh": ""}, "definition_zh is empty"),
        ("regions", "R-EAS", {"broader": "R-ASI"}, "broader 'R-ASI' is no region"),
        ("groups", "hamas", {"base_states": "PAL"}, "base state 'PAL' is unknown"),
        ("pairs", "KOR-USA", {"pref_zh_hant": ""}, "has a preferred name in one script alone"),
    ],
)
def test_a_fault_is_found(tables: dict[str, list[Row]], table: str, key: str, cells: dict[str, str], what: str) -> None:
    changed = dict(tables)
    changed[table] = lay_over(table, tables[table], [Row("mine.csv:2", {"id": key, **cells})])
    found = faults(changed)
    assert any(what in fault.what for fault in found), [str(fault) for fault in found]
    assert all(fault.where and fault.remedy for fault in found)


def test_an_ambiguity_must_name_what_exists(tables: dict[str, list[Row]]) -> None:
    cells = {"surface": "中", "lang": "zh", "candidates": "CHN|XXX", "default": "TWN", "rule_en": ""}
    changed = {**tables, "ambiguity": lay_over("ambiguity", tables["ambiguity"], [Row("mine.csv:2", cells)])}
    found = [fault.what for fault in faults(changed)]
    assert "candidate 'XXX' is unknown" in found
    assert "default 'TWN' is none of the candidates" in found
    assert "'中' has several readings and no rule" in found


# Reading


def test_excel_tables_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, "states.csv", '\ufeffid;alt_zh\r\nJPN;"东瀛"\r\n')
    assert read_table(path, "states")[0].items("alt_zh") == ("东瀛",)
    path = write(tmp_path, "states.csv", "id\talt_zh\nJPN\t东瀛|扶桑\n")
    assert read_table(path, "states")[0].items("alt_zh") == ("东瀛", "扶桑")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"id,name\nJPN,x\n", "states.csv:1: no column is called 'name'"),
        (b"pref_en\nJapan\n", "states.csv:1: no column 'id'"),
        (b"", "states.csv:1: no column 'id'"),
        (b"id,alt_en,alt_en\nJPN,a,b\n", "states.csv:1: a column stands twice"),
        (b"id,alt_en\nJPN,a,b\n", "states.csv:2: 3 cells for 2 columns"),
        (b"id,alt_en\n,a\n", "states.csv:2: no id"),
        (b'id,alt_en\nJPN,"a\n', "states.csv:2"),
        ("id,alt_zh\nJPN,东瀛\n".encode("gb18030"), "states.csv:2: not UTF-8"),
    ],
)
def test_a_bad_table_says_where_and_what_to_do(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "states.csv"
    path.write_bytes(data)
    with pytest.raises(OntologyError, match=re.escape(message)) as raised:
        read_table(path, "states")
    assert ";" in str(raised.value)


def test_a_key_stands_once(tmp_path: Path) -> None:
    write(tmp_path, "states.csv", "id,alt_en\nJPN,a\nJPN,b\n")
    with pytest.raises(OntologyError, match=r"states.csv:3: 'JPN' stands in states.csv:2 too"):
        read_tables(ontology_dir(), tmp_path)


def test_numbers_and_years_say_what_is_wanted() -> None:
    row = Row("states.csv:7", {"cow": "seven", "first_year": "-338"})
    assert row.year("first_year") == -338
    assert row.year("last_year") is None
    with pytest.raises(OntologyError, match=r"states\.csv:7: cow is 'seven'"):
        row.number("cow")


def test_an_ontology_without_a_table_is_not_whole(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="not whole"):
        read_tables(tmp_path)


def test_rows_keep_blanks_inside_and_lose_them_outside(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", 'id,note\n a ," two  words "\n\n')
    assert [row.cells for row in read_rows(path, ("id", "note"), "id")] == [{"id": "a", "note": "two  words"}]
