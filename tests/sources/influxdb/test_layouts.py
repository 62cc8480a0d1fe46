"""From points of both layouts to metrics, runs and data IDs."""

from __future__ import annotations

from reportgen.model.runs import RunKey
from tests.sources.influxdb.pulls import DAY, MONDAY, Pulls, sasquatch_line, squash_line


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
