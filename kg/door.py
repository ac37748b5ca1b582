"""The Python door. In: texts, sources, a folder that a build wrote. Out: tagged works, graphs, answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import StoreError
from kg.model import Kind, TaggedWork, Text, Work, WorkId

if TYPE_CHECKING:
    import networkx
    import pandas
    import rdflib

    from kg.authority import Authority
    from kg.find import Answer, PairCount
    from kg.query import Rows
    from kg.store import Store
    from kg.tagging.tagger import Tagger
    from kg.terms import Base


class Tagged(TaggedWork):
    """A tagged text that shows itself marked in a notebook, and as marked text when it is printed."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from kg import explain
        from kg.authority import load

        return f"<style>{explain.MARKS}</style>" + explain.fragment(self, load(), _names(self))

    def __str__(self) -> str:
        from kg import explain
        from kg.authority import load

        return explain.as_text(self, load(), _names(self))


def _names(tagged: TaggedWork) -> str:
    """The language to name things in: that of the text."""
    return tagged.work.lang if tagged.work.lang.startswith("zh") else "en"


def tag(text: str, lang: str | None = None) -> Tagged:
    """Tag one text, taken for an abstract.

    Examples
    --------
    >>> tagged = tag("The US-Japan alliance and China")
    >>> list(tagged.alliances), list(tagged.states)
    (['JPN-USA'], ['CHN', 'JPN', 'USA'])
    """
    found = _tagger().tag_text(text, lang)
    return Tagged(**{name: getattr(found, name) for name in TaggedWork.__dataclass_fields__})


@cache
def _tagger() -> Tagger:
    """The tagger of the ontology that comes with the package, made once."""
    from kg.tagging.tagger import Tagger

    return Tagger()


def works_of(text: str) -> Iterator[Work]:
    """The works in a file, in what stands on standard input (``-``), or the one work that a bare text is."""
    from kg import pipeline, readers
    from kg.text import detect_lang

    if text != "-" and not _is_file(text):
        yield Work(id=WorkId("text"), texts=(Text(detect_lang(text), None, text),) if text else ())
        return
    if text == "-":
        piped = sys.stdin.buffer.read()
        source = readers.Source.of_bytes(piped, "stdin")
        if readers.Reading(source).reader in {None, "listing"}:
            plain = piped.decode("utf-8", "replace").strip()
            yield Work(id=WorkId("stdin"), texts=(Text(detect_lang(plain), None, plain),) if plain else ())
            return
        yield from pipeline.read_sources([source]).works
        return
    yield from pipeline.read([text]).works


def _is_file(text: str) -> bool:
    """Whether a text names something that can be read; long texts name nothing."""
    try:
        return len(text) < 1000 and Path(text).exists()
    except (OSError, ValueError):
        return False


def build(sources: str | Path | Iterable[str | Path] = (), out: str | Path = "output", **options: Any) -> Graph:
    """Build the graph of some sources, and open it.

    Parameters
    ----------
    sources : path, or iterable of paths
        Files and folders; nothing for what is in ``data/``, else the sample.
    out : path
        The folder to write, as the command `kg build` does.
    **options
        Fields of `kg.pipeline.Options`.
    """
    from kg import pipeline

    names: Sequence[str | Path] = [sources] if isinstance(sources, (str, Path)) else list(sources)
    pipeline.build(names, Path(out), pipeline.Options(**options))
    return open(out)


def open(folder: str | Path = "output") -> Graph:  # noqa: A001 - `kg.open` is what people type
    """The graph in a folder that a build wrote, or at the URL of a SPARQL endpoint."""
    return Graph(folder)


def authority_of(folder: Path) -> Authority:
    """The authority that a graph was built with: ours, and what its build took in of a user's own."""
    from kg.authority import load
    from kg.report import Report

    path = folder / "report.json"
    if not path.is_file():
        return load()
    report = Report.read(path)
    overlay = folder / report.overlay if report.overlay else None
    own = tuple(folder / name for name in report.vocabularies)
    return load(overlay, own, mode=report.vocabulary_mode)


