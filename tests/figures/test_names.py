from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.figures import figure_name, names
from reportgen.model.figures import Limit
from tests.figures.cases import DESIGN, NAN, make_history, make_map, make_series


def test_name_is_twenty_hexadecimal_digits():
    """A name can stand in a URL and a file name."""
    assert len(figure_name(make_history())) == 20
    int(figure_name(make_history()), 16)


@pytest.mark.parametrize(
    "other",
    [
        make_history(title="validate_drp.PA2"),
        make_history(make_series(values=(4.8, 5.0, 5.1000001))),
        make_history(make_series(values=(4.8, 5.0, NAN))),
        make_history(make_series(label="i")),
        make_history(make_series(links=("a", "", ""))),
        make_history(make_series(breaks=(1,))),
        make_history(limits=(DESIGN,)),
        make_history(limits=(replace(DESIGN, kind="watch_range"),)),
        make_history(times=(1.0, 2.0, 3.0)),
        make_history(demonstration=True),
        make_map(),
    ],
)
def test_name_changes_with_all_that_is_drawn(other):
    """Two figures that differ in anything have different names."""
    assert figure_name(other) != figure_name(make_history())


def test_same_numbers_have_the_same_name_in_any_container():
    """A name depends on the numbers, not on how they are held."""
    values = (4.8, NAN, 5.0)
    as_tuple = make_history(make_series(values=values))
    as_list = replace(as_tuple, series=[replace(as_tuple.series[0], values=list(values))])
    as_array = replace(as_tuple, series=[replace(as_tuple.series[0], values=np.array(values))])
    assert figure_name(as_tuple) == figure_name(as_list) == figure_name(as_array)


@given(st.lists(st.text(max_size=4), min_size=2, max_size=4), st.text(max_size=3))
def test_words_do_not_run_into_each_other(labels, more):
    """A character that moves from one label to the next changes the name."""
    moved = [labels[0] + more, *labels[1:]]
    other = [labels[0], more + labels[1], *labels[2:]]
    same = moved == other
    first = figure_name(make_history(labels=moved))
    assert (first == figure_name(make_history(labels=other))) is same


def test_name_changes_with_the_drawing_code(monkeypatch):
    """A change of this package gives all figures new names."""
    before = figure_name(make_history())
    monkeypatch.setattr(names, "drawing_version", lambda: b"another")
    assert figure_name(make_history()) != before


def test_values_that_are_none_have_a_name():
    """A missing value may be given as None."""
    assert figure_name(make_history(make_series(values=(None, 1.0, 2.0))))


def test_planning_needs_no_matplotlib():
    """Names and sizes are known without loading matplotlib, which costs a third of a second."""
    code = (
        "import sys; from reportgen.figures import plan_figure;"
        "from reportgen.model.figures import HistoryFigure, Series;"
        "plan_figure(HistoryFigure(title='', unit='', labels=['a'],"
        " series=[Series(label='r', values=[1.0])]));"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_order_of_limits_counts():
    """Limits are drawn in their order, so another order is another figure."""
    other = Limit(label="minimum", value=8.0, operator="<=")
    assert figure_name(make_history(limits=(DESIGN, other))) != figure_name(
        make_history(limits=(other, DESIGN))
    )
