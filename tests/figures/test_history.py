from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import PathPatch

from reportgen.figures.annotations import plan_flags
from reportgen.figures.history_plan import plan_history
from reportgen.figures.sheet import MOVES
from reportgen.figures.sizes import figure_size
from reportgen.figures.style import BANDS
from reportgen.model.figures import Annotation, Limit
from tests.figures.cases import (
    DESIGN,
    NAN,
    curves,
    drawn,
    hover,
    labels,
    make_history,
    make_series,
    marks,
    pieces,
    strokes,
    svg,
    words,
)

NOISE = np.random.default_rng(2).normal(5, 0.1, 60).tolist()


def gaps(sheet):
    """Return the places of all marks below the data, in pixels."""
    return sorted(x for one in marks(sheet) if one.y[0] > sheet.box.bottom for x in one.x.tolist())


@pytest.mark.parametrize(
    ("limits", "shown"),
    [((DESIGN,), {"g (faro)", "g (validate_drp)"}), ((), {"g (fa…", "g (va…"})],
)
def test_rows_of_missing_values_are_named_where_there_is_room(limits, shown):
    """Names that the left has no room for stand at the right, where limits are named."""
    lacking = [make_series(f"g ({one})", (5, NAN, 5)) for one in ("faro", "validate_drp")]
    assert shown <= set(words(drawn(make_history(*lacking, limits=limits))))


def test_short_names_of_rows_stand_at_the_left():
    """Even where the right has room."""
    sheet = drawn(make_history(make_series("g", (5, NAN)), make_series("r"), limits=(DESIGN,)))
    (name,) = [one for one in labels(sheet) if one.words == "g" and one.y > sheet.box.bottom]
    assert name.x < sheet.box.left


def test_each_series_is_one_line_with_its_values():
    """The curves on the axes are the values of the request, in its order."""
    sheet = drawn(make_history(make_series("g", (1, 2, 3)), make_series("r", (2, 3, 4))))
    found = curves(sheet)
    assert [curve.get_ydata().tolist() for curve in found] == [[1, 2, 3], [2, 3, 4]]
    assert [curve.get_color() for curve in found] == [BANDS["g"].light, BANDS["r"].light]


def test_missing_run_parts_the_line():
    """No line bridges a run without a value."""
    sheet = drawn(make_history(make_series(values=(5, 5.1, NAN, 5.2, 5.3))))
    assert pieces(curves(sheet)[0]) == [[5, 5.1], [5.2, 5.3]]


def test_missing_run_is_marked_at_the_foot_with_its_reason():
    """Each missing value has a mark below the data, and the legend says what it means."""
    request = make_history(
        make_series(values=(5, NAN, 5.2, NAN), reasons=("", "not run", "", "NaN"))
    )
    sheet = drawn(request)
    x = sheet.across(np.arange(4.0)).tolist()
    assert gaps(sheet) == pytest.approx([x[1], x[3]])
    assert {"not run", "NaN"} <= set(words(sheet))


def test_lone_point_keeps_a_marker_in_a_crowd():
    """A value between two gaps is seen even where most points have no marker."""
    values = [5.0] * 1000
    values[499] = values[501] = NAN
    curve = curves(drawn(make_history(make_series(values=values))))[0]
    assert 500 in curve.get_markevery()
    assert len(curve.get_markevery()) < 100


def test_epoch_cuts_the_line_and_is_named():
    """Values before and after a change of definition are not joined, and the mark says why."""
    request = make_history(
        make_series(values=(5, 5.1, 7, 7.1), breaks=(2,)),
        annotations=(Annotation(position=1.5, text="DM-39332"),),
    )
    sheet = drawn(request)
    assert pieces(curves(sheet)[0]) == [[5, 5.1], [7, 7.1]]
    assert words(sheet).count("◆ DM-39332") == 1
    mark = strokes(sheet, "rg-mark")[0]
    assert mark.x[0] == pytest.approx(sheet.across(np.array(1.5)))


def test_epoch_without_annotation_is_marked_all_the_same():
    """A cut that nobody explained is still said, with the series it concerns."""
    sheet = drawn(
        make_history(make_series("g", (5, 5, 7), breaks=(2,)), make_series("r", (5, 5, 5)))
    )
    assert "◆ new epoch: g" in words(sheet)


def test_limits_lie_over_the_data_and_are_named():
    """A limit is drawn in front of the curves and said in words with its unit."""
    sheet = drawn(make_history(limits=(DESIGN,)))
    limit = strokes(sheet, "rg-limit")[0]
    assert limit.y[0] == pytest.approx(sheet.down(np.array(5.0)))
    assert limit.zorder > sheet.axes.get_zorder()
    assert "design ≤ 5 mmag" in words(sheet)


