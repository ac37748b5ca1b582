"""Tagged works as RDF: the shape, the files, and the way back."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import CHARACTERS, tagged_works

from kg.authority import Authority, load
from kg.model import Mention, RecordRef, TaggedWork, Text, Work, WorkId
from kg.rdf import files, nquads
from kg.rdf.alliances import pacts_by_pair
from kg.rdf.files import Frame, graph_files, write_quads
from kg.rdf.merge import merge
from kg.rdf.meta import Provenance, Source
from kg.rdf.read import back, normal
from kg.rdf.turtle import write_turtle
from kg.rdf.works import byline, sheet_of, split_byline
from kg.terms import AKG, Base

ZH = "冷战后，美日同盟不断强化。日本既担心被美国抛弃，又害怕被拖入台海冲突。"
EN = "After the Cold War the US–Japan alliance grew stronger, while Tokyo feared both abandonment and entrapment."


@cache
def known() -> Authority:
    return load()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return known()


def frame(authority: Authority, **more: object) -> Frame:
    source = Source(slug="library-export", sha256="ab" * 32, label="library.ris", n_read=1, n_kept=1)
    provenance = Provenance(
        version="0.1.0",
        ontology_version=authority.version,
        ontology_digest=authority.digest,
        sources=(source,),
        time="2026-07-15T08:00:00Z",
    )
    return Frame(authority=authority, provenance=provenance, **more)  # type: ignore[arg-type]


def cut(field: str, text: str, surface: str, rule: str = "concept-pattern", confidence: float = 0.85) -> Mention:
    start = text.index(surface)
    return Mention(field, start, start + len(surface), surface, rule, confidence)


def reference(id: str = "w0000001") -> TaggedWork:
    """The work of the design's reference example."""
    work = Work(
        id=WorkId(id),
        texts=(
            Text("zh-Hans", "美日同盟中的牵连与抛弃", ZH),
            Text("en", "Entrapment and abandonment in the US–Japan alliance", EN),
        ),
        authors=("李明",),
        journal="国际政治（示例）",
        year=2014,
        volume="12",
        issue="3",
        pages="45-60",
        doi="10.9999/example.1",
        records=(RecordRef("library-export", 214, "library.ris:214"),),
    )
    return TaggedWork(
        work=work,
        states={"JPN": (cut("abstract", ZH, "日本"),), "USA": (cut("abstract", ZH, "美国"),)},
        alliances={"JPN-USA": (cut("abstract", ZH, "美日同盟"),)},
        concepts={
            "abandonment": (cut("abstract@en", EN, "abandonment"),),
            "entrapment": (cut("abstract", ZH, "害怕被拖入"),),
        },
        focus=("JPN-USA",),
        focus_evidence={"JPN-USA": (cut("title", "美日同盟中的牵连与抛弃", "美日同盟"),)},
    )


