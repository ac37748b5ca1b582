"""Works of every sort for the tests of pages: with and without title and year, in two languages, with hostile texts."""

from __future__ import annotations

import json
from pathlib import Path

from kg.model import Mention, TaggedWork, Text, Work, WorkId

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "pages"
HOSTILE: list[str] = json.loads((FIXTURES / "hostile.json").read_text(encoding="utf-8"))


def _mention(field: str, text: str, surface: str, rule: str) -> Mention:
    start = text.index(surface)
    return Mention(field, start, start + len(surface), surface, rule, 0.9)


def browser_works() -> list[TaggedWork]:
    """Works with and without title and year, in one language and two, and one for every hostile text."""
    chinese = "美日同盟不断强化。日本既担心被美国抛弃,又害怕被拖入冲突。"
    english = "The US–Japan alliance grew stronger. Tokyo feared abandonment."
    works = [
        TaggedWork(
            work=Work(
                id=WorkId("two-languages"),
                texts=(Text("zh-Hans", "美日同盟研究", chinese), Text("en", "The US–Japan alliance", english)),
                authors=("张三", "李四"),
                journal="世界政治",
                year=2014,
            ),
            states={
                "JPN": (
                    _mention("abstract", chinese, "日本", "state-name"),
                    _mention("abstract", chinese, "日同盟", "state-abbreviation"),
                    _mention("abstract@en", english, "Tokyo", "state-metonym"),
                ),
                "USA": (_mention("abstract", chinese, "美国", "state-name"),),
            },
            alliances={
                "JPN-USA": (
                    _mention("title", "美日同盟研究", "美日同盟", "alliance-compound"),
                    _mention("abstract", chinese, "美日同盟", "alliance-compound"),
                    _mention("abstract@en", english, "US–Japan alliance", "alliance-compound"),
                )
            },
            concepts={
                "alliance-strengthening": (_mention("abstract", chinese, "同盟不断强化", "concept-pattern"),),
                "abandonment": (_mention("abstract", chinese, "被美国抛弃", "concept-pattern"),),
            },
            focus=("JPN-USA",),
        )
    ]
    bare = "文章从同盟的起源出发,比较美日同盟与美韩同盟。"
    works.append(
        TaggedWork(
            work=Work(id=WorkId("bare"), texts=(Text("zh-Hans", None, bare),)),
            alliances={
                "JPN-USA": (_mention("abstract", bare, "美日同盟", "alliance-compound"),),
                "KOR-USA": (_mention("abstract", bare, "美韩同盟", "alliance-compound"),),
            },
        )
    )
    wide = "北约之外,美日韩三国同盟亦受关注。"
    works.append(
        TaggedWork(
            work=Work(id=WorkId("wide"), texts=(Text("zh-Hans", "三国同盟", wide),), year=2020),
            alliances={"nato": (_mention("abstract", wide, "北约", "alliance-name"),),
                       "JPN-KOR-USA": (_mention("abstract", wide, "美日韩三国同盟", "alliance-compound"),)},
        )
    )  # fmt: skip
    for number, text in enumerate(HOSTILE):
        abstract = f"France and Poland are allies. {text}"
        works.append(
            TaggedWork(
                work=Work(
                    id=WorkId(f"evil/{number}"),
                    texts=(Text("en", text, abstract),),
                    authors=(text,),
                    journal=text,
                    year=1990 + number,
                    doi=f'10.9999/{number}"><script>window.pwned=7</script>',
                    keywords=(text,),
                ),
                states={"FRA": (_mention("abstract", abstract, "France", "state-name"),)},
                alliances={
                    "FRA-POL": (_mention("abstract", abstract, "France and Poland are allies", "alliance-relation"),)
                },
                focus=("FRA-POL",),
            )
        )
    return works
