"""Frequent phrases that no tag explains: candidates for the vocabulary. In: tagged works. Out: phrases with an example.

A phrase is a run of two to four English words, or of three to seven Han characters (two are mostly everyday words),
outside of every mention and within one clause of a sentence that has a tag. It counts once a work. A run of Han
characters must stand beside different neighbours on both sides (accessor variety), which tells a word from a piece of
one; a phrase that mostly occurs inside a longer one gives way to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from kg.model import KINDS, TaggedWork
from kg.text import fold, sentences

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<latin>[A-Za-z][A-Za-z'’-]*(?: [A-Za-z][A-Za-z'’-]*)*)")
_WORDS: Final = range(2, 5)
_CHARACTERS: Final = range(3, 8)
#: A phrase that stands inside a longer one in this share of its works gives way to it.
_INSIDE: Final = 0.75
_VARIETY: Final = 2
_STOP: Final = frozenset(
    "a about after all also although among an and are argue argues article as at be because been before between book both but by can"
    " chapter could did do does during each ever examines finds first for from had has have here how however i if in into is it its less"
    " many may more most much must neither no nor not of on one only or other our out over own paper rather same second shows so some"
    " study such than that the their them then there these they this those through thus to too two under until up upon used very was we"
    " were what when where whether which while who whose why will with within without work would yet you".split()
)
_STOP_PHRASES: Final = frozenset(("关键词", "相似文献", "内容提要"))
_STOP_HAN: Final = frozenset(
    "的了是在和与與及或而也就都又并並等对對从從向以为為被把将將于於由其之这這那有不无無但因所者"
)


class Suggestion(NamedTuple):
    """A phrase that no tag explains.

    Parameters
    ----------
    phrase, lang : str
    works : int
        In how many works it stands.
    work, sentence : str
        One of them, and the clause around the phrase in it.
    """

    phrase: str
    lang: str
    works: int
    work: str
    sentence: str


@dataclass(slots=True)
class _Seen:
    """Where a phrase stands."""

    works: set[int] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    right: set[str] = field(default_factory=set)
    example: tuple[str, str] = ("", "")


def suggest(tagged_works: Iterable[TaggedWork], *, least: int = 3, lang: str | None = None) -> list[Suggestion]:
    """Phrases of works that are on alliances, groups or concepts, the commonest first.

    Parameters
    ----------
    tagged_works : iterable of TaggedWork
    least : int
        In how many works a phrase must stand.
    lang : str or None
        ``en`` or ``zh``; None for both.
    """
    seen: dict[tuple[str, str], _Seen] = defaultdict(_Seen)
    for number, tagged in enumerate(tagged_works):
        if tagged.is_relevant:
            for text in _unexplained(tagged):
                for run in _RUN.finditer(text):
                    kind = "zh" if run.lastgroup == "han" else "en"
                    if lang in {None, kind}:
                        for phrase, left, right in _phrases(run.group(), kind):
                            _note(seen[phrase.lower(), kind], number, tagged, left, right, text)
    kept = {key: one for key, one in seen.items() if len(one.works) >= least and _is_free(key[1], one)}
    found = [
        Suggestion(phrase, kind, len(one.works), *one.example)
        for (phrase, kind), one in kept.items()
        if not _gives_way(phrase, kind, one, kept)
    ]
    return sorted(found, key=lambda one: (-one.works, -len(one.phrase), one.phrase))


def _note(one: _Seen, number: int, tagged: TaggedWork, left: str, right: str, text: str) -> None:
    if not one.works:
        one.example = (tagged.id, " ".join(text.split()))
    one.works.add(number)
    one.left.add(left or f"^{number}")
    one.right.add(right or f"${number}")


def _unexplained(tagged: TaggedWork) -> Iterator[str]:
    """Clauses of the sentences that have a tag, with the words of every mention taken out."""
    for name, text in tagged.work.fields().items():
        mentions = [m for kind in KINDS for found in tagged.tags(kind).values() for m in found if m.field == name]
        folded = fold(text)
        for begin, stop in sentences(folded):
            first, last = folded.raw_span(begin, stop)
            inside = [m for m in mentions if first <= m.start < last]
            if not inside:
                continue
            characters = list(text[first:last])
            for m in inside:
                if m.rule == "concept-words":
                    continue  # no label or pattern explains these words yet
                low, high = m.start - first, min(m.end, last) - first
                characters[low:high] = "\n" * (high - low)
            yield from (clause for clause in re.split(r"[^\w\s'’-]|\n", "".join(characters)) if clause.strip())


def _phrases(run: str, kind: str) -> Iterator[tuple[str, str, str]]:
    """Every phrase of a run, with what stands before and after it."""
    if kind == "zh":
        for size in _CHARACTERS:
            for at in range(len(run) - size + 1):
                phrase = run[at : at + size]
                if _STOP_HAN.isdisjoint(phrase) and phrase not in _STOP_PHRASES:
                    yield phrase, run[at - 1 : at] if at else "", run[at + size : at + size + 1]
        return
    words = run.split(" ")
    for size in _WORDS:
        for at in range(len(words) - size + 1):
            part = words[at : at + size]
            ends = (part[0].lower(), part[-1].lower())
            if all(len(word) > 2 and word not in _STOP for word in ends):
                yield " ".join(part), words[at - 1] if at else "", words[at + size] if at + size < len(words) else ""


def _is_free(kind: str, one: _Seen) -> bool:
    """Whether a phrase stands beside enough different neighbours to be a unit of its own."""
    return kind == "en" or min(len(one.left), len(one.right)) >= _VARIETY


def _gives_way(phrase: str, kind: str, one: _Seen, kept: Mapping[tuple[str, str], _Seen]) -> bool:
    """Whether a phrase mostly stands inside a longer one that is kept too."""
    return any(
        len(longer) > len(phrase)
        and phrase in longer
        and other_kind == kind
        and len(other.works) >= _INSIDE * len(one.works)
        for (longer, other_kind), other in kept.items()
    )
