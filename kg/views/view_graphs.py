"""What the interactive views show. In: holdings. Out: nodes and ties, before anything is drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from kg.views.holdings import Holdings

MAX_ALLIANCES: Final = 150
MAX_CONCEPTS: Final = 60
MAX_TIES: Final = 300
MAX_NEAR_WORKS: Final = 60
MAX_NEAR: Final = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a view: an entity, with the number of its works."""

    kind: str
    id: str
    works: int

    @property
    def key(self) -> str:
        """Unique among kinds."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class Tie:
    """An edge of a view: two nodes, the works behind it, and the entity whose page it opens."""

    first: str
    second: str
    works: tuple[int, ...]
    opens: Node
    thin: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What a view shows, before it is drawn."""

    key: str
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    shown: int
    total: int
    centre: Node | None = None


def alliances_graph(holdings: Holdings) -> View:
    """Nodes and ties of the view of states and alliances."""
    authority = holdings.authority
    counts = holdings.counts("alliance")
    states: dict[str, Node] = {}
    wider: dict[str, Node] = {}
    ties: list[Tie] = []

    def state(state_id: str) -> str:
        node = states.setdefault(state_id, Node("state", state_id, len(holdings.on("state", state_id))))
        return node.key

    for count in counts[:MAX_ALLIANCES]:
        row_ids = (authority.states[m].tag_id or m if m in authority.states else m for m in authority.members(count.id))
        members = list(dict.fromkeys(row_ids))
        numbers = tuple(holdings.on("alliance", count.id))
        opens = Node("alliance", count.id, count.works)
        if len(members) == 2:
            ties.append(Tie(state(members[0]), state(members[1]), numbers, opens))
            continue
        wider[count.id] = opens
        named_by = set(numbers)
        named = [member for member in members if not named_by.isdisjoint(holdings.on("state", member))]
        for member in named:
            ties.append(Tie(state(member), opens.key, numbers, opens, thin=True))
    nodes = [*(states[key] for key in sorted(states)), *(wider[key] for key in sorted(wider))]
    shown = min(len(counts), MAX_ALLIANCES)
    return View("alliances", tuple(nodes), tuple(ties), shown, len(counts))


def concepts_graph(holdings: Holdings) -> View:
    """Nodes and ties of the view of alliances and concepts: the strongest ties of the most used of both."""
    alliances = {count.id: count.works for count in holdings.counts("alliance")[:MAX_ALLIANCES]}
    concepts = {count.id: count.works for count in holdings.counts("concept")[:MAX_CONCEPTS]}
    pairs: Counter[tuple[str, str]] = Counter()
    behind: dict[tuple[str, str], list[int]] = {}
    for number in range(len(holdings.works)):
        used = [concept for concept in holdings.of("concept", number) if concept in concepts]
        for alliance in holdings.of("alliance", number) if used else ():
            if alliance in alliances:
                for concept in used:
                    pairs[alliance, concept] += 1
                    behind.setdefault((alliance, concept), []).append(number)
    least = 2 if len(pairs) > MAX_TIES else 1
    strongest = sorted((pair for pair in pairs if pairs[pair] >= least), key=lambda pair: (-pairs[pair], pair))[
        :MAX_TIES
    ]
    nodes = {("alliance", alliance): alliances[alliance] for alliance, _ in strongest}
    nodes |= {("concept", concept): concepts[concept] for _, concept in strongest}
    made = tuple(Node(kind, entity, works) for (kind, entity), works in sorted(nodes.items()))
    ties = tuple(
        Tie(f"alliance/{a}", f"concept/{c}", tuple(behind[a, c]), Node("alliance", a, alliances[a]))
        for a, c in sorted(strongest)
    )
    return View("concepts", made, ties, len(ties), len(pairs))


def neighbourhood_graph(holdings: Holdings, kind: str, entity_id: str) -> View:
    """Nodes and ties around an entity: its newest works, and the states, alliances and concepts they share most."""
    numbers = list(holdings.on(kind, entity_id))
    shown = numbers[:MAX_NEAR_WORKS]
    centre = Node(kind, entity_id, len(numbers))
    nodes = {centre.key: centre}
    for other in ("alliance", "state", "concept"):
        for count in holdings.counts(other, shown)[:MAX_NEAR]:
            node = Node(other, count.id, count.works)
            nodes.setdefault(node.key, node)
    ties = []
    for number in shown:
        work = Node("work", holdings.ids[number], 1)
        nodes[work.key] = work
        for other in ("alliance", "state", "concept"):
            for tag in holdings.of(other, number):
                if f"{other}/{tag}" in nodes:
                    thin = f"{other}/{tag}" != centre.key
                    ties.append(Tie(work.key, f"{other}/{tag}", (number,), Node(other, tag, 1), thin))
    return View("neighbourhood", tuple(nodes.values()), tuple(ties), len(shown), len(numbers), centre)
