from __future__ import annotations

import pytest

from reportgen.errors import UnknownNameError

RUNS = ("ci/w_2020_31", "rc2/w_2020_30", "rc2/w_2020_31", "rc2/w_2021_01")


@pytest.mark.parametrize(
    ("name", "known", "end"),
    [
        ("PA11", ("v.PA1", "v.AM1"), "Did you mean v.PA1?"),
        ("V.pa1", ("v.PA1", "v.AM1"), "Did you mean v.PA1?"),
        ("w_2021", RUNS, "Did you mean rc2/w_2021_01?"),
        ("rc2/w_2021_02", RUNS, "Did you mean rc2/w_2021_01, rc2/w_2020_31 or rc2/w_2020_30?"),
        ("nothing", ("b", "a"), "Known: a, b."),
        ("nothing", (), "Known: none."),
    ],
)
def test_a_name_is_answered_with_what_it_may_mean(
    name: str, known: tuple[str, ...], end: str
) -> None:
    """Names that look like it, or whose part after package or dataset does; else what there is."""
    assert str(UnknownNameError("thing", name, known)) == f"No thing named {name!r}. {end}"
