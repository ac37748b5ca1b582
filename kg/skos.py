"""The whole vocabulary as one file. In: an Authority. Out: SKOS and OWL in Turtle, for Protégé, Skosmos and other tools.

One concept scheme each for states, alliances, groups, regions, concepts and rules; what the graph ``ontology`` of a
build says of them, and beside it what other tools look for: both directions of the hierarchy, top concepts, titles,
licence and version, forms that only match, rows that are no longer used, and the classes and properties themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from kg.model import TagId
from kg.rdf.alliances import describe_alliance
from kg.rdf.nquads import plain, text
from kg.rdf.turtle import turtle
from kg.rdf.vocabulary import vocabulary_triples
from kg.terms import AKG, DCTERMS, NS, ORG, OWL, RDF, SKOS, Base, alliance, concept, group, region, rule, scheme, state
from kg.things import LANGS

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.things import State, Thing

_A: Final = f"<{RDF}type>"
_CC_BY: Final = "<https://creativecommons.org/licenses/by/4.0/>"
_TRUE: Final = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
_ONTOLOGY: Final = f"<{NS.removesuffix('#')}>"

#: Title of each scheme in `LANGS`.
_TITLES: Final = {
    "states": ("States", "国家", "國家"),
    "alliances": ("Alliances", "同盟", "同盟"),
    "groups": ("Armed groups", "武装组织", "武裝組織"),
    "regions": ("Regions and organisations", "地区与国际组织", "地區與國際組織"),
    "concepts": ("Concepts of the study of alliances", "同盟研究概念", "同盟研究概念"),
    "rules": ("Rules of tagging", "标注规则", "標註規則"),
}

#: What tools that know no SKOS must be told of its properties and of others.
_DECLARED: Final = {
    "AnnotationProperty": (
        *(SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel", "definition")),
        *(DCTERMS + name for name in ("title", "license", "source", "isReplacedBy")),
    ),
    "ObjectProperty": (
        *(SKOS + name for name in ("broader", "narrower", "inScheme", "topConceptOf", "hasTopConcept", "exactMatch")),
        *(ORG + name for name in ("member", "organization")),
    ),
    "DatatypeProperty": (SKOS + "notation",),
    "Class": (SKOS + "Concept", SKOS + "ConceptScheme", ORG + "Membership", ORG + "Organization"),
}


def to_skos(authority: Authority) -> bytes:
    """The vocabulary in Turtle, UTF-8; equal bytes for equal authorities."""
    lines = set(vocabulary_triples(authority))
    for part in (_pairs, _hierarchy, _matching, _retired, _schemes, _classes):
        lines |= set(part(authority))
    return "".join(piece for piece, _ in turtle(sorted(lines), Base())).encode()


def _pairs(authority: Authority) -> Iterator[str]:
    """Pairs that a treaty stands under, and those with names of their own."""
    under = [(pact.pair, pact.id) for pact in authority.alliances.values() if pact.pair]
    for pair in {pair for pair, _ in under} | set(authority.pairs):
        yield from describe_alliance(authority, TagId(pair), with_other_names=True)
    for pair, pact in under:
        yield f"<{alliance(pair)}> <{AKG.underPact}> <{alliance(pact)}>"


def _hierarchy(authority: Authority) -> Iterator[str]:
    for idea in authority.concepts.values():
        for up in idea.broader:
            yield f"<{concept(up)}> <{SKOS}narrower> <{concept(idea.id)}>"
        yield from _top("concepts", concept(idea.id), is_top=not idea.broader)
    for place in authority.regions.values():
        if place.broader:
            yield f"<{region(place.broader)}> <{SKOS}narrower> <{region(place.id)}>"
        yield from _top("regions", region(place.id), is_top=not place.broader)
    for way in authority.rules.values():
        yield f"<{rule(way.id)}> {_A} <{SKOS}Concept>"
        yield f"<{rule(way.id)}> <{SKOS}inScheme> <{scheme('rules')}>"
        yield from _top("rules", rule(way.id))
    flat: tuple[tuple[str, Callable[[str], str], Iterator[str]], ...] = (
        ("states", state, iter(authority.states)),
        ("groups", group, iter(authority.groups)),
        ("alliances", alliance, iter([*authority.alliances, *authority.pairs])),
        ("alliances", alliance, (pact.pair for pact in authority.alliances.values() if pact.pair)),
    )
    for name, iri, ids in flat:
        for one in ids:
            yield from _top(name, iri(one))


def _top(name: str, iri: str, *, is_top: bool = True) -> Iterator[str]:
    if is_top:
        yield f"<{scheme(name)}> <{SKOS}hasTopConcept> <{iri}>"
        yield f"<{iri}> <{SKOS}topConceptOf> <{scheme(name)}>"


def _matching(authority: Authority) -> Iterator[str]:
    """Forms of a state's name that match and are not shown: adjectives, short forms, capitals."""
    for found in authority.states.values():
        for lang, name in dict.fromkeys(_forms(found)):
            if name != found.labels[lang] and name not in found.alt.get(lang, ()):
                yield f"<{state(found.id)}> <{SKOS}hiddenLabel> {text(name, lang)}"


