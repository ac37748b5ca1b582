"""A tagged work as triples. In: tagged works. Out: lines of triples by graph, and what works share with each other.

A line is ``<subject> <predicate> object`` without graph and full stop; the graph's name is ``works``, ``source/S``,
``run/R``, ``run/R/mentions`` or ``inferred``. Selectors, persons, journals and alliances are shared by many works: a
`Sheet` gathers them, and `kg.rdf.files` writes each once.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from kg.model import KINDS, UNSURE_BELOW, Mention, TaggedWork, Work
from kg.rdf.nquads import clean, decimal, integer, plain, rdf_lang, text, typed
from kg.rdf.usages import Usages
from kg.terms import AKG, DCTERMS, FABIO, FOAF, OA, PRISM, PROV, RDF, RDFS, TAG_PROPERTY, Base, encode, thing
from kg.terms import rule as rule_iri

if TYPE_CHECKING:
    from kg.authority import Authority

WORK_CLASS: Final = {
    "article": FABIO + "JournalArticle",
    "chapter": FABIO + "BookChapter",
    "book": FABIO + "Book",
    "thesis": FABIO + "Thesis",
    "paper": FABIO + "ConferencePaper",
    "report": FABIO + "ReportDocument",
    "other": FABIO + "Expression",
}
_A: Final = f"<{RDF}type>"
_CITATIONS: Final = (
    ("cited_by", AKG.citedBy),
    ("cited_by_self", AKG.citedBySelf),
    ("cited_by_others", AKG.citedByOthers),
)
_PLAIN: Final = (
    ("volume", PRISM + "volume"),
    ("issue", PRISM + "number"),
    ("pages", PRISM + "pageRange"),
    ("doi", PRISM + "doi"),
    ("journal", PRISM + "publicationName"),
)
_WORDS: Final = re.compile(r"[^\W_]+")


class Sheet:
    """What the triples of some works add up to; filled by `WorkTriples.add`.

    Attributes
    ----------
    graphs : dict of str to list of str
        Lines by graph, in no order; none twice but where two records of one work say the same.
    selectors : set of str
        Lines of the graph ``selectors``.
    names : Counter of (IRI, property, literal)
        How often a person or journal is called what.
    facts : set of str
        Lines on persons and journals that are the same whatever the work.
    alliances : set of str
        Ids that some work is tagged with.
    usages : Usages
        How often rules found things under their names.
    work_ids : list of str
    """

    def __init__(self) -> None:
        self.graphs: dict[str, list[str]] = defaultdict(list)
        self.selectors: set[str] = set()
        self.names: Counter[tuple[str, str, str]] = Counter()
        self.facts: set[str] = set()
        self.alliances: set[str] = set()
        self.usages = Usages()
        self.work_ids: list[str] = []


class WorkTriples:
    """Turns tagged works into lines.

    Parameters
    ----------
    base : Base
    ancestors : callable
        Concept id → ids of the concepts above it.
    run_id : callable
        Slug of a source, or None → id of the run that tagged its works.
    """

    def __init__(
        self, base: Base, ancestors: Callable[[str], Iterable[str]], run_id: Callable[[str | None], str]
    ) -> None:
        self.base = base
        self.ancestors = ancestors
        self.run_id = run_id

    def add(self, tagged: TaggedWork, sheet: Sheet) -> None:
        """Put the triples of one work on a sheet."""
        work = tagged.work
        node = f"<{self.base.work(work.id)}>"
        run = self.run_id(work.source)
        sheet.work_ids.append(work.id)
        self._describe(work, node, sheet)
        keys = self._texts(work, node, sheet)
        for record in work.records:
            source = sheet.graphs[f"source/{encode(record.source)}"]
            record_node = f"<{self.base.record(record.source, record.number)}>"
            source.append(f"{node} <{PROV}wasDerivedFrom> {record_node}")
            source.append(f"{record_node} {_A} <{AKG.Record}>")
            source.append(f"{record_node} <{DCTERMS}identifier> {plain(str(record.number))}")
            source.append(f"{record_node} <{RDFS}label> {plain(record.where)}")
        tags = sheet.graphs[f"run/{encode(run)}"]
        mentions = _Mentions(self.base, work, node, keys, sheet, sheet.graphs[f"run/{encode(run)}/mentions"])
        broader: set[str] = set()
        inferred = sheet.graphs["inferred"]
        weakest: float | None = None
        for kind in KINDS:
            for tag, found in tagged.tags(kind).items():
                body = f"<{thing(kind, tag)}>"
                tags.append(f"{node} <{TAG_PROPERTY[kind]}> {body}")
                best = max((mention.confidence for mention in found), default=None)
                if best is not None and (weakest is None or best < weakest):
                    weakest = best
                for mention in found:
                    annotation = mentions.add(mention, tag, f"<{OA}hasBody> {body}")
                    lang = rdf_lang(keys[mention.field][2])
                    sheet.usages.add(body[1:-1], mention.rule, lang, clean(mention.surface), mention.confidence)
                    if best is not None and best < UNSURE_BELOW:
                        inferred.append(f"{annotation} <{AKG.unsureIn}> {node}")
                if kind == "concepts":
                    broader.update(self.ancestors(tag))
        sheet.alliances.update(tagged.alliances)
        inferred += [f"{node} <{AKG.broaderSubject}> <{thing('concepts', up)}>" for up in broader]
        if weakest is not None:
            inferred.append(f"{node} <{AKG.weakestTag}> {decimal(weakest)}")
        self._claims(tagged, node, tags, mentions)

    def _describe(self, work: Work, node: str, sheet: Sheet) -> None:
        """Description, persons and journal."""
        put = sheet.graphs["works"].append
        put(f"{node} {_A} <{AKG.Work}>")
        put(f"{node} {_A} <{WORK_CLASS.get(work.kind, WORK_CLASS['other'])}>")
        if work.texts:
            put(f"{node} <{DCTERMS}language> {plain(rdf_lang(work.lang).partition('-')[0])}")
        if work.year is not None:
            put(f"{node} <{AKG.year}> {integer(work.year)}")
            written = f"{work.year:05d}" if work.year < 0 else f"{work.year:04d}"
            put(f"{node} <{DCTERMS}issued> {typed(written, 'gYear')}")
        for name, term in _PLAIN:
            value = getattr(work, name)
            if value is not None:
                put(f"{node} <{term}> {plain(value)}")
        for name, term in _CITATIONS:
            value = getattr(work, name)
            if value is not None:
                put(f"{node} <{term}> {integer(value)}")
        lines = [f"{node} <{PRISM}keyword> {plain(keyword)}" for keyword in work.keywords]
        lines += [f"{node} <{AKG.formerId}> {plain(alias)}" for alias in work.aliases]
        lines += [f"{node} <{DCTERMS}identifier> {plain(written)}" for written in identifiers(work.identifiers)]
        if work.authors:
            put(f"{node} <{AKG.byline}> {plain(byline(work.authors))}")
        for author in work.authors:
            orcid = work.identifiers.get(f"orcid:{author}")
            key = person_key(author)
            person = f"<{self.base.person(f'{key}.{orcid}' if orcid else key)}>"
            lines.append(f"{node} <{DCTERMS}creator> {person}")
            sheet.names[person, f"<{FOAF}name>", plain(author)] += 1
            sheet.facts.add(f"{person} {_A} <{FOAF}Person>")
            if orcid:
                sheet.facts.add(f"{person} <{DCTERMS}identifier> {plain(f'orcid:{orcid}')}")
        if work.journal is not None:
            journal = f"<{self.base.journal(name_key(work.journal))}>"
            put(f"{node} <{DCTERMS}isPartOf> {journal}")
            sheet.names[journal, f"<{DCTERMS}title>", plain(work.journal)] += 1
            sheet.facts.add(f"{journal} {_A} <{FABIO}Journal>")
        sheet.graphs["works"] += dict.fromkeys(lines)

    def _texts(self, work: Work, node: str, sheet: Sheet) -> dict[str, tuple[str, str, str]]:
        """Titles and abstracts; gives each field's text node, key and language."""
        put = sheet.graphs["works"].append
        langs = work.field_langs()
        found: dict[str, tuple[str, str, str]] = {}
        titled: set[str] = set()
        taken: set[tuple[str, str]] = set()
        for field, raw in work.fields().items():
            part = "title" if field.startswith("title") else "abstract"
            lang = langs[field]
            content = clean(raw)
            digest = hashlib.sha256(content.encode()).hexdigest()
            key = _untaken(digest[:12], lambda key, part=part: (part, key) in taken)  # type: ignore[misc]
            taken.add((part, key))
            iri = self.base.text(work.id, part, key)
            literal = text(content, lang)
            put(f"{node} <{AKG.hasText}> <{iri}>")
            put(f"<{iri}> <{RDF}value> {literal}")
            put(f"<{iri}> <{AKG.field}> {plain(field)}")
            put(f"<{iri}> <{AKG.sha256}> {typed(digest, 'hexBinary')}")
            if part == "abstract":
                put(f"<{iri}> {_A} <{FABIO}Abstract>")
                put(f"{node} <{DCTERMS}abstract> <{iri}>")
            else:
                put(f"<{iri}> {_A} <{AKG.Title}>")
                primary = rdf_lang(lang).partition("-")[0]
                if primary not in titled:  # one title a language, or joins multiply
                    titled.add(primary)
                    put(f"{node} <{DCTERMS}title> {literal}")
            found[field] = (iri, key, lang)
        return found

    def _claims(self, tagged: TaggedWork, node: str, tags: list[str], mentions: _Mentions) -> None:
        """Focus, statements and periods with what supports each."""
        work_id = tagged.work.id
        for tag in tagged.focus:
            tags.append(f"{node} <{AKG.hasFocus}> <{thing('alliances', tag)}>")
        for tag, found in tagged.focus_evidence.items():
            for mention in found:
                mentions.add(mention, f"focus.{tag}", f"<{AKG.supportsFocus}> <{thing('alliances', tag)}>")
        for alliance, statement_kind, found in tagged.statements:
            claim = f"<{self.base.statement(work_id, alliance, statement_kind)}>"
            tags.append(f"{node} <{AKG.hasStatement}> {claim}")
            tags.append(f"{claim} {_A} <{AKG.Statement}>")
            tags.append(f"{claim} <{AKG.aboutAlliance}> <{thing('alliances', alliance)}>")
            tags.append(f"{claim} <{AKG.statementKind}> {plain(statement_kind)}")
            for mention in found:
                mentions.add(mention, f"{alliance}.{statement_kind}", f"<{AKG.supports}> {claim}")
        for first, last, found in tagged.periods:
            iri = self.base.period(work_id, first, last)
            tags.append(f"{node} <{AKG.coversPeriod}> <{iri}>")
            tags.append(f"<{iri}> {_A} <{AKG.Period}>")
            if first is not None:
                tags.append(f"<{iri}> <{AKG.firstYear}> {integer(first)}")
            if last is not None:
                tags.append(f"<{iri}> <{AKG.lastYear}> {integer(last)}")
            for mention in found:
                mentions.add(mention, f"period.{iri.rpartition('/')[2]}", f"<{AKG.supports}> <{iri}>")


