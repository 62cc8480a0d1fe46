"""CPU seconds of a whole build, beside a naive version and `asv publish` on the same numbers.

    python benchmarks/build_site.py --metrics 50            # or 500
    python benchmarks/build_site.py --metrics 50 --asv asv  # if asv is installed
    python benchmarks/build_site.py --metrics 50 --runs 1000 --no-naive

Each line is a command as people type it: user and system seconds, children included. The first
build finds an empty folder, the second nothing new, the third one run more.

The numbers: metrics × 5 bands × runs, each series a level with 2 % noise, up to three steps of 5
to 30 %, and 2 % missing values; one seed. Stored as lsst.verify Job files, one per run and band,
and as an asv project. The naive version is what one writes first: pandas, a pyplot figure per
metric, Markdown tables, all pages in the navigation of plain MkDocs. It and reportgen make the
tables of the last runs, the tables of histories, the figures, and check three limits; asv makes
figures and detects steps, and checks no limit. The libraries alone read, draw bare figures and
build empty pages.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import reportgen

BANDS = "grizy"
RECENT = 12
LEVELS = {"minimum": 1.3, "design": 1.1, "stretch": 0.95}
Series = dict[tuple[str, str], list[float | None]]


def make_series(metrics: int, runs: int) -> Series:
    """Return values by metric and band, None where a run has none."""
    rng = random.Random(1)
    series = {}
    for number in range(metrics):
        for band in BANDS:
            level = rng.uniform(1, 100)
            steps = {rng.randrange(5, runs) for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))}
            values = []
            for at in range(runs):
                if at in steps:
                    level *= 1 + rng.choice([-1, 1, 1]) * rng.uniform(0.05, 0.3)
                values.append(None if rng.random() < 0.02 else level * rng.gauss(1, 0.02))
            series[f"bench.M{number:04d}", band] = values
    return series


def release(at: int) -> str:
    """Return the weekly of a run."""
    year, week, _ = (date(2020, 1, 2) + timedelta(weeks=at)).isocalendar()
    return f"w_{year}_{week:02d}"


def limits(series: Series, metric: str) -> dict[str, float]:
    """Return three limits around the first values of a metric."""
    first = [v for band in BANDS for v in series[metric, band][:5] if v is not None]
    return {name: factor * max(first) for name, factor in LEVELS.items()}


def write_reportgen(folder: Path, series: Series, runs: int) -> None:
    """Write a report repository with Job files."""
    names = sorted({metric for metric, _ in series})
    (folder / "archive").mkdir(parents=True)
    for at in range(runs):
        write_jobs(folder, series, at)
    definitions = folder / "definitions"
    (definitions / "metrics").mkdir(parents=True)
    (definitions / "specs" / "bench").mkdir(parents=True)
    metrics = {
        name.partition(".")[2]: {"description": "Made up.", "unit": "mmag", "tags": []}
        for name in names
    }
    (definitions / "metrics" / "bench.yaml").write_text(json.dumps(metrics))
    documents = [
        json.dumps(
            {
                "name": f"{name.partition('.')[2]}.{level}",
                "threshold": {"operator": "<=", "unit": "mmag", "value": value},
            }
        )
        for name in names
        for level, value in limits(series, name).items()
    ]
    (definitions / "specs" / "bench" / "all.yaml").write_text("\n---\n".join(documents))
    (folder / "reportgen.toml").write_text(
        '[site]\nname = "Benchmark"\n[definitions]\npackages = ["definitions"]\n'
        "[[source]]\nname = 'jobs'\ntype = 'verify-json'\nlocation = 'archive/*.json'\n"
        'dataset = "bench"\nrelease = { meta = "ci_label" }\n'
    )
    settings = (Path(__file__).parent.parent / "mkdocs.yml").read_text().splitlines()
    kept = [line for line in settings if "custom_dir" not in line]
    (folder / "mkdocs.yml").write_text("\n".join(kept))


def write_jobs(folder: Path, series: Series, at: int) -> None:
    """Write the Job files of one run."""
    for band in BANDS:
        measurements = [
            {
                "metric": name,
                "value": series[name, band][at],
                "unit": "mmag",
                "identifier": "0" * 32,
                "blob_refs": [],
            }
            for name in sorted({metric for metric, _ in series})
        ]
        meta = {"filter_name": band, "instrument": "HSC", "ci_label": release(at)}
        job = {"measurements": measurements, "blobs": [], "meta": meta}
        text = json.dumps(job, indent=2, sort_keys=True)
        (folder / "archive" / f"{release(at)}_{band}.verify.json").write_text(text)


def write_asv(folder: Path, series: Series, runs: int) -> None:
    """Write an asv project: a git repository and stored results."""
    repository, results = folder / "repo", folder / "results" / "m1"
    results.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    stream = "".join(
        f"commit refs/heads/main\ncommitter s <s@example.org> {1600000000 + 86400 * at} +0000\n"
        f"data {len(str(at))}\n{at}\nM 644 inline f\ndata {len(str(at))}\n{at}\n"
        for at in range(runs)
    )
    git = ["git", "-C", str(repository)]
    subprocess.run([*git, "fast-import", "--quiet"], input=stream, text=True, check=True)
    hashes = subprocess.run(
        [*git, "rev-list", "--reverse", "main"], capture_output=True, text=True, check=True
    ).stdout.split()
    machine = {"arch": "x86_64", "cpu": "", "machine": "m1", "num_cpu": "2", "os": "", "ram": ""}
    (folder / "asv.conf.json").write_text(
        json.dumps(
            {
                "version": 1,
                "project": "bench",
                "repo": "repo",
                "branches": ["main"],
                "results_dir": "results",
                "html_dir": "html",
            }
        )
    )
    (results / "machine.json").write_text(json.dumps({**machine, "version": 1}))
    params = [[repr(band) for band in BANDS]]
    names = sorted({metric for metric, _ in series})
    known = {f"suite.{name.replace('.', '_')}.track_value": name for name in names}
    benchmarks = {"version": 2} | {
        key: {
            "code": key,
            "name": key,
            "param_names": ["band"],
            "params": params,
            "timeout": 60,
            "type": "track",
            "unit": "mmag",
            "version": "1",
        }
        for key in known
    }
    (folder / "results" / "benchmarks.json").write_text(json.dumps(benchmarks))
    for at, commit in enumerate(hashes):
        time = (1600000000 + 86400 * at) * 1000
        rows = {
            key: [[series[name, band][at] for band in BANDS], params, "1", time, 1.0]
            for key, name in known.items()
        }
        (results / f"{commit[:8]}-py.json").write_text(
            json.dumps(
                {
                    "commit_hash": commit,
                    "env_name": "py",
                    "date": time,
                    "params": machine | {"python": "3"},
                    "python": "3",
                    "requirements": {},
                    "env_vars": {},
                    "result_columns": ["result", "params", "version", "started_at", "duration"],
                    "results": rows,
                    "durations": {},
                    "version": 2,
                }
            )
        )


def cpu_seconds(command: list[str], folder: Path) -> float:
    """Run a command and return user and system seconds of all its processes."""
    # A machine that keeps no compiled modules compiles ours in each command, and none of those
    # that pip installed: that would measure the machine.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=kept
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--metrics", type=int, default=50)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--asv", help="the asv command, where it is installed")
    parser.add_argument("--no-naive", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder to work in and to keep")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp())
    shutil.rmtree(folder, ignore_errors=True)
    compileall.compile_dir(Path(reportgen.__file__).parent, quiet=1)
    series = make_series(options.metrics, options.runs + 1)
    write_reportgen(folder / "reportgen", series, options.runs)
    build = [sys.executable, "-m", "reportgen", "build"]
    measured: dict[str, float] = {}

    def measure(name: str, run: Callable[[], float]) -> None:
        measured[name] = run()
        print(f"{name:28} {measured[name]:8.2f} CPU s", flush=True)

    measure("reportgen --help", lambda: cpu_seconds([*build[:-1], "--help"], folder))
    measure("reportgen build", lambda: cpu_seconds(build, folder / "reportgen"))
    measure("reportgen build, again", lambda: cpu_seconds(build, folder / "reportgen"))
    write_jobs(folder / "reportgen", series, options.runs)
    measure("reportgen build, a run more", lambda: cpu_seconds(build, folder / "reportgen"))
    if options.asv:
        write_asv(folder / "asv", series, options.runs)
        publish = [options.asv, "publish", "--no-pull"]
        measure("asv publish", lambda: cpu_seconds(publish, folder / "asv"))
    others = {"libraries alone": "bare"} | ({} if options.no_naive else {"naive": "naive"})
    for name, script in others.items():
        path = Path(__file__).with_name(f"{script}_site.py")
        command = [sys.executable, str(path), str(folder / "reportgen"), str(folder / script)]
        measure(name, lambda command=command: cpu_seconds(command, folder))
    for name in ("asv publish", "libraries alone", "naive"):
        if name in measured:
            print(f"reportgen / {name:16} {measured['reportgen build'] / measured[name]:8.2f}")
    if not options.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
