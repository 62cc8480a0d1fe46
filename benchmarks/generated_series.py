"""Series with a known truth, generated: the kinds of history a metric has, and plain noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One series and the first points of its new levels."""

    kind: str
    values: Floats
    steps: list[int]


@dataclass(slots=True)
class History:
    """A series in the making, in units of its noise."""

    random: Random
    count: int
    noise: Floats
    level: Floats
    steps: list[int] = field(default_factory=list)

    def step(self, place: int, size: float) -> None:
        """Change the level from one point on."""
        self.level[place:] += size
        self.steps.append(place)

    def size(self, low: float, high: float) -> float:
        """Draw the size of a step, up or down."""
        return self.random.uniform(low, high) * self.random.choice([-1, 1])

    def anywhere(self) -> int:
        """Draw a place away from the ends."""
        edge = max(5, self.count // 12)
        return int(self.random.integers(edge, self.count - edge))

    def apart(self, number: int, distance: int) -> list[int]:
        """Draw several places that keep a distance."""
        while True:
            inside = np.arange(distance, self.count - distance)
            places = np.sort(self.random.choice(inside, number, replace=False))
            if number == 1 or np.diff(places).min() >= distance:
                return [int(place) for place in places]


def autocorrelated(random: Random, series: int, count: int, phi: float) -> Floats:
    """Draw stationary AR(1) noise of sigma 1, shape (series, count)."""
    noise = random.standard_normal((series, count))
    for point in range(1, count):
        noise[:, point] = phi * noise[:, point - 1] + np.sqrt(1 - phi**2) * noise[:, point]
    return noise


def add_outliers(random: Random, noise: Floats, share: float) -> Floats:
    """Throw a share of the points 5 to 20 sigma away."""
    far = random.random(noise.shape) < share
    signs = random.choice([-1, 1], far.sum())
    noise[far] += random.uniform(5, 20, far.sum()) * signs
    return noise


def vary_sigma(random: Random, noise: Floats) -> Floats:
    """Scale blocks of eight points by 0.4 to 2.5."""
    blocks = -(-noise.shape[-1] // 8)
    scale = random.uniform(0.4, 2.5, (*noise.shape[:-1], blocks))
    return noise * np.repeat(scale, 8, axis=-1)[..., : noise.shape[-1]]


def _single(low: float, high: float, share: float = 1.0) -> Callable[[History], None]:
    def change(history: History) -> None:
        if history.random.random() < share:
            history.step(history.anywhere(), history.size(low, high))

    return change


def _multistep(history: History) -> None:
    most = 12.0 if history.random.random() < 0.3 else 6.0
    for place in history.apart(int(history.random.integers(2, 5)), 8):
        history.step(place, history.size(1.5, most))


def _reprocessing(history: History) -> None:
    history.noise *= 1e-3
    for place in history.apart(int(history.random.integers(1, 5)), 5):
        history.step(place, history.size(1, 6))


def _outliers(history: History) -> None:
    _single(2, 6, 0.5)(history)
    add_outliers(history.random, history.noise, 0.04)


def _correlated(history: History) -> None:
    phi = history.random.uniform(0.2, 0.6)
    history.noise[:] = autocorrelated(history.random, 1, history.count, phi)[0]
    _single(3, 6, 0.4)(history)


def _heteroscedastic(history: History) -> None:
    history.noise[:] = vary_sigma(history.random, history.noise)
    _single(3, 6, 0.5)(history)


def _heavytail(history: History) -> None:
    history.noise[:] = history.random.standard_t(3, history.count) / np.sqrt(3)
    _single(2.5, 6, 0.5)(history)


def _gaps(history: History) -> None:
    _single(2, 6, 0.5)(history)
    missing = history.random.random(history.count) < history.random.uniform(0.05, 0.25)
    history.noise[missing] = np.nan


def _transient(history: History) -> None:
    length = int(history.random.integers(5, 10))
    place = int(history.random.integers(8, history.count - length - 8))
    size = history.size(4, 8)
    history.step(place, size)
    history.step(place + length, -size)


def _drift(history: History) -> None:
    start = int(history.random.integers(0, history.count // 2))
    history.level[start:] += np.linspace(0, history.size(3, 7), history.count - start)


def _seasonal(history: History) -> None:
    period = history.random.uniform(25, min(history.count, 120))
    phase = history.random.uniform(0, 2 * np.pi)
    place = np.arange(history.count)
    wave = np.sin(2 * np.pi * place / period + phase)
    history.level += history.random.uniform(1, 2.5) * wave


def _variance(history: History) -> None:
    place = int(history.random.integers(history.count // 4, 3 * history.count // 4))
    history.noise[place:] *= history.random.uniform(1.5, 3)


def _recent(history: History) -> None:
    history.step(history.count - int(history.random.integers(2, 6)), history.size(5, 10))


KINDS: dict[str, Callable[[History], None]] = {
    "stationary": lambda _history: None,
    "step": _single(1.5, 6),
    "multistep": _multistep,
    "reprocessing": _reprocessing,
    "outliers": _outliers,
    "autocorrelated": _correlated,
    "heteroscedastic": _heteroscedastic,
    "heavytail": _heavytail,
    "gaps": _gaps,
    "transient": _transient,
    "drift": _drift,
    "seasonal": _seasonal,
    "variance change": _variance,
    "recent step": _recent,
}


def histories(each: int, seed: int) -> Iterator[Labelled]:
    """Yield so many histories of each kind, 40 to 300 points long, of any scale."""
    random = np.random.default_rng(seed)
    for kind, change in KINDS.items():
        for _ in range(each):
            count = int(random.integers(40, 301))
            noise = random.standard_normal(count)
            history = History(random, count, noise, np.zeros(count))
            change(history)
            values = (history.level + history.noise) * 10 ** random.uniform(-4, 1)
            offset = 10 ** random.uniform(-2, 2)
            yield Labelled(kind=kind, values=values + offset, steps=sorted(history.steps))
