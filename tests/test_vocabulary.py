"""A user's own vocabulary: SKOS in several syntaxes, tables, what they add, replace and retire, and what is wrong with them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from kg.authority import Authority, load
from kg.errors import OntologyError
from kg.skos import to_skos
from kg.vocabulary import read_vocabulary

TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix akc: <https://w3id.org/alliance-kg/id/concept/> .
@prefix ex: <http://example.org/terms#> .

ex:WarWeariness a skos:Concept ;
    skos:prefLabel "war weariness"@en-GB, "厌战"@zh-CN, "厭戰"@zh-TW ;
    skos:altLabel "厌战心理"@zh, "厭戰心理"@zh, "tiredness of war", "lassitude"@fr ;
    skos:hiddenLabel "不想打仗"@zh-hans ;
    skos:definition "A people's tiredness of war."@en, "民众对战争的厌倦。"@zh ;
    skos:broader akc:costs ;
    dcterms:source "Garnham 1986" .
ex:Mine a skos:Concept ; skos:exactMatch akc:entrapment ;
    skos:prefLabel "being entrapped"@en ; skos:altLabel "被拖进火坑"@zh-Hans .
ex:Audience a skos:Concept ; skos:notation "home-audience" ; skos:prefLabel "home audience"@en .
akc:signaling skos:narrower ex:Audience .
ex:Old a skos:Concept ; skos:prefLabel "old"@en ; owl:deprecated true ; dcterms:isReplacedBy ex:WarWeariness .
"""


@pytest.fixture
def skos_file(tmp_path: Path) -> Path:
    path = tmp_path / "terms.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    return path


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def check(mine: Authority) -> None:
    """What TURTLE says, whatever it was written in."""
    weariness = mine.concepts["war-weariness"]
    assert weariness.labels == {"en": "war weariness", "zh-Hans": "厌战", "zh-Hant": "厭戰"}
    assert weariness.alt == {"en": ("tiredness of war",), "zh-Hans": ("厌战心理",), "zh-Hant": ("厭戰心理",)}
    assert weariness.hidden == {"zh-Hans": ("不想打仗",)}
    assert weariness.definition == {"en": "A people's tiredness of war.", "zh-Hans": "民众对战争的厌倦。"}
    assert weariness.broader == ("costs",)
    assert weariness.source == "Garnham 1986"
    assert not weariness.is_facet
    assert mine.ancestors("home-audience") == ("signaling", "theory")
    assert mine.retired["old"].replaced_by == ("war-weariness",)


def test_a_skos_file_is_added(skos_file: Path) -> None:
    mine = load(vocabulary=[skos_file])
    check(mine)
    assert len(mine.concepts) == len(load().concepts) + 2


def test_names_are_added_to_those_of_a_known_concept(skos_file: Path) -> None:
    before, after = load().concepts["entrapment"], load(vocabulary=[skos_file]).concepts["entrapment"]
    assert after.labels["en"] == "being entrapped"
    assert "entrapment" in after.alt["en"]
    assert set(after.alt["zh-Hans"]) == {*before.alt["zh-Hans"], "被拖进火坑"}
    assert (after.labels["zh-Hans"], after.definition, after.broader) == (
        before.labels["zh-Hans"], before.definition, before.broader,
    )  # fmt: skip


@pytest.mark.parametrize(("syntax", "ending"), [("xml", "rdf"), ("nt", "nt"), ("n3", "n3"), ("json-ld", "jsonld")])
def test_other_syntaxes_say_the_same(skos_file: Path, syntax: str, ending: str) -> None:
    from rdflib import Graph

    other = skos_file.with_suffix(f".{ending}")
    Graph().parse(skos_file).serialize(other, format=syntax, encoding="utf-8")
    check(load(vocabulary=[other]))


def test_a_vocabulary_may_stand_in_the_place_of_the_concepts(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "own.csv",
        "id,broader,facet,pref_en,pref_zh\ntop,,yes,my facet,我的分面\nmine,top,,my concept,我的概念\n",
    )
    mine = load(vocabulary=[path], mode="replace")
    assert list(mine.concepts) == ["top", "mine"]
    assert mine.concepts["top"].is_facet
    assert mine.label("mine", "zh-hant") == "我的概念"
    assert mine.states == load().states


def test_a_table_may_use_skos_names(tmp_path: Path) -> None:
    path = file(tmp_path, "own.tsv", """\
        notation\tprefLabel@en\tprefLabel@zh\taltLabel\tbroader\tdefinition@en\tdeprecated
        war-weariness\twar weariness\t厌战\ttiredness of war|厌战心理|厭戰心理\tcosts\tA people's tiredness of war.\t
        old-term\told term\t旧词\t\tcosts\t\tyes
    """)  # fmt: skip
    mine = load(vocabulary=[path])
    weariness = mine.concepts["war-weariness"]
    assert weariness.labels == {"en": "war weariness", "zh-Hans": "厌战", "zh-Hant": "厌战"}
    assert weariness.alt == {"en": ("tiredness of war",), "zh-Hans": ("厌战心理",), "zh-Hant": ("厭戰心理",)}
    assert mine.retired["old-term"].retired


