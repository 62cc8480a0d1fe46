"""A pull from a repository: what to ask, what to fetch, and where the next one begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from reportgen.config import SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.bundle import Expected, Known, Unreadable, Watermark
from reportgen.sources import origins
from reportgen.sources.base import Record
from reportgen.sources.butler.datasets import Dataset, choose
from reportgen.sources.butler.fields import DatasetFields
from reportgen.sources.butler.options import ButlerOptions
from reportgen.sources.butler.parsing import READ, DatasetParser, Kind, kind_of
from reportgen.sources.butler.repository import Collections, Repository, UnreachableError
from reportgen.sources.butler.state import State, load_state
from reportgen.sources.collection_names import processing
from reportgen.sources.history import History

LOCATED = 500
"""Datasets of which the Butler is asked at once where they lie."""
BATCH = 1_000
"""Datasets that are read between two points at which a pull can be taken up again."""


def read_jobs(config: SourceConfig, options: ButlerOptions, history: History) -> Iterator[Record]:
    """Yield one bundle for each dataset, by dataset type and data ID.

    Raises
    ------
    SourceError
        If the repository cannot be opened, or what is asked for does not exist.
    MissingDependencyError
        If lsst-daf-butler is not installed.
    """
    origin = origins.scrub(config.location, config.root)
    repository = Repository(config.location, config.root, origin)
    try:
        fields = DatasetFields(config)
        parser = DatasetParser(config=config, options=options, fields=fields)
        pull = Pull(repository=repository, options=options, parser=parser, history=history)
        yield from pull.records()
    finally:
        repository.close()


@dataclass(kw_only=True)
class Pull:
    """One pull from one repository."""

    repository: Repository
    options: ButlerOptions
    parser: DatasetParser
    history: History
    newest: datetime | None = None
    """Latest time of ingest that was seen."""
    failed: set[str] = field(default_factory=set)
    """Runs of which something could not be fetched now: they are searched again as a whole."""
    refused: set[str] = field(default_factory=set)
    """Runs and dataset types that were reported as a whole."""

    def records(self) -> Iterator[Record]:
        """Yield everything new."""
        state = load_state(self.history.watermark)
        types = self.repository.dataset_types(self.options.dataset_types)
        collections = self.repository.collections(self.options.collections)
        found = 0
        for dataset_type in types:
            listed = choose(self._listed(dataset_type, collections, state), collections.order)
            if listed:
                yield Expected(results=found + len(listed))
            for begin in range(0, len(listed), LOCATED):
                chunk = listed[begin : begin + LOCATED]
                self._locate(chunk)
                for dataset in chunk:
                    found += 1
                    yield from self._records_of(dataset_type, dataset, collections)
                    if found % BATCH == 0:  # jobs are known by their UUID: what was read stays read
                        yield Watermark(value=state.to_json())
        if not found and state.ingested is None and self.history.since is None:
            yield Unreadable(origin=self.repository.origin, reason="matches no dataset")
        yield Watermark(value=self._after(state, collections).to_json())

    def _locate(self, datasets: Sequence[Dataset]) -> None:
        """Ask where those lie that the store does not hold."""
        new = [
            dataset
            for dataset in datasets
            if not self.history.holds(dataset.origin(self.repository.origin), dataset.sha256)
        ]
        if new:
            self.repository.locate(new)

    def _after(self, state: State, collections: Collections) -> State:
        if self.history.since is not None:
            return state  # what lies before that day was not asked for
        complete = [run for run in collections.runs if run not in self.failed]
        return state.advance(self.newest, complete)

    def _listed(
        self, dataset_type: Any, collections: Collections, state: State
    ) -> Iterator[Dataset]:
        """Yield what may be new: all of what was not searched before, of the rest the recent."""
        seen = [name for name in collections.runs if state.knows(name)]
        fresh = [name for name in collections.runs if not state.knows(name)]
        day = self.history.since
        since = None if day is None else datetime.combine(day, time(), UTC)
        # A tag can be set to an old dataset, and the registry does not say when.
        for names, begin in (
            (fresh, since),
            (collections.tagged, since),
            (seen, since or state.begin(self.options.overlap)),
        ):
            for dataset in self.repository.datasets(
                dataset_type, names, where=self.options.where, since=begin
            ):
                if self.newest is None or dataset.ingested > self.newest:
                    self.newest = dataset.ingested
                yield dataset

    def _records_of(
        self, dataset_type: Any, dataset: Dataset, collections: Collections
    ) -> Iterator[Record]:
        origin = dataset.origin(self.repository.origin)
        if jobs := self.history.holds(origin, dataset.sha256):
            yield Known(origin=origin, jobs=jobs)
            return
        jobs = self.history.holds(origin)
        if jobs and not self._counts(dataset_type, dataset, collections):
            yield Known(origin=origin, jobs=jobs)
            return
        kind = kind_of(dataset_type.name, dataset_type.storageClass_name)
        refusal = self._refusal(dataset, kind, dataset_type.storageClass_name)
        if kind is None or refusal is not None:
            if refusal is not None and refusal.origin not in self.refused:
                self.refused.add(refusal.origin)
                yield refusal
        else:
            yield from self._read(kind, dataset, origin)

    def _read(self, kind: Kind, dataset: Dataset, origin: str) -> Iterator[Record]:
        try:
            content = self.repository.read(dataset, origin)
            yield from self.parser.parse(kind, dataset, content, origin)
        except UnreadableError as error:
            if isinstance(error, UnreachableError):
                self.failed.add(dataset.run)
            yield Unreadable(
                origin=error.origin, reason=error.reason, place=error.place, sha256=dataset.sha256
            )

    def _counts(self, dataset_type: Any, dataset: Dataset, collections: Collections) -> bool:
        """Whether a dataset stands in place of another that the store holds for its data ID."""
        rivals = self.repository.datasets(
            dataset_type, collections.order, where=self.options.where, like=dataset
        )
        of_processing = [r for r in rivals if processing(r.run) == processing(dataset.run)]
        return choose(of_processing, collections.order)[0].uuid == dataset.uuid

    def _refusal(self, dataset: Dataset, kind: Kind | None, stored: str) -> Unreadable | None:
        """Return why no dataset of this type or of this run can be read, without reading one."""
        repository = self.repository.origin
        if kind is None:
            reason = f"storage class {stored!r} is not read; these are: {READ}."
            return Unreadable(origin=f"{repository}/{dataset.type}", reason=reason)
        fields = self.parser.fields.of(dataset, dated=kind.dated)
        if fields.metas:  # only the content tells
            return None
        try:
            fields.read("", dict.fromkeys(kind.own, "…"))
        except UnreadableError as error:
            return Unreadable(origin=f"{repository}/{dataset.run}", reason=error.reason)
        return None
