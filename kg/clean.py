"""Markup, labels and page furniture to plain text. In: a value as a source gave it. Out: plain text, what was removed.

Nothing here guesses at meaning: a tag is removed only where its name is one that publishers use in titles and abstracts
(a title with ``<img …>`` in it stays as it is), an entity only where it ends in a semicolon, a label only at the very
beginning, a copyright line only at the very end.
"""

from __future__ import annotations

import html
import re
from typing import Final, NamedTuple


class Cleaned(NamedTuple):
    """A plain text and what was taken from it, the pieces joined by ' … '; None for either that is empty."""

    text: str | None
    removed: str | None


_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)


# What makes a text in ASCII worth a closer look: control characters, tags, entities.
_LOUD: Final = bytes((*range(32), 60, 38, 127))


def is_quiet(text: str) -> bool:
    """Whether a text surely has no control character, no tag and no entity: the quick way past all cleaning."""
    if len(text) > 100 and text.isascii():
        data = text.encode()
        return len(data) == len(data.translate(None, _LOUD))
    return text.isprintable() and "<" not in text and "&" not in text


def printable(text: str) -> tuple[str, int]:
    """The text without characters that XML, HTML or RDF cannot carry, and how many there were.

    Control characters, non-characters and lone surrogates are dropped; vertical tab, form feed and next line become
    a blank, since they part words; CR and CRLF become LF, as every HTML and XML reader would make them.

    >>> printable("France\\b allied\\x0bwith\\r\\nPoland")
    ('France allied with\\nPoland', 2)
    """
    if text.isprintable() if len(text) < 100 else is_quiet(text):
        return text, 0
    n_dropped = 0
    if _FORBIDDEN.search(text):
        text, n_dropped = _FORBIDDEN.subn(lambda found: " " if found.group() in "\x0b\x0c\x85" else "", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, n_dropped


_INLINE: Final = (
    "a abbr acronym b bdi bdo big cite code em ext-link font i inline-formula italic bold ins del kbd label mark monospace nobr "
    "overline q roman s samp sans-serif sc scp small span strike strong styled-content sub sup tt u underline var xref "
    "named-content alternatives tex-math"
).split()
_BLOCK: Final = (
    "abstract abstracttext article blockquote body br break center dd disp-formula div dl dt h1 h2 h3 h4 h5 h6 hr li list list-item "
    "ol p para pre sec section table tbody td th thead title tr trans-abstract ul"
).split()
_MATHS: Final = "math|m[a-z]{1,12}|annotation(?:-xml)?|semantics|none"
_TAG: Final = re.compile(
    rf"</?(?:(?P<block>(?:[a-z]{{2,5}}:)?(?:{'|'.join(_BLOCK)}))|(?:[a-z]{{2,5}}:)?(?:{'|'.join(_INLINE)})"
    rf"|(?:mml:)?(?:{_MATHS}))(?:\s[^<>]*)?/?>|<!\[CDATA\[|\]\]>",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANKS: Final = re.compile(r"[ \t\xa0]+")
_BLANK_LINES: Final = re.compile(r" ?\n[ \n]*")


def plain(text: str) -> Cleaned:
    """A text without HTML, JATS or MathML tags and entities, also where they were escaped twice.

    >>> plain("<p>Allies of the&nbsp;<i>U.S.</i></p><p>R&amp;D &lt;b&gt;and&lt;/b&gt; x &lt; y</p>").text
    'Allies of the U.S.\\nR&D and x < y'
    """
    if "<" not in text and "&" not in text:
        return Cleaned(text, None)
    before = text
    removed: list[str] = []

    def drop(found: re.Match[str]) -> str:
        removed.append(found.group())
        return "\n" if found["block"] else ""

    for _ in range(3):
        stripped = _TAG.sub(drop, text) if "<" in text else text
        decoded = _ENTITY.sub(lambda found: html.unescape(found.group()), stripped) if "&" in stripped else stripped
        if decoded == text:
            break
        text = decoded
    if text == before:
        return Cleaned(text, None)
    text = _BLANK_LINES.sub("\n", _BLANKS.sub(" ", text)).strip()
    return Cleaned(text or None, "".join(removed) or None)


_ZH_LABEL: Final = r"(?:中文|英文|本文)?(?:[内內]\s*容\s*(?:提\s*要|摘\s*要|[简簡]\s*介)|摘\s*要|提\s*要|文\s*摘)"
_LABEL: Final = re.compile(
    rf"""\s*(?:
      [\[［【〔〖<＜(（]\s*(?:{_ZH_LABEL}|正|[Aa]bstract|ABSTRACT|[Ss]ummary|SUMMARY)\s*[\]］】〕〗>＞)）]\s*[:：]?
    | {_ZH_LABEL}\s*[:：]
    | {_ZH_LABEL}(?=[\s\u3000])
    | (?:[Aa]bstract|ABSTRACT|[Ss]ummary|SUMMARY)(?:\s*[:：]|\s*[.—–](?=\s)|\s+-(?=\s)|[ \t]*\n)
    | Abstract(?=[A-Z][a-z])
    | (?:Abstract|ABSTRACT)[ ](?=(?:This|These|The|We|In|I|An?|How|Why|What|Does?|While|Although|Our|It|When|Since)\ )
    )[\s\u3000]*""",
    re.VERBOSE,
)
_COPYRIGHT: Final = r"(?:©|\([cC]\)|（[cC]）|Copyright\b|COPYRIGHT\b|Published\ by\b|版权所有)"
_TAIL: Final = re.compile(
    rf"""(?:
      \s*相似文[献獻]
    | (?:^|(?<=[.!?。！？”"')\]\s]))\s*{_COPYRIGHT}\s*(?:©|\([cC]\))?\s*(?:(?:19|20)\d\d|[Tt]he\b|by\b|[A-Z\u4e00-\u9fff])[^\n]{{0,250}}?
    | \s*(?:\([cC]\)|©)\s*(?:19|20)\d\d[^\n]{{0,200}}?
    | \s*Copyright\ of\ [^\n]{{3,200}}\ is\ the\ property\ of\ [^\n]*
    | \s*All\ rights\ reserved\.?
    | \s*\[(?:ABSTRACT\ FROM\ (?:AUTHOR|PUBLISHER)|(?:PUBLICATION|ABSTRACT)\ ABSTRACT|Copyright\ [^\]]*)\]
    )[\s\u3000]*\Z""",
    re.VERBOSE,
)
_HEAD: Final = re.compile(
    r"\s*©\s*(?:(?:19|20)\d\d|[Tt]he [Aa]uthor)[^\n]{0,160}?(?:[Aa]ll rights reserved\.|\.(?=\s*[A-Z]))\s*"
)
_ONLY_COPYRIGHT: Final = re.compile(r"\s*Copyright of [^\n]{3,200} is the property of [^\n]*", re.DOTALL)
_LABEL_GOES_ON: Final = frozenset(("bs", "BS", "um", "UM"))
_LABEL_BEGINS: Final = frozenset("[［【〔〖<＜(（AaSs中英本内內摘提文© \t\n\u3000\xa0")


def _may_have_tail(end: str) -> bool:
    """Whether a word of a publisher's or a page's tail is in the end of an abstract. (One test each: this runs on every record.)"""
    return (
        "yright" in end
        or "ghts res" in end
        or "hed by" in end
        or "[" in end
        or ("(" in end and ("(c)" in end or "(C)" in end))
        or "©" in end
        or "OPYRIGHT" in end
        or "相似文" in end
        or "版权" in end
        or "（c）" in end
        or "（C）" in end
    )


_KEYWORDS: Final = re.compile(
    r"(?:\n|(?<=[。.!?！？]))\s*[\[［【〔]?\s*(?:关\s*键\s*词|關\s*鍵\s*詞|[Kk]ey\s?[Ww]ords|KEY\s?WORDS)\s*[\]］】〕]?\s*[:：]?\s*(?P<words>[^\n。]{1,300})\s*\Z"
)


def abstract(text: str) -> Cleaned:
    """An abstract without its label at the beginning and its furniture at the end.

    >>> abstract("[内容提要]在美韩同盟调整中……  相似文献   ")
    Cleaned(text='在美韩同盟调整中……', removed='[内容提要] … 相似文献')
    >>> abstract("Abstract: Allies pay. © 2021 Sample Publisher.")
    Cleaned(text='Allies pay.', removed='Abstract: … © 2021 Sample Publisher.')
    """
    removed: list[str] = []
    head: list[str] = []
    if text[:1] in _LABEL_BEGINS and (text[0] not in "AaSs" or text[1:3] in _LABEL_GOES_ON):
        for pattern in (_LABEL, _HEAD, _LABEL, _LABEL):
            found = pattern.match(text)
            if found and found.end():
                head.append(found.group().strip())
                text = text[found.end() :]
    for _ in range(4 if _may_have_tail(text[-600:]) else 0):
        if _ONLY_COPYRIGHT.fullmatch(text):
            removed.insert(0, text.strip())
            text = ""
            break
        found = _TAIL.search(text, max(0, len(text) - 600))
        if not found or found.start() == 0:
            break
        removed.insert(0, found.group().strip())
        text = text[: found.start()]
    text = text.strip()
    if not head and not removed:
        return Cleaned(text or None, None)
    return Cleaned(text or None, " … ".join(head + removed) or None)


def keywords_tail(text: str) -> tuple[str, str | None]:
    """An abstract and the keywords that stood at its end with their label, None where there were none."""
    end = text[-340:]
    if "ords" not in end and "ORDS" not in end and "键" not in end and "鍵" not in end:
        return text, None
    found = _KEYWORDS.search(text, max(0, len(text) - 340))
    if not found or not text[: found.start()].strip():
        return text, None
    return text[: found.start()].rstrip(), found["words"].strip()


_TITLE_LABEL: Final = re.compile(
    r"\s*(?:[\[【〔](?:题名|标题|篇名|題名|標題)[\]】〕]\s*[:：]?|(?:题名|标题|篇名|題名|標題)\s*[:：])\s*"
)
_BUTTONS: Final = re.compile(
    r"(?<![\s\u3000])(?:[\s\u3000]++[\[【]?(?:文摘阅读|原文传递|导出题录|在线阅读|(?:下载|查看)?(?:免费)?(?:全文|PDF|pdf)(?:下载)?|下载免费全文|免费|收藏|分享|引用|导出|增强出版|网络首发|优先出版"
    r"|(?:总)?被引(?:用|次数)?[:：]?\s*\d*次?(?:,自引[:：]\d+,他引[:：]\d+)?|下载(?:量|次数)?[:：]?\s*\d+次?|阅读[:：]?\s*\d+)[\]】]?)+[\s\u3000]*\Z"
)
_WHITE: Final = re.compile(r"\s+")


def title(text: str) -> Cleaned:
    """A title on one line, without its label and the words of a page's buttons.

    >>> title("被牵连还是被抛弃 文摘阅读 原文传递 导出题录 被引:3")
    Cleaned(text='被牵连还是被抛弃', removed='文摘阅读 原文传递 导出题录 被引:3')
    """
    if (
        text.isascii()
        and text[:1] != " "
        and "  " not in text
        and "\n" not in text
        and "\t" not in text
        and text[-1:] != " "
        and "PDF" not in text
    ):
        return Cleaned(text or None, None)
    removed: list[str] = []
    found = _TITLE_LABEL.match(text)
    if found:
        removed.append(found.group().strip())
        text = text[found.end() :]
    found = _BUTTONS.search(text)
    if found and found.start():
        removed.append(found.group().strip())
        text = text[: found.start()]
    text = _WHITE.sub(" ", text).strip()
    if text[:1] == "〔" and text[-1:] == "〕" and "〕" not in text[:-1]:
        return Cleaned(None, text)  # what stands in for a title is none
    return Cleaned(text or None, " … ".join(removed) or None)


_PLACEHOLDERS: Final = frozenset(
    "[no abstract available]|no abstract available|no abstract available.|[no abstract available].|no abstract|abstract not available"
    "|[no author name available]|no author name available|[anonymous]|anonymous|anon|anon.|[no title available]|no title|[not available]"
    "|not available|n/a|n.a.|na|null|none|nan|nil|unknown|undefined|[无摘要]|无摘要|暂无摘要|暂无|无|佚名|本刊编辑部摘要|-|--|—|——|.|[]|{}".split(
        "|"
    )
)


_PLACEHOLDER_BEGINS: Final = frozenset(
    (*(word[0] for word in _PLACEHOLDERS), *(word[0].upper() for word in _PLACEHOLDERS), *" \t\n\u3000", "")
)


def none_is_placeholder(texts: list[str]) -> bool:
    """Whether surely none of some texts is empty or says that it is: the quick way past a test of each."""
    return _EMPTY_OR_PLACEHOLDERS.isdisjoint(map(str.lower, texts))


_EMPTY_OR_PLACEHOLDERS: Final = _PLACEHOLDERS | {""}


def is_placeholder(text: str) -> bool:
    """Whether a cell says in words that it is empty: '[No abstract available]', 'N/A', '暂无'."""
    return len(text) < 40 and text[:1] in _PLACEHOLDER_BEGINS and text.strip().lower() in _PLACEHOLDERS


_KEYWORD_LABEL: Final = re.compile(
    r"\s*[\[［【〔]?\s*(?:关\s*键\s*词|關\s*鍵\s*詞|主题词|[Kk]ey\s?[Ww]ords?|KEY\s?WORDS?|Index Terms)\s*(?:[\]］】〕]\s*[:：]?|[:：])\s*"
)


def _are_plain(values: list[str]) -> bool:
    """Whether keywords surely are single words or phrases of letters, none of them empty or cut in two."""
    joined = "\n".join(values)
    return (
        joined.count("\n") == len(values) - 1
        and joined.replace("\n", "").replace(" ", "").replace("-", "").isalpha()
        and "  " not in joined
        and " \n" not in joined
        and "\n " not in joined
        and joined[0] != " "
        and joined[-1] != " "
        and none_is_placeholder(values)
    )


_HAN_WORDS: Final = re.compile(r"\s*[\u4e00-\u9fff]{2,12}(?:[ \u3000]+[\u4e00-\u9fff]{2,12})+\s*")


def keywords(values: list[str]) -> tuple[str, ...]:
    """Keywords from one or several cells: split at semicolons (or commas where there are none), each once.

    >>> keywords(["关键词：美菲同盟;;同盟困境", "*burden sharing"])
    ('美菲同盟', '同盟困境', 'burden sharing')
    """
    if len(values) > 1 and _are_plain(values):
        return tuple(dict.fromkeys(values))
    found: dict[str, None] = {}
    for value in values:
        value = _KEYWORD_LABEL.sub("", value, count=1)
        parts = re.split(r"[;；\n|]+", value)
        if len(parts) == 1 and len(values) == 1:
            parts = re.split(r"[,，、]+", value)
            if len(parts) == 1 and _HAN_WORDS.fullmatch(value):
                parts = value.split()
        for part in parts:
            word = _WHITE.sub(" ", part).strip().strip("*＊,，").strip()
            if word and not is_placeholder(word):
                found.setdefault(word)
    return tuple(found)
