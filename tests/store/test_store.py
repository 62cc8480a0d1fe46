from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import RunCollisionError
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.store import Store
from tests.factories import make_bundle, make_key, make_metric, make_row, make_specification


def pull(folder: Path, *bundles: JobBundle, source: str = "archive") -> list[str]:
    """Add jobs to a store and return the runs that grew, as a pull does."""
    store = Store(folder)
    with store.writer() as writer:
        known = writer.known(source)
        for bundle in bundles:
            if (bundle.origin, bundle.sha256) not in known:
                writer.add(source, bundle)
        return writer.commit()


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def values(store: Store, **where: object) -> list[float | None]:
    """Return the stored values, sorted."""
    column = store.measurements(**where)["value"].to_pylist()
    return sorted(column, key=lambda value: (value is None, value))


def test_what_was_stored_comes_back(tmp_path: Path) -> None:
    """Every column of a measurement survives the store, a missing value with its reason."""
    rows = [make_row(band="r", tract="9615"), make_row(value=None, reason="nan", band="y")]
    pull(tmp_path, make_bundle(measurements=rows, meta={"instrument": "HSC"}))
    table = Store(tmp_path).measurements().to_pylist()
    assert [
        (r["run"], r["metric"], r["value"], r["reason"], r["band"], r["tract"]) for r in table
    ] == [
        ("hsc-rc2/w_2021_30", "validate_drp.PA1", 5.0, None, "r", "9615"),
        ("hsc-rc2/w_2021_30", "validate_drp.PA1", None, "nan", "y", None),
    ]


def test_pulling_twice_changes_no_byte(tmp_path: Path) -> None:
    """The same jobs again leave the store as it is."""
    bundle = make_bundle()
    assert pull(tmp_path, bundle) == ["hsc-rc2/w_2021_30"]
    before = files(tmp_path)
    assert pull(tmp_path, bundle) == []
    assert files(tmp_path) == before


def test_changed_job_is_a_new_revision(tmp_path: Path) -> None:
    """A job pulled with other content stands beside the old one and the newest is shown."""
    pull(tmp_path, make_bundle(measurements=[make_row(value=5.0)]), make_bundle("b.verify.json"))
    before = files(tmp_path)
    pull(tmp_path, make_bundle(measurements=[make_row(value=7.0)]))
    after = files(tmp_path)
    assert {name: after[name] for name in before} == before
    store = Store(tmp_path)
    assert values(store) == [5.0, 7.0]
    (run,) = store.runs
    assert [(r.number, r.jobs, r.replaced) for r in run.revisions] == [(1, 2, 0), (2, 1, 1)]


def test_jobs_of_other_bands_are_not_merged(tmp_path: Path) -> None:
    """Two jobs that differ only in band keep both measurements."""
    pull(
        tmp_path,
        make_bundle("r.json", measurements=[make_row(value=1.0, band="r")]),
        make_bundle("i.json", measurements=[make_row(value=2.0, band="i")]),
    )
    assert values(Store(tmp_path)) == [1.0, 2.0]


def test_nothing_is_added_without_commit(tmp_path: Path) -> None:
    """A pull that dies half way leaves the store as it was."""
    pull(tmp_path, make_bundle())
    before = files(tmp_path)
    with Store(tmp_path).writer() as writer:
        writer.add("archive", make_bundle("other.json"))
    assert files(tmp_path) == before


def test_colliding_runs_are_an_error_that_names_both(tmp_path: Path) -> None:
    """Two datasets with one slug, or two collections of one release, are refused."""
    pull(tmp_path, make_bundle(run=make_key(collection="a")))
    with pytest.raises(RunCollisionError, match=r"'a'.*'b'"):
        pull(tmp_path, make_bundle("b.json", run=make_key(collection="b")))
    with pytest.raises(RunCollisionError, match=r"'X y'.*'x Y'"):
        pull(
            tmp_path,
            make_bundle(run=make_key(dataset="X y")),
            make_bundle("b.json", run=make_key(dataset="x Y")),
        )


def test_colliding_runs_of_one_table_are_refused(tmp_path: Path) -> None:
    """Rows of one table that belong to two runs of one address are not taken for one run."""
    parts = [make_bundle("t.csv", run=make_key(collection=name)) for name in "ab"]
    with pytest.raises(RunCollisionError, match=r"'a'.*'b'"):
        pull(tmp_path, *parts)
    assert Store(tmp_path).runs == ()


