"""The amplifiers of the calibration demonstration, night by night."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from demo.noise import correlated, generator

PLAN = Path(__file__).with_name("comcam.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPlan:
    """Instrument, nights, and what is planted: ``comcam.toml`` as it is."""

    instrument: str
    detectors: Sequence[str]
    amplifiers: Sequence[str]
    nights: Sequence[date]
    settings: Mapping[str, Any]
    planted: Sequence[Mapping[str, Any]]

    @property
    def shape(self) -> tuple[int, ...]:
        """Nights, detectors, amplifiers: the axes of all arrays."""
        return (len(self.nights), len(self.detectors), len(self.amplifiers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """True state of every amplifier in every night; arrays of shape `CameraPlan.shape`."""

    temperature: np.ndarray
    """Of the detector, in degrees Celsius."""
    mean: np.ndarray
    """Bias level after overscan correction, in electrons."""
    noise: np.ndarray
    """Read noise in electrons."""
    nominal_noise: np.ndarray
    gain: np.ndarray
    """Electrons per ADU."""
    nominal_gain: np.ndarray
    dead: np.ndarray


def read_camera_plan() -> CameraPlan:
    """Return the plan."""
    data = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    return CameraPlan(
        instrument=data["instrument"],
        detectors=data["detectors"],
        amplifiers=data["amplifiers"],
        nights=_nights(data),
        settings=data,
        planted=data["planted"],
    )


def _nights(data: Mapping[str, Any]) -> list[date]:
    random = generator("nights")
    nights: list[date] = []
    night = data["first"]
    while len(nights) < data["nights"]:
        closed = any(gap["since"] <= night <= gap["until"] for gap in data["closed"])
        skipped = random.random() < data["skipped"]
        if not closed and not skipped:
            nights.append(night)
        night += timedelta(days=1)
    return nights


def camera(plan: CameraPlan) -> Camera:
    """Return the amplifiers with everything planted in them."""
    settings, fixed = plan.settings, generator("amplifiers")
    each = plan.shape[1:]
    nominal_noise = np.round(fixed.uniform(5.2, 7.4, size=each), 2)
    nominal_gain = np.round(fixed.uniform(1.55, 1.75, size=each), 3)
    temperature = _temperature(plan)
    mean = fixed.normal(0, 0.25, size=each) + _scatter(plan, "mean", settings["mean_noise"])
    noise = 0.985 * nominal_noise * (1 + _scatter(plan, "noise", settings["read_noise_scatter"]))
    gain = nominal_gain * (1 + _scatter(plan, "gain", settings["gain_scatter"]))
    warm = _per_kelvin(plan) * (temperature - settings["temperature_mean"])
    return Camera(
        temperature=temperature,
        mean=mean + warm + _planted(plan, "mean"),
        noise=noise * (1 + _planted(plan, "noise")),
        nominal_noise=np.broadcast_to(nominal_noise, plan.shape),
        gain=gain * (1 + _planted(plan, "gain")),
        nominal_gain=np.broadcast_to(nominal_gain, plan.shape),
        dead=_planted(plan, "*") > 0,
    )


def _days(plan: CameraPlan, since: date) -> np.ndarray:
    """Return the days since a date, by night."""
    return np.array([(night - since).days for night in plan.nights])[:, None, None]


def _temperature(plan: CameraPlan) -> np.ndarray:
    """Return a temperature that swings over a month and rises slowly, shared by a detector."""
    settings, day = plan.settings, _days(plan, plan.nights[0])
    swing = settings["temperature_swing"] * np.sin(2 * np.pi * day / 27)
    own = generator("temperature").normal(0, 0.15, size=[*plan.shape[:2], 1])
    offset = generator("position").normal(0, 0.4, size=[1, plan.shape[1], 1])
    rise = settings["temperature_trend"] * day
    values = settings["temperature_mean"] + swing + rise + own + offset
    return np.broadcast_to(values, plan.shape)


def _scatter(plan: CameraPlan, name: str, sigma: float) -> np.ndarray:
    """Return noise that remembers a little from night to night, amplifier by amplifier."""
    series = [
        correlated(name, detector, amplifier, size=len(plan.nights), phi=0.15)
        for detector in plan.detectors
        for amplifier in plan.amplifiers
    ]
    return sigma * np.array(series).T.reshape(plan.shape)


def _per_kelvin(plan: CameraPlan) -> np.ndarray:
    values = np.full(plan.shape, plan.settings["mean_per_kelvin"])
    for planted in plan.planted:
        if planted["kind"] == "temperature":
            values[_members(plan, planted)] = planted["change"]
    return values


def _planted(plan: CameraPlan, statistic: str) -> np.ndarray:
    """Return what is planted in a statistic: its sum in each amplifier and night."""
    total = np.zeros(plan.shape)
    for planted in plan.planted:
        if planted["statistic"] == statistic and planted["kind"] != "temperature":
            elapsed = np.maximum(_days(plan, planted["since"]) + 1, 0)
            drifts = planted["kind"] == "drift"
            growth = elapsed / 30 if drifts else np.minimum(elapsed, 1)
            total += np.where(_members(plan, planted), planted["change"] * growth, 0.0)
    return total


def _members(plan: CameraPlan, planted: Mapping[str, Any]) -> np.ndarray:
    """Tell which amplifiers are changed."""
    detector = np.array([name == planted["detector"] for name in plan.detectors])
    chosen = planted["amplifiers"]
    amplifier = np.array([chosen == ["*"] or name in chosen for name in plan.amplifiers])
    return np.broadcast_to(detector[:, None] & amplifier[None, :], plan.shape)
