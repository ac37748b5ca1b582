"""Chinese names in Latin letters. In: Han characters. Out: pinyin, as bylines and journals spell it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u9fff]")

# Surnames whose reading differs from the character's usual one.
_SURNAMES: Final = {
    "曾": "zeng", "单": "shan", "單": "shan", "解": "xie", "仇": "qiu", "区": "ou", "區": "ou", "翟": "zhai", "查": "zha", "盖": "ge", "蓋": "ge",
    "朴": "piao", "任": "ren", "华": "hua", "華": "hua", "乐": "yue", "樂": "yue", "尉": "wei", "缪": "miao", "繆": "miao", "洗": "xian", "冼": "xian",
    "宁": "ning", "宓": "mi", "盛": "sheng", "石": "shi", "召": "shao", "折": "she", "黑": "he", "种": "chong", "那": "na", "燕": "yan", "应": "ying",
    "員": "yun", "贠": "yun", "逄": "pang", "覃": "qin", "瞿": "qu", "晁": "chao", "葛": "ge", "纪": "ji", "哈": "ha", "谌": "chen", "令": "ling",
}  # fmt: skip
COMPOUND_SURNAMES: Final = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 轩辕 夏侯 端木 百里 呼延 南宫 东郭 西门 独孤 公冶 澹台 濮阳 "
    "歐陽 司馬 諸葛 東方 尉遲 公孫 長孫 軒轅 南宮 東郭 西門 獨孤 澹臺 濮陽".split()
)


def has_han(text: str) -> bool:
    """Whether a text has a Chinese character."""
    return bool(_HAN.search(text))


@lru_cache(maxsize=65_536)
def syllables(text: str) -> tuple[str, ...]:
    """The pinyin of each character, ``ü`` as ``v``.

    >>> syllables("国际观察")
    ('guo', 'ji', 'guan', 'cha')
    """
    if _has_phrase(text):
        from pypinyin import lazy_pinyin

        return tuple(lazy_pinyin(text, errors="ignore", v_to_u=False))
    return tuple(syllable for character in text if (syllable := _usual_reading(character)))


@lru_cache(maxsize=16_384)
def _usual_reading(character: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(character, errors="ignore", v_to_u=False))


@lru_cache(maxsize=1)
def _phrases() -> tuple[Mapping[str, object], int]:
    """Words in which a character may be read otherwise, and the length of the longest."""
    from pypinyin.constants import PHRASES_DICT

    return PHRASES_DICT, max(map(len, PHRASES_DICT))


def _has_phrase(text: str) -> bool:
    """Whether one of the words stands in a text that tell how its characters are read."""
    if len(text) < 2:
        return False
    phrases, longest = _phrases()
    return any(
        text[begin:end] in phrases
        for begin in range(len(text) - 1)
        for end in range(begin + 2, min(begin + longest, len(text)) + 1)
    )


@lru_cache(maxsize=65_536)
def name_syllables(name: str) -> tuple[str, tuple[str, ...]]:
    """Surname and syllables of the given name.

    >>> name_syllables("张三"), name_syllables("欧阳小明"), name_syllables("曾志")
    (('zhang', ('san',)), ('ouyang', ('xiao', 'ming')), ('zeng', ('zhi',)))
    """
    cut = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    surname = _SURNAMES.get(name[:cut]) or "".join(syllables(name[:cut]))
    return surname, syllables(name[cut:])
