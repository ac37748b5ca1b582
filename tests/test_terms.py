"""IRIs: spelled once, taken by every engine, and the same terms in code, questions and ontology."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from strategies import CHARACTERS

from kg import terms
from kg.terms import AKG, NS, Base

CODE = {value for name, value in vars(AKG).items() if not name.startswith("_")}


@pytest.fixture(scope="module")
def ontology(root: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(root / "ontology" / "akg.ttl")


@given(st.text(CHARACTERS | st.characters(categories=["Cs"]), min_size=1))
def test_an_id_is_encoded_once_and_comes_back(id: str) -> None:
    for iri in (Base().work(id), terms.concept(id), Base("https://example.org/#").person("a")):
        assert pyoxigraph.NamedNode(iri).value == iri
        assert urlsplit(iri).scheme == "https"
    assert terms.id_of(terms.concept(id)) == id
    assert terms.kind_and_id(terms.concept(id)) == ("concepts", id)
    assert Base().work_id(Base().work(id)) == id
    assert Base().work_id(Base().text(id, "title", "0" * 12)) == id
    line = f"<{Base().quote('en', id)}> <http://a/p> <{Base().mention(id, '0' * 12, 0, 1, id)}> .\n"
    assert len(list(pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES))) == 1


@pytest.mark.parametrize("id", ["..", ".", "a/../b", "a%2Fb", "10.1000/<x>[1]", "a b", "é", "文献", "~", "?", "#"])
def test_no_part_of_an_id_is_taken_for_a_path(id: str) -> None:
    iri = Base().work(id)
    segment = iri.removeprefix(Base().iri + "work/")
    assert "/" not in segment
    assert segment not in (".", "..")
    assert re.fullmatch(r"[A-Za-z0-9._~%-]+", segment)


def test_ids_of_the_ontology_stay_whatever_the_base() -> None:
    assert terms.state("JPN") == "https://w3id.org/alliance-kg/id/state/JPN"
    assert terms.thing("alliances", "JPN-USA") == terms.alliance("JPN-USA")
    assert Base("https://example.org/").work("w").startswith("https://example.org/")
    assert Base("https://example.org/").graph("works") == "https://example.org/graph/works"


@pytest.mark.parametrize("base", ["example.org/", "https://example.org", ""])
def test_a_base_must_be_whole(base: str) -> None:
    with pytest.raises(ValueError, match="a base IRI is absolute"):
        Base(base)


def test_a_very_long_quote_is_hashed() -> None:
    iri = Base().quote("zh-hans", "同盟" * 200)
    assert len(iri) < 150
    assert iri != Base().quote("zh-hans", "同盟" * 201)


def test_code_and_ontology_have_the_same_terms(ontology: rdflib.Graph) -> None:
    declared = {str(subject) for subject in ontology.subjects() if str(subject).startswith(NS)}
    assert declared == CODE


def test_every_term_is_used(root: Path) -> None:
    texts = [path.read_text("utf-8") for path in sorted((root / "kg").rglob("*.py")) if path.name != "terms.py"]
    texts += [path.read_text("utf-8") for path in sorted((root / "kg").rglob("*.rq"))]
    texts.append((root / "kg" / "terms.py").read_text("utf-8").partition("TAG_PROPERTY")[2])
    used = {name for text in texts for name in re.findall(r"(?:AKG\.|akg:)(\w+)", text)}
    assert used == {value.removeprefix(NS) for value in CODE}


def test_shapes_use_only_terms_that_the_ontology_has(root: Path, ontology: rdflib.Graph) -> None:
    shapes = rdflib.Graph().parse(root / "ontology" / "shapes.ttl")
    used = {str(term) for triple in shapes for term in triple if str(term).startswith(NS)}
    assert used <= CODE


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_every_term_is_named_and_explained_in_both_languages(ontology: rdflib.Graph, lang: str) -> None:
    for term in sorted(CODE):
        for predicate in (rdflib.RDFS.label, rdflib.RDFS.comment):
            found = [value for value in ontology.objects(rdflib.URIRef(term), predicate) if value.language == lang]  # type: ignore[union-attr]
            assert len(found) == 1, f"{term} has {len(found)} {predicate} in {lang}"


def test_labels_of_terms_differ(ontology: rdflib.Graph) -> None:
    labels = [str(label) for label in ontology.objects(None, rdflib.RDFS.label)]
    clashes = {label for label in labels if labels.count(label) > 1}
    assert not clashes - {"rule", "规则"}  # the class and the property
