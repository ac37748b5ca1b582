"""Periods that a work is about, and what it says happened to an alliance."""

from __future__ import annotations

import pytest

from kg.tagging.tagger import Tagger

TAGGER = Tagger()

PERIODS = [
    ("20 世纪50~70 年代,中越同盟兵戎相见。", [(1950, 1979)]),
    ("The Anglo-Japanese alliance (1902–1923).", [(1902, 1923)]),
    ("The Sino-Soviet alliance in the 1950s and 1960s.", [(1950, 1969)]),
    ("Military alliances of great powers between 1816 and 1944.", [(1816, 1944)]),
    ("冷战后美日同盟的强化。", [(1991, None)]),
    ("NATO in the early Cold War.", [(1947, 1962)]),
    ("NATO since 1949.", [(1949, None)]),
    ("19世纪末的法俄同盟。", [(1880, 1900)]),
    ("Late nineteenth-century alliances of France and Russia.", [(1867, 1900)]),
    ("战间期的小协约国。", [(1918, 1939)]),
    ("The alliance treaty of 1960 between Japan and the United States.", []),
]


@pytest.mark.parametrize(("text", "years"), PERIODS, ids=[text[:30] for text, _ in PERIODS])
def test_periods(text: str, years: list[tuple[int | None, int | None]]) -> None:
    assert [(period.first, period.last) for period in TAGGER.tag_text(text).periods] == years


#: The words alone, put into a sentence on an alliance below.
WORDS: list[tuple[str, list[tuple[int | None, int | None]]]] = [
    ("from 1902 to 1923", [(1902, 1923)]),
    ("between 1945 and 1955", [(1945, 1955)]),
    ("1950-53", [(1950, 1953)]),
    ("1950–1953", [(1950, 1953)]),
    ("(1894–1917)", [(1894, 1917)]),
    ("in the 1930s", [(1930, 1939)]),
    ("in the late 1960s", [(1965, 1969)]),
    ("the early 1970s", [(1970, 1974)]),
    ("the mid-1950s", [(1953, 1957)]),
    ("the 1950s and 1960s", [(1950, 1969)]),
    ("the 1950's", [(1950, 1959)]),
    ("from the 1960s to the 1980s", [(1960, 1989)]),
    ("since 1949", [(1949, None)]),
    ("after 1991", [(1991, None)]),
    ("before 1914", [(None, 1914)]),
    ("until 1939", [(None, 1939)]),
    ("the interwar period", [(1918, 1939)]),
    ("the inter-war years", [(1918, 1939)]),
    ("during the Cold War", [(1947, 1991)]),
    ("in the early Cold War", [(1947, 1962)]),
    ("after the Cold War", [(1991, None)]),
    ("post-Cold War era", [(1991, None)]),
    ("the end of the Cold War", []),
    ("since the end of the Cold War", [(1991, None)]),
    ("the First World War", [(1914, 1918)]),
    ("World War II", [(1939, 1945)]),
    ("World War I", [(1914, 1918)]),
    ("after World War II", [(1945, None)]),
    ("the Second World War", [(1939, 1945)]),
    ("in the nineteenth century", [(1801, 1900)]),
    ("the late nineteenth century", [(1867, 1900)]),
    ("the 20th century", [(1901, 2000)]),
    ("twenty-first century", [(2001, 2100)]),
    ("the treaty of 1960", []),
    ("In 1951 it was signed", []),
    ("a sample of 1914 votes", []),
    ("1,950 to 2,000 troops", []),
    ("NSC-68 and F-1950", []),
    ("over the period 1816–2001", [(1816, 2001)]),
    ("1816 to 2001", [(1816, 2001)]),
    ("from 1885 through 1890", [(1885, 1890)]),
    ("from March 1939 to August 1939", []),
    ("between May 1972 and June 1975", [(1972, 1975)]),
    ("Napoleonic Wars", [(1803, 1815)]),
    ("the Korean War years (1950–53)", [(1950, 1953)]),
    ("the 1980s to the 2010s", [(1980, 2019)]),
    ("the past two decades", []),
    ("from 1955 on", [(1955, None)]),
    ("from 1955 onwards", [(1955, None)]),
    ("up to 1945", [(None, 1945)]),
    ("the years 1933 to 1939", [(1933, 1939)]),
    ("1898~1901", [(1898, 1901)]),
    ("the Bismarckian era", [(1871, 1890)]),
    ("the Cold War's end", []),
    ("from 1945 to the present", [(1945, None)]),
    ("1945–present", [(1945, None)]),
    ("the postwar period", [(1945, None)]),
    ("eighteenth and nineteenth centuries", [(1701, 1900)]),
    ("the new Cold War", []),
    ("the second half of the nineteenth century", [(1851, 1900)]),
    ("the first half of the 20th century", [(1901, 1950)]),
    ("1902—1923年", [(1902, 1923)]),
    ("1902年至1923年", [(1902, 1923)]),
    ("1902年到1923年间", [(1902, 1923)]),
    ("从1950年到1953年", [(1950, 1953)]),
    ("20世纪50年代", [(1950, 1959)]),
    ("20世纪五十年代", [(1950, 1959)]),
    ("20世纪50~70年代", [(1950, 1979)]),
    ("20世纪五六十年代", [(1950, 1969)]),
    ("20世纪50年代至70年代", [(1950, 1979)]),
    ("20世纪50年代末60年代初", [(1955, 1964)]),
    ("20世纪60年代末", [(1965, 1969)]),
    ("20世纪80年代初", [(1980, 1984)]),
    ("上世纪70年代", [(1970, 1979)]),
    ("二十世纪七十年代", [(1970, 1979)]),
    ("1960年代", [(1960, 1969)]),
    ("1950、60年代", [(1950, 1969)]),
    ("19世纪末20世纪初", [(1880, 1920)]),
    ("19世纪末至20世纪初", [(1880, 1920)]),
    ("19世纪后半叶", [(1851, 1900)]),
    ("十九世纪末", [(1880, 1900)]),
    ("19世纪", [(1801, 1900)]),
    ("21世纪以来", [(2001, None)]),
    ("21世纪初", [(2001, 2020)]),
    ("冷战时期", [(1947, 1991)]),
    ("冷战期间", [(1947, 1991)]),
    ("冷战初期", [(1947, 1962)]),
    ("冷战后期", [(1975, 1991)]),
    ("冷战后", [(1991, None)]),
    ("后冷战时代", [(1991, None)]),
    ("冷战结束以来", [(1991, None)]),
    ("冷战结束后", [(1991, None)]),
    ("冷战的终结", []),
    ("新冷战", []),
    ("冷战思维", []),
    ("第一次世界大战期间", [(1914, 1918)]),
    ("一战前", [(None, 1914)]),
    ("二战后", [(1945, None)]),
    ("二战期间", [(1939, 1945)]),
    ("第二次世界大战以来", [(1945, None)]),
    ("两次世界大战之间", [(1918, 1939)]),
    ("1949年以来", [(1949, None)]),
    ("自1951年以来", [(1951, None)]),
    ("1979年以后", [(1979, None)]),
    ("1914年以前", [(None, 1914)]),
    ("1960年签订", []),
    ("抗日战争时期", [(1937, 1945)]),
    ("春秋时期", [(-770, -476)]),
    ("春秋战国", [(-770, -221)]),
    ("拿破仑战争时期", [(1803, 1815)]),
    ("俾斯麦时期", [(1871, 1890)]),
    ("1894—1917", [(1894, 1917)]),
    ("2001~2010年间", [(2001, 2010)]),
    ("1950-1953年的战争", [(1950, 1953)]),
    ("1945年至今", [(1945, None)]),
    ("1991年起", [(1991, None)]),
    ("民国时期", [(1912, 1949)]),
]