EXAMPLE = """
<work/w0000001> a akg:Work, fabio:JournalArticle ;
  dcterms:title "美日同盟中的牵连与抛弃"@zh-hans, "Entrapment and abandonment in the US–Japan alliance"@en ;
  dcterms:language "zh" ; akg:year 2014 ; dcterms:issued "2014"^^xsd:gYear ; dcterms:creator <person/%E6%9D%8E%E6%98%8E> ;
  akg:byline "李明" ; prism:volume "12" ; prism:number "3" ; prism:pageRange "45-60" ; prism:doi "10.9999/example.1" ;
  akg:hasText <work/w0000001/title/aed85959240e>, <work/w0000001/abstract/902e78b628ae>, <work/w0000001/abstract/4954733641d3> ;
  dcterms:abstract <work/w0000001/abstract/902e78b628ae>, <work/w0000001/abstract/4954733641d3> ;
  prov:wasDerivedFrom <record/library-export/214> ;
  akg:mentionsState <state/JPN>, <state/USA> ; akg:discussesAlliance <alliance/JPN-USA> ; akg:hasFocus <alliance/JPN-USA> ;
  dcterms:subject <concept/entrapment>, <concept/abandonment> ; akg:broaderSubject <concept/BROADER> .
<work/w0000001/title/aed85959240e> a akg:Title ; rdf:value "美日同盟中的牵连与抛弃"@zh-hans ;
  akg:sha256 "aed85959240e8625ff5d3ddff5b66cdb48f7cd4085de54898a2806a0ea0b85ea"^^xsd:hexBinary .
<work/w0000001/abstract/902e78b628ae> a fabio:Abstract ;
  rdf:value "冷战后，美日同盟不断强化。日本既担心被美国抛弃，又害怕被拖入台海冲突。"@zh-hans ;
  akg:sha256 "902e78b628ae97697dfbbc110d424781e35262a822b48a3c65d2b08f14f41a83"^^xsd:hexBinary .
<work/w0000001/mention/902e78b628ae.25-30.entrapment> a oa:Annotation ; oa:hasBody <concept/entrapment> ;
  oa:hasTarget <work/w0000001/abstract/902e78b628ae#char=25,30> ; akg:inWork <work/w0000001> ;
  akg:rule <rule/concept-pattern> ; akg:confidence 0.85 .
<work/w0000001/abstract/902e78b628ae#char=25,30> oa:hasSource <work/w0000001/abstract/902e78b628ae> ;
  oa:hasSelector <position/25-30>, <quote/zh-hans/%E5%AE%B3%E6%80%95%E8%A2%AB%E6%8B%96%E5%85%A5> .
<position/25-30> a oa:TextPositionSelector ; oa:start 25 ; oa:end 30 .
<quote/zh-hans/%E5%AE%B3%E6%80%95%E8%A2%AB%E6%8B%96%E5%85%A5> a oa:TextQuoteSelector ; oa:exact "害怕被拖入"@zh-hans .
<alliance/JPN-USA> a akg:Pair, akg:Alliance, skos:Concept ; skos:inScheme <scheme/alliances> ; akg:member <state/JPN>, <state/USA> ;
  skos:prefLabel "Japan–United States alliance"@en, "日美同盟"@zh-hans, "日美同盟"@zh-hant ; skos:altLabel "美日同盟"@zh-hans ;
  akg:underPact <alliance/us-japan-alliance> .
<alliance/us-japan-alliance> a akg:Pact, akg:Alliance, skos:Concept ; akg:firstYear 1960 .
<membership/us-japan-alliance.JPN.1960> a org:Membership ; org:member <state/JPN> ;
  org:organization <alliance/us-japan-alliance> ; akg:firstYear 1960 .
<concept/entrapment> a akg:Concept, skos:Concept ; skos:inScheme <scheme/concepts> ; skos:broader <concept/BROADER> ;
  skos:prefLabel "entrapment"@en, "牵连"@zh-hans .
<rule/concept-pattern> a akg:Rule .
"""


def test_the_reference_example_is_in_the_graph(tmp_path: Path, authority: Authority) -> None:
    from kg.terms import PREFIXES

    write_quads([reference()], tmp_path / "quads", frame(authority))
    write_turtle(tmp_path / "quads", tmp_path / "graph.ttl", Base())
    whole = rdflib.Graph().parse(tmp_path / "graph.ttl")
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    written = EXAMPLE.replace("BROADER", authority.concepts["entrapment"].broader[0])
    example = rdflib.Graph().parse(data=f"@base <{Base().iri}> .\n{prefixes}{written}", format="turtle")
    missing = {triple for triple in example if triple not in whole}
    assert not missing, "\n".join(" ".join(term.n3() for term in triple) for triple in sorted(missing))


