"""The values of many members: a strip per band on one axis."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.figures.artists import Label
from reportgen.figures.names import figure_name
from reportgen.figures.sizes import STRIP_HEIGHT, THIN_STRIP, figure_size
from reportgen.figures.style import SMALL_SIZE
from reportgen.figures.textsize import text_width
from reportgen.model.figures import Limit, NamedMember, Strip, StripsFigure
from tests.figures.cases import DESIGN, drawn, hover, marks, strokes, svg, words

MANY = np.random.default_rng(5).normal(20, 2, 5000)


def make_strip(label="g", values=(4.0, 4.5, 6.0), names=None, of=None):
    """Return a strip; without names every member is one."""
    named = (
        [NamedMember(name=f"tract {at}", value=v, link=f"#t{at}") for at, v in enumerate(values)]
        if names is None
        else [NamedMember(name=name, value=value, link=f"#{name}") for name, value in names.items()]
    )
    return Strip(label=label, values=values, named=named, of=of or len(values))


def make_strips(*strips, **more):
    """Return the request of a figure of strips."""
    fields = {"title": "PA1", "unit": "mmag", "strips": strips or (make_strip(),)}
    return StripsFigure(**(fields | more))


def test_few_members_are_points_of_their_own():
    """Each member is one point at its value, with its name, value and link for the pointer."""
    request = make_strips(make_strip(values=(4.0, 4.5, 6.0), of=5))
    sheet = drawn(request)
    (points,) = marks(sheet)
    assert sheet.x.low + (np.asarray(points.x) - sheet.box.left) / sheet.box.width * (
        sheet.x.span
    ) == pytest.approx([4.0, 4.5, 6.0])
    found = hover(svg(request))
    assert found["kind"] == "strips"
    assert found["series"][0]["value"] == [4, 4.5, 6]
    assert found["series"][0]["text"] == ["tract 0", "tract 1", "tract 2"]
    assert [found["links"][n] for n in found["series"][0]["href"]] == ["#t0", "#t1", "#t2"]
    assert "3 of 5" in words(sheet)


def test_many_members_are_a_distribution_with_the_worst_named():
    """Thousands cost as much as a few: an area, and a point for each named member."""
    values = (*MANY, 31.0)
    sheet = drawn(make_strips(make_strip(values=values, names={"tract 9": 31.0}, of=7871)))
    (points,) = marks(sheet)
    assert len(points.x) == 1
    assert "5001 of 7871" in words(sheet)
    assert "tract 9" in words(sheet)


@pytest.mark.parametrize("values", [(1.45, 1.61, 1.63), (1.75, 1.89, 1.94), (5.0, 5.0, 5.0)])
def test_names_cover_no_point(values):
    """The words of a point, with the halo around them, leave the other points to be seen."""
    sheet = drawn(make_strips(make_strip(values=values), make_strip("i", values=(0.5, 6.0))))
    points = [(x, y) for one in marks(sheet) for x, y in zip(one.x, one.y, strict=True)]
    names = [one for one in sheet.figure.artists if isinstance(one, Label) if "tract" in one.words]
    assert len(names) > 2
    for name in names:
        right = name.x + text_width(name.words, SMALL_SIZE)
        assert not [
            (x, y) for x, y in points if name.x - 2 < x < right + 2 and abs(y + 3.5 - name.y) < 6
        ]


def test_a_member_beyond_the_axis_is_hollow_at_its_edge_and_says_its_value():
    """One that would squash the others stays visible and labelled."""
    strip = make_strip(values=(*MANY, 900.0), names={"tract 9": 900.0})
    sheet = drawn(make_strips(strip))
    (points,) = marks(sheet)
    assert points.style.hollow
    assert float(points.x[0]) == pytest.approx(sheet.box.right)
    assert "tract 9: 900" in words(sheet)
    assert "1 above, up to 900 →" in words(sheet)


def test_limits_are_upright_lines_with_their_words():
    """A limit in reach stands at its value over all strips, one far away says where it is."""
    far = Limit(label="minimum", value=9000.0, operator="<=")
    request = make_strips(make_strip("g"), make_strip("r"), limits=(DESIGN, far))
    sheet = drawn(request)
    (line,) = strokes(sheet, "rg-limit")
    wanted = float(sheet.across(np.array(5.0)))
    assert [float(x) for x in line.x] == pytest.approx([wanted, wanted])
    assert "design ≤ 5 mmag" in words(sheet)
    assert "minimum ≤ 9000 mmag →" in words(sheet)


def test_bands_have_their_own_strip_and_look():
    """Strips lie below each other, each in the look of its band."""
    sheet = drawn(make_strips(make_strip("g"), make_strip("r")))
    first, second = marks(sheet)
    assert first.style != second.style
    assert max(first.y) < min(second.y)


@pytest.mark.parametrize(
    "values",
    [(), (np.nan,), (5.0, 5.0, 5.0), (np.inf, 1.0), (1e308, -1e308), (0.0,)],
)
def test_degenerate_values_are_drawn(values):
    """Nothing, one value, equal values and infinities give a picture."""
    drawn(make_strips(make_strip(values=values, of=3)))


def test_size_and_name_follow_the_strips():
    """The height is known before the drawing; other members are another figure."""
    few, many = make_strips(), make_strips(make_strip(values=MANY, names={"tract 1": 30.0}))
    assert figure_size(many).height - figure_size(few).height == STRIP_HEIGHT - THIN_STRIP
    other = make_strips(make_strip(values=(4.0, 4.5, 6.1)))
    assert figure_name(few) != figure_name(other)


def test_hostile_names_are_words():
    """A name of a member is text, whatever it holds."""
    sheet = drawn(make_strips(make_strip(values=(1.0,), names={"<script>\n": 1.0})))
    assert "<script>" in words(sheet)
