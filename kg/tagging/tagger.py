"""The whole tagger. In: a work. Out: the work with its states, alliances, groups, concepts and focus, each with its evidence."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.model import (
    KINDS,
    Mention,
    Period,
    Rejection,
    Statement,
    StatementKind,
    TaggedWork,
    Tags,
    Text,
    Work,
    WorkId,
)
from kg.tagging import lexicon as names
from kg.tagging.concepts import ConceptFinder, credible
from kg.tagging.mentions import Bond, Field, Refused, StateMention
from kg.tagging.patterns import STATE as MASK
from kg.tagging.patterns import STATE_REST as MASK_REST
from kg.tagging.periods import find_periods, longest
from kg.tagging.refusals import kept_away, no_subject, rejections
from kg.tagging.scanner import Scan, context, scan
from kg.tagging.statements import find_statements
from kg.tagging.states import StateFinder, years_of
from kg.text import detect_lang, fold, sentences

if TYPE_CHECKING:
    from kg.authority import Authority

_TAGGED_LANGS: Final = frozenset(("en", "zh", "zh-Hans", "zh-Hant", "und"))
_RELEVANT: Final = 1.75
_HAN: Final = re.compile("[\u3400-\u9fff]")


def mask(text: str, states: Iterable[StateMention]) -> str:
    """The folded text with each state replaced by marks of the same length."""
    pieces: list[str] = []
    done = 0
    for mention in states:
        if mention.start < done:
            continue
        pieces += (text[done : mention.start], MASK, MASK_REST * (mention.end - mention.start - 1))
        done = mention.end
    if not pieces:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


class Tagger:
    """Tags works; made once, used for any number of works, in one process.

    Parameters
    ----------
    authority : Authority, optional
        The ontology; the one that comes with the package where none is given.
    min_confidence : float
        Mentions below it are left out.
    """

    def __init__(self, authority: Authority | None = None, *, min_confidence: float = 0.0) -> None:
        if authority is None:
            from kg.authority import load

            authority = load()
        from kg.tagging.alliances import AllianceFinder

        self.authority = authority
        self.min_confidence = min_confidence
        self._lexicon = names.build(authority)
        self._states = StateFinder(self._lexicon)
        self._concepts = ConceptFinder(authority)
        self._alliances = AllianceFinder(self._lexicon, authority)
        self._exclusions = {
            (fold(exclusion.surface).text, exclusion.kind, exclusion.id) for exclusion in authority.exclusions
        }

    def tag_text(self, text: str, lang: str | None = None, *, keep_rejected: bool = False) -> TaggedWork:
        """Tag a bare text, taken for an abstract."""
        work = Work(id=WorkId("text"), texts=(Text(lang or detect_lang(text), None, text or None),))
        return self.tag(work, keep_rejected=keep_rejected)

    def tag_all(self, works: Iterable[Work]) -> Iterator[TaggedWork]:
        """Tag works one after the other."""
        for work in works:
            yield self.tag(work)

    def tag(self, work: Work, *, keep_rejected: bool = False) -> TaggedWork:
        """Tag one work.

        Parameters
        ----------
        work : Work
        keep_rejected : bool
            Whether to fill `TaggedWork.rejected` with the readings that were not taken.

        Notes
        -----
        Time is linear in the length of the texts. A work that is not about alliances costs one scan.
        """
        lexicon = self._lexicon
        scans = [
            (name, scan(fold(text), lexicon))
            for name, text, lang in _texts(work)
            if lang in _TAGGED_LANGS or lang.startswith(("zh", "en"))
        ]
        years = _Years(scans)
        refused: dict[str, list[Refused]] = {name: [] for name, _ in scans} if keep_rejected else {}
        found_states = [self._states.find(found, years, refused.get(name)) for name, found in scans]
        states = _state_tags(scans, found_states)
        relevant = False
        for _, found in scans:
            if found.screened:
                scans = [(name, context(found, lexicon)) for name, found in scans]
                relevant = self._is_relevant(scans, found_states)
                break
        if not relevant and not keep_rejected and not self._exclusions and not self.min_confidence:
            return TaggedWork(work=work, states=states)
        fields = [Field(name, found, here, "", "", []) for (name, found), here in zip(scans, found_states, strict=True)]
        for field in fields if keep_rejected else ():
            refused[field.name] += kept_away(field.scan, lexicon)
        if not relevant:
            if keep_rejected:
                self._refuse_all(fields, years(), refused)
            rejected = rejections(fields, refused, self.authority) if keep_rejected else ()
            return self._finished(TaggedWork(work=work, states=states, rejected=rejected), keep_rejected)
        fields = [self._prepare(field) for field in fields]
        bonds = self._alliances.find(fields, years(), refused if keep_rejected else None)
        ideas = [
            (field, mention)
            for field in fields
            for mention in self._concepts.find(field.scan.folded, field.masked, field.lang, field.sentences)
        ]
        kept = credible((field.name, field.sentence_at(mention.start), mention) for field, mention in ideas)
        if keep_rejected:
            for field, mention in ideas:
                if mention.tag not in kept:
                    why = f"a way of speaking ({mention.why}) that is too often something else to stand alone"
                    refused[field.name].append(Refused(mention.start, mention.end, mention.tag, why))
        concepts = _tags(
            (field, mention.tag, mention.start, mention.end, mention.rule, mention.confidence)
            for field, mention in ideas
            if mention.tag in kept
        )
        groups = _tags(
            (field, match.entry.readings[0][0], match.start, match.end, "group-name", 0.95)
            for field in fields
            for match in field.scan.names
            if match.entry.kind == names.GROUP
        )
        alliances = _tags(
            (fields[bond.field], bond.tag, bond.start, bond.end, bond.rule, bond.confidence) for bond in bonds.mentions
        )
        focus_evidence = _tags(
            (fields[bond.field], bond.tag, bond.start, bond.end, bond.rule, bond.confidence) for bond in bonds.focus
        )
        tagged = TaggedWork(
            work=work,
            states=states,
            alliances=alliances,
            groups=groups,
            concepts=concepts,
            focus=tuple(sorted(focus_evidence)),
            focus_evidence=focus_evidence,
            periods=_periods(fields),
            statements=_statements(fields, bonds.mentions),
            rejected=rejections(fields, refused, self.authority) if keep_rejected else (),
        )
        return self._finished(tagged, keep_rejected)

    def relevance(self, texts: Iterable[Text]) -> int:
        """What can come of a work that has these texts, told from words alone.

        Returns
        -------
        int
            0: it has no word without which a work is not about alliances; 1: it has one, but too little beside it, so that only a
            work with other texts too may be relevant; 2: it may be relevant by itself.
        """
        weights = self._lexicon.cues
        cues: set[str] = set()
        score = 1.4  # what states and a word for an alliance after a state can add
        core = False
        for text in texts:
            if text.lang not in _TAGGED_LANGS and not text.lang.startswith(("zh", "en")):
                continue
            for part in (text.title, text.abstract):
                if part is None:
                    continue
                found = scan(fold(part), self._lexicon)
                if found.pacts:
                    core = True
                    score += 1.5
                if any(match.entry.kind == names.GROUP for match in found.names):
                    score += 0.8
                if found.screened:
                    cues |= context(found, self._lexicon).cues
        if not core and cues.isdisjoint(self._lexicon.cores):
            return 0
        return 2 if score + math.fsum(weights[cue] for cue in cues) >= _RELEVANT - 1e-9 else 1

    def _finished(self, tagged: TaggedWork, keep_rejected: bool) -> TaggedWork:
        """Without what the user's own list excludes, and what is below the confidence that was asked for."""
        if self._exclusions:
            tagged = without(tagged, self._exclusions)
        if self.min_confidence <= 0:
            return tagged
        kept = tagged.above(self.min_confidence)
        if not keep_rejected:
            return kept
        unsure = tuple(
            Rejection(mention, kind, tag, f"less sure than the {self.min_confidence:g} that was asked for")
            for kind in KINDS
            for tag, mentions in tagged.tags(kind).items()
            for mention in mentions
            if mention.confidence < self.min_confidence
        )
        return replace(kept, rejected=(*kept.rejected, *unsure))

    def _is_relevant(self, scans: list[tuple[str, Scan]], states: list[list[StateMention]]) -> bool:
        """Whether a work is about alliances or the politics around them, told from the words that the scan met."""
        weights = self._lexicon.cues
        cues: set[str] = set()
        score = 0.0
        core = False
        for _, found in scans:
            cues |= found.cues
            if found.pacts:
                core = True
                score += 1.5
        if not core and cues.isdisjoint(self._lexicon.cores):
            return False
        score += math.fsum([weights[cue] for cue in cues])  # the same in whatever order
        if score < _RELEVANT - 0.8 * len(scans) - 0.8 - 0.6:
            return False
        for _, found in scans:
            if any(match.entry.kind == names.GROUP for match in found.names):
                score += 0.8
        if any(_bond_in_sight(found, here) for (_, found), here in zip(scans, states, strict=True)):
            score += 0.8
        score += min(0.6, 0.3 * len({mention.tag for here in states for mention in here}))
        return score >= _RELEVANT - 1e-9

    def _refuse_all(self, fields: list[Field], years: list[int], refused: dict[str, list[Refused]]) -> None:
        """What a work that is not about alliances would have been tagged with, and why it was not."""
        weights = self._lexicon.cues
        fields = [self._prepare(field._replace(scan=context(field.scan, self._lexicon))) for field in fields]
        cues = {cue: weights[cue] for field in fields for cue in field.scan.cues}
        core = any(field.scan.pacts for field in fields) or not self._lexicon.cores.isdisjoint(cues)
        score = math.fsum(cues.values()) + sum(1.5 for field in fields if field.scan.pacts)
        score += 0.8 * any(_bond_in_sight(field.scan, field.states) for field in fields)
        score += min(0.6, 0.3 * len({mention.tag for field in fields for mention in field.states}))
        why = no_subject(cues, core, score, _RELEVANT)
        for bond in self._alliances.find(fields, years).mentions:
            refused[fields[bond.field].name].append(Refused(bond.start, bond.end, bond.tag, why))
        for field in fields:
            ideas = list(self._concepts.find(field.scan.folded, field.masked, field.lang, field.sentences))
            kept = credible((field.name, field.sentence_at(mention.start), mention) for mention in ideas)
            refused[field.name] += [
                Refused(mention.start, mention.end, mention.tag, why) for mention in ideas if mention.tag in kept
            ]

    def _prepare(self, field: Field) -> Field:
        folded = field.scan.folded
        lang = "en" if folded.text.isascii() or not _is_chinese(folded.text) else "zh"
        return field._replace(masked=mask(folded.text, field.states), lang=lang, sentences=sentences(folded))