def test_several_vocabularies_are_laid_one_over_the_other(tmp_path: Path, skos_file: Path) -> None:
    second = file(tmp_path, "more.csv", "id,pref_en,alt_en\nwar-weariness,war fatigue of peoples,weary of war\n")
    mine = load(vocabulary=[skos_file, second]).concepts["war-weariness"]
    assert mine.labels["en"] == "war fatigue of peoples"
    assert set(mine.alt["en"]) == {"tiredness of war", "weary of war", "war weariness"}


def test_our_own_file_comes_back_the_same(tmp_path: Path) -> None:
    """Concepts → SKOS → concepts is the identity, but for the order of names."""
    known = load()
    path = tmp_path / "akg-full.ttl"
    path.write_bytes(to_skos(known))
    back = load(vocabulary=[path], mode="replace")
    assert set(back.concepts) == set(known.concepts)
    for name, concept in known.concepts.items():
        other = back.concepts[name]
        assert (other.labels, other.definition, other.source) == (concept.labels, concept.definition, concept.source)
        assert (set(other.broader), other.is_facet) == (set(concept.broader), concept.is_facet)
        for mine, theirs in ((concept.alt, other.alt), (concept.hidden, other.hidden)):
            assert {lang: set(names) for lang, names in mine.items()} == {lang: set(n) for lang, n in theirs.items()}


def test_the_vocabulary_is_part_of_the_digest(skos_file: Path) -> None:
    assert load(vocabulary=[skos_file]).digest != load().digest
    assert load(vocabulary=[skos_file]).digest == load(vocabulary=[skos_file]).digest


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("terms.pdf", "x", "terms.pdf: not a vocabulary that can be read; give a file that ends in .csv"),
        ("terms.ttl", "@prefix skos: <x> .\n<a> <b> .\n", "terms.ttl:2: not turtle"),
        ("terms.ttl", "<a> <b> <c> .\n", "terms.ttl: no skos:Concept in it"),
        ("terms.csv", "id,preflabel\na,b\n", "terms.csv:1: no column is called 'preflabel'"),
        ("terms.csv", "pref_en\na\n", "terms.csv:1: no column 'id'"),
        ("terms.csv", "id,pref_en,broader\na,b,nowhere\n", "terms.csv:2: broader 'nowhere' is no concept"),
        ("terms.csv", "id\na\n", "terms.csv:2: nothing is said of 'a'"),
        ("terms.csv", "id,broader\nb,costs\n", "terms.csv:2: 'b' has no name"),
        ("terms.csv", "id,pref_en\na b,c\n", "terms.csv:2: the id 'a b' has a blank"),
        ("terms.csv", "id,pref_en\na,b\na,c\n", "terms.csv:3: 'a' stands in terms.csv:2 too"),
        ("terms.rdf", '<!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><r/>', "terms.rdf: entities that call others"),
        ("terms.rdf", '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r/>', "terms.rdf: entities that call others"),
        ("terms.rdf", "<rdf", "terms.rdf: not xml"),
        ("terms.jsonld", '{"@context": "https://example.org/c"}', "terms.jsonld: its @context is on the network"),
        ("terms.jsonld", '{"@context": [{}, "https://example.org/c"]}', "terms.jsonld: its @context is on the network"),
        ("terms.jsonld", "{", "terms.jsonld: not json-ld"),
    ],
)  # fmt: skip
def test_a_fault_says_file_and_row(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(OntologyError, match=re.escape(message)):
        load(vocabulary=[file(tmp_path, name, text)])


SKOS = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix ex: <http://example.org/> .\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ex:A a skos:Concept .", "http://example.org/A: nothing is said of 'a'"),
        ("ex:a a skos:Concept . ex:A a skos:Concept .", "are both 'a'; give one another skos:notation"),
        (
            'ex:A a skos:Concept ; skos:prefLabel "x"@en ; skos:broader ex:B .',
            "http://example.org/A: broader 'b' is no concept",
        ),
        ('ex:A a skos:Concept ; skos:prefLabel "x"@fr ; skos:broader ex:A .', "is broader than itself"),
        ('<http://example.org/#> a skos:Concept ; skos:notation "!" .', "has no id; give it a skos:notation"),
    ],
)
def test_a_fault_of_a_skos_file_names_the_concept(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(OntologyError, match=re.escape(message)):
        load(vocabulary=[file(tmp_path, "terms.ttl", SKOS + text)])


def test_a_mode_is_add_or_replace(skos_file: Path) -> None:
    with pytest.raises(OntologyError, match="'add' or 'replace', not 'merge'"):
        load(vocabulary=[skos_file], mode="merge")


def test_ids_are_made_of_the_last_part_of_an_iri(tmp_path: Path) -> None:
    text = "".join(f'<http://e.org/{part}> a skos:Concept ; skos:prefLabel "{n}"@en .\n' for n, part in enumerate(
        ["BurdenSharing", "v/cost_of%20war", "c%20d#NATORole", "概念"]))  # fmt: skip
    rows = read_vocabulary(file(tmp_path, "terms.ttl", SKOS + text))
    assert {row["id"] for row in rows} == {"burden-sharing", "cost-of-war", "natorole", "概念"}
