"""Scores of found steps against known ones, as the Turing Change Point benchmark defines them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Means over all series, except the recall, which is over all steps."""

    f1: float
    covering: float
    recall: float
    false_per_series: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One series: true and found steps, and its length."""

    true: Sequence[int]
    found: Sequence[int]
    count: int


def score(cases: Iterable[Case], margin: int) -> Scores:
    """Score all cases; a found step counts once, for a true one within the margin."""
    cases = list(cases)
    hits = [matched(case.true, case.found, margin) for case in cases]
    total = sum(len(case.true) for case in cases)
    return Scores(
        f1=float(np.mean([f1(case, margin) for case in cases])),
        covering=float(np.mean([covering(case) for case in cases])),
        recall=sum(hits) / total if total else 1.0,
        false_per_series=float(
            np.mean([len(case.found) - hit for case, hit in zip(cases, hits, strict=True)])
        ),
    )


def matched(true: Sequence[int], found: Sequence[int], margin: int) -> int:
    """Count the true steps that have a found one of their own within the margin."""
    left = list(found)
    hits = 0
    for place in sorted(true):
        near = [other for other in left if abs(other - place) <= margin]
        if near:
            left.remove(min(near, key=lambda other: abs(other - place)))
            hits += 1
    return hits


def f1(case: Case, margin: int) -> float:
    """Give the harmonic mean of precision and recall; the first point counts as a true step."""
    true, found = {0, *case.true}, {0, *case.found}
    hits = matched(sorted(true), sorted(found), margin)
    return 2 * hits / (len(true) + len(found))


def covering(case: Case) -> float:
    """Give the mean overlap (Jaccard) of true segments with their best found ones."""
    total = 0.0
    for start, end in _segments(case.true, case.count):
        best = max(
            max(0, min(end, stop) - max(start, begin)) / (max(end, stop) - min(start, begin))
            for begin, stop in _segments(case.found, case.count)
        )
        total += (end - start) * best
    return total / case.count


def _segments(steps: Sequence[int], count: int) -> list[tuple[int, int]]:
    edges = sorted({0, count, *steps})
    return list(pairwise(edges))