def _bond_in_sight(found: Scan, states: list[StateMention]) -> bool:
    """Whether a word for an alliance follows a state at once: 中苏联盟, "Japanese alliance"."""
    if not states or not found.heads:
        return False
    ends = {mention.end for mention in states}
    return any(head.start in ends or (head.entry.latin and head.start - 1 in ends) for head in found.heads)


def _is_chinese(text: str) -> bool:
    """Whether a text is Chinese, be it with foreign names, rather than another with a Chinese word in it."""
    return _HAN.subn("", text)[1] * 8 >= len(text) / 2


class _Years:
    """The years that a work speaks of, looked for once and only when somebody asks."""

    __slots__ = ("_found", "_scans")

    def __init__(self, scans: list[tuple[str, Scan]]) -> None:
        self._scans = scans
        self._found: list[int] | None = None

    def __call__(self) -> list[int]:
        if self._found is None:
            self._found = years_of([found.folded.text for _, found in self._scans])
        return self._found


def _texts(work: Work) -> Iterator[tuple[str, str, str]]:
    """Name, text and language of each field."""
    if len(work.texts) == 1:
        text = work.texts[0]
        if text.title is not None:
            yield "title", text.title, text.lang
        if text.abstract is not None:
            yield "abstract", text.abstract, text.lang
        return
    langs = work.field_langs()
    for name, value in work.fields().items():
        yield name, value, langs[name]


