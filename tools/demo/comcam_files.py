"""The files of the calibration demonstration: Results tables as cp_verify would write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from demo.camera import Camera, CameraPlan, camera, read_camera_plan
from demo.noise import generator, write_json, write_parquet

MJD_ZERO = date(1858, 11, 17)
SEQUENCE = {"BIAS": 12, "DARK": 31, "FLAT": 54}
"""Number of the exposure in its night; the stage's exposures follow one another."""

Columns = dict[str, np.ndarray]


def write_comcam(folder: Path) -> None:
    """Write the calibration demonstration below ``folder``: one table per stage and month."""
    plan = read_camera_plan()
    state = camera(plan)
    months = np.array([f"{night:%Y-%m}" for night in plan.nights])
    tables = {
        "Bias": _amplifiers(plan, "BIAS", _bias(plan, state)),
        "Dark": _amplifiers(plan, "DARK", _dark(plan, state)),
        "Flat": _amplifiers(plan, "FLAT", _flat(plan, state)),
    }
    detectors = {"Flat": _detectors(plan, "FLAT", _flat_detector(plan))}
    for month in np.unique(months):
        chosen = np.flatnonzero(months == month)
        for stage, table in tables.items():
            parts = [_of_nights(table, chosen, per_night=144)]
            if stage in detectors:
                parts.append(_of_nights(detectors[stage], chosen, per_night=9))
            merged = pa.concat_tables(parts, promote_options="default")
            write_parquet(folder / month / f"verify{stage}Results.parquet", merged)
        ptc = _photon_transfer(plan, state, int(chosen[len(chosen) // 2]))
        write_parquet(folder / month / "verifyPtcResults.parquet", ptc)
    write_json(folder / "truth.json", _truth(plan))


def _bias(plan: CameraPlan, state: Camera) -> Columns:
    return _noise_stage(plan, state, "BIAS", state.mean, state.noise)


def _dark(plan: CameraPlan, state: Camera) -> Columns:
    mean = 0.4 * state.mean + generator("dark mean").normal(0.02, 0.06, size=plan.shape)
    shot = 1 + np.abs(generator("dark noise").normal(0, 0.002, size=plan.shape))
    columns = _noise_stage(plan, state, "DARK", mean, state.noise * shot)
    del columns["DARK_READ_NOISE_ADU"], columns["DARK_VERIFY_READ_NOISE_CONSISTENT"]
    return columns


def _noise_stage(
    plan: CameraPlan, state: Camera, stage: str, mean: np.ndarray, noise: np.ndarray
) -> Columns:
    """Return statistics and verdicts of bias or dark; the criteria are those of cp_verify.

    The comparison with a NaN is false, so a dead amplifier fails its tests.
    """
    mean, noise = (np.where(state.dead, np.nan, values) for values in (mean, noise))
    cosmic_rays = generator(stage, "cosmic rays").random(plan.shape)
    cr_noise = noise * np.where(cosmic_rays < 0.0015, 0.93, 1.0015)
    overscan = noise / state.gain
    nominal = state.nominal_noise
    return {
        f"{stage}_MEAN": np.round(mean, 3),
        f"{stage}_NOISE": np.round(noise, 3),
        f"{stage}_CR_NOISE": np.round(cr_noise, 3),
        f"{stage}_READ_NOISE_ADU": np.round(overscan, 3),
        f"{stage}_TEMPERATURE": np.round(state.temperature, 2),
        f"{stage}_VERIFY_MEAN": np.abs(mean) < noise,
        f"{stage}_VERIFY_NOISE": (noise - nominal) / nominal <= 0.05,
        f"{stage}_VERIFY_CR_NOISE": np.abs(noise - cr_noise) / cr_noise <= 0.05,
        f"{stage}_VERIFY_READ_NOISE_CONSISTENT": (noise - nominal) / nominal <= 0.05,
    }


def _flat(plan: CameraPlan, state: Camera) -> Columns:
    lamp = generator("lamp").normal(1, 0.003, size=[plan.shape[0], 1, 1])
    mean = 11_000 * lamp * generator("flat").normal(1, 0.001, size=plan.shape)
    noise = np.sqrt(mean) * generator("flat noise").normal(0.975, 0.004, size=plan.shape)
    mean, noise = (np.where(state.dead, np.nan, values) for values in (mean, noise))
    return {
        "FLAT_MEAN": np.round(mean, 0),
        "FLAT_NOISE": np.round(noise, 1),
        "FLAT_VERIFY_NOISE": noise <= np.sqrt(mean),
    }


def _flat_detector(plan: CameraPlan) -> Columns:
    scatter = generator("scatter").normal(60, 6, size=plan.shape[:2])
    return {
        "FLAT_DET_SCATTER": np.round(scatter, 1),
        "FLAT_DET_VERIFY_SCATTER": scatter / 11_000 <= 0.05,
    }


def _photon_transfer(plan: CameraPlan, state: Camera, night: int) -> pa.Table:
    """Return one photon transfer curve, of the exposures around one night."""
    each = plan.shape[1:]
    dead, random = state.dead[night], generator("ptc", night)
    gain = np.where(dead, np.nan, state.gain[night] * random.normal(1, 0.001, size=each))
    noise = np.where(dead, np.nan, state.noise[night] * random.normal(1.005, 0.004, size=each))
    turnoff = np.where(dead, np.nan, random.normal(118_000, 3_000, size=each))
    nominal_gain, nominal_noise = state.nominal_gain[night], state.nominal_noise[night]
    columns = {
        "PTC_PTC_GAIN": np.round(gain, 4),
        "PTC_PTC_NOISE": np.round(noise, 3),
        "PTC_PTC_TURNOFF": np.round(turnoff, 0),
        "PTC_VERIFY_PTC_GAIN": np.abs(gain - nominal_gain) / nominal_gain < 0.05,
        "PTC_VERIFY_PTC_NOISE": np.abs(noise - nominal_noise) / nominal_noise < 0.05,
        "PTC_VERIFY_PTC_TURNOFF": turnoff > 90_000,
    }
    data = {
        "instrument": _text([plan.instrument] * gain.size),
        "detector": _text(np.repeat(plan.detectors, each[1])),
        "amplifier": _text(np.tile(plan.amplifiers, each[0])),
        "mjd": np.full(gain.size, float(_mjd(plan.nights[night])) + 0.5),
    }
    return pa.table(data | {name: values.ravel() for name, values in columns.items()})


def _amplifiers(plan: CameraPlan, stage: str, columns: Columns) -> pa.Table:
    """Return one row per night, detector and amplifier."""
    nights, detectors, amplifiers = plan.shape
    rows = detectors * amplifiers
    data = _keys(plan, stage, np.repeat(np.arange(nights), rows)) | {
        "detector": _text(np.tile(np.repeat(plan.detectors, amplifiers), nights)),
        "amplifier": _text(np.tile(plan.amplifiers, nights * detectors)),
    }
    return pa.table(data | {name: values.ravel() for name, values in columns.items()})


def _detectors(plan: CameraPlan, stage: str, columns: Columns) -> pa.Table:
    """Return one row per night and detector."""
    nights, detectors = plan.shape[:2]
    data = _keys(plan, stage, np.repeat(np.arange(nights), detectors))
    data["detector"] = _text(np.tile(plan.detectors, nights))
    return pa.table(data | {name: values.ravel() for name, values in columns.items()})


def _keys(plan: CameraPlan, stage: str, night: np.ndarray) -> dict[str, Any]:
    exposures = np.array([int(f"{one:%Y%m%d}{SEQUENCE[stage]:05d}") for one in plan.nights])
    # Calibrations are taken in the afternoon, a few minutes apart; the day begins at noon UTC.
    times = [_mjd(one) + 0.86 + SEQUENCE[stage] / 2000 for one in plan.nights]
    return {
        "instrument": _text([plan.instrument] * len(night)),
        "exposure": exposures[night],
        "mjd": np.round(np.array(times)[night], 4),
    }


def _of_nights(table: pa.Table, nights: np.ndarray, *, per_night: int) -> pa.Table:
    rows = (nights[:, None] * per_night + np.arange(per_night)).ravel()
    return table.take(rows)


def _mjd(night: date) -> int:
    return (night - MJD_ZERO).days


def _text(values: Any) -> pa.Array:
    return pa.array([str(value) for value in values])


def _truth(plan: CameraPlan) -> Mapping[str, Any]:
    """Return what is planted, for whoever checks that it is found."""
    planted = [
        {key: str(value) if isinstance(value, date) else value for key, value in one.items()}
        for one in plan.planted
    ]
    return {
        "demonstration": True,
        "instrument": plan.instrument,
        "nights": [str(night) for night in plan.nights],
        "planted": planted,
    }
