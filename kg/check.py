"""Is the graph sound? In: a folder that a build wrote. Out: faults: what, where, and how to mend it.

Three ways. Integrity questions, the files of ``kg/checks``, look at the whole store. The shapes of ``ontology/shapes.ttl``
look at the ontology and at a sample of works, by pySHACL, which could not hold a large store. What only files can show
(a triple in two graphs, a store older than its quads) is looked for in ``quads/``; where they are at hand, questions on
mentions are answered there too, in one pass (`kg.sweep`), once it is sure that the store holds the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import lt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError
from kg.rdf.files import graph_files
from kg.rdf.merge import merge, read_lines
from kg.store import LocalStore, Store, load_state, open_store
from kg.sweep import Fault, Sweep
from kg.terms import AKG, AUTHORITY, SH

if TYPE_CHECKING:
    import rdflib

MOST: Final = 20
"""Faults of one check that are listed; that there are more is said."""

SAMPLE: Final = 50
_BLOCK: Final = 1 << 20
_LINE: Final = re.compile(r"#[ \t]?(.*)")
_REBUILD: Final = ("Build the graph again with kg build --force.", "用 kg build --force 重新构建。")

_TWO_GRAPHS: Final = """SELECT ?where ?what WHERE {
  GRAPH ?one { ?where ?p ?o } GRAPH ?other { ?where ?p ?o }
  FILTER(STR(?one) < STR(?other))
  BIND(CONCAT(STR(?p), " ", STR(?o), " in ", STR(?one), " and ", STR(?other)) AS ?what)
}"""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked for.

    Parameters
    ----------
    name : str
        Stem of its file without the number, ``offsets-cut-quotes``.
    title_en, title_zh : str
        What is wrong where it is found.
    mend_en, mend_zh : str
        How to put it right.
    shapes : tuple of str
        Names of the shapes that say the same.
    text : str
        A SELECT of ``?where`` and ``?what``; empty for what is looked for in another way.
    """

    name: str
    title_en: str
    title_zh: str
    mend_en: str
    mend_zh: str
    shapes: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    Parameters
    ----------
    of : Check
    about : str
        Where: IRI of the node, or the file and line.
    fault : str
        What is there that should not be, or lacks.
    """

    of: Check
    about: str
    fault: str

    @property
    def check(self) -> str:
        """Name of the check."""
        return self.of.name

    def __str__(self) -> str:
        return self.words("en")

    def words(self, lang: str) -> str:
        """The fault in one line: which check, where, what, how to mend it."""
        zh = lang.lower().startswith("zh")
        title, mend = (self.of.title_zh, self.of.mend_zh) if zh else (self.of.title_en, self.of.mend_en)
        return f"{self.of.name}: {self.about}: {self.fault} — {title} {mend}"


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check of a whole graph found.

    Parameters
    ----------
    findings : tuple of Finding
        At most `MOST` of each check.
    more : tuple of str
        Names of checks that found still more.
    n_checks : int
        How many were done.
    n_sampled : int
        Works that the shapes looked at.
    """

    findings: tuple[Finding, ...]
    more: tuple[str, ...]
    n_checks: int
    n_sampled: int

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def is_sound(self) -> bool:
        """No fault found."""
        return not self.findings


OLD_STORE: Final = Check(
    "store-is-current",
    "The store does not hold what quads/ says.",
    "存储与 quads/ 的内容不一致。",
    "Run kg build; it loads what changed.",
    "运行 kg build，载入有变化的部分。",
)
TWO_GRAPHS: Final = Check(
    "one-triple-one-graph",
    "A triple stands in two graphs, so that it counts twice.",
    "同一三元组出现在两个图中，会被重复计数。",
    *_REBUILD,
)
DEFAULT_GRAPH: Final = Check(
    "default-graph-is-empty",
    "A triple stands in the default graph, where no question looks.",
    "三元组位于默认图中，任何问题都不会查到。",
    *_REBUILD,
)
SHAPES: Final = Check(
    "shapes",
    "A node has not the shape that it must have.",
    "节点不符合应有的形状约束。",
    *_REBUILD,
)
UNSORTED: Final = Check(
    "files-are-sorted",
    "A file of quads is not sorted, or says a line twice.",
    "四元组文件未排序，或有重复行。",
    *_REBUILD,
)