def test_graphs_are_as_designed(tmp_path: Path, authority: Authority) -> None:
    counts = write_quads([reference()], tmp_path / "quads", frame(authority))
    run = frame(authority).provenance.run_id("library-export")
    assert list(counts) == sorted(
        f"history inferred meta ontology run/{run} run/{run}/mentions selectors source/library-export works".split()
    )
    store = pyoxigraph.Store()
    for paths in graph_files(tmp_path / "quads").values():
        for path in paths:
            store.bulk_load(path=str(path), format=pyoxigraph.RdfFormat.N_QUADS)
    assert len(store) == sum(counts.values())
    assert {name.value for name in store.named_graphs()} == {Base().graph(name) for name in counts}  # type: ignore[union-attr]


def test_one_triple_stands_in_one_graph(tmp_path: Path, authority: Authority) -> None:
    works = [reference("a"), reference("b")]
    write_quads(works, tmp_path / "quads", frame(authority))
    seen: dict[str, str] = {}
    for graph, paths in graph_files(tmp_path / "quads").items():
        for line in merge(paths):
            triple = line[: line.rindex(" <")]
            assert triple not in seen, f"{triple} in {graph} and {seen[triple]}"
            seen[triple] = graph


def test_files_are_sorted_and_say_nothing_twice(tmp_path: Path, authority: Authority) -> None:
    write_quads([reference("a"), reference("b")], tmp_path / "quads", frame(authority))
    for paths in graph_files(tmp_path / "quads").values():
        for path in paths:
            lines = path.read_text("utf-8").split("\n")
            assert lines.pop() == ""
            assert lines == sorted(set(lines)), path


def test_parts_do_not_depend_on_who_writes_them(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "WORKS_A_PART", 2)
    works = [reference(f"w{number}") for number in range(5)]
    write_quads(works, tmp_path / "one", frame(authority))
    building = files.start(tmp_path / "two")
    for number in (2, 0, 1):  # in any order
        files.write_part(number, works[2 * number : 2 * number + 2], building, frame(authority))
    files.finish(tmp_path / "two", frame(authority))
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert len([path for path in (tmp_path / "one" / "works").iterdir() if "agents" not in path.name]) == 3


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_equal_works_give_equal_bytes_whatever_the_hash_seed(tmp_path: Path, root: Path) -> None:
    script = """
import sys; sys.path.insert(0, "tests")
from pathlib import Path
from test_rdf import reference, frame
from kg.authority import load
from kg.rdf.files import write_quads
from kg.rdf.turtle import write_turtle
from kg.terms import Base
out = Path(sys.argv[1])
write_quads([reference("a"), reference("b")], out / "quads", frame(load()))
write_turtle(out / "quads", out / "graph.ttl", Base())
"""
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / seed)], check=True, cwd=root, env=environment)
    assert content(tmp_path / "1") == content(tmp_path / "2")


def test_history_is_carried_on(tmp_path: Path, authority: Authority) -> None:
    folder = tmp_path / "quads"
    first = frame(authority)
    write_quads([reference("a")], folder, first)
    later = Frame(authority=authority, provenance=Provenance(version="0.1.0", time="2027-01-01T00:00:00Z"))
    write_quads([reference("a"), reference("b")], folder, later)
    seen = {
        statement.subject: nquads.read_literal(statement.object).value
        for statement in nquads.read_statements(merge(graph_files(folder)["history"]))
        if statement.predicate == f"<{AKG.firstSeen}>"
    }
    assert seen == {
        f"<{Base().work('a')}>": "2026-07-15T08:00:00Z",
        f"<{Base().work('b')}>": "2027-01-01T00:00:00Z",
    }


def test_works_must_come_in_order(tmp_path: Path, authority: Authority) -> None:
    with pytest.raises(ValueError, match="'a' follows 'b'"):
        write_quads([reference("b"), reference("a")], tmp_path / "quads", frame(authority))
    with pytest.raises(ValueError, match="'a' follows 'a'"):
        write_quads([reference("a"), reference("a")], tmp_path / "quads", frame(authority))


