"""How far a long task is. In: what is done of how much. Out: one line on a terminal, or one every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Final, TextIO

_EVERY: Final = 10.0
_SHOWN_AFTER: Final = 2.0


class Progress:
    """Tells a person how far a stage is, its rate, and the time left.

    Parameters
    ----------
    stream : TextIO, optional
        Standard error where none is given; ``None`` as `silent`.
    is_silent : bool
        Tell nothing.
    """

    def __init__(self, stream: TextIO | None = None, *, is_silent: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._is_silent = is_silent
        self._is_terminal = self._stream.isatty()
        self._stage = ""
        self._what = ""
        self._total = self._done = 0
        self._began = self._told = 0.0
        self._is_open = False

    def begin(self, stage: str, total: int, what: str) -> None:
        """A new stage: its name, how many of what there are (0 where that is not known)."""
        self.end()
        self._stage, self._total, self._what, self._done = stage, total, what, 0
        self._began = self._told = time.monotonic()

    def more(self, n: int) -> None:
        """So many more are done."""
        self._done += n
        now = time.monotonic()
        wait = 0.2 if self._is_terminal else _EVERY
        if self._is_silent or now - self._told < wait or now - self._began < _SHOWN_AFTER:
            return
        self._told = now
        line = self.line(now - self._began)
        self._stream.write(f"\r\x1b[2K{line}" if self._is_terminal else f"{line}\n")
        self._stream.flush()
        self._is_open = self._is_terminal

    def line(self, seconds: float) -> str:
        """What is told after so many seconds."""
        rate = self._done / seconds if seconds > 0 else 0.0
        said = f"{self._stage}: {self._done:,}"
        if self._total:
            said += f" of {self._total:,}"
        said += f" {self._what}, {rate:,.0f} a second"
        if self._total and rate > 0:
            said += f", {_span((self._total - self._done) / rate)} left"
        return said

    def end(self) -> None:
        """The stage is over: the line on the terminal goes."""
        if self._is_open:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._is_open = False


def _span(seconds: float) -> str:
    """A time in the largest fitting unit.

    >>> _span(42), _span(150), _span(8000)
    ('42 s', '2 min 30 s', '2 h 13 min')
    """
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
