"""The way back. In: lines of a graph. Out: the tagged works that it was made of.

What comes back is what `normal` gives: RDF has no order, so keywords are sorted, texts in other languages stand by
language, periods and statements by what they say; what cleaning removed (``raw``) and rejected readings are not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kg.model import KINDS, Kind, Mention, Period, RecordRef, Statement, TaggedWork, Text, Work, WorkId
from kg.rdf.nquads import clean, model_lang, rdf_lang, read_literal, read_statements
from kg.rdf.works import WORK_CLASS, split_byline, split_identifier
from kg.terms import AKG, DCTERMS, OA, PRISM, PROV, RDF, RDFS, TAG_PROPERTY, Base, id_of, kind_and_id

Properties = Mapping[str, list[str]]
_Found = Callable[[str, str], tuple[Mention, ...]]

_KIND_OF_CLASS: Final = {iri: kind for kind, iri in WORK_CLASS.items()}
_FAR: Final = 1 << 40


def back(lines: Iterable[str], base: Base | None = None) -> list[TaggedWork]:
    """The works in a graph, by id.

    Parameters
    ----------
    lines : iterable of str
        N-Quads or N-Triples; all graphs that say something of the works, in any order.
    base : Base or None
        Of the graph's own IRIs.

    Notes
    -----
    Holds the whole graph in memory: for graphs of some thousand works.
    """
    nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value, _ in read_statements(lines):
        nodes[subject[1:-1]][predicate[1:-1]].append(value)
    reader = _Reader(nodes, base or Base())
    works = [iri for iri, properties in nodes.items() if f"<{AKG.Work}>" in properties.get(RDF + "type", ())]
    return sorted((reader.tagged(iri) for iri in works), key=lambda tagged: tagged.id)


def normal(tagged: TaggedWork) -> TaggedWork:
    """The same work as it comes back from RDF."""
    work = tagged.work
    texts = [
        Text(model_lang(rdf_lang(text.lang)), *(clean(part) if part else None for part in (text.title, text.abstract)))
        for text in work.texts
    ]
    main, others = texts[:1], [text for text in texts[1:] if text.title or text.abstract]
    if main and not (main[0].title or main[0].abstract):
        main = [Text(main[0].lang.partition("-")[0])]
    plain = replace(
        work,
        texts=(*main, *sorted(others, key=lambda text: text.lang)),
        authors=tuple(map(clean, work.authors)),
        keywords=tuple(sorted({clean(word) for word in work.keywords})),
        kind=work.kind if work.kind in WORK_CLASS else "other",
        identifiers=dict(sorted(work.identifiers.items())),
        aliases=tuple(sorted(set(work.aliases))),
        records=tuple(sorted(set(work.records))),
        raw={},
    )
    order = list(plain.fields())

    def sort(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        return tuple(sorted(mentions, key=lambda m: (order.index(m.field), *m[1:])))

    claims = {(s.alliance, s.kind): sort(s.mentions) for s in tagged.statements}
    spans = {(p.first, p.last): sort(p.mentions) for p in tagged.periods}
    tags = {kind: {tag: sort(tagged.tags(kind)[tag]) for tag in sorted(tagged.tags(kind))} for kind in KINDS}
    return TaggedWork(
        work=plain,
        states=tags["states"],
        alliances=tags["alliances"],
        groups=tags["groups"],
        concepts=tags["concepts"],
        focus=tuple(sorted(tagged.focus)),
        focus_evidence={tag: sort(found) for tag, found in sorted(tagged.focus_evidence.items()) if found},
        statements=tuple(Statement(*claim, claims[claim]) for claim in sorted(claims)),
        periods=tuple(Period(*span, spans[span]) for span in sorted(spans, key=_span_order)),
    )


def _span_order(span: tuple[int | None, int | None]) -> tuple[int, int]:
    return (-_FAR if span[0] is None else span[0], _FAR if span[1] is None else span[1])


class _Reader:
    def __init__(self, nodes: Mapping[str, Properties], base: Base) -> None:
        self.nodes = nodes
        self.base = base
        self.mentions: dict[str, list[tuple[str, Properties]]] = defaultdict(list)
        for iri, properties in nodes.items():
            for work in properties.get(AKG.inWork, ()):
                self.mentions[work[1:-1]].append((iri, properties))

    def tagged(self, iri: str) -> TaggedWork:
        properties = self.nodes[iri]
        work, fields = self._work(iri, properties)
        order = list(work.fields())
        supported: dict[tuple[str, str], list[Mention]] = defaultdict(list)
        for _, annotation in self.mentions[iri]:
            for predicate in (OA + "hasBody", AKG.supportsFocus, AKG.supports):
                for what in annotation.get(predicate, ()):
                    supported[predicate, what[1:-1]].append(self._mention(annotation, fields))

        def found(predicate: str, what: str) -> tuple[Mention, ...]:
            return tuple(sorted(supported.get((predicate, what), ()), key=lambda m: (order.index(m.field), *m[1:])))

        tags: dict[Kind, dict[str, tuple[Mention, ...]]] = {}
        for kind in KINDS:
            things = {_tag(value): value[1:-1] for value in properties.get(TAG_PROPERTY[kind], ())}
            tags[kind] = {tag: found(OA + "hasBody", things[tag]) for tag in sorted(things)}
        evidence = {
            _tag(f"<{what}>"): found(predicate, what) for predicate, what in supported if predicate == AKG.supportsFocus
        }
        return TaggedWork(
            work=work,
            states=tags["states"],
            alliances=tags["alliances"],
            groups=tags["groups"],
            concepts=tags["concepts"],
            focus=tuple(sorted(_tag(value) for value in properties.get(AKG.hasFocus, ()))),
            focus_evidence=dict(sorted(evidence.items())),
            periods=self._periods(properties, found),
            statements=self._statements(properties, found),
        )

    def _work(self, iri: str, properties: Properties) -> tuple[Work, dict[str, str]]:
        fields: dict[str, str] = {}
        parts: dict[str, tuple[str, str]] = {}
        for text in properties.get(AKG.hasText, ()):
            node = self.nodes[text[1:-1]]
            field = _one(node, AKG.field) or ""
            value = read_literal(node[RDF + "value"][0])
            fields[text[1:-1]] = field
            parts[field] = (model_lang(value.lang or "und"), value.value)
        kinds = [_KIND_OF_CLASS[value[1:-1]] for value in properties[RDF + "type"] if value[1:-1] in _KIND_OF_CLASS]
        work = Work(
            id=WorkId(self.base.work_id(iri) or id_of(iri)),
            texts=_texts(parts, _one(properties, DCTERMS + "language")),
            authors=split_byline(_one(properties, AKG.byline) or ""),
            journal=_one(properties, PRISM + "publicationName"),
            year=_number(properties, AKG.year),
            volume=_one(properties, PRISM + "volume"),
            issue=_one(properties, PRISM + "number"),
            pages=_one(properties, PRISM + "pageRange"),
            doi=_one(properties, PRISM + "doi"),
            keywords=tuple(sorted(_all(properties, PRISM + "keyword"))),
            cited_by=_number(properties, AKG.citedBy),
            cited_by_self=_number(properties, AKG.citedBySelf),
            cited_by_others=_number(properties, AKG.citedByOthers),
            kind=kinds[0] if kinds else "other",
            identifiers=dict(sorted(map(split_identifier, _all(properties, DCTERMS + "identifier")))),
            aliases=tuple(sorted(_all(properties, AKG.formerId))),
            records=tuple(sorted(self._record(value[1:-1]) for value in properties.get(PROV + "wasDerivedFrom", ()))),
        )
        return work, fields

    def _record(self, iri: str) -> RecordRef:
        source = id_of(iri.rpartition("/")[0])
        node = self.nodes[iri]
        return RecordRef(source, int(_one(node, DCTERMS + "identifier") or 0), _one(node, RDFS + "label") or "")

    def _mention(self, annotation: Properties, fields: Mapping[str, str]) -> Mention:
        span = self.nodes[annotation[OA + "hasTarget"][0][1:-1]]
        selectors = [self.nodes[value[1:-1]] for value in span[OA + "hasSelector"]]
        position = next(node for node in selectors if OA + "start" in node)
        quote = next(node for node in selectors if OA + "exact" in node)
        return Mention(
            field=fields[span[OA + "hasSource"][0][1:-1]],
            start=_number(position, OA + "start") or 0,
            end=_number(position, OA + "end") or 0,
            surface=_one(quote, OA + "exact") or "",
            rule=id_of(annotation[AKG.rule][0][1:-1]),
            confidence=float(_one(annotation, AKG.confidence) or 0),
        )

    def _periods(self, properties: Properties, found: _Found) -> tuple[Period, ...]:
        periods = []
        for value in properties.get(AKG.coversPeriod, ()):
            node = self.nodes[value[1:-1]]
            first, last = _number(node, AKG.firstYear), _number(node, AKG.lastYear)
            periods.append(Period(first, last, found(AKG.supports, value[1:-1])))
        return tuple(sorted(periods, key=lambda period: _span_order(period[:2])))

    def _statements(self, properties: Properties, found: _Found) -> tuple[Statement, ...]:
        statements = []
        for value in properties.get(AKG.hasStatement, ()):
            node = self.nodes[value[1:-1]]
            alliance, kind = _tag(node[AKG.aboutAlliance][0]), _one(node, AKG.statementKind)
            statements.append(Statement(alliance, kind, found(AKG.supports, value[1:-1])))  # type: ignore[arg-type]
        return tuple(sorted(statements, key=lambda statement: statement[:2]))


def _texts(parts: Mapping[str, tuple[str, str]], language: str | None) -> tuple[Text, ...]:
    """Texts from their fields: ``title``, ``abstract@en``, ``abstract@en.2``; the main one first, the rest by language."""
    by_suffix: dict[str, dict[str, str]] = defaultdict(dict)
    langs: dict[str, str] = {}
    for field, (lang, value) in parts.items():
        part, _, suffix = field.partition("@")
        by_suffix[suffix][part] = value
        langs[suffix] = lang
    suffixes = sorted(by_suffix, key=lambda suffix: (suffix != "", langs[suffix], _nth(suffix)))
    texts = [
        Text(langs[suffix], by_suffix[suffix].get("title"), by_suffix[suffix].get("abstract")) for suffix in suffixes
    ]
    if language is not None and "" not in by_suffix:
        texts.insert(0, Text(language))
    return tuple(texts)


def _nth(suffix: str) -> int:
    number = suffix.rpartition(".")[2]
    return int(number) if number.isdigit() else 1


def _tag(value: str) -> str:
    known = kind_and_id(value[1:-1])
    return known[1] if known else id_of(value[1:-1])


def _all(properties: Properties, predicate: str) -> Sequence[str]:
    return [read_literal(value).value for value in properties.get(predicate, ())]


def _one(properties: Properties, predicate: str) -> str | None:
    values = properties.get(predicate)
    return read_literal(values[0]).value if values else None


def _number(properties: Properties, predicate: str) -> int | None:
    value = _one(properties, predicate)
    return None if value is None else int(value)