@pytest.mark.parametrize(("words", "years"), WORDS, ids=[words for words, _ in WORDS])
def test_words_for_periods(words: str, years: list[tuple[int | None, int | None]]) -> None:
    chinese = any("\u4e00" <= character <= "\u9fff" for character in words)
    text = f"美日同盟:{words}的盟国。" if chinese else f"The US–Japan alliance: {words}, allies."
    assert [(period.first, period.last) for period in TAGGER.tag_text(text).periods] == years


STATEMENTS = [
    ("中苏同盟破裂的原因。", "CHN-SUN", "ended"),
    ("美日同盟不断强化。", "JPN-USA", "strengthened"),
    ("中俄结伴不结盟。", "CHN-RUS", "denied"),
    ("美韩同盟出现裂痕。", "KOR-USA", "strained"),
    ("1902年英日同盟成立。", "GBR-JPN", "formed"),
    ("The Sino-Soviet alliance collapsed.", "CHN-SUN", "ended"),
    ("The US–Japan alliance was strengthened.", "JPN-USA", "strengthened"),
    ("An alliance between India and Israel was proposed.", "IND-ISR", "proposed"),
]


@pytest.mark.parametrize(("text", "alliance", "kind"), STATEMENTS, ids=[text[:30] for text, _, _ in STATEMENTS])
def test_statements(text: str, alliance: str, kind: str) -> None:
    assert (alliance, kind) in {(s.alliance, s.kind) for s in TAGGER.tag_text(text).statements}
