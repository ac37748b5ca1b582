"""How abstracts speak of an alliance between states: the grammar as tables of regular expressions, one a language.

They run on folded text in which each state is masked (`kg.tagging.patterns`): ``S`` is one state, ``LIST`` several that are joined.
A rule says how its groups give pairs:

============= =======================================================================================
within        each cluster of ``a`` (美日, US–Japan) is a bond; single names joined in ``a`` are one bond together
cross         each state of ``a`` with each of ``b``
subject       the party spoken of before, with each state of ``b``
all           all states of ``a`` and ``b`` in one bond
subject-pair  the subject with the two others that the text speaks of most
pair-cross    the two states spoken of last, each with each state of ``b``
last          the two states spoken of last
============= =======================================================================================
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kg.tagging.patterns import STATE, STATE_REST


class BondRule(NamedTuple):
    """One way to speak of a bond.

    `word` is a literal that must stand in the sentence, empty where none is fixed; `weak` marks words (partnership, tie)
    that count for states which are or were allied, or in a text that treats them so.
    """

    name: str
    mode: str
    regex: re.Pattern[str]
    words: frozenset[str]
    confidence: float
    weak: bool
    rule: str


_S: Final = f"{STATE}{STATE_REST}*"
_S1: Final = f"(?<![{STATE}{STATE_REST}]){STATE}{STATE_REST}*(?!{STATE})"  # a state that is no part of a compound

# ---------------------------------------------------------------- Chinese
_ZSEP: Final = r"(?:以及|[、,·/\-]|与|和|及|同|跟|\")"
_ZLIST: Final = f"{_S}(?:{_ZSEP}?{_S})*"
_ZMOD: Final = (
    r"(?:军事|战略|安全|政治|防务|防御|攻守|特殊|三边|双边|四边|三国|四国|两国|双方|[二两三四五六]对|两大|两(?=同盟|联盟)|两组|两个|三大|[二三四五六]个?|等国?|之间|间|这一|这|的|式|传统|新型|新|秘密|友好|反[\u4e00-\u9fff]{1,2}|"
    r"经济|共同|正式|非正式|准|所谓|\"|《|核|不对称|非对称|海洋|陆上|战时|永久|牢固|紧密|历史性?|关系|集体|全面|双重|互助|海军|意识形态|实质性?|事实上?|有限|脆弱|同盟|联盟|冷战|战后|早期|小|自然|未来|现代|当代|近代|不平等|"
    r"建立|缔结|结成|形成|恢复|维持|签订|签署|达成|订立|缔造|组成|构建|了|过|一个|一种|[12]\d{3}年?(?:的)?)*"
)
_ZHEAD: Final = (
    r"(?:同盟(?!会|军|国|理论|视野)|联盟(?!理论)|盟约|结盟|盟友|盟国|盟邦|准同盟|准联盟|半结盟|协约(?!国)|安保(?!理)|安全保障条约|安全保障体制|安全条约|共同防御|互助条约|防御条约|防务条约|协防条约|轴心|联防|攻守同盟|密约|特殊关系|"
    r"军事集团|《?访问部队协[定议]|《?部队地位协[定议]|(?:友好|同盟|互助|安全|安保|防御|防务|互不侵犯|中立|再保险|共同|合作|军事|政治)[^,。;》]{0,8}(?:条约|协定|公约|协议)|三国同盟|两国同盟|同盟国关系|条约同盟|海军协定)"
)
_ZWEAK: Final = (
    r"(?:三边(?:安全|军事|防务|战略)?(?:合作|机制|关系|协调|伙伴|一体化|安排)|(?:安全|军事|防务|战略)(?:安全)?合作|战略(?:协作)?伙伴(?:关系)?|战略协作|(?:全面|战略|协作|安全){0,3}伙伴关系|结伴|联手|军事一体化|安全关系|防务关系|军事关系|条约(?!组织)|联合|合作(?=机制)|纽带|铁三角|蜜月|集团|阵营|联合阵线|阵线|抱团|"
    r"特殊伙伴|准盟友|协调|携手|三角)"
)

_ZH: Final = (
    ("compound", "within", f"(?P<a>{_ZLIST}){_ZMOD}(?P<head>{_ZHEAD})", "", 0.93, False, "alliance-compound"),
    ("compound-weak", "within", f"(?P<a>{_ZLIST}){_ZMOD}(?P<head>{_ZWEAK})", "", 0.66, True, "alliance-compound"),
    ("with-verb", "cross", f"(?P<a>{_S1})(?:曾|先后|已|也|再度|一度|正式|终于|重新|最终|被迫|试图|企图|希望|选择|决定|[^,。;]{{0,6}})?(?:与|同|和|跟)(?P<b>{_ZLIST})[^,。;{STATE}]{{0,14}}(?P<head>结盟|缔盟|订约|签约|立约|结成|缔结[^,。;]{{0,16}}(?:同盟|条约|盟约|协定|公约)|建立[^,。;]{{0,8}}(?:同盟|联盟)|订立[^,。;]{{0,10}}(?:盟约|条约|同盟)|签[订署定][^。;{STATE}]{{0,16}}(?:同盟|互助|防御|防务|安全|安保|友好|军事)[^,。;]{{0,8}}(?:条约|协定|公约|协议)|形成[^,。;]{{0,6}}(?:同盟|联盟)|组成[^,。;]{{0,6}}(?:同盟|联盟)|联盟|同盟|互为盟|决裂|毁约|背盟|解盟)", "", 0.88, False, "alliance-relation"),
    ("subject-verb", "subject", f"(?:与|同|和|跟)(?P<b>{_ZLIST})[^,。;{STATE}]{{0,10}}(?P<head>结盟|缔盟|订约|签约|立约|结成同盟|结成联盟|缔结[^,。;]{{0,12}}(?:同盟|盟约|条约)|签[订署定][^,。;]{{0,10}}(?:同盟|互助|互不侵犯|防御|安全|友好)[^,。;]{{0,6}}(?:条约|协定|公约)|订立[^,。;]{{0,8}}(?:盟约|同盟|条约)|联手|建立[^,。;]{{0,6}}(?:同盟|联盟)|的(?:军事|安全|战略|传统|条约)?(?:同盟|联盟|盟约|盟友关系|结盟))", "", 0.8, False, "alliance-relation"),
    ("three-found", "within", f"(?P<a>{_ZLIST})三国[^。;{STATE}]{{0,8}}?(?:成立|建立|组建|启动|达成|结成|缔结|签署|推出)[^。;{STATE}]{{0,10}}?(?P<head>安全伙伴关系|三边安全|同盟|联盟|防务协[定议]|安全机制|三边机制|安全协[定议]|互助条约)", "成立 建立 组建 启动 达成 结成 缔结 签署 推出", 0.82, False, "alliance-compound"),
    ("lean-on", "cross", f"(?P<b>{_ZLIST})[^,。;{STATE}]{{0,8}}(?P<head>仰仗|依靠|依赖|倚仗|倚重|依附|追随|投靠|倒向|听命于|依托|背靠|托庇于|求助于)(?:同一个?)?[^,。;{STATE}]{{0,8}}(?P<a>{_S})(?!的?(?:市场|石油|能源|技术|资金|投资|贸易|进口|出口|经济))", "仰仗 依靠 依赖 倚仗 倚重 依附 追随 投靠 倒向 听命 依托 背靠 托庇 求助", 0.6, True, "alliance-relation"),
    ("lean-from-to", "subject", f"(?:由|从)(?P<b>(?:依附|投靠|倒向|追随|亲近?|依靠|依赖){_S}[^,。;]{{0,4}}转(?:向|而|为)(?:依附|投靠|倒向|追随|亲近?|依靠|依赖)?{_S})(?P<head>)", "依附 投靠 倒向 追随 亲 依靠 依赖", 0.72, False, "alliance-relation"),
    ("joint-war", "within", f"(?P<a>{_ZLIST})[^。;]{{0,14}}?(?P<head>(?:约定|商定|议定|约好|密约|相约)[^。;]{{0,12}}(?:共同|联合|一道|夹击|夹攻)?[^。;]{{0,4}}(?:作战|出兵|夹击|夹攻|参战|开战))", "约定 商定 议定 约好 密约 相约", 0.74, False, "alliance-relation"),
    ("with-it", "subject", f"(?P<b>{_S})(?:[^,。;{STATE}]{{0,6}})?(?P<head>(?:与之|同其|与其)[^,。;]{{0,6}}(?:结盟|结成同盟|(?:订立|缔结|签订|签署)[^,。;]{{0,8}}(?:盟约|同盟|防御条约|互助条约|安全条约)))", "与之 同其 与其", 0.78, False, "alliance-relation"),
    ("partner-alliance", "cross", f"(?P<b>{_S})是(?P<a>{_S})的[^,。;{STATE}]{{0,10}}(?P<head>(?:伙伴|朋友|兄弟|密友)[^。;]{{0,20}}(?:同盟|盟友|盟国|结盟))", "伙伴 朋友 兄弟 密友", 0.72, False, "alliance-relation"),
    ("promise-kept", "cross", f"(?P<b>{_S1})[^。;{STATE}]{{0,14}},(?P<a>{_ZLIST})[^,。;{STATE}]{{0,10}}(?P<head>(?:兑现|履行|遵守|恪守|信守|背弃|违背)[^,。;{STATE}]{{0,10}}(?:保证|承诺|诺言|盟约|条约|义务))", "兑现 履行 遵守 恪守 信守 背弃 违背", 0.64, True, "alliance-relation"),
    ("ally-name", "cross", f"(?P<a>{_S1})(?:的|在[^,。;{STATE}]{{1,8}}的)?(?:[^,。;{STATE}与和同]{{0,8}})(?P<head>盟友|盟国|盟邦|附庸|卫星国|保护国|被保护国|同盟伙伴)(?:、|-|,|\\(|\"|如|包括|即|之一的?|主要是|们|——|--)*(?P<b>{_ZLIST})", "盟友 盟国 盟邦 附庸 卫星国 保护国 同盟伙伴", 0.86, False, "alliance-relation"),
    ("is-ally", "cross", f"(?P<b>{_ZLIST})(?:一直|历来|曾经?|仍|都|均|既|则|也|不仅|不但|长期|[^,。;{STATE}]{{0,6}})?(?:是|作为|为|成为|系|乃|身为|同为|同是|皆为|均为|都是|变成|沦为|被视为|当作|视为|充当|贵为|爲)(?P<a>{_S})(?:的|在[^,。;{STATE}]{{1,10}}的|最|主要|重要)?[^,。;{STATE}]{{0,14}}?(?P<head>盟友|盟国|盟邦|同盟国|附庸|卫星国|保护国|同盟伙伴|靠山|盟主|支柱|桥头堡)", "盟友 盟国 盟邦 同盟国 附庸 卫星国 保护国 同盟伙伴 靠山 盟主", 0.86, False, "alliance-relation"),
    ("regard-ally", "cross", f"(?P<a>{_S1})(?:[^,。;{STATE}]{{0,4}})(?:视|把|将|以|对)(?P<b>{_ZLIST})(?:这[一个]+)?(?:视为|作为|为|当作|看作|列为|等|这|确定为|定位为)?[^,。;{STATE}]{{0,10}}(?P<head>盟友|盟国|盟邦|同盟国)", "盟友 盟国 盟邦 同盟国", 0.8, False, "alliance-relation"),
    ("mutual-ally", "within", f"(?P<a>{_ZLIST})(?:两国|双方|三国)?(?:虽然|虽|同为|互为|仍为|仍是|本为|本是|均为|都是|既为|一直是|曾是|是|作为|成为|爲|仍爲|互爲|结为|从|由|这对|这两个|两个|这两|彼此|已|也|,)*(?:传统|条约|军事|昔日|亲密|战时|[^,。;{STATE}]{{0,4}})?(?P<head>盟友|盟国|盟邦|同盟国|盟军|结盟|同盟关系)", "盟友 盟国 盟邦 同盟国 盟军 结盟 同盟关系", 0.78, False, "alliance-relation"),
    ("ally-apposed", "subject", f"(?P<head>(?:其|自己的?|它的|这一|这个|本国的?|共同的?|昔日|条约|主要|传统|重要|核心|关键|亚太|亚洲|欧洲|地区|前|老|与|同|对|向|把|将|为|被)[^,。;{STATE}]{{0,4}}(?:盟友|盟国|盟邦|盟主|靠山|保护国|庇护者|保护者|同盟国|保护伞))(?:、|-|,|\\(|\"|如|包括|即|——|--)*(?P<b>{_ZLIST})", "盟友 盟国 盟邦 盟主 靠山 保护国 保护者 同盟国", 0.74, False, "alliance-relation"),
    ("list-allies", "subject", f"(?P<b>{_ZLIST})(?:等|这|这些|诸)?(?:[二两三四五六几数多]个?|等)?(?:大|个|昔日|传统|主要|重要|亚洲|亚太|欧洲|地区|条约|北约|东亚|东北亚)*(?P<head>盟友|盟国|盟邦|靠山|邻邦兼盟友)", "盟友 盟国 盟邦 靠山", 0.62, False, "alliance-coordination"),
    ("to-alliance", "subject", f"对(?P<b>{_S})(?:的)?(?P<head>同盟|结盟|联盟|安全依赖|军事依赖|同盟义务|同盟承诺|条约义务)", "同盟 结盟 联盟 依赖 义务", 0.8, False, "alliance-relation"),
    ("guarantee", "cross", f"(?P<a>{_S1})(?:政府|军方)?(?:在[^,。;]{{0,8}})?(?:对|向|给予|给)(?P<b>{_ZLIST})(?:的|提供的?|作出的?|做出的?|承担的?|所作的?|[^,。;{STATE}]{{0,6}})?(?P<head>(?:安全|防务|防卫|军事|条约|同盟|延伸|核)(?:承诺|保证|保障|保护|义务|担保|威慑)|延伸威慑|核保护伞|核保护|协防|保护伞|盟约义务|保护)", "承诺 保证 保障 保护 义务 威慑 协防 担保", 0.7, True, "alliance-relation"),
    ("ally-of-subject", "subject", f"(?:联合|联|拉拢|投靠|倒向|追随|依附|背靠|倚靠|依靠|依赖|投向|靠拢|背弃|抛弃|背叛)(?P<b>{_S})[^,。;]{{0,8}}(?P<head>同盟|结盟|联盟|盟友|怀抱|保护|庇护)", "同盟 结盟 联盟 盟友 怀抱 保护 庇护", 0.6, True, "alliance-relation"),
    ("is-or-not", "within", f"(?P<a>{_ZLIST})[^。;{STATE}]{{0,14}}?(?P<head>不结盟|结伴|结盟|准同盟|准联盟|走向同盟|同盟化|盟约|缔盟|半同盟|形成同盟|形成联盟|非同盟)", "结盟 结伴 准同盟 准联盟 同盟 盟约 缔盟 联盟", 0.76, False, "alliance-relation"),
    ("treaty-signed", "within", f"(?P<a>{_ZLIST})(?:[^,。;{STATE}]{{0,12}})(?:签订|签署|缔结|订立|签定|达成|订)(?:了|的)?[^。;{STATE}]{{0,18}}?(?P<head>(?:同盟|互助|防御|防务|安保|安全|友好|互不侵犯|军事)[^,。;]{{0,8}}(?:条约|协定|公约|协议)|盟约|密约|军事协定|攻守同盟)", "条约 协定 公约 协议 盟约 密约 同盟", 0.85, False, "alliance-relation"),
    ("as-alliance", "cross", f"(?P<a>{_S1})[^,。;{STATE}]{{0,6}}以(?P<b>{_ZLIST})为(?P<head>盟友|同盟|盟国|盟|后盾|靠山)", "为盟 为同盟 为后盾 为靠山", 0.82, False, "alliance-relation"),
    ("quasi", "within", f"(?P<a>{_ZLIST})[^。;]{{0,40}}?(?P<head>准同盟|准联盟|三边同盟|三国同盟|三边准同盟|事实上的同盟)", "准同盟 准联盟 三边同盟 三国同盟 三边准同盟 事实上的同盟", 0.7, False, "alliance-relation"),
    ("with-treaty", "subject", f"(?:与|同|和|跟)(?P<b>{_ZLIST})(?:之间)?的?(?:[^,。;{STATE}]{{0,8}})(?P<head>友好条约|友好合作条约|互助条约|同盟条约|安全条约|防御条约|盟约|军事协定)", "条约 盟约 协定", 0.7, True, "alliance-relation"),
    ("become-ally-of", "subject", f"(?:成为|作为|是|系|沦为|变成|充当|身为)(?P<b>{_S1})(?:在[^,。;{STATE}]{{1,10}})?(?:的|唯一的?|最[^,。;{STATE}]{{1,6}}的)[^,。;{STATE}]{{0,8}}(?P<head>盟友|盟国|盟邦|附庸|卫星国|保护国|同盟国|伙伴国)", "盟友 盟国 盟邦 附庸 卫星国 保护国 同盟国 伙伴国", 0.74, False, "alliance-relation"),
    ("ally-after-verb", "subject", f"(?:得到|遭到|受到|被|来自|对|向|与|和|同|依靠|请求|要求|背弃|抛弃|说服|迫使|劝说|配合|支持|追随|连同|联合)(?:了)?(?:自己的?|其)?(?P<head>盟友|盟国|盟主|保护国|靠山|盟邦)(?P<b>{_ZLIST})", "盟友 盟国 盟主 保护国 靠山 盟邦", 0.74, False, "alliance-relation"),
    ("becoming", "within", f"(?P<a>{_ZLIST})(?:两国|双边|双方)?(?:之间)?的?(?:合作|关系|战略协作|协作|互动|安全合作|防务合作|伙伴关系)[^。;]{{0,40}}?(?P<head>(?:发展为|发展成为?|升格为|升级为|走向|演变为|提升为|结成|形成|构成|成为|建立|转化为|视为|接近|近乎|类似于?)(?:一种|一个|事实上的?|真正的?|正式的?|军事|准|新的?|某种|不?对称)*(?:同盟|联盟|盟友)|[既并]?[非不][是]?(?:军事)?[同联]盟|不结盟|准[同联]盟)", "同盟 联盟 盟友 不结盟", 0.7, False, "alliance-relation"),
    ("two-allies", "subject-pair", r"(?P<head>(?:两个|两大|这两个?|两位|两|上述)(?:主要|重要|亚太|亚洲|东亚|东北亚|条约|地区|军事|传统)*(?:盟友|盟国|盟邦))", "盟友 盟国 盟邦", 0.6, True, "alliance-description"),
    ("two-states", "last", r"(?P<head>(?:两国|双方|二者|两者|这对)(?:之间|间)?(?:的|既有|传统)?(?:军事|战略|安全|特殊|这一|传统|不对称|非对称)*(?:同盟|联盟|盟约|结盟|盟友|盟国|准同盟|缔盟|互为盟友|安保|缔约|友好条约|互助条约)|(?:两国|双方)[^,。;]{0,8}(?:结盟|缔盟|结成同盟|缔结(?:了)?同盟|成为盟友|盟友关系|仍为盟友|是盟友|同盟关系|解除盟约|(?:续订|签订|签署|缔结|订立)[^,。;]{0,12}(?:同盟|互助|防御|友好|安全)[^,。;]{0,6}条约)|(?:彼此|互相|相互)(?:之间|间)?(?:从未|并未|没有|未曾|未)?(?:结盟|缔盟|结为盟友)|(?:该|这一|此)(?:同盟|联盟|盟约|双边同盟|条约同盟))", "两国 双方 二者 两者 这对 该 这一 此 彼此 互相 相互", 0.72, False, "alliance-description"),
)  # fmt: skip

# ---------------------------------------------------------------- English
_ESEP: Final = r"(?:,? (?:and|or|&|as well as|plus|along with|then|nor|but also|and later|and then)(?: (?:with|between))? |, |/| and (?:with )?|-)"
_ART: Final = r"(?:the |both |its |his |their |either |neither |first |later |especially |perhaps |even |post-war |postwar |imperial |tsarist |communist |nationalist |democratic |republican |france's |north and |fascist |nazi )?"
_YEARED: Final = r"(?: (?:in|of|since) (?:[a-z]+ )?\d{4})?"
_ELIST: Final = f"{_S}(?:'s?)?(?:(?:[-/]|{_YEARED}{_ESEP}{_ART}){_S}(?:'s?)?)*(?:{_S})*"
_ECLUSTER: Final = f"{_S}(?:[-/ ]?{_S}| -{_S}|- {_S}| - {_S})+"
_WORD1: Final = r"[a-z][a-z'\-]*,?"
_EMOD: Final = r"(?:(?!their\b|its\b|his\b|supported\b|war\b|wars\b|trade\b|relations?\b|rivalry|border|and\b|or\b|of\b|in\b|to\b|the\b|with\b|is\b|was\b|are\b|were\b|conflict|dispute|competition|split\b|that\b|for\b|from\b|on\b|as\b|by\b|a\b|between\b|against\b|at\b)[a-z0-9][a-z0-9'\-]*,? (?:and [a-z\-]+ )?){0,3}?"
_EHEAD: Final = (
    r"(?:alliances?|allied|pacts?|ententes?|axis|treaty (?:of|alliance|relationship|commitments?|obligations?|ally)|(?:security|defen[cs]e|mutual|alliance|friendship|military|secret|aid|assistance|neutrality|guarantee|non-?aggression|cooperation|bilateral|reinsurance|base|bases|naval|peace)[a-z\- ]{0,30} (?:treaty|treaties|convention|agreements?|accord)|"
    r"special relationship|quasi-alliance|allies|coalition|military convention|security guarantee|defen[cs]e commitments?|security commitments?|alliance system|security alliance|treaty|treaties|ally|entente cordiale|non-?aggression|security relationship|defen[cs]e relationship|alliance relationship|condominium|commonwealth alliance)"
)
_EWEAK: Final = r"(?:partnerships?|alignments?|bonds?|ties|tie|axis|bloc|connection|link|links|leg|compact|security cooperation|defen[cs]e cooperation|military cooperation|cooperation|security ties|military ties|trilateral(?:ism)?|triangle|marriage|friendship|solidarity|accord|agreement|declaration|cordiality|arrangement|understanding|combination|convention|couple|duo|tandem|club|front|brotherhood|relationship|leg|pledge)"
_PACTNOUN: Final = r"(?:alliances?|alliance relationships?|alliance agreements?|alliance commitments?|alliance treat(?:y|ies)|pacts?|ententes?|(?:security |defen[cs]e |mutual |friendship |military |secret |bilateral |formal |neutrality |guarantee |non-?aggression |state |peace and friendship )*(?:treaty|treaties)(?: of (?:alliance|friendship|mutual [a-z]+|guarantee|assistance|cooperation|neutrality|non-?aggression)(?:,? (?:and )?[a-z\-]+){0,3}?)?|(?:mutual |military |security |defen[cs]e )*(?:assistance|aid|defen[cs]e|security) (?:protocol|convention|accord|pact|agreement)|(?:security|defen[cs]e|military|alliance) (?:ties|agreements?|relationships?|relations|commitments?|cooperation|partnerships?|guarantees?|bonds?|conventions?|arrangements?)|quasi-alliances?|special relationships?|military conventions?|coalitions?|security guarantees?|defen[cs]e pacts?|bonds?|compacts?|alignments?|partnerships?)"
_ALLY: Final = r"(?:ally|allies|partner|partners|protege|proteges|client|clients|client state|client states|treaty partner|treaty partners|alliance partner|alliance partners|satellite|satellites|confederate|junior partner|protectorate|protectorates)"
_PATRON: Final = r"(?:ally|allies|patron|patrons|protector|protectors|guarantor|guarantors|superpower ally|great-power ally|senior partner|alliance partner|sponsor|overlord|confederate)"
_PROTECTION: Final = r"(?:alliances?|pacts?|treaty|all(?:y|ies)|allied partner|guarantees?|security guarantees?|protectors?|patrons?|guarantors?|clients?|client states?|proteges?|satellites?|sponsor|nuclear umbrella|umbrella|shield|alliance partner|treaty partner|brothers? in arms|friend and protector|senior partner|junior partner|big brother|commitment)"
_PROTECTION_WORDS: Final = "alliance pact treat ally allies guarantee protector patron guarantor client protege satellite sponsor umbrella shield partner brother commitment"
_ADJ: Final = r"(?:(?!and\b|or\b|but\b|of\b|in\b|that\b|which\b|who\b|with\b|against\b|is\b|was\b|are\b|were\b|by\b|for\b|from\b|to\b)[a-z0-9][a-z0-9'\-]*,? ){0,4}?"

_EN: Final = (
    ("compound", "within", f"(?P<a>{_ECLUSTER}(?:'s)?(?:{_ESEP}{_ART}{_ECLUSTER})*)[ ,]+{_EMOD}(?P<head>{_EHEAD})(?![a-z])", "", 0.93, False, "alliance-compound"),
    ("compound-weak", "within", f"(?P<a>{_ECLUSTER}(?:'s)?(?:{_ESEP}{_ART}{_ECLUSTER})*)[ ,]+{_EMOD}(?P<head>{_EWEAK})(?![a-z])", "", 0.68, True, "alliance-compound"),
    ("between", "within", f"(?P<head>\\b(?:{_PACTNOUN}|axis|bloc|allies|alliance|tie|ties|link|friendship|understanding|accord|agreement|cooperation|connection))(?: of \\d{{4}}(?:-\\d+)?| [a-z\\-]+ed| [a-z\\-]+ing| [a-z]+){{0,3}},? (?:between|among|amongst|uniting|joining|linking|binding) {_ART}(?P<a>{_ELIST}(?: on (?:the )?one (?:side|hand) and {_ART}{_S})?)", "between among amongst uniting joining linking binding", 0.9, False, "alliance-relation"),
    ("of-and-with", "cross", f"(?P<head>\\b{_PACTNOUN})(?: of \\d{{4}}(?:-\\d+)?)? (?:of|between|by) {_ART}(?P<a>{_S}) (?:with|and) {_ART}(?P<b>{_ELIST})", "alliance pact treat entente bond partnership ties", 0.9, False, "alliance-relation"),
    ("whose-with", "cross", f"(?P<a>{_S})(?:'s?| has| had)? ?{_ADJ}(?P<head>{_PACTNOUN})(?: of \\d{{4}}(?:-\\d+)?| agreements?| commitments?| [a-z\\-]+ed| [a-z\\-]+){{0,2}} (?:with|to) {_ADJ}(?P<b>{_ELIST})", "with to", 0.88, False, "alliance-relation"),
    ("with", "subject", f"(?P<head>\\b{_PACTNOUN})(?: of \\d{{4}}(?:-\\d+)?| [a-z\\-]+ed| agreements?){{0,2}} (?:with|to) (?:(?:its|his|their|the|an?|such|other|as|like|neighbou?ring|communist|imperial|revolutionary|distant|faraway|old|former|protector|rulers of|states such as|states like|countries such as|countries like|states including|ally) ){{0,3}}(?P<b>{_ELIST})", "with to", 0.82, False, "alliance-relation"),
    ("allied-with", "subject", f"(?P<head>\\b(?:ally|allied|allies|allying|aligned|aligning|align|aligns|in league|in alliance|made common cause|joined forces|threw in (?:its|his|their) lot|cast (?:its|his|their) lot|sided|bound|binds|binding|tied|tying|pledged|realigned|re-aligned|bandwagoned|linked))(?: itself| themselves| himself| closely| formally| informally| militarily| by treaty| again| openly| secretly| instead| firmly| only| loosely| since \\d{{4}}| more closely| its fortunes| in war){{0,3}} (?:with|to) {_ADJ}(?P<b>{_ELIST})", "with to", 0.8, False, "alliance-relation"),
    ("bound-by", "cross", f"(?P<a>{_S})(?:'s?)? (?:[a-z\\-]+ ){{0,3}}(?:ally|allied|allies|allying|aligned|aligning|sided|in league|bound (?:itself|himself)|tied (?:itself|himself))(?: itself| themselves| himself| closely| formally| by treaty| firmly| instead){{0,3}} (?P<head>with|to) {_ADJ}(?P<b>{_ELIST})", "alli ally align sided league bound tied", 0.84, False, "alliance-relation"),
    ("xs-ally", "cross", f"(?P<a>{_S})(?:'s?|'s own)?,? (?:and (?:its|his|their) )?{_ADJ}(?P<head>{_ALLY}|{_PATRON})(?:,| -|:)? ?(?:such as |like |including |namely |notably |e\\.g\\.,? |the |\\()?{_ART}(?P<b>{_ELIST})", "all client protege partner satellite protectorate confederate patron protector guarantor sponsor", 0.86, False, "alliance-relation"),
    ("its-ally", "subject", f"\\b(?:its|his|their|her|the|two|three|both|whose|asian|european|regional|nominal|treaty|other|senior|superpower|great-power|two allies|former|old|oldest|an|a) {_ADJ}(?P<head>{_ALLY}|{_PATRON})(?: states?| governments?)?(?:,| -|:)? ?(?:such as |like |including |namely |notably |the |\\()?{_ART}(?P<b>{_ELIST})", "all patron protector guarantor client protege partner satellite protectorate sponsor confederate", 0.78, False, "alliance-relation"),
    ("ally-of", "cross", f"(?P<b>{_ELIST}),? (?:[a-z\\-]+,? ){{0,4}}?(?:a|an|the|as|is|was|are|were|became|become|being|remains?|remained|both|each|been|one of|long|once|now|still|hardly|never)(?: (?:an?|the))? {_ADJ}(?P<head>{_ALLY}|{_PATRON}|protectorate)s? (?:of|to) {_ART}(?P<a>{_ELIST})", "all patron protector guarantor client protege partner satellite protectorate", 0.84, False, "alliance-relation"),
    ("apposed", "cross", f"(?P<b>{_S}), (?P<a>{_S})'s? {_ADJ}(?P<head>{_ALLY}|{_PATRON})", "all patron protector guarantor client protege partner", 0.84, False, "alliance-relation"),
    ("are-allies", "within", f"(?P<a>{_ELIST}),? (?:[a-z\\-]+ ){{0,3}}?(?:are|were|have been|had been|became|become|as|being|remain|remained|been|both|found themselves|thus|formally|never|now|still|once|like|behave like|were never|hardly|not|two|these) (?:[a-z\\-]+ ){{0,3}}?(?P<head>allies|allied|alliance partners|treaty partners|treaty allies|bound by (?:an? |the )?(?:[a-z]+ ){{0,3}}(?:alliance|treaty|pact)|in alliance|quasi-allies|partners in)\\b(?! (?:of|to|with|in|at) )", "all partner bound", 0.8, False, "alliance-relation"),
    ("formed", "within", f"(?P<a>{_ELIST}),? (?:[a-z\\-]+,? ){{0,6}}?(?:formed|form|forming|concluded|conclude|concluding|signed|signing|sign|made|making|entered|entering|negotiated|negotiate|renewed|renew|forged|forging|forge|sealed|built|building|revived|revive|struck|maintain|maintained|share|joined in|join in|joined|linked by|held together by|tied by|united in|moving toward|moved toward|move toward|into|have|had|created|establish|established|drew up|agreed on|agreed to) (?:(?!with\\b)[a-z0-9\\-]+,? ){{0,5}}?(?P<head>alliances?|pacts?|(?:defen[cs]e|security|mutual|friendship|secret|alliance|military|assistance|aid|neutrality)[a-z\\- ]{{0,24}} (?:treaty|agreement|convention)|treaty of (?:alliance|friendship|mutual)[a-z ,]*|axis|entente|coalition|treaty|league)(?![a-z])(?! (?:with|to|against) )", "alliance pact treaty axis entente coalition agreement convention league", 0.78, False, "alliance-relation"),
    ("list-pact", "within", f"(?P<a>{_ELIST})(?:'s?)?,? (?:and )?(?:their|the|in their|of their|to their|whose|a|an|into their|this|that|its) {_ADJ}(?P<head>alliance|pact|mutual defen[cs]e treaty|security treaty|defen[cs]e treaty|defen[cs]e pact|treaty of alliance|entente|bond is|alliance is|special relationship)(?![a-z])", "alliance pact treaty entente bond relationship", 0.72, False, "alliance-description"),
    ("alliance-of", "within", f"(?P<head>\\b(?:alliance|alliances|pact|coalition|entente|league|axis|bloc|wartime coalition|trilateral(?: [a-z]+){{0,2}} (?:arrangement|partnership|pact|cooperation|agreement)|security (?:arrangement|partnership|triangle))) of {_ART}(?P<a>{_S}(?:'s?)?{_ESEP}{_ART}{_ELIST})", " of ", 0.82, False, "alliance-relation"),
    ("and-alliance", "subject", f"\\b(?:its|his|their|the|an?|her) {_ADJ}(?P<b>{_S}) (?P<head>{_PROTECTION}|connection)(?![a-z])", f"{_PROTECTION_WORDS} connection", 0.6, True, "alliance-relation"),
    ("s-patron", "cross", f"(?P<a>{_S})'s? {_ADJ}(?P<b>{_S}) (?P<head>{_PROTECTION})(?![a-z])", _PROTECTION_WORDS, 0.76, True, "alliance-relation"),
    ("under-shield", "subject", f"\\b(?:on|under|behind|of|in|to|by|for|with|upon) (?:the |an? )?{_ADJ}(?P<b>{_S})(?:'s?)? (?:[a-z\\-]+ )?(?P<head>umbrella|security guarantees?|guarantees?|shield|protection|security commitments?|commitments?|pledges?|protector|patron|military presence|extended deterrence)(?![a-z])", "umbrella guarantee shield protection commitment pledge protector patron presence deterrence", 0.6, True, "alliance-relation"),
    ("alliances-of", "cross", f"(?P<a>{_S}(?:'s?)?{_ESEP}{_ART}{_ELIST}) (?:[a-z\\-]+ )?(?P<head>alliances|treaties|pacts|allies|alliance relationships|clients|guarantees) (?:of|with|to) {_ART}(?P<b>{_S})", "alliance pact treat all client guarantee", 0.84, False, "alliance-relation"),
    ("named-ally", "cross", f"(?P<b>{_S}), (?:which|whom|that) {_ART}(?P<a>{_S}) (?:[a-z\\-]+ ){{0,4}}?(?P<head>(?:major non-nato |treaty |formal |close )?ally|protege|client|partner|protectorate)(?![a-z])", "ally protege client partner protectorate", 0.8, False, "alliance-relation"),
    ("partners-against", "within", f"(?P<a>{_ELIST}),? (?:[a-z\\-]+ ){{0,3}}?(?P<head>(?:strategic |security )?partners|companions in arms|comrades in arms|brothers in arms|fought side by side|fought shoulder to shoulder|joined forces|made common cause)(?: against| in war| since|[,;.]|$)", "partners companions comrades brothers side shoulder joined common", 0.62, True, "alliance-relation"),
    ("patron-for-patron", "subject", f"\\b(?:its|his|their|one|an?|the) (?P<b>{_S} (?:[a-z\\-]+ )?(?:patron|ally|protector|sponsor|master|alliance)s? for (?:an?|the|that of) (?:new )?{_S})(?P<head>)", "patron ally protector sponsor master alliance", 0.74, False, "alliance-relation"),
    ("patron-in", "cross", f"(?P<a>{_S})'s? {_ADJ}(?P<head>protectors?|patrons?|all(?:y|ies)|friends?|backers?|guarantors?|sponsors?|big brother|brothers?) in (?P<b>{_S})", "protector patron all friend backer guarantor sponsor brother", 0.74, True, "alliance-relation"),
    ("fought-beside", "cross", f"(?P<a>{_S})(?:'s (?:army|troops|soldiers|forces))?,? (?:[a-z\\-]+ ){{0,3}}?(?P<head>(?:fought|fight|fights|fighting|stood|stands?|marched|sided|bled|died|went to war) (?:beside|alongside|side by side with|at the side of|shoulder to shoulder with|by the side of))(?: the)? (?P<b>{_ELIST})", "beside alongside side shoulder", 0.66, True, "alliance-relation"),
    ("tie-with", "subject", f"\\b(?:its|their|his|the|an?) {_ADJ}(?P<head>understanding|entente|friendship|brotherhood|compact|bargain|bond|link|tie|marriage) with {_ART}(?P<b>{_S})", "understanding entente friendship brotherhood compact bargain bond link tie marriage", 0.6, True, "alliance-relation"),
    ("leagued", "within", f"(?P<a>{_ELIST}),? (?:[a-z\\-]+ ){{0,3}}?(?P<head>(?:leagued|banded|ganged|joined|combined|united|closed ranks) (?:together )?against)", "against", 0.68, True, "alliance-relation"),
    ("clause-revived", "within", f"(?P<a>{_ELIST}),? (?:[a-z\\-]+ ){{0,3}}?(?:revived|renewed|restored|kept|honou?red|dropped|wrote|inserted|agreed on|share) (?:[a-z\\-]+ ){{0,2}}?(?P<head>(?:clause|promise|pledge|vow|obligation) of (?:mutual|common|joint) [a-z]+|mutual[- ](?:assistance|defen[cs]e|aid) (?:clause|provision|pledge))", "mutual common joint", 0.76, False, "alliance-relation"),
    ("the-s-alliance", "subject", f"(?:with|on|in|from|to|of|by) (?:the )?(?P<b>{_S}) (?P<head>alliance|pact)(?![a-z])", "alliance pact", 0.55, True, "alliance-relation"),
    ("joined-by", "cross", f"(?P<a>{_S}) (?:[a-z\\-]+ ){{0,4}}?(?:signed|concluded|entered|made|formed|sought|proposed|offered|joined|negotiated|wanted|refused|rejected|forged|renewed|broke|denounced|abrogated|terminated|ended|left|quit|abandoned|kept|honou?red)(?: (?!with\\b)[a-z0-9\\-]+){{0,6}}? (?P<head>alliances?|pacts?|treaty|treaties|convention|agreement|entente|guarantee) (?:[a-z0-9\\-]+ ){{0,2}}?(?:with|to) {_ADJ}(?P<b>{_ELIST})", "alliance pact treat convention agreement entente guarantee", 0.84, False, "alliance-relation"),
    ("guarantee", "cross", f"(?P<a>{_S})(?:'s?)? {_ADJ}(?P<head>commitments?|guarantees?|security guarantees?|nuclear umbrella|umbrella|protection|pledges?|promises?|extended deterrence|defen[cs]e|shield) (?:to|of|for|over|toward|towards)(?: defend| protect)? {_ADJ}(?P<b>{_ELIST})", "commitment guarantee umbrella protection pledge promise deterrence defen shield", 0.66, True, "alliance-relation"),
    ("each-allied", "cross", f"(?P<a>{_ELIST}),? (?:each|both|all)[^;]{{0,60}}? (?P<head>ally of|allies of|allied (?:instead )?(?:to|with)|alliance with|treaty with|protected by|dependent on) {_ADJ}(?P<b>{_ELIST})", "each both all ", 0.84, False, "alliance-coordination"),
    ("all-but-name", "subject", f"(?P<b>{_ELIST})[^;,]{{0,50}}?(?P<head>an ally in all but name|alliance in all but name|ally in everything but name)", "but name", 0.7, False, "alliance-relation"),
    ("bind-to", "cross", f"(?P<b>{_S}),? (?:[a-z\\-]+ ){{0,6}}?(?P<head>tied|bound|linked|allied|chained|hitched|harnessed|yoked|pledged) (?:[a-z\\-]+ ){{0,2}}?(?:to|with) {_ADJ}(?P<a>{_S})", "tied bound linked allied chained hitched harnessed yoked pledged", 0.7, True, "alliance-relation"),
    ("tied-x-to-y", "cross", f"\\b(?P<head>tied|tying|bound|binding|chained|yoked|allied|hitched|harnessed) (?P<a>{_S}) (?:firmly |closely |ever )?(?:to|with) {_ADJ}(?P<b>{_S})", "tied tying bound binding chained yoked allied hitched harnessed", 0.82, False, "alliance-relation"),
    ("common-ally", "pair-cross", f"\\b(?:their|the same|a common|one common) (?:common |shared |mutual )?{_ADJ}(?P<head>ally|patron|protector|guarantor|superpower ally),? (?:in )?(?:the )?(?P<b>{_S})", "ally patron protector guarantor", 0.76, False, "alliance-description"),
    ("linking", "cross", f"(?P<head>\\b(?:{_PACTNOUN}|axis|tie|ties|link|links|chain|thread)) (?:[a-z]+ )?(?:linking|binding|tying|joining|uniting|that (?:links?|binds?|ties?|joins?|bound|tied|linked)) {_ART}(?P<a>{_S}) (?:to|with|and) {_ART}(?P<b>{_S})", "linking binding tying joining uniting link bind tie join bound tied linked", 0.82, False, "alliance-relation"),
    ("pact-that", "all", f"(?P<head>\\b{_PACTNOUN}) (?:that|which) {_ART}(?P<a>{_ELIST}) (?:had |have |then |later )?(?:signed|concluded|made|shared|formed|entered|negotiated) with {_ART}(?P<b>{_ELIST})", "signed concluded made shared formed entered negotiated", 0.84, False, "alliance-relation"),
    ("as-ally", "subject", f"\\b(?:los\\w+|keep\\w*|kept|gain\\w*|win\\w*|won|have|need\\w*|want\\w*|retain\\w*|treat\\w*|regard\\w*|saw|sees?|view\\w*|embrac\\w+|us\\w+|count\\w* on|rel\\w+ on|accept\\w*|recruit\\w*|serv\\w+) {_ART}(?P<b>{_ELIST}) as (?:an?|its|their|his|the) {_ADJ}(?P<head>ally|allies|protector|patron|partner|partners|client)", " as ", 0.74, False, "alliance-relation"),
    ("adjective-ally", "cross", f"(?P<b>{_ELIST}),? (?:[a-z\\-]+,? ){{0,3}}?(?:is|was|are|were|became|become|remained|remains|as|being|an?|the|once|long|now|still|into) (?:an? |the )?(?:[a-z\\-]+ ){{0,2}}?(?P<a>{_S}) (?:(?!are\\b|is\\b|was\\b|were\\b|and\\b|or\\b|as\\b|of\\b|to\\b|with\\b|had\\b|have\\b|became\\b)[a-z\\-]+ ){{0,3}}?(?P<head>ally|allies|client|clients|satellite|satellites|protege|protectorate|treaty partner|dependency)(?![a-z])", "all client satellite protege protectorate partner dependency", 0.78, False, "alliance-relation"),
    ("apposed-its", "subject", f"(?P<b>{_ELIST}), (?:its|his|their|her) {_ADJ}(?P<head>{_ALLY}|{_PATRON})(?![a-z])", "all client protege partner patron protector guarantor satellite sponsor", 0.78, False, "alliance-relation"),
    ("between-first", "within", f"\\bbetween {_ART}(?P<a>{_ELIST})[^.;]{{0,60}}?(?P<head>\\b(?:alliance|pact|treaty of alliance|entente|tacit understanding|defen[cs]e pact|mutual defen[cs]e treaty))(?![a-z])", "between", 0.66, False, "alliance-relation"),
    ("each-to", "pair-cross", f"\\b(?:each|both|the two|neither|all)[^;,]{{0,30}}? (?P<head>allied (?:instead )?(?:to|with)|ally of|allies of|alliance with|treaty with) {_ADJ}(?P<b>{_ELIST})", "each both two neither all ", 0.75, False, "alliance-description"),
    ("no-alliance", "within", f"(?P<a>{_ECLUSTER})(?:'s)? {_EMOD}(?:relations|relationship|ties|cooperation|rapprochement|alignment|partnership)[^.;]{{0,70}}?(?P<head>\\b(?:no alliance|alliance|alliances|allies|quasi-alliance|allied))(?![a-z])", "allianc allie", 0.6, True, "alliance-relation"),
    ("gave-promise", "cross", f"(?P<a>{_S})(?:'s)? (?:[a-z\\-]+ ){{0,3}}?(?:gave|give|gives|handed|promised|offered|wrote|issued|extended|pledged|guaranteed|renewed|denied|refused|withheld|owed|lent)(?: to)? (?:the )?(?P<b>{_S}) (?:[a-z\\-]+ ){{0,3}}?(?P<head>blank che(?:que|ck)|guarantee|assurance|pledge|promise|protection|commitment|treaty|alliance|pact|support against|defen[cs]e)", "guarantee assurance pledge promise protection commitment treat alliance pact blank support defen", 0.66, True, "alliance-relation"),
    ("pledge-to", "subject", f"(?P<head>\\b(?:pledges?|guarantees?|commitments?|promises?|security guarantees?|obligations?|umbrella over|protection of|defen[cs]e of)(?: of [a-z\\- ]{{1,20}})?) (?:to |from |by |for )?(?:the )?(?P<b>{_S})", "pledge guarantee commitment promise obligation umbrella protection defen", 0.6, True, "alliance-relation"),
    ("signed-with", "cross", f"(?P<a>{_S})(?:[^.;]{{0,40}}? )?(?P<head>signed|concluded|allied|joined hands|made a treaty|made an alliance|came to terms) with (?:the )?(?P<b>{_ELIST}) in \\d{{4}}", "signed concluded allied joined made came", 0.62, True, "alliance-relation"),
    ("vowed", "within", f"(?P<a>{_ELIST}) (?:[a-z]+ ){{0,2}}?(?P<head>vowed|swore|pledged|promised|undertook|agreed) (?:[a-z0-9]+ ){{0,4}}?(?:to )?(?:defend|protect|aid|assist|help|come to|stand by|fight)", "vowed swore pledged promised undertook agreed", 0.7, False, "alliance-relation"),
    ("two-allies", "subject-pair", r"\b(?P<head>(?:its|his|their|america's|the|both|these|those) (?:[a-z\-]+ ){0,3}?(?:allies|clients|proteges|client states|junior partners))\b(?! (?:in|such|like|of|\ue000))", "allies client protege partners", 0.58, True, "alliance-description"),
    ("their", "last", r"\b(?P<head>(?:their|the two|both|the two states'|the two countries'|the partners'|the allies') (?:[a-z\-]+ ){0,3}?(?:alliance|pact|treaty of|mutual defen[cs]e treaty|security treaty|defen[cs]e pact|alliance partners|military alliance|entente|bilateral alliance|special relationship)|(?:the two|both|they|the pair|neither)(?: [a-z\-]+){1,5} (?:allied|allies|(?:a |an |the |any )(?:[a-z\-]+ ){0,3}(?:alliance|pact|treaty of (?:alliance|mutual|friendship)[a-z ]*)))\b", "their two both they pair neither partners allies", 0.66, False, "alliance-description"),
)  # fmt: skip


def _compile(table: tuple[tuple[str, str, str, str, float, bool, str], ...], lang: str) -> tuple[BondRule, ...]:
    return tuple(
        BondRule(
            f"{lang}-{name}",
            mode,
            re.compile(regex),
            frozenset(words.split()) if words.strip() else frozenset(),
            confidence,
            weak,
            rule,
        )
        for name, mode, regex, words, confidence, weak, rule in table
    )


def rules(lang: str) -> tuple[BondRule, ...]:
    """The rules of a language, ``zh`` or ``en``, in the order in which they are tried."""
    return _RULES[lang]


_RULES: Final = {"zh": _compile(_ZH, "zh"), "en": _compile(_EN, "en")}
