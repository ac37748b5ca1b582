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
        r"结伴不结盟|(?:并)?(?:不是|并非|从未|未曾|没有|不会|不可能|难以|拒绝|无意|绝非|不)(?:[^,。;]{0,6})?(?:结盟|同盟|缔盟|成为盟友|结成)|不结盟",
    ),
    (
        "proposed",
        r"(?:提议|倡议|建议|主张|提出|谋求|寻求|试图|企图|希望|有望|构想|可能|计划|呼吁|考虑)(?:[^,。;]{0,8})?(?:结盟|建立|缔结|组建|结成|构建|订立|升级为)",
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
        r"强化|加强|深化|巩固|升级|提升|扩大|增强|更加紧密|趋紧|再定义|升温|推进|充实|拓展|密切|日益紧密|固化",
    ),
    ("formed", r"缔结|建立|形成|结成|签订|签署|成立|诞生|缔约|订立|结盟|组建|构建|宣布建立|缔盟|起源|确立"),
)
_EN: Final[tuple[tuple[StatementKind, str], ...]] = (
    ("denied", r"\b(?:no alliance|not (?:an? )?(?:formal )?(?:allian\w+|allied|allies)|never (?:signed|allied|formed|concluded|became)|without (?:an? )?(?:formal )?alliance|refus\w+ (?:to )?(?:ally|an alliance|alliance)|short of (?:an? )?alliance|declin\w+ (?:an? )?alliance)"),
    ("proposed", r"\b(?:propos\w+|offer\w+|suggest\w+|sought|seek\w*|plan\w*|advocat\w+|call\w* for|project\w*|negotiat\w+|contemplat\w+|prospects? (?:of|for))\b"),
    ("ended", r"\b(?:collaps\w+|end(?:ed|ing)?\b|end of|terminat\w+|dissol\w+|abrogat\w+|denounc\w+|broke(?:n)? (?:up|down|off)|rupture\w*|split\b|demise|lapse\w*|unravel\w*|disintegrat\w+|died|expire\w*|fell apart|came apart|defunct|withdr[ae]w\w*|breakdown|break-up|breakup|was over)\b"),
    ("strained", r"\b(?:strain\w*|crisis|crises|friction\w*|tension\w*|disput\w+|quarrel\w*|rift\w*|weaken\w*|erod\w+|erosion|adrift|drift\w*|disagree\w*|discord|troubled|fray\w*|mistrust|distrust|divid\w+|loosen\w*|bicker\w*|at odds|cool\w+)\b"),
    ("strengthened", r"\b(?:strengthen\w*|deepen\w*|upgrad\w+|consolidat\w+|tighten\w*|revitali[sz]\w+|reinforc\w+|reaffirm\w*|enhanc\w+|expand\w*|closer|stronger|bolster\w*|cement\w*|renew\w*|institutionali[sz]\w+|grew stronger)\b"),
    ("formed", r"\b(?:form(?:ed|ation|ing)|sign(?:ed|ing)|conclud\w+|establish\w+|creat\w+|forg\w+|origin\w*|made|making of|entered|founded|founding|birth|built|building|emerge\w*|negotiated)\b"),
)  # fmt: skip
_TABLES: Final = {
    "zh": (tuple((kind, re.compile(regex)) for kind, regex in _ZH), 16, 18),
    "en": (tuple((kind, re.compile(regex)) for kind, regex in _EN), 60, 60),
}


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
                match = regex.search(text, low, high)
                if match is None or any(a < match.end() and match.start() < b for a, b in taken):
                    continue
                taken.append(match.span())
                yield StatementMention(
                    number, min(bond.start, match.start()), max(bond.end, match.end()), bond.tag, kind
                )
                if kind in ("denied", "proposed"):
                    break
