"""A Gen3 repository, read through lsst-daf-butler: questions to its registry, and its artifacts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from reportgen.errors import MissingDependencyError, SourceError, UnreadableError
from reportgen.sources import origins
from reportgen.sources.butler.datasets import Dataset
from reportgen.sources.retry import Patience, judge_network

PATIENCE = Patience()
"""With stores that do not give out an artifact at once."""
_TIMED = ("visit", "exposure")
"""Dimensions whose records hold a span of time; of both the finer, last one counts."""
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collections:
    """Collections to search, chains resolved, in the order in which a look-up goes through them."""

    runs: tuple[str, ...]
    tagged: tuple[str, ...]
    """What belongs to them can change without a new dataset."""
    order: tuple[str, ...]


class Repository:
    """An open repository.

    Parameters
    ----------
    location
        Path relative to ``root``, URI, or a label of the repository index.
    origin
        How it is called in the store: without credentials and absolute paths.
    """

    def __init__(self, location: str, root: Path, origin: str) -> None:
        self.origin = origin
        self._butler = _open(_place(location, root), origin)
        self._uris: dict[str, Any] = {}
        """Where datasets lie that are going to be read, by UUID."""

    def close(self) -> None:
        """Give back connections."""
        self._butler.close()

    def dataset_types(self, globs: Sequence[str]) -> list[Any]:
        """Return the dataset types with these names, by name.

        Raises
        ------
        ButlerError
            If a glob matches none, or a name is not registered.
        """
        found = {}
        for glob in globs:
            with self._questions(f"dataset_types = {glob!r}"):
                matched = list(self._butler.registry.queryDatasetTypes(glob))
            if not matched and not _is_glob(glob):
                raise SourceError(
                    self.origin,
                    f"no dataset type {glob!r} is registered.",
                    "`butler query-dataset-types` lists those that are.",
                )
            found.update({one.name: one for one in matched})
        if not found:
            raise SourceError(
                self.origin, f"dataset_types match nothing there: {', '.join(globs)}."
            )
        return [found[name] for name in sorted(found)]

    def collections(self, globs: Sequence[str]) -> Collections:
        """Return the collections with these names; of chains and tagged ones what they hold.

        Raises
        ------
        ButlerError
            If they match none, or a name does not exist.
        """
        kinds = {
            _daf().CollectionType.RUN,
            _daf().CollectionType.TAGGED,
            _daf().CollectionType.CHAINED,
        }
        infos: dict[str, Any] = {}
        for glob in globs:
            with self._questions(f"collections = {glob!r}"):
                for info in self._butler.collections.query_info(
                    glob, collection_types=kinds, include_chains=True
                ):
                    infos.setdefault(info.name, info)
        if not infos:
            raise SourceError(self.origin, f"collections match nothing there: {', '.join(globs)}.")
        return self._resolve(infos)

    def _resolve(self, infos: dict[str, Any]) -> Collections:
        inner = {child for info in infos.values() for child in info.children or ()}
        chains = sorted(name for name, info in infos.items() if info.children and name not in inner)
        # Runs of one processing end in the time of their start: the newest comes first.
        single = sorted((n for n in infos if n not in inner and n not in chains), reverse=True)
        kinds = {_daf().CollectionType.RUN, _daf().CollectionType.TAGGED}
        order: dict[str, Any] = {}
        with self._questions("collections"):
            for name in (*chains, *single):
                for info in self._butler.collections.query_info(
                    name, collection_types=kinds, flatten_chains=True
                ):
                    order.setdefault(info.name, info.type)
        runs = tuple(name for name, kind in order.items() if kind is _daf().CollectionType.RUN)
        tagged = tuple(name for name in order if name not in runs)
        return Collections(runs=runs, tagged=tagged, order=tuple(order))

    def datasets(
        self,
        dataset_type: Any,
        collections: Sequence[str],
        *,
        where: str = "",
        since: datetime | None = None,
        like: Dataset | None = None,
    ) -> Iterator[Dataset]:
        """Yield the datasets of a type in these collections.

        Parameters
        ----------
        where
            Expression of the Butler for data IDs.
        since
            Only those ingested later.
        like
            Only those with the data ID of this one.
        """
        if not collections:
            return
        name = dataset_type.name
        times = [d for d in _TIMED if d in dataset_type.dimensions.names]
        with self._questions(f"{name}: where = {where!r}"), self._butler.query() as every:
            query = every.join_dataset_search(name, list(collections))
            query = query.where(where) if where else query
            if since is not None:
                query = query.where(f"{name}.ingest_date > :since", bind=_bind(since))
            if like is not None:
                query = query.where(like.ref.dataId)
            results = query.general(
                dataset_type.dimensions,
                dimension_fields={d: {"timespan"} for d in times},
                dataset_fields={name: {"dataset_id", "run", "ingest_date"}},
                find_first=False,
            )
            rows = list(results.iter_tuples())
        dates = _utc([row.raw_row[f"{name}.ingest_date"] for row in rows])
        for row, ingested in zip(rows, dates, strict=True):
            yield _dataset(dataset_type, row, times, ingested)

    def locate(self, datasets: Sequence[Dataset]) -> None:
        """Ask where datasets lie, all in one question; `read` asks for those that are left out."""
        try:
            found = self._butler.get_many_uris([one.ref for one in datasets], allow_missing=True)
        except (AttributeError, NotImplementedError, LookupError, OSError, RuntimeError):
            found = {}  # an older Butler, or a store that answers for one at a time
        except _connection_errors() as error:
            raise self._silent(error) from error
        self._uris = {
            str(ref.id): uris.primaryURI
            for ref, uris in found.items()
            if uris.primaryURI is not None and not uris.componentURIs
        }

    def read(self, dataset: Dataset, origin: str) -> bytes:
        """Return the content of a dataset.

        Raises
        ------
        UnreadableError
            If the repository holds no artifact for it, or several.
        UnreachableError
            If it cannot be fetched now.
        """
        try:
            uri = self._uris.pop(dataset.uuid, None) or self._butler.getURI(dataset.ref)
        except (LookupError, FileNotFoundError) as error:
            raise UnreadableError(origin, "the repository holds no artifact for it") from error
        except RuntimeError as error:
            raise UnreadableError(origin, "it is stored in several artifacts") from error
        except _connection_errors() as error:
            raise self._silent(error) from error
        try:
            return PATIENCE.attempt(lambda: _fetch(uri), judge_network)
        except FileNotFoundError as error:
            raise UnreadableError(origin, "its artifact is gone") from error
        except Exception as error:
            # Each store has errors of its own; their text may hold credentials and full paths.
            raise UnreachableError(origin, f"cannot be read: {type(error).__name__}") from error

    @contextmanager
    def _questions(self, what: str) -> Iterator[None]:
        """Turn the refusal of a question into one line."""
        try:
            yield
        except _daf().ButlerUserError as error:
            text = " ".join(str(error).strip("'\"").split())
            hint = ""
            if "without constraining it directly" in text:
                hint = "Add for example `skymap = '…' AND` or `instrument = '…' AND`."
            raise SourceError(self.origin, f"{what}: {text}", hint) from error
        except _connection_errors() as error:
            raise self._silent(error) from error

    def _silent(self, error: Exception) -> SourceError:
        """Return that the registry does not answer; the error's text holds hosts and users."""
        return SourceError(self.origin, f"the registry does not answer: {type(error).__name__}.")


