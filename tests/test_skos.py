"""The vocabulary as SKOS and OWL: consistent, whole, equal for equal input, read by rdflib and Oxigraph alike."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, ORG, OWL, RDF, SKOS

from kg import terms
from kg.authority import load
from kg.skos import to_skos
from kg.terms import AKG

CC_BY = URIRef("https://creativecommons.org/licenses/by/4.0/")
SCHEMES = ("states", "alliances", "groups", "regions", "concepts", "rules")


@pytest.fixture(scope="module")
def turtle() -> bytes:
    return to_skos(load())


@pytest.fixture(scope="module")
def graph(turtle: bytes) -> Graph:
    return Graph().parse(turtle, format="turtle")


@pytest.fixture(scope="module")
def concepts(graph: Graph) -> set[URIRef]:
    return {node for node in graph.subjects(RDF.type, SKOS.Concept) if isinstance(node, URIRef)}


def test_equal_bytes_for_equal_input(turtle: bytes, root: Path) -> None:
    assert to_skos(load()) == turtle
    code = "import sys; from kg.authority import load; from kg.skos import to_skos; sys.stdout.buffer.write(to_skos(load()))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(root)}
    again = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert again.stdout == turtle


def test_oxigraph_reads_the_same_triples(turtle: bytes, graph: Graph) -> None:
    triples = {str(quad.triple) for quad in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE)}
    assert len(triples) == len(graph)


def test_everything_has_one_preferred_label_a_language(graph: Graph, concepts: set[URIRef]) -> None:
    for concept in concepts:
        languages = Counter(str(getattr(label, "language", "")) for label in graph.objects(concept, SKOS.prefLabel))
        assert languages == {"en": 1, "zh-hans": 1, "zh-hant": 1}, concept


def test_preferred_other_and_hidden_labels_are_disjoint(graph: Graph, concepts: set[URIRef]) -> None:
    for concept in concepts:
        kinds = [set(graph.objects(concept, kind)) for kind in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)]
        assert sum(map(len, kinds)) == len(set().union(*kinds)), concept


def test_language_tags_are_lower_case(graph: Graph) -> None:
    tags = {value.language for value in graph.objects() if isinstance(value, Literal) and value.language}
    assert tags == {"en", "zh-hans", "zh-hant"}


def test_the_hierarchy_goes_both_ways_and_has_no_circle(graph: Graph, concepts: set[URIRef]) -> None:
    down = {(up, below) for below, up in graph.subject_objects(SKOS.broader)}
    assert down == set(graph.subject_objects(SKOS.narrower))
    for up, below in down:
        assert {up, below} <= concepts
        assert set(graph.objects(up, SKOS.inScheme)) == set(graph.objects(below, SKOS.inScheme))
    for concept in concepts:
        above, level = set(), set(graph.objects(concept, SKOS.broader))
        while level:
            assert concept not in level, concept
            above |= level
            level = {up for node in level for up in graph.objects(node, SKOS.broader)} - above


def test_every_concept_is_in_a_scheme_and_under_a_top_concept(graph: Graph, concepts: set[URIRef]) -> None:
    tops = set(graph.subject_objects(SKOS.hasTopConcept))
    assert tops == {(scheme, top) for top, scheme in graph.subject_objects(SKOS.topConceptOf)}
    for concept in concepts:
        (scheme,) = graph.objects(concept, SKOS.inScheme)
        is_top = not set(graph.objects(concept, SKOS.broader))
        assert ((scheme, concept) in tops) == is_top, concept


@pytest.mark.parametrize("name", SCHEMES)
def test_schemes_are_described(graph: Graph, name: str) -> None:
    scheme = URIRef(terms.scheme(name))
    assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
    assert {title.language for title in graph.objects(scheme, DCTERMS.title) if isinstance(title, Literal)} == {
        "en", "zh-hans", "zh-hant",
    }  # fmt: skip
    assert set(graph.objects(scheme, DCTERMS.license)) == {CC_BY}
    assert [str(version) for version in graph.objects(scheme, OWL.versionInfo)] == [load().version]
    assert any(graph.objects(scheme, SKOS.hasTopConcept))


def test_no_two_of_one_kind_have_one_preferred_label(graph: Graph, concepts: set[URIRef]) -> None:
    """Regimes and states that are gone may share a name with others; what can be tagged may not, but for known ones."""
    owners: dict[tuple[object, object], set[str]] = defaultdict(set)
    for concept in concepts:
        (scheme,) = graph.objects(concept, SKOS.inScheme)
        for label in graph.objects(concept, SKOS.prefLabel):
            owners[scheme, label].add(str(concept).rsplit("/", 1)[-1])
    clashes = {tuple(sorted(ids)) for ids in owners.values() if len(ids) > 1}
    assert clashes == set()


def test_every_row_is_there_with_its_class(graph: Graph) -> None:
    authority = load()
    for name, rows, iri, own in (
        ("states", authority.states, terms.state, AKG.State),
        ("alliances", authority.alliances, terms.alliance, AKG.Pact),
        ("alliances", authority.pairs, terms.alliance, AKG.Pair),
        ("groups", authority.groups, terms.group, AKG.Group),
        ("regions", authority.regions, terms.region, AKG.Region),
        ("concepts", authority.concepts, terms.concept, AKG.Concept),
        ("rules", authority.rules, terms.rule, AKG.Rule),
    ):
        for row in rows:
            node = URIRef(iri(row))
            assert (node, RDF.type, URIRef(own)) in graph, row
            assert (node, SKOS.inScheme, URIRef(terms.scheme(name))) in graph, row


def test_codes_are_typed_notations(graph: Graph) -> None:
    japan = set(graph.objects(URIRef(terms.state("JPN")), SKOS.notation))
    assert japan == {Literal("JPN", datatype=URIRef(AKG.iso3Code)), Literal("740", datatype=URIRef(AKG.cowCode))}


def test_memberships_have_their_years(graph: Graph) -> None:
    node = URIRef(terms.membership("nato", "GFR", 1955))
    assert (node, RDF.type, ORG.Membership) in graph
    assert (node, ORG.organization, URIRef(terms.alliance("nato"))) in graph
    assert (node, ORG.member, URIRef(terms.state("GFR"))) in graph
    years = (graph.value(node, URIRef(AKG.firstYear)), graph.value(node, URIRef(AKG.lastYear)))
    assert tuple(int(str(year)) for year in years) == (1955, 1990)
    assert graph.value(URIRef(terms.membership("nato", "USA", 1949)), URIRef(AKG.lastYear)) is None


def test_pairs_stand_over_their_treaties(graph: Graph) -> None:
    pair = URIRef(terms.alliance("JPN-USA"))
    assert (pair, URIRef(AKG.underPact), URIRef(terms.alliance("us-japan-alliance"))) in graph
    assert Literal("美日同盟", lang="zh-hans") in set(graph.objects(pair, SKOS.altLabel))
    assert set(graph.objects(pair, URIRef(AKG.member))) == {URIRef(terms.state(state)) for state in ("JPN", "USA")}


def test_forms_that_only_match_are_hidden(graph: Graph) -> None:
    japan = URIRef(terms.state("JPN"))
    hidden = set(graph.objects(japan, SKOS.hiddenLabel))
    assert {Literal("Japanese", lang="en"), Literal("Tokyo", lang="en"), Literal("日", lang="zh-hans")} <= hidden


def test_retired_rows_say_what_to_use_instead(tmp_path: Path) -> None:
    (tmp_path / "concepts.csv").write_text("id,replaced_by\nchain-ganging,entrapment\nmoral-hazard,none\n")
    (tmp_path / "states.csv").write_text("id,replaced_by\nX-JPE,JPN\n")
    graph = Graph().parse(to_skos(load(tmp_path)), format="turtle")
    retired = set(graph.subjects(OWL.deprecated, Literal(True)))
    assert retired == {
        URIRef(terms.concept("chain-ganging")),
        URIRef(terms.concept("moral-hazard")),
        URIRef(terms.state("X-JPE")),
    }
    replaced = dict(graph.subject_objects(DCTERMS.isReplacedBy))
    assert replaced == {
        URIRef(terms.concept("chain-ganging")): URIRef(terms.concept("entrapment")),
        URIRef(terms.state("X-JPE")): URIRef(terms.state("JPN")),
    }


def test_classes_and_properties_are_declared(graph: Graph) -> None:
    """What tools need to tell annotations from relations, for our terms and the others' that stand in the file."""
    declared = {
        subject
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        for subject in graph.subjects(RDF.type, kind)
    }
    ours = {predicate for predicate in graph.predicates() if str(predicate).startswith((terms.NS, str(SKOS), str(ORG)))}
    assert ours <= declared
    assert {kind for kind in graph.objects(None, RDF.type) if str(kind).startswith(terms.NS)} <= declared
    assert [str(version) for version in graph.objects(URIRef(terms.NS[:-1]), OWL.versionInfo)] == [load().version]
