"""Write ``data/releases/*.csv``: the numbers that the Characterization Metric Reports printed.

Reads a folder with one CSV per report, transcribed from its LaTeX tables as printed, and the
machine-written tables that two of the reports were typed from. One row per metric, band, release
and producer remains: that of the report of the release itself. What another table says of the
same number differently becomes a comment.

Usage: ``python tools/make_release_history.py FOLDER [--to data/releases]``
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = (
    "metric",
    "band",
    "value",
    "unit",
    "dataset",
    "release",
    "producer",
    "document",
    "comment",
)
DATASETS = {"validation_data_hsc": "validation_data_hsc", "RC2": "HSC RC2", "RC2-faro": "HSC RC2"}
UNITS = {"PA2": "mmag"}
"""DMTR-281 prints PA2, a magnitude, in percent."""

NEVER_MEASURED = {"procCalRep"}
"""Needs simulations, says each report that lists it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One printed cell: a row of a file in ``data/releases``."""

    metric: str
    band: str
    value: str
    unit: str
    dataset: str
    release: str
    producer: str
    document: str
    comment: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What the number is of."""
        return (self.dataset, self.release, self.producer, self.metric, self.band)

    @property
    def number(self) -> float | None:
        """The value; None: no data."""
        return float(self.value) if self.value else None

    def remark(self, text: str) -> Entry:
        """Return the entry with one more comment."""
        return replace(self, comment="; ".join(filter(None, (self.comment, text))))


def clean_number(printed: str) -> str:
    """Return a printed number as Python reads it, digits as printed: ``1,2x10^-6`` is 1.2e-6."""
    text = re.sub(r"x10\^-?", lambda power: "e-" if power[0][-1] == "-" else "e", printed)
    return re.sub(r"^0+(?=\d)", "", text.replace(",", "."))


def producer_of(row: dict[str, str]) -> str:
    """Return who computed a value.

    Up to v21 it was validate_drp. DMTR-311 (v22) was made with faro and gives the photometry by
    both; from DMTR-351 (v23) on all is faro's, also the values repeated for v22.
    """
    if row["dataset_or_producer"] == "RC2-faro" or int(row["document"][5:]) >= 351:
        return "faro"
    photometry = row["section"] == "Photometric Performance"
    return "validate_drp" if int(row["value_release"]) < 22 or photometry else "faro"


def read_report(path: Path) -> Iterator[Entry]:
    """Yield the cells of one report, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["metric"] in NEVER_MEASURED:
                continue
            unit = UNITS.get(row["metric"], row["unit"])
            entry = Entry(
                metric=row["metric"],
                band=row["band"],
                value=clean_number(row["value"]),
                unit=unit,
                dataset=DATASETS[row["dataset_or_producer"]],
                release=f"v{row['value_release']}",
                producer=producer_of(row),
                document=row["document"],
                comment=row["comments"],
            )
            yield entry if unit == row["unit"] else entry.remark(f"unit printed as {row['unit']}")


def read_machine_table(path: Path) -> dict[tuple[str, str, str], str]:
    """Return the values by document, metric and band; not measured (``**``) is left out."""
    document = path.name.partition("_")[0]
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (document, row["Metric"], row["Filter"][-1].lower()): row["Value"]
            for row in csv.DictReader(file)
            if row["Value"] != "**"
        }


def mistyped(entry: Entry, computed: str) -> bool:
    """Tell whether the printed value is more than a rounding away from the computed one."""
    return entry.number is not None and abs(entry.number - float(computed)) > 0.02 * float(computed)


def history(folder: Path) -> Iterator[Entry]:
    """Yield one entry per metric, band, release and producer, by report."""
    reports = sorted(folder.glob("DMTR-*_v[0-9]*.csv"))
    entries = [entry for path in reports for entry in read_report(path)]
    computed: dict[tuple[str, str, str], str] = {}
    for path in sorted(folder.glob("DMTR-*_char_report.csv")):
        computed |= read_machine_table(path)
    for entry, others in first_printed(entries):
        right = computed.get((entry.document, entry.metric, entry.band))
        if right is not None and mistyped(entry, right):
            text = f"printed as {entry.value}; the table that the report was typed from has {right}"
            yield replace(entry, value=right).remark(text)
            continue
        for other in others:
            if other.value and other.number != entry.number:
                entry = entry.remark(f"{other.document} prints {other.value}")  # noqa: PLW2901
        yield entry


def first_printed(entries: Iterable[Entry]) -> Iterator[tuple[Entry, list[Entry]]]:
    """Yield the first entry of each key with those that repeat it, of metrics of the release."""
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.key, []).append(entry)
    firsts = [group[0] for group in groups.values()]
    # DMTR-311 has an empty column of AB1 for v21, which did not know that metric.
    measured = {(entry.release, entry.metric) for entry in firsts if entry.value}
    for first, *others in groups.values():
        if (first.release, first.metric) in measured:
            yield first, others


def write(entries: Iterable[Entry], folder: Path) -> None:
    """Write one file per report."""
    files: dict[str, list[Entry]] = {}
    for entry in entries:
        files.setdefault(entry.document, []).append(entry)
    folder.mkdir(parents=True, exist_ok=True)
    for document, rows in files.items():
        with (folder / f"{document}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, default=ROOT / "data" / "releases")
    arguments = parser.parse_args()
    write(history(arguments.folder), arguments.to)
