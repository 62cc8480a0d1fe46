"""Histories as curves: producers that follow one another share a curve, with a break."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.dimensions import band_order
from reportgen.model.figures import ELSEWHERE
from reportgen.model.report import DatasetHistory, Epoch, HistorySeries
from reportgen.model.status import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One band of a history over all runs of its dataset."""

    label: str
    """The band, with the producer where two measured the same run."""
    band: str
    values: Sequence[float]
    reasons: Sequence[str]
    producers: Sequence[str]
    members: Sequence[str]
    """``3 of 4`` where a value is a median over members."""
    breaks: Sequence[Epoch]


def curves(history: DatasetHistory) -> list[Curve]:
    """Return the curves of a history, by band; single members are left out."""
    by_band: defaultdict[str, list[HistorySeries]] = defaultdict(list)
    for series in joined_series(history):
        by_band[series.band or ""].append(series)
    return [
        curve
        for band in sorted(by_band, key=band_order)
        for curve in _band_curves(band, by_band[band])
    ]


def newest_curves(found: Sequence[Curve], most: int) -> list[Curve]:
    """Return at most ``most`` curves in their order: of each band those that reach furthest."""
    ends = [max((at for at, v in enumerate(one.values) if math.isfinite(v)), default=-1)
            for one in found]  # fmt: skip
    ranks: defaultdict[str, int] = defaultdict(int)
    places = []
    for at in sorted(range(len(found)), key=lambda at: -ends[at]):
        places.append((ranks[found[at].band], at))
        ranks[found[at].band] += 1
    return [found[at] for at in sorted(at for _, at in sorted(places)[:most])]


def joined_series(history: DatasetHistory) -> list[HistorySeries]:
    """Return the series that stand for their band; single members are left out."""
    return [series for series in history.series if _is_joined(series, history.series)]


def _is_joined(series: HistorySeries, all_series: Sequence[HistorySeries]) -> bool:
    """Tell the series that stands for its band from those of its single members."""
    return series.aggregate or not any(
        other.aggregate and (other.producer, other.band) == (series.producer, series.band)
        for other in all_series
    )


def _band_curves(band: str, series: Sequence[HistorySeries]) -> list[Curve]:
    if len(series) > 1 and not _overlap(series):
        return [_follow(band, sorted(series, key=_first))]
    several = len(series) > 1
    reasons = zip(*(one.reasons for one in series), strict=True)
    told = [any(reason != Reason.ABSENT for reason in at) for at in reasons]
    return [
        Curve(
            label=" ".join(p for p in (band, f"({one.producer})" if several else "") if p),
            band=band,
            values=one.values,
            reasons=_reasons(one, told),
            producers=[one.producer or ""] * len(one.values),
            members=_members(one),
            breaks=one.epochs,
        )
        for one in series
    ]


def _reasons(series: HistorySeries, told: Sequence[bool]) -> list[str]:
    """Return why values are missing; ``told``: whether any producer of the band says something."""
    return [
        ELSEWHERE if found and reason == Reason.ABSENT else reason or ""
        for reason, found in zip(series.reasons, told, strict=True)
    ]


def _overlap(series: Sequence[HistorySeries]) -> bool:
    """Tell whether two producers have the same run."""
    present = [{at for at, members in enumerate(one.members) if members} for one in series]
    return sum(map(len, present)) > len(set().union(*present))


def _first(series: HistorySeries) -> int:
    return next((at for at, members in enumerate(series.members) if members), 0)


def _follow(band: str, series: Sequence[HistorySeries]) -> Curve:
    """Join producers that follow one another; each change of producer is a break."""
    size = len(series[0].values)
    values, reasons = [math.nan] * size, [Reason.ABSENT.value] * size
    producers, members = [""] * size, [""] * size
    breaks = {epoch.position: epoch for one in series for epoch in one.epochs}
    before = ""
    for at in range(size):
        one = next((one for one in series if one.members[at]), None)
        if one is None:
            continue
        producer = one.producer or ""
        if before and producer != before and at not in breaks:
            reason = f"now from {producer}, before from {before}"
            breaks[at] = Epoch(from_run="", position=at, reason=reason)
        before = producer
        values[at], reasons[at] = one.values[at], one.reasons[at] or ""
        producers[at], members[at] = producer, _members(one)[at]
    return Curve(
        label=band,
        band=band,
        values=values,
        reasons=reasons,
        producers=producers,
        members=members,
        breaks=[breaks[at] for at in sorted(breaks)],
    )


def _members(series: HistorySeries) -> list[str]:
    return [
        f"{n} of {of}" if of > 1 else ""
        for n, of in zip(series.measured, series.members, strict=True)
    ]
