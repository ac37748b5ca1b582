"""The one place where an IRI is spelled. In: ids. Out: IRIs, and ids again from IRIs.

Two families. What the ontology decides (classes, properties, states, alliances, groups, regions, concepts, rules,
memberships, schemes) has the same IRI everywhere: the functions of this module. What a data set decides (works, texts,
mentions, persons, journals, records, runs, graphs) follows a base that is a setting: the methods of `Base`.

An id is percent-encoded once, all but the unreserved characters, so that Oxigraph takes it and `id_of` gives it back.
"""

# ruff: noqa: N815 - properties are spelled as in the ontology

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote as _percent_encode
from urllib.parse import unquote as _percent_decode

from kg.model import Kind

NS = "https://w3id.org/alliance-kg/ns#"
AUTHORITY = "https://w3id.org/alliance-kg/id/"

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
FABIO = "http://purl.org/spar/fabio/"
FOAF = "http://xmlns.com/foaf/0.1/"
OA = "http://www.w3.org/ns/oa#"
ORG = "http://www.w3.org/ns/org#"
OWL = "http://www.w3.org/2002/07/owl#"
PRISM = "http://prismstandard.org/namespaces/basic/2.0/"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
WIKIDATA = "http://www.wikidata.org/entity/"
VOID = "http://rdfs.org/ns/void#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: dict[str, str] = {
    "akg": NS,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "fabio": FABIO,
    "foaf": FOAF,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prism": PRISM,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sh": SH,
    "skos": SKOS,
    "void": VOID,
    "xsd": XSD,
}

SCHEMES = ("states", "alliances", "groups", "regions", "concepts")


class AKG:
    """Classes and properties of our own, as ``ontology/akg.ttl`` declares them; a test compares the two."""

    # classes
    Work = NS + "Work"
    Title = NS + "Title"
    State = NS + "State"
    Alliance = NS + "Alliance"
    Pair = NS + "Pair"
    Pact = NS + "Pact"
    Coalition = NS + "Coalition"
    Group = NS + "Group"
    Region = NS + "Region"
    Concept = NS + "Concept"
    Rule = NS + "Rule"
    Record = NS + "Record"
    Period = NS + "Period"
    Statement = NS + "Statement"
    Usage = NS + "Usage"
    # datatypes of notations
    cowCode = NS + "cowCode"
    iso3Code = NS + "iso3Code"
    # what a work says
    mentionsState = NS + "mentionsState"
    mentionsGroup = NS + "mentionsGroup"
    discussesAlliance = NS + "discussesAlliance"
    hasFocus = NS + "hasFocus"
    broaderSubject = NS + "broaderSubject"
    coversPeriod = NS + "coversPeriod"
    hasStatement = NS + "hasStatement"
    aboutAlliance = NS + "aboutAlliance"
    statementKind = NS + "statementKind"
    # a mention
    inWork = NS + "inWork"
    rule = NS + "rule"
    confidence = NS + "confidence"
    supports = NS + "supports"
    supportsFocus = NS + "supportsFocus"
    unsureIn = NS + "unsureIn"
    # what mentions add up to
    weakestTag = NS + "weakestTag"
    usageOf = NS + "usageOf"
    writtenAs = NS + "writtenAs"
    mentions = NS + "mentions"
    confidenceSum = NS + "confidenceSum"
    leastConfidence = NS + "leastConfidence"
    # a work and its texts
    year = NS + "year"
    byline = NS + "byline"
    hasText = NS + "hasText"
    field = NS + "field"
    sha256 = NS + "sha256"
    formerId = NS + "formerId"
    firstSeen = NS + "firstSeen"
    citedBy = NS + "citedBy"
    citedBySelf = NS + "citedBySelf"
    citedByOthers = NS + "citedByOthers"
    # states and alliances
    member = NS + "member"
    underPact = NS + "underPact"
    firstYear = NS + "firstYear"
    lastYear = NS + "lastYear"
    allianceForm = NS + "allianceForm"
    allianceType = NS + "allianceType"
    allianceStatus = NS + "allianceStatus"
    stateKind = NS + "stateKind"
    groupKind = NS + "groupKind"
    ruleKind = NS + "ruleKind"
    successorOf = NS + "successorOf"
    taggedAs = NS + "taggedAs"
    # a run
    worksRead = NS + "worksRead"
    worksKept = NS + "worksKept"