def _forms(found: State) -> Iterator[tuple[str, str]]:
    yield from (("en", name) for name in found.demonyms)
    yield from (("zh-Hans", name) for name in found.abbr_zh)
    yield from (("zh-Hant", name) for name in found.abbr_zh_hant)
    yield from ((lang, name) for lang, names in found.metonyms.items() for name in names)


def _retired(authority: Authority) -> Iterator[str]:
    for thing in authority.retired.values():
        name, iri = _place(thing)
        node = f"<{iri(thing.id)}>"
        yield f"{node} {_A} <{SKOS}Concept>"
        yield f"{node} <{SKOS}inScheme> <{scheme(name)}>"
        yield f"{node} <{OWL}deprecated> {_TRUE}"
        yield from (f"{node} <{SKOS}prefLabel> {text(label, lang)}" for lang, label in thing.labels.items())
        yield from (f"{node} <{DCTERMS}isReplacedBy> <{iri(other)}>" for other in thing.replaced_by)


def _place(thing: Thing) -> tuple[str, Callable[[str], str]]:
    """Scheme of a row, and the function that spells its IRI."""
    kind = type(thing).__name__
    places: dict[str, tuple[str, Callable[[str], str]]] = {
        "State": ("states", state),
        "Group": ("groups", group),
        "Region": ("regions", region),
        "Concept": ("concepts", concept),
        "Rule": ("rules", rule),
    }
    return places.get(kind, ("alliances", alliance))


def _schemes(authority: Authority) -> Iterator[str]:
    for name, titles in _TITLES.items():
        node = f"<{scheme(name)}>"
        yield f"{node} {_A} <{SKOS}ConceptScheme>"
        yield f"{node} <{DCTERMS}license> {_CC_BY}"
        yield f"{node} <{OWL}versionInfo> {plain(authority.version)}"
        yield from (f"{node} <{DCTERMS}title> {text(title, lang)}" for lang, title in zip(LANGS, titles, strict=True))


def _classes(authority: Authority) -> Iterator[str]:
    """``akg.ttl``, which declares our classes and properties, and declarations of the others'."""
    import pyoxigraph

    from kg.resources import ontology_dir

    source = (ontology_dir() / "akg.ttl").read_bytes()
    for quad in pyoxigraph.parse(source, format=pyoxigraph.RdfFormat.TURTLE):
        yield str(quad.triple)
    yield f"{_ONTOLOGY} <{OWL}versionInfo> {plain(authority.version)}"
    for kind, iris in _DECLARED.items():
        yield from (f"<{iri}> {_A} <{OWL}{kind}>" for iri in iris)
