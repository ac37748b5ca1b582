"""How alike two names, titles or abstracts are. In: values of two records. Out: a word for their relation.

A relation is never a guess: where scripts differ and nothing links them, it is ``unknown``, which speaks neither way.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from kg.pinyin import has_han, name_syllables
from kg.text import fold, fold_key, folded_last, letters

TitleRelation = Literal["equal", "base", "near", "close", "different", "unknown", "part"]
NameRelation = Literal["same", "compatible", "disjoint", "unknown"]
TextRelation = Literal["equal", "near", "overlap", "different", "unknown"]

# --- persons -------------------------------------------------------------------------------------------------------


class PersonName(NamedTuple):
    """A name taken apart: every surname it may have, with the given names that then remain."""

    readings: frozenset[tuple[str, tuple[str, ...]]]
    is_han: bool
    folded: str


_PARTICLES: Final = frozenset(
    "van von der den de la le du di da dos del ter ten zu zur af al el bin ibn mac st".split()
)
_SUFFIX: Final = frozenset("jr sr ii iii iv".split())


def _letters(word: str) -> str:
    return "".join(c for c in word if c.isalpha())


@lru_cache(maxsize=32_768)
def person(name: str) -> PersonName:
    """A name in any usual form, taken apart.

    >>> sorted(person("Doe, Jane A.").readings)
    [('doe', ('jane', 'a'))]
    """
    whole = fold(name).text
    folded = (fold(name.replace("-", " ")).text if "-" in name and not has_han(name) else whole).strip()
    key = letters(whole)
    if has_han(folded) and not re.search(r"[a-z]{2}", folded):
        surname, given = name_syllables("".join(c for c in folded if "\u3400" <= c <= "\u9fff"))
        return PersonName(frozenset({(surname, given)}), True, key)
    family, comma, given_part = folded.partition(",")
    if comma:
        given = tuple(filter(None, (_letters(word) for word in re.split(r"[\s.]+", given_part.replace(",", " ")))))
        return PersonName(frozenset(_families(family, tuple(w for w in given if w not in _SUFFIX))), False, key)
    words = [_letters(word) for word in re.split(r"[\s.]+", folded)]
    words = [word for word in words if word and word not in _SUFFIX]
    if not words:
        return PersonName(frozenset(), False, key)
    if len(words) == 1:
        return PersonName(frozenset({(words[0], ())}), False, key)
    readings: set[tuple[str, tuple[str, ...]]] = set()
    raw = [word for word in re.split(r"[\s.]+", name.replace("-", " ").strip()) if word]
    last_is_initials = len(raw) > 1 and raw[-1].isupper() and len(raw[-1]) <= 3 and not raw[0].isupper()
    if last_is_initials:
        initials = tuple(words[-1])
        readings |= _families(" ".join(words[:-1]), initials)
    else:
        cut = len(words) - 1
        while cut > 1 and words[cut - 1] in _PARTICLES:
            cut -= 1
        readings |= _families(" ".join(words[cut:]), tuple(words[:cut]))
        readings.add((words[0], tuple(words[1:])))  # surname first, as East Asian names often stand
    return PersonName(frozenset(readings), False, key)


def _families(family: str, given: tuple[str, ...]) -> set[tuple[str, tuple[str, ...]]]:
    """The surname whole, and without its particles."""
    words = [_letters(word) for word in family.split()]
    words = [word for word in words if word and word not in _SUFFIX]
    found = {("".join(words), given)}
    core = [word for word in words if word not in _PARTICLES]
    if core and core != words:
        found.add(("".join(core), given))
    return found


def _given_fit(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether given names can be of one person: one list of names, initials or joined syllables within the other."""
    if not left or not right:
        return True
    a, b = "".join(left), "".join(right)
    if a == b or (len(a) > 1 and len(b) > 1 and (a.startswith(b) or b.startswith(a))):
        return True
    initials_a, initials_b = "".join(w[0] for w in left), "".join(w[0] for w in right)
    if a == initials_b or b == initials_a:
        return True
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if all(_one_fits(w, v) for w, v in zip(short, long, strict=False)):
        return True
    return len(short[0]) == 1 and len(short) == 1 and long[0].startswith(short[0])


def _one_fits(left: str, right: str) -> bool:
    return left == right or (min(len(left), len(right)) <= 4 and (left.startswith(right) or right.startswith(left)))


