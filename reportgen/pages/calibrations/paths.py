"""Addresses of the pages and documents of calibrations, from the root of an edition."""

from __future__ import annotations

from reportgen.model.calibrations import StageKey
from reportgen.model.runs import slug
from reportgen.pages.paths import API

INDEX = "calibrations/"


def stage_path(key: StageKey) -> str:
    """Return the address of the page of a stage."""
    return f"{INDEX}{_stage(key)}/"


def detector_path(key: StageKey, detector: str) -> str:
    """Return the address of the page of one detector in a stage."""
    return f"{stage_path(key)}{slug(detector)}/"


def stage_api(key: StageKey) -> str:
    """Return the address of the JSON of a stage."""
    return f"{API}/calibrations/{_stage(key)}.json"


def detector_api(key: StageKey, detector: str) -> str:
    """Return the address of the JSON of the amplifiers of one detector."""
    return f"{API}/calibrations/{_stage(key)}/{slug(detector)}.json"


def values_csv(key: StageKey) -> str:
    """Return the address of the values of a stage as CSV."""
    return f"data/calibrations/{_stage(key)}.csv"


def nights_csv(key: StageKey) -> str:
    """Return the address of what the figures show, night by night, as CSV."""
    return f"data/calibrations/{_stage(key)}-nights.csv"


def changes_csv(key: StageKey) -> str:
    """Return the address of the changes since last month as CSV."""
    return f"data/calibrations/{_stage(key)}-changes.csv"


def detector_csv(key: StageKey, detector: str) -> str:
    """Return the address of the values of the amplifiers of one detector as CSV."""
    return f"data/calibrations/{_stage(key)}/{slug(detector)}.csv"


def _stage(key: StageKey) -> str:
    return f"{slug(key.instrument)}/{slug(key.stage)}"
