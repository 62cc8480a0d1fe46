"""What members are called."""

from __future__ import annotations

import pandas as pd

from reportgen.model.report import MEMBER_DIMENSIONS


def member_labels(measurements: pd.DataFrame) -> pd.Series:
    """Return the data ID of each measurement without its band, in words: ``tract 9615``."""
    labels = pd.Series("", index=measurements.index)
    for name in MEMBER_DIMENSIONS:
        column = measurements[name]
        if name not in ("instrument", "skymap") and column.notna().any():
            part = (name + " " + column.astype(str)).where(column.notna(), "")
            labels = (labels + " " + part).str.strip()
    return labels
