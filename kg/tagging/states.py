"""States: from names, short forms and their company to mentions. In: a scan of a field. Out: state mentions with their rules.

Full names come from the automaton. What no dictionary sees is found here: single characters in compounds (美日, 中苏朝) and after
verbs (援越抗法), the pronoun-like ``us``, capitals that act, names that are also persons, places and words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from kg.tagging.lexicon import BLOCK, GROUP, STATE, Entry, Lexicon, Reading
from kg.tagging.scanner import Found, Scan


class StateMention(NamedTuple):
    """A state in a folded text: its own span, the span that is shown as evidence, the tag, the rule, and how sure it is."""

    start: int
    end: int
    tag: str
    rule: str
    confidence: float
    shown_start: int
    shown_end: int
    role: str


class Refused(NamedTuple):
    """A reading that was considered and not taken."""

    start: int
    end: int
    tag: str
    why: str


_SINGLES: Final = "美日中华苏俄英法德韩朝越印澳菲泰台蒙意奥普土希巴以伊沙埃叙约黎阿亚波捷匈罗保南塞乌格白哈吉塔缅老柬马新加墨古委智秘西葡荷比卢丹挪瑞芬冰利尼斯孟不文刚安卡科也欧拉非纽"
_PAIRS: Final = "埃塞|南非|印尼|东德|西德|民德|奥匈|北越|南越|阿联|苏丹|瑞典|蒙古"
_FORM: Final = f"(?:{_PAIRS}|[{_SINGLES}])"
_RUN: Final = re.compile(f"{_FORM}{{2,}}")
_LISTED: Final = re.compile(
    f"(?<![\u3400-\u9fff]){_FORM}(?:、{_FORM})+(?:[和与及]{_FORM})?|{_FORM}(?:、{_FORM})+(?:[和与及]{_FORM})?"
)
_FORMS: Final = re.compile(_FORM)

_FIRM: Final = frozenset("美日中苏俄英法韩朝越印澳菲台泰蒙欧")
_LISTABLE: Final = _FIRM | frozenset("德意奥土巴以加新纽荷比西葡波") | {"奥匈", "印尼", "华"}
_KNOWN_PAIRS: Final = frozenset(
    "印巴 巴以 以巴 埃以 沙伊 美以 美沙 阿以 约以 叙以 黎以 以伊 伊以 美伊 俄乌 俄土 土俄 希土 土希 德奥 奥德 普奥 普法 英德 德英 苏德 德苏 德意 意德 英意 法意 意法 奥意 意奥 俄奥 奥俄 美土 苏波 法波 德波 波苏 苏捷 法捷 苏南 苏捷 苏匈 美巴 中巴 美西 英葡 柬越 越柬 美加 美德 中缅 中老 印孟 中尼 俄白 俄哈 沙巴 阿巴 埃叙 叙埃 美埃 苏埃 苏古 美古 美墨 俄伊 俄叙 中伊".split()
)
_SOFT_PAIRS: Final = frozenset(
    "美德 中法 日法 中蒙 中印 日中 英法 法中 中台 台中 台美 中菲 朝中 法英 美法 法德 德法".split()
)
_RELATION_AFTER: Final = re.compile(
    r"(?:两国|三国|四国|各国|[二两三四五六]对|两大|之间|间|双方|军事|战略|安全|政治|特殊|新|准|三边|双边|四边|经济|友好|防务|传统|秘密|互助|全面|的|等国?|核|同盟|联盟|攻守|两大|两强|集体|边境|反[\u4e00-\u9fff]|海上|外交|同|共同|历史|正式|非正式|联合|国家)*"
    r"(?:同盟|联盟|关系|条约|协定|协约|结盟|盟约|战争|冲突|合作|伙伴|阵线|轴心|矛盾|分歧|对立|对抗|竞争|博弈|边境|边界|谈判|建交|复交|和解|争端|争霸|贸易|互动|往来|联合|协调|军队|集团|公约|友好|安保|防务|军事|交涉|密约|接近|和约|修好|攻守|停战|和平"
    r"|纠纷|紧张|走廊|铁路|危机|问题|协议|宣言|声明|联军|会谈|峰会|领导人|首脑|混战|之战|决裂|分裂|交恶|摩擦|结伴|抗衡|论战|同谋|勾结|夹击|瓜分|阵营|体系|战场|两国|三国|双方|之间|盟|三边|双边|海战|对峙|缓和|角力|海峡|友谊|蜜月|破裂|走近|靠拢)"
)
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
    r"(?P<form>[美日苏俄英法德韩朝越印澳菲台巴沙伊以乌土意中])(?P<noun>方|军|舰|核|制(?=武器|装备|导弹|战机|坦克|飞机|军火)|援)(?![\u4e00-\u9fff]?法)"
)
_SUFFIX_OK: Final = {
    "方": "美日苏俄英法德韩朝越印澳菲台巴伊以乌中", "军": "美日苏俄英法德韩朝越印澳菲意土以", "舰": "美日苏俄英", "核": "朝伊", "制": "美俄苏中英法", "援": "美苏",
}  # fmt: skip
_MASTER: Final = re.compile(r"(?P<first>[美英苏俄中])主(?P<second>[日澳韩英菲台])从")

_US_PRONOUN_OK: Final = re.compile(
    r"us(?:(?: |-)(?:alliances?|allies|ally|allied|military|troops|forces|foreign|security|policy|policies|government|president|presidents|army|navy|air force|defen[cs]e|bases|commitments?|extended|"
    r"nuclear|treaty|treaties|hegemony|dollar|congress|senate|senators?|administrations?|grand|leadership|led|hegemonic|intervention|interventions|marine|marines|state|national|strategic|strategy|unipolarity|"
    r"primacy|partners?|decision|officials?|diplomacy|diplomatic|support|supreme|economy|public|presence|soldiers|personnel|weapons|arms|aid|assistance|relations|interests|guarantees?|protection|umbrella|deterrent|credibility|reassurance|pressure|intelligence|global|power|involvement|withdrawal|retrenchment|engagement|japan|china|korea|rok|uk|soviet|australia|philippine|india|taiwan|russia|israel)\b|(?:-| and )(?:japan|china|south korea|korea|rok|uk|soviet|australia|philippines|india|taiwan|russia|israel|britain))"
)

_PLACE_BEFORE: Final = re.compile(
    r"\b(?:in|at|near|outside|around|inside|throughout|via|through|across|university of|treaty of|congress of|peace of|battle of|siege of|city of|port of|fall of|conference of|streets of|residents of|summit of|protocol of|"
    r"archives of|archives in|visit to|visited|trip to|returned to|flew to|arrived in|travell?ed to|born in|held in|signed in|meeting in|conference in|based in|mayor of|suburbs of|south of|north of|east of|west of|bombing of|occupation of) (?:the )?$"
)
_ACTOR_BEFORE: Final = re.compile(
    r"\b(?:leaders|leadership|government|governments|elites|officials|policymakers|policy-makers|decision-makers|decision makers|statesmen|authorities|regime|allies|ally|patron|patrons|protector|friends|fears?|doubts?|"
    r"worries|anxiety|concerns?|suspicions?|confidence|faith|trust|interest|interests|as|opinion|diplomats|planners|counterparts?|voices|resentment|alarm|partners?|power|guarantor|cabinet|heard) in (?:the )?$"
)
_PLACE_AFTER: Final = re.compile(
    r"(?:'s)?[ ,]+(?:treaty|treaties|conference|conferences|agreement|agreements|accord|accords|declaration|summit|protocol|process|university|airport|school|bureau|museum|street|review|talks? of|meeting of|stock exchange|olympics|climate|peace|press|convention|naval|post|times|d\.c|"
    r"dc\b|state university|metropolitan|suburb|hospital|marathon|city)\b"
)
_GIVEN_NAMES: Final = frozenset(
    "michael hamilton george booker john david robert james william thomas charles joseph henry richard edward peter paul mary elizabeth hans karl carl martin daniel stephen steven mark barbara susan david amos neil june vernon "
    "colin eleanor denzel kerry dinah isaiah irving anatole hilton jack ruth colin samuel alan allen alfred albert arthur benjamin bernard bert brian bruce christopher donald douglas eric ernest frank frederick gary gerald gordon harold harry "
    "howard hugh jason jeffrey jeremy jerry jim jimmy joe jonathan keith kenneth kevin larry lawrence leonard lewis louis matthew melvin nancy nicholas patrick philip ralph raymond roger ronald roy simon stanley terry tim timothy tom victor walter "
    "anne ann anna alice amy andrea carol caroline catherine christine deborah diana emily emma helen jane janet jennifer jessica judith julia karen kate kathleen laura linda lisa margaret maria martha michelle patricia rachel rebecca sarah sharon".split()
)
_PERSON_LIKE: Final = frozenset(
    "jordan chad israel washington paris sydney georgia cuba holland dane finn togo london berlin santiago malta france england ireland german french english poland lima victoria kingston ireland niger".split()
)
_LONELY_NAMES: Final = frozenset(
    "jordan chad georgia georgian turkey guinea niger mali togo dominica dominican cuba columbia".split()
)
_AMERICAN_GEORGIA: Final = re.compile(
    r"\b(?:atlanta|savannah|georgia (?:state|tech|legislature|power|aquarium|general assembly|officials|counties|voters|residents|bulldogs)|university of georgia|governor|state government|state legislature|county|counties|alabama|florida|tennessee|carolina|american states|southern states|southeastern united states|peach|emory)\b"
)
_CAUCASIAN_GEORGIA: Final = re.compile(
    r"\b(?:tbilisi|caucas\w+|ossetia\w*|abkhaz\w*|saakashvili|shevardnadze|russian?|nato|armenia\w*|azerbaijan\w*|ukrain\w*|soviet|moscow|gori|batumi)\b"
)
_BIRD: Final = re.compile(
    r"\b(?:poultry|poults?|broilers?|meat|thanksgiving|feed|flocks?|breeders?|birds?|hens?|carcass\w*)\b"
)

_YEAR: Final = re.compile(
    r"(?<!\d)(?<!\d[.,-])(1[4-9]\d\d|20[0-3]\d)(?!\d)|(1\d|20)(?:th|st)?[ -]?(?:century|世纪)(?:([2-9]0)年代)?|\b(eighteenth|nineteenth|twentieth) century"
)
_HINTS: Final = (
    (re.compile(r"post-cold war|after the cold war|冷战后|后冷战|冷战结束"), 2000),
    (re.compile(r"(?<!post-)(?<!after the )cold war|(?<!后)冷战(?!后|结束)|soviet|苏联|khrushchev|赫鲁晓夫|stalin\b|斯大林|brezhnev|勃列日涅夫|truman|杜鲁门|eisenhower|艾森豪威尔|nixon|尼克松|kennedy|肯尼迪|毛泽东|\bmao\b|华约|warsaw pact|adenauer|de gaulle|戴高乐"), 1960),
    (re.compile(r"first world war|world war i\b|great war|一战|第一次世界大战|july crisis|七月危机|entente powers|协约国|central powers"), 1914),
    (re.compile(r"second world war|world war ii\b|二战|第二次世界大战|nazi|hitler|纳粹|希特勒"), 1941),
    (re.compile(r"interwar|between the wars|两次世界大战之间|战间期|versailles|凡尔赛"), 1930),
    (re.compile(r"bismarck|俾斯麦|wilhelmine|三皇同盟|three emperors' league|奥匈|austria-hungary|andrassy|kalnoky|franz joseph|威廉二世"), 1885),
    (re.compile(r"napoleon\b|napoleonic|拿破仑战争|metternich|梅特涅|congress of vienna|维也纳会议"), 1815),
    (re.compile(r"putin|普京|trump|特朗普|obama|奥巴马|biden|拜登|习近平|xi jinping|印太|indo-pacific|zelensk|arab spring|俄乌冲突|erdo[gğ]an"), 2018),
    (re.compile(r"crimean war|克里米亚战争"), 1855),
)  # fmt: skip
_CENTURIES: Final = {"eighteenth": 1750, "nineteenth": 1850, "twentieth": 1950}


def years_of(texts: Sequence[str]) -> list[int]:
    """Years that some folded texts speak of, spelled or hinted at; with repetition."""
    years: list[int] = []
    for text in texts:
        for match in _YEAR.finditer(text):
            if match.group(1):
                years.append(int(match.group(1)))
            elif match.group(2):
                years.append((int(match.group(2)) - 1) * 100 + int(match.group(3) or 50))
            else:
                years.append(_CENTURIES[match.group(4)])
        for pattern, year in _HINTS:
            if pattern.search(text):
                years.append(year)
    return years


_DEFAULTS: Final = {"hanoi": "VNM", "河内": "VNM", "moscow": "RUS", "莫斯科": "RUS", "kremlin": "RUS", "克里姆林宫": "RUS", "berlin": "DEU", "柏林": "DEU", "roc": "TWN", "r.o.c.": "TWN",
                    "vienna": "AUT", "维也纳": "AUT", "congo": "COD", "刚果": "COD", "朝鲜": "PRK", "土耳其": "TUR", "turkey": "TUR", "turkish": "TUR", "yugoslav": "YUG", "prague": "CZE",
                    "dominican": "DOM", "frg": "GFR", "联邦德国": "GFR", "德意志联邦共和国": "GFR", "nationalist china": "TWN", "中华民国": "TWN", "cairo": "EGY", "开罗": "EGY"}  # fmt: skip
_FIXED: Final = frozenset("hanoi 河内 frg 联邦德国".split())


def choose(readings: Sequence[tuple[str, int, int]], years: Sequence[int], name: str) -> tuple[str, ...]:
    """The reading that the years of the text favour, else the default; all where a name stands for several (两韩)."""
    if len(readings) == 1:
        return (readings[0][0],)
    if all(first < -4000 and last > 9000 for _, first, last in readings):
        return tuple(tag for tag, _, _ in readings)
    default = _DEFAULTS.get(name)
    if name in _FIXED and default:
        return (default,)
    best = max(
        readings,
        key=lambda reading: (
            sum(reading[1] <= year <= reading[2] for year in years),
            (reading[0] == default) if not years else 0,
            -(reading[2] - reading[1]) if years else (reading[2] > 9000),
            reading[0] == default,
            reading[0],
        ),
    )
    if not any(best[1] <= year <= best[2] for year in years) and default:
        return (default,)
    return (best[0],)


class StateFinder:
    """Finds states in scanned fields; holds the lexicon only."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._forms = lexicon.characters

    def find(self, scan: Scan, years: Sequence[int], refused: list[Refused] | None = None) -> list[StateMention]:
        """The state mentions of a field, in order.

        Parameters
        ----------
        scan : Scan
        years : sequence of int
            Years that the work speaks of (`years_of`).
        refused : list, optional
            Takes the readings that were not taken.
        """
        text = scan.folded.text
        found: list[StateMention] = []
        has_han = not text.isascii()
        for match in scan.names:
            entry = match.entry
            if entry.kind != STATE:
                continue
            why = self._why_not(scan, match) if entry.latin else _chinese_place(text, match)
            if why:
                if refused is not None:
                    refused.append(Refused(match.start, match.end, entry.readings[0][0], why))
                continue
            if scan.pacts and _inside_pact(match, scan.pacts, self._lexicon):
                continue
            if entry.readings[0][0] in _BOUND_TO_YEARS and len(entry.readings) == 1:
                _, first, last = entry.readings[0]
                if years and not any(first <= year <= last for year in years):
                    if refused is not None:
                        refused.append(
                            Refused(
                                match.start, match.end, entry.readings[0][0], "a place today: no state in these years"
                            )
                        )
                    continue
            tags = self._by_full_name(entry, scan) or choose(entry.readings, years, entry.text)
            rule = _RULES[entry.role] if len(entry.readings) == 1 or len(tags) > 1 else "state-context"
            confidence = _CONFIDENCE[entry.role] - (0.06 if rule == "state-context" else 0.0)
            found.extend(
                StateMention(match.start, match.end, tag, rule, confidence, match.start, match.end, entry.role)
                for tag in tags
            )
        if has_han:
            self._short_forms(scan, years, found, refused)
        elif "us" in text:
            self._us(scan, found)
        if "korea" in text:
            _koreas(text, found)
        if len(found) > 1:
            found.sort()
        return found

    @staticmethod
    def _by_full_name(entry: Entry, scan: Scan) -> tuple[str, ...] | None:
        """For a name of several states the one whose own name stands in the same field: Vienna beside Austria-Hungary."""
        if len(entry.readings) == 1 or entry.role not in ("metonym", "adjective"):
            return None
        tags = {tag for tag, _, _ in entry.readings}
        named = {
            match.entry.readings[0][0]
            for match in scan.names
            if match.entry.kind == STATE and match.entry.role == "name" and len(match.entry.readings) == 1
        } & tags
        return (named.pop(),) if len(named) == 1 else None

    def _why_not(self, scan: Scan, match: Found) -> str | None:
        """Why a name in Latin letters is no state here, None where it is one."""
        text = scan.folded.text
        entry = match.entry
        start, end = match.start, match.end
        name = entry.text
        if entry.role == "metonym":
            before = text[max(0, start - 40) : start]
            place = _PLACE_BEFORE.search(before)
            if place and not _ACTOR_BEFORE.search(before) and not text.startswith("'s", end):
                if not re.match(r"(?:, \w+)* (?:and|or) \w+", text[end:]) or not before.endswith("as in "):
                    return "a place here, not an actor"
            if _PLACE_AFTER.match(text, end):
                return "part of the name of a treaty, a meeting or an institution"
        if name in _PERSON_LIKE:
            word, capital = _word_before(scan, start)
            if word in _GIVEN_NAMES and capital:
                return "a person's name"
            if name in ("chad", "jordan", "israel", "paris") and _given_name_use(scan, end, name):
                return "a person's name"
        if name in ("georgia", "georgian", "georgians"):
            whole = text
            if _AMERICAN_GEORGIA.search(whole) and not _CAUCASIAN_GEORGIA.search(whole):
                return "the American state"
        if name in ("turkey", "turkeys") and _BIRD.search(text):
            return "the bird"
        if (
            name in ("us", "u.s.")
            and scan.folded.raw.isupper()
            and name == "us"
            and not _US_PRONOUN_OK.match(text, start)
        ):
            return "may be the pronoun in a title in capitals"
        if name == "polish" and text[end : end + 4] == "ing ":
            return "a word"
        return None

    def _us(self, scan: Scan, found: list[StateMention]) -> None:
        """``us alliance agreements``: the United States in small letters, told by what follows."""
        text = scan.folded.text
        raw = scan.folded.raw
        position = text.find("us")
        while position >= 0:
            if (
                (position == 0 or not text[position - 1].isalnum())
                and (position + 2 == len(text) or not text[position + 2].isalnum())
                and text[position + 2 : position + 3] in (" ", "-")
            ):
                first, last = scan.folded.raw_span(position, position + 2)
                if raw[first:last] == "us" and _US_PRONOUN_OK.match(text, position):
                    found.append(
                        StateMention(
                            position, position + 2, "USA", "state-context", 0.85, position, position + 2, "abbreviation"
                        )
                    )
            position = text.find("us", position + 2)

    def _short_forms(
        self, scan: Scan, years: Sequence[int], found: list[StateMention], refused: list[Refused] | None
    ) -> None:
        """Chinese short forms in what the names have left over."""
        text = scan.folded.text
        left = text
        if scan.names:
            pieces = []
            done = 0
            for match in scan.names:
                if match.entry.latin:
                    continue
                pieces.append(text[done : match.start])
                pieces.append("\0" * (match.end - match.start))
                done = match.end
            pieces.append(text[done:])
            left = "".join(pieces)
        taken: list[tuple[int, int]] = []
        for run in _RUN.finditer(left):
            self._compound(text, run.start(), run.end(), years, found, taken, refused)
        for listed in _LISTED.finditer(left):
            self._listed(text, left, listed.start(), listed.end(), years, found, taken)
        for match in _TRIGGER.finditer(left):
            verb, form = match.group("verb"), match.group("form")
            start, end = match.span("form")
            if form == "欧" or form not in _TRIGGER_OK.get(verb, "") or any(a <= start < b for a, b in taken):
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
                taken.append((start, end))
                found.append(StateMention(start, end, tag, "state-trigger", 0.93, match.start(), end, "abbreviation"))
        for match in _SUFFIX.finditer(left):
            start, end = match.span("form")
            noun = match.group("noun")
            if match.group("form") not in _SUFFIX_OK[noun] or any(a <= start < b for a, b in taken):
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
                taken.append((start, end))
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

    def _named(self, readings: Sequence[Reading], found: Sequence[StateMention]) -> Reading | None:
        """The one reading that the text names in full."""
        full = {mention.tag for mention in found if mention.role == "name"}
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
        taken: list[tuple[int, int]],
        refused: list[Refused] | None,
    ) -> None:
        forms = [
            (match.group(), start + match.start(), start + match.end()) for match in _FORMS.finditer(text[start:end])
        ]
        before = text[max(0, start - 4) : start]
        head = bool(_RELATION_AFTER.match(text, end))
        if forms[0][0] == "中" and _LOCATIVE_BEFORE.search(before) and (len(forms) > 2 or not head):
            forms = forms[1:]
        elif forms[0][0] == "日" and before and (before[-1].isdigit() or before[-1] in "一二三四五六七八九十今近次当"):
            forms = forms[1:]
        elif forms[0][0] in "以不也文安非亚卡科拉斯白马新加老" and (len(forms) > 2 or not head):
            forms = forms[1:]
        elif forms[0][0] in "南西罗保古比利多丹" and len(forms) > 2:
            forms = forms[1:]
        known = "".join(form for form, _, _ in forms) in _KNOWN_PAIRS
        while forms and not known and forms[-1][0] in "以不也文安非亚卡科拉斯白约利比" and not head:
            forms = forms[:-1]
        if len(forms) < 2 or len(forms) > 6:
            self._refuse(refused, start, end, "single characters of longer words")
            return
        names = [form for form, _, _ in forms]
        end = forms[-1][2]
        head = bool(_RELATION_AFTER.match(text, end)) or bool(_LIST_AFTER.match(text, end))
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
        taken.append((first, end))

    def _listed(
        self,
        text: str,
        left: str,
        start: int,
        end: int,
        years: Sequence[int],
        found: list[StateMention],
        taken: list[tuple[int, int]],
    ) -> None:
        """``英、美两个主导国``: single characters parted by 、 where a word for states or a bond follows."""
        if any(a < end and start < b for a, b in taken):
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
        taken.append((start, end))

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


