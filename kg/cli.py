"""The command line. In: arguments. Out: an exit status."""

from __future__ import annotations


def main() -> int:
    """Run one command."""
    return 0