class _Mentions:
    """The annotations of one work: IRIs that differ, spans written once."""

    def __init__(
        self,
        base: Base,
        work: Work,
        node: str,
        fields: Mapping[str, tuple[str, str, str]],
        sheet: Sheet,
        lines: list[str],
    ) -> None:
        self.base, self.work_id, self.node, self.fields, self.sheet, self.lines = (
            base,
            work.id,
            node,
            fields,
            sheet,
            lines,
        )
        self.taken: set[str] = set()
        self.spans: set[str] = set()

    def add(self, mention: Mention, tag: str, says: str) -> str:
        """One annotation; `says` is its predicate and object. Gives its node."""
        text_iri, key, lang = self.fields[mention.field]
        start, end = mention.start, mention.end
        iri = _untaken(self.base.mention(self.work_id, key, start, end, tag), self.taken.__contains__)
        self.taken.add(iri)
        span = self.base.span(text_iri, start, end)
        node = f"<{iri}>"
        self.lines += (
            f"{node} {_A} <{OA}Annotation>",
            f"{node} {says}",
            f"{node} <{OA}hasTarget> <{span}>",
            f"{node} <{AKG.inWork}> {self.node}",
            f"{node} {_rule(mention.rule)}",
            f"{node} {_confidence(mention.confidence)}",
        )
        if span in self.spans:
            return node
        self.spans.add(span)
        position, position_lines = _position(self.base, start, end)
        quote, quote_lines = _quote(self.base, rdf_lang(lang), clean(mention.surface))
        self.lines += (
            f"<{span}> <{OA}hasSource> <{text_iri}>",
            f"<{span}> <{OA}hasSelector> {position}",
            f"<{span}> <{OA}hasSelector> {quote}",
        )
        self.sheet.selectors.update(position_lines)
        self.sheet.selectors.update(quote_lines)
        return node


