"""Cost of the calibration history of a large camera: time and memory of the whole analysis.

A store is generated (189 detectors × 16 amplifiers × 120 nights, a temperature and several
statistics with their verdicts) and analysed in a process of its own by two workers: read from
Parquet, steps, drifts over four windows, control limits, changes. Then the pages and documents
are planned. The bars: under 60 s on two cores, under 1.5 GB over all processes.

Usage: ``python benchmarks/calibrations.py [--detectors 189] [--nights 120] [--statistics 4]``
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reportgen.analysis.calibrations.report import CalibrationTables, report_calibrations
from reportgen.model.figures import FigureFile, FigureRequest
from reportgen.model.measurements import JOBS, MEASUREMENTS, TESTS
from reportgen.pages.calibrations import overview as calibrations
from reportgen.render.documents import content_of
from reportgen.store import Store

AMPLIFIERS = 16
FIRST = date(2026, 4, 1)
MJD_ZERO = date(1858, 11, 17)
NAMES = ("NOISE", "MEAN", "CR_NOISE", "READ_NOISE_ADU", "AMP_CORNER", "BIAS_SHIFT_NOISE")
RUN = "large-camera/daily"


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large the camera is."""

    detectors: int
    nights: int
    statistics: int

    @property
    def amplifiers(self) -> int:
        """Amplifiers of the camera."""
        return self.detectors * AMPLIFIERS


def write_store(folder: Path, size: Size) -> None:
    """Write one run with everything in it, as a pull leaves it."""
    revision = folder / RUN / "rev-0001"
    revision.mkdir(parents=True)
    run = {"dataset": "Large camera", "release": "daily", "collection": "Cam/calib", "tickets": []}
    counts = {"jobs": 1, "replaced": 0, "measurements": 0, "tests": 0}
    described = run | counts | {"date": None, "sources": ["benchmark"]}
    (revision / "run.json").write_text(json.dumps(described))
    job = {"job": "j", "source": "benchmark", "origin": "o", "sha256": "0", "meta": "{}"}
    pq.write_table(pa.Table.from_pylist([job], schema=JOBS), revision / "jobs.parquet")
    with pq.ParquetWriter(revision / "measurements.parquet", MEASUREMENTS) as writer:
        for name, values in histories(size):
            metric = {"metric": f"cp_verify.BIAS_{name}", "unit": "electron"}
            writer.write_table(rows(size, MEASUREMENTS, metric, {"value": values}))
    with pq.ParquetWriter(revision / "tests.parquet", TESTS) as writer:
        for name in NAMES[: min(size.statistics, 4)]:
            passed = np.random.default_rng(len(name)).random(shape(size)) > 0.001
            test = {"stage": "bias", "level": "amplifier", "test": name}
            writer.write_table(rows(size, TESTS, test, {"passed": passed}))


def shape(size: Size) -> tuple[int, ...]:
    """Return nights × detectors × amplifiers."""
    return (size.nights, size.detectors, AMPLIFIERS)