def test_a_folder_that_a_stopped_build_left_is_mended(tmp_path: Path, authority: Authority) -> None:
    folder = tmp_path / "quads"
    write_quads([reference("a")], folder, frame(authority))
    folder.rename(tmp_path / "quads.old")  # stopped between two renames
    (tmp_path / "quads.part" / "works").mkdir(parents=True)
    write_quads(
        [reference("a")], folder, Frame(authority=authority, provenance=Provenance(time="2030-01-01T00:00:00Z"))
    )
    assert "2026-07-15" in (folder / "history" / "part-00000.nq").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["quads"]


def test_of_a_persons_names_the_commonest_is_kept(tmp_path: Path, authority: Authority) -> None:
    def by(id: str, name: str) -> TaggedWork:
        return TaggedWork(work=Work(id=WorkId(id), texts=(Text("en", "T"),), authors=(name,)))

    works = [by("a", "DOE, Jane"), by("b", "Jane Doe"), by("c", "Jane Doe")]
    write_quads(works, tmp_path / "quads", frame(authority))
    names = [line for line in merge(graph_files(tmp_path / "quads")["works"]) if "foaf/0.1/name" in line]
    assert len(names) == 1
    assert '"Jane Doe"' in names[0]


def test_an_orcid_splits_a_name(authority: Authority) -> None:
    work = Work(
        id=WorkId("a"),
        texts=(Text("en", "T"),),
        authors=("Doe, Jane",),
        identifiers={"orcid:Doe, Jane": "0000-0002-1825-0097"},
    )
    sheet = sheet_of([TaggedWork(work=work)], authority, Base(), lambda slug: "r")
    assert any("person/jane-doe.0000-0002-1825-0097>" in line for line in sheet.graphs["works"])


def test_one_title_a_language_though_a_work_has_two(authority: Authority) -> None:
    texts = (Text("zh-Hans", "甲"), Text("zh-Hant", "乙"), Text("en", "A"), Text("en", "B"))
    sheet = sheet_of([TaggedWork(work=Work(id=WorkId("a"), texts=texts))], authority, Base(), lambda slug: "r")
    titles = [line for line in sheet.graphs["works"] if "dc/terms/title>" in line]
    assert [line.rpartition(" ")[2] for line in titles] == ['"甲"@zh-hans', '"A"@en']


def test_pacts_bind_pairs_that_were_members_in_one_year(authority: Authority) -> None:
    pacts = pacts_by_pair(authority, [])
    assert "us-japan-alliance" in pacts["JPN-USA"]
    assert "nato" in pacts["FRA-USA"]
    assert not any("nato" in found for pair, found in pacts.items() if {"GFR", "POL"} <= set(pair.split("-")))
    assert all(list(found) == sorted(set(found)) for found in pacts.values())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(tagged_works(), min_size=1, max_size=3, unique_by=lambda tagged: tagged.id))
def test_there_and_back_is_the_identity(tagged: list[TaggedWork]) -> None:
    tagged.sort(key=lambda one: one.id)
    sheet = sheet_of(tagged, known(), Base("https://example.org/a-b/"), lambda slug: "r")
    lines = [line + " ." for lines in sheet.graphs.values() for line in lines] + [s + " ." for s in sheet.selectors]
    assert back(lines, Base("https://example.org/a-b/")) == [normal(one) for one in tagged]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tagged_works())
