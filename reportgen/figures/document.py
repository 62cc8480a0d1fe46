"""The SVG file of a figure: elements, colours for light and dark, points for scripts.

The same file serves as ``<img>`` and pasted into a page. As an image it follows the colour
scheme of the reader's system (or the ``color-scheme`` of the element that shows it); inside
a page it follows Material's switch, and custom properties ``--rg-<paint>`` of the page win.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from reportgen.figures.sheet import Sheet
from reportgen.figures.style import FONTS, PAPER, TEXT_SIZE, Paint
from reportgen.figures.svg import SvgRenderer
from reportgen.figures.text import plain


def svg_document(sheet: Sheet, renderer: SvgRenderer, *, title: str, description: str) -> str:
    """Return what ``renderer`` collected from ``sheet`` as a document."""
    prefix = renderer.prefix
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="rg-figure"'
        f' width="{sheet.width}" height="{sheet.height}"'
        f' viewBox="0 0 {sheet.width} {sheet.height}"'
        f' role="img" aria-labelledby="{prefix}-t {prefix}-d"'
        f' font-family="{FONTS}" font-size="{TEXT_SIZE:g}" stroke-linejoin="round">'
    )
    parts = (
        head,
        f'<title id="{prefix}-t">{escape(plain(title))}</title>',
        f'<desc id="{prefix}-d">{escape(plain(description))}</desc>',
        f"<style>{_style(renderer.paints, renderer.rules)}</style>",
        _points(sheet.hover),
        f"<defs>{''.join(renderer.definitions)}</defs>" if renderer.definitions else "",
        *renderer.body,
        "</svg>",
    )
    return "\n".join(part for part in parts if part) + "\n"


def _style(paints: Iterable[Paint], rules: Iterable[str]) -> str:
    """Write the rules of the colours in use; each applies within figures only."""
    used = sorted(paints, key=lambda paint: paint.name)
    light = ";".join(f"--f-{paint.name}:{paint.light}" for paint in used)
    dark = ";".join(f"--f-{paint.name}:{paint.dark}" for paint in used)
    # Opened by itself, the file would stand on the browser's white even for readers in the dark.
    own_paper = f".rg-figure:root{{background:{PAPER.dark}}}"
    return "".join(
        (
            f".rg-figure{{{light}}}",
            f"@media(prefers-color-scheme:dark){{.rg-figure{{{dark}}}{own_paper}}}",
            f"[data-md-color-scheme] .rg-figure{{{light}}}",
            f'[data-md-color-scheme="slate"] .rg-figure{{{dark}}}',
            f"@media print{{.rg-figure.rg-figure.rg-figure{{{light}}}}}",
            *(_rule(rule) for rule in sorted(rules)),
        )
    )


def _rule(rule: str) -> str:
    use = "fill" if rule[0] == "f" else "stroke"
    name = rule[2:]
    return f".rg-figure .{rule}{{{use}:var(--rg-{name},var(--f-{name}))}}"


def _points(hover: dict[str, Any]) -> str:
    """Write what scripts need as JSON that neither XML nor HTML reads as markup."""
    if not hover:
        return ""
    text = json.dumps(hover, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return f'<metadata class="rg-points">{text}</metadata>'