@lru_cache(maxsize=1024)
def _rule(rule: str) -> str:
    return f"<{AKG.rule}> <{rule_iri(rule)}>"


@lru_cache(maxsize=4096)
def _confidence(confidence: float) -> str:
    return f"<{AKG.confidence}> {decimal(confidence)}"


@lru_cache(maxsize=65_536)
def _position(base: Base, start: int, end: int) -> tuple[str, tuple[str, ...]]:
    node = f"<{base.position(start, end)}>"
    lines = (
        f"{node} {_A} <{OA}TextPositionSelector>",
        f"{node} <{OA}start> {integer(start)}",
        f"{node} <{OA}end> {integer(end)}",
    )
    return node, lines


@lru_cache(maxsize=65_536)
def _quote(base: Base, lang: str, surface: str) -> tuple[str, tuple[str, ...]]:
    node = f"<{base.quote(lang, surface)}>"
    return node, (f"{node} {_A} <{OA}TextQuoteSelector>", f"{node} <{OA}exact> {text(surface, lang)}")


def _untaken(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """The wanted name, else with ``~2``, ``~3`` …"""
    name, number = wanted, 2
    while is_taken(name):
        name, number = f"{wanted}~{number}", number + 1
    return name


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """The folded form of a name: its words in small letters, joined by hyphens.

    >>> name_key("International  Security"), name_key("國際政治"), name_key("?!")
    ('international-security', '国际政治', '?!')
    """
    from kg.text import fold

    return "-".join(_WORDS.findall(fold(name).text)) or name


@lru_cache(maxsize=65_536)
def person_key(name: str) -> str:
    """The folded form of a person's name, family name last whichever way it is written.

    >>> person_key("Doe, Jane"), person_key("Jane Doe"), person_key("李明")
    ('jane-doe', 'jane-doe', '李明')
    """
    family, comma, given = name.partition(",")
    return name_key(f"{given} {family}" if comma and given.strip() and "," not in given else name)


def byline(authors: Iterable[str]) -> str:
    r"""Authors in one string, in order; a semicolon inside a name is escaped.

    >>> byline(["Doe, Jane", "李明"]), split_byline("Doe, Jane; 李明")
    ('Doe, Jane; 李明', ('Doe, Jane', '李明'))
    """
    return "; ".join(name.replace("\\", "\\\\").replace(";", "\\;") for name in authors)


def split_byline(written: str) -> tuple[str, ...]:
    """The authors of a byline."""
    names = re.findall(r"(?:[^;\\]|\\.)+", written, re.DOTALL)
    return tuple(
        re.sub(r"\\(.)", r"\1", name.removeprefix(" ") if n else name, flags=re.DOTALL) for n, name in enumerate(names)
    )


def identifiers(by_scheme: Mapping[str, str]) -> list[str]:
    """Identifiers as ``scheme:value``, a colon inside the scheme encoded.

    >>> identifiers({"pmid": "1", "orcid:Doe, Jane": "0000-0002"})
    ['pmid:1', 'orcid%3ADoe, Jane:0000-0002']
    """
    return [f"{scheme.replace('%', '%25').replace(':', '%3A')}:{value}" for scheme, value in by_scheme.items()]


def split_identifier(written: str) -> tuple[str, str]:
    """Scheme and value of a written identifier."""
    scheme, _, value = written.partition(":")
    return scheme.replace("%3A", ":").replace("%25", "%"), value


def sheet_of(
    works: Iterable[TaggedWork], authority: Authority, base: Base, run_id: Callable[[str | None], str]
) -> Sheet:
    """The triples of some works, given in order of their ids.

    Raises
    ------
    ValueError
        They are not in order, or two have one id.
    """

    @cache
    def ancestors(concept: str) -> tuple[str, ...]:
        return authority.ancestors(concept) if concept in authority.concepts else ()

    sheet = Sheet()
    triples = WorkTriples(base, ancestors, run_id)
    for tagged in works:
        if sheet.work_ids and sheet.work_ids[-1] >= tagged.id:
            raise ValueError(f"works must come in order of their ids, but {tagged.id!r} follows {sheet.work_ids[-1]!r}")
        triples.add(tagged, sheet)
    return sheet
