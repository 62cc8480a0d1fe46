"""CPU time of one history figure as SVG and PNG, against the usual way with pyplot.

Run it as ``python benchmarks/figures.py [FIGURES]``. Each figure has 5 bands of 100 runs with
gaps, two limits and an epoch. The usual way makes a figure with ``plt.subplots``, rotates the
labels and saves it twice with a tight bounding box, the PNG at the same number of pixels.
"""

from __future__ import annotations

import math
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from reportgen.figures import draw_figures, plan_figure
from reportgen.model.figures import Annotation, HistoryFigure, Limit, Series

RUNS = 100
BANDS = "grizy"
NAIVE_FIGURES = 8


def make_history(number: int) -> HistoryFigure:
    """Return one request, the same for the same number."""
    chance = random.Random(number)
    labels = [f"w_{2020 + run // 52}_{run % 52 + 1:02d}" for run in range(RUNS)]
    links = [f"../../runs/hsc-rc2/{label}/" for label in labels]
    gaps = {chance.randrange(RUNS) for _ in range(4)}
    return HistoryFigure(
        title=f"validate_drp.metric{number}, HSC RC2",
        unit="mmag",
        labels=labels,
        series=[
            Series(
                label=band,
                values=[
                    math.nan if run in gaps else chance.gauss(5 + at, 0.3) for run in range(RUNS)
                ],
                links=links,
                reasons=["not run" if run in gaps else "" for run in range(RUNS)],
                breaks=(40,),
            )
            for at, band in enumerate(BANDS)
        ],
        limits=[
            Limit(label="design", value=6, operator="<="),
            Limit(label="FY21", value=8, operator="<=", kind="release_target"),
        ],
        annotations=[Annotation(position=39.5, text="definition changed (DM-39332)")],
        demonstration=True,
        alt="Generated values for a benchmark.",
    )


def draw_naively(requests: Sequence[HistoryFigure], folder: Path) -> None:
    """Draw the same numbers as most people would."""
    import matplotlib as mpl  # noqa: PLC0415 - its cost belongs to the measurement

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    for number, request in enumerate(requests):
        figure, axes = plt.subplots(figsize=(7.5, 3.9))
        for series in request.series:
            axes.plot(range(RUNS), series.values, marker="o", markersize=3, label=series.label)
        for limit in request.limits:
            axes.axhline(limit.value, linestyle="--", color="black")
        axes.axvline(39.5, linestyle=":")
        axes.set(title=request.title, ylabel=request.unit)
        axes.set_xticks(range(0, RUNS, 10), request.labels[::10], rotation=45)
        axes.grid(visible=True)
        axes.legend()
        figure.savefig(folder / f"{number}.svg", bbox_inches="tight")
        figure.savefig(folder / f"{number}.png", bbox_inches="tight", dpi=192)
        plt.close(figure)


def cpu_ms(work: Callable[[], object], count: int) -> float:
    """Return the CPU milliseconds per figure of ``work``."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / count * 1000


def report(folder: Path) -> str:
    """Say how large the files are."""
    sizes = [
        f"{suffix} {sum(sizes) / len(sizes) / 1000:.0f} kB"
        for suffix in ("svg", "png")
        if (sizes := [file.stat().st_size for file in folder.glob(f"*.{suffix}")])
    ]
    return ", ".join(sizes)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    requests = [make_history(number) for number in range(count)]
    with tempfile.TemporaryDirectory() as name:
        ours, naive = Path(name, "ours"), Path(name, "naive")
        naive.mkdir()
        planned = cpu_ms(lambda: [plan_figure(request) for request in requests], count)
        first = cpu_ms(lambda: draw_figures(requests[:1], ours), 1)
        drawn = cpu_ms(lambda: draw_figures(requests[1:], ours), count - 1)
        again = cpu_ms(lambda: draw_figures(requests, ours), count)
        usual = cpu_ms(lambda: draw_naively(requests[:2], naive), 2)
        usual = cpu_ms(lambda: draw_naively(requests[:NAIVE_FIGURES], naive), NAIVE_FIGURES)
        print(f"planned            {planned:8.2f} ms per figure")
        print(f"first, with import {first:8.1f} ms")
        print(f"drawn              {drawn:8.1f} ms per figure; {report(ours)}")
        print(f"again, unchanged   {again:8.2f} ms per figure")
        print(f"usual way (pyplot) {usual:8.1f} ms per figure; {report(naive)}")
        print(f"ratio              {usual / drawn:8.1f}")


if __name__ == "__main__":
    main()
