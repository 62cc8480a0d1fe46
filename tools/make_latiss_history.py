"""Write ``data/calib/latiss``: what successive versions of cp_verify said of fixed exposures.

Reads a folder of reference files of lsst/ci_cpp_gen3 (``biasDet/2025-04-03_e7b2d60.yaml`` …) and
``bias_amp_history.csv``, the numbers of half of the amplifiers for the versions of biasDet whose
full files are a megabyte each. Only numbers and verdicts are kept, none rounded, none filled in;
of the versions those at which the bias statistics changed, so that each can be compared with the
one before it.

Usage: ``python tools/make_latiss_history.py FOLDER [--to data/calib/latiss]``
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("bias", "dark", "flat", "ptc")
VERSIONS = (
    "2023-12-13_e3e68ac",
    "2024-01-25_6518ae6",
    "2024-10-19_3344768",
    "2024-10-21_01ad6c7",
    "2024-10-31_6257a1b",
    "2024-11-13_1c57df1",
    "2024-12-06_a836311",
    "2025-04-03_e7b2d60",
    "2025-08-20_51c8ff7",
)
STATISTICS = ("MEAN", "NOISE", "CR_NOISE", "AMP_CORNER")
TESTS = ("MEAN", "NOISE", "CR_NOISE", "READ_NOISE_CONSISTENT")
PTC_STATISTICS = (
    "AMP_GAIN",
    "AMP_NOISE",
    "PTC_GAIN",
    "PTC_NOISE",
    "PTC_TURNOFF",
    "PTC_BFE_A00",
)
BLOCKS = ("AMP", "DET", "METADATA", "VERIFY", "SUCCESS")
"""What is kept of a file; ``ISR`` alone (projections, percentiles) is 99 % of a bias file."""


def read_detector_stats(path: Path) -> dict[str, Any]:
    """Return the numbers and verdicts of one file per detector."""
    stats = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    kept = {block: stats[block] for block in BLOCKS if block in stats}
    wanted = {*STATISTICS, *PTC_STATISTICS}
    kept["AMP"] = {
        amplifier: {name: value for name, value in statistics.items() if name in wanted}
        for amplifier, statistics in stats["AMP"].items()
    }
    return kept


def read_bias_history(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and content of one file for each version in the table of amplifiers."""
    versions: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            versions.setdefault(f"{row['reference_date']}_{row['commit']}", []).append(row)
    for version in VERSIONS:
        rows = versions[version]
        statistics = {row["amplifier"]: _floats(row) for row in rows}
        verdicts = {row["amplifier"]: _verdicts(row) for row in rows}
        yield version, {"AMP": statistics, "VERIFY": {"AMP": verdicts}}


def _floats(row: Mapping[str, str]) -> dict[str, float]:
    return {name: float(row[name]) for name in STATISTICS if row[name]}


def _verdicts(row: Mapping[str, str]) -> dict[str, bool]:
    cells = {name: row[f"VERIFY_{name}"] for name in TESTS} | {"SUCCESS": row["SUCCESS"]}
    return {name: cell == "True" for name, cell in cells.items() if cell}


def history(folder: Path) -> dict[str, dict[Any, Any]]:
    """Return the content of each file to write, by its path."""
    files: dict[str, dict[Any, Any]] = {
        f"biasDet/{version}.yaml": stats
        for version, stats in read_bias_history(folder / "bias_amp_history.csv")
    }
    for stage in STAGES:
        for path in _versions(folder / f"{stage}Det"):
            files[f"{stage}Det/{path.name}"] = read_detector_stats(path)
        for path in _versions(folder / f"{stage}Run"):
            files[f"{stage}Run/{path.name}"] = yaml.safe_load(path.read_bytes())
    return files


def _versions(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.yaml")) if path.stem in VERSIONS]


def write(files: Mapping[str, Mapping[Any, Any]], folder: Path) -> None:
    """Write the files, the innermost mappings on one line each."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(content, default_flow_style=None, width=200)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, default=ROOT / "data" / "calib" / "latiss")
    arguments = parser.parse_args()
    write(history(arguments.folder), arguments.to)
