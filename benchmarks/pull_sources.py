"""What a pull costs: many MetricValue files against a plain loop, and a table of a database.

    python -m benchmarks.pull_sources files [--count 100000]
    python -m benchmarks.pull_sources rows [--count 5000000] [--url URL]

Prints CPU seconds (user and system) and peak memory of a process of its own for each way. Plain
loops are timed over a sample and scaled. Rows go into SQLite, or where ``--url`` says.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
import yaml

SAMPLE = 4000
FILE = """!<lsst.verify.Measurement>
blobs: []
identifier: {identifier}
metric: validate_drp.{metric}
notes: {{}}
unit: mmag
value: {value}
"""


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["files", "rows"])
    parser.add_argument("--count", type=int)
    parser.add_argument("--url")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.what == "files":
            measure_files(Path(folder), asked.count or 100_000)
        else:
            measure_rows(Path(folder), asked.count or 5_000_000, asked.url)


def measure_files(folder: Path, count: int) -> None:
    """Pull a tenth of the files and all of them, and read a sample in plain loops."""
    for name, files in (("tenth", count // 10), ("whole", count)):
        write_files(folder / name, files)
        write_config(folder / name, 'type = "metricvalue"\nlocation = "repo"\n', "HSC RC2")
        report(f"pull of {files:,} files", pull(folder / name))
        report(f"second pull of {files:,} files", pull(folder / name))
    paths = sorted((folder / "whole" / "repo").rglob("*.yaml"))[:SAMPLE]
    scale = count / len(paths)
    report(f"yaml.safe_load of {count:,} files", (scale * cpu(lambda: plain_yaml(paths)), 0.0))
    for path in paths:
        path.with_suffix(".json").write_text(json.dumps(yaml.load(path.read_text(), TagLoader)))
    report(f"json.loads of {count:,} files", (scale * cpu(lambda: plain_json(paths)), 0.0))


def write_files(folder: Path, count: int) -> None:
    """Write files as a Butler persists them: 40 tracts, six bands, so many weeklies."""
    for n in range(count):
        week, rest = divmod(n, 2400)
        release = f"w_{2020 + week // 50}_{week % 50 + 1:02d}"
        tract, band = 9000 + rest // 60, "ugrizy"[rest % 6]
        metric = f"M{rest // 6 % 10}"
        place = folder / "repo" / release / f"metricvalue_validate_drp_{metric}" / f"{tract}"
        if not place.is_dir():
            place.mkdir(parents=True)
        text = FILE.format(identifier=f"{n:031x}a", metric=metric, value=n / 7 + 0.5)
        (place / f"mv_HSC_{tract}_{band}_{n}.yaml").write_text(text)


def write_config(folder: Path, source: str, dataset: str) -> None:
    """Write the configuration of one source."""
    pattern = r"(?P<release>w_\d{4}_\d{2})/.*_HSC_(?P<tract>\d+)_(?P<band>[ugrizy])_"
    fields = f"dataset = {json.dumps(dataset)}\npattern = '{pattern}'\n" if "repo" in source else ""
    (folder / "reportgen.toml").write_text(f'[[source]]\nname = "s"\n{source}{fields}')


def pull(folder: Path) -> tuple[float, float]:
    """Pull in a process of its own; return CPU seconds and peak memory (MB)."""
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from reportgen import pipeline\n"
        "from reportgen.config import load_config\n"
        "found = pipeline.pull(load_config(Path(sys.argv[1])))\n"
        "assert not found.failed, found.failed\n"
        "use = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(use.ru_utime + use.ru_stime, use.ru_maxrss / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], check=True, capture_output=True, text=True
    )
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


class TagLoader(yaml.SafeLoader):
    """`yaml.safe_load` with the tags of lsst.verify."""


TagLoader.add_constructor(
    "lsst.verify.Measurement", lambda loader, node: loader.construct_mapping(node, deep=True)
)


def plain_yaml(paths: list[Path]) -> None:
    """Read files as `yaml.safe_load` does, and no more."""
    for path in paths:
        yaml.load(path.read_text(), TagLoader)


def plain_json(paths: list[Path]) -> None:
    """Read the same as JSON, and no more."""
    for path in paths:
        json.loads(path.with_suffix(".json").read_text())


def cpu(action: Callable[[], None]) -> float:
    """Return the CPU seconds of an action."""
    begin = time.process_time()
    action()
    return time.process_time() - begin


def measure_rows(folder: Path, count: int, url: str | None) -> None:
    """Pull a table of so many rows, and then the same with one per cent more."""
    url = url or f"sqlite:///{folder / 'rows.sqlite'}"
    engine = sa.create_engine(url)
    create = (
        "create table rows (id bigint primary key, metric text, band text, tract bigint,"
        " value double precision, unit text, release text)"
    )
    with engine.begin() as connection:
        connection.execute(sa.text("drop table if exists rows"))
        connection.execute(sa.text(create))
        insert_rows(connection, 0, count)
    os.environ["ROWS_URL"] = url
    source = (
        'type = "sql"\nurl_env = "ROWS_URL"\ntable = "rows"\nwatermark = "id"\n'
        'dataset = "HSC"\npackage = "p"\n'
    )
    write_config(folder, source, "HSC")
    report(f"pull of {count:,} rows", pull(folder))
    with engine.begin() as connection:
        insert_rows(connection, count, count // 100)
    report(f"pull of {count // 100:,} rows more", pull(folder))


def insert_rows(connection: sa.Connection, first: int, count: int) -> None:
    """Insert rows by the database itself."""
    connection.execute(
        sa.text(
            "insert into rows with recursive n(i) as (select cast(:a as bigint) union all"
            " select i + 1 from n where i + 1 < :b) select i, 'M' || (i % 50),"
            " substr('ugrizy', cast(i % 6 as integer) + 1, 1), 9000 + i % 400, i / 7.0, 'mmag',"
            " 'w_2026_' || (10 + i / 500000) from n"
        ),
        {"a": first, "b": first + count},
    )


def report(what: str, cost: tuple[float, float]) -> None:
    """Print one line."""
    seconds, memory = cost
    peak = f", peak {memory:,.0f} MB" if memory else ""
    print(f"{what}: {seconds:,.1f} CPU s{peak}", flush=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
