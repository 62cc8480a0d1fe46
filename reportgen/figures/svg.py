"""SVG for pages: text as text, colours as CSS variables, no element per point.

A renderer of matplotlib's own kind, in place of its SVG backend: that one writes an element
per marker and fixed colours, and spends most of a figure's time on it. Nothing here depends
on a date, a random number or an order of hashing, so the same figure is the same file.

Each colour of the style is written twice: as an attribute for programs that draw SVG without
CSS variables, and as a class whose rule follows the page (or the system, in an ``<img>``).
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from matplotlib import colors as mcolors
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from matplotlib.typing import ColorType

from reportgen.figures.artists import PIXEL
from reportgen.figures.sheet import DPI, SHARPNESS
from reportgen.figures.style import PAINTS, PAPER, TEXT_SIZE, Paint
from reportgen.figures.svg_path import numbers, path_data

_ANCHORS = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}
_SHAPES: dict[bytes, str] = {}
_MOST_SHAPES = 1000
_PAINTS = {mcolors.to_rgb(paint.light): paint for paint in PAINTS}


class SvgRenderer(RendererBase):
    """Collects the elements of one figure; ``prefix`` keeps its ids apart from other figures'."""

    def __init__(self, width: int, height: int, prefix: str) -> None:
        super().__init__()
        self.width, self.height = width * SHARPNESS, height * SHARPNESS
        self.dpi = DPI
        self.body: list[str] = []
        self.definitions: list[str] = []
        self.rules: set[str] = set()
        self.paints: set[Paint] = set()
        self.prefix = prefix
        self._ids: dict[str, str] = {}
        self._groups: list[str] = []
        self._to_css = Affine2D().translate(0, -self.height).scale(1 / SHARPNESS, -1 / SHARPNESS)

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size in the renderer's own pixels."""
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        """Return ``points`` in the renderer's own pixels."""
        return points * DPI / 72

    def open_group(self, s: str, gid: str | None = None) -> None:  # noqa: ARG002 - matplotlib's
        """Begin a group; only those with a name for scripts are worth an element."""
        self._groups.append("</g>" if gid else "")
        if gid:
            self.body.append(f"<g class={quoteattr(gid)}>")

    def close_group(self, s: str) -> None:  # noqa: ARG002 - matplotlib's
        """End the last group."""
        end = self._groups.pop()
        if end:
            self.body.append(end)

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: ColorType | None = None,  # noqa: N803 - matplotlib's
    ) -> None:
        """Write one path, its stroke and its filling."""
        data = path_data(path, transform + self._to_css)
        if data:
            self.body.append(f'<path d="{data}"{self._look(gc, rgbFace)}{self._clip(gc)}/>')

    def draw_markers(  # noqa: PLR0917 - matplotlib's
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: ColorType | None = None,  # noqa: N803 - matplotlib's
    ) -> None:
        """Write all markers as one unseen line whose vertices bear an SVG ``marker``."""
        places = (trans + self._to_css).transform(path.vertices)
        places = places[np.isfinite(places).all(axis=1)]
        if not len(places):
            return
        shape = _marker_data(marker_path, marker_trans)
        name = self._define(
            "marker",
            'overflow="visible" markerUnits="userSpaceOnUse" markerWidth="1" markerHeight="1"',
            f'<path d="{shape}"{self._look(gc, rgbFace)}/>',
        )
        look = f'fill="none" style="marker:url(#{name})"{self._clip(gc)}'
        self.body.append(f'<path d="M{numbers(places)}" {look}/>')

    def draw_text(  # noqa: PLR0917 - matplotlib's
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,  # noqa: ARG002 - all our words are upright
        ismath: bool | str = False,  # noqa: ARG002, FBT001, FBT002 - matplotlib's
        mtext: Text | None = None,
    ) -> None:
        """Write text as text, anchored where it was meant to be: the reader's font may differ."""
        (at_x, at_y) = np.round(self._to_css.transform((x, y)), 1).tolist()
        size = prop.get_size_in_points() / PIXEL
        heavy = ' font-weight="bold"' if prop.get_weight() == "bold" else ""
        scale = f' font-size="{size:g}"' if size != TEXT_SIZE else ""
        anchor = _ANCHORS[mtext.get_horizontalalignment()] if mtext else ""
        look = self._colour("fill", gc.get_rgb())
        width = gc.get_linewidth() * DPI / 72 / SHARPNESS
        if width:
            halo = self._colour("stroke", mcolors.to_rgb(PAPER.light))
            look = f'{_one_class(look, halo)} stroke-width="{width:.3g}" paint-order="stroke"'
        self.body.append(
            f'<text x="{at_x:g}" y="{at_y:g}"{scale}{heavy}{anchor}{look}>{escape(s)}</text>'
        )

    def _look(self, gc: GraphicsContextBase, face: Any) -> str:
        width = gc.get_linewidth() * DPI / 72 / SHARPNESS
        fill = ' fill="none"' if face is None or face[-1] == 0 else self._colour("fill", face)
        if not width:
            return fill
        stroke = self._colour("stroke", gc.get_rgb())
        scale = DPI / 72 / SHARPNESS
        dashes: Any = gc.get_dashes()[1]
        dashed = ",".join(f"{dash * scale:.3g}" for dash in dashes) if dashes is not None else ""
        dashed = f' stroke-dasharray="{dashed}"' if dashed else ""
        return f'{_one_class(fill, stroke)} stroke-width="{width:.3g}"{dashed}'

    def _colour(self, use: str, rgb: Any) -> str:
        paint = _PAINTS.get(tuple(rgb[:3]))
        opacity = f' {use}-opacity="{rgb[3]:.3g}"' if len(rgb) > 3 and rgb[3] < 1 else ""
        if paint is None:
            return f' {use}="{mcolors.to_hex(rgb)}"{opacity}'
        self.paints.add(paint)
        rule = f"{use[0]}-{paint.name}"
        self.rules.add(rule)
        return f' class="{rule}" {use}="{paint.light}"{opacity}'

    def _clip(self, gc: GraphicsContextBase) -> str:
        bounds = gc.get_clip_rectangle()
        if bounds is None:
            return ""
        (left, bottom), (right, top) = self._to_css.transform(bounds.get_points())
        shape = (
            f'<rect x="{left:.1f}" y="{top:.1f}"'
            f' width="{right - left:.1f}" height="{bottom - top:.1f}"/>'
        )
        return f' clip-path="url(#{self._define("clipPath", "", shape)})"'

    def _define(self, kind: str, attributes: str, content: str) -> str:
        key = f"{kind} {content}"
        name = self._ids.get(key)
        if name is None:
            name = self._ids[key] = f"{self.prefix}-{len(self._ids)}"
            space = " " if attributes else ""
            self.definitions.append(f'<{kind} id="{name}"{space}{attributes}>{content}</{kind}>')
        return name


def _marker_data(path: Path, transform: Transform) -> str:
    """Return the shape of a marker: few shapes in few sizes are all markers of all figures."""
    parts = path.vertices, path.codes if path.codes is not None else (), transform.get_matrix()
    key = b"|".join(np.asarray(part).tobytes() for part in parts)
    found = _SHAPES.get(key)
    if found is None:
        turned = Affine2D().scale(1 / SHARPNESS, -1 / SHARPNESS)
        found = path_data(path, transform + turned, digits=2)
        if len(_SHAPES) < _MOST_SHAPES:
            _SHAPES[key] = found
    return found


def _one_class(fill: str, stroke: str) -> str:
    """Join two attributes lists of which each may begin with a class."""
    if fill.startswith(' class="') and stroke.startswith(' class="'):
        names, _, rest = stroke[len(' class="') :].partition('"')
        return fill.replace(' class="', f' class="{names} ', 1) + rest
    return fill + stroke
