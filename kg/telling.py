"""What was wrong in sources, said to a person. In: problems. Out: lines, as few as say it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from kg.readers import Problem

Say = Callable[[str], None]

#: Problems that are said one by one; the rest is counted, and stands in report.json.
_SAID: Final = 50


def tell_problems(problems: Sequence[Problem], say: Say) -> None:
    """Say what was wrong in sources: the first fifty one by one, files that hold no record in one line."""
    loud = [problem for problem in problems if problem.severity != "note"]
    for problem in loud[:_SAID]:
        say(str(problem))
    if len(loud) > _SAID:
        say(f"… and {len(loud) - _SAID} more; all stand in report.json of a build")
    notes = [problem for problem in problems if problem.severity == "note"]
    if notes:
        say(_in_one_line(notes))


def _in_one_line(notes: Sequence[Problem]) -> str:
    """Files that hold no record, in one line that says what to do about them."""
    if len(notes) == 1:
        return str(notes[0])
    names = ", ".join(note.where for note in notes[:5]) + (" …" if len(notes) > 5 else "")
    remedies = {note.remedy: None for note in notes if note.remedy}
    return f"{len(notes)} files hold no record ({names})" + "".join(f"; {remedy}" for remedy in remedies)
