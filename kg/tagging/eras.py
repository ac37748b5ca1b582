"""Eras with a name and their years. In: nothing. Out: words without one of which none is looked for, expression, years.

Wars count as periods where the words say that something went on in them (during the Korean War), the world wars and
the Cold War always.
"""

from __future__ import annotations

import re
from typing import Final

_ERAS: Final = (
    ("cold|冷战", r"\b(?:post-cold[- ]war(?: era| period| world)?|(?:after|since) the (?:end of the )?cold war)\b|冷战(?:结束|终结)?(?:之后|以后|以来|后(?!期))(?:时期|时代)?|后冷战(?:时期|时代)?", 1991, None),
    ("cold|冷战", r"\bearly (?:years of the )?cold war\b|冷战(?:初期|早期|前期)", 1947, 1962),
    ("cold|冷战", r"\blate cold war\b|冷战(?:末期|后期|晚期)", 1975, 1991),
    ("cold|冷战", r"(?<!post-)(?<!after the )(?<!end of the )(?<!since the )(?<!new )(?<!second )(?<!next )(?<!another )\bcold war(?: era| period| years)?\b(?! ended| is over|'s end| mentality| thinking| mindset)|(?<!后)(?<!新)冷战(?!后|结束|的?终结|初|末|早|晚|前期|以后|之后|以来|思维|心态|式)(?:时期|时代|期间|年代)?", 1947, 1991),
    ("interwar|inter-war|between the|战间|大战之间", r"\b(?:inter-?war(?: period| years| era)?|between the (?:two )?(?:world )?wars)\b|战间期|两次(?:世界)?大战之间", 1918, 1939),
    ("world war|great war|大战|一战", r"\b(?:after|since) (?:the )?(?:end of (?:the )?)?(?:first world war|world war i|world war one|great war)\b|(?<![第二三唯])一战(?:结束)?(?:之|以)?后|第一次世界大战(?:结束)?(?:之|以)?后", 1918, None),
    ("world war|great war|大战|一战", r"\b(?:before|prior to) (?:the )?(?:first world war|world war i|world war one|great war)\b|\bpre-?1914\b|(?<![第二三唯])一战(?:之|以)?前|第一次世界大战(?:之|以)?前", None, 1914),
    ("pre-1914|pre1914", r"\bpre-?1914\b", None, 1914),
    ("world war|great war|大战|一战", r"\b(?:first world war|world war i\b|world war one|great war)\b|第一次世界大战(?:期间|时期)?|(?<![第二三唯])一战(?!后|前|以后|之后|成名)(?:期间|时期)?", 1914, 1918),
    ("world war|大战|二战", r"\b(?:after|since) (?:the )?(?:end of (?:the )?)?(?:second world war|world war ii|world war two)\b|(?<!第)二战(?:结束)?(?:(?:之|以)?后|以来)|第二次世界大战(?:结束)?(?:(?:之|以)?后|以来)", 1945, None),
    ("world war|大战|二战", r"\b(?:second world war|world war ii\b|world war two)\b|第二次世界大战(?!后|结束|以?前|以后|之后|以来)(?:期间|时期)?|(?<!第)二战(?!后|以?前|结束|以来|以后|之后)(?:期间|时期)?", 1939, 1945),
    ("postwar|post-war", r"\bpost-?war (?:period|era|years|decades|order|world|japan|europe|germany)\b", 1945, None),
    ("bismarck|俾斯麦", r"\bbismarck(?:ian)? (?:era|period|system|age|years)\b|俾斯麦(?:执政|掌权)?时(?:期|代)", 1871, 1890),
    ("napoleonic|拿破仑", r"\bnapoleonic (?:wars?|era|period)\b|拿破仑战争(?:期间|时期)?", 1803, 1815),
    ("korean war|朝鲜战争", r"\b(?:during|throughout|in) the korean war\b|\bkorean war (?:years|era)\b|朝鲜战争(?:期间|时期)", 1950, 1953),
    ("crimean war|克里米亚战争", r"\bduring the crimean war\b|\bcrimean war era\b|克里米亚战争(?:期间|时期)", 1853, 1856),
    ("seven years|七年战争", r"\bseven years' war\b|七年战争(?:期间|时期)?", 1756, 1763),
    ("thirty years|三十年战争", r"\bthirty years' war\b|三十年战争(?:期间|时期)?", 1618, 1648),
    ("peloponnes|伯罗奔尼撒", r"\bpeloponnesian war\b|伯罗奔尼撒战争(?:期间|时期)?", -431, -404),
    ("抗战|抗日战争", r"抗日战争(?!以?前|后|胜利|结束)(?:期间|时期)?|(?:全面)?抗战(?:期间|时期)", 1937, 1945),
    ("甲午", r"甲午(?:战争|战败)(?:之|以)?后", 1895, None),
    ("民国", r"民国(?:时期|年间)", 1912, 1949), ("晚清|清末", r"晚清(?:时期)?|清末", 1840, 1912),
    ("改革开放", r"改革开放(?:以来|之?后)", 1978, None), ("建国|新中国成立", r"(?:新中国成立|建国)(?:以来|之?后)", 1949, None),
    ("9/11|9·11|911|september 11", r"\bpost-9/11\b|\b(?:since|after) (?:the )?(?:9/11|september 11)\b|[\"']?9·?11[\"']?(?:事件)?(?:之|以)?(?:后|来)", 2001, None),
    ("春秋|spring and", r"春秋时期|\bspring and autumn period\b", -770, -476), ("战国|warring", r"战国时期|战国时代|\bwarring states (?:period|era)\b", -475, -221), ("春秋|先秦", r"春秋战国(?:时期|时代)?|先秦(?:时期)?", -770, -221),
)  # fmt: skip
#: Presidents whose years are known from the name alone.
_TERMS: Final = {
    "truman|杜鲁门": (1945, 1953), "eisenhower|艾森豪威尔": (1953, 1961), "kennedy|肯尼迪": (1961, 1963), "nixon|尼克松": (1969, 1974), "reagan|里根": (1981, 1989), "obama|奥巴马": (2009, 2017),
    "adenauer|阿登纳": (1949, 1963), "de gaulle|戴高乐": (1958, 1969), "khrushchev|赫鲁晓夫": (1953, 1964), "brezhnev|勃列日涅夫": (1964, 1982), "gorbachev|戈尔巴乔夫": (1985, 1991),
    "park chung hee|朴正熙": (1961, 1979), "kim dae-jung|金大中": (1998, 2003), "roh moo-hyun|卢武铉": (2003, 2008), "park geun-hye|朴槿惠": (2013, 2017), "moon jae-in|文在寅": (2017, 2022), "duterte|杜特尔特": (2016, 2022),
}  # fmt: skip


def _term(names: str) -> str:
    english, chinese = names.split("|")
    return rf"\b{english} (?:era|years|period|presidency)\b|\bunder (?:president )?{english}\b|{chinese}(?:执政|政府|当政)?(?:时期|时代|期间|任内)"


ERAS: Final = tuple(
    (tuple(words.split("|")), re.compile(regex), first, last)
    for words, regex, first, last in (
        *_ERAS,
        *((names, _term(names), first, last) for names, (first, last) in _TERMS.items()),
    )
)