# Older and regional spellings of syllables to the first letters that pinyin gives them.
_ROMAN: Final = (
    (re.compile(r"^(?:ts|tz|tc)"), "z"), (re.compile(r"^hs"), "x"), (re.compile(r"^ch"), "c"), (re.compile(r"^zh"), "c"), (re.compile(r"^[jq]"), "c"),
    (re.compile(r"^(?:sz|ss)"), "s"), (re.compile(r"^sh"), "x"), (re.compile(r"^k"), "g"), (re.compile(r"^t"), "d"), (re.compile(r"^p"), "b"),
)  # fmt: skip


@lru_cache(maxsize=16_384)
def _sound(syllable: str) -> str:
    """A rough key of how a romanised surname sounds, equal in pinyin and Wade–Giles (zhang, chang; xu, hsu)."""
    for pattern, letter in _ROMAN:
        if pattern.match(syllable):
            return letter + re.sub(r"[^aeiou]", "", syllable)[:1]
    return syllable[:1] + re.sub(r"[^aeiou]", "", syllable)[:1]


def same_person(left: PersonName, right: PersonName) -> bool | None:
    """Whether two names can be of one person; None where one is romanised in a way that we cannot undo."""
    if left.folded == right.folded:
        return True
    if left.is_han and right.is_han:
        return False
    for surname, given in left.readings:
        for other, other_given in right.readings:
            if surname == other and _given_fit(given, other_given):
                return True
    if left.is_han != right.is_han:
        sounds = {_sound(surname) for surname, _ in left.readings}
        return None if sounds & {_sound(surname) for surname, _ in right.readings} else False
    return False


def bylines(left: tuple[str, ...], right: tuple[str, ...]) -> NameRelation:
    """How two lists of authors are related.

    >>> bylines(("张三", "李四"), ("Zhang, San", "Li Si")), bylines(("Doe J", "Roe R"), ("Jane Doe", "Richard Roe"))
    ('same', 'same')
    >>> bylines(("Doe, Jane",), ("Poe, Alan",)), bylines(("张三",), ())
    ('disjoint', 'unknown')
    """
    if not left or not right:
        return "unknown"
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    people = [person(name) for name in long]
    n_found = n_unsure = 0
    first = same_person(person(short[0]), people[0])
    for name in short:
        relations = [same_person(person(name), other) for other in people]
        if True in relations:
            n_found += 1
        elif None in relations:
            n_unsure += 1
    if n_found == len(short):
        return "same" if len(short) == len(long) or len(short) >= 3 else "compatible"
    if n_found and (first or n_found * 2 >= len(short)):
        return "compatible"
    if n_unsure or n_found:
        return "unknown"
    if people[0].is_han != person(short[0]).is_han and _is_foreign_in_han(long if people[0].is_han else short):
        return "unknown"
    return "disjoint"


def _is_foreign_in_han(names: tuple[str, ...]) -> bool:
    """Whether names in Chinese characters are a foreigner's written by sound: long, or with a dot."""
    return any(len(name) > 4 or "·" in name or "•" in name for name in names)


# --- titles --------------------------------------------------------------------------------------------------------

_GENERIC: Final = frozenset(
    fold_key(title)
    for title in (
        "Editor's Note|Editors' Note|Editorial|Editorial Note|From the Editor|From the Editors|Introduction"
        "|Foreword|Preface|Conclusion|Conclusions|Afterword|Epilogue|Prologue|Book Review|Book Reviews|Review"
        "|Reviews|Review Essay|Book Notes|Books Received|Contents|Table of Contents|Index|Erratum|Errata"
        "|Corrigendum|Correction|Corrections|Front Matter|Back Matter|Frontmatter|Backmatter|Masthead"
        "|Contributors|Notes on Contributors|About the Authors|Acknowledgments|Acknowledgements|Abstracts"
        "|Abstract|Letters|Letters to the Editor|Correspondence|Reply|Response|Comment|Commentary|Comments"
        "|Discussion|Announcements|News|Obituary|In Memoriam|Notes|Bibliography|References|Appendix"
        "|List of Reviewers|Call for Papers|Volume Index|Annual Index|Summary|Overview|Symposium|Roundtable"
        "|Interview|Abbreviations|List of Abbreviations|编者按|编者的话|编后记|编后|卷首语|主编寄语|本期导读|前言|序言|序|引言|绪论|导论|导言|结论"
        "|结语|后记|跋|书评|书讯|书评与述评|新书评介|述评|评论|目录|目次|总目录|索引|勘误|更正|启事|征稿启事|稿约|投稿须知|英文摘要|内容提要|摘要|编辑部启事|致读者|读者来信|会议综述"
        "|会议简讯|学术动态|简讯|动态|资料|年表|大事记|附录|作者简介|访谈|讨论|笔谈|圆桌|编者注|卷首|专题导言|主持人语"
    ).split("|")
)
_NUMBER_WORDS: Final = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10", "上": "1", "中": "2", "下": "3",
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "one": "1", "two": "2", "three": "3", "four": "4", "first": "1", "second": "2", "third": "3",
    "fourth": "4", "fifth": "5", "续": "2", "續": "2"}  # fmt: skip
