"""Fields of datasets: what the registry knows stands in place of what a file or its path says."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from reportgen.config import SourceConfig
from reportgen.model.dimensions import DATA_ID
from reportgen.sources.butler.datasets import Dataset, utc_text
from reportgen.sources.collection_names import COLLECTION, processing
from reportgen.sources.fields import FieldReader, JobFields

_NO_META: Mapping[str, Any] = {}


class DatasetFields(FieldReader):
    """Applies the field rules of one source to datasets; ``pattern`` is searched in the run.

    `of` returns the reader for one dataset, which parsers use as if the dataset were a file.
    """

    def __init__(self, config: SourceConfig) -> None:
        super().__init__(config)
        self.pattern = config.pattern or COLLECTION
        self.of_run: Mapping[str, str] = {}
        """What the name of the run tells."""
        self.of_dataset: Mapping[str, str] = {}
        """What the registry tells."""
        self.meta: Mapping[str, str] = {}
        self._runs: dict[str, Mapping[str, str]] = {}

    def of(self, dataset: Dataset, *, dated: bool) -> DatasetFields:
        """Return the reader for one dataset.

        Parameters
        ----------
        dated
            Its date is the time of its ingest; else the day on which it was observed.
        """
        known = {name: dataset.data_id[name] for name in DATA_ID if name in dataset.data_id}
        if dataset.mjd is not None:
            known["mjd"] = str(dataset.mjd)
        if dated:
            known["date"] = utc_text(dataset.ingested)
        elif day := dataset.data_id.get("day_obs"):
            known["date"] = day
        own = copy.copy(self)
        own.of_run = self._read_run(dataset.run)
        own.of_dataset = known
        own.meta = facts(dataset)
        return own

    def _read_run(self, run: str) -> Mapping[str, str]:
        if run not in self._runs:
            usual = COLLECTION.search(run)
            known = usual.groupdict() if usual else {}
            self._runs[run] = {
                "collection": processing(run),
                **{name: text for name, text in known.items() if text},
                **super().groups(run),
            }
        return self._runs[run]

    def groups(self, origin: str) -> dict[str, str]:
        """Return what the run tells: groups of ``pattern``, else what names usually mean."""
        del origin
        return dict(self.of_run)

    def states(self, field: str, origin: str) -> bool:
        """Whether the configuration or the registry gives this field."""
        return field in self.of_dataset or super().states(field, origin)

    def combine(
        self, origin: str, own: Mapping[str, str], meta: Mapping[str, Any] = _NO_META
    ) -> JobFields:
        """Return the fields; dimensions that only the file knows are those of rows in tables."""
        values = {**own, **self.of_dataset, **self.of_run}
        return super().combine(origin, values, {**meta, **self.meta})

    def read(
        self, origin: str, own: Mapping[str, str], meta: Mapping[str, Any] = _NO_META
    ) -> JobFields:
        """Return the fields of a dataset; its data ID is the registry's and nothing else."""
        kept = {key: text for key, text in own.items() if key not in DATA_ID}
        return self.combine(origin, kept, meta)

    def _missing(self, key: str, meta: Mapping[str, Any]) -> str:
        """Say what was tried, and what to do."""
        if key in self.metas:
            return super()._missing(key, meta)
        return f"its name does not tell; add `{key} = …` or a `pattern` to source {self.name!r}."


def facts(dataset: Dataset) -> dict[str, str]:
    """Return what the registry knows of a dataset, for the metadata of its job."""
    return {
        "uuid": dataset.uuid,
        "run": dataset.run,
        "dataset_type": dataset.type,
        "ingest_date": utc_text(dataset.ingested),
    }
