"""Figures that compare two runs: scatter plot, histogram, dumbbell."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.figures.histogram import bin_edges
from reportgen.figures.style import FAIL, PASS
from reportgen.model.figures import (
    Annotation,
    DumbbellFigure,
    DumbbellRow,
    HistogramFigure,
    Sample,
)
from tests.figures.cases import (
    NAN,
    curves,
    drawn,
    hover,
    make_scatter,
    marks,
    svg,
    words,
)

NOISE = np.random.default_rng(3).normal(0.2, 1, 400)


def shown(sheet):
    """Return marker and number of each set of points."""
    return [(one.style.marker, len(one.x)) for one in marks(sheet)]


def make_histogram(*samples, **more):
    """Return the request of a histogram."""
    return HistogramFigure(
        title="Differences",
        unit="mmag",
        x_label="B − A",
        samples=[Sample(label=f"s{at}", values=values) for at, values in enumerate(samples)],
        **more,
    )


def make_dumbbell(*rows, **more):
    """Return the request of a dumbbell figure."""
    return DumbbellFigure(title="Changes", axis="change / tolerance", rows=rows, **more)


def test_both_axes_of_a_scatter_plot_are_alike():
    """Equal values lie on the diagonal."""
    sheet = drawn(make_scatter((10, 12, 14), (11, 12, 17)))
    assert sheet.axes.get_xlim() == sheet.axes.get_ylim()
    assert sheet.box.width == pytest.approx(sheet.box.height)
    assert "equal" in words(sheet)


def test_members_of_one_run_only_are_counted():
    """A member that one run lacks is no point, and no secret."""
    sheet = drawn(make_scatter((1, NAN, 3, 4), (1, 2, NAN, NAN)))
    assert shown(sheet) == [("o", 1)]
    assert {"2 only in w_2021_30", "1 only in w_2021_34"} <= set(words(sheet))


def test_member_beyond_the_axes_is_hollow_at_the_edge():
    """One wild member leaves the others visible and is said."""
    wild = np.append(NOISE, 90.0)
    sheet = drawn(make_scatter(wild, wild + 0.1))
    assert shown(sheet) == [("o", 400), ("o", 1)]
    assert "hollow: beyond, to 90.1" in words(sheet)


def test_pages_learn_the_members():
    """Scripts know both values of each member that has both."""
    found = hover(svg(make_scatter((1, 2, 3), (1, NAN, 4))))
    assert found["labels"] == ["tract 0", "tract 1", "tract 2"]
    (series,) = found["series"]
    assert [y is None for y in series["y"]] == [False, True, False]
    assert series["text"] == ["1 → 1 mmag", "", "3 → 4 mmag"]


def test_histogram_counts_everything_or_says_what_it_left_out():
    """The counts and the remark add up to all numbers."""
    request = make_histogram([*NOISE, 50.0, NAN])
    found = hover(svg(request))
    assert sum(found["series"][0]["value"]) == 400
    assert "n = 401 · 1 above, up to 50" in words(drawn(request))


def test_bins_are_round_and_cover_the_shown_marks():
    """Edges are multiples of a round step and hold zero where it is near."""
    edges = bin_edges([NOISE + 3], [0.0])
    steps = np.diff(edges)
    assert steps == pytest.approx(steps[0])
    assert edges[0] <= 0 <= edges[-1]
    assert edges / steps[0] == pytest.approx(np.rint(edges / steps[0]))


@pytest.mark.parametrize(
    "values", [[], [NAN], [0.0], [5.0] * 40, [1e-300, 2e-300], [1e200, -1e200]]
)
def test_histogram_of_any_numbers_is_drawn(values):
    """No numbers, one number and extreme numbers make a figure too."""
    known = sum(np.isfinite(values))
    assert any(word.startswith(f"n = {known}") for word in words(drawn(make_histogram(values))))


def test_several_samples_are_outlines():
    """Two distributions do not hide each other."""
    sheet = drawn(make_histogram(NOISE, NOISE + 1, annotations=[Annotation(position=0, text="0")]))
    assert len(curves(sheet)) == 2
    assert {"s0", "s1"} <= set(words(sheet))


def test_dumbbell_shows_verdict_by_icon_and_colour():
    """Improved and regressed rows differ in marker and in words, others have neither."""
    sheet = drawn(
        make_dumbbell(
            DumbbellRow(label="PA1 g", before=0, after=3, verdict="regressed", text="5 → 6 mmag"),
            DumbbellRow(label="PA1 r", before=0, after=-2, verdict="improved", text="6 → 5 mmag"),
            DumbbellRow(label="PA1 i", before=0, after=0.1, text="5 → 5 mmag"),
        )
    )
    assert {"▼ 5 → 6 mmag", "▲ 6 → 5 mmag", "5 → 5 mmag", "PA1 g"} <= set(words(sheet))
    colours = {label.look.paint for label in sheet.figure.artists if hasattr(label, "look")}
    assert {FAIL, PASS} <= colours


def test_dumbbell_beyond_the_axis_has_its_value_at_the_edge():
    """A huge change leaves the small ones visible."""
    rows = [DumbbellRow(label=f"{at}", before=0, after=at / 10) for at in range(12)]
    sheet = drawn(make_dumbbell(*rows, DumbbellRow(label="PF1", before=0, after=95.0)))
    assert "95 →" in words(sheet)
    assert sheet.axes.get_xlim()[1] < 10


def test_very_many_rows_are_cut_and_counted():
    """A figure stays a figure; the rest is in the table."""
    rows = [DumbbellRow(label=f"m{at}", before=0, after=1) for at in range(100)]
    sheet = drawn(make_dumbbell(*rows))
    assert "and 40 more" in words(sheet)


def test_dumbbell_without_rows_is_drawn():
    """Nothing to compare is no error."""
    assert drawn(make_dumbbell()).height > 0


def test_pages_learn_the_rows():
    """Scripts know where each row leads."""
    row = DumbbellRow(label="PA1 g", before=0, after=3, verdict="regressed", link="#PA1-g")
    found = hover(svg(make_dumbbell(row)))
    assert (found["labels"], found["links"]) == (["PA1 g"], ["#PA1-g"])
    assert found["series"][0]["value"] == [3]
