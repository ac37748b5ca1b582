"""The whole tagger. In: a work. Out: the work with its states, alliances, groups, concepts and focus, each with its evidence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.model import TaggedWork, Tags, Text, Work, WorkId
from kg.resources import ontology_dir
from kg.tagging import lexicon as names
from kg.tagging.by_tag import above, periods, state_tags, statements, tags, without
from kg.tagging.concept_judge import ConceptJudge, Judged
from kg.tagging.concepts import ConceptFinder, ConceptMention
from kg.tagging.mentions import Bonds, Field, Refused, StateMention
from kg.tagging.patterns import STATE as MASK
from kg.tagging.patterns import STATE_REST as MASK_REST
from kg.tagging.refusals import kept_away, no_subject, rejections
from kg.tagging.scanner import Scan, context, scan
from kg.tagging.states import StateFinder, years_of
from kg.text import detect_lang, fold, folded_last, sentences

if TYPE_CHECKING:
    from kg.authority import Authority

_TAGGED_LANGS: Final = frozenset(("en", "zh", "zh-Hans", "zh-Hant", "und"))
_RELEVANT: Final = 1.75
_HAN: Final = re.compile("[\u3400-\u9fff]")
_BATCH: Final = 64  # works that are tagged together: half as many take a tenth longer, more gain little
_BATCH_CHARACTERS: Final = 500_000  # of long texts fewer, so that memory does not grow


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
        self._judge = ConceptJudge(ontology_dir() / "weights", authority.concepts.keys())
        self.alliances = AllianceFinder(self._lexicon, authority)
        self._exclusions = {
            (fold(exclusion.surface).text, exclusion.kind, exclusion.id) for exclusion in authority.exclusions
        }

    def tag_text(self, text: str, lang: str | None = None, *, keep_rejected: bool = False) -> TaggedWork:
        """Tag a bare text, taken for an abstract."""
        work = Work(id=WorkId("text"), texts=(Text(lang or detect_lang(text), None, text or None),))
        return self.tag(work, keep_rejected=keep_rejected)

    def tag_all(self, works: Iterable[Work], *, keep_rejected: bool = False) -> Iterator[TaggedWork]:
        """Tag works, in their order.

        Parameters
        ----------
        works : iterable of Work
            Read up to 64 at a time: each step goes through all of them before the next begins, which keeps its tables in the
            processor's cache and takes little more than half of the time of one work after the other.
        keep_rejected : bool
            As of `tag`.
        """
        batch: list[Work] = []
        n_characters = 0
        for work in works:
            batch.append(work)
            for text in work.texts:
                n_characters += len(text.title or "") + len(text.abstract or "")
            if len(batch) == _BATCH or n_characters > _BATCH_CHARACTERS:
                yield from self._together(batch, keep_rejected)
                batch = []
                n_characters = 0
        yield from self._together(batch, keep_rejected)

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
        return self._together([work], keep_rejected)[0]

    def _together(self, works: Sequence[Work], keep_rejected: bool) -> list[TaggedWork]:
        """Tag some works step by step: what comes of one does not depend on the others."""
        lexicon = self._lexicon
        drafts = [_Draft(work) for work in works]
        # Languages have tables of their own: one after the other
        in_order = sorted(drafts, key=_language) if len(drafts) > 1 else drafts
        for draft in in_order:
            draft.scans = [
                (name, scan(fold(text), lexicon))
                for name, text, lang in _texts(draft.work)
                if lang in _TAGGED_LANGS or lang.startswith(("zh", "en"))
            ]
            if keep_rejected:
                draft.refused = {name: [] for name, _ in draft.scans}
        for draft in in_order:
            draft.years = years = _Years(draft.scans)
            draft.states = [self._states.find(found, years, draft.refused.get(name)) for name, found in draft.scans]
            for name, found in draft.scans if keep_rejected else ():
                draft.refused[name] += kept_away(found, lexicon)
        for draft in in_order:
            for _, found in draft.scans:
                if found.screened:
                    draft.scans = [(name, context(found, lexicon)) for name, found in draft.scans]
                    draft.is_relevant = self._is_relevant(draft.scans, draft.states)
                    break
        relevant = [draft for draft in in_order if draft.is_relevant]
        for draft in relevant:
            draft.fields = [self._prepare(field) for field in draft.unprepared()]
        for draft in relevant:
            draft.bonds = self.alliances.find(draft.fields, draft.years(), draft.refused if keep_rejected else None)
        ideas = [(draft.fields, self.ideas_in(draft.fields)) for draft in relevant]
        for draft, judged in zip(relevant, self._judge.judge(ideas, keep_rejected), strict=True):
            draft.judged = judged
        return [self._finished(draft, keep_rejected) for draft in drafts]

    def _finished(self, draft: _Draft, keep_rejected: bool) -> TaggedWork:
        """The tags of a work with their evidence, without what the user's own list excludes and what is too unsure."""
        states = state_tags(draft.scans, draft.states)
        if draft.is_relevant:
            tagged = self._tagged(draft, states, keep_rejected)
        else:
            tagged = TaggedWork(work=draft.work, states=states)
        if keep_rejected:
            fields = draft.unprepared()
            if not draft.is_relevant:
                self._refuse_all(fields, draft.years(), draft.refused)
            tagged = replace(tagged, rejected=rejections(fields, draft.refused, self.authority))
        if self._exclusions:
            tagged = without(tagged, self._exclusions)
        return above(tagged, self.min_confidence, keep_rejected) if self.min_confidence > 0 else tagged

    def _tagged(self, draft: _Draft, states: Tags, keep_rejected: bool) -> TaggedWork:
        """The tags of a work that is about alliances; the concepts that too little speaks for are added to the refused."""
        fields, bonds = draft.fields, draft.bonds
        for field, mention in draft.judged.refused:
            why = f"a way of speaking ({mention.why}) that is too often something else to stand alone"
            draft.refused[field.name].append(Refused(mention.start, mention.end, mention.tag, why))
        concepts = tags(
            (field, mention.tag, mention.start, mention.end, mention.rule, mention.confidence)
            for field, mention in draft.judged.mentions
        )
        groups = tags(
            (field, match.entry.readings[0][0], match.start, match.end, "group-name", 0.95)
            for field in fields
            for match in field.scan.names
            if match.entry.kind == names.GROUP
        )
        alliances, focus_evidence = (
            tags((fields[bond.field], bond.tag, bond.start, bond.end, bond.rule, bond.confidence) for bond in found)
            for found in (bonds.mentions, bonds.focus)
        )
        return TaggedWork(
            work=draft.work,
            states=states,
            alliances=alliances,
            groups=groups,
            concepts=concepts,
            focus=tuple(sorted(focus_evidence)),
            focus_evidence=focus_evidence,
            periods=periods(fields),
            statements=statements(fields, bonds.mentions),
        )

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
                found = scan(folded_last(part), self._lexicon)
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

    def prepared(self, work: Work) -> list[Field]:
        """The fields of a work with their states and sentences, whatever it is about."""
        return self.readied(work)[0]

    def readied(self, work: Work) -> tuple[list[Field], list[int], bool]:
        """The same fields, the years that the work speaks of, and whether it is about alliances."""
        draft = _Draft(work)
        draft.scans = [
            (name, context(scan(fold(text), self._lexicon), self._lexicon)) for name, text, _ in _texts(work)
        ]
        draft.years = _Years(draft.scans)
        draft.states = [self._states.find(found, draft.years, None) for _, found in draft.scans]
        fields = [self._prepare(field) for field in draft.unprepared()]
        return fields, draft.years(), self._is_relevant(draft.scans, draft.states)

    def ideas_in(self, fields: Iterable[Field]) -> list[tuple[Field, ConceptMention]]:
        """What labels and patterns find in prepared fields, before it is judged."""
        return [
            (field, mention)
            for field in fields
            for mention in self._concepts.find(field.scan.folded, field.masked, field.lang, field.sentences)
        ]

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
        for bond in self.alliances.find(fields, years).mentions:
            refused[fields[bond.field].name].append(Refused(bond.start, bond.end, bond.tag, why))
        for field, mention in self._judge.judge([(fields, self.ideas_in(fields))])[0].mentions:
            refused[field.name].append(Refused(mention.start, mention.end, mention.tag, why))

    def _prepare(self, field: Field) -> Field:
        folded = field.scan.folded
        lang = "en" if folded.text.isascii() or not _is_chinese(folded.text) else "zh"
        spans = sentences(folded)
        return field._replace(
            masked=mask(folded.text, field.states), lang=lang, sentences=spans, begins=[begin for begin, _ in spans]
        )


