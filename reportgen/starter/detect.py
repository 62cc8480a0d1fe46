"""What kinds of result files lie in a folder."""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PEEK = 65536
"""Bytes read of each file to tell what it is."""
MOST_FILES = 20_000
"""Files looked at; a folder with more is described by its first ones."""
PASSED_OVER = {"build", "site", "store", "node_modules", "definitions", "notes"}
GZIP = b"\x1f\x8b"
_WEEKLY = re.compile(r"w_\d{4}_\d{2}")
_LABEL = re.compile(rb'"ci_label"\s*:')
_CP_VERIFY = re.compile(
    r"(verify)?(bias|dark|flat|ptc|linear\w*|crosstalk|bfk|cti|defect\w*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Files of one kind below one folder."""

    type: str
    location: str
    """Glob, relative to the folder that was searched."""
    files: int
    release: str
    """TOML value of the field ``release``, or empty where ``pattern`` gives it."""
    pattern: str
    dataset: str


def find_results(folder: Path) -> list[Found]:
    """Return what was found, one entry per kind of file and top folder."""
    groups: defaultdict[tuple[str, str, str], list[Path]] = defaultdict(list)
    for path in _files(folder):
        kind = kind_of(path)
        if kind:
            relative = path.relative_to(folder)
            top = "/".join(relative.parts[:-1][:1])
            groups[
                kind, top, "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffix)
            ].append(path)
    return [
        _describe(kind, top, suffix, paths, folder)
        for (kind, top, suffix), paths in sorted(groups.items())
    ]


def kind_of(path: Path) -> str | None:
    """Return the type of source that reads a file, by its content; None: none of ours."""
    head = _peek(path)
    suffix = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if suffix == "json":
        if b'"measurements"' in head:
            return "verify-json"
        return "analysis-tools" if b'"__metricNamePrefix"' in head else None
    if suffix in ("yaml", "yml"):
        if head.startswith(b"!<lsst.verify.Measurement>"):
            return "metricvalue"
        has_verdicts = any(word in head for word in (b"\nVERIFY:", b"SUCCESS:", b"AMP:"))
        return "cp-verify" if has_verdicts and _CP_VERIFY.search(str(path)) else None
    if suffix == "csv":
        first = head.partition(b"\n")[0].decode("utf-8", "replace").lower().strip()
        return "table" if {"metric", "value"} <= set(first.split(",")) else None
    return None


def _peek(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(PEEK)
        if head.startswith(GZIP):
            with gzip.open(path) as file:
                return file.read(PEEK)
    except (OSError, EOFError):
        return b""  # the pull will name the file and say why it cannot be read
    return head


def _files(folder: Path) -> Iterator[Path]:
    seen = 0
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") or part in PASSED_OVER for part in parts):
            continue
        if path.is_file():
            seen += 1
            if seen > MOST_FILES:
                return
            yield path


def _describe(kind: str, top: str, suffix: str, paths: list[Path], folder: Path) -> Found:
    release, pattern = _release(kind, paths, folder)
    return Found(
        type=kind,
        location=f"{top + '/' if top else ''}**/*{suffix}",
        files=len(paths),
        release=release,
        pattern=pattern,
        dataset=top or folder.resolve().name or "results",
    )


def _release(kind: str, paths: list[Path], folder: Path) -> tuple[str, str]:
    """Find out where the files say which release they belong to."""
    relative = [str(path.relative_to(folder)) for path in paths]
    if all(_WEEKLY.search(name) for name in relative):
        return "", r"(?P<release>w_\d{4}_\d{2})"
    if kind == "verify-json" and all(_LABEL.search(_peek_end(path)) for path in paths[:5]):
        return '{ meta = "ci_label" }', ""
    if kind == "table":
        return '{ column = "release" }', ""
    return '"daily"' if kind == "cp-verify" else '"unnamed"', ""


def _peek_end(path: Path) -> bytes:
    """Return a whole job: its metadata can stand anywhere."""
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(GZIP) else data
