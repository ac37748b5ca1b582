"""One pass over a field. In: a folded text and the lexicon. Out: the names that stand in it, and how much it is about alliances.

Edges and letters are tested on every match before the longest is chosen: "South Koreans" must not lose *South Korean*'s state
because *South Korea* failed its edge.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from kg.tagging.lexicon import ANY, BLOCK, CAPITAL, CUE, GROUP, HEAD, PACT, STATE, Entry, Lexicon
from kg.text import Folded

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
        States, groups and blocking words, longest first chosen, in order, without overlap.
    pacts : list of Found
        Pacts and alliance names, chosen likewise.
    heads : list of Found
        Words for an alliance.
    cues : set of str
        Words that tell what the text is about.
    """

    folded: Folded
    names: list[Found]
    pacts: list[Found]
    heads: list[Found]
    cues: set[str]
    caseless: bool


def scan(folded: Folded, lexicon: Lexicon) -> Scan:
    """Find every name of the lexicon in a text."""
    text = folded.text
    raw = folded.raw
    length = len(text)
    same = folded.same_offsets
    entries = lexicon.entries
    states: list[Found] = []
    pacts: list[Found] = []
    heads: list[Found] = []
    cue_hits: list[tuple[int, int, str]] = []
    caseless = length > 60 and raw.islower()
    for index, start, end in lexicon.automaton.find_matches_as_indexes(text, overlapping=True):
        entry = entries[index]
        kind = entry.kind
        if entry.latin:
            if start and (before := text[start - 1]) < "\u0250" and before.isalnum():
                continue
            if end < length and (after := text[end]) < "\u0250" and after.isalnum():
                last = text[end - 1]
                if last != "-" and last.isalnum():
                    continue
            elif text[end - 1] == "-" and end >= length:
                continue
        if kind == CUE:
            cue_hits.append((start, end, entry.text))
            continue
        if kind == HEAD:
            heads.append(Found(start, end, entry))
            continue
        if entry.casing != ANY and not caseless:
            first, last_raw = (start, end) if same else folded.raw_span(start, end)
            if entry.casing == CAPITAL:
                if not (raw[first].isupper() or raw[first].isdigit() or not raw[first].isascii()):
                    continue
            elif not raw[first:last_raw].isupper():
                continue
        (pacts if kind == PACT else states).append(Found(start, end, entry))
    names = [match for match in _longest(states, text) if not _split_by_head(text, match)]
    cues = _free_cues(cue_hits, names)
    return Scan(folded, names, _longest(pacts, text), heads, cues, caseless)


def _split_by_head(text: str, match: Found) -> bool:
    """中苏联盟 is 中苏 and 联盟, not 中 and 苏联."""
    return (
        match.entry.text == "苏联"
        and text.startswith("盟", match.end)
        and match.start > 0
        and text[match.start - 1] in "中美英法德意日印越朝蒙波捷南古埃叙"
    )


def _free_cues(hits: list[tuple[int, int, str]], names: list[Found]) -> set[str]:
    """Cues that do not stand inside a word that keeps them away: 关税同盟, strategic alliances."""
    blocks = [(name.start, name.end) for name in names if name.entry.kind == BLOCK and name.end - name.start > 3]
    if not blocks:
        return {text for _, _, text in hits}
    return {text for start, end, text in hits if not any(begin <= start and end <= stop for begin, stop in blocks)}


def _longest(found: list[Found], text: str) -> list[Found]:
    """Leftmost, then longest; a state before a word that only blocks."""
    if len(found) < 2:
        return found
    found.sort(key=lambda match: (match.start, -match.end, _RANK[match.entry.kind]))
    chosen = [found[0]]
    end = found[0].end
    for match in found:
        if match.start >= end:
            chosen.append(match)
            end = match.end
        elif (
            match.end > end
            and match.entry.kind == STATE
            and chosen[-1].entry.kind == BLOCK
            and not match.entry.latin
            and not _other_word(text, match)
        ):
            chosen[-1] = match  # 飞往日本: a word that only keeps names away gives way to a whole name
            end = match.end
    return chosen


_OTHER_WORDS: Final = {
    "国": frozenset("家民际度会学土境防内外王语籍书债力君情公务歌旗策营有庆"), "本": frozenset("文书章届期次身质能地应该报论研来土着领"),
}  # fmt: skip


def _other_word(text: str, match: Found) -> bool:
    """Whether what follows makes the end of a name the beginning of another word: 精英国家, 今日本文."""
    return text[match.end : match.end + 1] in _OTHER_WORDS.get(text[match.end - 1], ())


__all__ = ["BLOCK", "GROUP", "Found", "Scan", "scan"]