#: A tag's property on the work, by kind.
TAG_PROPERTY: dict[Kind, str] = {
    "states": AKG.mentionsState,
    "alliances": AKG.discussesAlliance,
    "groups": AKG.mentionsGroup,
    "concepts": DCTERMS + "subject",
}

_SEGMENT: dict[Kind, str] = {"states": "state", "alliances": "alliance", "groups": "group", "concepts": "concept"}
_KIND: dict[str, Kind] = {segment: kind for kind, segment in _SEGMENT.items()}
_LONGEST_SEGMENT = 200


def encode(text: str) -> str:
    """Percent-encode an id once for one path segment.

    >>> encode("10.1000/a b[1]<2>%"), encode("..")
    ('10.1000%2Fa%20b%5B1%5D%3C2%3E%25', '%2E%2E')
    """
    encoded = _percent_encode(text, safe="", errors="surrogatepass")
    if encoded in (".", ".."):
        return encoded.replace(".", "%2E")
    return encoded


def decode(segment: str) -> str:
    """The id that `encode` was given."""
    return _percent_decode(segment, errors="surrogatepass")


def id_of(iri: str) -> str:
    """The id in the last segment of an IRI.

    >>> id_of(state("X-GEE")), id_of(Base().work("10.1000/a"))
    ('X-GEE', '10.1000/a')
    """
    return decode(iri.rsplit("/", 1)[-1])


def state(state_id: str) -> str:
    """IRI of a state.

    >>> state("JPN")
    'https://w3id.org/alliance-kg/id/state/JPN'
    """
    return f"{AUTHORITY}state/{encode(state_id)}"


def alliance(alliance_id: str) -> str:
    """IRI of a pair, a coalition or a pact."""
    return f"{AUTHORITY}alliance/{encode(alliance_id)}"


def group(group_id: str) -> str:
    """IRI of a non-state armed group."""
    return f"{AUTHORITY}group/{encode(group_id)}"


def region(region_id: str) -> str:
    """IRI of a region."""
    return f"{AUTHORITY}region/{encode(region_id)}"


def concept(concept_id: str) -> str:
    """IRI of a concept or a facet."""
    return f"{AUTHORITY}concept/{encode(concept_id)}"


def rule(rule_id: str) -> str:
    """IRI of a rule."""
    return f"{AUTHORITY}rule/{encode(rule_id)}"


def scheme(name: str) -> str:
    """IRI of one of the `SCHEMES`."""
    return f"{AUTHORITY}scheme/{encode(name)}"


def membership(alliance_id: str, state_id: str, first_year: int | None) -> str:
    """IRI of a state's membership of a pact from a year on.

    >>> membership("us-japan-alliance", "JPN", 1960)
    'https://w3id.org/alliance-kg/id/membership/us-japan-alliance.JPN.1960'
    """
    since = "" if first_year is None else f".{first_year}"
    return f"{AUTHORITY}membership/{encode(alliance_id)}.{encode(state_id)}{since}"


def thing(kind: Kind, tag_id: str) -> str:
    """IRI of whatever a tag of this kind names.

    >>> thing("concepts", "entrapment")
    'https://w3id.org/alliance-kg/id/concept/entrapment'
    """
    return f"{AUTHORITY}{_SEGMENT[kind]}/{encode(tag_id)}"


def kind_and_id(iri: str) -> tuple[Kind, str] | None:
    """What `thing` was given, None for an IRI of another sort.

    >>> kind_and_id(alliance("JPN-USA")), kind_and_id(rule("label"))
    (('alliances', 'JPN-USA'), None)
    """
    if not iri.startswith(AUTHORITY):
        return None
    segment, _, rest = iri[len(AUTHORITY) :].partition("/")
    kind = _KIND.get(segment)
    return (kind, decode(rest)) if kind and rest and "/" not in rest else None


