"""Places and labels of the ticks of an axis of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.figures.scale import Range
from reportgen.figures.text import number
from reportgen.model.numbers import format_power

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """Where the ticks stand and what is written there."""

    values: Sequence[float]
    labels: Sequence[str]
    factor: str = ""
    """What the labels leave out and the name of the axis has to say: ``×10⁻⁷``."""


NO_TICKS = Ticks(values=(), labels=())


def nice_ticks(span: Range, most: int = 7, *, whole: bool = False) -> Ticks:
    """Return at most ``most`` + 1 ticks at round numbers within ``span``.

    ``whole``: what is shown are counts, between which there is nothing.
    """
    step = _nice_step(span.span / most)
    if whole and step < 1 and len(_multiples(span, 1.0)) > 1:
        step = 1.0
    values = _multiples(span, step)
    peak = max(abs(span.low), abs(span.high))
    if peak > 1e5 * step:
        return _relative(span, values, step)
    exponent = math.floor(math.log10(peak)) if peak > 0 else 0
    if -3 <= exponent < 6:
        exponent = 0
    unit = 10.0**exponent
    decimals = _decimals(step / unit)
    labels = [f"{value / unit:.{decimals}f}".replace("-", "−") for value in values]
    return Ticks(
        values=values, labels=labels, factor=f"×{format_power(exponent)}" if exponent else ""
    )


def _nice_step(least: float) -> float:
    unit = 10.0 ** math.floor(math.log10(least))
    return next(step * unit for step in _STEPS if step * unit >= least * (1 - 1e-9))


def _multiples(span: Range, step: float) -> list[float]:
    first = math.ceil(span.low / step - 1e-9)
    last = math.floor(span.high / step + 1e-9)
    return [index * step + 0.0 for index in range(first, last + 1)]


def _decimals(step: float) -> int:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return (
        decimals if abs(step * 10**decimals - round(step * 10**decimals)) < 1e-6 else decimals + 1
    )


def _relative(span: Range, values: Sequence[float], step: float) -> Ticks:
    """Label ticks by their distance from the first: their own digits would not fit."""
    origin = values[0] if values else span.low
    inner = nice_ticks(Range(0.0, max(span.high - origin, step)))
    shown = inner.values[: len(values)] if inner.values else [0.0]
    return Ticks(
        values=[origin + value for value in shown if origin + value <= span.high],
        labels=[f"+{label}" for label in inner.labels],
        factor=f"{inner.factor} from {number(origin, 12)}".strip(),
    )
