"""Pages and interactive views. In: tagged works and the authority. Out: HTML files that open without a server.

``write_site`` writes all pages of a build. See `site` for how, `pages` for which.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.authority import Authority
    from kg.model import TaggedWork
    from kg.report import Report

__all__ = ["write_site"]


def write_site(
    tagged_works: Iterable[TaggedWork], authority: Authority, out_dir: Path, report: Report | None = None
) -> list[Path]:
    """Write every page and the two interactive views; see `kg.views.site.write_site`."""
    from kg.views import site

    return site.write_site(tagged_works, authority, out_dir, report)
