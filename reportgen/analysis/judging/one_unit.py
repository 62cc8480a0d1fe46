"""Values of one row in one unit: jobs may have stored the same metric in several."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.analysis.judging.units import factor_or_none
from reportgen.model.status import Reason


def in_one_unit(measurements: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Return measurements with the values of each group in the unit of its first value.

    A value that does not convert to it has none any more, with the reason *unreadable*.

    Parameters
    ----------
    measurements
        Columns ``value``, ``unit`` and ``reason``.
    group
        Number of the metric, band and producer of each measurement.
    """
    units = measurements["unit"].astype(object)
    codes, names = pd.factorize(units.where(units.notna(), None), use_na_sentinel=False)
    stated, measured = pd.Series(codes, index=group.index), measurements["value"].notna()
    first = stated[measured].groupby(group[measured]).first()
    wanted = group.map(first).where(measured, stated).astype("int64")
    other = wanted != stated
    if not other.any():
        return measurements
    known = [None if pd.isna(name) else str(name) for name in names]
    pairs = zip(stated[other], wanted[other], strict=True)
    factors = np.array([factor_or_none(known[a], known[b]) for a, b in pairs], dtype=float)
    values = measurements["value"].astype(float)
    values[other] *= factors
    lost = other & ~np.isfinite(values)
    return measurements.assign(
        value=values.where(~lost, np.nan),
        unit=[known[code] for code in wanted],
        reason=measurements["reason"].astype(object).where(~lost, Reason.UNREADABLE.value),
    )