def _state_tags(scans: list[tuple[str, Scan]], states: list[list[StateMention]]) -> Tags:
    """Mentions of states by tag; as `_tags`, without its detours, since every work passes here."""
    gathered: dict[str, dict[tuple[str, int, int], Mention]] = {}
    for (name, scanned), here_found in zip(scans, states, strict=True):
        if not here_found:
            continue
        folded = scanned.folded
        raw = folded.raw
        same = folded.same_offsets
        for found in here_found:
            first, last = found.shown_start, found.shown_end
            if not same:
                first, last = folded.raw_span(first, last)
            here = gathered.setdefault(found.tag, {})
            key = (name, first, last)
            known = here.get(key)
            if known is None or known.confidence < found.confidence:
                confidence = round(found.confidence, 3)
                here[key] = Mention(name, first, last, raw[first:last], found.rule, confidence)
    return {tag: tuple(gathered[tag].values()) for tag in sorted(gathered)}


def _tags(found: Iterable[tuple[Field, str, int, int, str, float]]) -> Tags:
    """Mentions by tag in the order of the contract: ids sorted, mentions by field and place, each place once."""
    gathered: dict[str, dict[tuple[str, int, int], Mention]] = defaultdict(dict)
    for field, tag, start, end, rule, confidence in found:
        first, last = field.scan.folded.raw_span(start, end)
        raw = field.scan.folded.raw
        while first < last and raw[first].isspace():
            first += 1
        while last > first and raw[last - 1].isspace():
            last -= 1
        key = (field.name, first, last)
        known = gathered[tag].get(key)
        if known is None or known.confidence < confidence:
            gathered[tag][key] = Mention(field.name, first, last, raw[first:last], rule, round(confidence, 3))
    return {tag: tuple(gathered[tag].values()) for tag in sorted(gathered)}


