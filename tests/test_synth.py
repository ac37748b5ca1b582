"""Made-up works: right by construction, equal for equal seeds."""

from __future__ import annotations

import pytest

from kg.authority import load
from kg.synth import LOADS, Load, Synthesis


@pytest.mark.parametrize("load_name", LOADS)
def test_equal_seeds_give_equal_works(load_name: Load) -> None:
    first = list(Synthesis(load(), 7).works(20, load_name))
    assert first == list(Synthesis(load(), 7).works(20, load_name))
    assert first != list(Synthesis(load(), 8).works(20, load_name))


def test_every_tag_stands_in_the_text_and_in_the_authority() -> None:
    authority = load()
    for work in Synthesis(authority, 1).works(300):
        text = f"{work['title']}\n{work['abstract']}"
        for kind in ("states", "alliances", "concepts"):
            for tag, surfaces in work[kind].items():
                assert authority.kind(tag) == kind
                assert all(surface in text for surface in surfaces), (work["id"], tag, surfaces)
        assert set(work["focus"]) <= set(work["alliances"])
        assert all(set(authority.parties(pair)) <= set(work["states"]) for pair in work["focus"])


def test_loads_differ_in_what_they_are_about() -> None:
    def about(load_name: Load) -> int:
        return sum(bool(work["alliances"]) for work in Synthesis(load(), 2).works(60, load_name))

    assert about("alliance") == 60
    assert about("general") == 0
    assert 15 < about("mixed") < 45
