"""What a build did. In: counts and faults of a run. Out: a frozen report, as JSON for report.json and as words.

Nothing in it depends on the clock of the machine or on how long a stage took: equal input gives equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in a source that a person should know of.

    Parameters
    ----------
    where : str
        ``works.ris:214``.
    reason, remedy : str
        What is wrong, and what to do about it ("" where there is nothing to do).
    severity : str
        ``skipped``: a record was lost; ``warning``: it was read with a loss; ``note``: nothing is wrong with a record.
    """

    where: str
    reason: str
    remedy: str = ""
    severity: str = "skipped"

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" + (f"; {self.remedy}" if self.remedy else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """What one source gave.

    Parameters
    ----------
    slug, name : str
        Slug as in ids, and the file's own name without its folder.
    format : str
        Name of the reader.
    n_records, n_works : int
        Records read; works whose first record is in this source.
    n_left_out : int
        Works that are not relevant and were left out of the graph (only in large builds).
    left_out : tuple of int
        Numbers of their records.
    """

    slug: str
    name: str
    format: str
    n_records: int = 0
    n_works: int = 0
    n_left_out: int = 0
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a build read, made and skipped.

    Parameters
    ----------
    version, ontology_version, ontology_digest : str
        Of this program and of the vocabulary.
    time : str
        ISO time of the build: ``SOURCE_DATE_EPOCH`` where it is set, else the clock.
    base : str
        Where the graph's own IRIs begin.
    overlay, vocabularies, vocabulary_mode
        A user's own ontology: paths of its copies in the folder, and how it was taken in.
    sources : tuple of SourceCount
        In sorted order of slug.
    faults : tuple of Fault
    other_files : mapping of file ending to number
        Files that hold no records (``pdf``, ``docx``) and were passed over.
    n_records, n_works, n_relevant, n_merged : int
        Records read; works after merging; works with an alliance, a group or a concept; works of several records.
    n_without_title, n_without_year, n_without_authors : int
    languages, years : mapping to the number of works
    tags : mapping of kind to mapping of tag id to the number of works
    n_mentions : int
    """

    version: str
    ontology_version: str
    ontology_digest: str = ""
    time: str = ""
    base: str = ""
    overlay: str = ""
    vocabularies: tuple[str, ...] = ()
    vocabulary_mode: str = "add"
    sources: tuple[SourceCount, ...] = ()
    faults: tuple[Fault, ...] = ()
    other_files: Mapping[str, int] = field(default_factory=dict)
    n_records: int = 0
    n_works: int = 0
    n_relevant: int = 0
    n_merged: int = 0
    n_without_title: int = 0
    n_without_year: int = 0
    n_without_authors: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    n_mentions: int = 0

    @property
    def exit_status(self) -> int:
        """0 where nothing was skipped, else 1."""
        return int(any(fault.severity == "skipped" for fault in self.faults))

    def to_json(self) -> dict[str, Any]:
        """The report as plain values, keys in the order above."""
        return asdict(self)

    def to_bytes(self) -> bytes:
        """The bytes of report.json."""
        return (json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")

    @classmethod
    def read(cls, path: Path) -> Report:
        """The report that a build wrote."""
        plain = json.loads(path.read_bytes())
        plain["sources"] = tuple(SourceCount(**one | {"left_out": tuple(one["left_out"])}) for one in plain["sources"])
        plain["faults"] = tuple(Fault(**one) for one in plain["faults"])
        plain["vocabularies"] = tuple(plain["vocabularies"])
        return cls(**plain)
