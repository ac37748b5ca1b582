"""Readers: one contract for every member of the registry, and what each format is known for."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest
import zotero_library

from kg import readers
from kg.errors import SourceError, UnknownFormat
from kg.model import Record
from kg.readers import READERS, Problem, Reading, Source, inspect, read, walk

FIXTURES = Path(__file__).parent / "fixtures" / "readers"

ZH = {
    "title": "同盟的保险费:小国为何愿意多付",
    "authors": ("周明远", "林若水"),
    "journal": "同盟研究样刊",
    "year": 2016,
    "volume": "8",
    "issue": "2",
    "pages": "21-38",
    "doi": "10.9999/kg.2016.0201",
    "keywords": ("同盟", "费用分担", "被抛弃"),
    "abstract": "小国在同盟中付出的往往多于条约所定。本文以挪威与美国的驻军谈判为例,说明多付的部分是为防被抛弃而交的保险费。",
    "lang": "zh-Hans",
}
EN = {
    "title": "Insurance Premiums: Why Small Allies Overpay",
    "authors": ("Hale, Ingrid", "Osei, Kwame"),
    "journal": "Alliance Review (Sample)",
    "year": 2018,
    "volume": "12",
    "issue": "4",
    "pages": "301-329",
    "doi": "10.9999/kg.2018.1204",
    "keywords": ("alliances", "burden sharing", "abandonment"),
    "abstract": "Small allies often pay more than their treaties ask. Using talks between Oslo and Washington, we show that the "
    "surplus buys insurance against abandonment.",
    "lang": "en",
}
NOTHING = {"abstract": None, "keywords": ()}
# Reader → its example, and what the two works of it say otherwise than the above (`...`: whatever).
EXAMPLES: dict[str, tuple[str, dict[str, object], dict[str, object]]] = {
    "listing": (
        "listing.txt",
        {"doi": None, "keywords": (), "cited_by": 7, "cited_by_self": 2, "cited_by_others": 5},
        {"title": None, "authors": ("Ingrid Hale", "Kwame Osei"), "doi": None, "keywords": ()},
    ),
    "jsonl": ("jsonl.jsonl", {"id": "kg-1"}, {"id": "kg-2"}),
    "table": ("table.csv", {}, {}),
    "ris": ("ris.ris", {}, {}),
    "bibtex": ("bibtex.bib", {"id": "zhou2016"}, {"id": "hale2018"}),
    "refworks": ("refworks.txt", {}, {}),
    "endnote": ("endnote.enw", {}, {}),
    "noteexpress": ("noteexpress.net", {}, {}),
    "cnki": ("cnki.txt", {}, {"authors": ("Hale Ingrid", "Osei Kwame")}),
    "wos": (
        "wos.txt",
        {
            "title": ...,
            "authors": ("Zhou, Mingyuan", "Lin, Ruoshui"),
            "journal": ...,
            "keywords": ...,
            "abstract": ...,
            "lang": "en",
            "cited_by": 7,
        },
        {"journal": "ALLIANCE REVIEW (SAMPLE)", "cited_by": 3},
    ),
    "pubmed": (
        "pubmed.nbib",
        {
            "title": ...,
            "authors": ("Zhou, Mingyuan", "Lin, Ruoshui"),
            "journal": ...,
            "keywords": ...,
            "abstract": ...,
            "lang": "en",
        },
        {"keywords": ("alliances",)},
    ),
    "openalex": ("openalex.jsonl", {"cited_by": 7}, {"authors": ("Ingrid Hale", "Kwame Osei"), "cited_by": 3}),
    "crossref": ("crossref.json", {"keywords": (), "cited_by": 7}, {"keywords": (), "cited_by": 3}),
    "csl": ("csl.json", {"keywords": ()}, {"keywords": ()}),
    "zotero": ("", {}, {}),
    "zotero-rdf": ("zotero-rdf.rdf", {}, {"keywords": ()}),
    "endnote-xml": ("endnote-xml.xml", {}, {"keywords": ()}),
    "xml": ("xml.xml", {}, {"keywords": ()}),
    "workbook": ("workbook.xlsx", {}, {}),
    "html-table": ("html-table.xls", {}, {}),
    "citations": (
        "citations.txt",
        {**NOTHING, "issue": "02"},
        {**NOTHING, "authors": ("HALE, I", "OSEI, K"), "doi": None},
    ),
    "scholar": (
        "scholar.txt",
        {**NOTHING, "doi": None, "volume": None, "issue": None, "pages": None, "cited_by": 7},
        {
            **NOTHING,
            "authors": ("I Hale", "K Osei"),
            "doi": None,
            "volume": None,
            "issue": None,
            "pages": None,
            "cited_by": 3,
        },
    ),
}


def zotero_example(folder: Path) -> Path:
    works = [
        {
            "key": key, "title": work["title"], "abstractNote": work["abstract"], "date": date, "publicationTitle": work["journal"], "volume": work["volume"],
            "issue": work["issue"], "pages": work["pages"], "DOI": work["doi"], "creators": creators, "tags": work["keywords"], **more,
        }
        for key, work, date, creators, more in (
            ("AAAA1111", ZH, "2016-04-00 2016-04", [("明远", "周"), ("", "林若水")], {"in": 2}),
            ("BBBB2222", EN, "2018-11-05 November 5, 2018", [("Ingrid", "Hale"), ("Kwame", "Osei")], {"library": 2}),
        )
    ]  # fmt: skip
    works += [
        {"key": "CCCC3333", "type": "attachment", "title": "Full text"},
        {"key": "DDDD4444", "title": "Thrown away", "deleted": True},
    ]
    return zotero_library.make(folder / "zotero.sqlite", works)


def made(folder: Path) -> Path:
    return path if (path := folder / "zotero.sqlite").exists() else zotero_example(folder)


@pytest.fixture
def example(tmp_path: Path):
    def find(name: str) -> Path:
        return made(tmp_path) if name == "zotero" else FIXTURES / EXAMPLES[name][0]

    return find


def parted(items) -> tuple[list[Record], list[Problem]]:
    items = list(items)
    return [i for i in items if isinstance(i, Record)], [i for i in items if isinstance(i, Problem)]


def test_every_reader_has_an_example_of_its_own():
    assert set(EXAMPLES) == set(READERS)


@pytest.mark.parametrize("name", READERS)
class TestContract:
    def test_is_told_by_content_alone(self, name, example, tmp_path):
        data = example(name).read_bytes()
        nameless = tmp_path / "nameless"
        nameless.write_bytes(data)
        (source,) = walk([nameless])
        assert Reading(source).reader == name

    def test_reads_what_the_example_says(self, name, example):
        records, problems = parted(read(example(name)))
        assert not problems
        by_lang = sorted(records, key=lambda r: r.year or 0)
        assert len(by_lang) == 2
        for record, work, more in zip(by_lang, (ZH, EN), EXAMPLES[name][1:], strict=True):
            for field, value in {**work, **more}.items():
                if value is not ...:
                    found = getattr(record, field)
                    assert (set(found) if field == "keywords" else found) == (
                        set(value) if field == "keywords" else value
                    ), field

    def test_numbers_and_places(self, name, example):
        records, _ = parted(read(example(name)))
        assert [record.number for record in records] == list(range(1, len(records) + 1))
        assert all(record.where.partition(":")[0] == example(name).name for record in records)
        assert len({record.source for record in records}) == 1

    def test_reading_twice_gives_the_same(self, name, example):
        assert list(read(example(name))) == list(read(example(name)))

    def test_texts_are_clean(self, name, example):
        for record in parted(read(example(name)))[0]:
            for text in record.texts:
                for part in (text.title, text.abstract):
                    assert part is None or (
                        part == part.strip() and part and not part.startswith(("[内容提要]", "摘要"))
                    )

    def test_a_cut_file_gives_no_traceback(self, name, example):
        data = example(name).read_bytes()
        for length in range(0, len(data), max(1, len(data) // 17)):
            problems = parted(read(data[:length], reader=name, name="cut"))[1]
            assert not any("the reader failed" in problem.reason for problem in problems)

    def test_label_in_both_languages(self, name):
        reader = READERS[name]
        assert reader.label
        assert reader.label_zh
        assert reader.about
        assert reader.about_zh
        assert reader.extensions


def test_reader_that_is_not_there():
    with pytest.raises(UnknownFormat, match=r"there is no reader 'marc'\. Readers are: listing, jsonl"):
        list(read(b"x", reader="marc"))


# --- the pasted listing ------------------------------------------------------------------------------------------------


def test_listing_keeps_blanks_and_empty_lines_to_the_letter():
    text = "20 世纪,中越同 盟从形成到破裂,主要源于两国对 各自利益的不同认知。  相似文献   \n\n\nFirst paragraph of theextent.\n\nSecond one.  相似文献   \n"
    records, problems = parted(read(text.encode(), name="a.txt"))
    assert [r.abstract for r in records] == [
        "20 世纪,中越同 盟从形成到破裂,主要源于两国对 各自利益的不同认知。",
        "First paragraph of theextent.\n\nSecond one.",
    ]
    assert [r.where for r in records] == ["a.txt:1", "a.txt:4"]
    assert not problems
    assert all(r.title is None and r.year is None and not r.authors for r in records)


def test_listing_with_numbers_and_a_title_above_its_byline():
    text = "1.  对冲的界限\n张三  李四 《样刊》2010,(3):7-9\n本文讨论对冲的界限。  相似文献(12条)  \n2.  结盟与中立   总被引:1\n讨论中立国为何不结盟。  相似文献\n"
    first, second = parted(read(text.encode(), name="a.txt"))[0]
    assert (first.title, first.authors, first.journal, first.year, first.volume, first.issue, first.pages) == (
        "对冲的界限", ("张三", "李四"), "样刊", 2010, None, "3", "7-9",
    )  # fmt: skip
    assert (second.title, second.cited_by, second.cited_by_self, second.abstract) == (
        "结盟与中立",
        1,
        None,
        "讨论中立国为何不结盟。",
    )


def test_seeds_to_the_letter(shared):
    import json

    gold = [json.loads(line) for line in shared("gold/dev.jsonl").read_text(encoding="utf-8").splitlines()]
    records = [r for r in read(shared("seeds")) if isinstance(r, Record)]
    assert len(records) == len(gold) == 20
    for record, work in zip(records, gold, strict=True):
        for field in (
            "title",
            "journal",
            "year",
            "volume",
            "issue",
            "pages",
            "cited_by",
            "cited_by_self",
            "cited_by_others",
        ):
            assert getattr(record, field) == work.get(field), (record.where, field)
        assert list(record.authors) == work["authors"]
        plain = work["abstract"].removeprefix("[内容提要]")
        assert record.abstract is not None
        assert record.abstract.replace("\n\n", "\n") == plain
        assert ("[内容提要]" in record.raw["abstract"]) == work["abstract"].startswith("[内容提要]")


# --- JSON --------------------------------------------------------------------------------------------------------------


def test_json_texts_stay_to_the_letter():
    line = '{"id": "a", "title": "</script> &amp; <b>x</b>", "abstract": "Two\\u2028lines  and  blanks. O\'Brien"}'
    (record,), problems = parted(read(line.encode()))
    assert record.title == "</script> &amp; <b>x</b>"
    assert record.abstract == "Two\u2028lines  and  blanks. O'Brien"
    assert not problems


def test_json_broken_lines_are_skipped_with_their_place():
    data = b'{"title": "One pact"}\n{"title": "Two\n[1]\n\n{"year": 2001}\n{"title": "Three pacts"}\n'
    records, problems = parted(read(data, name="works.jsonl"))
    assert [r.title for r in records] == ["One pact", "Three pacts"]
    assert [p.where for p in problems] == ["works.jsonl:2", "works.jsonl:3", "works.jsonl:5"]
    assert str(problems[1]) == "works.jsonl:3: a line is a JSON object, this one is an array; line skipped"
    assert str(problems[2]) == "works.jsonl:5: reference has no title and no abstract; skipped"


def test_json_lone_surrogates_and_controls_are_dropped_with_a_warning():
    records, problems = parted(read(b'{"title": "Lone \\ud83d and \\u0007 bell"}\n'))
    assert records[0].title == "Lone  and  bell"
    assert [p.severity for p in problems] == ["warning"]


def test_json_documents_one_broken_element_loses_no_other():
    data = b'{"results": [{"title": "A pact", "authors": [{"name": "Jane Doe"}]}, {"title": "broken, "year" 1}, {"title": "B pact"}]}'
    records, problems = parted(read(data, name="a.json"))
    assert "A pact" in [r.title for r in records]
    assert problems
    records, problems = parted(read(data[:-25], name="a.json"))
    assert [r.title for r in records][:1] == ["A pact"]


def test_json_with_chinese_keys_and_texts_in_two_languages():
    data = '[{"题名": "结盟", "作者": "张三;李四", "摘要": "【摘要】讨论结盟。", "年份": "2001年"}, {"title": "结盟论", "title_en": "On Alliance", "abstract": "讨论。", "abstract_en": "It discusses."}]'
    first, second = parted(read(data.encode()))[0]
    assert (first.title, first.authors, first.abstract, first.year) == ("结盟", ("张三", "李四"), "讨论结盟。", 2001)
    assert [(t.lang, t.title, t.abstract) for t in second.texts] == [
        ("zh-Hans", "结盟论", "讨论。"),
        ("en", "On Alliance", "It discusses."),
    ]


def test_tagged_works_are_read_as_plain_works(tagged_work):
    from kg import jsonl

    tagged = tagged_work("w1", "zh-Hans", "日美同盟", "美日同盟的成本。", alliances={"JPN-USA": ["美日同盟"]})
    (record,), problems = parted(read(jsonl.dumps(tagged)))
    assert (record.id, record.texts) == ("w1", tagged.work.texts)
    assert not problems


# --- RIS, BibTeX and the tagged formats ----------------------------------------------------------------------------------


def test_ris_without_end_and_with_unicode_line_separators():
    data = "TY  - JOUR\nTI  - One\x85two\u2028three\nTY  - JOUR\nTI  - Second\nER  -".encode()
    records, _ = parted(read(data))
    assert [r.title for r in records] == ["One two three", "Second"]


def test_bibtex_repeated_keys_strings_and_crossref():
    data = rb"""
