"""What a page is about in the words of schema.org. In: a desk and an entity. Out: a value for JSON-LD.

Texts of records are data here as everywhere: the block is written by `kg.views.rendering.json_block`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kg import terms
from kg.rdf.works import name_key, person_key
from kg.views.desk import Desk

CONTEXT: Final = "https://schema.org"
Json = dict[str, Any]
_WORK_TYPES: Final = {
    "article": "ScholarlyArticle",
    "chapter": "Chapter",
    "book": "Book",
    "thesis": "Thesis",
    "report": "Report",
}


def schema_org(desk: Desk, kind: str, entity_id: str) -> Json:
    """JSON-LD of an entity's page."""
    makers: Mapping[str, Callable[[Desk, str], Json]] = {
        "work": _work,
        "state": _named("Country", terms.state),
        "alliance": _named("Organization", terms.alliance),
        "group": _named("Organization", terms.group),
        "concept": _concept,
        "person": _maker("Person", desk.holdings.base.person),
        "journal": _maker("Periodical", desk.holdings.base.journal),
    }
    return {"@context": CONTEXT, **makers[kind](desk, entity_id)}


def collection(desk: Desk) -> Json:
    """JSON-LD of the home page."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": desk.words("site"),
        "alternateName": desk.words("site_other"),
        "description": desk.words("home_lead"),
        "inLanguage": ["en", "zh"],
        "size": desk.words("n_works", n=len(desk.holdings.works)),
    }


def _names(desk: Desk, entity_id: str) -> Json:
    return {
        "name": desk.label(entity_id),
        "alternateName": desk.label(entity_id, "zh-Hans" if desk.words.lang == "en" else "en"),
    }


def _named(schema_type: str, iri: Callable[[str], str]) -> Callable[[Desk, str], Json]:
    return lambda desk, entity_id: {"@type": schema_type, "@id": iri(entity_id), **_names(desk, entity_id)}


def _maker(schema_type: str, iri: Callable[[str], str]) -> Callable[[Desk, str], Json]:
    kind = "person" if schema_type == "Person" else "journal"
    return lambda desk, key: {"@type": schema_type, "@id": iri(key), "name": desk.holdings.called.get((kind, key), key)}


def _concept(desk: Desk, concept_id: str) -> Json:
    made = {"@type": "DefinedTerm", "@id": terms.concept(concept_id), **_names(desk, concept_id)}
    definition = desk.holdings.authority.definition(concept_id, desk.name_lang)
    return made | ({"description": definition} if definition else {}) | {"inDefinedTermSet": terms.scheme("concepts")}


def _work(desk: Desk, work_id: str) -> Json:
    tagged = desk.holdings.works[desk.holdings.position[work_id]]
    work = tagged.work
    base = desk.holdings.base
    made: Json = {"@type": _WORK_TYPES.get(work.kind, "CreativeWork"), "@id": base.work(work_id)}
    titles = [text.title for text in work.texts if text.title is not None]
    if titles:
        made["name"] = titles[0]
        if titles[1:]:
            made["alternateName"] = titles[1:]
    if work.lang != "und":
        made["inLanguage"] = work.lang
    if work.authors:
        made["author"] = [
            {"@type": "Person", "@id": base.person(person_key(name)), "name": name} for name in work.authors
        ]
    if work.year is not None:
        made["datePublished"] = str(work.year)
    if work.journal:
        made["isPartOf"] = {"@type": "Periodical", "@id": base.journal(name_key(work.journal)), "name": work.journal}
    if work.pages:
        made["pagination"] = work.pages
    if work.doi:
        made["identifier"] = {"@type": "PropertyValue", "propertyID": "DOI", "value": work.doi}
    if work.keywords:
        made["keywords"] = list(work.keywords)
    about = [("Organization", terms.alliance, tagged.alliances), ("Country", terms.state, tagged.states)]
    made["about"] = [
        {"@type": schema_type, "@id": iri(tag), "name": desk.label(tag)}
        for schema_type, iri, tags in about
        for tag in tags
    ] + [{"@type": "DefinedTerm", "@id": terms.concept(tag), "name": desk.label(tag)} for tag in tagged.concepts]
    return made