def histories(size: Size) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the values of each statistic: noise, a few drifts, steps, gaps, a temperature."""
    random = np.random.default_rng(7)
    night = np.arange(size.nights)[:, None, None]
    hot = 0.6 * np.sin(night / 4.3) + random.normal(0, 0.15, (size.nights, size.detectors, 1))
    hot = np.broadcast_to(hot, shape(size))
    yield "TEMPERATURE", hot
    for name in NAMES[: size.statistics]:
        values = random.normal(0, 0.05, shape(size)) + random.normal(6, 1, shape(size)[1:])
        values += random.normal(0, 0.03, (1, size.detectors, 1)) * hot
        drifting = random.random((1, *shape(size)[1:])) < 0.01
        values += np.where(drifting, 0.1 * night / 30, 0.0)
        stepping = random.random((1, size.detectors, 1)) < 0.02
        values += np.where(stepping & (night > size.nights // 2), 0.5, 0.0)
        values[random.random(shape(size)) < 0.01] = np.nan
        yield name, values


def rows(
    size: Size, schema: pa.Schema, constant: dict[str, str], own: dict[str, np.ndarray]
) -> pa.Table:
    """Return one row per night, detector and amplifier."""
    n = size.nights * size.amplifiers
    days = [FIRST + timedelta(days=one) for one in range(size.nights)]
    per_night = {
        "exposure": [f"{day:%Y%m%d}00012" for day in days],
        "day_obs": [f"{day:%Y%m%d}" for day in days],
        "date": [day.isoformat() for day in days],
        "mjd": [(day - MJD_ZERO).days + 0.866 for day in days],
    }
    columns = {name: np.repeat(values, size.amplifiers) for name, values in per_night.items()}
    detectors = [f"R{n // 9:02d}_S{n % 9 // 3}{n % 3}" for n in range(size.detectors)]
    columns["detector"] = np.tile(np.repeat(detectors, AMPLIFIERS), size.nights)
    amplifiers = [f"C{n // 8}{n % 8}" for n in range(AMPLIFIERS)]
    columns["amplifier"] = np.tile(amplifiers, size.nights * size.detectors)
    columns |= {name: values.ravel() for name, values in own.items()}
    if "value" in own:
        missing = np.isnan(columns["value"])
        columns["reason"] = np.where(missing, "nan", None)
        columns["value"] = pa.array(columns["value"], mask=missing)
    fixed = constant | {"job": "j", "instrument": "LSSTCam"}
    return pa.table(
        {
            field.name: pa.array(columns[field.name], field.type)
            if field.name in columns
            else pa.repeat(pa.scalar(fixed.get(field.name), field.type), n)
            for field in schema
        },
        schema=schema,
    )


def measure(folder: Path) -> None:
    """Analyse a store and plan its pages; print the cost."""
    memory = Memory()
    memory.start()
    store = Store(folder)
    started = time.perf_counter()
    reports = report_calibrations(
        CalibrationTables(
            metric_counts=store.metric_counts(),
            test_counts=store.test_counts(),
            measurements=lambda metric: store.measurements(metrics=[metric]),
            tests=lambda stage: store.tests(stage=stage),
        ),
        store.runs,
        jobs=2,
    )
    print_cost("analysis", started, memory)
    (report,) = reports
    drifting = sum(
        (drift := trend.drift(90.0)) is not None and drift.verdict == "drifting"
        for statistic in report.statistics
        for trend in statistic.trends
    )
    stepping = sum(bool(trend.steps) for one in report.statistics for trend in one.trends)
    print(f"found: {drifting} series drift over 90 days, {stepping} have steps")
    started = time.perf_counter()
    figures = []
    planned = list(calibrations.pages(reports, lambda one: _file(figures, one), today=FIRST))
    print_cost(f"{len(planned)} pages planned, {len(figures)} figures asked for", started, memory)
    started = time.perf_counter()
    written = sum(len(content_of(document)) for document in calibrations.documents(reports))
    print_cost(f"documents, {written / 1e6:.0f} MB", started, memory)


def _file(figures: list[str], request: FigureRequest) -> FigureFile:
    figures.append(request.title)
    return FigureFile(name="0", width=1, height=1, alt="", caption="", title="")


class Memory(threading.Thread):
    """Watches the memory of this process and of its workers; shared pages count once (Linux)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0

    def run(self) -> None:
        """Look ten times a second."""
        while True:
            self.peak = max(self.peak, sum(map(_megabytes, [os.getpid(), *_children()])))
            time.sleep(0.1)


def _children() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(number) for file in tasks for number in file.read_text().split()]


def _megabytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0  # it has just ended
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1e3


def print_cost(what: str, started: float, memory: Memory) -> None:
    """Print wall time, CPU time so far and the largest memory of all processes so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    wall = time.perf_counter() - started
    print(f"{what}: {wall:.1f} s, {cpu:.1f} s CPU and {memory.peak:.0f} MB so far", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--detectors", type=int, default=189)
    parser.add_argument("--nights", type=int, default=120)
    parser.add_argument("--statistics", type=int, default=4, choices=range(1, len(NAMES) + 1))
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure)
        sys.exit()
    wanted = Size(
        detectors=arguments.detectors, nights=arguments.nights, statistics=arguments.statistics
    )
    with tempfile.TemporaryDirectory() as name:
        write_store(Path(name), wanted)
        series = wanted.amplifiers * wanted.statistics
        print(f"{wanted.amplifiers} amplifiers × {wanted.statistics} statistics = {series} series")
        subprocess.run([sys.executable, __file__, "--measure", name], check=True)
