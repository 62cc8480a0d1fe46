"""Questions to a store, answered by DuckDB over its Parquet files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.deferred import Deferred
from reportgen.model.dimensions import DATA_ID
from reportgen.model.runs import Run, release_order
from reportgen.store import described, layout, states
from reportgen.store.damage import damaged, named
from reportgen.store.definitions import CarriedDefinitions, from_json
from reportgen.store.journal import Journal
from reportgen.store.states import States
from reportgen.store.writer import StoreState, StoreWriter

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from reportgen.store import contents, revision
else:
    duckdb, pa = map(Deferred, ("duckdb", "pyarrow"))
    contents, revision = map(Deferred, ("reportgen.store.contents", "reportgen.store.revision"))

_CHOSEN = "t.metric in (select unnest(?))"
_KEPT = "t.job not in (select unnest(?))"
_RUN = "regexp_extract(filename, '([^/]+/[^/]+)/rev-[0-9]+/', 1) as run"


class Store:
    """What was pulled so far, below one folder.

    A job counts in the state of its newest revision; older states stay on disk. In the folder
    ``cache``, if there is one, it keeps what every pull asks for, so that DuckDB need not answer.
    """

    def __init__(self, folder: Path, cache: Path | None = None) -> None:
        self.folder = folder
        self.cache = cache

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """All runs, by dataset and then in the order of their releases."""
        revisions = defaultdict(list)
        for folder, data in self._described.items():
            revisions[_run_id(folder)].append(data)
        live = self._live
        runs = [
            described.run_of(all_)
            for name, all_ in revisions.items()
            if live is None or name in live
        ]
        return tuple(sorted(runs, key=lambda run: (run.dataset, release_order(run.release))))

    @cached_property
    def run_states(self) -> dict[str, str]:
        """What changes when the content of a run does, by id."""
        folders = defaultdict(list)
        for folder in self._revisions:
            folders[_run_id(folder)].append(folder)
        return {run: states.key_of(found) for run, found in folders.items()}

    def writer(self) -> StoreWriter:
        """Return a writer that adds pulled jobs to this store."""
        return StoreWriter(self.folder, lambda: Store(self.folder, self.cache).state())

    def state(self) -> StoreState:
        """Return what a writer has to know."""
        return StoreState(
            runs={run.id: run for run in self.runs},
            revisions={_run_id(path): layout.revision_number(path) for path in self._revisions},
            pulls=max((data.get("pull", 0) for data in self._described.values()), default=0),
            jobs=self._states,
            contents=self._contents,
            keep=lambda found: Store(self.folder, self.cache).keep_states(found),
        )

    def keep_states(self, found: States) -> None:
        """Keep what a writer has made of the states, so that the next pull need not ask."""
        if self.cache is not None:
            found.save(self.cache, states.key_of(self._revisions))

    def jobs(self, run_ids: Sequence[str] | None = None) -> pa.Table:
        """Return the jobs in their newest state, with a column ``run``."""
        return self._select("jobs", "true", [], run_ids)

    def measurements(
        self,
        run_ids: Sequence[str] | None = None,
        metrics: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """Return measurements with a column ``run``, of some runs and metrics or of all."""
        where, values = "true", []
        if metrics is not None:
            where, values = _CHOSEN, [list(metrics)]
        return self._select("measurements", where, values, run_ids, columns)

    def tests(self, run_ids: Sequence[str] | None = None, *, stage: str | None = None) -> pa.Table:
        """Return calibration tests with a column ``run``, of some runs and one stage or of all."""
        where, values = ("true", []) if stage is None else ("t.stage = ?", [stage])
        return self._select("tests", where, values, run_ids)

    def blobs(self, run_ids: Sequence[str] | None = None) -> pa.Table:
        """Return the extra data of jobs with a column ``run``."""
        return self._select("blobs", "true", [], run_ids)

    def history(self, metrics: Sequence[str]) -> pa.Table:
        """Return metrics over all runs, joined over their members.

        One row per run, metric, producer, band and unit: ``value`` (median), ``measured`` (members
        with a value), ``members``, ``reason`` (the most frequent one of missing values, the first
        by name of several), and each other dimension where the members agree on it, else null.
        """
        common = ", ".join(
            f'case when min("{name}") = max("{name}") and count("{name}") = count(*)'
            f' then min("{name}") end as "{name}"'
            for name in DATA_ID
            if name != "band"
        )
        query = (
            "select run, metric, producer, band, unit, median(value) as value,"  # noqa: S608
            " count(value) as measured, count(*) as members,"
            f" mode(reason order by reason) as reason, {common} from {{rows}}"
            " group by run, metric, producer, band, unit"
            " order by metric, producer, band, run, unit"
        )
        return self._ask(query, "measurements", (), _CHOSEN, list(metrics))

    def repeated(self, metrics: Sequence[str]) -> pa.Table:
        """Return how many data IDs of metrics have several different values: two jobs disagree.

        One row per run, metric, producer and band that has any, with their number ``n``. Equal
        values in equal units repeat nothing.
        """
        place = ", ".join(f'"{name}"' for name in ("run", "metric", "producer", *DATA_ID))
        query = (
            "select run, metric, producer, band, count(*) as n from"  # noqa: S608 - constants
            f" (select {place} from {{rows}} where value is not null"
            f" group by {place} having count(distinct (value, unit)) > 1)"
            " group by all order by all"
        )
        columns = ("run", "metric", "producer", "band", "n")
        return self._ask(query, "measurements", columns, _CHOSEN, list(metrics))

    def metric_counts(self) -> pa.Table:
        """Return one row per run, metric, producer and instrument, with the number ``n``."""
        query = (
            "select run, metric, producer, instrument, count(*) as n from {rows}"
            " group by all order by all"
        )
        return self._ask(query, "measurements", ("run", "metric", "producer", "instrument", "n"))

    def test_counts(self) -> pa.Table:
        """Return one row per run, instrument and stage that has calibration tests."""
        query = "select distinct run, instrument, stage from {rows} order by all"
        return self._ask(query, "tests", ("run", "instrument", "stage"))

    def definitions(self) -> dict[str, CarriedDefinitions]:
        """Return what jobs carried, by the hash that their rows name."""
        found: dict[str, CarriedDefinitions] = {}
        for folder in self._revisions:
            path = folder / "definitions.json"
            if path.is_file():
                data = layout.read_json(path)
                with damaged(path):
                    found |= {n: from_json(one) for n, one in data.items() if n not in found}
        return found

    def unreadable(self) -> list[Mapping[str, str]]:
        """Return what could not be read, and was not stored from the same place since."""
        if not self._unreadable:
            return []
        sources = self._states.sources()

        def stays(record: Mapping[str, str]) -> bool:
            jobs = self._states.of_file(record["source"], record["origin"].partition("#")[0])
            if "beside" in record:
                same = layout.joined(job.key for job in jobs) in ("", record["beside"])
            else:
                same = layout.joined(job.sha256 for job in jobs) in ("", record["stored"])
            return same and bool(record["sha256"] or record["source"] not in sources)

        found: list[Mapping[str, str]] = []
        for path in self._unreadable:
            record = layout.read_json(path)
            with damaged(path):
                found += [record] if stays(record) else []
        return found

    def newest(self) -> dict[str, str]:
        """Return the day of the newest result of each source; empty where nothing dates any."""
        query = "select run, source, max(date) as dated from {rows} group by run, source"
        dates = self._ask(query, "jobs", ("run", "source", "dated"))
        days = {run.id: run.day for run in self.runs}
        found: dict[str, str] = {}
        for run, source, dated in zip(*dates.to_pydict().values(), strict=True):
            day = dated[:10] if dated else days.get(run) or ""
            found[source] = max(day, found.get(source, ""))
        return found

    def fingerprint(self) -> list[str]:
        """Return what changes when the content of the store does, also where it was made anew.

        A store that is deleted and filled again has the same names, and may say something else.
        """
        names = [path.name for path in self._unreadable]
        return [f"{run} {state}" for run, state in sorted(self.run_states.items())] + names

    @property
    def _revisions(self) -> list[Path]:
        return self._committed[0]

    @property
    def _unreadable(self) -> list[Path]:
        return self._committed[1]

    @cached_property
    def _committed(self) -> tuple[list[Path], list[Path]]:
        """Revisions and unreadable results that count, all as of one moment."""
        journal = Journal(self.folder)
        while True:
            state = journal.state()
            revisions = layout.revision_folders(self.folder)
            unreadable = sorted((self.folder / layout.UNREADABLE).glob("*.json"))
            hidden = {self.folder / name for name in journal.uncounted()}
            if state == journal.state():  # else a commit began or ended meanwhile
                return (
                    [path for path in revisions if path not in hidden],
                    [path for path in unreadable if path not in hidden],
                )

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute("set threads to 2; set enable_progress_bar to false")
        return connection

    @cached_property
    def _described(self) -> dict[Path, dict[str, Any]]:
        """The description of each revision."""
        return {folder: described.read(folder) for folder in self._revisions}

    @cached_property
    def _states(self) -> States:
        """The newest state of each (source, origin)."""
        if self.cache is None:
            return self._read_states()
        key = states.key_of(self._revisions)
        kept = states.load(self.cache, key)
        if kept is None:
            kept = self._read_states()
            kept.save(self.cache, key)
        return kept

    def _read_states(self) -> States:
        return states.fold(self._all_jobs())

    def _all_jobs(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Yield source, origin, sha256, run and key of all jobs, oldest first."""
        if not self._files("jobs"):
            return
        query = f"""
            select source, origin, sha256, run, job from ({self._ordered_jobs()})
            order by pull, filename, file_row_number
        """  # noqa: S608 - constants
        with named():
            found = self._connection.execute(query, self._job_parameters())
            while rows := found.fetchmany(10_000):
                yield from rows

    @cached_property
    def _live(self) -> set[str] | None:
        """Runs that have jobs; None where none was withdrawn, so all have."""
        if not any(data.get("withdrawn") for data in self._described.values()):
            return None
        return set(self.jobs()["run"].unique().to_pylist())

    def _contents(self, source: str) -> dict[str, int]:
        """Return what each job of a source holds, by origin."""
        keys = {job.key: origin for origin, job in self._states.of_source(source)}
        found: dict[str, int] = {}
        for run in self.runs:
            if source not in run.sources:
                continue
            tables = {
                name: self._select(name, "true", [], [run.id]).drop_columns("run")
                for name in revision.SCHEMAS
            }
            for key, content in contents.contents_of(run.key, tables, keys).items():
                found[keys[key]] = content
        return found

    @cached_property
    def _superseded(self) -> list[str]:
        """Keys of jobs that a newer state of their run replaces or withdraws; mostly none."""
        if not any(data["replaced"] for data in self._described.values()):
            return []
        query = f"""
            select job from ({self._ordered_jobs()}) qualify sha256 = '{layout.WITHDRAWN}' or
            row_number() over (
                partition by run, source, origin order by pull desc, filename desc,
                file_row_number desc) > 1
        """  # noqa: S608 - constants
        with named():
            rows = self._connection.execute(query, self._job_parameters()).fetchall()
        return [row[0] for row in rows]

    def _ordered_jobs(self) -> str:
        """Return a query for all jobs, also old ones, with ``run`` and the number of the pull."""
        return f"""
            select {_RUN}, pull, filename, file_row_number, source, origin, sha256, job
            from read_parquet(?, filename = true, file_row_number = true)
            join (select unnest(?) as filename, unnest(?) as pull) using (filename)
        """  # noqa: S608 - constants

    def _job_parameters(self) -> list[Any]:
        files = self._files("jobs")
        pulls = [self._described[Path(file).parent].get("pull", 0) for file in files]
        return [files, files, pulls]

    def _files(self, table: str, run_ids: Sequence[str] | None = None) -> list[str]:
        wanted = None if run_ids is None else set(run_ids)
        return [
            str(path)
            for folder in self._revisions
            if wanted is None or _run_id(folder) in wanted
            if (path := folder / f"{table}.parquet").is_file()
        ]

    def _sql(self, table: str, where: str, chosen: Sequence[str] | None = None) -> str:
        known = revision.SCHEMAS[table].names
        columns = ", ".join(f't."{name}"' for name in known if chosen is None or name in chosen)
        superseded = f"{_KEPT} and " if self._superseded else ""
        return (
            f"select {_RUN}, {columns}"  # noqa: S608
            " from read_parquet(?, filename = true, file_row_number = true) t"
            f" where {superseded}{where}"
        )  # all pieces are constants of this module; values are parameters

    def _parameters(
        self, table: str, run_ids: Sequence[str] | None, values: Sequence[Any]
    ) -> list[Any]:
        superseded = [self._superseded] if self._superseded else []
        return [self._files(table, run_ids), *superseded, *values]

    def _ask(
        self, query: str, table: str, columns: Sequence[str], where: str = "true", *values: Any
    ) -> pa.Table:
        """Answer a query about ``{rows}``, those of a table that fit, in their newest state.

        A store that has no such table gives one without rows, of ``columns``.
        """
        if not self._files(table):
            return pa.table({name: pa.array([], pa.string()) for name in columns})
        rows = f"({self._sql(table, where)})"
        return self._arrow(query.format(rows=rows), self._parameters(table, None, values))

    def _select(
        self,
        table: str,
        where: str,
        values: list[Any],
        run_ids: Sequence[str] | None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        if not self._files(table, run_ids):
            schema = revision.SCHEMAS[table].insert(0, pa.field("run", pa.string()))
            return schema.empty_table()
        query = self._sql(table, where, columns)
        if self._superseded or where == _CHOSEN:  # joins: rows come in any order, as threads go
            query += " order by t.filename, t.file_row_number"
        return self._arrow(query, self._parameters(table, run_ids, values))

    def _arrow(self, query: str, parameters: list[Any]) -> pa.Table:
        with named():
            return self._connection.sql(query, params=parameters).to_arrow_table()


def _run_id(revision: Path) -> str:
    return f"{revision.parent.parent.name}/{revision.parent.name}"
