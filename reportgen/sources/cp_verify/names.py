"""Names of cp_verify: stages, levels, statistics and tests, old spellings included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What one file reports on."""

    DETECTOR = "detector"
    """DetStats: one detector, in one exposure or one calibration."""
    EXPOSURE = "exposure"
    """ExpStats: the detectors of one exposure."""
    RUN = "run"
    """Stats: the exposures, or the detectors, of one run."""


_LEVELS = {
    "det": Level.DETECTOR,
    "detector": Level.DETECTOR,
    "exp": Level.EXPOSURE,
    "exposure": Level.EXPOSURE,
    "run": Level.RUN,
}
_STAGES = {"linearizer": "linearity", "defect": "defects"}
"""Dataset types and tables disagree; the tables' name counts."""

_DATASET_TYPE = re.compile(
    r"(?<![^/])verify([A-Z][A-Za-z]*?)(Det|Exp|Run)?(?:Stats|Results)(?![A-Za-z])"
)
_FOLDER = re.compile(r"(?<![^/])([a-z]+)(Det|Exp|Run)(?![A-Za-z])")

READ_NOISE = "READ_NOISE_ADU"
_STATISTICS = {"RESIDUAL_STDEV": READ_NOISE, "READ_NOISE": READ_NOISE}
"""Keys of METADATA and columns of tables: one statistic under three names since 2023."""

_TESTS = {"ptc": {"GAIN": "PTC_GAIN", "NOISE": "PTC_NOISE", "BFE_A00": "PTC_BFE_A00"}}
"""Tests of PTC until January 2024 → since."""

_DETECTOR_PREFIX = {"FLAT": "DET_"}
"""Flats have a MEAN for each amplifier and another for the detector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Which stage and level a file is about; None where its name does not say."""

    stage: str | None = None
    level: Level | None = None


def subject(path: str) -> Subject:
    """Return stage and level from names such as ``verifyBiasDetStats`` or ``biasDet``."""
    if found := _DATASET_TYPE.search(path):
        level = level_named(found[2]) if found[2] else Level.RUN
        return Subject(stage=stage_named(found[1]), level=level)
    if found := _FOLDER.search(path):
        return Subject(stage=stage_named(found[1]), level=level_named(found[2]))
    return Subject()


def stage_named(name: str) -> str:
    """Return a stage in lower case, under its one name."""
    return _STAGES.get(name.lower(), name.lower())


def level_named(name: str) -> Level | None:
    """Return a level from ``Det``, ``detector`` and the like; None for other words."""
    return _LEVELS.get(name.lower())


def statistic(stage: str, key: str, *, detector: bool = False) -> str:
    """Return a statistic as the Results tables call it, such as ``BIAS_READ_NOISE_ADU``.

    Parameters
    ----------
    detector
        Whether the file states it for the detector as a whole (block DET).
    """
    stage = stage.upper()
    name = key.upper().replace(" ", "_")
    prefix = _DETECTOR_PREFIX.get(stage, "") if detector else ""
    return f"{stage}_{prefix}{_STATISTICS.get(name, name)}"


def test(stage: str, key: str) -> str:
    """Return the name that a test has today."""
    return _TESTS.get(stage, {}).get(key, key)
