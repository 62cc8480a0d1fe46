"""The JSON and CSV of one run; members of metrics that have many are in `members_api`."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

import pandas as pd

from reportgen.model.definitions import Reference
from reportgen.model.dimensions import DATA_ID, dimension_value
from reportgen.model.pages import Document
from reportgen.model.report import MANY_MEMBERS, Counts, Line, LineId, RunReport
from reportgen.model.runs import Run
from reportgen.pages.paths import members_api, run_api, run_csv, run_path

Row = Mapping[str, Any]


def documents(report: RunReport, measurements: Sequence[Row] = ()) -> Iterator[Document]:
    """Yield the JSON of a run and its CSV.

    ``measurements`` are those of the run as `measurement_rows` returns them, where they are known.
    """
    measurements = measurements or measurement_rows(report)
    few, many = split_members(measurements)
    joined = [_joined(line, report.run) for line in report.lines if line.id in many]
    judged = {line.id for line in report.lines}
    joined += [_unjudged(rows, report.run) for key, rows in many.items() if key not in judged]
    yield Document(
        path=run_api(report.run),
        data={
            "run": describe_run(report.run, report.reference, report.counts)
            | {
                "demonstration": report.demonstration,
                "jobs": [
                    {
                        "source": job.source,
                        "origin": job.origin,
                        "date": job.date,
                        "remarks": list(job.remarks),
                    }
                    for job in report.jobs
                ],
                "problems": list(report.problems),
                "unreadable": [dict(record) for record in report.unreadable],
            },
            "measurements": [*joined, *few],
        },
    )
    yield Document(path=run_csv(report.run), text=as_csv(measurements))


def describe_run(run: Run, reference: Run | None, counts: Counts) -> dict[str, Any]:
    """Return what the JSON says of a run."""
    return {
        "id": run.id,
        "dataset": run.dataset,
        "release": run.release,
        "date": run.day,
        "collection": run.key.collection,
        "ticket": ", ".join(run.tickets) or None,
        "url": run_path(run),
        "api": run_api(run),
        "previous": reference.id if reference else None,
        "revision": run.revisions[-1].number,
        "counts": describe_counts(counts),
    }


def describe_counts(counts: Counts) -> dict[str, int]:
    """Return the counts under the names of the JSON."""
    return {
        "pass": counts.passed,
        "fail": counts.failed,
        "not_measured": counts.not_measured,
        "no_specification": counts.no_specification,
    }


def measurement_rows(report: RunReport) -> list[dict[str, Any]]:
    """Return every measurement with its data ID and its checks, in stored order.

    Statistics of calibrations, which have no line, state their date: one run holds many.
    """
    lines = {line.metric for line in report.lines}
    table, checks = report.measurements, checks_by_row(report.checks)
    dimensions = [name for name in DATA_ID if table[name].notna().any()]
    columns = {name: _plain(table[name]) for name in (*dimensions, *_COLUMNS)}
    return [
        {
            "metric": columns["metric"][at],
            "value": columns["value"][at],
            "unit": columns["unit"][at],
            "data_id": {
                name: dimension_value(name, columns[name][at])
                for name in dimensions
                if columns[name][at] is not None
            },
            "producer": columns["producer"][at],
            "reason": columns["reason"][at],
            "stored_metric": columns["stored_metric"][at],
            "identifier": columns["identifier"][at],
            "checks": checks.get(row, []),
            **({} if columns["metric"][at] in lines else {"date": columns["date"][at]}),
        }
        for at, row in enumerate(table.index)
    ]


_COLUMNS = ("metric", "value", "unit", "producer", "reason", "stored_metric", "identifier", "date")


def checks_by_row(checks: pd.DataFrame) -> dict[int, list[Row]]:
    """Return the checks of each measurement as the JSON has them."""
    names = ("specification", "kind", "level", "operator", "threshold", "unit", "value", "status")
    keys = (*names, "problem", "correction")
    columns = [_plain(checks[name]) for name in keys]
    references: dict[int, dict[str, Any] | None] = {}
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row, reference, *values in zip(checks["row"], checks["reference"], *columns, strict=True):
        # One object for all checks of a specification: its identity is found sooner than its hash.
        if id(reference) not in references:
            references[id(reference)] = describe_reference(reference)
        check = dict(zip(keys, values, strict=True))
        check["reference"] = references[id(reference)]
        found[row].append(check)
    return found


def describe_reference(reference: Reference) -> dict[str, Any] | None:
    """Return a reference as the JSON has it, null where there is none."""
    if reference == Reference():
        return None
    several = {"urls": list(reference.urls)} if len(reference.urls) > 1 else {}
    return {
        "doc": ", ".join(reference.docs) or None,
        "page": reference.page,
        "section": reference.section,
        "url": reference.urls[0] if reference.urls else None,
        **several,
    }


def split_members(rows: Sequence[Row]) -> tuple[list[Row], dict[LineId, list[Row]]]:
    """Part the measurements of metrics with many members from the others."""
    groups: defaultdict[LineId, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["metric"], row["data_id"].get("band"), row["producer"]].append(row)
    many = {key: found for key, found in groups.items() if len(found) > MANY_MEMBERS}
    few = [row for key, found in groups.items() if key not in many for row in found]
    return few, many


def _joined(line: Line, run: Run) -> dict[str, Any]:
    """Return the aggregate of a metric whose members are in a file of their own."""
    return {
        "metric": line.metric,
        "value": line.value,
        "unit": line.unit,
        "data_id": {"band": line.band} if line.band else {},
        "producer": line.producer,
        "reason": None if line.measured else next(iter(line.reasons), None),
        "aggregate": "median",
        "members": {
            "n": line.measured,
            "of": line.members,
            "api": members_api(run, line.metric),
        },
        "checks": [
            {
                "specification": check.specification,
                "kind": check.kind.value,
                "level": check.level,
                "operator": check.operator,
                "threshold": check.threshold,
                "unit": check.unit,
                "value": check.value,
                "status": check.status.value,
                "failed_members": check.failed,
                "problem": check.problem,
                "correction": check.correction,
                "reference": describe_reference(check.reference),
            }
            for check in line.checks
        ],
    }


def _unjudged(rows: Sequence[Row], run: Run) -> dict[str, Any]:
    """Return the aggregate of a metric that no specification judges: a number of calibrations.

    Numbers in several units, or in one stated by some only, have no median.
    """
    first = rows[0]
    values = [row["value"] for row in rows if row["value"] is not None]
    one_unit = len({row["unit"] for row in rows}) == 1
    return {
        "metric": first["metric"],
        "value": median(values) if values and one_unit else None,
        "unit": first["unit"] if one_unit else None,
        "data_id": {k: v for k, v in first["data_id"].items() if k == "band"},
        "producer": first["producer"],
        "reason": _reason(rows) if not values else None if one_unit else "null",
        "aggregate": "median",
        "members": {
            "n": len(values),
            "of": len(rows),
            "api": members_api(run, first["metric"]),
        },
        "checks": [],
    }


def _reason(rows: Sequence[Row]) -> str:
    return str(Counter(row["reason"] for row in rows).most_common(1)[0][0])


def as_csv(rows: Sequence[Row]) -> str:
    """Return one line per check, and one per measurement that has none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ("metric", "value", "unit", "reason", "producer")
    tail = ("kind", "level", "operator", "threshold", "unit", "value", "status")
    names = ("specification", *tail)
    dated = ("date",) if any("date" in row for row in rows) else ()
    writer.writerow([*head, *DATA_ID, *dated, *(f"check_{name}" for name in names)])
    for row in rows:
        place = row["data_id"]
        start = [safe_cell(row[name]) for name in head]
        start += [safe_cell(place.get(name)) for name in DATA_ID]
        start += [row.get(name) for name in dated]
        checks = row["checks"]
        writer.writerows(
            [*start, safe_cell(check["specification"]), *map(check.get, tail)] for check in checks
        )
        if not checks:
            writer.writerow(start + [None] * len(names))
    return out.getvalue()


def safe_cell(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + cell
    return cell


def _plain(column: pd.Series) -> list[Any]:
    """Return a column as a list with None for what is missing."""
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return values
