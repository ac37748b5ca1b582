"""Where a graph comes from. In: sources, versions, counts. Out: the triples of the graphs ``meta`` and ``history``.

``meta`` depends on what went in alone. Times stand in ``history``, which is carried from build to build and left out of
comparisons: when a work was first seen, when a run took place.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kg.rdf.nquads import integer, plain, read_literal, read_statements, text, typed
from kg.terms import AKG, DCAT, DCTERMS, NS, OA, PROV, RDF, RDFS, SKOS, VOID, Base, encode

_A: Final = f"<{RDF}type>"
_CC_BY: Final = "<https://creativecommons.org/licenses/by/4.0/>"
_TITLE: Final = (("en", "Alliance knowledge graph"), ("zh-Hans", "国际同盟知识图谱"))
_RIGHTS: Final = (
    ("en", "Titles and abstracts belong to their authors and publishers; the ontology is under CC BY 4.0."),
    ("zh-Hans", "题名与摘要的权利属于其作者和出版者；本体以 CC BY 4.0 许可发布。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source as provenance names it.

    Parameters
    ----------
    slug : str
        Stem of the file's name and 8 hex digits of its content's hash, as records name it.
    sha256 : str
        Hash of the content, in hexadecimal.
    label : str
        What a person calls it: the file's name, without a path.
    n_read, n_kept : int
        Works whose first source it is; those of them that stand in the graph.
    """

    slug: str
    sha256: str
    label: str = ""
    n_read: int = 0
    n_kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made a graph.

    Parameters
    ----------
    version : str
        Version of this software.
    ontology_version, ontology_digest : str
        Of the authority that tagged.
    sources : tuple of Source
    time : str or None
        ``2026-07-15T08:00:00Z``; None takes `timestamp`.
    licence : str or None
        IRI of the licence of the data set, where its owner gives one.
    """

    version: str = "0"
    ontology_version: str = "0"
    ontology_digest: str = ""
    sources: tuple[Source, ...] = ()
    time: str | None = None
    licence: str | None = None

    def run_id(self, slug: str | None) -> str:
        """Id of the run that tagged a source's works: a hash of content, vocabulary and version."""
        content = next((source.sha256 for source in self.sources if source.slug == slug), slug or "")
        made_of = "\n".join((content, self.ontology_digest, self.version))
        return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def timestamp() -> str:
    """The time of a build: ``SOURCE_DATE_EPOCH`` where it is set, else now, in UTC.

    >>> import os; os.environ["SOURCE_DATE_EPOCH"] = "0"; timestamp()
    '1970-01-01T00:00:00Z'
    >>> del os.environ["SOURCE_DATE_EPOCH"]
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isdigit() else int(time.time())
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def meta_triples(provenance: Provenance, base: Base, counts: Mapping[str, int], n_works: int) -> list[str]:
    """Provenance of every graph, and a description of the data set.

    Parameters
    ----------
    counts : mapping of graph name to int
        Triples in each graph, but for ``meta`` and ``history``.
    n_works : int
        Works in the graph.
    """
    lines: set[str] = set()

    def say(subject: str, *pairs: tuple[str, str]) -> None:
        lines.update(f"<{subject}> <{predicate}> {value}" for predicate, value in pairs)

    software = base.software(provenance.version)
    ontology = base.graph("ontology")
    dataset = base.dataset()
    say(
        software, (RDF + "type", f"<{PROV}SoftwareAgent>"), (RDFS + "label", plain(f"Alliance KG {provenance.version}"))
    )
    say(
        ontology,
        (DCTERMS + "license", _CC_BY),
        (DCTERMS + "hasVersion", plain(provenance.ontology_version)),
        (DCTERMS + "identifier", plain(f"sha256:{provenance.ontology_digest}")),
    )
    for source in provenance.sources:
        graph = base.source_graph(source.slug)
        say(
            graph,
            (RDFS + "label", plain(source.label or source.slug)),
            (DCTERMS + "identifier", plain(f"sha256:{source.sha256}")),
            (AKG.worksRead, integer(source.n_read)),
            (AKG.worksKept, integer(source.n_kept)),
            (RDF + "type", f"<{PROV}Entity>"),
        )
        run = provenance.run_id(source.slug)
        _say_run(say, run, base, software, ontology)
        say(base.run(run), (PROV + "used", f"<{graph}>"))
    for name in counts:
        if name.startswith("run/"):
            _say_run(say, name.split("/")[1], base, software, ontology)
    for name, count in counts.items():
        graph = base.graph(name)
        say(
            graph,
            (RDF + "type", f"<{PROV}Entity>"),
            (RDF + "type", f"<{VOID}Dataset>"),
            (VOID + "triples", integer(count)),
        )
        say(dataset, (VOID + "subset", f"<{graph}>"))
    say(
        dataset,
        (RDF + "type", f"<{VOID}Dataset>"),
        (RDF + "type", f"<{DCAT}Dataset>"),
        (VOID + "triples", integer(sum(counts.values()))),
        (VOID + "entities", integer(n_works)),
        (VOID + "uriSpace", plain(base.iri)),
        *((VOID + "vocabulary", f"<{vocabulary}>") for vocabulary in (NS, DCTERMS, OA, PROV, SKOS)),
        *((DCTERMS + "title", text(title, lang)) for lang, title in _TITLE),
        *((DCTERMS + "rights", text(rights, lang)) for lang, rights in _RIGHTS),
        (PROV + "wasAttributedTo", f"<{software}>"),
    )
    if provenance.licence:
        say(dataset, (DCTERMS + "license", f"<{provenance.licence}>"))
    for form, media_type in (("nquads", "application/n-quads"), ("turtle", "text/turtle")):
        distribution = f"{dataset}/{form}"
        say(dataset, (DCAT + "distribution", f"<{distribution}>"))
        say(
            distribution,
            (RDF + "type", f"<{DCAT}Distribution>"),
            (DCAT + "mediaType", f"<https://www.iana.org/assignments/media-types/{media_type}>"),
        )
    return sorted(lines)


def _say_run(say: Callable[..., None], run: str, base: Base, software: str, ontology: str) -> None:
    node = base.run(run)
    say(
        node,
        (RDF + "type", f"<{PROV}Activity>"),
        (PROV + "used", f"<{ontology}>"),
        (PROV + "wasAssociatedWith", f"<{software}>"),
    )
    for graph in (base.run_graph(run), base.mentions_graph(run)):
        say(graph, (RDF + "type", f"<{PROV}Entity>"), (PROV + "wasGeneratedBy", f"<{node}>"))


def history_triples(
    base: Base, now: str, work_ids: Iterable[str], runs: Iterable[str], sources: Iterable[str], earlier: Iterable[str]
) -> list[str]:
    """When works were first seen, runs took place and sources came in.

    Parameters
    ----------
    now : str
        Time of what is new.
    work_ids, runs, sources : iterable of str
        What stands in the graph today.
    earlier : iterable of str
        Lines of the graph ``history`` of the build before; their times are kept.
    """
    seen = {
        (statement.subject, statement.predicate): read_literal(statement.object).value
        for statement in read_statements(earlier)
    }
    wanted = [(f"<{base.work(work_id)}>", f"<{AKG.firstSeen}>") for work_id in work_ids]
    wanted += [(f"<{base.run(run)}>", f"<{PROV}{edge}AtTime>") for run in runs for edge in ("started", "ended")]
    wanted += [(f"<{base.source_graph(source)}>", f"<{PROV}generatedAtTime>") for source in sources]
    return sorted(
        f"{subject} {predicate} {typed(seen.get((subject, predicate), now), 'dateTime')}"
        for subject, predicate in wanted
    )


def run_names(provenance: Provenance, graphs: Iterable[str]) -> list[str]:
    """Ids of all runs, those of sources without a kept work too; sorted."""
    found = {name.split("/")[1] for name in graphs if name.startswith("run/")}
    return sorted(found | {encode(provenance.run_id(source.slug)) for source in provenance.sources})
