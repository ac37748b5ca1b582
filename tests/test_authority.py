"""The authority: what it knows, how it names things, its cache, and a user's own folder laid over it."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import subprocess
import sys
import time
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.authority import Authority, canonical_lang, load, ontology_dir
from kg.errors import OntologyError, UnknownName
from kg.things import LANGS

AUTHORITY = load()
TAGS = sorted(state.id for state in AUTHORITY.states.values() if state.tag_id == state.id)
EVERYTHING = [
    *AUTHORITY.states,
    *AUTHORITY.alliances,
    *AUTHORITY.pairs,
    *AUTHORITY.groups,
    *AUTHORITY.regions,
    *AUTHORITY.concepts,
    *AUTHORITY.rules,
]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of one's own, empty."""
    place = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))
    return place / "alliance-kg"


def overlay(folder: Path, **tables: str) -> Path:
    for name, text in tables.items():
        (folder / f"{name.rstrip('_')}.csv").write_text(text, encoding="utf-8")
    return folder


# Knowing


def test_a_state_has_what_the_tagger_needs() -> None:
    japan = AUTHORITY.states["JPN"]
    assert japan.labels == {"en": "Japan", "zh-Hans": "日本", "zh-Hant": "日本"}
    assert "Japanese" in japan.demonyms
    assert japan.abbr_zh == ("日",)
    assert "Tokyo" in japan.metonyms["en"]
    assert "东京" in japan.metonyms["zh-Hans"]
    assert (japan.iso3, japan.cow) == ("JPN", 740)


def test_regimes_are_tagged_as_their_states_and_some_polities_never() -> None:
    assert AUTHORITY.states["X-GEE"].tag_id == "DEU"
    assert AUTHORITY.states["X-JIN"].tag_id is None


def test_memberships_keep_their_years() -> None:
    nato = {member.state: member for member in AUTHORITY.alliances["nato"].members}
    assert (nato["GRC"].first, nato["GRC"].last) == (1952, None)
    assert (nato["GFR"].first, nato["GFR"].last) == (1955, 1990)
    assert (nato["USA"].first, nato["USA"].last) == (None, None)
    assert AUTHORITY.alliances["league-of-corinth"].first_year == -338
    huangchi = {member.state: member for member in AUTHORITY.alliances["huangchi-covenant"].members}
    assert (huangchi["X-JIN"].first, huangchi["X-JIN"].last) == (-482, -482)


def test_members_of_pairs_coalitions_and_pacts() -> None:
    assert AUTHORITY.members("JPN-USA") == ("JPN", "USA")
    assert AUTHORITY.members("RUS-X-ABK") == ("RUS", "X-ABK")
    assert AUTHORITY.members("JPN-KOR-USA") == ("USA", "JPN", "KOR")
    assert set(AUTHORITY.members("anzus")) == {"AUS", "NZL", "USA"}
    assert AUTHORITY.members("entrapment") == ()


@pytest.mark.parametrize(
    "text", ["USA-JPN", "JPN-JPN", "JPN", "JPN-XXX", "X-GEE-USA", "jpn-usa", "JPN-USA-", "", "nato"]
)
def test_what_is_no_pair(text: str) -> None:
    assert AUTHORITY.parties(text) == ()


@given(st.lists(st.sampled_from(TAGS), min_size=2, max_size=6, unique=True))
def test_an_alliance_is_its_states_in_any_order(states: list[str]) -> None:
    alliance = AUTHORITY.alliance_of(states)
    assert alliance is not None
    assert AUTHORITY.parties(alliance) == tuple(sorted(states))
    assert alliance == AUTHORITY.alliance_of(states[::-1])
    assert AUTHORITY.kind(alliance) == "alliances"


def test_a_regime_makes_a_pair_of_its_state() -> None:
    assert AUTHORITY.alliance_of(["X-GEE", "AUH"]) == "AUH-DEU"
    assert AUTHORITY.alliance_of(["X-JIN", "JPN"]) is None
    assert AUTHORITY.alliance_of(["GFR"]) is None


def test_pacts_stand_under_their_pairs() -> None:
    assert "us-japan-alliance" in AUTHORITY.pacts_of("JPN-USA")
    assert AUTHORITY.pacts_of("BRA-JPN") == ()
    for pact in AUTHORITY.alliances.values():
        assert (pact.pair is not None) == (pact.id in AUTHORITY.pacts_of(pact.pair or ""))


