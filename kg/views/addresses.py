"""Where a page stands: paths of files and addresses on a server. In: kinds and ids. Out: paths and relative links.

Files and server share their paths: ``alliance/JPN-USA`` is ``en/alliance/JPN-USA.html`` on disk and
``/alliance/JPN-USA?lang=en`` from a server.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Final, Protocol
from urllib.parse import quote

from kg.views.words import PageLang

_MAX_NAME: Final = 100
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?|index", re.IGNORECASE)


def file_stem(entity_id: str) -> str:
    """The name of a file for an id: percent-encoded once, hashed where that is too long or reserved on some system.

    >>> file_stem("10.1000/x"), file_stem("CON"), file_stem("JPN-USA")
    ('10.1000%2Fx', 'CON-a3dbc4b644a9', 'JPN-USA')
    """
    encoded = quote(entity_id, safe="-_~", errors="surrogatepass")
    if encoded.endswith(".") or encoded.startswith(".") or _RESERVED.fullmatch(encoded) or len(encoded) > _MAX_NAME:
        return hashed_stem(entity_id)
    return encoded


def hashed_stem(entity_id: str) -> str:
    """A file name that keeps the start of the id for reading and tells it apart by a hash."""
    start = re.sub(r"[^0-9A-Za-z_-]+", "-", entity_id)[:40].strip("-") or "id"
    digest = sha256(entity_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{start}-{digest[:12]}"


def file_stems(ids: Iterable[str]) -> dict[str, str]:
    """File names for many ids, none equal to another but for case.

    >>> sorted(file_stems(["a", "b", "B"]).values())
    ['B-df7e70e50215', 'a', 'b-3e23e8160039']
    """
    stems = {entity_id: file_stem(entity_id) for entity_id in ids}
    counts = Counter(stem.casefold() for stem in stems.values())
    return {
        entity_id: hashed_stem(entity_id) if counts[stem.casefold()] > 1 else stem for entity_id, stem in stems.items()
    }


class Addresses(Protocol):
    """What a page asks for when it links to another."""

    @property
    def served(self) -> bool:
        """Whether a server answers these addresses: then there is an API and an endpoint to link to."""
        ...

    def page(self, path: str, lang: PageLang, here: str) -> str:
        """Link to a page by its path (``""`` is the home page), seen from the page with the path `here`."""
        ...

    def entity(self, kind: str, entity_id: str, lang: PageLang, here: str) -> str | None:
        """Link to the page of an entity, None where it has none."""
        ...

    def top(self, name: str, here: str) -> str:
        """Link to a file at the root that stands in no language's folder."""
        ...


_quoted = lru_cache(maxsize=65_536)(quote)


@dataclass(frozen=True)
class FileAddresses:
    """Relative links between files on disk.

    Parameters
    ----------
    stems : mapping
        For each kind (``state``, ``alliance``, …) the ids that have a page, and the names of their files.
    """

    stems: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    served: bool = False

    def path(self, kind: str, entity_id: str) -> str:
        """Path of an entity's page, without language and suffix."""
        return f"{kind}/{self.stems[kind][entity_id]}"

    def file(self, path: str, lang: PageLang) -> str:
        """Path of a page's file below the root."""
        return f"{lang}/{path or 'index'}.html"

    def page(self, path: str, lang: PageLang, here: str) -> str:
        up = "../" * (here.count("/") + 1)
        return f"{up}{lang}/{_quoted(path or 'index')}.html"

    def entity(self, kind: str, entity_id: str, lang: PageLang, here: str) -> str | None:
        stem = self.stems.get(kind, {}).get(entity_id)
        return None if stem is None else self.page(f"{kind}/{stem}", lang, here)

    def top(self, name: str, here: str) -> str:
        return "../" * (here.count("/") + 1) + quote(name)


@dataclass(frozen=True)
class ServerAddresses:
    """Links below a server's root; every entity has a page."""

    root: str = "/"
    served: bool = True

    def page(self, path: str, lang: PageLang, here: str) -> str:
        return f"{self.root}{path}?lang={lang}"

    def entity(self, kind: str, entity_id: str, lang: PageLang, here: str) -> str | None:
        return f"{self.root}{kind}/{quote(entity_id, safe='-._~')}?lang={lang}"

    def top(self, name: str, here: str) -> str:
        return f"{self.root}{quote(name)}"
