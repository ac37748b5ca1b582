"""`python -m kg`: the command line. In: arguments. Out: the exit status."""

from __future__ import annotations

import sys

from kg.cli import main

if __name__ == "__main__":
    sys.exit(main())