def test_the_hierarchy_of_concepts() -> None:
    assert AUTHORITY.ancestors("entrapment") == ("alliance-dilemma", "dilemmas")
    assert "entrapment" in AUTHORITY.narrower("alliance-dilemma")
    assert AUTHORITY.concepts["dilemmas"].is_facet
    assert not AUTHORITY.concepts["entrapment"].is_facet
    for concept in AUTHORITY.concepts.values():
        assert concept.is_facet == (not concept.broader)
        above = AUTHORITY.ancestors(concept.id)
        assert concept.is_facet or AUTHORITY.concepts[above[-1]].is_facet


def test_ambiguities_are_taken_apart() -> None:
    rows = {(row.surface, row.lang): row for row in AUTHORITY.ambiguity}
    assert rows["中欧", "zh"].candidates == (("R-CEUR",), ("CHN", "R-EU"))
    assert rows["中欧", "zh"].decided_by == "cue"
    assert rows["中", "zh"].default == ("CHN",)


# Naming


@pytest.mark.parametrize(
    ("tag", "en", "hans", "hant"),
    [
        ("JPN-USA", "Japan–United States alliance", "日美同盟", "日美同盟"),
        ("KOR-USA", "South Korea–United States alliance", "美韩同盟", "美韓同盟"),
        ("AUH-DEU", "Austria-Hungary–Germany alliance", "德奥同盟", "德奧同盟"),
        ("EST-LVA", "Estonia–Latvia alliance", "爱沙尼亚—拉脱维亚同盟", "愛沙尼亞—拉脫維亞同盟"),
        ("CHN-RUS-USA", "China–Russia–United States alliance", "中俄美同盟", "中俄美同盟"),
        ("nato", "North Atlantic Treaty Organization", "北大西洋公约组织", "北大西洋公約組織"),
        ("entrapment", "entrapment", "牵连", "牽連"),
        ("LAO", "Laos", "老挝", "寮國"),
        ("X-GEE", "German Empire", "德意志帝国", "德意志帝國"),
        ("hamas", "Hamas", "哈马斯", "哈馬斯"),
        ("R-EAS", "East Asia", "东亚", "東亞"),
        ("concept-pattern", "concept pattern", "概念句式", "概念句式"),
    ],
)
def test_labels(tag: str, en: str, hans: str, hant: str) -> None:
    assert AUTHORITY.label(tag) == en
    assert AUTHORITY.label(tag, "zh-Hans") == AUTHORITY.label(tag, "zh") == AUTHORITY.label(tag, "zh-hans") == hans
    assert AUTHORITY.label(tag, "zh-Hant") == AUTHORITY.label(tag, "zh-tw") == hant


def test_everything_has_a_label_and_it_is_the_first_of_its_names() -> None:
    for tag in EVERYTHING:
        names = AUTHORITY.names(tag)
        for lang in LANGS:
            assert AUTHORITY.label(tag, lang), tag
            assert names[lang][0] == AUTHORITY.label(tag, lang), tag
            assert len(set(names[lang])) == len(names[lang]), tag


def test_pairs_have_names_in_both_orders_and_with_both_heads() -> None:
    assert set(AUTHORITY.names("JPN-USA")["zh-Hans"]) >= {"日美同盟", "美日同盟", "日美联盟", "美日联盟", "日米同盟"}


def test_two_pairs_never_have_one_label() -> None:
    for lang in LANGS:
        labels: dict[str, str] = {}
        for states in combinations(TAGS, 2):
            pair = "-".join(states)
            label = AUTHORITY.label(pair, lang)
            assert labels.setdefault(label, pair) == pair
        assert len(labels) == len(TAGS) * (len(TAGS) - 1) // 2


def test_names_of_a_pair_are_no_names_of_its_pacts() -> None:
    """Pair-form names belong to the pair, treaty names to the pact."""
    for pact in AUTHORITY.alliances.values():
        if pact.pair:
            for lang in ("zh-Hans", "zh-Hant"):
                mine = {pact.labels[lang], *pact.alt.get(lang, ())}
                assert not mine & set(AUTHORITY.names(pact.pair)[lang]), pact.id


def test_alliance_names_give_the_id_that_is_tagged() -> None:
    names = {(lang, name): tag for tag, lang, name in AUTHORITY.alliance_names()}
    assert names["zh-Hans", "北约"] == "nato"
    assert names["zh-Hans", "日美安保条约"] == "JPN-USA"
    assert names["zh-Hans", "日米同盟"] == "JPN-USA"
    assert names["en", "Reinsurance Treaty"] == "DEU-RUS"


