"""Forms in which abstracts speak of alliances, and what is no alliance: each a sentence and the bonds that it names."""

from __future__ import annotations

import pytest

from kg.tagging.tagger import Tagger

FORMS = [
    # English: compounds
    ("The US–Japan alliance was revised.", "JPN-USA"),
    ("The U.S.-South Korea alliance faces the rise of China.", "KOR-USA"),
    ("The Franco-Russian alliance of 1894 shaped the balance of power.", "FRA-RUS"),
    ("The Anglo-Japanese alliance lapsed in 1923.", "GBR-JPN"),
    ("The Sino-Soviet alliance and the Sino-North Korean alliance differed.", "CHN-SUN CHN-PRK"),
    ("The U.S.–Japan and U.S.–ROK alliances serve deterrence.", "JPN-USA KOR-USA"),
    ("US-Japan-ROK trilateral security cooperation is a new alliance structure.", "JPN-KOR-USA"),
    ("The Australia–New Zealand–United States alliance broke over nuclear ships.", "anzus"),
    ("The Anglo-American special relationship is a military alliance in all but name.", "GBR-USA"),
    ("A Turkish-Greek alliance against Bulgaria was signed.", "GRC-TUR"),
    ("The Egyptian-Syrian mutual defence treaty preceded the war.", "EGY-SYR"),
    ("The Nazi–Soviet non-aggression pact surprised the allies.", "DEU-SUN"),
    # English: coordination
    ("I study us alliance agreements with South Korea, Japan, and Spain.", "KOR-USA JPN-USA ESP-USA"),
    (
        "America kept its friends apart. Its treaties with Seoul, Tokyo and Manila were bilateral.",
        "KOR-USA JPN-USA PHL-USA",
    ),
    ("The United States has alliances with both Japan and South Korea.", "JPN-USA KOR-USA"),
    (
        "Washington's security commitments to Japan, Australia and the Philippines are alliance promises.",
        "JPN-USA AUS-USA PHL-USA",
    ),
    ("Germany was allied with Austria-Hungary and Italy before the war.", "AUH-DEU DEU-ITA"),
    # English: relations
    ("The alliance between France and Poland failed as a military pact.", "FRA-POL"),
    ("A defense pact between Saudi Arabia and Pakistan was signed.", "PAK-SAU"),
    ("America's ally Japan refused to join the war.", "JPN-USA"),
    ("Japan, an ally of the United States, refused to arm.", "JPN-USA"),
    ("Tokyo and Canberra, each an ally of the United States, drew closer as allies.", "JPN-USA AUS-USA"),
    ("Pakistan became an ally of China after the war.", "CHN-PAK"),
    ("In 1945 Moscow's Asian ally Mongolia sent troops.", "MNG-SUN"),
    ("Cuba's patron, the Soviet Union, hesitated to defend its ally.", "CUB-SUN"),
    ("In 1902 Britain concluded an alliance with Japan.", "GBR-JPN"),
    ("Thailand allied itself with Japan in 1941.", "JPN-THA"),
    ("France and Britain formed an entente in 1904.", "FRA-GBR"),
    ("Russia signed a defence treaty with Armenia in 1997.", "ARM-RUS"),
    ("Egypt and Syria were allies in that war.", "EGY-SYR"),
    ("The United States and its ally South Korea held military exercises.", "KOR-USA"),
    ("China's alliance with North Korea is its only treaty of the kind.", "CHN-PRK"),
    ("Portugal's alliance to Britain is the oldest alliance in Europe.", "GBR-PRT"),
    ("The treaty of alliance between Prussia and Italy in 1866 isolated Austria.", "ITA-PRU"),
    ("Bulgaria and Serbia had signed a treaty of alliance in 1912.", "BGR-SRB"),
    ("Japan and the Philippines are allies of the United States and military partners.", "JPN-USA PHL-USA"),
    # English: names
    ("NATO enlargement and the Warsaw Pact are compared as alliances.", "nato warsaw-pact"),
    ("The AUKUS pact and the Quad answer the rise of China.", "aukus quad"),
    ("The Dual Alliance of 1879 between Germany and Austria-Hungary.", "AUH-DEU"),
    ("The Dual Alliance of 1894 bound France and Russia.", "FRA-RUS"),
    # Chinese: compounds
    ("美日同盟的再定义。", "JPN-USA"),
    ("中苏同盟破裂与中越同盟瓦解。", "CHN-SUN CHN-VNM"),
    ("美日韩三边同盟的前景。", "JPN-KOR-USA"),
    ("美日、美韩及美菲同盟的比较。", "JPN-USA KOR-USA PHL-USA"),
    ("美日、美韩两对同盟关系在冷战后的变化。", "JPN-USA KOR-USA"),
    ("法俄同盟与德奥同盟的对抗,1894年。", "FRA-RUS AUH-DEU"),
    ("日英同盟走向消亡。", "GBR-JPN"),
    ("美日军事同盟不断强化。", "JPN-USA"),
    ("《中苏友好同盟互助条约》签订之后。", "CHN-SUN"),
    ("日美安保条约的修订与同盟转型。", "JPN-USA"),
    ("印苏同盟条约并非军事同盟。", "IND-SUN"),
    ("美英特殊关系是同盟的典范。", "GBR-USA"),
    ("美沙同盟与美以同盟的差异。", "SAU-USA ISR-USA"),
    ("希土两国同为北约盟友。", "GRC-TUR nato"),
    # Chinese: relations
    ("日本与美国的同盟关系。", "JPN-USA"),
    ("日本先后同英、美两个全球主导国结盟。", "GBR-JPN JPN-USA"),
    ("中国同巴基斯坦结盟的可能性。", "CHN-PAK"),
    ("法国与波兰缔结军事同盟条约。", "FRA-POL"),
    ("美国的盟友日本和韩国分担防务。", "JPN-USA KOR-USA"),
    ("菲律宾是美国的条约盟友。", "PHL-USA"),
    ("巴基斯坦作为美国的非北约盟友。", "PAK-USA"),
    ("苏联的盟友古巴出兵安哥拉。", "CUB-SUN"),
    ("美国对韩国的安全承诺与同盟义务。", "KOR-USA"),
    ("平壤先后与莫斯科和北京签订同盟互助条约,1961年。", "PRK-SUN CHN-PRK"),
    ("中俄结伴不结盟。", "CHN-RUS"),
    ("中俄两国是否会走向结盟?", "CHN-RUS"),
    ("德国和奥匈帝国于1879年缔结同盟。", "AUH-DEU"),
    ("土耳其和希臘仍爲盟友。", "GRC-TUR"),
    ("美國與南韓的同盟關係。", "KOR-USA"),
    # Chinese: what the text itself resolves
    ("美国与泰国关系密切。两国同盟形成于冷战初期。", "THA-USA"),
]