_PART: Final = re.compile(
    r"之\s*([一二三四五六七八九十])(?=\W|\Z)"
    r"|[(\[]\s*([上中下一二三四五六七八九十续續]|\d|i{1,3}|iv|v)\s*[)\]]\s*\Z"
    r"|[:,.\s-]\s*(?:part|pt\.?|vol\.?|volume|no\.?)\s*(\d+|i{1,3}|iv|v|one|two|three|four)\b"
    r"|第\s*([一二三四五六七八九十\d]+)\s*[部分卷辑编篇版]"
    r"|(\d+|first|second|third|fourth|fifth)(?:st|nd|rd|th)?\s*(?:rev(?:ised|\.)?\s*)?ed(?:ition|n|\.)|\s(i{1,3}|iv|v|\d)\s*\Z|([上下])(?:篇|部|编|册)"
)
_KIND_WORDS: Final = re.compile(
    r"\b(appendix|erratum|errata|corrigendum|correction|reply|replies|response|respond|rejoinder|comments?"
    r"|supplement(?:ary)?|online appendix|retract(?:ion|ed)|book review|review of|"
    r"introduction to|revisited|reconsidered|addendum|abstract|translation|preface)\b|(附录|勘误|更正|回应|答复|商榷"
    r"|补遗|续论|再论|再探|再议|三论|书评|读后|摘要|撤稿|修订版|增订版|评(?=《))"
)
_SUBTITLE: Final = re.compile(r"\s*(?:[:?!.]\s+|:|--+|—+|\s-\s|\?)\s*|\s+[-–—]+\s+")


def is_generic(title: str) -> bool:
    """Whether a title says nothing of what follows: 'Editorial', 书评.

    >>> is_generic("Editor's Note"), is_generic("书评"), is_generic("Allies at War")
    (True, True, False)
    """
    key = fold_key(title)
    return key in _GENERIC or len(key) < 3


class Title(NamedTuple):
    """A title, ready for comparing."""

    key: str
    base: str
    is_han: bool
    parts: frozenset[str]
    kinds: frozenset[str]
    numbers: tuple[str, ...]
    is_generic: bool
    folded: str


class TitleKey(NamedTuple):
    """What a title goes by: its letters, those of its main part, the script, and whether it says nothing of what follows."""

    key: str
    base: str
    is_han: bool
    is_generic: bool


_HAN_LETTERS: Final = re.compile(r"[\u3400-\u9fff]+")


def title_key(text: str) -> TitleKey:
    """The part of `title` that costs least.

    >>> title_key("Allies at War: A History")
    TitleKey(key='alliesatwarahistory', base='alliesatwar', is_han=False, is_generic=False)
    """
    folded = folded_last(text).text.strip()
    key = letters(folded)
    pieces = [piece for piece in _SUBTITLE.split(folded) if piece.strip()]
    base = letters(pieces[0]) if len(pieces) > 1 else key
    n_han = 0 if key.isascii() else sum(map(len, _HAN_LETTERS.findall(key)))
    return TitleKey(key, base, n_han * 2 > len(key), key in _GENERIC or len(key) < 3)


@lru_cache(maxsize=8_192)
def title(text: str) -> Title:
    """A title with its parts: key, main title, number of a part or an edition, words such as 'appendix'."""
    folded = folded_last(text).text.strip()
    key, base, is_han, generic = title_key(text)
    parts = frozenset(
        _NUMBER_WORDS.get(group, group) for found in _PART.finditer(folded) for group in found.groups() if group
    )
    kinds = frozenset((a or b).rstrip("s") for a, b in _KIND_WORDS.findall(folded))
    if key in _GENERIC:
        kinds = frozenset()
    numbers = tuple(sorted(re.findall(r"\d+", folded)))
    return Title(key, base, is_han, parts, kinds, numbers, generic, folded)


