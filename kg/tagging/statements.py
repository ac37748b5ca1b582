"""What a text says happened to an alliance. In: a folded field and its bonds. Out: statements with their words.

A statement stands near the words for the alliance, in the same sentence: 中苏同盟破裂, "signed the US–Japan treaty".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from kg.model import StatementKind
from kg.tagging.mentions import Bond, Field


class StatementMention(NamedTuple):
    """A statement in a folded text."""

    field: int
    start: int
    end: int
    alliance: str
    kind: StatementKind


_ZH: Final[tuple[tuple[StatementKind, str], ...]] = (
    (
        "denied",
        r"结伴不结盟|(?:并)?(?:不是|并非|尚未|并未|未能|从没|从未|未曾|没有|不会|不可能|难以|拒绝|无意|绝非|不)(?:[^,。;]{0,6})?(?:结盟|同盟|缔盟|盟友|盟国|结成)|不结盟",
    ),
    (
        "proposed",
        r"(?:提议|倡议|建议|主张|提出|谋求|寻求|试图|企图|希望|有望|构想|可能|计划|呼吁|考虑|商讨|谈判|拟议)(?:[^,。;]{0,8})?(?:结盟|建立|缔结|组建|结成|构建|订立|升级为)",
    ),
    (
        "ended",
        r"破裂|瓦解|终结|终止|解体|消亡|崩溃|废除|废止|解散|告终|走向终点|寿终正寝|退出|决裂|失效|作废|名存实亡|兵戎相见|分道扬镳|土崩瓦解",
    ),
    (
        "strained",
        r"裂痕|裂隙|分歧|矛盾|摩擦|紧张|动摇|削弱|恶化|疏远|龃龉|冷淡|漂流|离心|受挫|不睦|争吵|猜疑|松动|弱化|下滑|陷入低谷|危机",
    ),
    (
        "strengthened",
        r"强化|加强|深化|巩固|升级|提升|扩大|增强|更加紧密|趋紧|再定义|升温|推进|充实|拓展|密切|日益紧密|固化|激活|重振|复苏|续签|续约|重申|重启|延长|做实|提质",
    ),
    ("formed", r"缔结|建立|形成|结成|签订|签署|成立|诞生|缔约|订立|结盟|组建|构建|宣布建立|缔盟|起源|确立"),
)
_EN: Final[tuple[tuple[StatementKind, str], ...]] = (
    ("denied", r"\b(?:no (?:formal |military |real |true |such )?alliance|not (?:an? )?(?:formal )?(?:allian\w+|allied|allies)|never (?:signed|allied|formed|concluded|became)|without (?:an? )?(?:formal )?alliance|refus\w+ (?:to )?(?:ally|an alliance|alliance)|short of (?:an? )?alliance|declin\w+ (?:an? )?alliance)"),
    ("proposed", r"\b(?:propos\w+|offer\w+|suggest\w+|sought|seek\w*|plan\w*|advocat\w+|call\w* for|project\w*|negotiat(?:ing|ions?)\b|talks (?:about|on|for|over|of)|overtures?|bid for|abortive|would-be|contemplat\w+|prospects? (?:of|for))\b"),
    ("ended", r"\b(?:collaps\w+|end(?:ed|ing)?\b|end of|terminat\w+|dissol\w+|abrogat\w+|denounc\w+|broke(?:n)? (?:up|down|off)|rupture\w*|split\b|demise|lapse\w*|unravel\w*|disintegrat\w+|died|expire\w*|fell apart|came apart|defunct|withdr[ae]w\w*|breakdown|break-up|breakup|was over)\b"),
    ("strained", r"\b(?:strain\w*|crisis|crises|friction\w*|tension\w*|disput\w+|quarrel\w*|rift\w*|weaken\w*|erod\w+|erosion|adrift|drift\w*|disagree\w*|discord|troubled|fray\w*|mistrust|distrust|divid\w+|loosen\w*|bicker\w*|at odds|cool\w+)\b"),
    ("strengthened", r"\b(?:strengthen\w*|deepen\w*|upgrad\w+|consolidat\w+|tighten\w*|revitali[sz]\w+|reinforc\w+|reaffirm\w*|enhanc\w+|expand\w*|closer|stronger|bolster\w*|cement\w*|renew\w*|institutionali[sz]\w+|grew stronger)\b"),
    ("formed", r"\b(?:form(?:ed|ation|ing)|sign(?:ed|ing)|conclud\w+|establish\w+|creat\w+|forg\w+|origin\w*|made|making of|entered|founded|founding|birth|built|building|emerge\w*|negotiated)\b"),
)  # fmt: skip
_TABLES: Final = {
    "zh": (tuple((kind, re.compile(regex)) for kind, regex in _ZH), 16, 18),
    "en": (tuple((kind, re.compile(regex)) for kind, regex in _EN), 60, 60),
}


#: What before a word turns it round: never dissolved, 并未破裂, survived the end.
_NOT: Final = re.compile(
    r"(?:\b(?:not|never|n't|nor|neither|hardly|without|survive[ds]?|surviving|outliv\w+|outlast\w+|prevent\w*|avoid\w*|avert\w*|despite|instead of|rather than|fail(?:ed|s|ing)? to|far from|short of|no|neither [a-z]+)"
    r"(?: (?:yet|been|be|the|a|an|its|to|ever|really|any|simply|from|being|having|in|formally))*"
    r"|(?:没有|并未|并没有|从未|从来没有|未曾|尚未|未|不会|并不|不曾|避免|防止|阻止|免于|不致|远未|无意|拒绝|反对|没能|未能)(?:[\u4e00-\u9fff]{0,2}(?:使|让|令))?(?:[\u4e00-\u9fff]{2,3}同盟|同盟|联盟|其|完全|真正|彻底|因此|就此|出现|发生|走向)?) ?$"
)
#: What has an end, a crisis or a birth of its own and stands before the word for it.
_OF_ANOTHER: Final = re.compile(
    r"(?:冷战|二战|一战|大战|战争|谈判|苏联|帝国|王朝|清朝|会谈|半岛|经济|债务|金融|台海|导弹|核|古巴|柏林|苏伊士|难民|边界|边境)的?(?:形势|局势)?$|\b(?:missile|suez|economic|financial|debt|oil|berlin|strait|straits|july|euro|currency|refugee|hostage|border|bosnian|moroccan|banking) $"
)
#: Between ``the end of`` and the alliance that ended.
_OBJECT: Final = re.compile(
    r"(?: of)?(?: (?:the|its|their|an?|this|that|these|our|old|new|grand|wartime|formal|postwar|post-war|so-called|\w+ly|once-\w+|close))* ?$"
)
_OF: Final = re.compile(r" of (?!\d)")
_LEAVING: Final = re.compile(r"退出|withdr")
_PAIR: Final = re.compile(r"(?:X-)?[A-Z]{3}-(?:X-)?[A-Z]{3}")


def _holds(text: str, begin: int, match: re.Match[str], bond: Bond, kind: StatementKind) -> bool:
    """Whether a word says of this alliance, and not of something else or in the negative, what its kind says."""
    start, end = match.span()
    if bond.start <= start < bond.end:
        return True
    if kind != "denied" and _NOT.search(text, max(begin, start - 24), start) is not None:
        return False
    if _LEAVING.match(match.group()) and not _PAIR.fullmatch(bond.tag):
        return False  # one member leaves
    if _OF_ANOTHER.search(text, max(begin, start - 12), start) is not None:
        return False
    if _OF.match(text, end) is not None or match.group().endswith(" of"):
        return end <= bond.start and _OBJECT.fullmatch(text, end, bond.start) is not None
    return True


def find_statements(fields: Sequence[Field], bonds: Sequence[Bond]) -> Iterator[StatementMention]:
    """The statements of a work: for each alliance mention those that stand nearest before or after it."""
    for number, field in enumerate(fields):
        here = [bond for bond in bonds if bond.field == number]
        if not here:
            continue
        table, before, after = _TABLES[field.lang]
        text = field.scan.folded.text
        by_sentence: dict[int, list[Bond]] = {}
        for bond in here:
            by_sentence.setdefault(field.sentence_at(bond.start), []).append(bond)
        for bond in here:
            number_of_sentence = field.sentence_at(bond.start)
            begin, stop = field.sentences[number_of_sentence]
            others = [other for other in by_sentence[number_of_sentence] if other.tag != bond.tag]
            low = max([begin, bond.start - before, *[other.end for other in others if other.end <= bond.start]])
            high = min([stop, bond.end + after, *[other.start for other in others if other.start >= bond.end]])
            taken: list[tuple[int, int]] = []
            for kind, regex in table:
                match = next((m for m in regex.finditer(text, low, high) if _holds(text, begin, m, bond, kind)), None)
                if match is None or any(a < match.end() and match.start() < b for a, b in taken):
                    continue
                taken.append(match.span())
                yield StatementMention(
                    number, min(bond.start, match.start()), max(bond.end, match.end()), bond.tag, kind
                )
                if kind in ("denied", "proposed"):
                    break