@cache
def checks() -> tuple[Check, ...]:
    """The integrity questions, by number."""
    folder = Path(__file__).parent / "checks"
    return tuple(parse(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.rq")))


def parse(stem: str, text: str) -> Check:
    """Read a check's file: what is wrong and how to mend it, each in two languages, then SPARQL.

    Raises
    ------
    KgError
        The header is not whole.
    """
    lines = [match.group(1) for line in text.split("\n") if (match := _LINE.match(line))]
    if len(lines) < 4 or not lines[2].startswith("mend:") or not lines[3].startswith("处理："):
        raise KgError(f"checks/{stem}.rq: the header needs what is wrong in two languages, then mend: and 处理：")
    shapes = next((line.partition(":")[2].split() for line in lines[4:] if line.startswith("shape:")), [])
    return Check(
        name=stem.partition("-")[2],
        title_en=lines[0],
        title_zh=lines[1],
        mend_en=lines[2].partition(":")[2].strip(),
        mend_zh=lines[3].partition("：")[2].strip(),
        shapes=tuple(shapes),
        text=text,
    )


def check(place: Path | str | Store, *, sample: int = SAMPLE, shapes: bool = True) -> Findings:
    """Look for every fault that is known.

    Parameters
    ----------
    place : Path, str or Store
        Folder of a build, a store's folder, the URL of an endpoint, or a store that is open.
    sample : int
        Works that the shapes look at, spread evenly over all by id.
    shapes : bool
        False leaves pySHACL out: some seconds less.

    Raises
    ------
    StoreError
        There is no store.
    """
    store = place if isinstance(place, Store) else open_store(place)
    try:
        return _check(store, sample, shapes)
    finally:
        if store is not place:
            store.close()


def _check(store: Store, sample: int, with_shapes: bool) -> Findings:
    found: list[Finding] = []
    more: list[str] = []
    quads = _quads_of(store)
    swept = None if quads is None else _swept(store, quads)
    answered = {} if swept is None else swept.faults
    looked: list[tuple[Check, Iterable[Fault]]] = [
        (one, answered[one.name] if one.name in answered else ask(store, one.text)) for one in checks()
    ]
    if isinstance(store, LocalStore):
        looked.append((DEFAULT_GRAPH, _in_default_graph(store)))
        if quads is not None:
            looked.append((OLD_STORE, _not_loaded(store, quads)))
            looked.append((UNSORTED, _unsorted(quads)))
    looked.append((TWO_GRAPHS, ask(store, _TWO_GRAPHS) if swept is None else swept.twice))
    n_sampled = 0
    if with_shapes:
        works = sample_of(store, sample)
        n_sampled = len(works)
        looked.append((SHAPES, violations(data_of(store, works))))
    for one, faults in looked:
        for number, (where, what) in enumerate(faults):
            if number >= MOST:
                more.append(one.name)
                break
            found.append(Finding(_mended(one, what), where, what))
    return Findings(tuple(found), tuple(more), len(looked), n_sampled)


def ask(store: Store, text: str) -> Iterator[Fault]:
    """Where and what of an integrity question, one more than are listed."""
    for solution in store.query(f"{text}\nLIMIT {MOST + 1}"):
        where, what = solution["where"], solution["what"]
        yield str(where.value if where is not None else ""), str(what.value if what is not None else "")


def _mended(one: Check, what: str) -> Check:
    """For a shape, the check that says the same: it knows how to mend the fault."""
    if one is not SHAPES:
        return one
    shape = what.partition(":")[0]
    twin = next((other for other in checks() if shape in other.shapes), None)
    return one if twin is None else Check(f"shapes/{shape}", one.title_en, one.title_zh, twin.mend_en, twin.mend_zh)


# Files


def _quads_of(store: Store) -> Path | None:
    if not isinstance(store, LocalStore):
        return None
    quads = store.folder.parent.parent / "quads"
    return quads if quads.is_dir() else None


def _in_default_graph(store: LocalStore) -> Iterator[Fault]:
    import pyoxigraph

    for quad in store.raw.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()):
        yield str(quad.subject), f"{quad.predicate} {quad.object}"


def _not_loaded(store: LocalStore, quads: Path) -> Iterator[Fault]:
    loaded = store.ready().get("graphs", {})
    wanted = load_state(quads)
    for graph in sorted({*loaded, *wanted}):
        if loaded.get(graph) != wanted.get(graph):
            sides = [side.get(graph, {}).get("quads", 0) for side in (loaded, wanted)]
            yield f"graph {graph}", f"{sides[0]} quads in the store, {sides[1]} in quads/"
    said = int(store.ready().get("quads", 0))
    if len(store.raw) != said:
        yield str(store.folder), f"{len(store.raw)} quads, where READY says {said}"


def _unsorted(quads: Path) -> Iterator[Fault]:
    """The first line of each file that does not follow the one before."""
    for paths in graph_files(quads).values():
        for path in paths:
            with path.open("rb") as file:
                number, last = 0, b""
                while lines := file.readlines(_BLOCK):
                    if not all(map(lt, [last, *lines], lines)):
                        place = next(
                            place for place, line in enumerate(lines) if line <= (lines[place - 1] if place else last)
                        )
                        where = f"{path.relative_to(quads.parent).as_posix()}:{number + place + 1}"
                        yield where, lines[place].decode("utf-8", "replace")[:120]
                        break
                    number, last = number + len(lines), lines[-1]


def _swept(store: Store, quads: Path) -> Sweep | None:
    """What one pass over the files found, None where they are not in order or their works not where ours are."""
    if not isinstance(store, LocalStore) or any(_unsorted(quads)):
        return None
    files = graph_files(quads)
    shared = (line for graph in ("ontology", "selectors") for path in files.get(graph, ()) for line in read_lines(path))
    sweep = Sweep(store.ready().get("base", AUTHORITY), shared, MOST)
    sweep.read(merge([path for paths in files.values() for path in paths]))
    return sweep if sweep.is_ours else None


# Shapes


def sample_of(store: Store, size: int) -> list[str]:
    """IRIs of some works, spread evenly over all."""
    rows = store.query(f"SELECT ?work WHERE {{ ?work a <{AKG.Work}> }}")
    works = sorted(row["work"].value for row in rows)
    step = max(1, len(works) / size) if size else 0
    return [works[int(number * step)] for number in range(min(size, len(works)))] if size else []


def data_of(store: Store, works: Iterable[str]) -> rdflib.Graph:
    """The ontology's things, and the works with all that hangs on them, as an rdflib graph."""
    import pyoxigraph
    import rdflib

    works = list(works)
    parts = [store.query(_THINGS)]
    for number in range(0, len(works), 50):
        values = " ".join(f"<{work}>" for work in works[number : number + 50])
        parts += [store.query(text % values) for text in _AROUND_A_WORK]
    triples = {triple for part in parts for triple in part}
    data = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert data is not None
    return rdflib.Graph().parse(data=data, format="nt")


def violations(data: rdflib.Graph) -> Iterator[Fault]:
    """Faults that pySHACL finds: where, and ``Shape: what; value``."""
    import pyshacl
    import rdflib

    from kg.resources import ontology_dir

    shapes = rdflib.Graph().parse(ontology_dir() / "shapes.ttl")
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    if conforms:
        return
    sh = rdflib.Namespace(SH)
    rows = []
    for result in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        messages: list[Any] = list(report.objects(result, sh.resultMessage))
        message = next((one for one in messages if one.language == "en"), messages[0] if messages else "")
        source = report.value(result, sh.sourceShape)
        value = report.value(result, sh.value)
        shape = _shape_name(shapes, source)
        said = f"{shape}: {message}" + (f"; there is {str(value)[:100]}" if value is not None else "")
        rows.append((str(report.value(result, sh.focusNode)), said))
    yield from sorted(set(rows))


def _shape_name(shapes: rdflib.Graph, source: Any) -> str:
    """Name of the node shape that a property shape belongs to."""
    import rdflib

    parent = next(shapes.subjects(rdflib.URIRef(SH + "property"), source), source)
    return str(parent).rpartition("#")[2]


_THINGS: Final = f"""PREFIX akg: <{AKG.Work.rpartition("#")[0]}#>
PREFIX org: <http://www.w3.org/ns/org#>
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  VALUES ?kind {{ akg:State akg:Pact akg:Group akg:Region akg:Concept akg:Rule org:Membership }}
  ?s a ?kind ; ?p ?o .
  FILTER(!STRENDS(STR(?p), "altLabel") && !STRENDS(STR(?p), "hiddenLabel") && !STRENDS(STR(?p), "definition"))
}}"""

_PREFIXES: Final = """PREFIX akg: <https://w3id.org/alliance-kg/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
"""
_AROUND_A_WORK: Final = tuple(
    _PREFIXES + "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?work { %s } " + pattern + " ?s ?p ?o }"
    for pattern in (
        "BIND(?work AS ?s)",
        "?work akg:discussesAlliance ?s .",
        "?work akg:hasText|dcterms:creator|dcterms:isPartOf|prov:wasDerivedFrom|akg:coversPeriod|akg:hasStatement ?s .",
        "?s akg:inWork ?work .",
        "?mention akg:inWork ?work ; oa:hasTarget ?s .",
        "?mention akg:inWork ?work ; oa:hasTarget ?span . ?span oa:hasSelector ?s .",
    )
)
