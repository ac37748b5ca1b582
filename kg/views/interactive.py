"""The two interactive views. In: holdings, addresses. Out: HTML made by pyvis that opens without a network.

pyvis draws; positions come from `kg.layout`, its physics are off. Its page links to another server even when told to
carry everything: those links are taken out, and a policy forbids what could be left. Texts of records go to edges only,
where they are shown as text: pyvis would take a node's text with a link in it for markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, Final

from kg.layout import Box, Edge, arrange, label_width
from kg.model import TaggedWork
from kg.views.addresses import Addresses, FileAddresses
from kg.views.desk import Desk, names_of, work_line
from kg.views.holdings import Holdings
from kg.views.linking import compact_script, static_text
from kg.views.rendering import compact_css, fill, json_block, source_hash
from kg.views.view_graphs import Node, Tie, View, alliances_graph, concepts_graph, neighbourhood_graph
from kg.views.words import PAGE_LANGS, PageLang, Words

SHAPES: Final = {"state": "dot", "alliance": "diamond", "concept": "triangle", "work": "square"}
_HOVER_WORKS: Final = 8
_LABEL: Final = 18
_FONT: Final = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', sans-serif"
)


def alliances_view(holdings: Holdings, addresses: Addresses) -> str:
    """States with an edge for each alliance of two, and a diamond for each alliance of more."""
    return draw(alliances_graph(holdings), holdings, addresses)


def concepts_view(holdings: Holdings, addresses: Addresses) -> str:
    """Alliances and the concepts that they are discussed with."""
    return draw(concepts_graph(holdings), holdings, addresses)


def neighbourhood(holdings: Holdings, kind: str, entity_id: str) -> str:
    """The works on an entity and what else they are tagged with: one small page to mail or to put in a notebook."""
    return draw(neighbourhood_graph(holdings, kind, entity_id), holdings, FileAddresses())


def draw(view: View, holdings: Holdings, addresses: Addresses) -> str:
    """The page of a view: pyvis' own, mended."""
    from pyvis.network import Network

    desks = {lang: Desk(holdings, addresses, Words(lang), "") for lang in PAGE_LANGS}
    network = Network(height="600px", width="100%", cdn_resources="in_line", bgcolor="transparent")
    labels = [_label(node, desks) for node in view.nodes]
    sizes = _sizes(view.nodes)
    boxes = [
        Box(max(label_width(label, _LABEL) + 12, size * 2 + 12), size * 2 + 2 * _LABEL + 22)
        for label, size in zip(labels, sizes, strict=True)
    ]
    place = {node.key: number for number, node in enumerate(view.nodes)}
    most = max([len(tie.works) for tie in view.ties], default=1)
    edges = [Edge(place[tie.first], place[tie.second], 1 + len(tie.works) / most) for tie in view.ties]
    spots = arrange(boxes, edges)
    for node, label, size, (x, y) in zip(view.nodes, labels, sizes, spots, strict=True):
        network.add_node(
            node.key,
            label=label,
            shape=SHAPES[node.kind],
            group=node.kind,
            size=size,
            x=x,
            y=y,
            **_by_lang(desks, node),
        )
    for number, tie in enumerate(view.ties):
        network.add_edge(
            tie.first, tie.second, id=f"e{number}", thin=tie.thin, dashes=tie.thin,
            width=1 if tie.thin else _width(len(tie.works), most), **_by_lang(desks, tie.opens, tie)
        )  # fmt: skip
    network.set_options(json.dumps(_options()))
    return _mend(network.generate_html(), view, desks)


def _label(node: Node, desks: Mapping[PageLang, Desk]) -> str:
    if node.kind == "work":
        return _short(work_line(_work(desks["en"], node.id), desks["en"]).title, 28)
    names = [desks[lang].label(node.id) for lang in PAGE_LANGS]
    return "\n".join(dict.fromkeys(names))


def _work(desk: Desk, work_id: str) -> TaggedWork:
    return desk.holdings.works[desk.holdings.position[work_id]]


def _sizes(nodes: Sequence[Node]) -> list[int]:
    most = max([node.works for node in nodes], default=1) or 1
    return [5 if node.kind == "work" else round(7 + 17 * (node.works / most) ** 0.5) for node in nodes]


def _width(n_works: int, most: int) -> float:
    return round(max(1.5, 14 * n_works / max(most, 7)), 1)


def _by_lang(desks: Mapping[PageLang, Desk], node: Node, tie: Tie | None = None) -> dict[str, Any]:
    """For each language what a hover shows and which page a click opens."""
    made: dict[str, Any] = {}
    for lang, desk in desks.items():
        made[f"page_{lang}"] = (desk.addresses.entity(node.kind, node.id, lang, "") or "").removeprefix("../")
        made[f"hover_{lang}"] = _hover(desk, node, tie)
    return made


