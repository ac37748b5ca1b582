"""Pure functions on text: folding with a way back to the original, language by script, sentences, stand-in titles.

In: strings. Out: strings and offsets. Folding makes letters that look or mean alike equal (case, width, accents,
Traditional and Simplified, radicals, kinds of dash and blank) and passes over what is no text (soft hyphens, blanks
between Han characters, pinyin left in brackets), while every folded character remembers the one it came from.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MARK: Final = "\uffff"  # stands in the first pass for a character that folds to none or to several
_HAN: Final = "\u3400-\u9fff\U00020000-\U0003ffff"

# The radicals' supplement, which NFKC leaves as it is (U+2E80–2EF3), to the character each is a form of.
_RADICALS: Final = {
    "⺁": "厂", "⺄": "乙", "⺅": "人", "⺆": "冂", "⺈": "刀", "⺉": "刀", "⺊": "卜", "⺋": "卩", "⺌": "小", "⺍": "小",
    "⺎": "兀", "⺏": "尣", "⺐": "尢", "⺒": "巳", "⺓": "幺", "⺔": "彑", "⺕": "彐", "⺖": "心", "⺗": "心", "⺘": "手",
    "⺙": "攴", "⺛": "旡", "⺜": "日", "⺝": "月", "⺞": "歹", "⺠": "民", "⺡": "水", "⺢": "水", "⺣": "火", "⺤": "爪",
    "⺥": "爪", "⺦": "丬", "⺧": "牛", "⺨": "犬", "⺩": "王", "⺪": "疋", "⺫": "目", "⺬": "示", "⺭": "示", "⺯": "糸",
    "⺰": "纟", "⺱": "网", "⺲": "网", "⺳": "网", "⺴": "网", "⺶": "羊", "⺷": "羊", "⺸": "羊", "⺹": "老", "⺺": "聿",
    "⺻": "聿", "⺼": "肉", "⺽": "臼", "⺾": "艹", "⺿": "艹", "⻀": "艹", "⻁": "虎", "⻂": "衣", "⻃": "西", "⻄": "西",
    "⻅": "见", "⻆": "角", "⻇": "角", "⻈": "讠", "⻉": "贝", "⻊": "足", "⻋": "车", "⻌": "辶", "⻍": "辶", "⻎": "辶",
    "⻏": "邑", "⻐": "钅", "⻑": "长", "⻒": "长", "⻓": "长", "⻔": "门", "⻕": "阜", "⻖": "阜", "⻗": "雨", "⻘": "青",
    "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食", "⻟": "饣", "⻠": "饣", "⻢": "马", "⻣": "骨", "⻤": "鬼",
    "⻥": "鱼", "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻪": "黾", "⻫": "齐", "⻬": "齐", "⻭": "齿", "⻮": "齿",
    "⻯": "龙", "⻰": "龙", "⻱": "龟", "⻲": "龟", "⻳": "龟",
}  # fmt: skip

# One sign for each family of punctuation; keys are what stands in texts, values what patterns may rely on.
_SIGNS: Final = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－─━", "-"),
    **dict.fromkeys("‘’ʼ‛′`´＇", "'"),
    **dict.fromkeys("“”„‟″«»＂「」『』〝〞", '"'),
    **dict.fromkeys("·・•‧∙⋅•", "·"),
    "，": ",", "：": ":", "；": ";", "！": "!", "？": "?", "（": "(", "）": ")", "．": ".", "｡": "。", "､": "、",
    "［": "[", "］": "]", "／": "/", "〜": "~", "～": "~", "…": "…", "﹑": "、",
}  # fmt: skip

_T2S_MORE: Final = {"臺": "台", "檯": "台", "颱": "台", "着": "着", "著": "著", "于": "于", "後": "后", "裏": "里", "裡": "里",
                    "係": "系", "繫": "系", "佔": "占", "纔": "才", "爲": "为", "衆": "众", "強": "强", "盪": "荡", "鬥": "斗",
                    "閒": "闲", "羣": "群", "峯": "峰", "証": "证", "啓": "启", "說": "说", "內": "内", "戶": "户", "絕": "绝",
                    "緖": "绪", "彥": "彦", "卽": "即", "旣": "既", "鄕": "乡", "靑": "青", "淸": "清", "敎": "教", "黃": "黄"}  # fmt: skip


@lru_cache(maxsize=1)
def _simplifier() -> dict[str, str]:
    """Traditional character → Simplified, from OpenCC's table, one character at a time (so length never changes)."""
    import opencc

    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))]
    characters += [chr(code) for code in range(0x20000, 0x2A6E0)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {old: new for old, new in zip(characters, converted, strict=True) if old != new and len(new) == 1}
    table.update(_T2S_MORE)
    return table


def _fold_character(character: str) -> str:
    """The folded form of one character: one character, several, or none."""
    sign = _SIGNS.get(character)
    if sign is not None:
        return sign
    if character in _RADICALS:
        return _RADICALS[character]
    category = unicodedata.category(character)
    if category in ("Mn", "Cf", "Me") or "\ufe00" <= character <= "\ufe0f":
        return ""  # combining marks, soft hyphens, zero-width and direction marks
    if category in ("Zs", "Zl", "Zp") or character in "\t\n\r\x0b\x0c\x85\u3164":
        return " "
    if category in ("Cc", "Cs"):
        return ""
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) == 1:
        base = unicodedata.normalize("NFD", folded)
        if len(base) > 1 and base[0] < "\u0530":
            folded = base[0]
        folded = {
            "ø": "o",
            "Ø": "o",
            "ł": "l",
            "Ł": "l",
            "đ": "d",
            "Đ": "d",
            "ð": "d",
            "ı": "i",
            "ß": "ss",
            "æ": "ae",
            "Æ": "ae",
            "œ": "oe",
            "Œ": "oe",
        }.get(folded, folded)
        folded = "".join(part for part in folded.lower() if not unicodedata.combining(part))
        return _simplifier().get(folded, folded) if folded >= "\u3400" else folded
    return "".join(_fold_character(part) for part in folded if part != character)