class Graph:
    """A graph to ask.

    Parameters
    ----------
    folder : path
        What a build wrote.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._place = folder
        is_address = isinstance(folder, str) and folder.startswith(("http://", "https://"))
        if not is_address and not self.folder.is_dir():
            raise StoreError(f"{folder}: there is no such folder; build one: kg build SOURCE -o {folder}")

    def __repr__(self) -> str:
        return f"kg.open({str(self.folder)!r})"

    @cached_property
    def store(self) -> Store:
        """The store that answers."""
        from kg.store import open_store

        return open_store(self._place)

    @cached_property
    def authority(self) -> Authority:
        """Names of states, alliances, concepts, with the vocabulary that the graph was built with."""
        return authority_of(self.folder)

    @cached_property
    def base(self) -> Base:
        """Where the graph's own IRIs begin; the usual place where the folder does not say."""
        from kg.report import Report
        from kg.terms import Base

        path = self.folder / "report.json"
        written = Report.read(path).base if path.is_file() else ""
        return Base(written) if written else Base()

    def rdflib(self) -> rdflib.Dataset:
        """A read-only rdflib dataset over the store; the union of all graphs is its default graph."""
        return self.store.rdflib()  # type: ignore[attr-defined,no-any-return]

    def works(self) -> Iterator[TaggedWork]:
        """The tagged works, in the order of their ids."""
        from kg import jsonl

        with (self.folder / "works.jsonl").open("rb") as file:
            for line in file:
                yield jsonl.loads(line)

    def find(self, **conditions: Any) -> Answer:
        """Works on an alliance, state or concept with their evidence; conditions as in `kg.find.find`.

        Examples
        --------
        ``graph.find(pair="美日", year="1990-", focus=True)``
        """
        from kg import find

        return find.find(self.folder, **({"authority": self.authority} | conditions))

    def pairs(self, *, only_pairs: bool = True) -> list[PairCount]:
        """Each alliance pair with its works, the most discussed first."""
        from kg import find

        return find.pairs(self.folder, authority=self.authority, only_pairs=only_pairs)

    def query(self, question: str, **bindings: Any) -> Rows:
        """Answer a question by its number or name, or a text of SPARQL.

        Examples
        --------
        ``graph.query("concepts-of-pair", alliance="US-Japan")``, ``graph.query("SELECT …")``
        """
        from kg import query

        if "{" not in question:
            return query.ask(self.store, question, bindings, authority=self.authority, base=self.base)
        return query.rows_of(query.query(self.store, question))

    def networkx(self) -> networkx.MultiDiGraph:
        """Works, states, alliances, concepts, authors and journals as a networkx graph."""
        from kg import network

        return network.graph(self.works(), self.authority)

    def to_pandas(self) -> pandas.DataFrame:
        """One row for each work and alliance, as in pairs.csv."""
        try:
            import pandas
        except ImportError:
            from kg.errors import MissingExtra

            raise MissingExtra("pandas", "pandas") from None
        from kg.evidence import COLUMNS, pair_rows

        return pandas.DataFrame(pair_rows(self.works(), self.authority), columns=list(COLUMNS))

    def view(self, *, pair: str | None = None, state: str | None = None, concept: str | None = None) -> Page:
        """One small interactive graph: what works on an alliance, a state or a concept discuss with it."""
        from kg import views
        from kg.errors import KgError

        asked = [(kind, name) for kind, name in (("alliance", pair), ("state", state), ("concept", concept)) if name]
        if len(asked) != 1:
            raise KgError("a view is of one alliance, one state or one concept")
        kind, id, works = self._works_on(*asked[0])
        if not works:
            raise KgError(f"no work here is tagged with {self.authority.label(id, 'en')} ({id})")
        return Page(views.view(works, self.authority, kind, id))  # type: ignore[arg-type]

    def dossier(
        self, *, pair: str | None = None, concept: str | None = None, lang: str = "en", form: str = "html"
    ) -> Page:
        """All that works say of an alliance or a concept, in one file: ``html`` or ``md``; headings in ``en`` or ``zh``."""
        from kg import views
        from kg.errors import KgError

        asked = [(kind, name) for kind, name in (("alliance", pair), ("concept", concept)) if name]
        if len(asked) != 1:
            raise KgError("a dossier is on one alliance or one concept")
        kind, id, works = self._works_on(*asked[0])
        return Page(views.dossier(works, self.authority, kind, id, lang=lang, form=form))  # type: ignore[arg-type]

    def _works_on(self, kind: str, name: str) -> tuple[str, str, list[TaggedWork]]:
        """The kind, the id and the works of something by its name."""
        from kg.names import resolve

        id = resolve(kind, name, self.authority)
        kinds: Kind = "alliances" if kind == "alliance" else "states" if kind == "state" else "concepts"
        return kind, id, [work for work in self.works() if id in work.tags(kinds)]


class Page(str):
    """A page of HTML that shows itself in a notebook; `write` makes a file of it."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from html import escape

        return f'<iframe sandbox="allow-scripts allow-popups" srcdoc="{escape(self)}" width="100%" height="640" style="border:0"></iframe>'

    def write(self, path: str | Path) -> Path:
        """Write the page to a file."""
        Path(path).write_bytes(self.encode("utf-8", "replace"))
        return Path(path)
