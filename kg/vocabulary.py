"""Read a user's vocabulary of concepts. In: SKOS (Turtle, RDF/XML, JSON-LD …) or a table. Out: rows of the concepts table."""

from __future__ import annotations

from pathlib import Path

from kg.errors import OntologyError
from kg.ontology import Row, read_table


def read_vocabulary(path: Path) -> list[Row]:
    """Rows of the concepts table that a user's vocabulary holds."""
    if path.suffix.lower() in (".csv", ".tsv"):
        return read_table(path, "concepts")
    raise OntologyError(f"{path.name}: not a vocabulary that can be read; give .csv, .tsv, .ttl or .rdf")
