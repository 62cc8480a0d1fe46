"""Anchors of rows are stable and unique."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.anchors import anchor, unique_anchors


def test_anchor() -> None:
    """Names of the field stay readable."""
    assert anchor("PA1", "g") == "PA1-g"
    assert anchor("validate_drp.AM1", None, "r", "", 9813) == "validate_drp.AM1-r-9813"
    assert anchor('"><script>', "é") == "script"
    assert anchor() == "row"


@given(parts=st.lists(st.text()))
def test_anchor_needs_no_quoting(parts) -> None:
    """Whatever the names are, the id fits an attribute and an address as it is."""
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", anchor(*parts))


def test_unique() -> None:
    """Only repeated names get a number, and never one that another row has by itself."""
    assert unique_anchors(["a", "b", "a", "a-2", "a"]) == ["a", "b", "a-3", "a-2", "a-4"]


@given(names=st.lists(st.sampled_from(["a", "a-2", "a-3", "a-2-2", "b"])))
def test_unique_always(names) -> None:
    """No two are equal, and what was unique stays as it was."""
    result = unique_anchors(names)
    assert len(set(result)) == len(names)
    for name, made in zip(names, result, strict=True):
        assert made.startswith(name)
        assert made == name or names.count(name) > 1
