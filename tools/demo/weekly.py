"""The values of the weekly demonstration."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.noise import correlated, generator
from demo.plan import MISSING, DemoMetric, DemoRun, Plan, Planted

COMMON, OWN = 0.6, 0.8
"""Shares of the noise that all tracts have in common (and remember a little) and of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoValue:
    """One measurement; ``value`` is NaN or None where it is stored as such."""

    run: DemoRun
    producer: str
    metric: DemoMetric
    band: str
    tract: int
    value: float | None


def weekly_values(plan: Plan) -> list[DemoValue]:
    """Return all measurements by run; absent ones are not there."""
    values = [
        value
        for metric in plan.metrics
        for band in metric.level
        for value in _band_values(plan, metric, band)
    ]
    order = {run: index for index, run in enumerate(plan.runs)}
    return sorted(values, key=lambda value: order[value.run])


def _band_values(plan: Plan, metric: DemoMetric, band: str) -> Iterator[DemoValue]:
    """Yield the history of one band, tract by tract."""
    size = len(plan.runs)
    common = correlated(metric.name, band, size=size, phi=0.3)
    for tract in plan.tracts:
        own = generator(metric.name, band, tract).standard_normal(size)
        noise = metric.noise * (COMMON * common + OWN * own)
        planted = [one for one in plan.planted if one.touches(metric.name, band, tract)]
        for index, run in enumerate(plan.runs):
            lasting = [one for one in planted if one.lasts(run.release)]
            kinds = {one.kind for one in lasting}
            if "absent" in kinds:
                continue
            for producer in plan.producers(metric, run.release):
                value = _value(metric, band, tract, producer, float(noise[index]))
                value *= math.prod(_factor(plan, one, run) for one in lasting)
                stored = _stored(metric, value, kinds)
                yield DemoValue(
                    run=run, producer=producer, metric=metric, band=band, tract=tract, value=stored
                )


def _value(metric: DemoMetric, band: str, tract: int, producer: str, noise: float) -> float:
    """Return the value without what is planted."""
    # Tract 9813 is the hard one of RC2; how hard depends on the metric.
    hardness = {9615: -1.0, 9697: 0.0, 9813: 1.0}[tract]
    hardness += 0.15 * float(generator("tract", metric.name, tract).standard_normal())
    level, spread = metric.level[band], metric.spread * hardness
    if metric.additive:
        return level + spread + noise
    scale = {
        "validate_drp": metric.validate_drp,
        "faro": 1.0,
        "analysis_tools": metric.analysis_tools or 1.0,
    }[producer]
    return level * scale * (1 + spread) * (1 + noise)


def _factor(plan: Plan, planted: Planted, run: DemoRun) -> float:
    if planted.kind in MISSING:
        return 1.0
    if planted.kind != "drift":
        return planted.factor
    weeks = [one.release for one in plan.runs if planted.lasts(one.release)]
    return 1 + (planted.factor - 1) * (weeks.index(run.release) + 1) / len(weeks)


def _stored(metric: DemoMetric, value: float, kinds: set[str]) -> float | None:
    if "null" in kinds:
        return None
    if "nan" in kinds:
        return math.nan
    if metric.digits is not None:
        return float(np.round(value, metric.digits))
    return float(f"{value:.6g}")
