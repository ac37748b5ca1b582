"""Pacts by their names: which alliance a name stands for in these years, or whether it is the name of something else.

In: the pact names that the scan met. Out: bonds. The Dual Alliance of 1879 is not that of 1894; 三国同盟 may be any alliance of three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from kg.tagging.lexicon import Lexicon
from kg.tagging.mentions import Bond, Field, Refused

if TYPE_CHECKING:
    from kg.authority import Authority


class PactFinder:
    """Judges names of pacts; holds the tables only."""

    def __init__(self, lexicon: Lexicon, authority: Authority) -> None:
        self._members = lexicon.pact_members
        self._defaults = {
            (row.surface if row.lang == "zh" else row.surface.lower()): row.default[0]
            for row in authority.ambiguity
            if row.kind == "alliance" and len(row.default) == 1
        }
        self._political = frozenset(
            alliance.id
            for alliance in authority.alliances.values()
            if alliance.status == "no" and alliance.type in _POLITICAL
        )

    def find(
        self, number: int, field: Field, years: Sequence[int], refused: dict[str, list[Refused]] | None
    ) -> Iterable[Bond]:
        """The bonds of a field that stand there by name."""
        text = field.scan.folded.text
        known: dict[str, str | None] = {}  # what a name stands for is the same throughout a field
        for match in field.scan.pacts:
            before = text[match.start - 1 : match.start]
            if before in ("-", "/", "非") or text.endswith("non ", 0, match.start):
                continue  # New Zealand–United States inside a longer compound; 非北约盟友
            name = match.entry.text
            if name == "北约" and (before in ("西", "东") or _DISTANCE.match(field.scan.folded.text, match.end)):
                continue  # 西北约十公里
            if name not in known:
                known[name] = self._which_pact(name, match.entry.readings, field, years)
            tag = known[name]
            if tag is None:
                if refused is not None:
                    why = "the name of something else, or of an alliance of other years"
                    refused.setdefault(field.name, []).append(
                        Refused(match.start, match.end, match.entry.readings[0][0], why)
                    )
                continue
            yield Bond(number, match.start, match.end, tag, "alliance-name", 0.95)

    def _which_pact(
        self, name: str, readings: tuple[tuple[str, int, int], ...], field: Field, years: Sequence[int]
    ) -> str | None:
        """The pact that a name stands for in these years, None where it is the name of something else."""
        guard = _PACT_GUARDS.get(name)
        if guard is not None and not guard.search(field.scan.folded.text):
            return None
        text = field.scan.folded.text
        states = {mention.tag for mention in field.states}

        def fit(reading: tuple[str, int, int]) -> tuple[float, float, int, int, str]:
            tag, first, final = reading
            members = self._members.get(tag, frozenset(tag.split("-")))
            timely = sum(first - 3 <= year <= final + 3 for year in years) / max(1, len(years))
            exact = 1.0 if first > 0 and str(first) in text else 0.0
            company = len(members & states) / len(members) if members else 0.0
            return (exact + timely + company, float(self._defaults.get(name) == tag), -(final - first), first, tag)

        best = max(readings, key=fit)
        tag, _, final = best
        score = fit(best)
        is_own = (
            len(readings) == 1
            and len(name) >= 4
            and name not in _GENERIC_NAMES
            and name.endswith(("之盟", "盟约", "条约", "之会", "旧约"))
        )
        if final < 1850 and score[0] < 0.5 and not (len(readings) > 1 and score[1]) and not is_own:
            return None
        if name in _GENERIC_NAMES and (score[0] < 0.5 or _COUNTED.search(text)):
            return None
        if name in _SIDES and text.count(name) < 2 and not field.name.startswith("title"):
            return None  # a side in a war as a mere setting
        if tag in self._political and len(name) < (12 if name.isascii() else 5) and not _HEAD_NEAR.search(text):
            return None
        return tag


_DISTANCE: Final = re.compile(
    r"[\d.,一二三四五六七八九十百千万几数两半]+\s?(?:多|余)?(?:公里|千米|海里|英里|米|里|度|km\b)"
)
_SIDES: Final = frozenset(("协约国", "同盟国", "轴心国", "協約國", "同盟國", "軸心國"))
_POLITICAL: Final = ("political cooperation", "security cooperation", "nonaggression", "normalisation", "concert")
_GENERIC_NAMES: Final = frozenset(
    "大同盟 三国同盟 四国同盟 两国同盟 同盟国 北方联盟 triple_alliance quadruple_alliance grand_alliance dual_alliance holy_league northern_alliance entente axis western_union".replace(
        "_", " "
    ).split(" ")
) | frozenset(
    (
        "triple alliance",
        "quadruple alliance",
        "grand alliance",
        "dual alliance",
        "holy league",
        "northern alliance",
        "western union",
    )
)
_COUNTED: Final = re.compile(r"(?:两|三|几|各|这)大同盟|流产的三国同盟")
_HEAD_NEAR: Final = re.compile(
    r"同盟|联盟(?!组织)|盟友|准同盟|集体安全|集体防[御务卫]|军事集团|\b(?:allianc|allies|ally|pact\b|collective (?:security|defen[cs]e)|military bloc)"
)
_PACT_GUARDS: Final = {
    name: re.compile(regex)
    for names, regex in (
        ("european army|欧洲军|欧洲军计划", r"195[0-4]|pleven|defen[cs]e community|普利文|防务共同体"), ("locarno|洛迦诺|罗加诺", r"192[5-9]|193[0-6]|treaty|treaties|pact|guarant|stresemann|rhineland|公约|条约|保证|莱茵|施特雷泽曼"),
        ("periphery strategy|strategy of the periphery|外围战略|外围政策", r"israel|ben-gurion|以色列|本-古里安"), ("alcora|阿尔科拉", r"portug|rhodesi|south africa|葡|罗得西亚|南非"),
        ("武装中立", r"叶卡捷琳娜|沙俄|俄国|丹麦|瑞典|178[0-3]|180[01]"), ("wto", r"warsaw|soviet|华沙|苏联"),
        ("cis", r"soviet|russia|独联体|belarus|ukraine"),
        ("tac", r"amity|asean"), ("nam", r"non-?aligned|bandung"), ("aes", r"sahel|mali|niger|burkina"), ("unc", r"korea"),
        ("las", r"arab"), ("tra", r"taiwan"), ("abc powers|abc", r"argentin|brazil|chile"),
        ("squad", r"japan|philippin|australia"),
        ("axis", r"tripartite|italy|japan|hitler|mussolini|german|rome|world war"), ("allies|the allies|allied powers|allied and associated powers", r"a^"),
        ("sadc|ecowas|east african community|eac", r"defen[cs]e|securit|militar|intervention|peace"),
        ("同盟国|协约国", r"第一次世界大战|一战|第二次世界大战|二战|德国|奥匈|19[14]\d"), ("和亲", r"匈奴|汉朝|西汉|公主"), ("集体安全条约", r"独联体|塔什干|俄|中亚"),
        ("多国部队", r"海湾|伊拉克"), ("意愿联盟|志愿者联盟|志愿联盟|coalition of the willing", r"伊拉克|乌克兰|iraq|ukrain"), ("老同盟", r"苏格兰"), ("秦晋之好", r"春秋|秦穆公|晋文公"),
        ("上合", r"上合组织|上合峰会"), ("西方联盟", r"布鲁塞尔|1948"), ("jcg", r"a^"), ("concert of europe", r"alliance|congress|1815|vienna|metternich|castlereagh|guarant"),
    )
    for name in names.split("|")
}  # fmt: skip