def _bounded(encoded: str, text: str) -> str:
    """An encoded segment, or a hash where it would be too long for a file name."""
    if len(encoded) <= _LONGEST_SEGMENT:
        return encoded
    return "sha256-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Base:
    """IRIs of one data set.

    Parameters
    ----------
    iri : str
        Where the data set lives; ends in ``/`` or ``#``.

    Examples
    --------
    >>> base = Base("https://example.org/kg/")
    >>> base.work("w1")
    'https://example.org/kg/work/w1'
    >>> base.mention("w1", "902e78b628ae", 25, 30, "entrapment")
    'https://example.org/kg/work/w1/mention/902e78b628ae.25-30.entrapment'
    """

    iri: str = AUTHORITY

    def __post_init__(self) -> None:
        if not self.iri.endswith(("/", "#")) or ":" not in self.iri:
            raise ValueError(f"a base IRI is absolute and ends in '/' or '#', not {self.iri!r}")

    def work(self, work_id: str) -> str:
        """IRI of a work."""
        return f"{self.iri}work/{encode(work_id)}"

    def work_id(self, iri: str) -> str | None:
        """The work's id in a work's IRI, or in that of its texts and mentions; None for another IRI."""
        start = f"{self.iri}work/"
        if not iri.startswith(start):
            return None
        return decode(iri[len(start) :].partition("/")[0])

    def text(self, work_id: str, part: str, key: str) -> str:
        """IRI of a title or an abstract; `part` is ``title`` or ``abstract``, `key` 12 hex digits of its SHA-256."""
        return f"{self.iri}work/{encode(work_id)}/{part}/{key}"

    def span(self, text_iri: str, start: int, end: int) -> str:
        """IRI of a stretch of a text (RFC 5147)."""
        return f"{text_iri}#char={start},{end}"

    def mention(self, work_id: str, key: str, start: int, end: int, tag_id: str) -> str:
        """IRI of a mention of a tag at a stretch of a text."""
        return f"{self.iri}work/{encode(work_id)}/mention/{key}.{start}-{end}.{encode(tag_id)}"

    def statement(self, work_id: str, alliance_id: str, kind: str) -> str:
        """IRI of what a work says happened to an alliance."""
        return f"{self.iri}work/{encode(work_id)}/statement/{encode(alliance_id)}.{encode(kind)}"

    def period(self, work_id: str, first: int | None, last: int | None) -> str:
        """IRI of a span of years that a work is about."""
        years = f"{'' if first is None else first}-{'' if last is None else last}"
        return f"{self.iri}work/{encode(work_id)}/period/{years}"

    def position(self, start: int, end: int) -> str:
        """IRI of a position selector, shared by all spans at these offsets."""
        return f"{self.iri}position/{start}-{end}"

    def quote(self, lang: str, surface: str) -> str:
        """IRI of a quote selector, shared by all spans of these words in this language (lower-case tag)."""
        return f"{self.iri}quote/{lang}/{_bounded(encode(surface), surface)}"

    def usage(self, thing: str, rule: str, lang: str, surface: str) -> str:
        """IRI of what a rule's mentions of a thing (its IRI) under one name add up to."""
        kind, id = thing.rsplit("/", 2)[1:]
        return f"{self.iri}usage/{kind}/{id}/{encode(rule)}/{lang}/{_bounded(encode(surface), surface)}"

    def person(self, key: str) -> str:
        """IRI of a person; `key` is the folded form of the name, with an ORCID where one splits it."""
        return f"{self.iri}person/{_bounded(encode(key), key)}"

    def journal(self, key: str) -> str:
        """IRI of a journal; `key` is the folded form of its name."""
        return f"{self.iri}journal/{_bounded(encode(key), key)}"

    def record(self, source: str, number: int) -> str:
        """IRI of a record of a source."""
        return f"{self.iri}record/{encode(source)}/{number}"

    def run(self, run_id: str) -> str:
        """IRI of a run."""
        return f"{self.iri}run/{encode(run_id)}"

    def software(self, version: str) -> str:
        """IRI of a version of this software."""
        return f"{self.iri}software/alliance-kg-{encode(version)}"

    def dataset(self) -> str:
        """IRI of the data set as a whole."""
        return f"{self.iri}dataset"

    def graph(self, name: str) -> str:
        """IRI of a named graph: ``ontology``, ``works``, ``selectors``, ``inferred``, ``meta``, ``history``."""
        return f"{self.iri}graph/{name}"

    def source_graph(self, source: str) -> str:
        """IRI of the graph of a source's records."""
        return f"{self.iri}graph/source/{encode(source)}"

    def run_graph(self, run_id: str) -> str:
        """IRI of the graph of a run's tags."""
        return f"{self.iri}graph/run/{encode(run_id)}"

    def mentions_graph(self, run_id: str) -> str:
        """IRI of the graph of a run's mentions."""
        return f"{self.iri}graph/run/{encode(run_id)}/mentions"
