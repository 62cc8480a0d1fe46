"""How well steps, drifts and comparisons are told from noise: required, and reached.

Run it as ``python benchmarks/statistics_bars.py [--labelled FOLDER MARGIN ...] [--seed N]``. A
folder of labelled series holds ``series.csv`` (series, index, value) and ``labels.json``
(``{"series": {name: {"change_points": [...]}}}``). Everything else is generated.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from generated_series import Floats, Labelled, add_outliers, autocorrelated, histories, vary_sigma
from step_scores import Case, score

from reportgen.analysis.drift.find import find_drifts
from reportgen.analysis.statistics.effects import paired_effect
from reportgen.analysis.statistics.multiple import benjamini_hochberg
from reportgen.analysis.steps.find import find_steps, find_steps_many

SERIES = 1000
"""Of each kind of noise."""
LENGTHS = (30, 100, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of the table."""

    what: str
    required: str
    reached: str
    holds: bool


def at_least(what: str, bar: float, reached: float) -> Bar:
    """Require a number of at least ``bar``."""
    return Bar(what=what, required=f">= {bar:.2f}", reached=f"{reached:.3f}", holds=reached >= bar)


def at_most(what: str, bar: float, reached: float) -> Bar:
    """Require a share of at most ``bar``."""
    return Bar(what=what, required=f"<= {bar:.0%}", reached=f"{reached:.1%}", holds=reached <= bar)


def within(what: str, seconds: float, reached: float) -> Bar:
    """Require a time of at most ``seconds``."""
    return Bar(
        what=what,
        required=f"<= {seconds:g} s",
        reached=f"{reached:.4g} s",
        holds=reached <= seconds,
    )


def labelled_bars(name: str, series: Iterable[Labelled], margin: int) -> Iterator[Bar]:
    """Yield the scores of one set of labelled series."""
    series = list(series)
    found = find_steps_many([one.values for one in series])
    cases = [
        Case(true=one.steps, found=result.steps, count=len(one.values))
        for one, result in zip(series, found, strict=True)
    ]
    scores = score(cases, margin)
    strict = margin == 3
    yield at_least(f"{name}: F1, margin {margin}", 0.97 if strict else 0.74, scores.f1)
    yield at_least(f"{name}: covering", 0.70, scores.covering)
    if strict:
        yield at_least(f"{name}: recall", 0.95, scores.recall)
        yield Bar(
            what=f"{name}: false steps per series",
            required="<= 0.10",
            reached=f"{scores.false_per_series:.3f}",
            holds=scores.false_per_series <= 0.10,
        )


