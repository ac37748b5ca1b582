"""Records in the shape of real exports, any number of them. In: a number, a seed. Out: lines of OpenAlex JSON, RIS, CSV.

The words are drawn from short lists, so that texts have the length, the letters and the repetitions of real ones.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from typing import Any

WORDS = (
    "alliance alliances states between war commitment military security treaty partners deterrence credible "
    "reputation burden sharing power balance threat regional order patron client formation reliability signals costs domestic politics "
    "institutions evidence theory argue show cases crisis nuclear weapons bases negotiations defense pact members cohesion abandonment entrapment"
).split()
HAN = "同盟联国家安全战略军事合作关系条约威胁承诺可信成本困境牵连抛弃地区秩序大小不对称管理转型功能研究理论分析冷战后美日韩中俄欧亚太与的在和对是为其"
SYLLABLES = "an ber chan dor el fen gar hol ing jan kor lun mar nov os par ros sen tan ul ver wit yan zed".split()
GIVEN = "Jane Richard Ana Kwame Ingrid Lukas Giulia Sanna Daniel Per Mary Tom".split()
FAMILY = [f"{a}{b}{c}".capitalize() for a in SYLLABLES for b in SYLLABLES for c in ("", "s", "son", "er")]
JOURNALS = [
    f"{kind} of {a.capitalize()}{b} Studies" for kind in ("Journal", "Review") for a in SYLLABLES for b in SYLLABLES
]
SMALL = "the of and in to a that is for the of and".split()


def english(dice: random.Random, n_words: int) -> str:
    words = [dice.choice(SMALL if dice.random() < 0.35 else WORDS) for _ in range(n_words)]
    for at in range(0, n_words, 19):
        words[at] = words[at].capitalize()
        if at:
            words[at - 1] += "."
    return " ".join(words) + "."


def chinese(dice: random.Random, n_characters: int) -> str:
    text = [dice.choice(HAN) for _ in range(n_characters)]
    for at in range(23, n_characters, 24):
        text[at] = "，" if at % 72 else "。"
    return "".join(text) + "。"


def works(n: int, seed: int = 1, share_double: float = 0.1, share_chinese: float = 0.05) -> Iterator[dict[str, Any]]:
    """Plain descriptions; about one in ten is a second record of an earlier work, without DOI and in another form.

    One in twenty is in Chinese, two or three times as many as in OpenAlex.
    """
    dice = random.Random(seed)
    known: list[dict[str, Any]] = []
    for number in range(n):
        if known and dice.random() < share_double:
            old = dice.choice(known)
            yield {
                **old,
                "number": number,
                "doi": None,
                "title": old["title"].upper(),
                "authors": [f"{name.split(', ')[0]}, {name.split(', ')[1][0]}." for name in old["authors"]],
            }
            continue
        is_chinese = dice.random() < share_chinese
        work = {
            "number": number,
            "title": chinese(dice, dice.randint(10, 26)).rstrip("。")
            if is_chinese
            else english(dice, dice.randint(7, 14)).rstrip("."),
            "abstract": chinese(dice, dice.randint(150, 350)) if is_chinese else english(dice, dice.randint(110, 220)),
            "authors": [f"{dice.choice(FAMILY)}, {dice.choice(GIVEN)}" for _ in range(dice.randint(1, 4))],
            "journal": dice.choice(JOURNALS),
            "year": dice.randint(1960, 2024),
            "volume": str(dice.randint(1, 60)),
            "issue": str(dice.randint(1, 6)),
            "pages": [str(first := dice.randint(1, 400)), str(first + dice.randint(5, 40))],
            "doi": f"10.9999/made.{number}",
            "lang": "zh" if is_chinese else "en",
        }
        if len(known) < 20_000:
            known.append(work)
        yield work


def openalex(work: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """One work with all that OpenAlex says of it, some 10 KB."""
    index: dict[str, list[int]] = {}
    words = (
        work["abstract"].split()
        if work["lang"] == "en"
        else [work["abstract"][i : i + 24] for i in range(0, len(work["abstract"]), 24)]
    )
    for at, word in enumerate(words):
        index.setdefault(word, []).append(at)
    base = "https://openalex.org"
    source = {
        "id": f"{base}/S{dice.randint(1, 9999)}", "display_name": work["journal"], "issn_l": "1000-0001", "issn": ["1000-0001", "1000-001X"], "is_oa": False,
        "is_in_doaj": False, "is_core": True, "host_organization": f"{base}/P4310319965", "host_organization_name": "Sample Press", "type": "journal",
    }  # fmt: skip
    location = {
        "is_oa": False,
        "landing_page_url": f"https://doi.org/{work['doi']}",
        "pdf_url": None,
        "source": source,
        "license": None,
        "version": None,
        "is_accepted": False,
    }
    topics = [
        {"id": f"{base}/T{dice.randint(10000, 14000)}", "display_name": english(dice, 4), "score": dice.random(), "subfield": {"id": f"{base}/subfields/3320", "display_name": "Political Science"},
         "field": {"id": f"{base}/fields/33", "display_name": "Social Sciences"}, "domain": {"id": f"{base}/domains/2", "display_name": "Social Sciences"}}
        for _ in range(3)
    ]  # fmt: skip
    return {
        "id": f"{base}/W{4000000000 + work['number']}",
        "doi": f"https://doi.org/{work['doi']}" if work["doi"] else None,
        "title": work["title"],
        "display_name": work["title"],
        "publication_year": work["year"],
        "publication_date": f"{work['year']}-03-01",
        "ids": {"openalex": f"{base}/W{4000000000 + work['number']}", "doi": work["doi"], "mag": str(dice.randint(10**9, 2 * 10**9))},
        "language": work["lang"],
        "primary_location": location,
        "type": "article",
        "type_crossref": "journal-article",
        "indexed_in": ["crossref"],
        "open_access": {"is_oa": False, "oa_status": "closed", "oa_url": None, "any_repository_has_fulltext": False},
        "authorships": [
            {"author_position": "first" if at == 0 else "middle", "author": {"id": f"{base}/A50{dice.randint(10**6, 10**7)}", "display_name": " ".join(reversed(name.split(", "))), "orcid": None},
             "institutions": [{"id": f"{base}/I{dice.randint(1, 10**8)}", "display_name": "Sample University", "ror": "https://ror.org/00f54p054", "country_code": "US", "type": "education", "lineage": [f"{base}/I97018004"]}],
             "countries": ["US"], "is_corresponding": at == 0, "raw_author_name": name, "raw_affiliation_strings": ["Department of Political Science, Sample University, USA"],
             "affiliations": [{"raw_affiliation_string": "Department of Political Science, Sample University, USA", "institution_ids": [f"{base}/I97018004"]}]}
            for at, name in enumerate(work["authors"])
        ],
        "countries_distinct_count": 1, "institutions_distinct_count": 1, "corresponding_author_ids": [], "corresponding_institution_ids": [],
        "fwci": dice.random() * 3, "has_fulltext": False, "cited_by_count": dice.randint(0, 300), "cited_by_percentile_year": {"min": 80, "max": 90},
        "biblio": {"volume": work["volume"], "issue": work["issue"], "first_page": work["pages"][0], "last_page": work["pages"][1]},
        "is_retracted": False, "is_paratext": False, "primary_topic": topics[0], "topics": topics,
        "keywords": [{"id": f"{base}/keywords/{word}", "display_name": word, "score": dice.random()} for word in dice.sample(WORDS, 5)],
        "concepts": [{"id": f"{base}/C{dice.randint(10**6, 10**9)}", "wikidata": "https://www.wikidata.org/wiki/Q42848", "display_name": dice.choice(WORDS), "level": dice.randint(0, 3), "score": dice.random()} for _ in range(12)],
        "mesh": [], "locations_count": 1, "locations": [location], "best_oa_location": None, "sustainable_development_goals": [], "grants": [], "datasets": [], "versions": [],
        "referenced_works_count": 40, "referenced_works": [f"{base}/W{dice.randint(10**9, 4 * 10**9)}" for _ in range(40)],
        "related_works": [f"{base}/W{dice.randint(10**9, 4 * 10**9)}" for _ in range(10)],
        "abstract_inverted_index": index,
        "cited_by_api_url": f"https://api.openalex.org/works?filter=cites:W{4000000000 + work['number']}",
        "counts_by_year": [{"year": year, "cited_by_count": dice.randint(0, 30)} for year in range(2024, 2012, -1)],
        "updated_date": "2025-01-01T00:00:00", "created_date": "2016-06-24",
    }  # fmt: skip


def openalex_lines(n: int, seed: int = 1) -> Iterator[bytes]:
    import orjson

    dice = random.Random(seed + 1)
    for work in works(n, seed):
        yield orjson.dumps(openalex(work, dice), option=orjson.OPT_APPEND_NEWLINE)


def ris(n: int, seed: int = 1) -> Iterator[bytes]:
    for work in works(n, seed):
        lines = [
            "TY  - JOUR",
            f"TI  - {work['title']}",
            *(f"AU  - {name}" for name in work["authors"]),
            f"T2  - {work['journal']}",
            f"PY  - {work['year']}",
        ]
        lines += [
            f"VL  - {work['volume']}",
            f"IS  - {work['issue']}",
            f"SP  - {work['pages'][0]}",
            f"EP  - {work['pages'][1]}",
            "KW  - alliances",
            "KW  - burden sharing",
        ]
        lines += [f"DO  - {work['doi']}"] if work["doi"] else []
        yield "\n".join([*lines, f"AB  - {work['abstract']}", "ER  - ", "", ""]).encode()


def csv_lines(n: int, seed: int = 1) -> Iterator[bytes]:
    yield b"\xef\xbb\xbfAuthors,Title,Year,Source title,Volume,Issue,Page start,Page end,DOI,Abstract,Author Keywords,Document Type,EID\n"
    for work in works(n, seed):
        buffer = io.StringIO()
        row = [
            "; ".join(work["authors"]),
            work["title"],
            work["year"],
            work["journal"],
            work["volume"],
            work["issue"],
            *work["pages"],
        ]
        csv.writer(buffer, lineterminator="\n").writerow(
            [
                *row,
                work["doi"] or "",
                work["abstract"],
                "alliances; burden sharing",
                "Article",
                f"2-s2.0-{work['number']}",
            ]
        )
        yield buffer.getvalue().encode()