def test_oxigraph_takes_every_line_as_it_is_meant(tagged: TaggedWork) -> None:
    sheet = sheet_of([tagged], known(), Base(), lambda slug: "r")
    lines = {line for found in sheet.graphs.values() for line in found} | sheet.selectors
    data = "".join(f"{line} .\n" for line in sorted(lines)).encode()
    triples = list(pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES))
    assert len(set(triples)) == len(lines)
    written = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert back(written.decode().split("\n")) == [normal(tagged)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(tagged_works())
def test_rdflib_reads_the_turtle(tmp_path_factory: pytest.TempPathFactory, tagged: TaggedWork) -> None:
    from kg.rdf.turtle import turtle

    sheet = sheet_of([tagged], known(), Base(), lambda slug: "r")
    lines = sorted({line for found in sheet.graphs.values() for line in found} | sheet.selectors)
    written = "".join(piece for piece, _ in turtle(lines, Base()))
    read = rdflib.Graph().parse(data=written, format="turtle")
    assert len(read) == len(lines)
    assert back(nt_lines(read)) == [normal(tagged)]


def nt_lines(graph: Iterable[tuple[rdflib.term.Node, ...]]) -> list[str]:
    def term(node: rdflib.term.Node) -> str:
        if isinstance(node, rdflib.URIRef):
            return f"<{node}>"
        assert isinstance(node, rdflib.Literal)
        if node.language:
            return nquads.text(str(node), node.language)
        if node.datatype and node.datatype != rdflib.XSD.string:
            return nquads.typed(str(node), str(node.datatype))
        return nquads.plain(str(node))

    return [f"{term(s)} {term(p)} {term(o)} ." for s, p, o in graph]


@settings(max_examples=500, deadline=None)
@given(st.text(CHARACTERS | st.characters(categories=["Cs"])))
def test_literals_come_back(words: str) -> None:
    for term in (nquads.text(words, "zh-Hans"), nquads.plain(words), nquads.typed(words, "dateTime")):
        line = f"<http://a/s> <http://a/p> {term} <http://a/g> ."
        statement = nquads.read_statement(line)
        assert statement is not None
        assert statement.object == term
        assert nquads.read_literal(term).value == nquads.clean(words)
        assert len(nquads.clean(words)) == len(words)
    (quad,) = pyoxigraph.parse(
        f"<http://a/s> <http://a/p> {nquads.text(words, 'en')} <http://a/g> .".encode(),
        format=pyoxigraph.RdfFormat.N_QUADS,
    )
    assert quad.object.value == nquads.clean(words)


@given(st.lists(st.text(CHARACTERS, min_size=1), max_size=4))
def test_bylines_come_apart_again(authors: list[str]) -> None:
    assert split_byline(byline(authors)) == tuple(authors)


def test_many_files_are_merged_in_rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.rdf.merge.OPEN_AT_ONCE", 3)
    paths = []
    for number in range(10):
        path = tmp_path / str(number)
        path.write_text(f"{number:02d}\n{number + 1:02d}\nz\u2028{number}\n", encoding="utf-8")
        paths.append(path)
    lines = list(merge(paths))
    assert lines == sorted(lines)
    assert len(lines) == 30


def test_hashes_are_of_the_text_in_utf_8(authority: Authority) -> None:
    sheet = sheet_of([reference()], authority, Base(), lambda slug: "r")
    assert any(hashlib.sha256(ZH.encode()).hexdigest() in line for line in sheet.graphs["works"])


def test_run_ids_follow_content_vocabulary_and_version() -> None:
    def id_of(**changes: object) -> str:
        sources = (Source(slug="s", sha256=str(changes.pop("content", "c"))),)
        return Provenance(sources=sources, **changes).run_id("s")  # type: ignore[arg-type]

    ids = {id_of(), id_of(content="d"), id_of(ontology_digest="e"), id_of(version="f")}
    assert len(ids) == 4
    assert id_of() == id_of(time="2020-01-01T00:00:00Z")


def test_states_and_pacts_are_linked_to_wikidata_once() -> None:
    from kg.authority import load
    from kg.rdf.vocabulary import vocabulary_triples

    links = [line for line in vocabulary_triples(load()) if "www.wikidata.org" in line]
    items = [line.split(" ")[2] for line in links]
    assert len(items) == len(set(items)) > 100
    assert any("/state/JPN>" in line and line.endswith("/Q17>") for line in links)
    assert any("/alliance/nato>" in line and line.endswith("/Q7184>") for line in links)
