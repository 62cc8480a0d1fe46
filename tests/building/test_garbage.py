from __future__ import annotations

import gc

import pytest

from reportgen.building.garbage import THRESHOLDS, rare_collection


def test_the_pace_is_that_of_a_build_only() -> None:
    """Whoever calls a build has Python's own pace back afterwards, also after an error."""
    before = gc.get_threshold()
    seen = []

    @rare_collection()
    def build() -> None:
        seen.append(gc.get_threshold())
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        build()
    assert seen == [THRESHOLDS] != [before]
    assert gc.get_threshold() == before
