"""From what a person types to an id. In: a kind, a name in any language, script and order, the authority. Out: an id.

Letters and digits count, nothing else: case, blanks, dashes and the Chinese script make no difference. An alliance is
found by its own name, or by the states in it: 美日, US-Japan, "Japan and the United States", 美日韩同盟, JPN-USA.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kg.errors import UnknownName
from kg.text import fold_key

if TYPE_CHECKING:
    from kg.authority import Authority

NameKind = Literal["state", "alliance", "concept", "group"]
NAME_KINDS: Final[tuple[NameKind, ...]] = ("alliance", "state", "concept", "group")

_N_SUGGESTED: Final = 3
#: Words that stand around the states of an alliance and are no part of their names; longer ones first.
_HEADS: Final = re.compile(
    r"(?:军事同盟|军事联盟|同盟关系|联盟关系|特殊关系|同盟|联盟|关系|盟约|条约|"
    r"specialrelationship|securityalliance|militaryalliance|alliances|alliance|relations|relationship|treaty|pact)$"
)
_OPENINGS: Final = re.compile(r"^(?:the)?(?:(?:alliances?|treaty|pact|relations)(?:between|of|with))?(?:the)?")
_JOINTS: Final = ("andthe", "withthe", "between", "and", "with", "the", "与", "和", "同", "跟", "及", "对")
_MOST_PARTIES: Final = 6


class _Names(NamedTuple):
    """The names of one kind: folded name to ids in the order of preference; folded name, but of ids, to the name."""

    ids: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, str]


def resolve(kind: str, text: str, authority: Authority) -> str:
    """The id that a name stands for.

    Parameters
    ----------
    kind : str
        ``state`` ``alliance`` ``concept`` ``group``.
    text : str
        A name in any language, or an id.

    Raises
    ------
    UnknownName
        No table has the name; the nearest ones are suggested.

    Examples
    --------
    >>> from kg.authority import load
    >>> [resolve("alliance", name, load()) for name in ("美日", "Japan–US alliance", "北约", "USA-JPN")]
    ['JPN-USA', 'JPN-USA', 'nato', 'JPN-USA']
    >>> resolve("state", "法國", load()), resolve("concept", "被拖入", load())
    ('FRA', 'entrapment')
    """
    chosen = find_id(kind, text, authority)
    if chosen is None:
        raise UnknownName(kind, text, suggestions(kind, text, authority))
    return chosen


def find_id(kind: str, text: str, authority: Authority) -> str | None:
    """The id that a name stands for, None for a name that no table has."""
    key = fold_key(text)
    if not key:
        return None
    known = _index(kind, authority)
    found = known.ids.get(key, ())
    if not found and kind == "state":
        found = _index("state part", authority).ids.get(key, ())
    if found:
        return found[0]
    return _alliance_of_states(text, authority) if kind == "alliance" else None


def suggestions(kind: str, text: str, authority: Authority) -> list[str]:
    """The nearest names of a kind, each id once."""
    key = fold_key(text)
    known = _index(kind, authority)
    if kind == "alliance" and (mended := _mended(text, authority)):
        return [mended]
    near = difflib.get_close_matches(key, known.shown, n=12, cutoff=0.7) if key else []
    near += [name for name in known.shown if len(key) > 2 and key in name and name not in near][:12]
    chosen: dict[str, str] = {}
    for name in near:
        chosen.setdefault(known.ids[name][0], known.shown[name])
    return list(chosen.values())[:_N_SUGGESTED]


@lru_cache(maxsize=32)
def _cached(kind: str, holder: _Holder) -> _Names:
    return _gathered(kind, holder.authority)


class _Holder:
    """An authority under its digest, so that its names are gathered once."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority

    def __hash__(self) -> int:
        return hash(self.authority.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.authority.digest == self.authority.digest


def _index(kind: str, authority: Authority) -> _Names:
    return _cached(kind, _Holder(authority))


def _gathered(kind: str, authority: Authority) -> _Names:
    """Every name of a kind. Where two ids share a name, the one that is in use now comes first, then table order."""
    ids: dict[str, dict[str, None]] = {}
    shown: dict[str, str] = {}
    for id, names in _names(kind, authority):
        for name in names:
            key = fold_key(name)
            if key:
                ids.setdefault(key, {})[id] = None
                if name != id:
                    shown.setdefault(key, name)
    return _Names({key: tuple(found) for key, found in ids.items()}, shown)


def _names(kind: str, authority: Authority) -> Iterator[tuple[str, Iterable[str]]]:
    """Ids of a kind with their names, preferred names of all before other names of any."""
    if kind in {"state", "state part"}:
        states = sorted(authority.states.values(), key=lambda state: state.last_year is not None)
        tagged = [(state.tag_id, state) for state in states if state.tag_id]
        yield from ((tag, (state.id, state.iso3 or "", *state.labels.values())) for tag, state in tagged)
        yield from ((tag, authority_names(authority, state.id)) for tag, state in tagged)
        yield from ((tag, state.demonyms) for tag, state in tagged)
        short = [(tag, authority.short(state.id)) for tag, state in tagged]
        yield from ((tag, (mark,)) for tag, mark in short if mark)
        if kind == "state":
            yield from ((tag, [name for names in state.metonyms.values() for name in names]) for tag, state in tagged)
        return
    if kind == "concept":
        concepts = authority.concepts.values()
        yield from ((concept.id, (concept.id, *concept.labels.values())) for concept in concepts)
        yield from ((concept.id, authority_names(authority, concept.id)) for concept in concepts)
        yield from ((concept.id, [n for names in concept.hidden.values() for n in names]) for concept in concepts)
        return
    if kind == "group":
        groups = authority.groups.values()
        yield from ((group.id, (group.id, *authority_names(authority, group.id))) for group in groups)
        return
    alliances = authority.alliances.values()
    yield from ((row.pair or row.id, (row.id, *row.labels.values())) for row in alliances)
    yield from ((row.pair or row.id, authority_names(authority, row.id)) for row in alliances)
    yield from ((pair, authority_names(authority, pair)) for pair in authority.pairs)


def authority_names(authority: Authority, id: str) -> list[str]:
    """All names of an id, in every language."""
    return [name for names in authority.names(id).values() for name in names]


def _alliance_of_states(text: str, authority: Authority) -> str | None:
    """The pair or coalition of the states that a name is made of."""
    parts = [part for part in re.split(r"\s*(?:[-–—－·・/、,，&+]|\band\b|\bwith\b)\s*", text.strip()) if part]
    for pieces in ([text], parts) if len(parts) > 1 else ([text],):
        keys = [_bare(fold_key(piece)) for piece in pieces]
        readings = [list(_split(key, authority)) for key in keys]
        for reading in product(*readings):
            states = [state for piece in reading for state in piece]
            if len(set(states)) > 1:
                return authority.alliance_of(states)
    return None


def _bare(key: str) -> str:
    """A folded name without the words around the states."""
    return _HEADS.sub("", _OPENINGS.sub("", key))


def _split(key: str, authority: Authority) -> Iterator[tuple[str, ...]]:
    """Ways to read a folded name as states, one after the other; the one of the fewest pieces first."""
    known = _index("state part", authority).ids

    def walk(at: int, so_far: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if at == len(key):
            if so_far:
                yield so_far
            return
        if len(so_far) >= _MOST_PARTIES:
            return
        for end in range(len(key), at, -1):
            for state in known.get(key[at:end], ())[:1]:
                yield from walk(end, (*so_far, state))
        for joint in _JOINTS:
            if so_far and key.startswith(joint, at):
                yield from walk(at + len(joint), so_far)

    yield from sorted(walk(0, ()), key=len)


def _mended(text: str, authority: Authority) -> str | None:
    """``US-Jpan`` → ``US-Japan``: the same name with its one unknown state put right."""
    pieces = re.split(r"(\s*(?:[-–—－/、,，&+]|\band\b)\s*)", text.strip())
    wrong = [
        number for number in range(0, len(pieces), 2) if not find_id("state", _bare_word(pieces[number]), authority)
    ]
    if len(pieces) < 3 or len(wrong) != 1:
        return None
    near = suggestions("state", _bare_word(pieces[wrong[0]]), authority)
    if not near:
        return None
    pieces[wrong[0]] = near[0]
    return "".join(pieces)


def _bare_word(piece: str) -> str:
    """A part of an alliance's name without the head at its end."""
    return re.sub(
        r"\s*(?:alliances?|relations?(?:hip)?|treaty|pact|同盟|联盟|同盟关系)\s*$", "", piece, flags=re.IGNORECASE
    )
