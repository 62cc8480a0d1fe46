"""What the name of a collection says."""

from __future__ import annotations

import pytest

from reportgen.sources.collection_names import COLLECTION


@pytest.mark.parametrize(
    ("name", "release", "ticket", "dataset"),
    [
        ("HSC/runs/RC2/w_2026_40/DM-99999/20261005T010203Z", "w_2026_40", "DM-99999", "RC2"),
        ("HSC/runs/RC2/w_2026_40_DM-99999/20261005T010203Z", "w_2026_40", "DM-99999", "RC2"),
        ("HSC/runs/RC2/w_2026_40-DM-99999", "w_2026_40", "DM-99999", "RC2"),
        ("HSC/runs/RC2/w_2026_40", "w_2026_40", None, "RC2"),
        ("LSSTComCam/runs/DRP/DP1/v29_0_0/DM-50260", "v29_0_0", "DM-50260", "DRP"),
        ("LSSTComCam/runs/DRP/DP1/v29.0.0.rc2_DM-50260", "v29.0.0.rc2", "DM-50260", "DRP"),
        ("u/somebody/DM-4/try", None, "DM-4", None),
        ("u/somebody/w_2026_401", None, None, None),
    ],
)
def test_release_ticket_and_dataset(
    name: str, release: str | None, ticket: str | None, dataset: str | None
) -> None:
    """The ticket stands in a part of its own, or behind the release."""
    found = COLLECTION.match(name)
    assert found is not None
    assert found.groupdict() == {"release": release, "ticket": ticket, "dataset": dataset}
