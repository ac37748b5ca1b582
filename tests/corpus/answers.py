"""The right answers on the corpus, worked out by hand. In: nothing. Out: bindings and rows by question.

IRIs stand as their last part (``w01``, ``JPN-USA``, ``entrapment``); None is an unbound cell; text has no language.
"""

from __future__ import annotations

from typing import Any

E, Z = "en", "zh"
JP_EN, JP_ZH = "Japan–United States alliance", "日美同盟"
KR_EN, KR_ZH = "South Korea–United States alliance", "韩美同盟"
GJ_EN, GJ_ZH = "United Kingdom–Japan alliance", "英日同盟"

Answer = tuple[dict[str, Any], list[tuple[Any, ...]]]

T1_EN, T1_ZH = "Entrapment in the US–Japan alliance", "日美同盟中的牵连"

ANSWERS: dict[str, Answer] = {
    "01-works-on-pair": (
        {"alliance": "JPN-USA"},
        [
            ("w01", 2014, True, T1_EN, T1_ZH),
            ("w02", 2010, True, None, None),
            ("w03", 2008, False, "Korea and entrapment", None),
            ("w04", None, True, None, None),
        ],
    ),
    "02-pairs-by-works": (
        {},
        [
            ("JPN-USA", "JP", "", 4, 3),
            ("GBR-JPN", "", "", 2, 2),
            ("KOR-USA", "", "", 2, 2),
            ("AUS-USA", "", "", 1, 1),
        ],
    ),
    "03-allied-never-studied": (
        {},
        [
            ("AUH-DEU", "", "", 1),
            ("AUS-NZL", "", "", 1),
            ("GBR-TUR", "", "", 1),
            ("GBR-USA", "", "", 1),
            ("NZL-USA", "", "", 1),
            ("TUR-USA", "", "", 1),
        ],
    ),
    "04-concepts-of-pair": (
        {"alliance": "JPN-USA"},
        [
            ("burden-sharing", "burden sharing", "负担分担", 2),
            ("entrapment", "entrapment", "牵连", 2),
            ("abandonment", "abandonment", "抛弃", 1),
        ],
    ),
    "05-pairs-of-concept": (
        {"concept": "entrapment"},
        [("JPN-USA", "", "", 2), ("AUS-USA", "", "", 1), ("GBR-JPN", "", "", 1), ("KOR-USA", "", "", 1)],
    ),
    "06-works-on-one-not-other": (
        {"alliance": "JPN-USA", "other": "KOR-USA"},
        [("w01", 2014, T1_EN, T1_ZH), ("w04", None, None, None)],
    ),
    "07-attention-by-year": (
        {"alliance": "JPN-USA", "from": 2009, "to": 2014},
        [(2010, 1, 1), (2014, 1, 1)],
    ),
    "08-authors-on-pair": (
        {"alliance": "JPN-USA"},
        [("李明", "李明", 2, 2010, 2014), ("jane-doe", "Doe, Jane", 2, 2008, 2014)],
    ),
    "09-journals-on-pair": (
        {"alliance": "JPN-USA"},
        [("国际政治", "国际政治", 2), ("survival", "Survival", 1)],
    ),
    "10-states-with-state": (
        {"state": "AUS"},
        [("CHN", "China", "中国", 1), ("USA", "United States", "美国", 1)],
    ),
    "11-concepts-with-concept": ({"concept": "entrapment"}, [("abandonment", "abandonment", "抛弃", 1)]),
    # Works with a concept: zh w01 w02 w06; en w03 w04 w05 w07 w09 w10.
    "12-concepts-by-language": (
        {},
        [
            ("entrapment", "entrapment", "牵连", 2, 2, 2 / 3, 2 / 6),
            ("treaty", "alliance treaty", "同盟条约", 0, 2, 0.0, 2 / 6),
            ("abandonment", "abandonment", "抛弃", 1, 1, 1 / 3, 1 / 6),
            ("burden-sharing", "burden sharing", "负担分担", 1, 1, 1 / 3, 1 / 6),
        ],
    ),
    "13-pairs-by-language": (
        {"at_least": 2},
        [("GBR-JPN", "", "", 0, 2), ("JPN-USA", "", "", 2, 2), ("KOR-USA", "", "", 1, 1)],
    ),
    "14-evidence": (
        {"alliance": "JPN-USA", "concept": "entrapment"},
        [
            ("w01", 2014, "abstract@en", 56, 66, "entrapment", "", 0.9, "concept-label"),
            ("w01", 2014, "abstract", 21, 26, "害怕被拖入", "", 0.9, "concept-label"),
            ("w03", 2008, "abstract", 57, 67, "entrapment", "", 0.9, "concept-label"),
            ("w03", 2008, "title", 10, 20, "entrapment", "", 0.9, "concept-label"),
        ],
    ),
    "15-evidence-of-works": (
        {"work": ["w02", "w04"], "thing": "JPN-USA"},
        [
            ("w02", "abstract", 0, 2, "美日", 0.9, "alliance-compound"),
            ("w04", "abstract", 15, 28, "its protector", 0.5, "alliance-compound"),
        ],
    ),
    "16-pacts-of-state-in-year": (
        {"state": "TUR", "year": 1956},
        [("nato", "NATO", "北约", 1952, None, 1)],
    ),
    "17-focus-or-passing": (
        {"alliance": "JPN-USA"},
        [("focus", 2, 2014, 2014), ("passing", 1, 2008, 2008), ("shared-focus", 1, 2010, 2010)],
    ),
    "18-new-since-run": (
        {"run": "library"},
        [("w10", "", "Britain and Japan allied", None), ("w11", "", None, "美日韓同盟")],
    ),
    "19-works-comparing-pairs": (
        {"alliance": "JPN-USA", "other": "KOR-USA"},
        [("w02", 2010, 2, None, None), ("w03", 2008, 1, "Korea and entrapment", None)],
    ),
    "20-works-under-concept": (
        {"concept": "dilemmas"},
        [("entrapment", "entrapment", "牵连", 4), ("abandonment", "abandonment", "抛弃", 2)],
    ),
    "21-facets-of-pair": (
        {"alliance": "JPN-USA"},
        [
            ("alliance-dilemma", "alliance dilemma", "同盟困境", 2),
            ("dilemmas", "dilemmas", "困境", 2),
            ("management", "alliance management", "同盟管理", 2),
        ],
    ),
    "22-merged-works": ({}, [("w01", 2, "")]),
    "23-works-without-tags": ({}, [("w12", 2015, None, None), ("w08", 2003, None, "中国的贸易")]),
    "24-tags-to-review": (
        {"alliance": "JPN-USA", "below": 0.7},
        [("w04", "JPN-USA", 0.5, 1), ("w04", "burden-sharing", 0.6, 1)],
    ),
    "25-names-of-thing": (
        {"thing": "JPN-USA"},
        [
            ("日美同盟", 2, 0.9),
            ("US-Japan alliance", 1, 0.9),
            ("US–Japan alliance", 1, 0.9),
            ("its protector", 1, 0.5),
            ("美日", 1, 0.9),
        ],
    ),
    "26-rules-of-thing": ({"thing": "burden-sharing"}, [("concept-label", 2, 0.75, 0.6)]),
    "27-concepts-in-one-language-only": ({"alliance": "JPN-USA"}, [("w01", "abandonment", "abstract")]),
    "28-concept-by-decade": ({"concept": "entrapment"}, [(1970, 0, 1), (2000, 1, 1), (2010, 1, 0)]),
    "29-state-named-not-allied": ({"state": "AUS"}, [("w07", 1985, "Australia between fears", None)]),
    # Of JPN-USA in focus: burden-sharing (w02, w04), abandonment, entrapment (w01).
    "30-pairs-like-pair": (
        {"alliance": "JPN-USA"},
        [("KOR-USA", "", "", 2, 2), ("AUS-USA", "", "", 1, 1), ("GBR-JPN", "", "", 1, 1)],
    ),
    "31-tags-of-work": (
        {"work": "w04"},
        [
            ("subject", "burden-sharing", "burden sharing", "负担分担", 1, 0.6),
            ("discussesAlliance", "JPN-USA", "", "", 1, 0.5),
            ("hasFocus", "JPN-USA", "", "", 1, 0.5),
            ("mentionsState", "JPN", "Japan", "日本", 1, 0.9),
        ],
    ),
    "32-provenance-of-work": (
        {"work": "w01"},
        [("library", "library", "", "library/1", 6), ("library", "library", "", "second/3", 6)],
    ),
    "33-concepts-unused": (
        {},
        [("alliance-dilemma", "alliance dilemma", "同盟困境"), ("wedge", "wedge strategy", "楔子战略")],
    ),
    "34-first-works": (
        {"at_least": 2},
        [("GBR-JPN", 1972, "w09", 2), ("KOR-USA", 2008, "w03", 2), ("JPN-USA", 2010, "w02", 2)],
    ),
}
"""An empty text stands for a cell that other tests look at: labels of pairs, contexts, times."""