def _hover(desk: Desk, node: Node, tie: Tie | None) -> str:
    words = desk.words
    if tie is None and node.kind == "work":
        line = work_line(_work(desk, node.id), desk)
        year = str(line.year) if line.year is not None else words("undated")
        note = [words("stand_in_note")] if line.is_stand_in else []
        return "\n".join([_short(line.title, 200), names_of(line.authors, line.lang, 4), year, *note]).replace(
            "\n\n", "\n"
        )
    if tie is None:
        return f"{desk.label(node.id)}\n{words('n_works', n=node.works)}"
    ends = [key.split("/", 1) for key in (tie.first, tie.second)]
    if ends[0][0] == "work":
        head = desk.label(ends[1][1])
    elif any(kind == "concept" for kind, _ in ends):
        head = " – ".join(desk.label(entity) for _, entity in ends)
    else:
        head = desk.label(node.id)
    lines = [head, words("n_works", n=len(tie.works))]
    for number in tie.works[:_HOVER_WORKS]:
        line = work_line(desk.holdings.works[number], desk)
        year = str(line.year) if line.year is not None else words("undated")
        lines.append(f"· {_short(line.title)} ({year})")
    if len(tie.works) > _HOVER_WORKS:
        lines.append(words("answer_more", n=len(tie.works) - _HOVER_WORKS))
    return "\n".join(lines)


def _short(title: str, most: int = 90) -> str:
    title = " ".join(title.split())
    return title if len(title) <= most else title[: most - 1] + "…"


def _options() -> dict[str, Any]:
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {"hover": True, "tooltipDelay": 120, "keyboard": {"enabled": True, "bindToWindow": False}},
        "nodes": {"font": {"face": _FONT, "size": _LABEL, "strokeWidth": 2}, "borderWidth": 1},
        "edges": {"smooth": False, "hoverWidth": 0.5, "selectionWidth": 0.5},
    }  # fmt: skip


_LINKS: Final = re.compile(r"<link\b[^>]*?https?://[^>]*?>|<script\b[^>]*?\bsrc\s*=[^>]*?>\s*</script>", re.DOTALL)
_HEADINGS: Final = re.compile(r"<center>\s*<h1>.*?</h1>\s*</center>", re.DOTALL)
_COMMENTED: Final = re.compile(r"<!-- <link.*?-->", re.DOTALL)
_SCRIPT: Final = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)


def _mend(html: str, view: View, desks: Mapping[PageLang, Desk]) -> str:
    """Take out what asks another server; add a policy, our style, a bar above, a table below, our script."""
    html = _HEADINGS.sub("", _LINKS.sub("", _COMMENTED.sub("", html))).replace("\r\n", "\n").replace("\r", "\n")
    rows = _rows(view, desks)
    label = partial(_both, desks)
    script = compact_script(static_text("view.js"))
    body = {
        "view": view,
        "titles": {lang: _title(view, desk) for lang, desk in desks.items()},
        "rows": rows,
        "en": Words("en"),
        "zh": Words("zh"),
        "both": label,
        "shapes": SHAPES,
    }
    above, below = fill("view_above.html", body), fill("view_below.html", body)
    groups = {kind: SHAPES[kind] for kind in SHAPES if any(node.kind == kind for node in view.nodes)}
    html = html.replace("<body>", f'<body class="view view-{view.key}">{above}', 1)
    tail = f"{below}{json_block('view-groups', groups)}<script>{script}</script>"
    start, end = html.rsplit("</body>", 1)
    html = f"{start}{tail}</body>{end}".replace('<div id="mynetwork"', '<div id="mynetwork" lang="zh-Hans"', 1)
    css = compact_css(static_text("kg.css")) + "\n" + compact_css(static_text("view.css"))
    scripts = [
        found.group(1) for found in _SCRIPT.finditer(html) if 'type="application/json"' not in found.group(0)[:60]
    ]
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(dict.fromkeys(source_hash(text) for text in scripts))}"
    )
    english, chinese = (_title(view, desk) for desk in desks.values())
    title = f"{escape(english)} · {escape(chinese)}"
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f'<title>{title}</title><link rel="icon" href="data:,">'
    )
    html = html.replace('<meta charset="utf-8">', '<meta charset="utf-8">' + head, 1)
    html = html.replace("</head>", f"<style>{css}</style></head>", 1)
    return "<!DOCTYPE html>\n" + html.replace("<html>", '<html lang="en">', 1) + "\n"


def _title(view: View, desk: Desk) -> str:
    return desk.label(view.centre.id) if view.centre else desk.words(f"view_{view.key}")


def _both(desks: Mapping[PageLang, Desk], key: str) -> tuple[str, str]:
    """A view's node key → its names in both languages."""
    kind, entity = key.split("/", 1)
    if kind == "work":
        title = work_line(_work(desks["en"], entity), desks["en"]).title
        return title, title
    return desks["en"].label(entity), desks["zh"].label(entity)


def _rows(view: View, desks: Mapping[PageLang, Desk]) -> list[dict[str, Any]]:
    """The rows of the table that says the same as the drawing."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for tie in view.ties:
        key = (tie.opens.key, tie.second if view.key == "concepts" else "")
        pages = _by_lang(desks, tie.opens, None)
        row = rows.setdefault(
            key,
            {
                "names": _both(desks, tie.opens.key),
                "page_en": pages["page_en"],
                "page_zh": pages["page_zh"],
                "with": [],
                "works": len(tie.works),
            },
        )
        ends = [end for end in (tie.first, tie.second) if end != tie.opens.key]
        if view.key == "alliances":
            ends = [end for end in ends if end.startswith("state/")]
        row["with"] += [_both(desks, end) for end in ends]
    if view.key == "neighbourhood":
        for row in rows.values():
            row["works"] = len(row["with"])
    return sorted(rows.values(), key=lambda row: (-row["works"], row["names"]))