def _bond_in_sight(found: Scan, states: list[StateMention]) -> bool:
    """Whether a word for an alliance follows a state at once: 中苏联盟, "Japanese alliance"."""
    if not states or not found.heads:
        return False
    ends = {mention.end for mention in states}
    return any(head.start in ends or (head.entry.latin and head.start - 1 in ends) for head in found.heads)


def _is_chinese(text: str) -> bool:
    """Whether a text is Chinese, be it with foreign names, rather than another with a Chinese word in it."""
    return _HAN.subn("", text)[1] * 8 >= len(text) / 2


class _Draft:
    """A work on its way through the steps."""

    __slots__ = ("bonds", "fields", "is_relevant", "judged", "refused", "scans", "states", "work", "years")

    def __init__(self, work: Work) -> None:
        self.work = work
        self.scans: list[tuple[str, Scan]]
        self.refused: dict[str, list[Refused]] = {}
        self.years: _Years
        self.states: list[list[StateMention]]
        self.is_relevant = False
        self.fields: list[Field]
        self.bonds: Bonds
        self.judged: Judged

    def unprepared(self) -> list[Field]:
        """Its fields with their states, and nothing that only works on alliances need."""
        return [
            Field(name, found, here, "", "", [], [])
            for (name, found), here in zip(self.scans, self.states, strict=True)
        ]


def _language(draft: _Draft) -> str:
    """The language of a work's first text, both scripts of Chinese as one."""
    return draft.work.lang[:2]


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