_BOUND_TO_YEARS: Final = frozenset(
    (
        "PRU X-TIB X-SAR X-HAW X-TEX BAV BAD SAX WRT HSE HSG MEC HAN TUS MOD PMA SIC PAP X-ORA X-TRA X-ZUL X-SIK X-MAH "
        "X-BRI X-CSA X-DZG X-HEJ SKM ZAN X-SLK X-NDH X-GCO"
    ).split()
)
_RULES: Final = {
    "name": "state-name",
    "adjective": "state-adjective",
    "metonym": "state-metonym",
    "abbreviation": "state-abbreviation",
}
_CONFIDENCE: Final = {"name": 0.98, "adjective": 0.96, "metonym": 0.9, "abbreviation": 0.95}


def _word_before(scan: Scan, start: int) -> tuple[str, bool]:
    """The word before a position and whether it is written with a capital."""
    text = scan.folded.text
    end = start
    while end and text[end - 1] == " ":
        end -= 1
    begin = end
    while begin and (text[begin - 1].isalpha() or text[begin - 1] in "'"):
        begin -= 1
    if begin == end:
        return "", False
    first, _ = scan.folded.raw_span(begin, end)
    return text[begin:end], scan.folded.raw[first].isupper()


def _given_name_use(scan: Scan, end: int, name: str) -> bool:
    """Whether a capitalised word that is no usual one follows: ``Chad Smith``."""
    text = scan.folded.text
    match = re.match(r" ([a-z]+)", text[end:])
    if not match or name == "paris" and match.group(1) != "hilton":
        return False
    first, _ = scan.folded.raw_span(end + 1, end + 2)
    if scan.folded.raw.isupper() or not scan.folded.raw[first].isupper():
        return False
    title_case = sum(word[:1].isupper() for word in scan.folded.raw.split()) * 2 > len(scan.folded.raw.split())
    return not title_case and name in ("chad", "israel")


