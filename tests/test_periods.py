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
