"""Alliance KG: states, alliances and concepts in bibliographic records, and a graph of them.

``kg.tag(text)`` tags one text, ``kg.build(sources, out)`` makes a graph of files, ``kg.open(out)`` asks it.
Nothing is loaded until one of them is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from kg.door import Graph, build, open, tag  # noqa: A004

__all__ = ["Graph", "__version__", "build", "open", "tag"]


def __getattr__(name: str) -> Any:
    """The door's functions, loaded when they are first asked for."""
    if name in {"Graph", "build", "open", "tag"}:
        from kg import door

        return getattr(door, name)
    raise AttributeError(f"module 'kg' has no attribute '{name}'")
