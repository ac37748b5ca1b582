"""Which title goes with which abstract, and in what language they are. In: texts of one reference. Out: texts by language.

Languages are told by letters and small words; what a source declares decides only where these cannot.
"""

from __future__ import annotations

import re
from typing import Final

from kg.model import Text
from kg.text import detect_lang, fold_key

_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ]+")
_HAN_OR_KANA: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_OTHER_SCRIPT: Final = re.compile(r"[\u0370-\u1fff\uac00-\ud7af]")


def _script(text: str) -> str:
    """Which kind of letters a text is in: ``han``, ``latin``, ``other``; ``short`` where it is a word or two of Latin."""
    if text.isascii():
        return "latin" if len(_LATIN.findall(text, 0, 120)) > 2 else "short"
    n_han = len(_HAN_OR_KANA.findall(text, 0, 120))
    words = _LATIN.findall(text, 0, 120)
    n_other = len(_OTHER_SCRIPT.findall(text, 0, 120))
    if n_other > n_han and n_other > sum(map(len, words)):
        return "other"
    if n_han and n_han * 4 >= sum(map(len, words)):
        return "han"
    return "latin" if len(words) > 2 else "short"


def _distinct(texts: list[str]) -> list[str]:
    """The texts without those that say nothing new: the same letters, or a piece of a longer one of the same script."""
    kept: list[tuple[str, str]] = []
    for text in texts:
        key = fold_key(text)
        if any(key == other for _, other in kept):
            continue
        longer = next((i for i, (_, other) in enumerate(kept) if len(other) > 20 and key.startswith(other)), None)
        if longer is not None:
            kept[longer] = (text, key)
        elif not any(len(key) > 20 and other.startswith(key) for _, other in kept):
            kept.append((text, key))
    return [text for text, _ in kept]


def paired(titles: list[str], abstracts: list[str], declared: str | None) -> tuple[Text, ...]:
    """Titles and abstracts paired by language, that of the first title (else abstract) first."""
    if len(titles) > 1:
        titles = _distinct(titles)
    if len(abstracts) > 1:
        abstracts = _distinct(abstracts)
    if len(titles) <= 1 and len(abstracts) <= 1:
        title = titles[0] if titles else None
        abstract = abstracts[0] if abstracts else None
        if title is None or abstract is None or (title.isascii() and abstract.isascii()) or _alike(title, abstract):
            return (Text(_lang(declared, title, abstract), title, abstract),) if title or abstract else ()
    texts: list[Text] = []
    left = list(abstracts)
    for title in titles:
        match = next((a for a in left if _alike(title, a) and (len(titles) == 1 or _same_lang(title, a))), None)
        if match is not None:
            left.remove(match)
        texts.append(Text(_lang(declared, title, match), title, match))
    texts.extend(Text(_lang(declared, None, abstract), None, abstract) for abstract in left)
    if titles and texts[0].abstract is None and declared and len(texts) > 1:
        texts.sort(key=lambda text: not text.lang.startswith(declared[:2]))
    return tuple(texts)


def _is_plainly_english(text: str) -> bool:
    """Whether a text has the small words that only English has, and hardly a letter beyond ASCII."""
    begin = text[:600]
    if begin.count(" the ") > 2 and text.isascii():
        return True
    n_small = begin.count(" the ") + begin.count(" of ") + begin.count(" and ")
    return n_small > 2 and (text.isascii() or len(text.encode("ascii", "ignore")) * 100 > len(text) * 97)


_KANA: Final = re.compile(r"[\u3040-\u30ff]")


def _is_plainly_simplified(text: str) -> bool:
    """Whether a text is Chinese and nearly all its characters are in the set that mainland China began with (GB 2312)."""
    n_han = len(_HAN_OR_KANA.findall(text, 0, 100))
    if n_han < 20 or n_han * 3 < min(100, len(text)) or _KANA.search(text):
        return False
    return len(text.encode("gb2312", "ignore").decode("gb2312")) * 100 >= len(text) * 98


def _alike(title: str, abstract: str) -> bool:
    first, second = _script(title), _script(abstract)
    return first == second or "short" in (first, second)


def _same_lang(title: str, abstract: str) -> bool:
    return _script(title) != "latin" or _script(abstract) != "latin" or detect_lang(title) == detect_lang(abstract)


def _lang(declared: str | None, title: str | None, abstract: str | None) -> str:
    """The language of a text: told by its letters; what is declared decides only between languages of Latin letters."""
    text = abstract or title or ""
    if declared in (None, "en") and _is_plainly_english(text):
        return "en"
    if declared in (None, "zh") and _is_plainly_simplified(f"{title or ''}{abstract or ''}"):
        return "zh-Hans"
    found = detect_lang(title, abstract)
    if (
        found == "en"
        and declared
        and declared not in ("en", "und")
        and declared[:2] not in ("zh", "ja", "ko", "ru", "ar")
    ):
        return declared if len(f"{title or ''}{abstract or ''}") < 80 else found
    if found == "zh-Hans" and declared == "ja":
        return "ja"
    return found


_LANGUAGE_NAMES: Final = {
    "中文": "zh", "chi": "zh", "zho": "zh", "chinese": "zh", "cn": "zh", "zh": "zh", "英文": "en", "eng": "en", "english": "en", "en": "en",
    "日文": "ja", "jpn": "ja", "japanese": "ja", "ja": "ja", "fre": "fr", "fra": "fr", "french": "fr", "fr": "fr", "ger": "de", "deu": "de",
    "german": "de", "de": "de", "spa": "es", "spanish": "es", "es": "es", "rus": "ru", "russian": "ru", "ru": "ru", "kor": "ko", "korean": "ko",
    "ko": "ko", "ita": "it", "italian": "it", "it": "it", "por": "pt", "portuguese": "pt", "pt": "pt", "tur": "tr", "turkish": "tr", "tr": "tr",
    "pol": "pl", "polish": "pl", "pl": "pl", "dut": "nl", "nld": "nl", "dutch": "nl", "nl": "nl", "ara": "ar", "arabic": "ar", "ar": "ar",
    "cze": "cs", "ces": "cs", "czech": "cs", "cs": "cs", "swe": "sv", "swedish": "sv", "sv": "sv", "ukr": "uk", "ukrainian": "uk", "uk": "uk",
}  # fmt: skip


def declared_lang(text: str | None) -> str | None:
    """The two-letter code for a language as a source names it ('中文;', 'eng', 'en-US'), None where it is not known."""
    if not text:
        return None
    if text in ("en", "zh"):
        return text
    key = re.split(r"[;；,\s]", text.strip().lower(), maxsplit=1)[0]
    return _LANGUAGE_NAMES.get(key) or _LANGUAGE_NAMES.get(re.split(r"[-_]", key, maxsplit=1)[0])