def _chinese_place(text: str, match: Found) -> str | None:
    """Why a Chinese name is no state here."""
    name = match.entry.text
    if match.entry.role == "metonym":
        before = text[max(0, match.start - 2) : match.start]
        after = text[match.end : match.end + 3]
        if before.endswith(("在", "赴", "抵达", "飞抵", "于", "驻", "前往", "位于")) or re.match(
            r"会议|条约|公约|宣言|市|举行|召开|峰会|协定|会晤|会谈|奥运|大学|体系|和会|郊|街|举", after
        ):
            return "a place here, not an actor"
    if name == "印度" and text[match.end : match.end + 1] == "洋":
        return "the ocean"
    if (
        len(name) == 2
        and name[1] == "国"
        and text[match.end : match.end + 1] == "内"
        and text[match.start - 1 : match.start] == "际"
    ):
        return "part of another word"
    return None


def _inside_pact(match: Found, pacts: list[Found], lexicon: Lexicon) -> bool:
    """A capital in the name of a pact (*Warsaw* Pact), or a state in it that is no member, is no mention."""
    for pact in pacts:
        if pact.start <= match.start and match.end <= pact.end and (pact.start, pact.end) != (match.start, match.end):
            if match.entry.role == "metonym":
                return True
            members = set()
            for tag, _, _ in pact.entry.readings:
                members |= lexicon.pact_members.get(tag, frozenset(tag.split("-")))
            return not any(tag in members for tag, _, _ in match.entry.readings)
    return False


_KOREAS: Final = re.compile(
    r"\b(?:(?:two|both) koreas|the koreas|north and south koreans?|south and north koreans?|inter-korean)\b"
)


def _koreas(text: str, found: list[StateMention]) -> None:
    """``both Koreas`` and ``North and South Korea`` are two states."""
    for match in _KOREAS.finditer(text):
        present = {mention.tag for mention in found if match.start() <= mention.start < match.end()}
        for tag in ("KOR", "PRK"):
            if tag not in present:
                found.append(
                    StateMention(
                        match.start(), match.end(), tag, "state-name", 0.95, match.start(), match.end(), "name"
                    )
                )


__all__ = ["BLOCK", "GROUP", "Refused", "StateFinder", "StateMention", "choose", "years_of"]
