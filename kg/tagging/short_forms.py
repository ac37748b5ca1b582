"""Chinese short forms of states: characters that no dictionary finds. In: a scan. Out: state mentions.

In compounds (美日, 中苏朝), in lists with a shared head (英、美两国), after verbs (援越抗法, 驻韩) and before nouns (美军, 朝核): what the names have
left over is read, so that 战略中日本 gives no 中日, with guards against words that only look like compounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from kg.tagging.lexicon import Lexicon, Reading
from kg.tagging.mentions import Refused, StateMention
from kg.tagging.scanner import Scan

_SINGLES: Final = "美日中华苏俄英法德韩朝越印澳菲泰台蒙意奥普土希巴以伊沙埃叙约黎阿亚波捷匈罗保南塞乌格白哈吉塔缅老柬马新加墨古委智秘西葡荷比卢丹挪瑞芬冰利尼斯孟不文刚安卡科也欧拉非纽"
_PAIRS: Final = "埃塞|南非|印尼|东德|西德|民德|奥匈|北越|南越|阿联|苏丹|瑞典|蒙古"
_FORM: Final = f"(?:{_PAIRS}|[{_SINGLES}])"
_RUN: Final = re.compile(f"{_FORM}{{2,}}")
_LISTED: Final = re.compile(f"{_FORM}(?:[、·/-]{_FORM})+(?:[和与及]{_FORM})?")
_FORMS: Final = re.compile(_FORM)
# What a reading begins with: two characters, of which the first and the second come from one line.
_BEGINNINGS: Final = (
    ("美日中苏俄英法韩朝越印澳菲台泰蒙欧德巴埃沙阿希普奥叙约黎波柬伊土以意", f"{_SINGLES}东、·/-"),
    (f"{_SINGLES}国非尼德匈越联丹典古", "美日中苏俄英法韩朝越印澳菲台泰蒙欧德"),
    (
        "对驻援抗侵亲反联制遏访赴来涉售拉压防排离倚依靠从",
        "美日华苏俄英法德韩朝越印澳菲台巴泰以伊乌沙意奥土阿老柬蒙",
    ),
    ("美日苏俄英法德韩朝越印澳菲台巴沙伊以乌土意中", "方军舰核制援主籍裔"),
)


def _beginnings() -> str:
    """One expression for the beginnings: by their first character, so that a look at one character passes over most."""
    seconds: dict[str, set[str]] = {}
    for firsts, others in _BEGINNINGS:
        for first in firsts:
            seconds.setdefault(first, set()).update(others)
    groups: dict[str, list[str]] = {}
    for first, allowed in sorted(seconds.items()):
        groups.setdefault("".join(sorted(allowed)), []).append(first)
    ways = "|".join(f"(?<=[{''.join(firsts)}])[{re.escape(allowed)}]" for allowed, firsts in sorted(groups.items()))
    return f"[{''.join(sorted(seconds))}](?={ways})"


_QUICK: Final = re.compile(_beginnings())

_FIRM: Final = frozenset("美日中苏俄英法韩朝越印澳菲台泰蒙欧")
_LISTABLE: Final = _FIRM | frozenset("德意奥土巴以加新纽荷比西葡波") | {"奥匈", "印尼", "华"}
_KNOWN_PAIRS: Final = frozenset(
    "印巴 巴以 以巴 埃以 沙伊 美以 美沙 阿以 约以 叙以 黎以 以伊 伊以 美伊 俄乌 俄土 土俄 希土 土希 德奥 奥德 普奥 普法 英德 德英 苏德 德苏 德意 意德 英意 法意 意法 奥意 意奥 俄奥 奥俄 美土 苏波 法波 德波 波苏 苏捷 法捷 苏南 苏捷 苏匈 美巴 中巴 美西 英葡 柬越 越柬 美加 美德 中缅 中老 印孟 中尼 俄白 俄哈 沙巴 阿巴 埃叙 叙埃 美埃 苏埃 苏古 美古 美墨 俄伊 俄叙 中伊".split()
)
_SOFT_PAIRS: Final = frozenset(
    "美德 中法 日法 中蒙 中印 日中 英法 法中 中台 台中 台美 中菲 朝中 法英 美法 法德 德法".split()
)
_RELATION_AFTER: Final = re.compile(
    r"(?:两国|三国|四国|各国|[二两三四五六]对|[两三四五六几]组|两大|之间|间|双方|军事|战略|安全|政治|特殊|新|准|三边|双边|四边|经济|友好|防务|传统|秘密|互助|全面|的|等国?|核|同盟|联盟|攻守|两大|两强|集体|边境|反[\u4e00-\u9fff]|海上|外交|同|共同|历史|正式|非正式|联合|国家)*"
    r"(?:同盟|联盟|关系|条约|协定|协约|结盟|盟约|战争|冲突|合作|伙伴|阵线|轴心|矛盾|分歧|对立|对抗|竞争|博弈|边境|边界|谈判|建交|复交|和解|争端|争霸|贸易|互动|往来|联合|协调|军队|集团|公约|友好|安保|防务|军事|交涉|密约|接近|和约|修好|攻守|停战|和平"
    r"|纠纷|紧张|走廊|铁路|危机|问题|协议|宣言|声明|联军|会谈|峰会|领导人|首脑|混战|之战|决裂|分裂|交恶|摩擦|结伴|抗衡|论战|同谋|勾结|夹击|瓜分|阵营|体系|战场|两国|三国|双方|之间|盟|三边|双边|海战|对峙|缓和|角力|海峡|友谊|蜜月|破裂|走近|靠拢)"
)
_AHEAD: Final = 60  # characters after a compound that are looked at
_LIST_AFTER: Final = re.compile(
    f"(?:、|和|与|及|以及|,)(?:{_FORM}{{2,3}}(?:、|和|与|及|以及|,)?)+(?:[二两三四五六]对|两大|两个|两组|等|三大|之间|的|军事|安全)*(?:同盟|联盟|关系|条约|冲突|战争|合作|盟友|盟国)"
)
_LOCATIVE_BEFORE: Final = re.compile(
    r"(?:体系|战略|过程|进程|关系|政策|战争|冲突|历史|格局|背景|条约|同盟|联盟|竞争|外交|安全|对抗|危机|冷战|博弈|视野|研究|谈判|会议|合作|安排|理论|框架|文献|结构|国家|世界|时代|调整|转型|形成|构建|演变|变化|变局|秩序|战|[一二三四五六七八九十\d]月|案例|文|书|盟|其|这当|之|目|心|眼|手)$"
)
_TRIGGER: Final = re.compile(
    r"(?P<verb>对|驻|援|抗|侵|亲|反|联|制|遏|访|赴|来|涉|售|拉|压|防|排|离|倚|依|靠|从)(?P<form>[美日华苏俄英法德韩朝越印澳菲台巴泰以伊乌沙意奥土阿老柬蒙欧])"
)
_TRIGGER_OK: Final = {
    "对": "华美日苏俄韩朝越台澳菲英法德印巴泰以伊乌沙意奥土阿欧", "驻": "美日华苏俄英法德韩朝越印澳菲台泰沙伊阿以", "援": "朝越华苏乌阿巴老柬蒙台美英法", "抗": "美日法德苏英俄",
    "侵": "华朝越", "亲": "美日华苏俄英法德", "反": "美日华苏英法俄印德", "联": "美俄苏日英法德华意", "制": "华俄日苏美", "遏": "华俄",
    "访": "华美日苏俄英法德韩朝越印澳", "赴": "华美日苏俄英法德韩朝越", "来": "华", "涉": "台朝华日美韩", "售": "台", "拉": "美日", "压": "朝", "防": "华俄日", "排": "华日",
    "离": "美", "倚": "美", "依": "美", "靠": "美", "从": "美",
}  # fmt: skip
_AFTER_TO: Final = re.compile(
    r"(?:政策|战略|关系|援助|军|外交|作战|宣战|制裁|贸易|态度|认知|合作|谈判|施压|遏制|战争|出口|投资|的|、|,|问题|防御|关切|威慑|结盟|安全|承诺|同盟|依赖|强硬|缓和|让步|绥靖|条约|和约|开战|示好|妥协|接触|竞争|媾和|求和|"
    r"经济|技术|决策|认同|安抚|再保证|交涉|提供|实施|采取|同仇|战|立场|姿态|警惕|防范|制衡|支持|友好|冷|热|核)"
)
_SUFFIX: Final = re.compile(
    r"(?P<form>[美日苏俄英法德韩朝越印澳菲台巴沙伊以乌土意中])(?P<noun>方|军|舰|核|籍|裔|制(?=武器|装备|导弹|战机|坦克|飞机|军火)|援)(?![\u4e00-\u9fff]?法)"
)
_SUFFIX_OK: Final = {
    "方": "美日苏俄英法德韩朝越印澳菲台巴伊以乌中", "军": "美日苏俄英法德韩朝越印澳菲意土以", "舰": "美日苏俄英", "核": "朝伊", "籍": "美日苏俄英法德韩越印澳菲", "裔": "美日俄英法德韩越印", "制": "美俄苏中英法", "援": "美苏",
}  # fmt: skip
_MASTER: Final = re.compile(r"(?P<first>[美英苏俄中])主(?P<second>[日澳韩英菲台])从")


class ShortForms:
    """Finds short forms; holds their readings only."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._forms = lexicon.characters
        self._blocks = lexicon.blocks
        self._longest_blocks = lexicon.longest_blocks

    def find(
        self,
        scan: Scan,
        years_of_work: Callable[[], Sequence[int]],
        found: list[StateMention],
        refused: list[Refused] | None,
    ) -> None:
        """Chinese short forms in what the names and other words have left over."""
        text = scan.folded.text
        places = [match.start() for match in _QUICK.finditer(text)] if refused is None else []
        if refused is None and not places:
            return
        spans = [(name.start, name.end) for name in scan.names if not name.entry.latin]
        if refused is None and not _some_are_free(places, spans):
            return
        words = self._words(text, spans)
        if refused is None and not _some_are_free(places, words):
            return
        left = _without(text, words)
        years = years_of_work()
        taken: set[int] = set()
        if refused is not None:
            _crossed(text, words, refused)
        for run in _RUN.finditer(left):
            self._compound(text, run.start(), run.end(), years, found, taken, refused)
        for listed in _LISTED.finditer(left):
            self._listed(text, left, listed.start(), listed.end(), years, found, taken)
        for match in _TRIGGER.finditer(left):
            verb, form = match.group("verb"), match.group("form")
            start, end = match.span("form")
            if form == "欧" or form not in _TRIGGER_OK.get(verb, "") or start in taken:
                continue
            if verb == "对" and form in "英法德印巴泰以伊乌沙意奥土阿中" and not _AFTER_TO.match(text, end):
                continue
            if (
                verb in "拉压防排离倚依靠从"
                and match.start()
                and not re.match(r"[,。、的为而地]|政策|战略|心理|势力|倾向|路线|派|联|抗", text[end : end + 2])
            ):
                continue
            if verb == "联" and match.start() and left[match.start() - 1] in "苏关互串并南邦":
                continue
            if verb in "来从" and form != "华":
                continue
            tag = self._single(form, years)
            if tag:
                taken.update(range(start, end))
                found.append(StateMention(start, end, tag, "state-trigger", 0.93, match.start(), end, "abbreviation"))
        for match in _SUFFIX.finditer(left):
            start, end = match.span("form")
            noun = match.group("noun")
            if match.group("form") not in _SUFFIX_OK[noun] or start in taken:
                continue
            if noun == "方" and re.match(r"[法面案式向针程位]", text[match.end() : match.end() + 1]):
                continue
            if noun == "军" and match.group("form") in "土以意" and text[match.end() : match.end() + 1] in "队事":
                continue
            if noun == "援" and (
                start and "\u4e00" <= left[start - 1] <= "\u9fff" and left[start - 1] not in "受获停靠对的、"
            ):
                continue
            tag = self._single(match.group("form"), years)
            if tag:
                taken.update(range(start, end))
                found.append(StateMention(start, end, tag, "state-trigger", 0.9, start, match.end(), "abbreviation"))
        for match in _MASTER.finditer(left):
            for group in ("first", "second"):
                tag = self._single(match.group(group), years)
                if tag:
                    found.append(
                        StateMention(
                            *match.span(group), tag, "state-trigger", 0.85, match.start(), match.end(), "abbreviation"
                        )
                    )

    def _words(self, text: str, names: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Names and the words that keep short forms away: leftmost, then longest; a name before a word that runs into it."""
        if not names:
            return [(start, end) for _, start, end in self._longest_blocks.find_matches_as_indexes(text)]
        hits = [(start, -end, 0) for start, end in names]
        hits += [(start, -end, 1) for _, start, end in self._blocks.find_matches_as_indexes(text, overlapping=True)]
        hits.sort()
        chosen: list[tuple[int, int, int]] = []
        for start, minus_end, rank in hits:
            if not chosen or start >= chosen[-1][1]:
                chosen.append((start, -minus_end, rank))
            elif rank == 0 and chosen[-1][2] == 1 and chosen[-1][0] < start and -minus_end >= chosen[-1][1]:
                chosen[-1] = (start, -minus_end, 0)  # 飞往日本: 往日 gives way to 日本
        return [(start, end) for start, end, _ in chosen]

    def _named(self, readings: Sequence[Reading], found: Sequence[StateMention]) -> Reading | None:
        """The one reading that the text names in full."""
        if len(readings) < 2:
            return None
        full = {mention.tag for mention in found[:200] if mention.role == "name"}
        named = [reading for reading in readings if reading.tag in full]
        return named[0] if len({reading.tag for reading in named}) == 1 else None

    def _single(self, form: str, years: Sequence[int]) -> str | None:
        readings = self._forms.get(form, ())
        if form in ("巴", "阿", "乌", "土", "奥", "朝"):
            best = {"巴": "PAK", "阿": "AFG", "乌": "UKR", "土": "TUR", "奥": "AUT", "朝": "PRK"}[form]
            if form == "奥" and sum(1867 <= year <= 1918 for year in years) * 2 > len(years):
                best = "AUH"
            if form == "土" and years and sum(year < 1923 for year in years) * 2 > len(years):
                best = "OTT"
            return best
        return readings[0].tag if readings and readings[0].tag != "-" else None

    def _compound(
        self,
        text: str,
        start: int,
        end: int,
        years: Sequence[int],
        found: list[StateMention],
        taken: set[int],
        refused: list[Refused] | None,
    ) -> None:
        forms = [
            (match.group(), start + match.start(), start + match.end()) for match in _FORMS.finditer(text[start:end])
        ]
        before = text[max(0, start - 4) : start]
        head = bool(_RELATION_AFTER.match(text, end, end + _AHEAD))
        while len(forms) > 2 and forms[0][0] in "以不也文安非亚卡科拉斯白":
            forms = forms[1:]
        if (
            (forms[0][0] == "中" and _LOCATIVE_BEFORE.search(before) and (len(forms) > 2 or not head))
            or (
                forms[0][0] == "日"
                and before
                and (before[-1].isdigit() or before[-1] in "一二三四五六七八九十今近次当")
            )
            or (forms[0][0] in "以不也文安非亚卡科拉斯白马新加老" and (len(forms) > 2 or not head))
            or (forms[0][0] in "南西罗保古比利多丹" and len(forms) > 2)
        ):
            forms = forms[1:]
        known = "".join(form for form, _, _ in forms) in _KNOWN_PAIRS
        while forms and not known and forms[-1][0] in "以不也文安非亚卡科拉斯白约利比" and not head:
            forms = forms[:-1]
        if len(forms) < 2 or len(forms) > 6:
            self._refuse(refused, start, end, "single characters of longer words")
            return
        names = [form for form, _, _ in forms]
        end = forms[-1][2]
        head = bool(_RELATION_AFTER.match(text, end, end + _AHEAD)) or bool(_LIST_AFTER.match(text, end, end + _AHEAD))
        chosen: list[tuple[str, int, int]] = []
        firm = 0
        for position, (form, form_start, form_end) in enumerate(forms):
            others = {other for index, other in enumerate(names) if index != position}
            reading = self._named(self._forms.get(form, ()), found) or self._read(form, others, years)
            if reading is None:
                self._refuse(refused, start, end, f"{form} stands for no state beside {'、'.join(sorted(others))}")
                return
            if reading.tag != "-":
                chosen.append((reading.tag, form_start, form_end))
            firm += form in _FIRM or len(form) > 1
        whole = text[forms[0][1] : end]
        if len({tag for tag, _, _ in chosen}) < len(chosen):
            self._refuse(refused, start, end, "one state would stand twice")
            return
        soft = (firm < len(forms) or whole in _SOFT_PAIRS) and (whole not in _KNOWN_PAIRS or whole == "美德")
        if soft and not head and not (len(forms) > 2 and firm >= 2 and "德" not in whole):
            next_character = text[end : end + 1]
            bounded = not next_character or next_character in ",。、;:\"')?! 和与及在对的之于共同都均间等皆"
            clean = (
                not before
                or not ("\u4e00" <= before[-1] <= "\u9fff")
                or before[-1] in "和与及在对的使将是由了为同从被于让令向因而但即如"
            )
            if not (firm >= len(forms) - 1 and bounded and clean and whole[0] not in "以老不"):
                self._refuse(refused, start, end, f"{whole} needs a word of alliance or relation after it")
                return
        confidence = 0.97 if head else 0.92 if not soft else 0.85
        first = forms[0][1]
        for tag, form_start, form_end in chosen:
            found.append(StateMention(form_start, form_end, tag, "state-compound", confidence, first, end, "compound"))
        taken.update(range(first, end))

    def _listed(
        self,
        text: str,
        left: str,
        start: int,
        end: int,
        years: Sequence[int],
        found: list[StateMention],
        taken: set[int],
    ) -> None:
        """``英、美两个主导国``: single characters parted by 、 where a word for states or a bond follows."""
        if not taken.isdisjoint(range(start, end)):
            return
        forms = [
            (match.group(), start + match.start(), start + match.end()) for match in _FORMS.finditer(text[start:end])
        ]
        names = {form for form, _, _ in forms}
        if not names <= _LISTABLE:
            return
        follows = re.match(
            r"(?:两|三|四|五|六|等|诸|各|同盟|联盟|结盟|关系|之间|双方|间|二国|三方|多国|国)", text[end:]
        )
        before = text[start - 1 : start]
        more = text[end : end + 1] in ("、", "和", "与", "及") and left[end + 1 : end + 2] == "\0"
        if not follows and len(forms) + more < 3 and not (before in "与同和对在、联以" and names <= _FIRM):
            return
        for form, form_start, form_end in forms:
            reading = self._read(form, names - {form}, years)
            if reading and reading.tag != "-":
                found.append(
                    StateMention(
                        form_start, form_end, reading.tag, "state-compound", 0.9, form_start, form_end, "listed"
                    )
                )
        taken.update(range(start, end))

    def _read(self, form: str, others: set[str], years: Sequence[int]) -> Reading | None:
        """The reading of a short form beside others in a compound."""
        readings = self._forms.get(form)
        if not readings:
            return None
        fitting = [reading for reading in readings if not reading.partners or reading.partners & others]
        if not fitting:
            return None
        timely = [reading for reading in fitting if any(reading.first <= year <= reading.last for year in years)]
        bounded = [reading for reading in timely if reading.first > -4000]
        if bounded:
            share = sum(bounded[0].first <= year <= bounded[0].last for year in years)
            if share * 2 >= len(years):
                return bounded[0]
        open_ended = [reading for reading in fitting if reading.first <= -4000]
        return open_ended[0] if open_ended else fitting[0]

    @staticmethod
    def _refuse(refused: list[Refused] | None, start: int, end: int, why: str) -> None:
        if refused is not None:
            refused.append(Refused(start, end, "", why))


_CROSSING: Final = re.compile("[美日中苏俄英法德韩朝越印澳]{2,}")


def _crossed(text: str, words: Sequence[tuple[int, int]], refused: list[Refused]) -> None:
    """Characters that would make a compound, did they not belong to words of their own: 今日美国 has no 日美."""
    for run in _CROSSING.finditer(text):
        own = [text[start:end] for start, end in words if start < run.end() and run.start() < end]
        if own:
            why = f"{own[0]} is a word of its own" if len(own) == 1 else f"{'、'.join(own)} are words of their own"
            refused.append(Refused(run.start(), run.end(), "", why))


def _some_are_free(places: Sequence[int], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of some places, in order, and the character after it lie outside some spans, in order and apart."""
    index = 0
    n_spans = len(spans)
    for place in places:
        while index < n_spans and spans[index][1] <= place:
            index += 1
        if index == n_spans or spans[index][0] > place + 1:
            return True
    return False


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with some spans blanked out."""
    if not spans:
        return text
    pieces = []
    done = 0
    for start, end in spans:
        pieces.append(text[done:start])
        pieces.append("\0" * (end - start))
        done = end
    pieces.append(text[done:])
    return "".join(pieces)
