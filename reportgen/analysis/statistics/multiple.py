"""Many tests at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reportgen.analysis.statistics.packed import FloatArray


def benjamini_hochberg(p_values: npt.ArrayLike) -> FloatArray:
    """Give the q-value of each p-value: the false discovery rate at which it would be found.

    Values that are nan were not tested; they do not count and stay nan.

    Notes
    -----
    Benjamini and Hochberg 1995, J. R. Statist. Soc. B 57, 289.
    """
    p = np.asarray(p_values, dtype=np.float64)
    flat = p.ravel()
    q = np.full(flat.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(flat))
    order = tested[np.argsort(flat[tested], kind="stable")]
    raised = flat[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return q.reshape(p.shape)