NONE = [
    "中美关系与贸易摩擦对世界经济的影响。",
    "日韩互动与东北亚安全。",
    "中美战略竞争背景下的同盟理论。",
    "美国同盟体系的演变。",
    "美国盟友为何追随制裁?",
    "今日美国的同盟政策。",
    "其中俄罗斯的作用最大,同盟理论对此有所解释。",
    "发展中国家的联盟与集体行动。",
    "产业技术创新联盟中的中国与日本企业。",
    "南部非洲关税同盟由南非、博茨瓦纳组成。",
    "俄乌冲突与北极合作。",
    "Strategic alliances between Japanese and American firms in biotechnology.",
    "The Sino-American rivalry and trade war.",
    "US allies differ in their defense spending.",
    "Relations between China and Japan deteriorated.",
    "The Iran-Iraq war lasted eight years.",
    "European universities formed an alliance in France and Germany.",
    "Alliance formation in international politics follows threats.",
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


@pytest.mark.parametrize(("text", "expected"), FORMS, ids=[text[:40] for text, _ in FORMS])
def test_the_bonds_that_a_sentence_names(tagger: Tagger, text: str, expected: str) -> None:
    assert set(tagger.tag_text(text).alliances) == set(expected.split())


@pytest.mark.parametrize("text", NONE, ids=[text[:40] for text in NONE])
def test_what_is_no_alliance(tagger: Tagger, text: str) -> None:
    assert not tagger.tag_text(text).alliances
