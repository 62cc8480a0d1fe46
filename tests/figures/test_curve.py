from __future__ import annotations

import numpy as np
import pytest

from reportgen.model.figures import Curve, CurveFigure
from tests.figures.cases import NAN, curves, drawn, hover, svg, words


def make_curve(*curves, **more):
    """Return the request of a figure of curves."""
    fields = {
        "title": "AM1",
        "x_label": "separation",
        "x_unit": "arcmin",
        "y_label": "rms",
        "y_unit": "mas",
        "curves": curves,
    }
    return CurveFigure(**(fields | more))


def test_axes_are_named_with_their_units():
    """What a job stored is shown with its labels and units."""
    sheet = drawn(make_curve(Curve(label="r", x=(1, 2, 3), y=(4, 5, 6))))
    assert {"separation, arcmin", "rms, mas", "r"} <= set(words(sheet))
    assert curves(sheet)[0].get_ydata().tolist() == [4, 5, 6]


def test_edges_and_counts_are_a_histogram():
    """With one edge more than counts, the outline has a step per bin and stands on zero."""
    sheet = drawn(make_curve(Curve(label="", x=(0, 1, 2), y=(5, 7))))
    line = curves(sheet)[0]
    assert line.get_xdata().tolist() == [0, 0, 1, 1, 2, 2]
    assert line.get_ydata().tolist() == [0, 5, 5, 7, 7, 0]
    assert sheet.axes.get_ylim()[0] < 0


def test_points_have_no_line():
    """A cloud of points is not joined."""
    sheet = drawn(make_curve(Curve(label="C00", x=(1, 2), y=(1, 2)), points=True))
    assert curves(sheet)[0].get_linestyle() == "None"


def test_peak_of_a_curve_is_never_cut_off():
    """A narrow peak is what a curve is about, not an outlier."""
    y = [0.0] * 50
    y[25] = 900.0
    sheet = drawn(make_curve(Curve(label="", x=range(50), y=y)))
    assert sheet.axes.get_ylim()[1] > 900


@pytest.mark.parametrize(
    "curve",
    [
        Curve(label="", x=(), y=()),
        Curve(label="", x=(1, 2), y=(NAN, NAN)),
        Curve(label="", x=(1,), y=(1,)),
        Curve(label="", x=(1, 2, 3, 4), y=(1, 2)),
    ],
)
def test_broken_curves_are_drawn(curve):
    """Empty, missing and ill-matched arrays are no error."""
    sheet = drawn(make_curve(curve))
    known = any(np.isfinite(curve.y))
    assert ("No values" in words(sheet)) is not known


def test_pages_learn_the_points():
    """Scripts know what stands on the horizontal axis."""
    found = hover(svg(make_curve(Curve(label="r", x=(1, 2.5), y=(4, 5)))))
    assert found["series"][0]["text"] == ["separation 1 arcmin", "separation 2.5 arcmin"]
    assert found["series"][0]["value"] == [4, 5]
