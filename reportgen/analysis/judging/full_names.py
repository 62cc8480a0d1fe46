"""Full names of metrics of analysis_tools, by which its watch ranges call them.

A bundle has ``g_highSNStars_median`` below the action ``e1Diff``; the tables made of bundles, and
``metricInformation.yaml``, call it ``e1Diff_g_highSNStars_median``. In the store band and action
stand beside the name, which holds the action only where two actions would share it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from reportgen.model.definitions import Specification
from reportgen.model.dimensions import band_order
from reportgen.model.report import RunReport

PACKAGE = "analysis_tools."

_COLUMNS = ["stored_metric", "band", "notes"]


def find_full_names(measurements: pd.DataFrame) -> pd.Series:
    """Return names that a measurement may have in full, by its index label; several for each.

    Parameters
    ----------
    measurements
        Columns ``stored_metric``, ``band`` and ``notes``; without notes there are no full names.
    """
    if "notes" not in measurements:
        return pd.Series(dtype=object)
    bundled = measurements[measurements["stored_metric"].str.startswith(PACKAGE)]
    columns = bundled[_COLUMNS].astype(object)
    keys = pd.Series([*columns.where(columns.notna(), None).itertuples(index=False, name=None)])
    names = {key: [*_full_names(*key)] for key in keys.unique()}
    return pd.Series(keys.map(names).to_numpy(), index=bundled.index, dtype=object).explode()


def _full_names(metric: str, band: str | None, notes: str | None) -> Iterator[str]:
    """Yield what may stand before a name: nothing, its band, its action, or action and band."""
    action = _action(notes)
    name = metric.removeprefix(PACKAGE)
    own = name.removeprefix(f"{action}_") if action else name
    for one in dict.fromkeys((name, own)):
        for parts in ((one,), (band, one), (action, one), (action, band, one)):
            if None not in parts:
                yield PACKAGE + "_".join(filter(None, parts))


def _action(notes: str | None) -> str | None:
    found: Any = json.loads(notes).get("action") if notes else None
    return found if isinstance(found, str) else None


def called_in_full(
    reports: Iterable[RunReport], watch: Mapping[str, Specification]
) -> Mapping[str, Sequence[Specification]]:
    """Return the watch ranges that call a metric by a full name, in the bands that they judge.

    By the name of the metric, from what the runs were judged by; ``watch`` has all ranges by name.
    """
    judged: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for report in reports if watch else ():
        checks = report.checks[report.checks["specification"].isin(watch)]
        bands = report.measurements["band"].reindex(checks["row"]).fillna("")
        for metric, name, band in zip(
            checks["metric"], checks["specification"], bands, strict=True
        ):
            if watch[name].metric != metric:
                judged[metric, name].add(band)
    found: defaultdict[str, list[Specification]] = defaultdict(list)
    for (metric, name), bands in judged.items():
        own = None if "" in bands else tuple(sorted(bands, key=band_order))
        found[metric].append(replace(watch[name], metric=metric, bands=own))
    return found
