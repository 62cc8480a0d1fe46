"""Where values of a stage stop being comparable, as the overrides say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from reportgen.model.calibrations import Statistic, TimeAxis, ValueEpoch
from reportgen.model.report import EpochsOf
from reportgen.model.runs import Run


def value_epochs(
    statistics: Sequence[Statistic], axis: TimeAxis, runs: Sequence[Run], epochs_of: EpochsOf
) -> list[Statistic]:
    """Return the statistics with their epochs.

    An epoch begins with the first night that shows the run it is stated for, or a later one.
    """
    by_dataset: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        by_dataset[run.dataset].append(run)
    first_night: dict[str, int] = {}
    for point in axis.points:
        first_night.setdefault(point.run, point.night)
    found: dict[str, Sequence[ValueEpoch]] = {}
    for metric in dict.fromkeys(statistic.metric for statistic in statistics):
        nights = {
            epoch.reason: min(
                first_night[run.id] for run in own[epoch.position :] if run.id in first_night
            )
            for dataset, own in by_dataset.items()
            for epoch in epochs_of(metric, dataset, None, own)
            if any(run.id in first_night for run in own[epoch.position :])
        }
        found[metric] = [
            ValueEpoch(night=night, reason=reason)
            for reason, night in sorted(nights.items(), key=lambda item: item[1])
            if night > 0
        ]
    return [replace(statistic, epochs=found[statistic.metric]) for statistic in statistics]
