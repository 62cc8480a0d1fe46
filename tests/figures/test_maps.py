from __future__ import annotations

import math

import pytest
from matplotlib.patches import PathPatch

from reportgen.figures.style import FAIL_AREA, PASS_AREA, QUIET_AREA
from tests.figures.cases import NAN, drawn, hover, make_map, svg, words


def areas(sheet):
    """Return the number of cells of each colour, by red, green and blue."""
    return {
        patch.get_facecolor()[:3]: patch.get_path().codes.tolist().count(1)
        for patch in sheet.figure.artists
        if isinstance(patch, PathPatch)
    }


def rgb(paint):
    """Return a paint as matplotlib writes it."""
    return tuple(int(paint.light[at : at + 2], 16) / 255 for at in (1, 3, 5))


def test_states_are_counted_coloured_and_told_by_icons():
    """Pass, fail and not measured differ by icon, word and colour."""
    sheet = drawn(make_map(((1.0, 0.0, 1.0), (NAN, 1.0, 1.0)), states=True))
    found = areas(sheet)
    assert [found[rgb(paint)] for paint in (PASS_AREA, FAIL_AREA, QUIET_AREA)] == [4, 1, 1]
    assert {"✕ 1 fail", "✓ 4 pass", "▨ 1 not measured"} <= set(words(sheet))


def test_numbers_stand_in_roomy_cells():
    """A small map shows its values, and what is not measured as no number."""
    shown = words(drawn(make_map(((1.5, 2.25), (3.0, NAN)))))
    assert {"1.50", "2.25", "3.00", "▨ 1 not measured"} <= set(shown)
    assert "nan" not in " ".join(shown)


def test_numbers_fit_their_cells():
    """Where three digits are wider than a cell, fewer are written, and no zero has a sign."""
    values = [[0.14 - 0.02 * column for column in range(16)], [-0.0004] * 16]
    shown = words(drawn(make_map(values)))
    assert {"0.14", "−0.16", "0.00"} <= set(shown)
    assert not {"0.140", "−0.160", "−0.00"} & set(shown)


def test_outlier_is_told_apart_from_the_scale():
    """One wild amplifier does not use up the colours, and its value is said."""
    values = [[5 + (row + column) / 100 for column in range(16)] for row in range(9)]
    values[4][4] = 900.0
    shown = words(drawn(make_map(values)))
    assert "↑900.00" in shown
    assert any("up to 900" in word for word in shown)


@pytest.mark.parametrize("shape", [(1, 1), (1, 16), (9, 16), (189, 16), (3, 200)])
@pytest.mark.parametrize("states", [True, False])
def test_maps_of_any_shape_name_their_ends(shape, states):
    """From one amplifier to a whole focal plane, the first and last row are named."""
    rows, columns = shape
    values = [[float((row + column) % 2) for column in range(columns)] for row in range(rows)]
    sheet = drawn(make_map(values, states=states))
    assert {"R22_S00", f"R22_S{rows - 1:02d}"} <= set(words(sheet))
    assert sheet.height <= 600


def test_map_without_values_is_hatched():
    """A map in which nothing was measured is drawn as such."""
    sheet = drawn(make_map([[NAN] * 3] * 2))
    assert areas(sheet) == {rgb(QUIET_AREA): 6}


def test_pages_learn_the_cells():
    """Scripts know the value and the state of each cell."""
    request = make_map(((1.0, NAN),), states=True)
    found = hover(svg(request))
    series = found["series"][0]
    assert (series["value"], series["text"]) == ([1, None], ["pass", "not measured"])
    left, top, right, bottom = found["box"]
    assert all(left < x < right for x in found["x"])
    assert all(top < y < bottom for y in series["y"])
    assert math.isclose(found["cell"][0] * 2, right - left, rel_tol=0.01)