def test_kinds_of_limits_differ_without_colour():
    """Requirement, release target and watch range have other dashes and other words."""
    limits = [
        DESIGN,
        Limit(label="FY21", value=4.9, operator="<=", kind="release_target"),
        Limit(label="high", value=4.95, operator="<=", kind="watch_range"),
    ]
    sheet = drawn(make_history(limits=limits))
    dashes = {line.look.dashes for line in strokes(sheet, "rg-limit")}
    assert len(dashes) == 3
    assert {"target FY21 ≤ 4.9 mmag", "watch high ≤ 4.95 mmag"} <= set(words(sheet))


def test_long_name_of_a_limit_does_not_hide_its_value():
    """A name is cut before the number is."""
    limit = Limit(label="a very long name of a level of a metric", value=5.0, operator="<=")
    shown = [word for word in words(drawn(make_history(limits=(limit,)))) if "very long" in word]
    assert shown[0].endswith("… ≤ 5 mmag")


def test_limit_out_of_sight_is_noted_with_an_arrow():
    """A limit far from the data is said at the edge with its value, not drawn."""
    sheet = drawn(make_history(limits=(Limit(label="max", value=900.0, operator="<="),)))
    assert "↑ max ≤ 900 mmag" in words(sheet)
    assert not strokes(sheet, "rg-limit")
    assert sheet.axes.get_ylim()[1] < 10


def test_outlier_is_marked_at_the_edge_with_its_value():
    """A wild run does not squash the others, and its value is written at the edge."""
    values = [*NOISE]
    values[30] = 900.0
    sheet = drawn(make_history(make_series(values=values)))
    assert "↑ 900" in words(sheet)
    assert sheet.axes.get_ylim()[1] < 10


def test_demonstration_is_said_in_the_picture():
    """A picture of generated values says so wherever it is pasted."""
    assert "Demonstration data" in words(drawn(make_history(demonstration=True)))
    assert "Demonstration data" not in words(drawn(make_history()))


def test_first_and_last_run_are_labelled():
    """Of a hundred runs some are named, the first and the last always."""
    shown = words(drawn(make_history(make_series(values=[5.0] * 100))))
    assert {"w_2021_00", "w_2021_99"} <= set(shown)
    assert sum(word.startswith("w_2021") for word in shown) < 12


def test_times_are_an_axis_of_dates_in_order():
    """Values are drawn in order of time, whatever the order of the request."""
    request = make_history(make_series(values=(3.0, 1.0, 2.0)), times=(59430.0, 59400.0, 59410.0))
    sheet = drawn(request)
    assert pieces(curves(sheet)[0]) == [[1.0, 2.0, 3.0]]
    assert any(word.startswith("2021-07-") for word in words(sheet))


def test_no_line_leads_over_a_pause():
    """Where nothing was run for weeks between nights, the curve has a gap."""
    nights = [59400.0 + night for night in (0, 1, 2, 3, 30, 31, 32)]
    sheet = drawn(make_history(make_series(values=range(7)), times=nights))
    assert pieces(curves(sheet)[0]) == [[0, 1, 2, 3], [4, 5, 6]]
    assert not strokes(sheet, "rg-mark")


def test_run_without_a_date_is_counted():
    """What has no place on an axis of time is not dropped in silence."""
    request = make_history(make_series(values=(3.0, 1.0)), times=(59430.0, NAN))
    assert "1 without a date are not shown" in words(drawn(request))


def test_nothing_measured_says_so():
    """A history without any value still shows its runs and limits."""
    sheet = drawn(make_history(make_series(values=(NAN, NAN)), limits=(DESIGN,)))
    assert {"No values", "design ≤ 5 mmag", "w_2021_01"} <= set(words(sheet))


def test_dollars_are_no_formulas():
    """Words from outside are drawn as they are."""
    assert "$x^2$ & <b>" in words(drawn(make_history(title="$x^2$ & <b>")))