def titles(left: Title, right: Title) -> TitleRelation:
    """How two titles are related.

    ``part``: they differ in what tells parts, editions and replies apart. ``base``: one lacks its subtitle. ``near``: letters
    differ as typing errors do. ``close``: most words are shared.

    >>> titles(title("美日同盟研究之一"), title("美日同盟研究之二")), titles(title("Allies at War"), title("ALLIES AT WAR."))
    ('part', 'equal')
    >>> titles(title("The US–Japan Alliance in Asia"), title("The US–Korea Alliance in Asia"))
    'close'
    """
    if left.key == right.key:
        return "equal"
    if left.is_han != right.is_han:
        return "unknown"
    if left.parts != right.parts or left.kinds != right.kinds:
        return "part"
    short, long = (left, right) if len(left.key) <= len(right.key) else (right, left)
    if left.numbers == right.numbers or short.key == long.base:
        enough = 5 if short.is_han else 14
        if len(short.key) >= enough and (
            short.key == long.base
            or (short.base == long.base and short.base != short.key and long.key.startswith(short.key))
        ):
            return "base"
        if len(short.key) >= (10 if short.is_han else 30) and long.key.startswith(short.key):
            return "base"
    if left.numbers != right.numbers:
        return "close" if _shared_words(left, right) >= 0.6 else "different"
    if _is_typing_error(left, right):
        return "near"
    return "close" if _shared_words(left, right) >= 0.6 else "different"


def _is_typing_error(left: Title, right: Title) -> bool:
    """Few letters differ, and not so that a word becomes another."""
    if not left.is_han:
        words_left, words_right = (
            [word for word in re.findall(r"[^\W_]+", title.folded) if word not in _STOP] for title in (left, right)
        )
        if words_left == words_right and len(words_left) > 2:
            return True
    longest = max(len(left.key), len(right.key))
    if abs(len(left.key) - len(right.key)) > longest * 0.12:
        return False
    matcher = SequenceMatcher(None, left.key, right.key, autojunk=False)
    if matcher.quick_ratio() < 0.9 or matcher.ratio() < 0.92:
        return False
    if left.is_han:
        changes = [(left.key[a:b], right.key[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
        dropped = [(a, b) for a, b in changes if not (a and b)]
        return (
            len(changes) == 1
            and all(len(a + b) <= 1 and (a + b) in "的之与和及与了论对" for a, b in dropped)
            and len(dropped) == 1
        )
    first, second = re.findall(r"[^\W_]+", left.folded), re.findall(r"[^\W_]+", right.folded)
    words = SequenceMatcher(None, first, second, autojunk=False)
    for tag, a, b, c, d in words.get_opcodes():
        if tag == "equal":
            continue
        old, new = "".join(first[a:b]), "".join(second[c:d])
        if old == new or all(word in _STOP for word in first[a:b] + second[c:d]):
            continue
        if (
            min(len(old), len(new)) < 6
            or old[0] != new[0]
            or SequenceMatcher(None, old, new, autojunk=False).ratio() < 0.8
        ):
            return False
    return True


_STOP: Final = frozenset("a an the of in on and for to s".split())


def _shared_words(left: Title, right: Title) -> float:
    """Share of words (Chinese: pairs of characters) that both have."""
    if left.is_han:
        first = {left.key[i : i + 2] for i in range(len(left.key) - 1)}
        second = {right.key[i : i + 2] for i in range(len(right.key) - 1)}
    else:
        first = {word for word in re.findall(r"[^\W_]+", left.folded) if word not in _STOP}
        second = {word for word in re.findall(r"[^\W_]+", right.folded) if word not in _STOP}
    return len(first & second) / max(1, len(first | second))


# --- abstracts -----------------------------------------------------------------------------------------------------


_SAMPLES: Final = 24  # pieces that are looked for first: two texts that share none of them share little


def shingles(key: str, width: int) -> set[int]:
    """Hashes of all pieces of a folded text of some width."""
    return {hash(key[i : i + width]) for i in range(max(1, len(key) - width + 1))}


def abstracts(left: str, right: str) -> TextRelation:
    """How two folded abstracts are related: by overlap of their shingles.

    A cut-off abstract is ``near`` to the whole one; a sentence shared by two is no more than ``overlap``.
    """
    if left == right:
        return "equal"
    han = sum("\u3400" <= c <= "\u9fff" for c in left[:200]) * 2 > min(len(left), 200)
    if han != (sum("\u3400" <= c <= "\u9fff" for c in right[:200]) * 2 > min(len(right), 200)):
        return "unknown"
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    enough = 40 if han else 120
    if len(short) < enough // 2:
        return "unknown"
    if len(short) >= enough and short in long:
        return "near"
    width = 4 if han else 9
    piece = 8 if han else 24
    step = max(1, (len(short) - piece) // _SAMPLES)
    if not any(short[at : at + piece] in long for at in range(0, len(short) - piece, step)):
        return "different"
    first, second = shingles(short, width), shingles(long, width)
    shared = len(first & second)
    if shared >= 0.8 * len(first | second) or (shared >= 0.9 * len(first) and len(short) >= enough):
        return "near"
    return "overlap" if shared >= 0.4 * len(first) else "different"
