"""One pass over a field. In: a folded text and the lexicon. Out: the names that stand in it, and how much it is about alliances.

Edges and letters are tested on every match before the longest is chosen: "South Koreans" must not lose *South Korean*'s state
because *South Korea* failed its edge.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import Final, NamedTuple

from kg.tagging.lexicon import BLOCK, CAPITAL, CORE, CUE, EDGES, GROUP, HEAD, PACT, STATE, Entry, Lexicon
from kg.text import LATIN_ALNUM, Folded

_FIRST_WORD: Final = re.compile("[a-z]*")
_RANK: Final = {PACT: 0, STATE: 1, GROUP: 2, BLOCK: 3}


class Found(NamedTuple):
    """A name in a folded text."""

    start: int
    end: int
    entry: Entry


class Scan(NamedTuple):
    """What one pass found.

    Attributes
    ----------
    names : list of Found
        States, groups and words that hold a name and are none; longest first chosen, in order, without overlap.
    pacts : list of Found
        Pacts and alliance names, chosen likewise.
    screened : bool
        Whether a word stands there without which a text is not about alliances.
    heads, cues
        Words for an alliance, and words that tell what the text is about: filled by `context`.
    """

    folded: Folded
    names: list[Found]
    pacts: list[Found]
    screened: bool
    heads: list[Found]
    cues: set[str]
    caseless: bool


def scan(folded: Folded, lexicon: Lexicon) -> Scan:
    """Find the names in a text, and whether it may be about alliances at all."""
    text = folded.text
    states: list[Found] = []
    pacts: list[Found] = []
    hits = lexicon.names.find_matches_as_indexes(text, overlapping=True)
    caseless = False
    screened = False
    if hits:
        raw = folded.raw
        length = len(text)
        same = folded.same_offsets
        entries = lexicon.entries
        gates = lexicon.gates
        caseless = length > 20 and raw.islower()
        for index, start, end in hits:
            gate = gates[index]
            if gate >= EDGES:
                if start and text[start - 1] in LATIN_ALNUM:
                    continue
                if end < length:
                    if text[end] in LATIN_ALNUM and text[end - 1].isalnum():
                        continue
                elif text[end - 1] == "-":
                    continue
                if gate > EDGES and not caseless:
                    first, last = (start, end) if same else folded.raw_span(start, end)
                    letter = raw[first]
                    if gate == EDGES + CAPITAL:
                        if letter.islower() and letter.isascii():
                            continue
                    elif not raw[first:last].isupper():
                        continue
            elif gate == CORE:
                screened = True
                continue
            entry = entries[index]
            (pacts if entry.kind == PACT else states).append(Found(start, end, entry))
        if len(states) > 1:
            states = _longest(states)
        if not text.isascii():
            states = [match for match in states if not _split_by_head(text, match, lexicon.block_set)]
        if len(pacts) > 1:
            pacts = _longest(pacts)
        if pacts:
            pacts = _unblocked(pacts, [match for match in states if match.entry.kind == BLOCK])
    if not screened:
        opening = _FIRST_WORD.match(text, 0, 24)
        screened = bool(pacts) or (opening is not None and opening[0] in lexicon.first_words)
    return Scan(folded, states, pacts, screened, [], set(), caseless)


def context(found: Scan, lexicon: Lexicon) -> Scan:
    """The scan with its words for an alliance and its cues, but those inside a word that keeps them away (关税同盟)."""
    text = found.folded.text
    length = len(text)
    heads: list[Found] = []
    cues: list[tuple[int, int, str]] = []
    blocks: list[tuple[int, int]] = []
    entries = lexicon.context_entries
    for index, start, end in lexicon.context.find_matches_as_indexes(text, overlapping=True):
        entry = entries[index]
        if entry.latin:
            if start and text[start - 1] in LATIN_ALNUM:
                continue
            if end < length and text[end] in LATIN_ALNUM:
                continue
        if entry.kind == CUE:
            cues.append((start, end, entry.text))
        elif entry.kind == HEAD:
            heads.append(Found(start, end, entry))
        else:
            blocks.append((start, end))
    if blocks:
        inside = _inside(blocks)
        cues = [cue for cue in cues if not inside(cue[0], cue[1])]
    kept = {word for _, _, word in cues}
    return Scan(found.folded, found.names, found.pacts, found.screened, heads, kept, found.caseless)


def _split_by_head(text: str, match: Found, blocks: frozenset[str]) -> bool:
    """Whether a Chinese name is cut from other words: 中苏联盟 is 中苏 and 联盟; 精英国家 has no 英国, 今日本文 no 日本."""
    entry = match.entry
    if entry.latin or entry.kind != STATE:
        return False
    start, end = match.start, match.end
    if entry.text == "苏联":
        return text.startswith("盟", end) and start > 0 and text[start - 1] in "中美英法德意日印越朝蒙波捷南古埃叙"
    if end - start == 2 and text[end : end + 1] in _OTHER_WORDS.get(text[end - 1], ()):
        return text[start - 1 : start + 1] in blocks or text[start - 2 : start + 1] in blocks
    return False


def _unblocked(pacts: list[Found], blocks: list[Found]) -> list[Found]:
    """The pacts that do not stand inside a longer name: the *NATO* phonetic alphabet."""
    inside = _inside([(block.start, block.end) for block in blocks])
    own = {(block.start, block.end) for block in blocks}
    return [pact for pact in pacts if (pact.start, pact.end) in own or not inside(pact.start, pact.end)]


def _inside(spans: list[tuple[int, int]]) -> Callable[[int, int], bool]:
    """A test of whether a span lies in one of some spans, in the time of one look-up."""
    if not spans:
        return lambda start, end: False
    ordered = sorted(spans)
    starts = [start for start, _ in ordered]
    furthest = list(accumulate((end for _, end in ordered), max))  # the furthest end of all that begin up to there

    def test(start: int, end: int) -> bool:
        index = bisect_right(starts, start) - 1
        return index >= 0 and furthest[index] >= end

    return test


def _longest(found: list[Found]) -> list[Found]:
    """Leftmost, then longest."""
    end = 0
    for match in found:
        if match.start < end:
            break
        end = match.end
    else:
        return found  # in order of their ends, as the automaton gives them, and apart
    found.sort(key=lambda match: (match.start, -match.end, _RANK[match.entry.kind]))
    chosen = [found[0]]
    end = found[0].end
    for match in found:
        if match.start >= end:
            chosen.append(match)
            end = match.end
    return chosen


_OTHER_WORDS: Final = {
    "国": frozenset("家民际度会学土境防内外王语籍书债力君情公务歌旗策营有庆"), "本": frozenset("文书章届期次身质能地应该报论研来土着领"),
}  # fmt: skip
