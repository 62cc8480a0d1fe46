"""Series with a known truth, for the tests of the statistics."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def noise(count: int, *, seed: int = 0, series: int | None = None) -> Floats:
    """Draw white noise of sigma 1."""
    shape = count if series is None else (series, count)
    return np.random.default_rng(seed).standard_normal(shape)


def correlated(count: int, *, series: int, phi: float, seed: int = 0) -> Floats:
    """Draw stationary AR(1) noise of sigma 1, shape (series, count)."""
    white = noise(count, seed=seed, series=series)
    values = white.copy()
    for point in range(1, count):
        values[:, point] = phi * values[:, point - 1] + np.sqrt(1 - phi**2) * white[:, point]
    return values


def stepped(count: int, *steps: tuple[int, float], seed: int = 0) -> Floats:
    """Draw white noise with steps of the given size at the given places."""
    values = noise(count, seed=seed)
    for place, size in steps:
        values[place:] += size
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A generated metric history with its true steps."""

    kind: str
    values: Floats
    steps: tuple[int, ...]


def labelled_series(folder: Path) -> list[Labelled]:
    """Read ``series.csv`` and ``labels.json`` of the generated histories."""
    labels = json.loads((folder / "labels.json").read_text())["series"]
    values: dict[str, list[float]] = {name: [] for name in labels}
    with (folder / "series.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            values[row["series"]].append(float(row["value"] or "nan"))
    return [
        Labelled(
            kind=label["kind"],
            values=np.array(values[name]),
            steps=tuple(label["change_points"]),
        )
        for name, label in labels.items()
    ]
