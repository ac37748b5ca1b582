"""Messages between the server and a worker. In: bytes. Out: frames: a letter, four bytes of length, a payload."""

from __future__ import annotations

import struct
from typing import Final

HEAD: Final = struct.Struct(">cI")
LARGEST: Final = 1 << 26

READY: Final = b"R"  # payload: name of the generation that is open
DATA: Final = b"D"
END: Final = b"E"
ERROR: Final = b"X"  # payload: JSON with kind and message
QUESTION: Final = b"Q"  # payload: JSON


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """A frame as it goes over a pipe."""
    return HEAD.pack(kind, len(payload)) + payload
