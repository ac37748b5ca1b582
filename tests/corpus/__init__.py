"""A dozen works made by hand, with an authority of their own, on which every question has rows. In: nothing. Out: values.

Small enough that the right answer to each question can be worked out on paper; `answers` has them. The authority is not
the ontology's, so that an edit of a table changes nothing here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kg.authority import Authority
from kg.model import Mention, Period, RecordRef, Statement, TaggedWork, Text, Work, WorkId
from kg.rdf.files import Frame, write_quads
from kg.rdf.meta import Provenance, Source
from kg.things import Alliance, Concept, Group, Membership, Rule, State

NAMES = {
    "USA": ("United States", "美国", "美"),
    "JPN": ("Japan", "日本", "日"),
    "KOR": ("South Korea", "韩国", "韩"),
    "AUS": ("Australia", "澳大利亚", "澳"),
    "NZL": ("New Zealand", "新西兰", "新"),
    "GBR": ("United Kingdom", "英国", "英"),
    "TUR": ("Turkey", "土耳其", "土"),
    "DEU": ("Germany", "德国", "德"),
    "AUH": ("Austria-Hungary", "奥匈帝国", "奥"),
    "CHN": ("China", "中国", "中"),
}
CONCEPTS = {
    "dilemmas": ((), "dilemmas", "困境"),
    "management": ((), "alliance management", "同盟管理"),
    "alliance-dilemma": (("dilemmas",), "alliance dilemma", "同盟困境"),
    "entrapment": (("alliance-dilemma",), "entrapment", "牵连"),
    "abandonment": (("alliance-dilemma",), "abandonment", "抛弃"),
    "burden-sharing": (("management",), "burden sharing", "负担分担"),
    "treaty": (("management",), "alliance treaty", "同盟条约"),
    "wedge": (("management",), "wedge strategy", "楔子战略"),
}
RULES = ("state-name", "alliance-compound", "concept-label", "concept-pattern", "focus-title")
FIRST_TIME, SECOND_TIME = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def labels(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": zh, "zh-Hant": zh}


@cache
def authority() -> Authority:
    """Ten states, six pacts, eight concepts."""
    states = {
        id: State(id=id, labels=labels(en, zh), tag_id=id, kind="un_member", abbr_zh=(short,), abbr_zh_hant=(short,))
        for id, (en, zh, short) in NAMES.items()
    }
    empire = State(id="X-GEE", labels=labels("German Empire", "德意志帝国"), tag_id="DEU", kind="regime")
    return Authority(
        version="test",
        digest="d" * 64,
        states=states | {"X-GEE": empire},
        alliances={pact.id: pact for pact in pacts()},
        pairs={},
        groups={"al-qaeda": Group(id="al-qaeda", labels=labels("Al Qaeda", "基地组织"), type="jihadist")},
        regions={},
        concepts={
            id: Concept(id=id, labels=labels(en, zh), broader=broader, is_facet=not broader)
            for id, (broader, en, zh) in CONCEPTS.items()
        },
        rules={id: Rule(id=id, labels=labels(id, id), kind="any") for id in RULES},
        ambiguity=(),
        patterns=(),
    )


def pacts() -> list[Alliance]:
    """Four bilateral treaties, ANZUS without New Zealand after 1986, a small NATO that Turkey joins in 1952."""

    def pact(
        id: str, en: str, zh: str, first: int, last: int | None, members: str, pair: str | None = None
    ) -> Alliance:
        parties = []
        for written in members.split():
            state, _, years = written.partition("@")
            begin, _, end = years.partition("-")
            parties.append(Membership(state, int(begin) if begin else None, int(end) if end else None))
        return Alliance(
            id=id,
            labels=labels(en, zh),
            pair=pair,
            form="bilateral" if pair else "multilateral",
            type="defence",
            status="yes",
            members=tuple(parties),
            first_year=first,
            last_year=last,
        )

    return [
        pact("us-japan-treaty", "US–Japan Security Treaty", "日美安保条约", 1960, None, "JPN USA", "JPN-USA"),
        pact("anglo-japanese", "Anglo-Japanese Alliance", "英日同盟条约", 1902, 1923, "GBR JPN", "GBR-JPN"),
        pact("us-rok-treaty", "US–ROK Mutual Defense Treaty", "美韩共同防御条约", 1953, None, "KOR USA", "KOR-USA"),
        pact("dual-alliance", "Dual Alliance", "德奥同盟条约", 1879, 1918, "AUH X-GEE", "AUH-DEU"),
        pact("anzus", "ANZUS", "澳新美同盟", 1951, None, "AUS NZL@1951-1986 USA"),
        pact("nato", "NATO", "北约", 1949, None, "GBR TUR@1952- USA"),
    ]


def at(field: str, text: str, surface: str, rule: str, confidence: float) -> Mention:
    start = text.index(surface)
    return Mention(field, start, start + len(surface), surface, rule, confidence)


def work(
    id: str,
    texts: list[tuple[str, str | None, str | None]],
    year: int | None,
    authors: str = "",
    journal: str | None = None,
    records: tuple[tuple[str, int], ...] = (),
) -> Work:
    return Work(
        id=WorkId(id),
        texts=tuple(Text(lang, title, abstract) for lang, title, abstract in texts),
        year=year,
        authors=tuple(name for name in authors.split("; ") if name),
        journal=journal,
        records=tuple(RecordRef(source, number, f"{source}:{number}") for source, number in records),
    )


def tag(work: Work, focus: str = "", **written: str) -> TaggedWork:
    """Tags as ``states="JPN=abstract:日本; USA=abstract:美国"``; ``/0.6`` after the words is a confidence, 0.9 else."""
    fields = work.fields()
    rules = {
        "states": "state-name",
        "alliances": "alliance-compound",
        "groups": "state-name",
        "concepts": "concept-label",
    }
    kinds: dict[str, dict[str, tuple[Mention, ...]]] = {}
    for kind, rule in rules.items():
        tags: dict[str, list[Mention]] = {}
        for part in filter(None, written.get(kind, "").split("; ")):
            id, _, place = part.partition("=")
            field, _, surface = place.partition(":")
            surface, _, confidence = surface.partition("/")
            tags.setdefault(id, []).append(at(field, fields[field], surface, rule, float(confidence or 0.9)))
        order = list(fields)
        kinds[kind] = {id: tuple(sorted(tags[id], key=lambda m: (order.index(m.field), *m[1:]))) for id in sorted(tags)}
    about = tuple(sorted(focus.split()))
    evidence = {
        id: tuple(mention._replace(rule="focus-title") for mention in kinds["alliances"][id][:1]) for id in about
    }
    return TaggedWork(work=work, **kinds, focus=about, focus_evidence=evidence)  # type: ignore[arg-type]


@cache
def works() -> tuple[TaggedWork, ...]:
    """The works, by id."""
    zh = "日美同盟不断强化。日本既担心被美国抛弃，又害怕被拖入冲突。"
    en = "The US–Japan alliance grew stronger, while Tokyo feared entrapment."
    both = work(
        "w01",
        [("zh-Hans", "日美同盟中的牵连", zh), ("en", "Entrapment in the US–Japan alliance", en)],
        2014,
        "李明; Doe, Jane",
        "国际政治",
        (("library", 1), ("second", 3)),
    )
    one = tag(
        both,
        "JPN-USA",
        states="JPN=abstract:日本; JPN=abstract@en:Tokyo; USA=abstract:美国",
        alliances="JPN-USA=title:日美同盟; JPN-USA=abstract:日美同盟; JPN-USA=abstract@en:US–Japan alliance",
        concepts="entrapment=abstract:害怕被拖入; entrapment=abstract@en:entrapment; abandonment=abstract:被美国抛弃",
    )
    two = tag(
        work(
            "w02",
            [("zh-Hans", None, "美日、美韩同盟的负担分担各不相同。")],
            2010,
            "李明",
            "国际政治",
            (("library", 2),),
        ),
        "JPN-USA KOR-USA",
        states="JPN=abstract:日; KOR=abstract:韩; USA=abstract:美",
        alliances="JPN-USA=abstract:美日; KOR-USA=abstract:美韩同盟",
        concepts="burden-sharing=abstract:负担分担",
    )
    three = tag(
        work(
            "w03",
            [("en", "Korea and entrapment", "The US-ROK alliance, unlike the US-Japan alliance, risks entrapment.")],
            2008,
            "Doe, Jane",
            "Survival",
            (("library", 3),),
        ),
        "KOR-USA",
        states="KOR=title:Korea; JPN=abstract:Japan; USA=abstract:US",
        alliances="KOR-USA=abstract:US-ROK alliance; JPN-USA=abstract:US-Japan alliance",
        concepts="entrapment=title:entrapment; entrapment=abstract:entrapment",
    )
    four = tag(
        work(
            "w04",
            [("en", None, "Tokyo leans on its protector and shares the burden.")],
            None,
            "",
            None,
            (("library", 4),),
        ),
        "JPN-USA",
        states="JPN=abstract:Tokyo",
        alliances="JPN-USA=abstract:its protector/0.5",
        concepts="burden-sharing=abstract:shares the burden/0.6",
    )
    five = tag(
        work("w05", [("en", "Turkey in NATO", "Turkey joined NATO.")], 1999, "Roe, Ann", "Survival", (("library", 5),)),
        "nato",
        states="TUR=abstract:Turkey",
        alliances="nato=abstract:NATO",
        concepts="treaty=abstract:joined NATO",
    )
    six = tag(
        work(
            "w06",
            [("zh-Hans", "美澳同盟", "美澳同盟会把澳大利亚拖入与中国的冲突吗？")],
            2001,
            "王芳",
            None,
            (("library", 6),),
        ),
        "AUS-USA",
        states="AUS=abstract:澳大利亚; CHN=abstract:中国; USA=abstract:美",
        alliances="AUS-USA=title:美澳同盟; AUS-USA=abstract:美澳同盟",
        concepts="entrapment=abstract:拖入",
    )
    seven = tag(
        work(
            "w07",
            [("en", "Australia between fears", "Australia fears abandonment.")],
            1985,
            "",
            None,
            (("library", 7),),
        ),
        states="AUS=title:Australia; AUS=abstract:Australia",
        concepts="abandonment=abstract:abandonment",
    )
    eight = tag(
        work("w08", [("zh-Hans", "中国的贸易", None)], 2003, "", None, (("library", 8),)), states="CHN=title:中国"
    )
    nine = tag(
        work("w09", [("en", "The Anglo-Japanese Alliance", None)], 1972, "Roe, Ann", None, (("library", 9),)),
        "GBR-JPN",
        states="GBR=title:Anglo; JPN=title:Japanese",
        alliances="GBR-JPN=title:Anglo-Japanese Alliance",
        concepts="treaty=title:Alliance/0.4",
    )
    ten = tag(
        work(
            "w10",
            [("en", "Britain and Japan allied", "The alliance of 1902 brought entrapment.")],
            1975,
            "",
            None,
            (("second", 1),),
        ),
        "GBR-JPN",
        states="GBR=title:Britain; JPN=title:Japan",
        alliances="GBR-JPN=title:Britain and Japan allied",
        concepts="entrapment=abstract:entrapment",
    )
    eleven = tag(
        work(
            "w11",
            [("zh-Hant", "美日韓同盟", "1998年以來美日韓同盟得到加強，共同對付基地組織。")],
            2020,
            "王芳",
            "國際政治",
            (("second", 2),),
        ),
        "JPN-KOR-USA",
        states="JPN=title:日; KOR=title:韓; USA=title:美",
        alliances="JPN-KOR-USA=title:美日韓同盟; JPN-KOR-USA=abstract:美日韓同盟",
        groups="al-qaeda=abstract:基地組織",
    )
    abstract = eleven.work.abstract or ""
    eleven = TaggedWork(
        work=eleven.work,
        states=eleven.states,
        alliances=eleven.alliances,
        groups=eleven.groups,
        focus=eleven.focus,
        focus_evidence=eleven.focus_evidence,
        periods=(Period(1998, None, (at("abstract", abstract, "1998年以來", "state-name", 0.9),)),),
        statements=(
            Statement("JPN-KOR-USA", "strengthened", (at("abstract", abstract, "得到加強", "state-name", 0.8),)),
        ),
    )
    twelve = tag(work("w12", [("ja", "日米同盟", None)], 2015, "", None, (("second", 4),)))
    return (one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve)


def provenance(time: str = SECOND_TIME) -> Provenance:
    sources = (
        Source(slug="library", sha256="1" * 64, label="library.ris", n_read=9, n_kept=9),
        Source(slug="second", sha256="2" * 64, label="second.bib", n_read=3, n_kept=3),
    )
    return Provenance(version="0", ontology_version="test", ontology_digest="d" * 64, sources=sources, time=time)


def frame(time: str = SECOND_TIME) -> Frame:
    return Frame(authority=authority(), provenance=provenance(time))


def write(folder: Path) -> Path:
    """The corpus as quads: first the works of ``library``, a month later all."""
    write_quads([one for one in works() if one.work.source == "library"], folder, first_frame())
    write_quads(works(), folder, frame())
    return folder


def first_frame() -> Frame:
    early = provenance(FIRST_TIME)
    return Frame(
        authority=authority(),
        provenance=Provenance(
            version=early.version,
            ontology_version=early.ontology_version,
            ontology_digest=early.ontology_digest,
            sources=early.sources[:1],
            time=FIRST_TIME,
        ),
    )
