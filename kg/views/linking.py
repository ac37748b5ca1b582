"""Join the modules of ``kg/static`` into one script. In: names of modules. Out: the text of a script.

The modules are plain ES modules. Pages on disk cannot import from files, and a policy that lets them import from ``data:``
addresses would let a text that slipped through do the same. So what a page starts, and all it imports, is joined into
one script that the policy names by its hash: each module becomes a function that gives its exports. Modules import
by name only (``import { fold } from "kg/fold";``) and export declarations only (``export function fold``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from kg.errors import KgError

_IMPORT: Final = re.compile(r"""^import \{ ([\w, $]+) \} from "kg/([\w-]+)";$""", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:async )?function\*?|const|class) ([\w$]+)", re.MULTILINE)
_LEFT: Final = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def static_text(name: str) -> str:
    """A file of ``kg/static``."""
    return files("kg").joinpath("static", name).read_text(encoding="utf-8")


def editor_text() -> str | None:
    """The editor of the query page, which release packages carry; None where there is none."""
    file = files("kg").joinpath("static", "vendor", "editor.js")
    return file.read_text(encoding="utf-8") if file.is_file() else None


def compact_script(text: str) -> str:
    """A script without indentation and without lines that hold only a comment."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def imports(source: str) -> list[str]:
    """Names of the modules that a module imports."""
    return [found.group(2) for found in _IMPORT.finditer(source)]


def in_order(names: tuple[str, ...]) -> list[str]:
    """Modules and all that they import, each after what it needs."""
    done: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise KgError(f"static/{name}.js: modules import each other in a circle: {' → '.join((*above, name))}")
        if name not in done:
            for needed in imports(static_text(f"{name}.js")):
                visit(needed, (*above, name))
            done.append(name)

    for name in names:
        visit(name, ())
    return done


@lru_cache(maxsize=32)
def link(names: tuple[str, ...]) -> str:
    """One script that runs these modules, in this order, after those that they import.

    Raises
    ------
    KgError
        Where a module imports or exports in another form than the two above.
    """
    parts = ['"use strict";', "(() => {"]
    for name in in_order(names):
        source = static_text(f"{name}.js")
        exported = [found.group(2) for found in _EXPORT.finditer(source)]
        body = _IMPORT.sub(lambda found: f"const {{ {found.group(1)} }} = {_variable(found.group(2))};", source)
        body = _EXPORT.sub(r"\1 \2", body)
        left = _LEFT.search(body)
        if left:
            raise KgError(f'static/{name}.js: {left.group()!r}: import by name from "kg/…", export declarations')
        parts.append(f"const {_variable(name)} = (() => {{")
        parts.append(compact_script(body))
        parts.append(f"return {{ {', '.join(exported)} }};")
        parts.append("})();")
    parts.append("})();")
    return "\n".join(parts)


def _variable(name: str) -> str:
    return "kg_" + name.replace("-", "_")
