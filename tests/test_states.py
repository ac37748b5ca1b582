"""States: names, short forms, and what only looks like one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.tagging.tagger import Tagger

NAMED = [
    ("South Koreans and North Koreans met.", "KOR PRK"),
    ("Niger, Nigeria and Equatorial Guinea.", "NER NGA GNQ"),
    ("Guinea-Bissau and Papua New Guinea", "GNB PNG"),
    ("The United States' bases; America's friends; U.S. forces.", "USA"),
    ("us alliance agreements with South Korea", "USA KOR"),
    ("It helps us understand Japan.", "JPN"),
    ("Washington told Tokyo to wait.", "USA JPN"),
    ("A conference held in Washington on libraries.", ""),
    ("George Washington crossed the river.", ""),
    ("Michael Jordan visited Chad Smith.", ""),
    ("Jordan and Israel made peace.", "JOR ISR"),
    ("Georgia adopted zero-base budgeting; officers in Atlanta agreed.", ""),
    ("Georgia sought NATO membership after the war with Russia.", "GEO RUS"),
    ("Turkey joined in 1952; turkey breeding is another matter.", "TUR"),
    ("The Dominican Republic and Dominica", "DOM DMA"),
    ("New Mexico and New Jersey are American states.", "USA"),
    ("the Korean War and the Vietnam War", ""),
    ("South China Sea, Indochina, Latin America", ""),
    ("The two Koreas and Japan", "KOR PRK JPN"),
    ("Côte d'Ivoire, Türkiye and São Tomé and Príncipe", "CIV TUR STP"),
    ("Republic of Korea (ROK) and DPRK", "KOR PRK"),
    ("THE UNITED STATES AND TURKEY", "USA TUR"),
    ("Moscow and Beijing quarrelled in 1963.", "SUN CHN"),
    ("In 2014 Moscow annexed land.", "RUS"),
    ("Vienna declared war in 1914.", "AUH"),
    ("Austria declared neutrality in 1955.", "AUT"),
    ("West Germany and East Germany", "GFR DDR"),
    ("Franco-Russian and Anglo-Japanese relations", "FRA RUS GBR JPN"),
    ("US同盟 BUSINESS", "USA"),
    # Chinese
    ("美日同盟", "USA JPN"),
    ("援越抗法时期", "VNM FRA"),
    ("驻韩美军的费用", "KOR USA"),
    ("对华围堵与对朝政策", "CHN PRK"),
    ("中苏朝三角", "CHN SUN PRK"),
    ("日本先后同英、美两个主导国结盟", "JPN GBR USA"),
    ("印巴冲突与巴以冲突", "IND PAK ISR PSE"),
    ("朝核危机与朝鲜半岛", "PRK"),
    ("平壤与华盛顿的对话", "PRK USA"),
    ("南韓、北韓、紐西蘭、沙烏地阿拉伯、義大利、寮國", "KOR PRK NZL SAU ITA LAO"),
    ("奥匈帝国与德意志帝国", "AUH DEU"),
    ("南越与北越", "RVN DRV"),
    ("两伊战争", "IRN IRQ"),
    ("新西兰与澳大利亚", "NZL AUS"),
    ("飞往日本与美国的航线", "JPN USA"),
    ("以美日同盟为基础", "USA JPN"),
    ("美以同盟", "USA ISR"),
]

NOT_NAMED = [
    ("今日美国", "JPN"),
    ("其中俄罗斯", "CHN"),
    ("美中不足", "USA CHN"),
    ("集中日本的力量", "CHN"),
    ("中美洲国家", "CHN USA"),
    ("中东盟友", "CHN"),
    ("英法律体系", "FRA"),
    ("完美澳大利亚", "USA"),
    ("道德意味", "DEU ITA"),
    ("老马识途", "LAO MYS"),
    ("不以西方为准", "ISR ESP"),
    ("发展中国家", "CHN"),
    ("马里兰州", "MLI"),
    ("五月中韩国", "CHN"),
    ("次日英国", "JPN"),
    ("完美法案", "USA FRA"),
    ("精英国民", "GBR"),
    ("索马里海盗", "MLI"),
    ("印度尼西亚与印度洋", "IND"),
    ("方法和宪法", "FRA"),
    ("9月3日美国宣布", "JPN"),
    ("ROC curve analysis", "TWN"),
    ("AIMS are aims", "USA"),
    ("southern Africa", "ZAF"),
    ("Columbia University", "COL"),
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


@pytest.mark.parametrize(("text", "expected"), NAMED, ids=[text[:40] for text, _ in NAMED])
def test_the_states_that_a_text_names(tagger: Tagger, text: str, expected: str) -> None:
    assert set(tagger.tag_text(text).states) == set(expected.split())


@pytest.mark.parametrize(("text", "wrong"), NOT_NAMED, ids=[text[:40] for text, _ in NOT_NAMED])
def test_what_only_looks_like_a_state(tagger: Tagger, text: str, wrong: str) -> None:
    assert not set(tagger.tag_text(text).states) & set(wrong.split())


def rows() -> list[dict[str, list[str]]]:
    """Sentences with a trap each: states that must be found (one of several, where parted by |), and some that may be."""
    lines = (Path(__file__).parent / "gold" / "states.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:40])
def test_traps(tagger: Tagger, row: dict[str, list[str]]) -> None:
    found = set(tagger.tag_text(row["text"]).states)  # type: ignore[arg-type]
    wanted = [set(states.split("|")) for states in row["states"]]
    assert all(states & found for states in wanted), found
    assert found <= set().union(*wanted, row.get("optional", ())), found
