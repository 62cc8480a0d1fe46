"""What a pull costs: many MetricValue files against a plain loop, and a table of a database.

    python -m benchmarks.pull_sources files [--count 100000]
    python -m benchmarks.pull_sources rows [--count 5000000] [--url URL]

Prints CPU seconds (user and system) of all processes, seconds that passed and peak memory, for each
way in a process of its own, and the ratios. Plain loops over files are timed over a sample and
scaled. Rows go into a PostgreSQL that is started for it, else where ``--url`` says; the plain loop
over them is one server-side cursor of which nothing is kept. Needs Debian's postgresql.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc
import sqlalchemy as sa
import yaml

from benchmarks import meter
from reportgen.store import Store
from tests import servers

SAMPLE = 4000
FILE = """!<lsst.verify.Measurement>
blobs:
- !<lsst.verify.Blob>
  data: {{}}
  identifier: {identifier}
  name: {metric}
identifier: {identifier}
metric: {metric}
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
        elif asked.url:
            measure_rows(Path(folder), asked.count or 5_000_000, asked.url)
        else:
            with servers.postgres() as database:
                measure_rows(Path(folder), asked.count or 5_000_000, database.url)


def measure_files(folder: Path, count: int) -> None:
    """Pull a quarter, a half and all of the files, and read a sample in plain loops."""
    for name, files in (("quarter", count // 4), ("half", count // 2), ("whole", count)):
        write_files(folder / name, files)
        write_config(folder / name, 'type = "metricvalue"\nlocation = "repo"\n', "HSC RC2")
        whole = meter.measure(f"pull of {files:,} files", folder / name)
    meter.measure("nothing new", folder / "whole")
    paths = sorted((folder / "whole" / "repo").rglob("*.yaml"))[:SAMPLE]
    for path in paths:
        path.with_suffix(".json").write_text(json.dumps(yaml.load(path.read_text(), TagLoader)))
    scale = count / len(paths)
    for name, loop in (("yaml.safe_load", plain_yaml), ("json.loads", plain_json)):
        cost = timed(lambda loop=loop: loop(paths), scale)
        meter.report(f"{name} of {count:,} files", cost)
        meter.compare("pull", whole, name, cost)


def write_files(folder: Path, count: int) -> None:
    """Write files as faro persists them: 40 tracts, six bands, so many weeklies."""
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


class TagLoader(yaml.SafeLoader):
    """`yaml.safe_load` with the tags of lsst.verify."""


for tag in ("Measurement", "Blob"):
    TagLoader.add_constructor(
        f"lsst.verify.{tag}", lambda loader, node: loader.construct_mapping(node, deep=True)
    )


def plain_yaml(paths: list[Path]) -> None:
    """Read files as `yaml.safe_load` does, and no more."""
    for path in paths:
        yaml.load(path.read_text(), TagLoader)


def plain_json(paths: list[Path]) -> None:
    """Read the same as JSON, and no more."""
    for path in paths:
        json.loads(path.with_suffix(".json").read_text())


def timed(action: Callable[[], None], scale: float) -> meter.Cost:
    """Return what an action costs so many times."""
    cpu, passed = time.process_time(), time.monotonic()
    action()
    return meter.Cost(
        cpu=scale * (time.process_time() - cpu), passed=scale * (time.monotonic() - passed)
    )


def measure_rows(folder: Path, count: int, url: str) -> None:
    """Pull a table of so many rows, the same with one per cent more, and compare with a loop."""
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
    first = meter.measure(f"pull of {count:,} rows", folder)
    print(f"  {count / first.passed:,.0f} rows per s, {count / first.cpu:,.0f} per CPU s")
    compare_rows(folder, engine, count)
    with engine.begin() as connection:
        insert_rows(connection, count, count // 100)
    meter.measure(f"pull of {count // 100:,} rows more", folder)
    compare_rows(folder, engine, count + count // 100)
    plain = meter.run_code(f"plain cursor over {count:,} rows", PLAIN_CURSOR)
    meter.compare("pull", first, "plain cursor", plain)


PLAIN_CURSOR = """
import os
import sqlalchemy as sa
with sa.create_engine(os.environ["ROWS_URL"]).connect() as connection:
    streamed = connection.execution_options(stream_results=True, yield_per=10_000)
    for row in streamed.execute(sa.text("select * from rows order by id")):
        dict(row._mapping)
"""


def compare_rows(folder: Path, engine: sa.Engine, count: int) -> None:
    """Compare number, sum and place of what is stored with what was put in."""
    stored = Store(folder / "data/store").measurements(columns=["metric", "tract", "value"])
    with engine.connect() as connection:
        query = sa.text("select count(*), sum(value), sum(tract) from rows")
        rows, values, tracts = connection.execute(query).one()
    assert stored.num_rows == rows == count
    assert math.isclose(pc.sum(stored["value"]).as_py(), values, rel_tol=1e-9)
    assert pc.sum(stored["tract"].cast("int64")).as_py() == tracts
    assert len(pc.unique(stored["metric"])) == 50


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


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