def test_what_no_table_has() -> None:
    for ask in (AUTHORITY.label, AUTHORITY.names):
        with pytest.raises(UnknownName, match="no row of the ontology is called 'xyz'"):
            ask("xyz")
    assert AUTHORITY.find("xyz") is None
    assert AUTHORITY.kind("xyz") is None


def test_definitions() -> None:
    assert "ally's interests" in (AUTHORITY.definition("entrapment", "en") or "")
    assert "同盟关系" in (AUTHORITY.definition("entrapment", "zh-TW") or "")
    assert AUTHORITY.definition("JPN", "en") is None


@pytest.mark.parametrize(
    ("tag", "lang"),
    [("zh", "zh-Hans"), ("ZH-Hans-HK", "zh-Hans"), ("zh-sg", "zh-Hans"), ("zh_TW", "zh-Hant"), ("zh-HK", "zh-Hant"),
     ("zh-mo", "zh-Hant"), ("en-GB", "en"), ("ja", "en"), ("", "en")],
)  # fmt: skip
def test_language_tags(tag: str, lang: str) -> None:
    assert canonical_lang(tag) == lang


# Cache


def test_the_cache_gives_what_the_sources_give(cache: Path) -> None:
    fresh = load()
    (file,) = cache.glob("authority-*")
    assert load() == fresh
    assert file.stat().st_mode & 0o077 == 0 or os.name == "nt"
    assert pickle.loads(pickle.dumps(fresh)) == fresh


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, b"cut"])
def test_a_damaged_cache_is_passed_over_and_mended(cache: Path, damage: bytes) -> None:
    fresh = load()
    (file,) = cache.glob("authority-*")
    whole = file.read_bytes()
    file.write_bytes(damage if damage != b"cut" else whole[:-100])
    assert load() == fresh
    assert file.read_bytes() == whole


def test_a_cache_that_others_may_write_is_not_read(cache: Path) -> None:
    load()
    (file,) = cache.glob("authority-*")
    evil = pickle.dumps({"version": "evil"})
    file.write_bytes(hashlib.sha256(evil).digest() + evil)
    file.chmod(0o666)
    assert load().version == AUTHORITY.version


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load() == AUTHORITY


def test_old_caches_are_swept(cache: Path, tmp_path: Path) -> None:
    for number in range(12):
        folder = tmp_path / str(number)
        folder.mkdir()
        load(overlay(folder, states=f"id,note\nJPN,{number}\n"))
    assert len(list(cache.glob("authority-*"))) <= 9
    assert not list(cache.glob("*.part"))


def test_loading_from_the_cache_is_fast() -> None:
    load()
    seconds = []
    for _ in range(5):
        start = time.process_time()
        load()
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.06


def test_the_digest_follows_the_sources(cache: Path, tmp_path: Path) -> None:
    same = overlay(tmp_path, states="id,note\nJPN,changed\n")
    changed = load(same)
    assert changed.digest != AUTHORITY.digest
    assert load(same).digest == changed.digest
    assert load().digest == AUTHORITY.digest
    assert re.fullmatch(r"[0-9a-f]{64}", AUTHORITY.digest)


def test_equal_whatever_the_hash_seed(root: Path) -> None:
    code = "from kg.authority import load; from hashlib import sha256; a = load(); print(a.digest, sha256(repr(a).encode()).hexdigest())"
    answers = set()
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        answers.add(
            subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
        )
    assert len(answers) == 1


def test_the_ontology_is_found(root: Path) -> None:
    assert (ontology_dir() / "tables" / "states.csv").is_file()
    assert AUTHORITY.version == (ontology_dir() / "VERSION").read_text().strip()


# A user's own folder


def test_a_row_replaces_only_the_cells_that_it_gives(tmp_path: Path) -> None:
    mine = load(overlay(tmp_path, states="id,alt_zh\nJPN,东瀛|扶桑\n"))
    assert mine.states["JPN"].alt["zh-Hans"] == ("东瀛", "扶桑")
    assert mine.states["JPN"].labels == AUTHORITY.states["JPN"].labels
    assert mine.states["USA"] == AUTHORITY.states["USA"]


