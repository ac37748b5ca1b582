"""The map in small, for the home page. In: a desk. Out: geometry of an SVG, in whole numbers so that bytes are equal.

It shows where things lie and names the most discussed alliances and states; all else is on the map that it leads to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from kg.layout import label_width
from kg.views.desk import Desk
from kg.views.explorer import Map, map_of

WIDTH: Final = 560
HEIGHT: Final = 320
_MARGIN: Final = 18
_MAX_WORKS: Final = 2_000
_MAX_LABELS: Final = 12
_SIZE: Final = 13


class Label(NamedTuple):
    """A name on the picture: where its text begins, its kind, its words."""

    x: int
    y: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """What the template draws.

    Parameters
    ----------
    paths : mapping of str to str
        One path a kind: squares for works, circles for states, diamonds for alliances, triangles for concepts and groups.
    labels : tuple of Label
        Names that do not lie on each other.
    """

    width: int
    height: int
    paths: Mapping[str, str]
    labels: tuple[Label, ...]


def thumbnail(desk: Desk) -> Thumbnail | None:
    """The picture of a collection; None where there is nothing to draw."""
    drawn = map_of(desk.holdings)
    if not drawn.spots:
        return None
    spots = dict(_scaled(drawn))
    works = [f"work/{desk.holdings.ids[place]}" for place in drawn.works]
    step = max(-(-len(works) // _MAX_WORKS), 1)
    parts: dict[str, list[str]] = defaultdict(list)
    for key in works[::step]:
        x, y = spots[key]
        parts["work"].append(f"M{x - 1} {y - 1}h2v2h-2z")
    most = max([len(desk.holdings.on(kind, entity)) for kind, entity in drawn.skeleton] + [1])
    for kind, entity in reversed(drawn.skeleton):
        weight = len(desk.holdings.on(kind, entity)) / most
        parts[kind].append(_shape(kind, *spots[f"{kind}/{entity}"], round(2 + 5 * weight**0.5)))
    order = [kind for kind in ("work", "group", "concept", "state", "alliance") if parts[kind]]
    return Thumbnail(WIDTH, HEIGHT, {kind: "".join(parts[kind]) for kind in order}, tuple(_labels(desk, spots)))


def _scaled(drawn: Map) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every spot inside the picture, drawn to one scale in both directions."""
    xs, ys = [x for x, _ in drawn.spots.values()], [y for _, y in drawn.spots.values()]
    left, top = min(xs), min(ys)
    wide, high = max(max(xs) - left, 1), max(max(ys) - top, 1)
    scale = min((WIDTH - 2 * _MARGIN) / wide, (HEIGHT - 2 * _MARGIN) / high)
    dx, dy = (WIDTH - scale * wide) / 2, (HEIGHT - scale * high) / 2
    for key, (x, y) in drawn.spots.items():
        yield key, (round(dx + (x - left) * scale), round(dy + (y - top) * scale))


def _shape(kind: str, x: int, y: int, r: int) -> str:
    if kind == "state":
        return f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    if kind == "alliance":
        return f"M{x} {y - r - 1}L{x + r + 1} {y}L{x} {y + r + 1}L{x - r - 1} {y}z"
    if kind == "concept":
        return f"M{x} {y - r}L{x + r} {y + r}L{x - r} {y + r}z"
    return f"M{x - r} {y - r}L{x + r} {y - r}L{x} {y + r}z"


def _labels(desk: Desk, spots: Mapping[str, tuple[int, int]]) -> Iterator[Label]:
    """Names of the most discussed alliances and states, each where nothing else is written."""
    named = [
        (count.works * (2 if kind == "alliance" else 1), kind, count.id)
        for kind in ("alliance", "state")
        for count in desk.holdings.counts(kind)[:8]
    ]
    taken: list[tuple[float, float, float, float]] = []
    for _, kind, entity in sorted(named, key=lambda one: (-one[0], one[1:])):
        if len(taken) >= _MAX_LABELS or f"{kind}/{entity}" not in spots:
            continue
        x, y = spots[f"{kind}/{entity}"]
        text = desk.label(entity)
        width = label_width(text, _SIZE)
        for left, middle in ((x + 10, y), (x - 10 - width, y), (x - width / 2, y - 15), (x - width / 2, y + 15)):
            box = (left - 3, middle - 10, left + width + 3, middle + 10)
            inside = box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT
            free = all(box[0] >= b[2] or box[2] <= b[0] or box[1] >= b[3] or box[3] <= b[1] for b in taken)
            if inside and free:
                taken.append(box)
                yield Label(round(left), round(middle) + 4, kind, text)
                break