def _mention(field: Field, start: int, end: int, rule: str, confidence: float) -> Mention:
    first, last = field.scan.folded.raw_span(start, end)
    return Mention(field.name, first, last, field.scan.folded.raw[first:last], rule, confidence)


def _periods(fields: list[Field]) -> tuple[Period, ...]:
    """Periods in order of their years, each once with all its mentions."""
    gathered: dict[tuple[int | None, int | None], list[Mention]] = defaultdict(list)
    for field in fields:
        for found in longest(find_periods(field.scan.folded.text)):
            gathered[found.first, found.last].append(_mention(field, found.start, found.end, found.rule, 0.9))
    order = sorted(gathered, key=lambda years: (years[0] if years[0] is not None else -9999, years[1] or 9999))
    return tuple(Period(first, last, tuple(gathered[first, last])) for first, last in order)


def _statements(fields: list[Field], bonds: list[Bond]) -> tuple[Statement, ...]:
    """Statements by alliance and kind, each once with all its mentions."""
    gathered: dict[tuple[str, StatementKind], dict[tuple[str, int, int], Mention]] = defaultdict(dict)
    for found in find_statements(fields, bonds):
        mention = _mention(fields[found.field], found.start, found.end, "statement-pattern", 0.7)
        gathered[found.alliance, found.kind][mention.field, mention.start, mention.end] = mention
    return tuple(
        Statement(alliance, kind, tuple(mentions.values())) for (alliance, kind), mentions in sorted(gathered.items())
    )


def without(tagged: TaggedWork, exclusions: AbstractSet[tuple[str, str, str]]) -> TaggedWork:
    """A tagged work without the mentions that a user has said are none: (folded surface, kind or empty, id or empty)."""
    rejected = list(tagged.rejected)
    kept: dict[str, Tags] = {}
    for kind in KINDS:
        tags: dict[str, tuple[Mention, ...]] = {}
        for tag, mentions in tagged.tags(kind).items():
            left = []
            for mention in mentions:
                surface = fold(mention.surface).text
                if any((surface, k, t) in exclusions for k in (kind, "") for t in (tag, "")):
                    rejected.append(Rejection(mention, kind, tag, "your own list says that this is not that"))
                else:
                    left.append(mention)
            if left:
                tags[tag] = tuple(left)
        kept[kind] = tags
    focus = tuple(tag for tag in tagged.focus if tag in kept["alliances"])
    return replace(
        tagged,
        states=kept["states"],
        alliances=kept["alliances"],
        groups=kept["groups"],
        concepts=kept["concepts"],
        focus=focus,
        focus_evidence={tag: tagged.focus_evidence[tag] for tag in focus},
        statements=tuple(statement for statement in tagged.statements if statement.alliance in kept["alliances"]),
        rejected=tuple(rejected),
    )