class UnreachableError(UnreadableError):
    """An artifact that exists could not be fetched; another pull may have more luck."""


@cache
def _daf() -> Any:
    """Return the package, which takes seconds to import."""
    try:
        from lsst.daf import butler  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingDependencyError("Reading a Butler repository", "butler") from error
    return butler


def _connection_errors() -> tuple[type[Exception], ...]:
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - comes with lsst-daf-butler

    return (SQLAlchemyError, ConnectionError, TimeoutError)


def _place(location: str, root: Path) -> str:
    if origins.is_url(location):
        return location
    path = origins.local_path(location, root)
    label = "/" not in location and not Path(path).exists()
    return location if label else path


def _open(place: str, origin: str) -> Any:
    package = _daf()
    try:
        return package.Butler.from_config(place, writeable=False)
    except FileNotFoundError as error:
        raise SourceError(
            origin,
            "no Butler repository is there: no butler.yaml, and no such label in an index.",
            "Check `location`.",
        ) from error
    except Exception as error:
        # Registry and stores have errors of their own; their text may hold credentials.
        raise SourceError(
            origin, f"the Butler repository cannot be opened: {type(error).__name__}."
        ) from error


def _fetch(uri: Any) -> bytes:
    """Return the bytes behind a URI; it may lead into a zip file."""
    if not uri.fragment:
        content: bytes = uri.read()
        return content
    inside = uri.unquoted_fragment.removeprefix("zip-path=")
    with uri.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        return archive.read(inside)


def _is_glob(name: str) -> bool:
    return not _GLOB.isdisjoint(name)


def _bind(since: datetime) -> dict[str, Any]:
    from astropy.time import Time  # noqa: PLC0415 - slow, and only this source needs it

    return {"since": Time(since.replace(tzinfo=None), scale="utc")}


def _utc(times: Sequence[Any]) -> list[datetime]:
    """Return times of the registry as UTC, all in one conversion: one by one it takes longer."""
    from astropy.time import Time  # noqa: PLC0415

    if not times:
        return []
    days, rest = [time.tai.jd1 for time in times], [time.tai.jd2 for time in times]
    converted = Time(days, rest, format="jd", scale="tai").utc.to_datetime()
    return [time.replace(tzinfo=UTC) for time in converted]


def _dataset(dataset_type: Any, row: Any, times: Sequence[str], ingested: datetime) -> Dataset:
    name, raw = dataset_type.name, row.raw_row
    run, uuid = raw[f"{name}.run"], raw[f"{name}.dataset_id"]
    spans = [span for one in times if (span := raw[f"{one}.timespan"]) is not None]
    begins = [span.begin for span in spans if span.begin is not None]
    return Dataset(
        ref=_daf().DatasetRef(dataset_type, row.data_id, run=run, id=uuid),
        uuid=str(uuid),
        type=name,
        run=run,
        ingested=ingested,
        data_id={
            key: str(value) for key, value in row.data_id.mapping.items() if value is not None
        },
        required=tuple(row.data_id.dimensions.required),
        mjd=float(begins[-1].tai.mjd) if begins else None,
    )