@string{rev = "Review of " # "Pacts"}
@comment{ @article{no, title={Not this}} }
@inproceedings{a, title={On {P}acts}, crossref={p}, author={{Working Group on Pacts} and M{\"u}ller, J{\'e}r{\^o}me}}
@article{a, title="Second of the key", journal = rev # { all}, year = 2001}
@proceedings{p, title={Proceedings of Pacts}, year={1999}}
"""
    records, problems = parted(read(data, name="a.bib"))
    by_title = {r.title: r for r in records}
    assert set(by_title) == {"On Pacts", "Second of the key", "Proceedings of Pacts"}
    assert by_title["On Pacts"].authors == ("Working Group on Pacts", "Müller, Jérôme")
    assert (by_title["On Pacts"].journal, by_title["On Pacts"].year, by_title["On Pacts"].kind) == (
        "Proceedings of Pacts",
        1999,
        "paper",
    )
    assert by_title["Second of the key"].journal == "Review of Pacts all"
    assert not problems


def test_web_of_science_wraps_and_tab_delimited():
    records, _ = parted(read(FIXTURES / "wos.txt"))
    assert records[0].title == "The insurance premium of alliances: why small states are willing to overpay"
    table = "\ufeffPT\tAU\tAF\tTI\tSO\tAB\tPY\tVL\tIS\tBP\tEP\tDI\tUT\nJ\tDoe, J; Roe, R\tDoe, Jane; Roe, Richard\tOn Pacts\tREVIEW\tPacts bind.\t2001\t3\t1\t7\t19\t10.9999/x.1\tWOS:000000000000009\n"
    (record,), _ = parted(read(table.encode("utf-16"), name="savedrecs.txt"))
    assert (record.authors, record.pages, record.identifiers["wos"]) == (
        ("Doe, Jane", "Roe, Richard"),
        "7-19",
        "000000000000009",
    )


def test_vip_and_wanfang_noteexpress_with_translated_titles():
    data = "{Reference Type}: Journal Article \r\n{Title}:结盟论\r\n{Translated Title}: On Alliance\r\n{Author}: 张三\r\n{Author}: 李四\r\n{Translated Author}: ZHANG San\r\n{Year}: 2020\r\n{Volume} : 9\r\n{Abstract}: 讨论\r\n结盟。\r\n"
    (record,), _ = parted(read(data.encode()))
    assert [(t.lang, t.title) for t in record.texts] == [("zh-Hans", "结盟论"), ("en", "On Alliance")]
    assert (record.abstract, record.authors, record.volume) == ("讨论结盟。", ("张三", "李四"), "9")


def test_labelled_text_from_a_page():
    data = "题名：结盟论\n作者：张三；李四\n刊名：样刊\n年份：2001\n摘要：讨论结盟。\n第二行。\n\n题名：中立论\n作者：王五\n摘要：讨论中立。\n"
    first, second = parted(read(data.encode()))[0]
    assert (first.title, first.authors, first.abstract) == ("结盟论", ("张三", "李四"), "讨论结盟。第二行。")
    assert (second.title, second.authors) == ("中立论", ("王五",))


# --- tables ------------------------------------------------------------------------------------------------------------


def test_table_columns_are_guessed_shown_and_given():
    data = "papers of 2001\n题目;第一作者;大意\n结盟论;张三;讨论结盟\n".encode("gb18030")
    records, _ = parted(read(data, columns="authors=第一作者,abstract=大意"))
    assert (records[0].title, records[0].authors, records[0].abstract) == ("结盟论", ("张三",), "讨论结盟")
    reading = Reading(Source.of_bytes(data, "a.csv"), chosen={"abstract": "大意"})
    list(reading)
    assert reading.columns == {"title": "题目", "abstract": "大意"}
    assert reading.encoding == "gb18030"


def test_table_choice_that_does_not_fit():
    with pytest.raises(SourceError, match=r"--columns: there is no column 'Titel'\. Columns are: title, year"):
        list(read(b"title,year\nA,2001\n", columns="title=Titel"))
    with pytest.raises(SourceError, match="there is no field 'tittle'"):
        list(read(b"title\nA\n", columns="tittle=title"))
    with pytest.raises(SourceError, match="'title' is not FIELD=COLUMN"):
        list(read(b"title\nA\n", columns="title"))


def test_table_with_an_unclosed_quotation_mark_loses_one_row():
    rows = ["title,year", '"One pact, 2001', *[f"Pact {i},2002" for i in range(3000)]]
    records, _ = parted(read("\n".join(rows).encode(), name="a.csv"))
    assert len(records) >= 2999


def test_tables_that_are_no_lists_of_works_are_passed_over():
    records, problems = parted(read(b"name,description,price\nTea,green,3\n", name="shop.csv"))
    assert not records
    assert str(problems[0]).startswith("shop.csv: no reader knows this file; ")


def test_workbook_dates_numbers_and_sheets(tmp_path):
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    first = book.active
    first.append(["nothing here"])
    second = book.create_sheet("Works")
    second.append(["Title", "Date", "Volume", "Abstract"])
    second.append(["On Pacts", datetime.date(2001, 5, 3), 7.0, "Pacts bind."])
    book.save(tmp_path / "a.xlsx")
    (record,), problems = parted(read(tmp_path / "a.xlsx"))
    assert (record.year, record.volume, record.where) == (2001, "7", "a.xlsx:Works!2")
    assert not problems


# --- XML ---------------------------------------------------------------------------------------------------------------


def test_xml_that_declares_entities_is_refused():
    data = b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><records><record><titles><title>&f;</title></titles><ref-type name="Book">6</ref-type></record></records></xml>'
    records, problems = parted(read(data, name="bomb.xml"))
    assert not records
    assert (
        str(problems[0])
        == "bomb.xml: XML that declares entities is refused: they are not read; export it again without them"
    )


def test_xml_goes_on_after_damage_and_knows_html_entities():
    good = '<record><ref-type name="Book">6</ref-type><titles><title>{}</title></titles></record>\n'
    data = (
        "<xml><records>\n"
        + good.format("R&D &nbsp;&mdash; one")
        + "<record><titles><title>bad</titel></titles></record>\n"
        + good.format("two")
        + "</records></xml>"
    )
    records, problems = parted(read(data.encode(), name="a.xml"))
    assert [r.title for r in records] == ["R&D — one", "two"]
    assert [p.where for p in problems] == ["a.xml:3"]


def test_each_damaged_xml_record_is_reported():
    record = "<record><titles><title>On Pacts %d</title></titles>%s</record>"
    for end in ("\n", ""):
        parts = [record % (n, "" if n % 3 else "<a></b>") + end for n in range(900)]
        data = f"<xml><records><source-app/>{''.join(parts)}</records></xml>".encode()
        records, problems = parted(read(data, reader="endnote-xml"))
        assert [record.title for record in records] == [f"On Pacts {n}" for n in range(900) if n % 3]
        assert len(problems) == 300
        assert all("mismatched tag" in problem.reason for problem in problems)


def test_xml_in_gb18030_whatever_it_declares():
    data = '<?xml version="1.0" encoding="gb2312"?><xml><records><record><ref-type name="Book">6</ref-type><titles><title>同盟的保险费与被抛弃</title></titles></record></records></xml>'
    assert parted(read(data.encode("gb18030")))[0][0].title == "同盟的保险费与被抛弃"


# --- Zotero ------------------------------------------------------------------------------------------------------------


def test_zotero_database_keys_collections_and_open_library(tmp_path):
    path = zotero_example(tmp_path)
    records, _ = parted(read(path))
    assert [r.identifiers["zotero"] for r in records] == ["library/items/AAAA1111", "groups/77/items/BBBB2222"]
    assert [r.where for r in records] == ["zotero.sqlite:AAAA1111", "zotero.sqlite:BBBB2222"]
    assert [r.title for r in parted(read(path, collection="costs"))[0]] == [ZH["title"]]
    with pytest.raises(SourceError, match=r"there is no collection 'Cost'\. Collections are: Asia, Costs, Empty"):
        list(read(path, collection="Cost"))


def test_zotero_database_is_read_while_zotero_writes(tmp_path):
    path = zotero_example(tmp_path)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("pragma journal_mode = wal")
    writer.execute("begin exclusive")
    writer.execute("insert into tags values (99, 'new')")
    before = path.read_bytes(), sorted(file.name for file in tmp_path.iterdir())
    records, problems = parted(read(path))
    assert len(records) == 2
    assert not problems
    assert (path.read_bytes(), sorted(file.name for file in tmp_path.iterdir())) == before
    writer.execute("rollback")
    writer.close()


def test_a_damaged_database_is_a_problem(tmp_path):
    data = zotero_example(tmp_path).read_bytes()
    for old, new in ((b"CREATE TABLE items", b"CREATE T\xceBLE items"), (b"itemDataValues", b"item\xceataValues")):
        assert old in data
        _, problems = parted(read(data.replace(old, new), name="zotero.sqlite"))
        assert problems
        assert not any("the reader failed" in problem.reason for problem in problems)


def test_other_databases_are_refused(tmp_path):
    database = sqlite3.connect(tmp_path / "other.sqlite")
    database.execute("create table a (b)")
    database.commit()
    database.close()
    records, problems = parted(read(tmp_path / "other.sqlite"))
    assert not records
    assert "has none of Zotero's tables" in str(problems[0])


def test_zotero_rdf_collection():
    assert [r.title for r in parted(read(FIXTURES / "zotero-rdf.rdf", collection="Costs"))[0]] == [ZH["title"]]


# --- files, folders, archives --------------------------------------------------------------------------------------------


def test_archives_are_read_in_place(tmp_path):
    ris = (FIXTURES / "ris.ris").read_bytes()
    (tmp_path / "a.ris.gz").write_bytes(gzip.compress(ris))
    (tmp_path / "b.ris.bz2").write_bytes(bz2.compress(ris))
    (tmp_path / "c.ris.xz").write_bytes(lzma.compress(ris))
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("sub/works.ris", ris)
        archive.writestr("sub/inner.csv.gz", gzip.compress((FIXTURES / "table.csv").read_bytes()))
        archive.writestr("__MACOSX/._works.ris", b"junk")
    with tarfile.open(tmp_path / "e.tgz", "w:gz") as tar:
        info = tarfile.TarInfo("works.ris")
        info.size = len(ris)
        tar.addfile(info, io.BytesIO(ris))
    records, problems = parted(read(tmp_path))
    assert not problems
    assert sorted({r.where.partition(":")[0] for r in records}) == [
        "a.ris", "b.ris", "c.ris", "d.zip/sub/inner.csv", "d.zip/sub/works.ris", "e.tar/works.ris",
    ]  # fmt: skip
    assert len(records) == 12


def test_damaged_and_foreign_archives_are_problems(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"TY  - JOUR\nTI  - A\nER  - \n" * 9)[:-12])
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 and then nothing")
    (tmp_path / "c.7z").write_bytes(b"7z\xbc\xaf\x27\x1c123")
    _, problems = parted(read(tmp_path))
    assert {p.where for p in problems} == {"a", "b.zip", "c.7z"} or {p.where for p in problems} == {
        "a.gz",
        "b.zip",
        "c.7z",
    }
    assert all(p.remedy or p.severity for p in problems)


def test_files_without_records_are_notes(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "b.caj").write_bytes(b"CAJ\x00\x01")
    (tmp_path / "c.docx").write_bytes(b"")
    _, problems = parted(read(tmp_path))
    assert [p.severity for p in problems] == ["note"] * 3
    assert (
        str(problems[0])
        == "a.pdf: a PDF file holds no record; export the references as RIS, BibTeX or NoteExpress instead"
    )


def test_walk_is_sorted_and_skips_what_is_hidden(tmp_path):
    for name in ("b.ris", "a.ris", ".hidden.ris", "sub/c.ris", "kg-decisions.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("TY  - JOUR\nTI  - A\nER  - \n")
    assert [source.name for source in walk([tmp_path])] == ["a.ris", "b.ris", "sub/c.ris"]
    with pytest.raises(SourceError, match="there is no such file or folder"):
        walk([tmp_path / "nothing"])


def test_slugs_are_ascii_and_follow_the_content(tmp_path):
    first = Source.of_bytes(b"a", "国际观察 2005.ris.gz")
    assert first.slug.startswith("guo-ji-guan-cha-2005-")
    assert Source.of_bytes(b"b", "国际观察 2005.ris.gz").slug != first.slug


def test_inspect_shows_the_first_records():
    (found,) = inspect(FIXTURES / "table.csv", n=1)
    assert (found.reader, found.label, found.encoding) == ("table", "CSV, TSV", "utf-8")
    assert found.columns["title"] == "题名"
    assert [r.title for r in found.records] == [ZH["title"]]


def test_reading_counts_what_was_in_a_source():
    reading = Reading(Source.of_file(FIXTURES / "listing.txt"))
    list(reading)
    assert reading.n_records == 2
    assert reading.filled["title"] == 1
    assert reading.langs == {"zh-Hans": 1, "en": 1}
    summary = reading.summary()
    assert (summary.reader, summary.encoding, summary.n_records, summary.n_problems) == ("listing", "utf-8", 2, {})
    assert (summary.filled["title"], summary.filled["abstract"], summary.filled["doi"]) == (1, 2, 0)


def test_the_summary_of_a_source_with_faults_says_where_why_and_what_to_do():
    reading = Reading(Source.of_bytes(b'{"title": "A pact"}\n{"title": \n{"year": 1}\n', "works.jsonl"))
    list(reading)
    summary = reading.summary()
    assert summary.n_problems == {"skipped": 2}
    assert [problem.where for problem in summary.problems] == ["works.jsonl:2", "works.jsonl:3"]
    assert all(problem.reason and problem.remedy for problem in summary.problems)


def test_read_all_takes_sources_in_sorted_order(tmp_path):
    (tmp_path / "b.ris").write_text("TY  - JOUR\nTI  - B\nER  - \n")
    (tmp_path / "a.ris").write_text("TY  - JOUR\nTI  - A\nER  - \n")
    titles = [r.title for r in readers.read_all([tmp_path / "b.ris", tmp_path / "a.ris"]) if isinstance(r, Record)]
    assert titles == ["A", "B"]


# --- what programs and sites write, each in a line or two ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            "zotero.csv",
            '"Key","Item Type","Publication Year","Author","Title"\n"ABCD1234","journalArticle","2019","Doe, Jane; Roe, Richard","On Pacts"\n',
            {"id": None, "identifiers": {"zotero": "library/items/ABCD1234"}, "authors": ("Doe, Jane", "Roe, Richard"), "year": 2019},
        ),
        (
            "openalex.csv",
            "id,doi,display_name,publication_year,authorships.author.display_name,biblio.volume\nhttps://openalex.org/W12,https://doi.org/10.9999/A.1,On Pacts,2020,Jane Doe|Richard Roe,3\n",
            {"identifiers": {"openalex": "W12"}, "doi": "10.9999/a.1", "title": "On Pacts", "authors": ("Jane Doe", "Richard Roe"), "volume": "3"},
        ),
        ("pubmed.csv", 'PMID,Title,Authors,Journal/Book\n123,On Pacts,"Doe J, Roe RK.",Rev\n', {"authors": ("Doe J", "Roe RK"), "journal": "Rev"}),
        ("scopus.csv", 'Authors,Title,Abstract\n"Doe, J., Roe, R.",On Pacts,"Pacts bind. © 2010 Wiley Periodicals, Inc. All rights reserved."\n', {"authors": ("Doe, J.", "Roe, R."), "abstract": "Pacts bind."}),
        ("excel.csv", 'sep=;\nTitle;Authors;Year;Abstract\n"On; Pacts";Doe, Jane;2019;"one\ntwo"\n', {"title": "On; Pacts", "abstract": "one\ntwo", "authors": ("Doe, Jane",)}),
        ("savedrecs.txt", 'PT\tAU\tTI\tPY\tUT\nJ\tDoe, J\t"Iron" Alliances\t2001\tWOS:1\n', {"title": '"Iron" Alliances', "identifiers": {"wos": "1"}}),
        ("s2.json", '{"data":[{"paperId":"a","title":"On Pacts","abstract":"Bind.","year":2001,"venue":"Rev","authors":[{"name":"Jane Doe"}],"citationCount":7}]}', {"journal": "Rev", "cited_by": 7, "authors": ("Jane Doe",)}),
        (
            "crossref.json",
            '{"message-type":"work","message":{"DOI":"10.9999/a","title":["On Pacts"],"reference":[{"key":"1"}],"is-referenced-by-count":3,"type":"book-chapter","abstract":"<jats:p>Pacts &amp; bind.</jats:p>"}}',
            {"title": "On Pacts", "kind": "chapter", "abstract": "Pacts & bind.", "cited_by": 3},
        ),
        ("cnki.bib", "@article{张三2019美日,\n author={张三 and 李四},\n title={美日同盟研究},\n abstract={摘要:本文研究美日同盟。}\n}\n", {"id": "张三2019美日", "abstract": "本文研究美日同盟。", "authors": ("张三", "李四")}),
        ("refs.txt", "[2]王五.章名[M]//赵六.书名.北京:样本出版社,2010:3-9.\n", {"title": "章名", "journal": "书名", "kind": "chapter", "year": 2010, "pages": "3-9"}),
        ("refs.txt", "[3]张三.论文题名[D].北京:样本大学,2012.\n", {"title": "论文题名", "kind": "thesis", "year": 2012}),
        ("refs.txt", "[4]SMITH J A, DOE R. Title of it: A study[J]. Journal of X, 2018, 71(4): 30-35. DOI:10.9999/j.x.\n", {"authors": ("SMITH, J A", "DOE, R"), "doi": "10.9999/j.x", "pages": "30-35"}),
        ("small.ris", "ty  - JOUR\nti  - On Pacts\nDO  - 10.1002/(SICI)1&lt;1::AID&gt;3\nPY  - 2001///Spring\ner  - \n", {"doi": "10.1002/(sici)1<1::aid>3", "year": 2001}),
        ("thesis.enw", "%0 Thesis\n%T 结盟论\n%A 张三\n%D 2012\n%X Abstract We show that pacts\nbind.\n", {"kind": "thesis", "title": "结盟论", "authors": ("张三",)}),
    ],
)  # fmt: skip
def test_dialects(name, data, expected):
    records, problems = parted(read(data.encode(), name=name))
    assert not problems
    assert {field: getattr(records[0], field) for field in expected} == expected


def test_traditional_listing_in_big5():
    data = "同盟的困境   總被引:3\n張三  李四 《樣刊》2005,22(6):33-39\n[內容提要]本文討論同盟的困境與出路,認為關鍵在於信任。  相似文獻   \n".encode(
        "big5"
    )
    (record,), problems = parted(read(data, name="a.txt"))
    assert not problems
    assert (record.title, record.cited_by, record.authors, record.lang) == (
        "同盟的困境",
        3,
        ("張三", "李四"),
        "zh-Hant",
    )
    assert record.abstract == "本文討論同盟的困境與出路,認為關鍵在於信任。"