def test_a_row_may_be_added(tmp_path: Path) -> None:
    states = "id,tag_id,kind,pref_en,pref_zh,first_year\nX-ATL,X-ATL,historical,Atlantis,亚特兰蒂斯,-9600\n"
    alliances = "id,pair,pref_en,pref_zh,form,type,status,members,first_year\nold-pact,EGY-X-ATL,Old Pact,古约,bilateral,defence,yes,X-ATL|EGY,-9600\n"
    mine = load(overlay(tmp_path, states=states, alliances=alliances))
    assert mine.label("X-ATL", "zh-Hant") == "亚特兰蒂斯"
    assert mine.pacts_of("EGY-X-ATL") == ("old-pact",)
    assert mine.label("EGY-X-ATL") == "Egypt–Atlantis alliance"


def test_a_row_may_be_deleted_or_retired(tmp_path: Path) -> None:
    concepts = "id,delete,replaced_by\nalliance-drift,yes,\nchain-ganging,,entrapment\nmoral-hazard,,none\n"
    mine = load(overlay(tmp_path, concepts=concepts))
    assert mine.find("alliance-drift") is None
    assert "chain-ganging" not in mine.concepts
    assert mine.retired["chain-ganging"].replaced_by == ("entrapment",)
    assert mine.retired["moral-hazard"].replaced_by == ()
    assert mine.label("chain-ganging") == "chain-ganging"


def test_tables_may_lie_in_a_folder_tables(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    overlay(tmp_path / "tables", groups="id,pref_en,type\nmy-group,My Group,insurgent\n")
    assert load(tmp_path).label("my-group", "zh") == "My Group"


def test_a_users_not_list(tmp_path: Path) -> None:
    mine = load(overlay(tmp_path, not_="surface,lang,kind,id,note\n平衡,zh,concepts,balancing,of budgets\nUS,en,,,\n"))
    assert [(row.surface, row.kind, row.id) for row in mine.exclusions] == [
        ("平衡", "concepts", "balancing"),
        ("US", "", ""),
    ]
    assert AUTHORITY.exclusions == ()


def test_a_users_patterns_join_replace_and_take_away(tmp_path: Path) -> None:
    known = next(pattern for pattern in AUTHORITY.patterns if "id" in pattern.row)
    (tmp_path / "patterns").mkdir()
    lines = f'{{"id": "mine", "concept": "entrapment"}}\n\n{{"id": "{known.row["id"]}", "delete": true}}\n'
    (tmp_path / "patterns" / "own.jsonl").write_text(lines, encoding="utf-8")
    ids = [pattern.row.get("id") for pattern in load(tmp_path).patterns]
    assert "mine" in ids
    assert known.row["id"] not in ids


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"states": "id,cow\nJPN,seven\n"}, "states.csv:2: cow is 'seven'; write a whole number, or leave it empty"),
        ({"states": "id,kind\nATL,historical\n"}, "states.csv:2: 'ATL' has no name; fill pref_en or pref_zh"),
        ({"states": "id,abbr_zh\nJPN,日|倭\n"}, "states.csv:2: abbr_zh and abbr_zh_hant differ in number"),
        ({"alliances": "id,members\nnato,USA@19x-\n"}, "alliances.csv:2: member 'USA@19x-'; write it as USA"),
        ({"alliances": "id,members\nnato,ATL\n"}, "alliances.csv:2: member 'ATL' is no state; add it to states.csv"),
        ({"concepts": "id,broader\nentrapment,dilemma\n"}, "concepts.csv:2: broader 'dilemma' is no concept"),
        ({"concepts": "id,broader\nalliance-dilemma,entrapment\n"}, "is broader than itself; break the circle"),
    ],
)
def test_a_fault_of_a_user_says_file_row_and_what_to_do(tmp_path: Path, tables: dict[str, str], message: str) -> None:
    with pytest.raises(OntologyError, match=re.escape(message)):
        load(overlay(tmp_path, **tables))


def test_a_pattern_that_is_no_json_says_where(tmp_path: Path) -> None:
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "own.jsonl").write_text('{"id": "a"}\n{"id": \n', encoding="utf-8")
    with pytest.raises(OntologyError, match=r"own\.jsonl:2: not JSON"):
        load(tmp_path)


def test_an_overlay_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="is not a folder"):
        load(tmp_path / "nowhere")


def test_authority_is_frozen() -> None:
    with pytest.raises(AttributeError):
        AUTHORITY.version = "x"  # type: ignore[misc]
    assert isinstance(AUTHORITY, Authority)
