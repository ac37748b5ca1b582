"""Every export is read back by a real reader of its format, on the corpus and on texts that break writers."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import corpus
import networkx as nx
import pyoxigraph
import pytest
import rdflib

from kg import jsonl
from kg.errors import StoreError, UnknownFormat
from kg.export import EXPORTS, export, get_exporter
from kg.model import TaggedWork, Text, Work, WorkId
from kg.rdf.files import graph_files, write_quads
from kg.tables import csv_text

WORKS = corpus.works()

#: Works whose texts have broken writers: control characters, non-characters, half surrogates, markup, formulas.
HOSTILE = (
    TaggedWork(
        work=Work(
            id=WorkId("k1\x07[x] <>"),
            texts=(
                Text(
                    "en",
                    "Bell\x07 and\x00 NUL & <b>&amp;]]>",
                    "a\x1b[31m\x0b\x0c\x7f\x85 \ufffe\uffff lone \ud83d {x} 50%",
                ),
            ),
            authors=("=cmd()", "O'Neil & Sons; Ltd", "{Brace", "Rand and Co"),
            journal="A\r\nB",
            keywords=("a,b", "c\nd"),
            year=2001,
            pages="1-2",
        ),
        states={"USA": ()},
        concepts={"entrapment": ()},
    ),
    TaggedWork(work=Work(id=WorkId("~k2"), texts=())),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("build")
    corpus.write(place / "quads")
    (place / "works.jsonl").write_bytes(b"".join(jsonl.write(WORKS)))
    return place


def write(name: str, folder: Path | None = None, **options: Any) -> bytes:
    return export(name, folder, authority=corpus.authority(), **options)


# One reader for each format: gives the ids of works, or whatever shows that all is there.


def read_graphml(data: bytes) -> int:
    ET.fromstring(data)
    graph = nx.read_graphml(io.BytesIO(data))
    assert all(node["label"] is not None and isinstance(node["x"], float) for _, node in graph.nodes(data=True))
    return sum(kind == "work" for _, kind in graph.nodes(data="kind"))


def read_gexf(data: bytes) -> int:
    ET.fromstring(data)
    graph = nx.read_gexf(io.BytesIO(data))
    for _, node in graph.nodes(data=True):
        assert {"color", "position", "size"} <= set(node["viz"])
    return sum(kind == "work" for _, kind in graph.nodes(data="kind"))


def read_node_link(data: bytes) -> int:
    graph = nx.node_link_graph(json.loads(data), edges="links")
    return sum(kind == "work" for _, kind in graph.nodes(data="kind"))


def read_vosviewer(data: bytes) -> None:
    network = json.loads(data)["network"]
    numbers = {item["id"] for item in network["items"]}
    assert all(isinstance(item["label"], str) and item["cluster"] >= 1 for item in network["items"])
    assert all({link["source_id"], link["target_id"]} <= numbers and link["strength"] > 0 for link in network["links"])


def read_tables(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }
    nodes = {row["id"] for row in tables["nodes.csv"]}
    assert all(row["source"].lstrip("'") in nodes or row["source"] in nodes for row in tables["edges.csv"])
    return len(tables["works.csv"])


def read_csv(data: bytes) -> None:
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def read_xlsx(data: bytes) -> None:
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def read_ris(data: bytes) -> int:
    import rispy

    entries = rispy.loads(data.decode("utf-8"))
    return len(entries)


def read_bibtex(data: bytes) -> int:
    import bibtexparser

    library = bibtexparser.parse_string(data.decode("utf-8"))
    assert not library.failed_blocks
    return len(library.entries)


def read_annotations(data: bytes) -> None:
    page = json.loads(data)
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    ids = [item["id"] for item in page["items"]]
    assert len(ids) == len(set(ids))
    for item in page["items"]:
        position, quote = item["target"]["selector"]
        assert position["end"] - position["start"] == len(quote["exact"])
    page["@context"] = ANNO  # as at that address, without going there
    graph = rdflib.Graph().parse(data=json.dumps(page), format="json-ld")
    oa = rdflib.Namespace("http://www.w3.org/ns/oa#")
    assert len(set(graph.subjects(rdflib.RDF.type, oa.Annotation))) == len(ids)
    assert len(list(graph.subject_objects(oa.exact))) <= 2 * len(ids)


ANNO = {
    "oa": "http://www.w3.org/ns/oa#",
    "id": "@id",
    "type": "@type",
    "Annotation": "oa:Annotation",
    "AnnotationPage": "https://www.w3.org/ns/activitystreams#OrderedCollectionPage",
    "SpecificResource": "oa:SpecificResource",
    "Text": "http://purl.org/dc/dcmitype/Text",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "items": {"@id": "https://www.w3.org/ns/activitystreams#items", "@container": "@list"},
    "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "identifying": "oa:identifying",
    "start": "oa:start",
    "end": "oa:end",
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
}

OF_WORKS: dict[str, tuple[Callable[[bytes], int | None], int | None]] = {
    "graphml": (read_graphml, 1),
    "gexf": (read_gexf, 1),
    "node-link": (read_node_link, 1),
    "vosviewer": (read_vosviewer, None),
    "tables": (read_tables, 1),
    "pairs": (read_csv, None),
    "pairs-xlsx": (read_xlsx, None),
    "dyad-years": (read_csv, None),
    "annotations": (read_annotations, None),
    "ris": (read_ris, 1),
    "bibtex": (read_bibtex, 1),
}
OF_GRAPHS = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}


def test_every_export_has_a_reader() -> None:
    assert set(OF_WORKS) | set(OF_GRAPHS) == set(EXPORTS)
    for one in EXPORTS.values():
        assert one.is_of_works == (one.name in OF_WORKS)
        assert one.label_en
        assert one.label_zh


@pytest.mark.parametrize("name", OF_WORKS)
@pytest.mark.parametrize("works", [WORKS, HOSTILE, ()], ids=["corpus", "hostile", "empty"])
def test_a_reader_of_the_format_reads_it(name: str, works: tuple[TaggedWork, ...]) -> None:
    reader, counts = OF_WORKS[name]
    found = reader(write(name, works=works))
    if counts:
        assert found == len(works)


@pytest.mark.parametrize("name", OF_GRAPHS)
def test_rdf_says_the_same_in_every_syntax(name: str, folder: Path) -> None:
    data = write(name, folder)
    expected = set()
    for graph, paths in graph_files(folder / "quads").items():
        if graph == "history" and name in ("turtle", "jsonld"):
            continue
        for path in paths:
            for quad in pyoxigraph.parse(path.read_bytes(), format=pyoxigraph.RdfFormat.N_QUADS):
                expected.add(quad if name in ("trig", "nquads") else quad.triple)
    formats = {"turtle": "TURTLE", "trig": "TRIG", "nquads": "N_QUADS", "jsonld": "JSON_LD"}
    form = getattr(pyoxigraph.RdfFormat, formats[name])
    found = {quad if name in ("trig", "nquads") else quad.triple for quad in pyoxigraph.parse(data, format=form)}
    assert found == expected
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=OF_GRAPHS[name])
    assert sum(1 for _ in dataset.quads()) == len(expected)


@pytest.mark.parametrize("name", EXPORTS)
def test_equal_graphs_give_equal_bytes(name: str, folder: Path, root: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, 'tests'); import corpus; from pathlib import Path; from kg.export import export;"
        "sys.stdout.buffer.write(export(sys.argv[1], Path(sys.argv[2]), authority=corpus.authority()))"
    )
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", script, name, str(folder)]
        outputs.add(subprocess.run(command, check=True, cwd=root, env=environment, stdout=subprocess.PIPE).stdout)
    assert len(outputs) == 1


def test_a_stand_in_is_no_title() -> None:
    without_title = [one for one in WORKS if one.id == "w02"]
    for name in ("ris", "bibtex"):
        data = write(name, works=without_title).decode()
        assert "〔" not in data
        assert "title" not in data.lower()
        assert "TI  -" not in data


def test_tags_are_keywords_in_both_languages() -> None:
    import rispy

    entry = rispy.loads(write("ris", works=WORKS[:1]).decode())[0]
    assert {"Japan–United States alliance", "日美同盟", "entrapment", "牵连", "Japan", "日本"} <= set(entry["keywords"])
    assert entry["authors"] == ["李明", "Doe, Jane"]
    assert entry["year"] == "2014"


def test_bibtex_keeps_names_and_braces() -> None:
    import bibtexparser

    entry = bibtexparser.parse_string(write("bibtex", works=HOSTILE).decode()).entries[0]
    assert (
        entry.fields_dict["author"].value
        == r"=cmd() and O'Neil \& Sons; Ltd and \textbraceleft{}Brace and {Rand and Co}"
    )
    assert "50\\%" in entry.fields_dict["abstract"].value


def test_our_own_readers_read_ris_and_bibtex(tmp_path: Path) -> None:
    from kg.pipeline import read

    for name in ("ris", "bibtex"):
        path = tmp_path / f"works{get_exporter(name).suffix}"
        path.write_bytes(write(name, works=WORKS))
        found = read([path]).works
        assert {work.title for work in found} >= {"日美同盟中的牵连", "Korea and entrapment", "美日韓同盟"}
        first = next(work for work in found if work.title == "日美同盟中的牵连")
        assert first.authors == ("李明", "Doe, Jane")
        assert first.abstract == WORKS[0].work.abstract
        assert (first.year, first.journal) == (2014, "国际政治")


def test_dyad_years_by_hand() -> None:
    rows = list(csv.DictReader(io.StringIO(write("dyad-years", works=WORKS).decode("utf-8-sig"))))
    years = {int(row["year"]) for row in rows}
    assert (min(years), max(years)) == (1972, 2020)  # the corpus' own, no zeros beyond
    japan = {int(row["year"]): row for row in rows if row["pair"] == "JPN-USA"}
    assert len(japan) == 2020 - 1972 + 1
    assert (japan[2014]["works"], japan[2014]["focus"]) == ("1", "1")
    assert (japan[2008]["works"], japan[2008]["focus"]) == ("1", "0")
    assert japan[1990]["works"] == "0"
    assert sum(int(row["works"]) for row in japan.values()) == 3  # the fourth has no year
    assert {row["pair"] for row in rows} == {"AUS-USA", "GBR-JPN", "JPN-USA", "KOR-USA"}  # no pact, no coalition


def test_dyad_years_written_about_reach_beyond_the_corpus() -> None:
    from kg.model import Period

    old = replace(WORKS[8], periods=(Period(1902, 1904, ()), Period(1921, None, ())))
    rows = list(csv.DictReader(io.StringIO(write("dyad-years", works=[old], both_orders=True).decode("utf-8-sig"))))
    first = [row for row in rows if row["year"] == "1902"]
    assert [(row["state_a"], row["state_b"]) for row in first] == [("GBR", "JPN"), ("JPN", "GBR")]
    assert {(row["works"], row["works_about"]) for row in first} == {("", "1")}
    assert "1910" not in {row["year"] for row in rows}
    assert {row["year"] for row in rows if row["works"]} == {"1972"}


def test_codes_of_states_are_those_of_the_table() -> None:
    from kg.authority import load

    rows = list(csv.DictReader(io.StringIO(export("dyad-years", works=WORKS, authority=load()).decode("utf-8-sig"))))
    first = next(row for row in rows if row["pair"] == "JPN-USA")
    assert (first["iso_a"], first["iso_b"], first["cow_a"], first["cow_b"]) == ("JPN", "USA", "740", "2")


@pytest.mark.parametrize(
    "network", ["alliance-concept", "state-state", "concept-concept", "alliance-alliance", "author-author"]
)
def test_networks_are_chosen_by_name(network: str) -> None:
    graph = nx.read_gexf(io.BytesIO(write("gexf", works=WORKS, network=network)))
    assert graph.number_of_nodes() > 2
    assert "work" not in {kind for _, kind in graph.nodes(data="kind")}
    assert nx.read_graphml(io.BytesIO(write("graphml", works=WORKS, network=network))).number_of_nodes() == len(graph)


def test_labels_are_in_the_language_asked_for() -> None:
    graph = nx.read_graphml(io.BytesIO(write("graphml", works=WORKS, lang="zh")))
    assert graph.nodes["alliance:JPN-USA"]["label"] == "日美同盟"
    assert graph.nodes["alliance:JPN-USA"]["label_en"] == "Japan–United States alliance"


def test_unknown_names_say_what_there_is(folder: Path) -> None:
    with pytest.raises(UnknownFormat, match="no export is called 'docx'; there are graphml"):
        write("docx", folder)
    with pytest.raises(UnknownFormat, match="no network is called 'x'; there are graph"):
        write("gexf", folder, network="x")
    with pytest.raises(UnknownFormat, match="written of a whole graph"):
        write("turtle", folder, works=WORKS)


def test_a_folder_without_a_build_is_said_to_be_so(tmp_path: Path) -> None:
    for name in ("ris", "turtle"):
        with pytest.raises(StoreError, match="build one"):
            write(name, tmp_path)


def test_formulas_stay_text() -> None:
    hostile = replace(
        WORKS[2],
        work=replace(
            WORKS[2].work, authors=("=1+1", "@x"), texts=(Text("en", "+A US-ROK alliance", WORKS[2].work.abstract),)
        ),
    )
    data = write("pairs", works=[hostile]).decode("utf-8-sig")
    assert "'=1+1" in data
    assert "'+A" in data
    assert csv_text(("a",), [("=1",)]) == "a\n'=1\n"


def test_exports_of_a_base_of_ones_own(tmp_path: Path) -> None:
    from kg.rdf.files import Frame
    from kg.terms import Base

    write_quads(WORKS, tmp_path / "quads", Frame(authority=corpus.authority(), base=Base("https://example.org/x/")))
    data = write("jsonld", tmp_path)
    graph = rdflib.Graph().parse(data=data, format="json-ld")
    works = {str(s) for s in graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/alliance-kg/ns#Work"))}
    assert works == {f"https://example.org/x/work/{one.id}" for one in WORKS}
    assert b"@base <https://example.org/x/>" in write("trig", tmp_path)
