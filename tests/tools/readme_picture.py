"""Draw the README's picture from the sample: states, and the alliances between them that its works discuss.

    python tests/tools/readme_picture.py

Writes docs/sample.svg, equal for an equal sample. Positions come from `kg.layout`, the network from `kg.network`.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from kg import pipeline
from kg.authority import load
from kg.layout import Box, Edge, arrange, label_width
from kg.network import state_state

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "sample.svg"
SIZE = 13
FONTS = "system-ui, 'Segoe UI', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
MARGIN = 24


def picture() -> str:
    """The picture as SVG: circles are states, lines alliances of two, as wide as there are works."""
    authority = load()
    tagged = list(pipeline.tag(pipeline.read([ROOT / "data" / "sample"]).works, authority))
    network = state_state(tagged, authority)
    names = sorted(name for name in network if network.degree(name))
    numbers = {name: number for number, name in enumerate(names)}
    labels = [(network.nodes[name]["label"], network.nodes[name]["label_zh"]) for name in names]
    boxes = [Box(label_width("\n".join(label), SIZE) + 26, 62) for label in labels]
    found = sorted((numbers[a], numbers[b], edge) for a, b, edge in network.edges(data=True))
    spots = arrange(boxes, [Edge(a, b, edge["weight"]) for a, b, edge in found], ratio=2.0)
    left = min(x - box.width / 2 for (x, _), box in zip(spots, boxes, strict=True)) - MARGIN
    top = min(y for _, y in spots) - 36 - MARGIN
    width = max(x + box.width / 2 for (x, _), box in zip(spots, boxes, strict=True)) + MARGIN - left
    height = max(y for _, y in spots) + 52 + MARGIN - top
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}" '
            f'role="img" font-family="{FONTS}" font-size="{SIZE}" text-anchor="middle">'
        ),
        "<title>Alliances of two states in the sample 样例文献所论双边同盟</title>",
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" fill="#fbfbf9"/>',
    ]
    for a, b, edge in found:
        (x1, y1), (x2, y2) = spots[a], spots[b]
        title = f"{edge['label']} {edge['label_zh']}: {edge['weight']}"
        parts.append(
            f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#b34400" stroke-opacity="0.55" '
            f'stroke-linecap="round" stroke-width="{1.5 * edge["weight"]:.1f}"><title>{escape(title)}</title></line>'
        )
    for (x, y), (en, zh) in zip(spots, labels, strict=True):
        parts.append(f'<circle cx="{x}" cy="{y}" r="7" fill="#0a72b8"/>')
        for line, (text, lang) in enumerate(((en, "en"), (zh, "zh-Hans"))):
            parts.append(
                f'<text x="{x}" y="{y + 22 + 16 * line}" lang="{lang}" fill="#1b1f24" stroke="#fbfbf9" stroke-width="3" '
                f'paint-order="stroke">{escape(text)}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> int:
    """Write the picture."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
