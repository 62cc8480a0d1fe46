"""Gen3 repositories for tests, made with lsst-daf-butler as pipelines make them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import astropy.units as u
from astropy.time import Time
from lsst.daf.butler import (
    Butler,
    CollectionType,
    DataCoordinate,
    DatasetRef,
    DatasetType,
    FileDataset,
    Timespan,
)

BANDS = {"HSC-G": "g", "HSC-R": "r", "HSC-I": "i", "HSC-Z": "z", "HSC-Y": "y"}
SKYMAP = "hsc_rings_v1"
TRACT = ("instrument", "skymap", "tract", "band")
DETECTOR = ("instrument", "visit", "detector")
DAY = 20210525
FIRST_EXPOSURE = 2021052500001
BEGIN = Time("2021-05-25T20:00:00", scale="tai")


def metric_value(metric: str, value: float, unit: str = "mmag") -> str:
    """Return a MetricValue as lsst.verify writes it."""
    identifier = hashlib.md5(f"{metric}{value}".encode()).hexdigest()
    shown = ".nan" if math.isnan(value) else repr(float(value))
    return (
        "!<lsst.verify.Measurement>\nblobs: []\n"
        f"identifier: '{identifier}'\nmetric: {metric}\nnotes: {{}}\n"
        f"unit: {unit}\nvalue: {shown}\n"
    )


@dataclass
class TestRepository:
    """A repository with two instruments, written to by a test."""

    __test__ = False

    root: Path
    tracts: int = 20
    exposures: int = 12
    _files: int = field(default=0)

    def __post_init__(self) -> None:
        Butler.makeRepo(str(self.root))
        self.butler = Butler.from_config(str(self.root), writeable=True)
        self._insert_dimensions()

    def _insert_dimensions(self) -> None:
        insert = self.butler.registry.insertDimensionData
        large = {"detector_max": 200, "exposure_max": 10**13, "visit_max": 10**13}
        for name in ("HSC", "LATISS"):
            insert("instrument", {"name": name, "class_name": "x", **large})
        filters = [
            {"instrument": "HSC", "name": name, "band": band} for name, band in BANDS.items()
        ]
        insert("physical_filter", *filters)
        insert("physical_filter", {"instrument": "LATISS", "name": "RG610~empty", "band": "r"})
        maxima = {"tract_max": 20000, "patch_nx_max": 9, "patch_ny_max": 9}
        insert("skymap", {"name": SKYMAP, "hash": hashlib.sha1(b"x").digest(), **maxima})
        insert("tract", *({"skymap": SKYMAP, "id": 9000 + n} for n in range(self.tracts)))
        for instrument in ("HSC", "LATISS"):
            insert("day_obs", {"instrument": instrument, "id": DAY})
        parts = {"name_in_raft": "S00", "raft": "RXX", "purpose": "SCIENCE"}
        insert("detector", {"instrument": "LATISS", "id": 0, "full_name": "RXX_S00", **parts})
        parts = {"name_in_raft": "45", "raft": "1", "purpose": "SCIENCE"}
        insert("detector", {"instrument": "HSC", "id": 45, "full_name": "1_45", **parts})
        for n in range(self.exposures):
            self._insert_exposure(n)
        begin = BEGIN + 1 * u.day
        insert(
            "visit",
            {
                "instrument": "HSC",
                "id": 1228,
                "name": "1228",
                "day_obs": DAY,
                "physical_filter": "HSC-R",
                "timespan": Timespan(begin, begin + 30 * u.s),
            },
        )

    def _insert_exposure(self, n: int) -> None:
        number = FIRST_EXPOSURE + n
        begin = BEGIN + n * u.min
        insert = self.butler.registry.insertDimensionData
        insert("group", {"instrument": "LATISS", "name": str(number)})
        insert(
            "exposure",
            {
                "instrument": "LATISS",
                "id": number,
                "day_obs": DAY,
                "group": str(number),
                "obs_id": f"AT_O_{DAY}_{n + 1:06d}",
                "physical_filter": "RG610~empty",
                "observation_type": "bias",
                "observation_reason": "bias",
                "timespan": Timespan(begin, begin + 30 * u.s),
            },
        )

    def dataset_type(self, name: str, dimensions: Iterable[str], stored: str) -> DatasetType:
        """Return a dataset type, registered."""
        universe = self.butler.dimensions
        dataset_type = DatasetType(name, tuple(dimensions), stored, universe=universe)
        self.butler.registry.registerDatasetType(dataset_type)
        return dataset_type

    def run(self, name: str) -> str:
        """Return a run, registered."""
        self.butler.collections.register(name, CollectionType.RUN)
        return name

    def chain(self, name: str, children: Iterable[str]) -> str:
        """Return a chain of these collections, the first one searched first."""
        self.butler.collections.register(name, CollectionType.CHAINED)
        self.butler.collections.redefine_chain(name, list(children))
        return name

    def tag(self, name: str, refs: Iterable[DatasetRef]) -> str:
        """Return a tagged collection with these datasets."""
        self.butler.collections.register(name, CollectionType.TAGGED)
        self.butler.registry.associate(name, refs)
        return name

    def ref(self, dataset_type: DatasetType, run: str, data_id: Mapping[str, Any]) -> DatasetRef:
        """Return a reference to a new dataset."""
        universe = self.butler.dimensions
        return DatasetRef(
            dataset_type, DataCoordinate.standardize(dict(data_id), universe=universe), run=run
        )

    def ingest(self, contents: Iterable[tuple[DatasetRef, str | bytes]], suffix=".yaml") -> None:
        """Put finished files into the repository, all at once; their names say nothing."""
        datasets = []
        folder = self.root / "files"
        folder.mkdir(exist_ok=True)
        for ref, content in contents:
            self._files += 1
            path = folder / f"{self._files:06d}{suffix}"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            datasets.append(FileDataset(path=str(path), refs=[ref]))
        self.butler.ingest(*datasets, transfer=None)

    def tract_values(
        self, metrics: Iterable[str], run: str, tracts: Iterable[int], bands="gri", shift=0.0
    ) -> Iterator[tuple[DatasetRef, str]]:
        """Yield metric values of tracts; `tract_value` says which."""
        tracts = list(tracts)
        for metric in metrics:
            name = f"metricvalue_validate_drp_{metric}"
            dataset_type = self.dataset_type(name, TRACT, "MetricValue")
            for tract in tracts:
                for band in bands:
                    data_id = {"instrument": "HSC", "skymap": SKYMAP, "tract": tract, "band": band}
                    value = tract_value(metric, tract, band) + shift
                    yield self.ref(dataset_type, run, data_id), metric_value(metric, value)


def tract_value(metric: str, tract: int, band: str) -> float:
    """Return a value that no other data ID has."""
    return int(metric[2:]) * 1000 + (tract - 9000) + "ugrizy".index(band) / 8
