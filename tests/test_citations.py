"""References in GB/T 7714 and APA, in both languages, with what is missing left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.citations import STYLES, bibliography, cite
from kg.model import Text, Work, WorkId


def work(**fields: object) -> Work:
    values: dict[str, object] = {"id": WorkId("w"), "texts": (Text("zh-Hans", "美日同盟研究", None),)} | fields
    return Work(**values)  # type: ignore[arg-type]


CHINESE = work(
    authors=("张三", "李四"), journal="世界政治", year=2014, volume="3", issue="2", pages="1-20", doi="10.1/x"
)
FOUR = work(
    texts=(Text("en", "Alliance Politics", None),),
    authors=("Doe, Jane Mary", "Jean-Paul Roe", "van der Berg, Anna", "Kim, Min-jun"),
    journal="International Security",
    year=2004,
    volume="12",
)


@pytest.mark.parametrize(
    ("one", "style", "line"),
    [
        (CHINESE, "gb7714", "张三, 李四. 美日同盟研究[J]. 世界政治, 2014, 3(2): 1-20. DOI: 10.1/x."),
        (CHINESE, "apa", "张三, 李四. (2014). 美日同盟研究. 世界政治, 3(2), 1–20. https://doi.org/10.1/x"),
        (
            FOUR,
            "gb7714",
            "DOE J M, ROE J-P, VAN DER BERG A, et al. Alliance Politics[J]. International Security, 2004, 12.",
        ),
        (
            FOUR,
            "apa",
            "Doe, J. M., Roe, J.-P., van der Berg, A., & Kim, M.-J. (2004). Alliance Politics. International Security, 12.",
        ),
        (work(year=None), "gb7714", "美日同盟研究[J]."),
        (work(year=None), "apa", "美日同盟研究. (n.d.)."),
        (work(kind="thesis", authors=("张三",), year=2001), "gb7714", "张三. 美日同盟研究[D]. 2001."),
        (work(authors=("张三", "李四", "王五", "赵六")), "gb7714", "张三, 李四, 王五, 等. 美日同盟研究[J]."),
    ],
)
def test_reference(one: Work, style: str, line: str) -> None:
    assert cite(one, style) == line  # type: ignore[arg-type]


def test_work_without_a_title_is_cited_by_its_stand_in() -> None:
    bare = work(texts=(Text("zh-Hans", None, "文章从同盟的起源出发,认为"),))
    assert cite(bare, "gb7714") == "〔文章从同盟的起源出发〕[J]."


def test_thesis_is_told_by_what_stands_where_a_journal_would() -> None:
    one = work(authors=("曾煥堂",), journal="淡江大學碩士論文", year=2008)
    assert cite(one, "gb7714") == "曾煥堂. 美日同盟研究[D]. 淡江大學, 2008."
    assert cite(work(journal="外国文学论文"), "gb7714") == "美日同盟研究[J]. 外国文学论文."


def test_chinese_names_stand_where_their_pinyin_stands() -> None:
    lines = bibliography([work(authors=(name,)) for name in ("曾煥堂", "李愿富", "陳麒安", "杨伯江")], "gb7714")
    assert [line[0] for line in lines] == ["陳", "李", "杨", "曾"]


def test_order() -> None:
    assert bibliography([FOUR, CHINESE], "gb7714")[0].startswith("张三")
    assert bibliography([CHINESE, FOUR], "apa")[0].startswith("Doe")


@given(st.lists(st.text(min_size=1, max_size=30), max_size=25), st.text(min_size=1, max_size=50))
def test_any_names_and_titles_give_a_line(names: list[str], title: str) -> None:
    one = work(texts=(Text("en", title, None),), authors=tuple(names))
    for style in STYLES:
        assert cite(one, style)
