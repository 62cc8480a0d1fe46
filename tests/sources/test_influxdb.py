"""A real InfluxDB, with points as SQuaSH and Sasquatch write them."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import os
import signal
import time
from datetime import UTC, date, datetime

import pytest

from reportgen.config import SourceConfig
from reportgen.errors import ConfigError, SourceError
from reportgen.model.bundle import Expected, JobBundle, Known, Unreadable, Watermark
from reportgen.model.runs import RunKey
from reportgen.sources import read_jobs
from reportgen.sources.influxdb import points as points_module
from reportgen.sources.influxdb import reading
from reportgen.sources.influxdb.client import Client
from reportgen.sources.retry import Patience
from reportgen.store import Store
from tests.sources import killed_pull
from tests.sources.influx_server import PASSWORD, USER, influxdb

DAY = 86_400 * 10**9
MONDAY = 1_728_259_200 * 10**9
"""2024-10-07, a Monday, 00:00 UTC (ns); windows begin on Thursdays, as the epoch did."""
RUN = "HSC/runs/RC2/w_2026_40/DM-99999/20261005T010203Z"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def server():
    """Return an InfluxDB that all tests of a process share; each has a database of its own."""
    with influxdb() as found:
        yield found


@pytest.fixture
def database(server):
    """Return the name of a new database."""
    name = f"test {next(_numbers)} 'x' \"y\""
    quoted = name.replace('"', '\\"')
    server.query(f'CREATE DATABASE "{quoted}"')
    return name


class Pulls:
    """Pulls from one database, one after the other, as the store would keep them."""

    def __init__(self, server, database, **keys):
        self.config = SourceConfig(
            name="i", type="influxdb", location=server.url, database=database, **keys
        )
        self.jobs = {}
        self.watermark = None
        self.broken = []
        self.known = 0
        self.expected = []
        """Estimates of the number of jobs, in the order in which they came."""

    def pull(self, *, stop=None, since=None):
        """Pull, and return the new jobs; ``stop`` ends it after so many jobs, as a crash would."""
        known = {(job.origin, job.sha256) for job in self.jobs.values()}
        pending, new, self.broken, self.known, self.expected = [], [], [], 0, []
        for record in read_jobs(self.config, known, watermark=self.watermark, since=since):
            if isinstance(record, JobBundle):
                pending.append(record)
            elif isinstance(record, Unreadable):
                self.broken.append(record)
            elif isinstance(record, Watermark):
                self.watermark = json.loads(json.dumps(record.value))
                self.jobs.update({job.origin: job for job in pending})
                new, pending = new + pending, []
            elif isinstance(record, Expected):
                self.expected.append(record.results)
            else:
                assert isinstance(record, Known)
                self.known += 1
            if stop is not None and len(new) + len(pending) >= stop:
                break
        return new

    def values(self):
        """Return all values, sorted: a duplicate would show."""
        return sorted(
            (
                row["metric"],
                row.get("band") or "",
                row.get("tract") or "",
                row["date"],
                row["value"],
            )
            for job in self.jobs.values()
            for row in job.measurements
        )

    def rows(self):
        """Return all rows."""
        return [row for job in self.jobs.values() for row in job.measurements]


def squash_line(when=MONDAY, **fields):
    """Return a point of SQuaSH: a package with its metrics and the keys of a job."""
    values = ",".join(f"{name}={value}" for name, value in fields.items())
    tags = "dataset=validation_data_cfht,filter=r,instrument=CFHT,pipeline=validate\\ drp"
    others = 'run_id="3",squash_id=768,code_changes_counts=2,version_tag="w_2026_40"'
    return f"validate_drp,{tags} {values},{others} {when}"


def sasquatch_line(action, when=MONDAY, *, tract="9615", tag="HSC/RC2", run=RUN, **fields):
    """Return a point of Sasquatch: an action with its metrics; absent dimensions are empty."""
    values = ",".join(f"{name}={value}" for name, value in fields.items())
    texts = {
        "id": "b2c3", "run": run, "dataset_type": "matchedVisitCore_metrics",
        "reference_package": "lsst_distrib", "reference_package_version": "w_2026_40",
        "instrument": "", "skymap": "hsc_rings_v1", "tract": tract, "patch": "", "visit": "",
        "exposure": "", "detector": "", "band": "", "physical_filter": "", "group": "",
        "day_obs": "",
    }  # fmt: skip
    # Of the data ID, what is known tells series apart; a tag cannot be empty.
    tags = {"dataset_tag": tag, "skymap": texts.pop("skymap"), "tract": texts.pop("tract")}
    listed = ",".join(f'{name}="{text}"' for name, text in texts.items())
    head = ",".join([f"lsst.dm.{action}", *(f"{k}={v}" for k, v in tags.items() if v)])
    return f"{head} {values},{listed},timestamp={when // 10**9}.5,run_timestamp=1 {when}"


def test_squash(server, database):
    """One point of SQuaSH is several metrics of its package; a zero is a value there."""
    server.write(database, [squash_line(AM1=7.76, AF1_design=10.26, AM2=0)])
    pulls = Pulls(server, database, columns={"release": "version_tag"}, units={"AM?": "marcsec"})
    (job,) = pulls.pull()
    assert job.run == RunKey(dataset="validation_data_cfht", release="w_2026_40")
    assert job.origin == (
        f"{server.url}/{database}/validate_drp/2024-10-03#validation_data_cfht/w_2026_40"
    )
    base = {"date": "2024-10-07T00:00:00Z", "instrument": "CFHT", "band": "r"}
    assert job.measurements == [
        {**base, "metric": "validate_drp.AF1_design", "value": 10.26},
        {**base, "metric": "validate_drp.AM1", "value": 7.76, "unit": "marcsec"},
        {**base, "metric": "validate_drp.AM2", "value": 0.0, "unit": "marcsec"},
    ]


def test_sasquatch(server, database):
    """Band from the field, data ID from texts, run and ticket from the collection."""
    server.write(
        database, [sasquatch_line("stellarAstrometricRepeatability1", g_AM1=3.82, r_AF1=0)]
    )
    (job,) = Pulls(server, database).pull()
    assert job.run.dataset == "HSC/RC2"
    assert job.run.release == "w_2026_40"
    assert job.run.collection == "HSC/runs/RC2/w_2026_40/DM-99999"
    assert job.ticket == "DM-99999"
    base = {
        "date": "2024-10-07T00:00:00Z",
        "skymap": "hsc_rings_v1",
        "tract": "9615",
        "producer": "analysis_tools",
        "identifier": "b2c3",
        "notes": '{"action":"stellarAstrometricRepeatability1"}',
    }
    assert job.measurements == [
        {**base, "metric": "analysis_tools.AM1", "band": "g", "value": 3.82},
        {**base, "metric": "analysis_tools.AF1", "band": "r", "value": 0.0},
    ]
    assert job.remarks == ()


def test_zero_for_null(server, database):
    """An exact zero of what cannot be zero is not measured, keeps its reason, and is listed."""
    lines = [
        sasquatch_line("a", tract=str(9000 + n), g_AM1=value, g_PF1=0, g_ct=0)
        for n, value in enumerate([0, 3.5, 0])
    ]
    server.write(database, lines)
    pulls = Pulls(server, database)
    (job,) = pulls.pull()
    found = [row for row in job.measurements if row["metric"] == "analysis_tools.AM1"]
    assert sorted((row["tract"], row["value"], row.get("reason")) for row in found) == [
        ("9000", None, "zero_for_null"),
        ("9001", 3.5, None),
        ("9002", None, "zero_for_null"),
    ]
    others = [row["value"] for row in job.measurements if row["metric"] != "analysis_tools.AM1"]
    assert others == [0.0] * 6
    assert job.remarks == (
        "Exact zeros that stand for nulls, so not measured: analysis_tools.AM1 g (2).",
    )


@pytest.mark.parametrize(
    ("zero", "missing"),
    [
        ("value", set()),
        ("missing", {"AM1", "PF1", "ct"}),
        ({"PF1": "missing"}, {"AM1", "PF1"}),
        ({"analysis_tools.AM1": "value"}, set()),
        ({"lsst.dm.a": "value", "ct": "missing"}, set()),
        ({"ct": "missing", "lsst.dm.*": "value"}, {"ct"}),
    ],
)
def test_rules_for_zero(server, database, zero, missing):
    """Rules are given for all, or by globs of metrics and measurements; the first fits."""
    server.write(database, [sasquatch_line("a", g_AM1=0, g_PF1=0, g_ct=0)])
    pulls = Pulls(server, database, zero=zero)
    pulls.pull()
    dropped = {r["metric"].partition(".")[2] for r in pulls.rows() if r["value"] is None}
    assert dropped == missing


def test_rules_that_change(server, database):
    """With another rule or unit the same points make another state of the same job."""
    server.write(database, [sasquatch_line("a", g_AM1=0), sasquatch_line("a", g_AM1=2, tract="1")])
    pulls = Pulls(server, database)
    (before,) = pulls.pull()
    for keys in ({"zero": "value"}, {"zero": "value", "unit": "marcsec"}):
        other = Pulls(server, database, **keys)
        (after,) = other.pull()
        assert after.origin == before.origin
        assert after.sha256 != before.sha256
        before = after
    server.write(database, [sasquatch_line("a", MONDAY + 60 * DAY, r_new=1)])
    other.pull()
    assert other.known == 1


def test_shared_names(server, database):
    """Where two actions use one name, both are called by action and name."""
    server.write(
        database,
        [sasquatch_line("first", g_ct=1, g_mean=2), sasquatch_line("second", g_ct=3, i_mean=4)],
    )
    pulls = Pulls(server, database)
    pulls.pull()
    assert {(row["metric"], row["band"], row["value"]) for row in pulls.rows()} == {
        ("analysis_tools.first_ct", "g", 1.0),
        ("analysis_tools.second_ct", "g", 3.0),
        ("analysis_tools.mean", "g", 2.0),
        ("analysis_tools.mean", "i", 4.0),
    }


def test_runs(server, database):
    """Points are sorted into runs by dataset tag and collection, whatever their time."""
    other = "HSC/runs/RC2/w_2026_41/DM-1/20261012T010203Z"
    server.write(
        database,
        [
            sasquatch_line("a", g_x=1),
            sasquatch_line("a", MONDAY + 1, g_x=2, tract="9697"),
            sasquatch_line("a", MONDAY + 2, g_x=3, run=other),
            sasquatch_line("a", MONDAY + 3, g_x=4, run="DC2/w_2026_40", tag="DC2"),
            sasquatch_line("a", MONDAY + 4, g_x=5, tag="Generic", run="a/runs/RC3/w_2026_40"),
        ],
    )
    pulls = Pulls(server, database)
    pulls.pull()
    assert {
        (job.run.dataset, job.run.release): [row["value"] for row in job.measurements]
        for job in pulls.jobs.values()
    } == {
        ("HSC/RC2", "w_2026_40"): [1.0, 2.0],
        ("HSC/RC2", "w_2026_41"): [3.0],
        ("DC2", "w_2026_40"): [4.0],
        ("RC3", "w_2026_40"): [5.0],
    }


def test_rules_of_the_configuration_win(server, database):
    """Constants, columns and a pattern that is searched in the run."""
    server.write(database, [sasquatch_line("a", g_x=1)])
    keys = {
        "columns": {"release": "reference_package_version"},
        "pattern": r"runs/\w+/w_(?P<dataset>\d+)_",
        "instrument": "HSC",
        "skymap": "other",
        "collection": "mine",
        "package": "mine",
    }
    (job,) = Pulls(server, database, **keys).pull()
    assert job.run == RunKey(dataset="2026", release="w_2026_40", collection="mine")
    (row,) = job.measurements
    assert (row["instrument"], row["skymap"], row["metric"]) == ("HSC", "other", "mine.x")


def test_hostile_names(server, database):
    """Names with quotes, commas and line breaks are quoted, and change no query."""
    field = 'g_x\\"\\,\\ y::float\\ FROM\\ z'
    tag = 'it\'s\\ \\\\"quoted\\"'
    server.write(
        database,
        [
            f"mea'sure\\ \"m\\,ent,dataset_tag={tag} {field}=1.5 {MONDAY}",
            f"mea'sure\\ \"m\\,ent,dataset_tag=other {field}=2.5 {MONDAY}",
        ],
    )
    keys = {"release": "w_2026_40", "match": {"dataset_tag": 'it\'s \\"quoted"'}}
    del tag
    found = Pulls(server, database, release="w_2026_40")
    found.pull()
    datasets = {job.run.dataset: job.measurements[0]["value"] for job in found.jobs.values()}
    (strange,) = set(datasets) - {"other"}
    assert "quoted" in strange
    chosen = Pulls(server, database, **{**keys, "match": {"dataset_tag": [strange]}})
    (job,) = chosen.pull()
    assert job.run.dataset == strange
    assert [row["value"] for row in job.measurements] == [1.5]


def test_match_and_measurements(server, database):
    """Points are chosen by measurement and by tags; without the column nothing matches."""
    lines = [sasquatch_line("a", g_x=1), sasquatch_line("b", g_x=2)]
    lines += [sasquatch_line("a", g_x=3, tag="DC2"), f"lsst.dm.c g_x=4 {MONDAY}"]
    server.write(database, lines)
    found = []
    for keys in (
        {"measurements": ["*.b"]},
        {"match": {"dataset_tag": "DC2"}},
        {"match": {"dataset_tag": ["DC2", "HSC/RC2"], "tract": "9615"}, "measurements": ["*.a"]},
    ):
        pulls = Pulls(server, database, **keys)
        pulls.pull()
        found.append(sorted(row["value"] for row in pulls.rows()))
        assert pulls.broken == []
    assert found == [[2.0], [3.0], [1.0, 3.0]]


def test_fields_of_two_types(server, database):
    """A field that became a text is said so; integers and numbers are one field."""
    week = 7 * DAY
    server.write(
        database,
        [
            sasquatch_line("a", g_x="1i"),
            sasquatch_line("a", MONDAY + 10 * week, g_x=2.5),
            sasquatch_line("a", MONDAY + 20 * week, g_x='"three"'),
        ],
    )
    pulls = Pulls(server, database)
    pulls.pull()
    assert sorted(row["value"] for row in pulls.rows()) == [1.0, 2.5]
    (broken,) = pulls.broken
    assert broken.reason.startswith("the field 'g_x' is stored as ")
    assert broken.reason.endswith("what is no number is left out.")


def test_points_without_a_run(server, database):
    """Points whose release nothing tells are counted in one line, and the others are read."""
    lines = [sasquatch_line("a", g_x=1)]
    lines += [sasquatch_line("a", MONDAY + n, g_x=n, run="nothing") for n in (1, 2, 3)]
    server.write(database, lines)
    pulls = Pulls(server, database)
    assert len(pulls.pull()) == 1
    (broken,) = pulls.broken
    assert broken.place == "3 points"
    assert broken.reason == "release is not known: add `release = …` to the source 'i'."


def test_nothing_there(server, database):
    """An empty database, and one without a fitting measurement, say so."""
    pulls = Pulls(server, database)
    pulls.pull()
    assert [one.reason for one in pulls.broken] == ["matches no measurement"]
    server.write(database, [f'm text="x" {MONDAY}'])
    pulls.pull()
    assert [one.reason for one in pulls.broken] == ["no measurement holds numbers"]


def weeks(first, last, action="a"):
    """Yield one point a day of these weeks, with two fields."""
    for n in range(first * 7, last * 7):
        run = f"HSC/runs/RC2/w_2026_{1 + n // 28}/DM-1/20261005T010203Z"
        yield sasquatch_line(action, MONDAY + n * DAY, run=run, g_x=n, r_y=n + 0.5)


def expected(first, last):
    """Return what `weeks` puts in, as `Pulls.values` gives it."""
    days = [
        (n, date.fromordinal(date(2024, 10, 7).toordinal() + n)) for n in range(first * 7, last * 7)
    ]
    return sorted(
        (f"analysis_tools.{name}", band, "9615", f"{day}T00:00:00Z", n + shift)
        for n, day in days
        for name, band, shift in (("x", "g", 0.0), ("y", "r", 0.5))
    )


def test_later_pulls(server, database):
    """A later pull reads from where the last one ended, and some weeks before; old jobs stay."""
    server.write(database, weeks(0, 20))
    pulls = Pulls(server, database, overlap=14)
    pulls.pull()
    assert pulls.values() == expected(0, 20)
    whole = len(pulls.jobs)
    assert pulls.pull() == []
    assert 0 < pulls.known < whole / 2
    server.write(database, weeks(20, 22))
    assert pulls.pull()
    assert pulls.values() == expected(0, 22)


def test_late_points(server, database):
    """A point that comes late, within the overlap, makes its job a new state of the same job."""
    lines = list(weeks(0, 4))
    server.write(database, [line for n, line in enumerate(lines) if n != 20])
    pulls = Pulls(server, database)
    pulls.pull()
    origins = set(pulls.jobs)
    server.write(database, [lines[20]])
    (job,) = pulls.pull()
    assert job.origin in origins
    assert pulls.values() == expected(0, 4)


def test_points_that_are_dated_far_back(server, database):
    """Points far before the overlap are noticed by the count, also if the pull for them dies."""
    lines = list(weeks(0, 40))
    late = (20, 120, 200)
    server.write(database, [line for n, line in enumerate(lines) if n not in late])
    pulls = Pulls(server, database, overlap=7)
    pulls.pull()
    server.write(database, [lines[n] for n in late])
    assert len(pulls.pull(stop=2)) == 1
    assert len(pulls.pull()) == 2
    assert pulls.values() == expected(0, 40)
    whole = pulls.known
    assert pulls.pull() == []
    assert pulls.known < whole / 4


def test_point_in_the_future(server, database):
    """A point that claims to be of the year 2100 hides none that come before it."""
    now = int(time.time()) * 10**9
    server.write(database, [sasquatch_line("a", now - 10 * DAY, g_x=1)])
    server.write(database, [sasquatch_line("a", 4_102_444_800 * 10**9, g_x=2)])
    pulls = Pulls(server, database)
    pulls.pull()
    server.write(database, [sasquatch_line("a", now - 5 * DAY, g_x=3)])
    pulls.pull()
    assert sorted(row["value"] for row in pulls.rows()) == [1.0, 2.0, 3.0]


def test_start_and_since(server, database):
    """Nothing is read before the day of `start`, or of `--since`, which moves no watermark."""
    server.write(database, weeks(0, 10))
    pulls = Pulls(server, database)
    pulls.pull(since=date(2024, 11, 21))
    first = min(row["date"] for row in pulls.rows())
    assert first == "2024-11-21T00:00:00Z"
    pulls.pull()
    assert pulls.values() == expected(0, 10)
    pulls = Pulls(server, database, start=date(2024, 11, 21))
    pulls.pull()
    assert min(row["date"] for row in pulls.rows()) == first


def test_pull_that_dies(server, database):
    """After a pull that ended anywhere the next ones bring the rest, once."""
    server.write(database, [*weeks(0, 10, "a"), *weeks(0, 10, "b")])
    pulls = Pulls(server, database, overlap=0)
    for stop in (3, 5, 7, None):
        pulls.pull(stop=stop)
    single = expected(0, 10)
    renamed = [
        (f"analysis_tools.{action}_{metric.partition('.')[2]}", *rest)
        for action in "ab"
        for metric, *rest in single
    ]
    assert pulls.values() == sorted(renamed)


def test_pull_that_is_killed(server, database, tmp_path):
    """A process that is killed loses one window at most; the store holds each value once."""
    server.write(database, weeks(0, 30))
    (tmp_path / "reportgen.toml").write_text(
        f'[[source]]\nname = "i"\ntype = "influxdb"\nlocation = "{server.url}"\n'
        f"database = {json.dumps(database)}\noverlap = 14\n"
    )

    def stored():
        rows = Store(tmp_path / "data/store").measurements().to_pylist()
        return sorted((r["metric"], r["band"], r["tract"], r["date"], r["value"]) for r in rows)

    whole = expected(0, 30)
    before = 0
    for stop in (20, 10):
        assert killed_pull.start(tmp_path, stop) == -signal.SIGKILL
        assert before < len(stored()) < len(whole)
        assert set(stored()) < set(whole)
        before = len(stored())
    assert killed_pull.start(tmp_path) == 0
    assert stored() == whole


@contextlib.contextmanager
def patience(monkeypatch, hook, tries=3):
    """Wait with ``hook`` in place of a pause."""
    patient = functools.partial(Client, patience=Patience(tries=tries, sleep=hook))
    with monkeypatch.context() as patch:
        patch.setattr(reading, "Client", patient)
        yield


def many(points):
    """Yield points of one week, one a second, with two fields each."""
    for n in range(points):
        yield sasquatch_line("a", MONDAY + n * 10**9, tract=str(n % 50), g_x=n, r_y=n + 0.5)


def by_second(rows):
    """Return the values with second and tract, sorted: a duplicate would show."""
    origin = datetime.fromtimestamp(MONDAY // 10**9, UTC)
    return sorted(
        ((datetime.fromisoformat(row["date"]) - origin).total_seconds(), row["tract"], row["value"])
        for row in rows
    )


def test_server_that_goes_away(monkeypatch):
    """A server killed in the middle of an answer: tries end, the next pull brings the rest.

    When it comes back while the pull waits, the pull goes on by itself.
    """
    points = 50_000  # more than what lies between server and client
    monkeypatch.setattr(points_module, "PART_ROWS", 10_000)
    with influxdb() as server:
        server.query("CREATE DATABASE big")
        server.write("big", many(points))
        pulls = Pulls(server, "big")
        with patience(monkeypatch, lambda _seconds: None):
            records = read_jobs(pulls.config)
            first = next(records)
            server.server.kill()
            with pytest.raises(SourceError, match=r"no answer: .* Pull again later") as caught:
                list(records)
        assert str(caught.value).startswith(server.url)
        assert isinstance(first, JobBundle)
        server.server.start()
        restarts = []

        def restart(_seconds):
            server.server.start()
            restarts.append(1)

        with patience(monkeypatch, restart):
            found = []
            for record in read_jobs(pulls.config):
                if isinstance(record, JobBundle):
                    found.append(record)
                    if len(found) == 1:
                        server.server.kill()
        assert restarts == [1]
        assert len({job.origin for job in found}) == len(found)
        assert by_second(row for job in found for row in job.measurements) == [
            (n, str(n % 50), n + shift) for n in range(points) for shift in (0.0, 0.5)
        ]


def test_server_that_hangs(monkeypatch):
    """A server that says nothing for longer than `timeout` is given up after some tries."""
    with influxdb() as server:
        server.query("CREATE DATABASE d")
        server.write("d", weeks(0, 1))
        pulls = Pulls(server, "d", timeout=0.3)
        pauses = []
        os.killpg(server.server.process.pid, signal.SIGSTOP)
        try:
            with (
                patience(monkeypatch, pauses.append),
                pytest.raises(SourceError, match="no answer: TimeoutError"),
            ):
                pulls.pull()
        finally:
            os.killpg(server.server.process.pid, signal.SIGCONT)
        assert len(pauses) == 2
        patient = Pulls(server, "d")
        patient.pull()
        assert patient.values() == expected(0, 1)


def test_credentials(monkeypatch):
    """User and password come from the environment, and no message shows them."""
    with influxdb(auth=True) as server:
        server.query("CREATE DATABASE d")
        server.write("d", weeks(0, 1))
        with pytest.raises(SourceError, match=r"refuses access\. Name the environment variables"):
            Pulls(server, "d").pull()
        pulls = Pulls(server, "d", user_env="METRICS_USER", password_env="METRICS_PASSWORD")
        with pytest.raises(SourceError, match="variable METRICS_PASSWORD is not set"):
            pulls.pull()
        monkeypatch.setenv("METRICS_USER", USER)
        monkeypatch.setenv("METRICS_PASSWORD", "wrong")
        with pytest.raises(SourceError) as caught:
            pulls.pull()
        assert str(caught.value) == (
            f"{server.url}: the server refuses access."
            " Check what METRICS_USER and METRICS_PASSWORD hold."
        )
        monkeypatch.setenv("METRICS_PASSWORD", PASSWORD)
        jobs = pulls.pull()
        assert pulls.values() == expected(0, 1)
        assert PASSWORD not in repr(jobs)
        monkeypatch.setenv("METRICS_TOKEN", "s3cret")
        with pytest.raises(SourceError, match=r"Check what METRICS_TOKEN hold\.|answers 401"):
            Pulls(server, "d", token_env="METRICS_TOKEN").pull()


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("influx.example.org:8086", "location: an address such as https://"),
        ("ftp://influx.example.org", "location: an address such as https://"),
        ("http://u:s3cret@127.0.0.1:1", "location: credentials do not belong here; use user_env"),
    ],
)
def test_wrong_location(location, message):
    """An address that cannot be used is refused before anything is sent, without its secrets."""
    config = SourceConfig(name="i", type="influxdb", location=location, database="d")
    with pytest.raises(SourceError, match=message) as caught:
        list(read_jobs(config))
    assert "s3cret" not in str(caught.value)


def test_unknown_database(server):
    """A database that does not exist is named by the server, with what to check."""
    with pytest.raises(SourceError, match=r"database not found: nope\. Check `database`"):
        Pulls(server, "nope").pull()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "database: Field required"),
        ({"database": "d", "window": 0}, "window = 0: Input should be greater than or equal to 1"),
        ({"database": "d", "zero": "none"}, "zero.*'missing' or 'value'"),
        ({"database": "d", "zero": {"AM1": "no"}}, "zero.*AM1 = 'no': Input should be 'missing'"),
        ({"database": "d", "layout": "x"}, "layout = 'x': Input should be 'auto', 'squash' or"),
        ({"database": "d", "password": "x"}, "password: unknown key; options of influxdb: datab"),
    ],
)
def test_wrong_options(keys, message):
    """Options are checked before anything is asked; key, value and choices are named."""
    config = SourceConfig(name="i", type="influxdb", location="http://127.0.0.1:1", **keys)
    with pytest.raises(ConfigError, match=message):
        read_jobs(config)
