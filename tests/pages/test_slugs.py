"""Names of any length become segments of addresses."""

from __future__ import annotations

from reportgen.model.runs import LONGEST_SLUG, slug
from reportgen.pages.paths import metric_segment
from reportgen.render.outputs import check_path


def test_a_long_name_is_cut_and_stays_its_own() -> None:
    """Names that differ at their ends only have different slugs; two make a comparison's file."""
    names = [f"{'a' * 300}-{end}" for end in "xy"]
    first, second = map(slug, names)
    assert first != second
    assert first[:80] == second[:80] == "a" * 80
    assert len(first) == len(second) == LONGEST_SLUG
    check_path(f"compare/d/{first}...{second}.json")


def test_a_name_that_fits_stays() -> None:
    """Up to the limit nothing is cut: addresses that were given stay."""
    assert slug("b" * LONGEST_SLUG) == "b" * LONGEST_SLUG


def test_a_long_metric_is_cut_and_stays_its_own() -> None:
    """A metric keeps its name up to 150 characters; a longer one has slug and hash."""
    assert metric_segment("p." + "M" * 148) == "p." + "M" * 148
    first, second = (metric_segment(f"p.{'M' * 300}{end}") for end in "xy")
    assert first != second
    check_path(f"api/v1/metrics/{first}.json")


def test_no_name_ends_in_a_dot() -> None:
    """Three dots part two runs in an address: a release or a metric does not lengthen them."""
    assert slug("v25...") == "v25"
    assert slug("...") == "unnamed"
    assert not metric_segment("p.PA1.").endswith(".")
    assert metric_segment("p.PA1.") != metric_segment("p.PA1")
