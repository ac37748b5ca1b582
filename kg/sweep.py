"""One pass over the files of a graph. In: sorted lines of ``quads/``. Out: faults of works, by the check that is broken.

What hangs on one work (its texts, stretches of them, mentions, tags) stands together in sorted files, so that a dozen
integrity questions, each of which would join hundreds of thousands of mentions in a store, are answered while lines go
by: those of `QUESTIONS`. What they find here and by ``kg/checks`` is the same, which a test holds. In memory are the
selectors, what is broader than what, counts by thing, and one work (more only where one id begins with another).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from kg.model import UNSURE_BELOW
from kg.rdf.nquads import read_literal
from kg.terms import AKG, DCTERMS, OA, PROV, RDF, SKOS, TAG_PROPERTY

QUESTIONS: Final = frozenset(
    {
        "offsets-cut-quotes",
        "hashes-agree",
        "mentions-support-tags",
        "mentions-are-whole",
        "rules-are-known",
        "targets-are-in-the-work",
        "spans-have-selectors",
        "broader-subjects-are-all-there",
        "tags-stand-in-one-run",
        "graphs-are-described",
        "usages-count-mentions",
        "doubts-are-marked",
    }
)
"""Names of the integrity questions that are answered here."""

Fault = tuple[str, str]
"""Where, and what."""

Node = dict[str, tuple[str, ...]]
"""What a subject says: objects by predicate, both as they stand in the line."""

_A: Final = f"<{RDF}type>"
_ANNOTATION: Final = f"<{OA}Annotation>"
_BODY, _TARGET, _SOURCE, _SELECTOR = (f"<{OA}{name}>" for name in ("hasBody", "hasTarget", "hasSource", "hasSelector"))
_START, _END, _EXACT = (f"<{OA}{name}>" for name in ("start", "end", "exact"))
_VALUE: Final = f"<{RDF}value>"
_HASH: Final = f"<{AKG.sha256}>"
_HAS_TEXT: Final = f"<{AKG.hasText}>"
_IN_WORK, _RULE, _CONFIDENCE = f"<{AKG.inWork}>", f"<{AKG.rule}>", f"<{AKG.confidence}>"
_SUPPORTS, _SUPPORTS_FOCUS = f"<{AKG.supports}>", f"<{AKG.supportsFocus}>"
_UNSURE_IN, _WEAKEST = f"<{AKG.unsureIn}>", f"<{AKG.weakestTag}>"
_USAGE_OF, _MENTIONS = f"<{AKG.usageOf}>", f"<{AKG.mentions}>"
_SUBJECT, _BROADER_SUBJECT, _BROADER = f"<{DCTERMS}subject>", f"<{AKG.broaderSubject}>", f"<{SKOS}broader>"
_GENERATED, _STARTED = f"<{PROV}wasGeneratedBy>", f"<{PROV}startedAtTime>"
_TAGGED: Final = frozenset(f"<{term}>" for term in TAG_PROPERTY.values())
_TELL_THE_GRAPH: Final = frozenset((*_TAGGED, _IN_WORK))
_RUN_TAGS: Final = frozenset((f"<{AKG.mentionsState}>", f"<{AKG.discussesAlliance}>", _IN_WORK))
_OF_WORKS: Final = frozenset((_BODY, _TARGET, _SOURCE, _SELECTOR, _IN_WORK, _HASH, _HAS_TEXT, _UNSURE_IN, *_TAGGED))
_NONE: Final = Node()
_LACKING: Final = ((_TARGET, " target"), (_IN_WORK, " work"), (_RULE, " rule"), (_CONFIDENCE, " confidence"))


@dataclass(slots=True)
class _Parts:
    """What was read of one work, until the work itself comes."""

    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spans: dict[str, Node] = field(default_factory=dict)
    mentions: list[tuple[str, Node]] = field(default_factory=list)


class Sweep:
    """Takes in the lines of a graph, in order, and keeps the faults.

    Parameters
    ----------
    base : str
        Where the graph's own IRIs begin.
    shared : iterable of str
        Lines of the graphs ``ontology`` and ``selectors``, which works refer to.
    most : int
        Faults of one check that are kept.

    Attributes
    ----------
    faults : dict of str to list of (str, str)
        Where and what, by the name of the check; filled by `read`.
    twice : list of (str, str)
        Triples that stand in two graphs.
    is_ours : bool
        False where texts or tags were found that do not stand below a work: such a graph is for questions, not for this.
    """

    def __init__(self, base: str, shared: Iterable[str], most: int) -> None:
        self.most = most
        self.faults: dict[str, list[Fault]] = {name: [] for name in sorted(QUESTIONS)}
        self.twice: list[Fault] = []
        self.is_ours = True
        self._works = f"<{base}work/"
        self._broader: dict[str, set[str]] = defaultdict(set)
        self._quotes: dict[str, tuple[str, ...]] = {}
        self._positions: dict[str, tuple[tuple[int, int], ...]] = {}
        for subject, node, _ in self._nodes(shared):
            self._share(subject, node)
        self.twice.clear()
        self._parts: dict[str, _Parts] = {}
        self._rules: set[str] = set()
        self._of_rules: dict[str, list[str]] = {}
        self._runs: dict[str, tuple[str, ...]] = {}
        self._started: set[str] = set()
        self._tagged_graphs: set[str] = set()
        self._found: Counter[str] = Counter()
        self._counted: Counter[str] = Counter()
        self._confidences: dict[str, float | None] = {}

    def read(self, lines: Iterable[str]) -> None:
        """Take in all lines of the graph, sorted, and judge."""
        for subject, node, graphs in self._nodes(lines):
            if subject.startswith(self._works):
                self._part_of_work(subject, node, graphs)
            else:
                self._beside(subject, node)
        for id, parts in self._parts.items():  # texts and mentions whose work is gone
            self._work(f"{self._works}{id}>", parts, _NONE)
        self._close()

    def _nodes(self, lines: Iterable[str]) -> Iterator[tuple[str, Node, set[str]]]:
        """Each subject, what it says, and the graphs of its tags."""
        last = graph = subject = ""
        node: Node = {}
        graphs: set[str] = set()
        for line in lines:
            cut = line.rindex(" <")
            triple = line[:cut]
            if triple == last:
                if line[cut:] != graph:
                    self._stands_twice(triple, graph, line[cut:])
                continue
            last, graph = triple, line[cut:]
            start, predicate, value = triple.split(" ", 2)
            if start != subject:
                if node:
                    yield subject, node, graphs
                subject, node, graphs = start, {}, set()
            node[predicate] = (*node[predicate], value) if predicate in node else (value,)
            if predicate in _TELL_THE_GRAPH:
                graphs.add(graph)
                if predicate in _RUN_TAGS:
                    self._tagged_graphs.add(graph)
        if node:
            yield subject, node, graphs

    def _stands_twice(self, triple: str, graph: str, other: str) -> None:
        if len(self.twice) <= self.most:
            subject, predicate, value = triple.split(" ", 2)
            self.twice.append((subject[1:-1], f"{predicate} {value[:80]} in {graph[2:-3]} and {other[2:-3]}"))

    def _fault(self, check: str, where: str, what: str) -> None:
        kept = self.faults[check]
        if len(kept) <= self.most:
            kept.append((where[1:-1], what))

    # What works share

    def _share(self, subject: str, node: Node) -> None:
        if _BROADER in node:
            self._broader[subject].update(node[_BROADER])
        if _EXACT in node:
            self._quotes[subject] = tuple(read_literal(exact).value for exact in node[_EXACT])
        if _START in node:
            ends = map(_number, node.get(_END, ()))
            self._positions[subject] = tuple(product(map(_number, node[_START]), ends))

    def _beside(self, subject: str, node: Node) -> None:
        """What does not belong to a work: rules, usages, where graphs come from."""
        if _GENERATED in node:
            self._runs[subject] = node[_GENERATED]
        if _STARTED in node:
            self._started.add(subject)
        if _USAGE_OF in node:
            number = sum(map(_number, node.get(_MENTIONS, ())))
            for thing in node[_USAGE_OF]:
                self._counted[thing] += number
        elif f"<{AKG.Rule}>" in node.get(_A, ()):
            self._rules.add(subject)
        elif not _OF_WORKS.isdisjoint(node):
            self.is_ours = False

    # One work

    def _part_of_work(self, subject: str, node: Node, graphs: set[str]) -> None:
        id, _, part = subject[len(self._works) : -1].partition("/")
        if not part:
            self._one_run(subject, graphs)
            self._work(subject, self._parts.pop(id) if id in self._parts else _Parts(), node)
            return
        parts = self._parts.get(id)
        if parts is None:
            parts = self._parts[id] = _Parts()
        if part.startswith("mention/"):
            parts.mentions.append((subject, node))
        elif _SELECTOR in node or _SOURCE in node:
            parts.spans[subject] = node
        elif _VALUE in node:
            parts.texts[subject] = self._text(subject, node)

    def _text(self, subject: str, node: Node) -> tuple[str, ...]:
        values = tuple(read_literal(value).value for value in node[_VALUE])
        for value, said in product(values, node.get(_HASH, ())):
            right = hashlib.sha256(value.encode()).hexdigest()
            if read_literal(said).value != right or right[:12] not in subject:
                self._fault("hashes-agree", subject, f"the hash of the text is {right}")
        return values

    def _one_run(self, subject: str, graphs: set[str]) -> None:
        if len(graphs) > 1:
            one, *others = sorted(graph[2:-3] for graph in graphs)
            self._fault("tags-stand-in-one-run", subject, f"{one} and {others[0]}")

    def _work(self, subject: str, parts: _Parts, node: Node) -> None:
        for span, says in parts.spans.items():
            self._cut(span, says, parts.texts)
        tags = {value for values in node.values() for value in values}
        texts = frozenset(node.get(_HAS_TEXT, ()))
        looked: set[str] = set()
        best: dict[str, float] = {}
        numbers: Counter[str] = Counter()
        marks = 0
        for mention, says in parts.mentions:
            self._mention(mention, says, subject, tags)
            for target in says.get(_TARGET, ()):
                span_says = parts.spans.get(target, _NONE)
                if not texts.issuperset(span_says.get(_SOURCE, ("",))) or (subject,) != says.get(_IN_WORK, (subject,)):
                    source = span_says.get(_SOURCE, ("<a target without a text>",))[0]
                    self._fault("targets-are-in-the-work", mention, source[1:-1])
                if target not in looked:
                    looked.add(target)
                    self._selectors(target, span_says)
            marks += len(says.get(_UNSURE_IN, ()))
            for thing, written in product(says.get(_BODY, ()), says.get(_CONFIDENCE, ())):
                confidence = self._confidence(written)
                numbers[thing] += 1
                if confidence is not None and confidence > best.get(thing, -1):
                    best[thing] = confidence
        self._doubts(subject, node, best, numbers, marks)
        if _SUBJECT in node or _BROADER_SUBJECT in node:
            self._above(subject, set(node.get(_SUBJECT, ())), set(node.get(_BROADER_SUBJECT, ())))

    def _cut(self, span: str, says: Node, texts: Mapping[str, tuple[str, ...]]) -> None:
        selectors = says.get(_SELECTOR, ())
        quotes = [exact for one in selectors for exact in self._quotes.get(one, ())]
        places = [place for one in selectors for place in self._positions.get(one, ())]
        values = [value for source in says.get(_SOURCE, ()) for value in texts.get(source, ())]
        for value, (start, end), exact in product(values, places, quotes):
            if value[max(start, 0) : max(end, 0)] != exact:
                there = value[max(start, 0) : max(end, 0)]
                self._fault("offsets-cut-quotes", span, f"the text has «{there}», the quote «{exact}»")

    def _selectors(self, span: str, says: Node) -> None:
        selectors = says.get(_SELECTOR, ())
        positions = sum(one in self._positions for one in selectors)
        quotes = sum(one in self._quotes for one in selectors)
        if positions != 1 or quotes != 1:
            self._fault("spans-have-selectors", span, f"{positions} positions, {quotes} quotes")

    def _mention(self, mention: str, says: Node, work: str, tags: set[str]) -> None:
        body = says.get(_BODY, ())
        is_claim = _SUPPORTS in says or _SUPPORTS_FOCUS in says
        if _ANNOTATION in says.get(_A, ()) and not (
            (body or is_claim) and _TARGET in says and _IN_WORK in says and _RULE in says and _CONFIDENCE in says
        ):
            lacking = "".join(name for term, name in _LACKING if term not in says)
            self._fault("mentions-are-whole", mention, f"no{lacking}{'' if body or is_claim else ' tag'}")
        for thing in body:
            self._found[thing] += 1
            if thing not in tags:
                self._fault("mentions-support-tags", mention, thing[1:-1])
        for rule in says.get(_RULE, ()):
            those = self._of_rules.setdefault(rule, [])
            if len(those) <= self.most:
                those.append(mention)

    def _confidence(self, written: str) -> float | None:
        if written not in self._confidences:
            try:
                self._confidences[written] = float(read_literal(written).value)
            except ValueError:
                self._confidences[written] = None
        return self._confidences[written]

    def _doubts(self, work: str, node: Node, best: dict[str, float], numbers: Counter[str], marks: int) -> None:
        said = [self._confidence(written) for written in node.get(_WEAKEST, ())]
        if not best and not marks and not said:
            return
        least = min(best.values(), default=2.0)
        unsure = sum(number for thing, number in numbers.items() if best.get(thing, 1.0) < UNSURE_BELOW)
        if unsure != marks or said != [least]:
            weakest = ", ".join(map(str, said)) or "nothing"
            what = f"{unsure} mentions in doubt, marked {marks}; weakest tag {least}, said {weakest}"
            self._fault("doubts-are-marked", work, what)

    def _above(self, work: str, subjects: set[str], broader: set[str]) -> None:
        above = {up for low in subjects | broader for up in self._broader.get(low, ())}
        for up in sorted(above - broader):
            self._fault("broader-subjects-are-all-there", work, f"lacks {up[1:-1]}")
        for up in sorted(broader - above):
            self._fault("broader-subjects-are-all-there", work, f"has {up[1:-1]} for nothing")

    # In the end

    def _close(self) -> None:
        for rule in sorted(self._of_rules.keys() - self._rules):
            for mention in self._of_rules[rule]:
                self._fault("rules-are-known", mention, rule[1:-1])
        for thing in sorted(self._found.keys() | self._counted.keys()):
            found, counted = self._found[thing], self._counted[thing]
            if found != counted:
                self._fault("usages-count-mentions", thing, f"{found} mentions, counted {counted}")
        for graph in sorted(graph[1:-2] for graph in self._tagged_graphs):
            runs = self._runs.get(graph, ())
            if not self._started.issuperset(runs) or not runs:
                self._fault("graphs-are-described", graph, "its run has no time" if runs else "no run")


def _number(term: str) -> int:
    """The number of a literal; one that is none is below all others."""
    try:
        return int(read_literal(term).value)
    except ValueError:
        return -1