def test_pages_learn_values_places_and_links():
    """The points for scripts lie where the drawing has them."""
    request = make_history(
        make_series(
            values=(5.0, NAN, 5.2), links=("runs/a/", "", "runs/c/"), reasons=("", "not run", "")
        ),
        details=(("", "", "+0.2"),),
    )
    sheet = drawn(request)
    found = hover(svg(request))
    series = found["series"][0]
    assert series["value"] == [5.0, None, 5.2]
    assert series["text"] == ["", "not run", "+0.2"]
    assert [found["links"][at] if at >= 0 else "" for at in series["href"]] == [
        "runs/a/", "", "runs/c/",
    ]  # fmt: skip
    assert found["x"] == pytest.approx(sheet.across(np.arange(3.0)).tolist(), abs=0.05)
    assert series["y"][0] == pytest.approx(float(sheet.down(np.array(5.0))), abs=0.05)
    assert series["y"][1] > sheet.box.bottom
    assert found["labels"] == list(request.labels)


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 1e12, 1e298])
@pytest.mark.parametrize("count", [1, 2, 100])
def test_any_magnitude_stays_on_the_sheet(scale, count):
    """Tiny and huge values fill the axis like others."""
    request = make_history(make_series(values=[scale * (1 + at / 100) for at in range(count)]))
    sheet = drawn(request)
    y = sheet.down(np.array(request.series[0].values))
    assert ((y > sheet.box.top) & (y < sheet.box.bottom)).all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=12),
        min_size=1,
        max_size=12,
    ),
    st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=3),
    st.text(max_size=20),
)
def test_whatever_comes_is_drawn_at_the_planned_size(values, limits, label):
    """Any numbers and words become a figure of the size that pages were told."""
    request = make_history(
        *(make_series(label, one, reasons=[label] * len(one)) for one in values),
        limits=[Limit(label=label, value=value, operator="<=") for value in limits],
        labels=[label] * max(map(len, values)),
        title=label,
        unit=label,
    )
    sheet = drawn(request)
    size = figure_size(request)
    assert (sheet.width, sheet.height) == (size.width, size.height)
    assert hover(svg(request))["kind"] == "history"
    assert all(math.isfinite(bound) for bound in sheet.axes.get_ylim())


def test_remarks_limits_and_cuts_are_told():
    """Scripts learn what is known of a run, which limit is whose, and where epochs begin."""
    request = make_history(
        make_series("g", [1.0, 2.0, 3.0], breaks=[2]),
        make_series("r", [1.0, 2.0, 3.0]),
        limits=[
            Limit(label="design", value=5, operator="<="),
            Limit(label="stretch", value=4, operator="<=", series=["r"]),
        ],
        remarks=["DM-1", "", "DM-3"],
        unit="mmag",
    )
    told = hover(svg(request))
    assert told["remarks"] == ["DM-1", "", "DM-3"]
    assert told["limits"] == [
        {"text": "design ≤ 5 mmag"},
        {"text": "stretch ≤ 4 mmag", "of": [1]},
    ]
    assert [series.get("cuts") for series in told["series"]] == [[2], None]


def test_where_a_step_may_have_begun_is_shaded():
    """From the last run at the old level to the first at the new one; nothing without that."""
    request = make_history(
        make_series(values=[1.0, 1.0, math.nan, 2.0, 2.0]),
        annotations=[
            Annotation(position=3, text="step", kind="step", since=1),
            Annotation(position=4, text="note", kind="note"),
        ],
    )
    sheet = drawn(request)
    shades = [one for one in sheet.figure.artists if isinstance(one, PathPatch)]
    left, right = sheet.across(np.array([1.0, 3.0])).tolist()
    assert [one.get_gid() for one in shades] == [MOVES]
    across = shades[0].get_path().vertices[:, 0]
    assert (across.min(), across.max()) == (pytest.approx(left), pytest.approx(right))


def test_where_words_have_no_room_the_newest_marks_have_them():
    """Of many steps close together the last are named, and no line crosses the words of another."""
    request = make_history(
        make_series(values=[1.0] * 20),
        annotations=[
            Annotation(position=at, text=f"step: +{at} mmag, and more words", kind="step")
            for at in range(1, 9)
        ],
    )
    sheet = drawn(request)
    flags = plan_flags(request.annotations, sheet, taken=0.0).flags
    named = [flag for flag in flags if "step" in flag.words and flag.row >= 0]
    assert len(named) < len(flags)
    assert [(flag.annotation.position, flag.row) for flag in named[-3:]] == [(6, 2), (7, 1), (8, 0)]


def test_bands_by_producers_have_a_legend_of_bands_and_of_producers():
    """Colour and marker stand for the band; filling and dashes for the producer, in any band."""
    labels = ["g (faro)", "g (validate_drp)", "r (faro)", "r (validate_drp)", "y (validate_drp)"]
    plan = plan_history(make_history(*(make_series(label, (1, 2, 3)) for label in labels)))
    found = {entry.words: entry for entry in plan.legend.entries}
    assert list(found) == ["g", "r", "y", "faro", "validate_drp"]
    for label, style in zip(labels, plan.styles, strict=True):
        band, maker = found[label[0]].style, found[label[3:-1]].style
        assert (style.paint, style.marker) == (band.paint, band.marker)
        assert (style.hollow, style.dashes) == (maker.hollow, maker.dashes)


def test_a_legend_with_a_band_of_no_producer_names_each_curve():
    """What is not band and producer throughout is named curve by curve."""
    labels = ["g (faro)", "g (validate_drp)", "z"]
    plan = plan_history(make_history(*(make_series(label, (1, 2, 3)) for label in labels)))
    assert [entry.words for entry in plan.legend.entries] == labels
