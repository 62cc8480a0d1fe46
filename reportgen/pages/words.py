"""Sentences about runs: what somebody reads who has ten seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from reportgen.model.dimensions import band_order
from reportgen.model.numbers import OPERATOR_SIGNS, format_percent, format_quantity, plural
from reportgen.model.report import LevelCheck, Line, TestCount, single_tests
from reportgen.model.status import Kind, Status
from reportgen.pages.tally import tally_lines, tally_tests

DEMONSTRATION = "Demonstration data: generated, not measured."
MOST_TESTS = 6
"""Failing tests that a sentence names; the others are counted."""
KINDS = {
    Kind.REQUIREMENT: "requirement",
    Kind.RELEASE_TARGET: "release target",
    Kind.WATCH_RANGE: "watch range",
    Kind.CALIBRATION_TEST: "calibration test",
}


def verb(n: int, plain: str) -> str:
    """Return a verb as a number wants it: ``1 row fails``, ``2 rows fail``."""
    if n != 1:
        return plain
    return f"{plain}es" if plain.endswith("s") else f"{plain}s"


def join(words: Sequence[str]) -> str:
    """Join words as in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def short(metric: str) -> str:
    """Return a metric's name without its package."""
    return metric.partition(".")[2] or metric


def name_row(metric: str, band: str | None) -> str:
    """Name a metric in a band: ``PA1 r``."""
    return f"{short(metric)} {band or ''}".strip()


def name_members(names: Sequence[str]) -> str:
    """Return members of one kind with that said once: ``tracts 9813, 9697``."""
    kinds = {name.partition(" ")[0] for name in names if name.count(" ") == 1}
    if len(names) < 2 or len(kinds) > 1 or not all(name.count(" ") == 1 for name in names):
        return ", ".join(names)
    return f"{kinds.pop()}s {', '.join(name.partition(' ')[2] for name in names)}"


def limit(check: LevelCheck) -> str:
    """Return a limit as people write it: ``≤ 5 mmag``, with spaces that do not break."""
    return limit_text(check.operator, check.threshold, check.unit)


@lru_cache(maxsize=8192)
def limit_text(operator: str, threshold: float, unit: str) -> str:
    """Return what every run and band says again: ``≤ 5 mmag``."""
    return f"{OPERATOR_SIGNS[operator]}\u00a0{format_quantity(threshold, unit)}"


class InBand(Protocol):
    """Anything about a metric in a band."""

    @property
    def metric(self) -> str:
        """Full name."""

    @property
    def band(self) -> str | None:
        """None: the metric has no bands."""


def name_bands(rows: Iterable[InBand], most: int = 4) -> str:
    """Name metrics with their bands: ``PA1 in r, i; AM1 in g``, cut after some metrics."""
    bands: dict[str, set[str]] = {}
    for row in rows:
        bands.setdefault(short(row.metric), set()).update(filter(None, [row.band]))
    named = [
        f"{name} in {', '.join(sorted(found, key=band_order))}" if found else name
        for name, found in bands.items()
    ]
    return name_some(named, most)


def name_some(named: Sequence[str], most: int = 4) -> str:
    """Join names, cut after some."""
    rest = len(named) - most
    return "; ".join(named[:most]) + (f"; and {rest} more" if rest > 0 else "")


def run_sentence(lines: Sequence[Line]) -> str:
    """Say whether a run is good, what fails and what is missing, over metric and band."""
    if not lines:
        return "Nothing was measured."
    counted = tally_lines(lines)
    if counted.unjudged == len(lines):
        return "No requirement applies to what this run measured."
    start = "No requirement could be checked."
    if counted.failed:
        failing = [line for line in lines if line.status is Status.FAIL]
        rows = plural(len(lines) - counted.unjudged, "row")
        start = (
            f"{counted.failed} of {rows} (metric and band) {verb(counted.failed, 'fail')}"
            f" at design level: {name_bands(failing)}."
        )
    elif counted.passed:
        of, n = "The only measured row", counted.passed
        of = f"All {n} measured rows" if n > 1 else of
        start = f"{of} (metric and band) {verb(n, 'pass')} at design level."
    if free := [line for line in lines if line.unjudged]:
        n = sum(line.unjudged for line in free)
        have = "has" if n == 1 else "have"
        which = "this row" if len(lines) - counted.unjudged == 1 else "these rows"
        start += f" {plural(n, 'value')} of {which} {have} no specification: {name_bands(free)}."
    missing = [line for line in lines if line.reasons]
    if missing:
        start += f" Values are missing in {len(missing)}: {name_bands(missing)}."
    return start


def tests_sentence(tests: Sequence[TestCount]) -> str:
    """Say which calibration tests fail."""
    counted = tally_tests(tests)
    failed, total = counted.failed, counted.failed + counted.passed
    if not total:
        return ""
    if not failed:
        of = "The only calibration test" if total == 1 else f"All {total} calibration tests"
        return f"{of} {verb(total, 'pass')}."
    names = dict.fromkeys(f"{one.stage} {one.test}" for one in single_tests(tests) if one.failed)
    shown = list(names)[:MOST_TESTS]
    more = [f"{len(names) - len(shown)} more"] if len(names) > len(shown) else []
    of = f"{failed} of {plural(total, 'calibration test')}"
    return f"{of} {verb(failed, 'fail')}: {join([*shown, *more])}."


def median_of(line: Line) -> str:
    """Say of how many members a value is the median, and what the worst has, which is judged."""
    text = f"median of {line.measured} of {line.members}"
    if line.unjudged:
        text += f"; {judged_of(line)}"
    check = line.headline
    if check is None or check.value is None or line.measured < 2:
        return text
    return f"{text}, worst {format_quantity(check.value, check.unit)}"


def judged_of(line: Line) -> str:
    """Say how many values of a line its status is about: ``1 of 2 judged``."""
    return f"{line.measured - line.unjudged} of {line.measured} judged"


def outside(check: LevelCheck) -> str:
    """Say by how much a value misses or keeps its limit: ``59 % over``, ``12 % inside``."""
    if check.margin is None:
        return ""
    size = format_percent(abs(check.margin))
    if check.margin >= 0:
        return f"{size} inside"
    return f"{size} {'over' if check.operator in ('<=', '<') else 'under'}"
