"""Words of a sentence as features. In: a folded sentence with its states masked. Out: words and short runs of words, with their places.

English words stand by their stems, Chinese by runs of two to four characters; a state is ``<S>``, a year ``<Y>``, another number
``<N>``, so that what is learned of one alliance holds for others.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from kg.tagging.inflection import base_forms
from kg.tagging.patterns import STATE, STATE_REST

if TYPE_CHECKING:
    from collections.abc import Callable

Words = list[tuple[str, int, int]]
"""Words or runs of words with the place of each in the text."""

_STATE_WORD: Final = f"{STATE}{STATE_REST}*"
_ENGLISH: Final = re.compile(rf"{_STATE_WORD}|[a-z][a-z'’]*|[0-9]+")
_CHINESE: Final = re.compile(rf"{_STATE_WORD}|[\u3400-\u9fff]|[a-z]+|[0-9]+|\S")
COMMON: Final = frozenset(
    "the a an of in on to and or for by with at from as is are was were be been it its this that these those their his her they he she which who".split()
)
_LONGEST: Final = 4  # characters of a Chinese run


@cache
def _stemmer() -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem


@cache
def stem(word: str) -> str:
    """The stem of an English word, of an irregular form that of its base.

    >>> stem("dragged"), stem("fought"), stem("allies")
    ('drag', 'fight', 'alli')
    """
    return _stemmer()(base_forms().get(word, word))


def tokens_of_english(text: str) -> list[str]:
    """The words, numbers and states of a text."""
    return _ENGLISH.findall(text)


def shown_english(word: str) -> str:
    """What stands for a word: its stem, ``<S>`` for a state, ``<Y>`` and ``<N>`` for numbers."""
    if word[0] == STATE:
        return "<S>"
    if word[0].isdigit():
        return "<Y>" if len(word) == 4 else "<N>"
    return stem(word.replace("’", "'").removesuffix("'s"))


def english(masked: str, begin: int, stop: int) -> Words:
    """Stems of a sentence, and pairs of stems that follow each other at once or after one word."""
    words: Words = []
    for match in _ENGLISH.finditer(masked, begin, stop):
        words.append((shown_english(match.group()), *match.span()))
    found: Words = []
    for at, (word, start, end) in enumerate(words):
        if word not in COMMON:
            found.append((word, start, end))
        if at + 1 < len(words):
            found.append((f"{word} {words[at + 1][0]}", start, words[at + 1][2]))
        if at + 2 < len(words):
            found.append((f"{word} _ {words[at + 2][0]}", start, words[at + 2][2]))
    return found


def chinese(masked: str, begin: int, stop: int) -> Words:
    """Runs of two to four characters of a sentence; a state, a Latin word or a number counts as one character."""
    marks: Words = []
    for match in _CHINESE.finditer(masked, begin, stop):
        word = match.group()
        shown = "<S>" if word[0] == STATE else "<N>" if word[0].isdigit() else word
        marks.append((shown, *match.span()))
    is_word = [mark[0].isalnum() or mark in ("<S>", "<N>") for mark, _, _ in marks]
    found: Words = []
    for at, (run, start, end) in enumerate(marks):
        if not is_word[at]:
            continue
        if run[0] == "<" or run.isascii():
            found.append((run, start, end))
        for after in range(at + 1, min(at + _LONGEST, len(marks))):
            if not is_word[after]:
                break
            run += marks[after][0]
            found.append((run, start, marks[after][2]))
    return found


def words_of(masked: str, begin: int, stop: int, lang: str) -> Words:
    """The features of a sentence of a text in ``zh`` or ``en``."""
    return chinese(masked, begin, stop) if lang == "zh" else english(masked, begin, stop)


def marks_of(masked: str, begin: int, stop: int, lang: str) -> Words:
    """The words of a sentence one by one, or the characters of a Chinese one."""
    if lang == "zh":
        return [
            ("<S>" if (word := match.group())[0] == STATE else "<N>" if word[0].isdigit() else word, *match.span())
            for match in _CHINESE.finditer(masked, begin, stop)
        ]
    return [(shown_english(match.group()), *match.span()) for match in _ENGLISH.finditer(masked, begin, stop)]
