"""`kg check`: sound graphs pass, and each way of being broken is reported, with where, what and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import corpus
import pyoxigraph
import pytest

from kg import check as checking
from kg.check import Findings, check, checks
from kg.errors import KgError
from kg.rdf.files import graph_files
from kg.sparql import form_of
from kg.store import Store, load
from kg.sweep import QUESTIONS, Sweep
from kg.terms import AKG, DCTERMS, FOAF, OA, PROV, RDF, SKOS, Base, alliance, concept, rule, state

Quads = set[str]

BASE = Base()
W1 = f"<{BASE.work('w01')}>"
RUN = "run/" + corpus.provenance().run_id("library")
A = f"<{RDF}type>"
INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"
DECIMAL = "^^<http://www.w3.org/2001/XMLSchema#decimal>"


class MemoryStore(Store):
    """Quads in memory, to be broken."""

    def __init__(self, lines: Quads) -> None:
        self.raw = pyoxigraph.Store()
        self.raw.load(input="\n".join(sorted(lines)).encode() + b"\n", format=pyoxigraph.RdfFormat.N_QUADS)

    def query(self, sparql: str):  # type: ignore[no-untyped-def]
        return self.raw.query(sparql, use_default_graph_as_union=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("checked")
    corpus.write(place / "quads")
    load(place / "quads", place / "store")
    return place


@pytest.fixture(scope="module")
def sound(folder: Path) -> Quads:
    return {
        line
        for paths in graph_files(folder / "quads").values()
        for path in paths
        for line in path.read_text("utf-8").split("\n")
        if line
    }


def names(found: Findings) -> set[str]:
    return {finding.check for finding in found}


# Ways to break a graph


def add(*triples: str, graph: str = "works") -> Callable[[Quads], Quads]:
    return lambda quads: quads | {f"{triple} <{BASE.graph(graph)}> ." for triple in triples}


def drop(*parts: str) -> Callable[[Quads], Quads]:
    """Take away every line that has all the parts."""

    def broken(quads: Quads) -> Quads:
        gone = {line for line in quads if all(part in line for part in parts)}
        assert gone, parts
        return quads - gone

    return broken


def change(old: str, new: str, *parts: str) -> Callable[[Quads], Quads]:
    """Replace in every line that has all the parts."""

    def broken(quads: Quads) -> Quads:
        changed = {line for line in quads if old in line and all(part in line for part in parts)}
        assert changed, old
        return (quads - changed) | {line.replace(old, new) for line in changed}

    return broken


TEXT = "日美同盟不断强化"
POSITION = BASE.position(21, 26)
BROKEN: dict[str, tuple[Callable[[Quads], Quads], str]] = {
    "an offset is one too far": (change('"21"', '"22"', f"<{POSITION}>", "oa#start"), "offsets-cut-quotes"),
    "a text was edited after tagging": (change("日本既担心", "东京既担心", "#value"), "hashes-agree"),
    "a hash is another's": (change('"a', '"b', "sha256"), "hashes-agree"),
    "a pair stands the wrong way round": (change("alliance/JPN-USA>", "alliance/USA-JPN>"), "pairs-are-sorted"),
    "a pair has three states": (
        add(f"<{alliance('JPN-USA')}> <{AKG.member}> <{state('KOR')}>", graph="ontology"),
        "pairs-have-two-states",
    ),
    "a coalition has two states": (
        drop(f"<{alliance('JPN-KOR-USA')}> <{AKG.member}> <{state('KOR')}>"),
        "pairs-have-two-states",
    ),
    "a work has two English titles": (add(f'{W1} <{DCTERMS}title> "Another"@en'), "one-title-a-language"),
    "a work has titles in both scripts": (add(f'{W1} <{DCTERMS}title> "另題"@zh-hant'), "one-title-a-language"),
    "a concept has two English names": (
        add(f'<{concept("entrapment")}> <{SKOS}prefLabel> "chain-ganging"@en', graph="ontology"),
        "one-title-a-language",
    ),
    "a focus that is no tag": (add(f"{W1} <{AKG.hasFocus}> <{alliance('nato')}>", graph=RUN), "focus-is-discussed"),
    "a tag was lost, its mentions not": (
        drop(f"{W1} <{DCTERMS}subject> <{concept('abandonment')}>"),
        "mentions-support-tags",
    ),
    "a tag that no table knows": (
        add(f"{W1} <{DCTERMS}subject> <{concept('phlogiston')}>", graph=RUN),
        "tags-are-known",
    ),
    "a mention without a rule": (drop(f"<{AKG.rule}>", "w02/mention"), "mentions-are-whole"),
    "a mention that supports nothing": (drop("oa#hasBody", "w02/mention"), "mentions-are-whole"),
    "a confidence above 1": (change(f'"0.9"{DECIMAL}', f'"1.9"{DECIMAL}', "w02/mention"), "confidence-is-a-share"),
    "a rule that no table knows": (
        change(f"<{rule('concept-label')}>", f"<{rule('guess')}>", "w02/mention"),
        "rules-are-known",
    ),
    "a mention of another work's text": (
        change(f"<{AKG.inWork}> {W1}", f"<{AKG.inWork}> <{BASE.work('w02')}>"),
        "targets-are-in-the-work",
    ),
    "a span without a quote": (drop("oa#hasSelector", "/quote/", "w02/"), "spans-have-selectors"),
    "a position that ends before it begins": (
        add(
            f'<{BASE.position(9, 3)}> <{OA}start> "9"{INTEGER}',
            f'<{BASE.position(9, 3)}> <{OA}end> "3"{INTEGER}',
            graph="selectors",
        ),
        "positions-are-in-order",
    ),
    "a text that belongs to no work": (drop(f"<{AKG.hasText}>", "w06/title"), "texts-belong-to-a-work"),
    "a person who wrote nothing": (
        add(f"<{BASE.person('x')}> {A} <{FOAF}Person>", f'<{BASE.person("x")}> <{FOAF}name> "X"'),
        "no-orphans",
    ),
    "a selector that nothing selects by": (
        add(f"<{BASE.position(7, 77)}> {A} <{OA}TextPositionSelector>", graph="selectors"),
        "no-orphans",
    ),
    "two concepts with one name": (
        change('"abandonment"@en', '"entrapment"@en', "prefLabel"),
        "labels-do-not-clash",
    ),
    "a state without a Chinese name": (drop(f"<{state('JPN')}>", "prefLabel", "@zh-hans"), "things-have-names"),
    "a pact that ended before it began": (change('"1923"', '"1823"', "anglo-japanese"), "years-are-in-order"),
    "a work with two years": (add(f'{W1} <{AKG.year}> "2015"{INTEGER}'), "years-agree"),
    "a work's years that differ": (change('"2014"^^', '"2013"^^', "dc/terms/issued"), "years-agree"),
    "a membership of an unknown state": (drop(f"<{state('TUR')}> {A}"), "memberships-are-whole"),
    "a concept above itself": (
        add(f"<{concept('dilemmas')}> <{SKOS}broader> <{concept('entrapment')}>", graph="ontology"),
        "concepts-make-a-tree",
    ),
    "a broader subject was lost": (
        drop(f"{W1} <{AKG.broaderSubject}> <{concept('dilemmas')}>"),
        "broader-subjects-are-all-there",
    ),
    "a broader subject for nothing": (
        add(f"{W1} <{AKG.broaderSubject}> <{concept('management')}>", graph="inferred"),
        "broader-subjects-are-all-there",
    ),
    "a pair under a pact that it is not in": (
        add(f"<{alliance('JPN-USA')}> <{AKG.underPact}> <{alliance('anzus')}>", graph="inferred"),
        "pacts-bind-their-pairs",
    ),
    "tags of one work in two runs": (
        change(BASE.graph(RUN) + ">", BASE.graph("run/other") + ">", f"<{BASE.work('w02')}> <{AKG.mentionsState}>"),
        "tags-stand-in-one-run",
    ),
    "a run that nothing describes": (drop(f"<{PROV}wasGeneratedBy>"), "graphs-are-described"),
    "a statement of an unknown kind": (change('"strengthened"', '"praised"'), "statements-are-whole"),
    "a usage that lost a mention": (
        change(
            '#mentions> "2"',
            '#mentions> "1"',
            f"<{BASE.usage(alliance('JPN-USA'), 'alliance-compound', 'zh-hans', '日美同盟')}>",
        ),
        "usages-count-mentions",
    ),
    "a usage of a thing that no text names": (
        drop("oa#hasBody", f"<{concept('burden-sharing')}>"),
        "usages-count-mentions",
    ),
    "a doubt that is not marked": (drop(f"<{AKG.unsureIn}>", "w04/mention"), "doubts-are-marked"),
    "a weakest tag that is not": (change('"0.5"', '"0.4"', f"<{AKG.weakestTag}>"), "doubts-are-marked"),
    "a triple in two graphs": (add(f'{W1} <{AKG.byline}> "李明; Doe, Jane"', graph="inferred"), "one-triple-one-graph"),
}


def test_a_sound_graph_passes(folder: Path) -> None:
    found = check(folder)
    assert found.is_sound, [str(finding) for finding in found]
    assert found.n_sampled == len(corpus.works())


@pytest.mark.parametrize("way", BROKEN)
def test_a_broken_graph_is_reported(sound: Quads, way: str) -> None:
    breaks, expected = BROKEN[way]
    found = check(MemoryStore(breaks(sound)), shapes=False)
    assert expected in names(found), names(found)
    finding = next(finding for finding in found if finding.check == expected)
    assert finding.about
    assert finding.fault
    assert finding.of.mend_en in str(finding)
    assert finding.of.mend_zh in finding.words("zh-Hans")


# One pass over files


def swept(quads: Quads, most: int = 20) -> Sweep:
    lines = sorted(quads)
    shared = (
        line for line in lines if line.endswith((f"<{BASE.graph('ontology')}> .", f"<{BASE.graph('selectors')}> ."))
    )
    sweep = Sweep(BASE.iri, shared, most)
    sweep.read(lines)
    return sweep


def test_one_pass_finds_a_sound_graph_sound(sound: Quads) -> None:
    sweep = swept(sound)
    assert sweep.is_ours
    assert not sweep.twice
    assert sweep.faults == {name: [] for name in QUESTIONS}
    assert {one.name for one in checks()} >= QUESTIONS


@pytest.mark.parametrize("way", BROKEN)
def test_one_pass_finds_what_the_questions_find(sound: Quads, way: str) -> None:
    broken = BROKEN[way][0](sound)
    sweep = swept(broken)
    assert sweep.is_ours
    asked = {one.name: set(checking.ask(MemoryStore(broken), one.text)) for one in checks() if one.name in QUESTIONS}
    if way == "a mention of another work's text":  # whose tags it lacks, and whose doubts it is, only a question sees
        asked |= {"mentions-support-tags": set(), "doubts-are-marked": set()}
    for name, faults in sweep.faults.items():
        assert {where for where, _ in faults} == {where for where, _ in asked[name]}, name
    assert bool(sweep.twice) == (BROKEN[way][1] == "one-triple-one-graph")


def test_one_pass_keeps_a_number_of_faults(sound: Quads) -> None:
    sweep = swept(drop(f"<{AKG.confidence}>")(sound), most=2)
    assert len(sweep.faults["mentions-are-whole"]) == 3


def test_works_whose_ids_begin_alike_are_told_apart(sound: Quads) -> None:
    """``w01/`` comes before ``w01~2/``, ``w01>`` after both or between them."""
    quads = {line.replace("work/w02", "work/w01.2").replace("work/w03", "work/w01-3") for line in sound}
    assert not any(swept(quads).faults.values())
    lost = drop(f"<{BASE.work('w01.2')}> ")(quads)
    assert {where for where, _ in swept(lost).faults["targets-are-in-the-work"]} == {
        line[1 : line.index(">")] for line in lost if "<" + BASE.work("w01.2") + "/mention/" in line
    }


def test_a_graph_of_another_make_is_left_to_the_questions(folder: Path, sound: Quads, tmp_path: Path) -> None:
    elsewhere = {line.replace("/work/w02/mention/", "/notes/w02.") for line in sound}
    assert not swept(elsewhere).is_ours
    (tmp_path / "quads" / "all").mkdir(parents=True)
    (tmp_path / "quads" / "all" / "part-00000.nq").write_text("\n".join(sorted(elsewhere)) + "\n", "utf-8")
    load(tmp_path / "quads", tmp_path / "store")
    assert names(check(tmp_path, shapes=False)) == set()


#: What the shapes see too: the same graphs, by pySHACL alone.
SHAPED = {
    "a hash is another's": None,
    "a pair has three states": "Pair",
    "a coalition has two states": "Coalition",
    "a work has two English titles": "Work",
    "a concept has two English names": "Named",
    "a tag that no table knows": "Work",
    "a mention without a rule": "Mention",
    "a mention that supports nothing": "Mention",
    "a confidence above 1": "Mention",
    "a rule that no table knows": "Mention",
    "a span without a quote": "Span",
    "a state without a Chinese name": "Named",
    "a pact that ended before it began": "Years",
    "a work with two years": "Work",
    "a membership of an unknown state": "Membership",
    "a statement of an unknown kind": "Statement",
}


@pytest.mark.parametrize("way", [way for way, shape in SHAPED.items() if shape])
def test_shapes_say_the_same(sound: Quads, way: str) -> None:
    store = MemoryStore(BROKEN[way][0](sound))
    data = checking.data_of(store, checking.sample_of(store, 20))
    assert any(what.startswith(f"{SHAPED[way]}: ") for _, what in checking.violations(data))


def test_a_shape_that_fails_says_how_to_mend_it(sound: Quads) -> None:
    found = check(MemoryStore(BROKEN["a mention without a rule"][0](sound)))
    finding = next(finding for finding in found if finding.check == "shapes/Mention")
    assert "one rule of the ontology" in finding.fault
    assert "kg build" in str(finding)


def test_files_are_looked_at(tmp_path: Path) -> None:
    corpus.write(tmp_path / "quads")
    load(tmp_path / "quads", tmp_path / "store")
    path = tmp_path / "quads" / "inferred" / "part-00000.nq"
    lines = path.read_text("utf-8").split("\n")[:-1]
    doubled = f'{W1} <{AKG.byline}> "李明; Doe, Jane" <{BASE.graph("inferred")}> .'
    path.write_text("\n".join([*lines[::-1], doubled]) + "\n", "utf-8")
    found = check(tmp_path, shapes=False)
    assert {"store-is-current", "files-are-sorted"} <= names(found)
    stale = next(finding for finding in found if finding.check == "store-is-current")
    assert stale.about == "graph inferred"
    path.write_text("\n".join(sorted([*lines, doubled])) + "\n", "utf-8")
    load(tmp_path / "quads", tmp_path / "store")
    found = check(tmp_path, shapes=False)
    assert names(found) == {"one-triple-one-graph"}


def test_faults_are_listed_up_to_a_number(sound: Quads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST", 2)
    found = check(MemoryStore(drop(f"<{AKG.confidence}>")(sound)), shapes=False)
    assert [finding.check for finding in found].count("mentions-are-whole") == 2
    assert "mentions-are-whole" in found.more


def test_every_check_is_broken_once() -> None:
    missed = {one.name for one in checks()} - {expected for _, expected in BROKEN.values()}
    assert not missed


def test_every_check_is_a_select_of_where_and_what() -> None:
    for one in checks():
        assert form_of(one.text) == "SELECT"
        assert "?where ?what" in one.text
        assert one.title_en.endswith(".")
        assert one.title_zh.endswith("。")
        assert one.mend_en
        assert one.mend_zh


def test_every_shape_has_a_twin(root: Path) -> None:
    import rdflib

    shapes = rdflib.Graph().parse(root / "ontology" / "shapes.ttl")
    declared = {str(s).rpartition("#")[2] for s in shapes.subjects(rdflib.RDF.type, rdflib.SH.NodeShape)}
    twins = {shape for one in checks() for shape in one.shapes}
    assert twins <= declared
    assert declared - twins <= {"Coalition", "Quote"}  # said by pairs-have-two-states and spans-have-selectors


def test_a_file_without_its_header_is_named() -> None:
    with pytest.raises(KgError, match=r"checks/01-x.rq: the header needs"):
        checking.parse("01-x", "# Wrong.\nSELECT ?where ?what {}")


def test_the_sample_passes(sample: Path, tmp_path: Path) -> None:
    """What is shipped is sound."""
    from kg.pipeline import Options, build

    build([sample], tmp_path / "out", Options(pages=False))
    found = check(tmp_path / "out", sample=10)
    assert found.is_sound, [str(finding) for finding in found][:10]