def read_labelled(folder: Path) -> Iterator[Labelled]:
    """Yield the labelled series of a folder."""
    labels = json.loads((folder / "labels.json").read_text())["series"]
    values: dict[str, list[float]] = defaultdict(list)
    with (folder / "series.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            values[row["series"]].append(float(row["value"] or "nan"))
    for name, label in labels.items():
        yield Labelled(
            kind=label.get("kind", ""), values=np.array(values[name]), steps=label["change_points"]
        )


def false_steps(random: np.random.Generator) -> Iterator[Bar]:
    """Yield the shares of noise series in which a step is found, for the worst length."""

    def white(count: int) -> Floats:
        return random.standard_normal((SERIES, count))

    def gappy(count: int) -> Floats:
        return np.where(random.random((SERIES, count)) < 0.1, np.nan, white(count))

    kinds: list[tuple[str, float, Callable[[int], Floats]]] = [
        ("white", 0.01, white),
        ("Student t3", 0.01, lambda count: random.standard_t(3, (SERIES, count))),
        ("2 % outliers", 0.01, lambda count: add_outliers(random, white(count), 0.02)),
        ("10 % missing", 0.01, gappy),
        ("AR(1) 0.3", 0.03, lambda count: autocorrelated(random, SERIES, count, 0.3)),
        ("AR(1) 0.6", 0.07, lambda count: autocorrelated(random, SERIES, count, 0.6)),
        ("sigma by block", 0.05, lambda count: vary_sigma(random, white(count))),
    ]
    for name, bar, draw in kinds:
        shares = [
            float(np.mean([bool(one.steps) for one in find_steps_many(list(draw(count)))]))
            for count in LENGTHS
        ]
        each = ", ".join(f"{share:.1%}" for share in shares)
        row = at_most(f"noise, {name}: series with a step, n = 30, 100, 300", bar, max(shares))
        yield Bar(what=row.what, required=row.required, reached=each, holds=row.holds)


def power(random: np.random.Generator) -> Iterator[Bar]:
    """Yield how often a step is found within three points."""
    for count, place, size, bar in (
        (30, 15, 3.0, 0.95),
        (100, 50, 3.0, 0.99),
        (30, 25, 5.0, 0.99),
        (100, 95, 5.0, 0.99),
        (300, 295, 5.0, 0.99),
    ):
        values = random.standard_normal((SERIES, count))
        values[:, place:] += size
        found = find_steps_many(list(values))
        share = np.mean([any(abs(step - place) <= 3 for step in one.steps) for one in found])
        yield at_least(f"power: {size:g} sigma at {place} of {count}", bar, float(share))


def drifts(random: np.random.Generator) -> Iterator[Bar]:
    """Yield false and true drifts at alpha 0.01, on 30 and 90 irregular nights."""
    for count in (30, 90):
        nights = np.sort(random.choice(int(1.3 * count), count, replace=False)).astype(float)
        white = random.standard_normal((count, SERIES))
        slow = autocorrelated(random, SERIES, int(nights[-1]) + 1, np.exp(-1 / 3)).T
        warm = 5 * np.sin(2 * np.pi * nights / 365) + random.standard_normal(count)
        ramp = 3 * ((nights - nights[0]) / np.ptp(nights))[:, None]

        def share(values: Floats, covariate: Floats | None = None, at: Floats = nights) -> float:
            found = find_drifts(at, values, covariate=covariate)
            return float(np.mean([one.p_value <= 0.01 for one in found]))

        spiky = add_outliers(random, white.copy(), 0.03)
        name = f"drift, {count} nights"
        yield at_most(f"{name}: false, white", 0.02, share(white))
        yield at_most(f"{name}: false, 3 % outliers", 0.02, share(spiky))
        warmed = share(white + 0.8 * warm[:, None], warm)
        yield at_most(f"{name}: false, temperature removed", 0.02, warmed)
        yield at_most(f"{name}: false, 3-day correlation", 0.07, share(slow[nights.astype(int)]))
        yield at_least(f"{name}: power, 3 sigma, white", 0.90, share(white + ramp))


def comparisons(random: np.random.Generator) -> Iterator[Bar]:
    """Yield false discoveries of a page, and false alarms of grouped pairs."""
    rates, powers = [], []
    for _ in range(40):
        a = random.standard_normal((200, 30))
        b = a + random.standard_normal((200, 30))
        b[:20] += 0.8
        p_values = [paired_effect(*pair).p_value for pair in zip(a, b, strict=True)]
        significant = benjamini_hochberg(p_values) <= 0.05
        rates.append(significant[20:].sum() / max(significant.sum(), 1))
        powers.append(significant[:20].mean())
    yield at_most("A/B: false discoveries, 200 metrics x 30 tracts", 0.05, float(np.mean(rates)))
    found = float(np.mean(powers))
    yield Bar(what="A/B: changes of 0.8 sd found", required="", reached=f"{found:.3f}", holds=True)
    for groups, members in ((8, 5), (30, 4)):
        labels = np.repeat(np.arange(groups), members)
        shared = np.repeat(random.standard_normal((SERIES, groups)), members, axis=1)
        b = shared + random.standard_normal(shared.shape)
        zero = np.zeros(len(labels))
        alarms = [paired_effect(zero, one, labels).p_value <= 0.05 for one in b]
        name = f"A/B: false alarms, {groups} groups of {members}"
        yield at_most(name, 0.07, float(np.mean(alarms)))


def speed(random: np.random.Generator) -> Iterator[Bar]:
    """Yield CPU times; a third of the series have steps, a third a ramp."""
    values = random.standard_normal((5000, 100))
    values[::3, 40:] += 4
    values[::3, 80:] -= 3
    values[1::3] += np.linspace(0, 5, 100)
    find_steps(values[0])
    begin = time.process_time()
    for row in values[:300]:
        find_steps(row)
    yield within("speed: one series of 100", 0.002, (time.process_time() - begin) / 300)
    begin = time.process_time()
    find_steps_many(list(values))
    yield within("speed: 5,000 series of 100", 15, time.process_time() - begin)
    nights = np.arange(120.0)
    camera = random.standard_normal((120, 3000))
    camera[70:, ::10] += 6
    begin = time.process_time()
    steps = [one.steps for one in find_steps_many(list(camera.T))]
    since = [nights[one[-1]] if one else np.nan for one in steps]
    for window in (30, 90, 365, None):
        find_drifts(nights, camera, window_days=window, since=since)
    yield within("speed: 3,000 amplifiers x 120 nights", 60, time.process_time() - begin)


def show(bars: Iterable[Bar]) -> bool:
    """Print the table as it grows and tell whether every bar holds."""
    print(f"| {'what':66s} | {'required':10s} | {'reached':16s} |    |")
    print(f"| {'-' * 66} | {'-' * 10} | {'-' * 16} | -- |")
    every = True
    for bar in bars:
        every &= bar.holds
        mark = "ok" if bar.holds else "NO"
        print(f"| {bar.what:66s} | {bar.required:10s} | {bar.reached:16s} | {mark} |", flush=True)
    return every


def all_bars(folders: Sequence[Sequence[str]], seed: int) -> Iterator[Bar]:
    """Yield every bar."""
    for folder, margin in folders:
        path = Path(folder)
        yield from labelled_bars(path.name, read_labelled(path), int(margin))
    yield from labelled_bars("generated histories", histories(40, seed), 3)
    for measure in (false_steps, power, drifts, comparisons, speed):
        yield from measure(np.random.default_rng(seed))


def main() -> None:
    """Print the table; the exit code says whether every bar holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--labelled", nargs=2, action="append", default=[], metavar=("FOLDER", "MARGIN")
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    raise SystemExit(0 if show(all_bars(given.labelled, given.seed)) else 1)


if __name__ == "__main__":
    main()
