"""Many series side by side: measured points moved to the left, gaps remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


LARGEST = 1e150
"""Anything larger in size is no measurement, and its square is no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Series of different length and with gaps, as one rectangle.

    Only numbers are kept: no nan, no infinity, nothing beyond ``LARGEST``. Row *i* holds
    ``counts[i]`` of them, padded with zeros.
    """

    values: FloatArray
    """Shape (series, longest)."""
    counts: IntArray
    """Number of measured points of each series."""
    positions: tuple[IntArray, ...]
    """Where each measured point stood in the series as it was given."""


def to_floats(values: Sequence[Any] | npt.ArrayLike) -> FloatArray:
    """Give ``values`` as one-dimensional floats; whatever is not a real number becomes nan."""
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(float), np.nan)
    if getattr(getattr(values, "dtype", None), "kind", "") in {"m", "M"}:
        return np.full(np.size(values), np.nan)  # times, not numbers
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        array = np.array([_to_float(value) for value in _flat(values)], dtype=np.float64)
    return array.ravel()


def _flat(values: Any) -> Iterator[Any]:
    return iter(values)


def _to_float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def pack(series: Sequence[FloatArray]) -> Packed:
    """Keep the numbers of every series and lay them side by side."""
    positions = tuple(np.flatnonzero(np.abs(row) < LARGEST) for row in series)
    counts = np.array([len(kept) for kept in positions], dtype=np.int64)
    values = np.zeros((len(series), int(counts.max(initial=0))))
    for row, (given, kept) in enumerate(zip(series, positions, strict=True)):
        values[row, : len(kept)] = given[kept]
    return Packed(values=values, counts=counts, positions=positions)


def measured(counts: IntArray, width: int) -> BoolArray:
    """Tell the measured points of packed rows from their padding."""
    return np.asarray(np.arange(width) < counts[:, None])


def row_medians(values: FloatArray, keep: BoolArray) -> FloatArray:
    """Take the median of the kept values of each row; 0 where a row keeps none."""
    ordered = np.sort(np.where(keep, values, np.inf), axis=1)
    kept = keep.sum(axis=1)
    rows = np.arange(len(values))
    upper = np.maximum(kept // 2, 0)
    lower = np.maximum((kept - 1) // 2, 0)
    last = max(values.shape[1] - 1, 0)
    middle = (
        0.5 * (ordered[rows, np.minimum(lower, last)] + ordered[rows, np.minimum(upper, last)])
        if values.shape[1]
        else np.zeros(len(values))
    )
    return np.where(kept > 0, middle, 0.0)
