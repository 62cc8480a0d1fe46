"""The generated data in ``data/demo``."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
WEEKLY, COMCAM = DATA / "demo" / "weekly", DATA / "demo" / "comcam"
OTHER_NAMES = {"stellarPhotRepeatStdev": "PA1", "stellarPhotRepeatOutlierFraction": "PF1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Run the generator and return its folder."""
    folder = tmp_path_factory.mktemp("demo")
    tool = ROOT / "tools" / "make_demo_data.py"
    subprocess.run([sys.executable, tool, "--to", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    """Return what is planted in the weekly history."""
    return json.loads((WEEKLY / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def weekly() -> pd.DataFrame:
    """All weekly values from the three kinds of file: release, metric, band, tract, value."""
    table = pq.read_table(WEEKLY / "history.parquet").to_pandas()
    table["metric"] = table["metric"].str.partition(".")[2]
    rows = [*_job_rows(), *_bundle_rows()]
    columns = ["release", "producer", "metric", "band", "tract", "value"]
    return pd.concat([table[columns], pd.DataFrame(rows, columns=columns)], ignore_index=True)


def _job_rows():
    for path in sorted(WEEKLY.glob("jobs/*/*.verify.json")):
        job = json.loads(path.read_text(encoding="utf-8"))
        meta = job["meta"]
        for one in job["measurements"]:
            metric = one["metric"].partition(".")[2]
            place = (meta.get("band"), meta["tract"], one["value"])
            yield (meta["ci_label"], "faro", metric, *place)


def _bundle_rows():
    for path in sorted(WEEKLY.glob("bundles/**/*.json")):
        release, tract = path.parts[-3], int(path.stem.rpartition("_")[2])
        for action, measurements in json.loads(path.read_text(encoding="utf-8")).items():
            for one in measurements if not action.startswith("__") else ():
                band, _, metric = one["metric"].partition("_")
                yield (
                    release,
                    "analysis_tools",
                    OTHER_NAMES.get(metric, metric),
                    band,
                    tract,
                    one["value"],
                )


def series(weekly: pd.DataFrame, metric: str, band: str, producer: str = "faro") -> pd.Series:
    """Return the mean over the tracts, by release."""
    chosen = weekly[(weekly.metric == metric) & (weekly.band == band)]
    chosen = chosen[chosen.producer == producer]
    return chosen.groupby("release").value.mean()


def test_the_generator_writes_what_is_here(made):
    """The generator gives the committed files: text byte for byte, tables value for value."""
    ours = {path.relative_to(DATA / "demo") for path in (DATA / "demo").rglob("*.*")}
    theirs = {path.relative_to(made) for path in made.rglob("*.*")}
    assert theirs == ours
    for name in sorted(ours):
        old, new = DATA / "demo" / name, made / name
        if name.suffix != ".parquet":
            assert new.read_bytes() == old.read_bytes(), name
            continue
        written = [pq.read_metadata(path).created_by for path in (old, new)]
        if (
            written[0] == written[1]
        ):  # another version of pyarrow lays out the same values otherwise
            assert new.read_bytes() == old.read_bytes(), name
        else:
            assert _nan_equal(pq.read_table(old), pq.read_table(new)), name


def _nan_equal(one, other) -> bool:
    return one.schema == other.schema and one.to_pandas().equals(other.to_pandas())


def test_the_weekly_history_has_gaps(truth):
    """Sixty weeklies were processed, and some weeks were not."""
    runs = truth["runs"]
    assert (len(runs), runs[0], runs[-1]) == (60, "w_2020_30", "w_2021_44")
    assert "w_2021_20" not in runs


def test_every_file_says_that_it_is_generated():
    """What is not a table names the demonstration inside; every source of them says so."""
    texts = [p for p in (DATA / "demo").rglob("*.json") if "demonstration" not in p.read_text()]
    assert texts == []
    config = (ROOT / "reportgen.toml").read_text(encoding="utf-8")
    sources = [part for part in config.split("[[source]]") if "data/demo/" in part]
    assert len(sources) == 4
    assert all("demonstration = true" in source for source in sources)


@pytest.mark.parametrize("metric", ["PA1", "PF1", "AM1", "AM2", "AF1", "AD1"])
def test_the_y_band_steps_in_several_metrics(weekly, metric):
    """Six metrics of the y band rise at w_2021_30 by more than ten times their noise."""
    values = series(weekly, metric, "y")
    before = values[(values.index >= "w_2021_05") & (values.index < "w_2021_30")]
    after = values[(values.index >= "w_2021_30") & (values.index < "w_2021_37")]
    assert after.mean() / before.mean() > 1.1
    assert after.min() > before.max()
    assert (after.mean() - before.mean()) / before.std() > 8


def test_the_last_run_has_a_new_failure_and_a_repair(weekly):
    """TE1 in i passes until the last run, AB1 in g fails until the last run."""
    te1 = weekly[(weekly.metric == "TE1") & (weekly.band == "i")]
    assert (te1[te1.release < "w_2021_44"].value.dropna() <= 2e-5).all()
    assert (te1[te1.release == "w_2021_44"].value > 2e-5).all()
    ab1 = weekly[(weekly.metric == "AB1") & (weekly.band == "g")]
    lately = ab1[(ab1.release >= "w_2021_22") & (ab1.release < "w_2021_44")]
    assert (lately.value.dropna() > 10).all()
    assert (ab1[ab1.release == "w_2021_44"].value < 10).all()


def test_a_drift_is_slow_and_lasts(weekly):
    """AA1 in r rises from w_2021_06 on, by some percent a month, over two producers."""
    values = series(weekly, "AA1", "r")
    faro = values[(values.index >= "w_2021_06") & (values.index <= "w_2021_36")]
    late = series(weekly, "AA1", "r", "analysis_tools")
    assert np.polyfit(np.arange(len(faro)), faro, 1)[0] > 0.1
    assert late.mean() > faro.iloc[-5:].mean()


def test_values_are_missing_in_every_way(weekly):
    """NaN, null and absence are all there, and are not the same in the files."""
    table = pq.read_table(WEEKLY / "history.parquet")
    values = table["value"].combine_chunks()
    assert values.null_count == 1
    assert sum(math.isnan(value) for value in values.to_pylist() if value is not None) == 2
    text = (WEEKLY / "jobs/w_2021_35/faro_9615_g.verify.json").read_text(encoding="utf-8")
    assert '"value": NaN' in text
    text = (WEEKLY / "jobs/w_2021_42/faro_9697_y.verify.json").read_text(encoding="utf-8")
    assert '"value": null' in text
    left = weekly[(weekly.release == "w_2021_26") & (weekly.tract == 9813)]
    assert set(left.band.dropna()) == {"g", "r", "i", "y"}


def test_one_run_was_measured_by_both(weekly):
    """At the change of producer one run has values of faro and of analysis_tools."""
    both = weekly[(weekly.metric == "PA1")].groupby("release").producer.nunique()
    assert both[both == 2].index.tolist() == ["w_2021_36"]


@pytest.fixture(scope="module")
def bias() -> pd.DataFrame:
    """All rows of the bias stage."""
    tables = [pq.read_table(path).to_pandas() for path in sorted(COMCAM.glob("*/verifyBias*"))]
    return pd.concat(tables, ignore_index=True)


def test_the_camera_has_all_its_amplifiers(bias):
    """120 nights of 9 detectors with 16 amplifiers each, one bias a night."""
    assert len(bias) == 120 * 9 * 16
    assert bias.exposure.nunique() == bias.mjd.nunique() == 120
    assert sorted(bias.detector.unique())[:2] == ["R22_S00", "R22_S01"]
    assert np.diff(sorted(bias.mjd.unique())).max() > 7


def test_the_camera_drifts_steps_and_dies(bias):
    """A drift, a board exchange and a dead amplifier are there, and change the verdicts."""
    drifting = bias[(bias.detector == "R22_S12") & (bias.amplifier == "C13")]
    assert drifting.BIAS_VERIFY_NOISE.iloc[:60].all()
    assert not drifting.BIAS_VERIFY_NOISE.iloc[-5:].any()
    board = bias[bias.detector == "R22_S01"].groupby("exposure").BIAS_NOISE.mean()
    assert board.iloc[-20:].max() < board.iloc[:20].min()
    dead = bias[(bias.detector == "R22_S21") & (bias.amplifier == "C00")]
    assert dead.BIAS_NOISE.isna().sum() > 10
    assert not dead[dead.BIAS_NOISE.isna()].BIAS_VERIFY_NOISE.any()


def test_the_temperature_explains_one_detector(bias):
    """The bias level of R22_S10 follows the temperature and nothing else."""
    mean = bias[bias.detector == "R22_S10"].groupby("exposure")[["BIAS_MEAN", "BIAS_TEMPERATURE"]]
    slope, _ = np.polyfit(*mean.mean()[["BIAS_TEMPERATURE", "BIAS_MEAN"]].to_numpy().T, 1)
    assert slope == pytest.approx(0.15, abs=0.02)


def test_the_data_are_small():
    """No file is larger than a megabyte, and all of them together than eight."""
    sizes = [
        path.stat().st_size
        for path in DATA.rglob("*")
        if path.is_file() and path.relative_to(DATA).parts[0] != "store"
    ]
    assert max(sizes) < 1_000_000
    assert sum(sizes) < 8_000_000
