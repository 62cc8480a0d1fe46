from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reportgen.figures.layout import rows, spread, thin

PLACES = st.lists(st.floats(0, 200), max_size=12)


@given(PLACES)
def test_spread_labels_keep_their_distance_and_order(wanted):
    """Labels stand apart, within bounds, in the order of what they name."""
    places = spread(wanted, 14, 0, 200)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    ascending = [places[index] for index in order]
    assert all(-1e-6 <= place <= 200 + 1e-6 for place in places)
    assert all(b - a >= 14 - 1e-6 for a, b in pairwise(ascending))


def test_spread_leaves_labels_alone_that_have_room():
    """A label moves only if it must."""
    assert spread([10, 90, 50], 14, 0, 100) == [10, 90, 50]


def test_spread_squeezes_what_has_no_room():
    """Too many labels share the height evenly."""
    assert spread([5, 5, 5], 14, 0, 10) == [0, 5, 10]


@given(st.integers(1, 1200), st.floats(5, 200))
def test_first_and_last_are_labelled(count, gap):
    """Labels that do not overlap always include both ends, if both have room."""
    places = [560 * index / max(count - 1, 1) for index in range(count)]
    chosen = thin(places, gap)
    assert chosen[-1] == count - 1
    assert chosen[0] == (0 if count == 1 or places[-1] >= gap else count - 1)
    steps = [b - a for a, b in pairwise(chosen)]
    assert all(step * 560 / max(count - 1, 1) >= gap * 0.75 for step in steps)


def test_labels_stand_at_equal_steps_where_the_count_allows_it():
    """Sixteen amplifiers are labelled each, or every third."""
    places = [33.0 * index for index in range(16)]
    assert thin(places, 30) == list(range(16))
    assert thin(places, 40) == [0, 3, 6, 9, 12, 15]


def test_intervals_share_a_row_only_if_apart():
    """Words that would overlap go to another row; without a free one they get none."""
    assert rows([0, 10, 60, 12], [50, 40, 90, 20], most=2) == [0, 1, 0, -1]