class _FirstPass(dict[int, str]):
    """A translation table that fills itself: code point → one character, or the mark where that would not do."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        one = folded if len(folded) == 1 else _MARK
        self[code] = one
        return one


_FIRST_PASS: Final = _FirstPass()

# Where the first pass is not enough: marks, runs of blanks, blanks inside Chinese, broken words, pinyin in brackets, entities.
_TROUBLE: Final = re.compile(
    rf"""(?P<mark>{_MARK}+)
      | (?P<broken>(?<=[a-z])-\ +(?=[a-z]))
      | (?P<pinyin>(?<=[{_HAN}])\((?=(?P<syllable>[a-z]{{1,6}})\)))
      | (?P<inside>(?<=[{_HAN}、，,])\ +(?=[{_HAN}]))
      | (?P<blanks>\ \ +)
      | (?P<entity>&(?:\#\d{{1,6}}|\#x[0-9a-f]{{1,5}}|[a-z]{{2,8}});)
    """,
    re.VERBOSE,
)
_INSIDE: Final = re.compile(rf" (?<=[{_HAN}、，,] )[{_HAN}]")  # the rare character first: searched for at once
_BRACKETED: Final = re.compile(rf"\((?<=[{_HAN}]\()[a-z]{{1,6}}\)")
_CONTROLS: Final = bytes((*range(32), 127))
_COMMON_SIGNS: Final = tuple((sign, _SIGNS.get(sign, " ")) for sign in "，：；！？（）“”‘’—–·．\n　")


@lru_cache(maxsize=1)
def _to_be_folded() -> re.Pattern[str]:
    """Finds a character that folding changes; what the usual Chinese and English texts are made of is let pass."""
    usual = [chr(code) for code in range(0x20, 0x7F) if not chr(code).isupper() and chr(code) != "`"]
    usual += list("。、《》〈〉【】〔〕…·")
    stable = [character for character in usual if _fold_character(character) == character]
    to_simplified = _simplifier()  # all that folding does to a Han character
    han = map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)))
    stable += [character for character in han if to_simplified.get(character, character) == character]
    ranges: list[list[int]] = []
    for code in sorted(map(ord, stable)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    inside = "".join(f"\\u{low:04x}-\\u{high:04x}" if low != high else f"\\u{low:04x}" for low, high in ranges)
    return re.compile(f"[^{inside}]")


_PINYIN: Final = re.compile(
    r"(?:[bpmfdtnlgkhjqxzcsrwyv]|[zcs]h)?(?:[iuv]?a(?:i|o|n|ng)?|[iuv]?e(?:i|n|ng|r)?|ou?|i(?:n|ng|u|ong)?|u(?:i|n|o)?|ong|v)"
    r"|[iuv]?(?:an|ang|ao|ai|ei|en|eng|ong|ian|iang|iao|uan|uang|ing|in|un|ie|ue|ua|uo|iu|ia)"
)
_SUSPENDED: Final = ("and ", "or ", "to ", "und ", "et ")


class Folded:
    """A folded text and the way back.

    Attributes
    ----------
    raw : str
        The text as it was given.
    text : str
        The folded text.
    """

    __slots__ = ("_at", "_delta", "raw", "text")

    def __init__(self, raw: str, text: str, at: list[int] | None = None, delta: list[int] | None = None) -> None:
        self.raw = raw
        self.text = text
        self._at = at  # folded positions from which the shift below holds
        self._delta = delta

    @property
    def same_offsets(self) -> bool:
        """Whether the offsets of the folded text are those of the original."""
        return self._at is None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open offsets in the original of a half-open span of the folded text that is not empty."""
        if self._at is None or self._delta is None:
            return start, end
        first = start + self._delta[bisect_right(self._at, start) - 1]
        last = end - 1 + self._delta[bisect_right(self._at, end - 1) - 1]
        return first, last + 1

    def surface(self, start: int, end: int) -> str:
        """The original words of a span of the folded text."""
        first, last = self.raw_span(start, end)
        return self.raw[first:last]


def fold(text: str) -> Folded:
    """Fold a text so that forms that mean the same are equal.

    Parameters
    ----------
    text : str
        Any Unicode string.

    Returns
    -------
    Folded
        ``fold(text).raw_span(a, b)`` are the offsets in `text` of ``fold(text).text[a:b]``.

    Notes
    -----
    Linear in the length. Where nothing needs mending, which is the rule, offsets are equal and no map is kept.

    Examples
    --------
    >>> folded = fold("中越同 盟與ＵＳ－Japan")
    >>> folded.text
    '中越同盟与us-japan'
    >>> folded.surface(0, 4)
    '中越同 盟'
    """
    if text.isascii():
        first = text.lower()
        if not ("  " in first or "- " in first or "&" in first or "`" in first):
            printed = first.encode("ascii").translate(None, _CONTROLS)  # ten times as fast as isprintable
            if len(printed) == len(first):
                return Folded(text, first)
    else:
        first = text
        for sign, plain in _COMMON_SIGNS:
            if sign in first:
                first = first.replace(sign, plain)
        first = first.lower()
        if len(first) != len(text):
            first = text.translate(_FIRST_PASS)
        elif _to_be_folded().search(first):
            first = _with_plain_characters(text, first)
        if not (
            (" " in first and ("  " in first or "- " in first or _INSIDE.search(first)))
            or _MARK in first
            or "&" in first
            or ("(" in first and _BRACKETED.search(first))
        ):
            return Folded(text, first)
        return _mend(text, first)
    return _mend(text, text.translate(_FIRST_PASS))


def _with_plain_characters(text: str, first: str) -> str:
    """A text of which all but the usual characters are folded, with the others folded too."""
    others = set(_to_be_folded().findall(first))
    if len(others) * 12 > len(first) or min(others) < "\u2e80":  # a small letter may depend on its neighbours (ς)
        return text.translate(_FIRST_PASS)
    changes = [(other, plain) for other in others if (plain := _FIRST_PASS[ord(other)]) != other]
    if not others.isdisjoint(plain for _, plain in changes):
        return text.translate(_FIRST_PASS)
    for other, plain in changes:
        first = first.replace(other, plain)
    return first


def _mend(text: str, first: str) -> Folded:
    """The second pass: what one character for one character cannot say."""
    pieces: list[str] = []
    at: list[int] = []
    delta: list[int] = []
    done = length = 0
    for match in _TROUBLE.finditer(first):
        start, end = match.span()
        if start < done:
            continue
        kind = match.lastgroup if match.lastgroup != "syllable" else "pinyin"
        if kind == "broken":
            following = first[end : end + 5]
            if following.startswith(_SUSPENDED):
                continue
            hyphen = text[end].isupper() or ("\n" not in text[start:end] and text[start:end].count(" ") > 2)
            replaced = ["-"] if hyphen else []
        elif kind == "pinyin":
            syllable = match.group("syllable")
            if not _PINYIN.fullmatch(syllable):
                continue
            end += len(syllable) + 1
            replaced = []
        elif kind == "inside":
            replaced = []
        elif kind == "blanks":
            replaced = [" "]
        elif kind == "entity":
            decoded = html.unescape(match.group())
            if decoded == match.group() or len(decoded) != 1:
                continue
            replaced = ["".join(_fold_character(decoded))]
        else:
            replaced = [_fold_character(character) for character in text[start:end]]
        if start > done:
            pieces.append(first[done:start])
            at.append(length)
            delta.append(done - length)
            length += start - done
        if kind == "mark":
            for offset, part in enumerate(replaced):
                for _ in part:
                    at.append(length)
                    delta.append(start + offset - length)
                    length += 1
                pieces.append(part)
        else:
            for part in replaced:
                pieces.append(part)
                for _ in part:
                    at.append(length)
                    delta.append(start - length)
                    length += 1
        done = end
    if not pieces and not done:
        return Folded(text, first)
    if done < len(first):
        pieces.append(first[done:])
        at.append(length)
        delta.append(done - length)
    return Folded(text, "".join(pieces), at or [0], delta or [0])


#: A text, folded, where steps that look at some works one after the other ask for it again.
folded_last = lru_cache(maxsize=512)(fold)

#: Letters and digits beside which a Latin word does not begin or end.
LATIN_ALNUM: Final = frozenset(chr(code) for code in range(0x250) if chr(code).isalnum())

_NO_LETTERS: Final = re.compile(r"[\W_]+")
_ASCII_SIGNS: Final = bytes(code for code in range(128) if not chr(code).isalnum())


def letters(folded: str) -> str:
    """Only the letters and digits of a folded text."""
    if folded.isascii():
        return folded.encode("ascii").translate(None, _ASCII_SIGNS).decode("ascii")
    return _NO_LETTERS.sub("", folded)


def fold_key(text: str) -> str:
    """Only the folded letters and digits: equal for titles that differ in case, punctuation, dashes or blanks.

    >>> fold_key("Burden Sharing and the U.S.–Korea Alliance") == fold_key("BURDEN SHARING AND THE US-KOREA ALLIANCE")
    True
    """
    return letters(fold(text).text)


_STOP: Final = re.compile("[。!?;.…][。!?;\"')\\]…]*")
_ENDS: Final = frozenset("。!?;")
_ABBREVIATIONS: Final = frozenset(
    "u.s u.k u.n u.s.a e.g i.e mr mrs ms dr prof st vs no vol pp p ed eds cf al jr sr gen col lt capt sen rep gov fig ca approx inc ltd co dept".split()
)


def sentences(folded: Folded) -> list[tuple[int, int]]:
    """Half-open spans of the sentences of a folded text, in order and without gaps.

    A full stop after an abbreviation, an initial or before a small letter ends nothing; a semicolon does.

    >>> sentences(fold("The U.S. left. Japan stayed."))
    [(0, 14), (14, 28)]
    """
    text = folded.text
    length = len(text)
    spans = []
    begin = 0
    for match in _STOP.finditer(text):
        at, end = match.span()
        sign = text[at]
        if sign in ".…" and (end - at == 1 or _ENDS.isdisjoint(match.group())):
            before = text[at - 1] if at else ""
            after = text[end] if end < length else ""
            if sign == "…":
                if after and not after.isspace():
                    continue
            elif before >= "\u3400" or before == '"':
                pass  # Chinese text that ends its sentences with a Latin stop
            elif (after and not (after.isspace() or after >= "\u3400")) or _goes_on(folded, begin, at, end):
                continue
        spans.append((begin, end))
        begin = end
    if begin < length:
        spans.append((begin, length))
    if length > _LONGEST and any(end - start > _LONGEST for start, end in spans):
        spans = [piece for span in spans for piece in _pieces(text, *span)]
    return spans


_LONGEST: Final = 1_500  # characters of a sentence; what is longer is no sentence, and would cost more than its length


def _pieces(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """A span cut at commas or blanks into pieces that are not too long."""
    while end - begin > _LONGEST:
        limit = begin + _LONGEST
        cut = max(text.rfind(sign, begin + _LONGEST // 2, limit) for sign in (",", "、", " ", "\n")) + 1 or limit
        yield begin, cut
        begin = cut
    yield begin, end


def _goes_on(folded: Folded, begin: int, at: int, end: int) -> bool:
    """Whether the full stop at `at` belongs to an abbreviation or an initial, or a small letter follows it."""
    text = folded.text
    follows = text[end : end + 2].strip()
    if not follows:
        return False
    if end + 1 < len(text):
        raw_at = folded.raw_span(end + 1, end + 2)[0]
        if folded.raw[raw_at : raw_at + 1].islower():
            return True
    word_start = max(text.rfind(" ", begin, at), text.rfind("(", begin, at), begin - 1) + 1
    word = text[word_start:at]
    abbreviated = word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())
    return abbreviated and not (word in ("u.s", "u.k", "u.s.a") and _starts_sentence(folded, end))


_STARTERS: Final = re.compile(
    r" +(?:the|this|these|it|we|in|but|however|yet|although|while|when|a|an|i|they|he|she|for|as|if|by|to|on|at|our|its|such|both|after|before|since)\b"
)


def _starts_sentence(folded: Folded, at: int) -> bool:
    match = _STARTERS.match(folded.text, at)
    if match is None:
        return False
    raw = folded.raw_span(match.end() - 1, match.end())[0]
    first = folded.raw_span(at + 1, at + 2)[0]
    return folded.raw[first : first + 1].isupper() and raw >= first


_SCRIPTS: Final = {
    "han": re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"),
    "kana": re.compile(r"[\u3040-\u30ff]+"),
    "hangul": re.compile(r"[\uac00-\ud7af\u1100-\u11ff]+"),
    "cyrillic": re.compile(r"[\u0400-\u052f]+"),
    "arabic": re.compile(r"[\u0600-\u06ff]+"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\uff21-\uff5a]+"),
}
_EAST: Final = re.compile(r"[\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]")  # kana, hangul
_LATIN_LETTER: Final = re.compile(r"[A-Za-z]")
_LATIN_WORDS: Final = re.compile(r"[a-zà-ÿ]+")
_STOPWORDS: Final = {
    "en": frozenset(
        "the of and to in a that is for on with as by this are an be from it or which its at between was has have not how".split()
    ),
    "fr": frozenset("le la les des du et une dans pour sur par est au aux que qui avec entre ses cette ce son".split()),
    "de": frozenset(
        "der die das und den dem des ein eine zu mit von für auf im ist nicht als sich durch zwischen".split()
    ),
    "es": frozenset("el la los las del y una en para por con que es entre como su sus se al lo".split()),
    "it": frozenset("il lo gli della delle dei e una nel per con che di tra come sua alla sono".split()),
    "pt": frozenset("o os as da do dos das e uma em para por com que no na entre como sua ao".split()),
}


def detect_lang(*texts: str | None) -> str:
    """Language of some texts, told by script and, for Latin letters, by small words.

    Returns
    -------
    str
        ``en``, ``zh-Hans``, ``zh-Hant``, ``ja``, ``ko``, ``ru``, ``ar``, ``fr``, ``de``, ``es``, ``it``, ``pt``; ``und`` where there are
        no letters. Latin text with no small words is taken for English; Chinese with no character that tells the
        scripts apart for Simplified.

    >>> detect_lang("美日同盟"), detect_lang("美日同盟與臺灣"), detect_lang("The alliance")
    ('zh-Hans', 'zh-Hant', 'en')
    """
    whole = "\n".join(filter(None, texts))[:20_000]
    if _is_surely_english(whole):
        return "en"
    if whole.isascii():
        return _latin_language(whole) if _LATIN_LETTER.search(whole) else "und"
    if sum(map(len, _SCRIPTS["han"].findall(whole))) * 2 >= len(whole) and not _EAST.search(whole):
        return _chinese_script(whole)
    counts = {script: sum(map(len, letters.findall(whole))) for script, letters in _SCRIPTS.items()}
    if not any(counts.values()):
        return "und"
    if counts["kana"] > 2 and counts["kana"] * 8 > counts["han"]:
        return "ja"
    if counts["hangul"] > counts["han"] and counts["hangul"] * 3 > counts["latin"]:
        return "ko"
    if counts["han"] and counts["han"] * 4 >= counts["latin"]:
        return _chinese_script(whole)
    for script, lang in (("cyrillic", "ru"), ("arabic", "ar")):
        if counts[script] > counts["latin"]:
            return lang
    return _latin_language(whole)


def _is_surely_english(whole: str) -> bool:
    """Whether the beginning of a text has the small words that only English has, several times those of other languages."""
    if not whole.isascii() and len(whole.encode("ascii", "ignore")) * 100 < len(whole) * 97:
        return False
    begin = whole[:800]
    n_english = begin.count(" the ") + begin.count(" of ") + begin.count(" and ")
    return n_english > 3 and n_english > 3 * (
        begin.count(" de ") + begin.count(" la ") + begin.count(" und ") + begin.count(" di ") + begin.count(" der ")
    )


@lru_cache(maxsize=1)
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    """Which languages a small word is of."""
    words = sorted({word for stopwords in _STOPWORDS.values() for word in stopwords})
    return {word: tuple(lang for lang, stopwords in _STOPWORDS.items() if word in stopwords) for word in words}


def _latin_language(text: str) -> str:
    """The language whose small words are most; English where none stands out."""
    find = _languages_of_words().get
    scores = dict.fromkeys(_STOPWORDS, 0)
    for langs in filter(None, map(find, _LATIN_WORDS.findall(text.lower()))):
        for lang in langs:
            scores[lang] += 1
    best = max(scores, key=lambda lang: (scores[lang], lang == "en"))
    return best if scores[best] > scores["en"] * 1.2 and scores[best] >= 3 else "en"


@lru_cache(maxsize=1)
def _script_letters() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only Traditional texts have, and such that only Simplified ones have (Big5 does not know them)."""
    table = _simplifier()
    traditional = frozenset(old for old, new in table.items() if old != new) - frozenset("著乾")
    simplified = frozenset(new for new in table.values() if not new.encode("big5", "ignore")) - frozenset(table)
    return traditional, simplified


@lru_cache(maxsize=1)
def _scripts_table() -> NDArray[np.int8]:
    """By code point: 1 for what only Traditional texts have, -1 for what only Simplified ones have, 0 for all other characters."""
    import numpy as np

    traditional, simplified = _script_letters()
    table = np.zeros(0x110000, np.int8)
    table[list(map(ord, traditional))] += 1
    table[list(map(ord, simplified))] -= 1
    return table


def _chinese_script(text: str) -> str:
    """``zh-Hant`` where characters that only Traditional texts have are more than those that only Simplified ones have."""
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return "zh-Hant" if int(_scripts_table()[points].sum()) > 0 else "zh-Hans"


_FIRST_CLAUSE: Final = re.compile(r"[,，。.;；:：!！?？、\n]")


def stand_in(abstract: str | None) -> str:
    """What is shown for a work without a title: the first clause of its abstract in 〔 〕.

    At most 24 Han or 60 Latin characters; cut with an ellipsis, for Latin text between words.

    >>> stand_in("文章从同盟的起源出发,认为…")
    '〔文章从同盟的起源出发〕'
    >>> stand_in(None)
    '〔…〕'
    """
    whole = (abstract or "").strip()
    if not whole:
        return "〔…〕"
    han = bool(re.match(rf"\W*\w?\W*[{_HAN}]", whole))
    limit = 24 if han else 60
    clause = whole
    for match in _FIRST_CLAUSE.finditer(whole):
        if match.start() >= (6 if han else 12):
            clause = whole[: match.start()]
            break
    clause = " ".join(clause.split())
    if len(clause) <= limit:
        return f"〔{clause}〕"
    cut = clause[: limit - 1]
    if not han and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return f"〔{cut.rstrip()}…〕"
