"""Several values under one data ID: two jobs that contradict each other, or say too little."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pandas as pd

from reportgen.analysis.judging.labels import member_labels
from reportgen.model.numbers import format_quantity
from reportgen.model.report import MEMBER_DIMENSIONS

NAMED = 3
"""Values of a data ID that are named, and data IDs of a row."""


def find_repeats(
    measurements: pd.DataFrame, group: pd.Series, origins: Mapping[str, str]
) -> dict[int, Sequence[str]]:
    """Return what to say of data IDs that have several different values, by number of group.

    Parameters
    ----------
    measurements
        Those of a run; equal values in equal units repeat nothing.
    group
        Number of the metric, band and producer of each measurement.
    origins
        The file of each job.
    """
    several = group[group.duplicated(keep=False)].index
    table = measurements.loc[several].dropna(subset=["value"])
    table = table.assign(row=group.loc[table.index])
    place = ["row", *(name for name in MEMBER_DIMENSIONS if table[name].notna().any())]
    table = table.drop_duplicates([*place, "value", "unit"])
    table = table[table.duplicated(place, keep=False)]
    if table.empty:
        return {}
    table = table.assign(label=member_labels(table))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for _, rows in table.groupby(place, dropna=False, sort=False):
        found[int(rows["row"].iloc[0])].append(_said(rows, origins))
    return {number: _shortened(texts) for number, texts in found.items()}


def _said(rows: pd.DataFrame, origins: Mapping[str, str]) -> str:
    """Name the values of one data ID with their files."""
    named = [
        f"{format_quantity(row.value, row.unit)} ({origins.get(row.job, 'no file stated')})"
        for row in rows.iloc[:NAMED].itertuples(index=False)
    ]
    more = [f"{len(rows) - NAMED} more"] if len(rows) > NAMED else []
    label = rows["label"].iloc[0]
    where = f" ({label})" if label else ""
    return f"{len(rows)} values of one data ID{where}: {', '.join([*named, *more])}"


def _shortened(texts: Sequence[str]) -> Sequence[str]:
    more = len(texts) - NAMED
    return [*texts[:NAMED], f"{more} more data IDs with several values"] if more > 0 else texts