def test_carried_definitions_come_back(tmp_path: Path) -> None:
    """Metrics and specifications that a job carried are stored once and equal what went in."""
    query = {"instrument": "HSC", "visit": 903334, "flag": True, "nothing": None, "ccds": [1, "2"]}
    metric, spec = make_metric(), make_specification(metadata_query=query)
    for_all = {"metrics": [metric], "specifications": [spec]}
    pull(tmp_path, make_bundle("a.json", **for_all), make_bundle("b.json", **for_all))
    (carried,) = Store(tmp_path).definitions().values()
    assert carried.metrics == (metric,)
    assert carried.specifications == (spec,)
    stored = carried.specifications[0].metadata_query
    assert {key: repr(value) for key, value in stored.items()} == {
        key: repr(value) for key, value in query.items()
    }  # 1 would equal True
    assert set(Store(tmp_path).jobs()["definitions"].to_pylist()) == set(
        Store(tmp_path).definitions()
    )


def test_unreadable_is_listed_until_it_is_read(tmp_path: Path) -> None:
    """A file that could not be read stays on the list until a job comes from the same place."""
    broken = Unreadable(origin="a.verify.json", reason="not JSON", place="line 3", sha256="0" * 64)
    with Store(tmp_path).writer() as writer:
        writer.add_unreadable("archive", broken)
        writer.commit()
    assert [r["origin"] for r in Store(tmp_path).unreadable()] == ["a.verify.json"]
    pull(tmp_path, make_bundle("a.verify.json"))
    assert Store(tmp_path).unreadable() == []


def test_a_file_that_breaks_after_it_was_stored_is_listed(tmp_path: Path) -> None:
    """What was stored stays, and the file that is broken now is named until it is mended."""
    pull(tmp_path, make_bundle("a.csv#x/v1"))
    with Store(tmp_path).writer() as writer:
        writer.add_unreadable("archive", Unreadable(origin="a.csv", reason="cut", sha256="1" * 64))
        writer.commit()
    assert [r["reason"] for r in Store(tmp_path).unreadable()] == ["cut"]
    assert values(Store(tmp_path)) == [5.0]
    pull(tmp_path, make_bundle("a.csv#x/v1", measurements=[make_row(value=6.0)]))
    assert Store(tmp_path).unreadable() == []


def test_runs_are_ordered_by_release(tmp_path: Path) -> None:
    """Weeklies sort by week, not by name of file or order of pulling."""
    releases = ["w_2021_9", "w_2020_50", "w_2021_10"]
    pull(tmp_path, *(make_bundle(f"{r}.json", run=make_key(release=r)) for r in releases))
    assert [run.release for run in Store(tmp_path).runs] == ["w_2020_50", "w_2021_9", "w_2021_10"]


def test_questions_can_name_runs_and_metrics(tmp_path: Path) -> None:
    """Only the asked runs and metrics are answered."""
    pull(
        tmp_path,
        make_bundle("a.json", measurements=[make_row(value=1.0), make_row("x.Y", 2.0)]),
        make_bundle(
            "b.json", run=make_key(release="w_2021_31"), measurements=[make_row(value=3.0)]
        ),
    )
    store = Store(tmp_path)
    assert values(store, run_ids=["hsc-rc2/w_2021_30"]) == [1.0, 2.0]
    assert values(store, metrics=["validate_drp.PA1"]) == [1.0, 3.0]
    assert values(store, run_ids=[]) == []


@pytest.mark.parametrize("where", [{}, {"metrics": ["validate_drp.PA1"]}])
def test_rows_come_in_the_order_in_which_they_lie(tmp_path: Path, where: dict[str, object]) -> None:
    """Also where DuckDB joins, which lets its threads decide: replaced jobs, chosen metrics."""
    weeks = [f"w_2021_{week:02d}" for week in range(1, 51)]
    pull(
        tmp_path,
        *(
            make_bundle(f"{week}.json", run=make_key(release=week), measurements=[make_row()] * 3)
            for week in weeks
        ),
    )
    pull(tmp_path, make_bundle("w_2021_50.json", run=make_key(release=weeks[-1]), sha256="x"))
    for _ in range(5):
        found = Store(tmp_path).measurements(**where)["run"].to_pylist()  # type: ignore[arg-type]
        assert found == [f"hsc-rc2/{week}" for week in weeks[:-1] for _ in range(3)] + [
            f"hsc-rc2/{weeks[-1]}"
        ]


def test_of_reasons_that_are_as_frequent_the_first_counts(tmp_path: Path) -> None:
    """Whichever file DuckDB looks at first."""
    for reason in ("null", "nan"):
        missing = make_row(value=None, reason=reason)
        pull(tmp_path, make_bundle(f"{reason}.json", measurements=[missing]))
    history = Store(tmp_path).history(["validate_drp.PA1"])
    assert history["reason"].to_pylist() == ["nan"]
