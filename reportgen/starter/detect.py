"""What kinds of result files lie in a folder, and what one source would say of each."""

from __future__ import annotations

import gzip
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.starter.guess import Guess, guess, stage_folder

PEEK = 65536
"""Bytes read of each file to tell what it is."""
MOST_FILES = 20_000
"""Files looked at; a folder with more is described by its first ones."""
MOST_SINGLE = 20
"""Files of one kind that get a source each, where another kind lies beside them."""
PASSED_OVER = {"build", "site", "store", "node_modules", "definitions", "notes"}
GZIP = b"\x1f\x8b"
_MAGIC = re.compile(r"[*?\[\]]")
_JOB = re.compile(rb'"measurements"\s*:\s*\[')
_MAP = re.compile(rb'\s*\{\s*"\d+"\s*:\s*(?:null|NaN|-?\d)')
"""One value for each tract: ``{"2054": 5.9``."""
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
    guess: Guess

    @property
    def dataset(self) -> str:
        """Name of the dataset, or where the files say it."""
        return self.guess.dataset


@dataclass(frozen=True, slots=True, order=True)
class _Group:
    """Files that one source can read."""

    kind: str
    top: str
    suffix: str
    header: tuple[str, ...]
    """Columns of a table."""


def find_results(folder: Path) -> list[Found]:
    """Return what was found, one entry per kind of file and top folder."""
    groups: defaultdict[_Group, list[Path]] = defaultdict(list)
    for path in _files(folder):
        head = _peek(path)
        kind = kind_of(path, head)
        if kind:
            relative = path.relative_to(folder)
            header = _header(head) if kind == "table" else ()
            groups[_Group(kind, _top(kind, relative), _suffix(path), header)].append(relative)
    mixed = Counter((group.top, group.suffix) for group in groups)
    return [
        found
        for group, paths in sorted(groups.items())
        for found in _describe(group, paths, folder, mixed=mixed[group.top, group.suffix] > 1)
    ]


def kind_of(path: Path, head: bytes) -> str | None:
    """Return the type of source that reads a file, by how it begins; None: none of ours."""
    suffix = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if suffix == "json":
        return _json_kind(head)
    if suffix in ("yaml", "yml"):
        if head.startswith(b"!<lsst.verify.Measurement>"):
            return "metricvalue"
        has_verdicts = any(word in head for word in (b"\nVERIFY:", b"SUCCESS:", b"AMP:"))
        return "cp-verify" if has_verdicts and _CP_VERIFY.search(str(path)) else None
    if suffix == "csv":
        return "table" if {"metric", "value"} <= {name.lower() for name in _header(head)} else None
    return None


def _json_kind(head: bytes) -> str | None:
    if _JOB.search(head):
        return "verify-json"
    if _MAP.match(head):
        return "json-map"
    return "analysis-tools" if b'"__metricNamePrefix"' in head else None


def _header(head: bytes) -> tuple[str, ...]:
    first = head.partition(b"\n")[0].decode("utf-8-sig", "replace").strip()
    return tuple(name.strip().strip('"') for name in first.split(","))


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


def _suffix(path: Path) -> str:
    return "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix


def _top(kind: str, relative: Path) -> str:
    """Return the folder whose files go together; those of all stages of calibration do."""
    folders = relative.parts[:-1]
    # Other things lie in data/ too, definitions and the store among them.
    top = folders[:2] if folders[:1] == ("data",) else folders[:1]
    is_stage = kind == "cp-verify" and top and stage_folder(top[-1])
    return "/".join(top[:-1] if is_stage else top)


def _describe(
    group: _Group, paths: Sequence[Path], folder: Path, *, mixed: bool
) -> Iterator[Found]:
    """Yield one source for a group; for each file one where a glob would find other files too."""
    name = group.top.rpartition("/")[2] or folder.resolve().name or "results"
    together = not mixed or len(paths) > MOST_SINGLE
    for part in [paths] if together else [[path] for path in paths]:
        told = guess(group.kind, part, folder, name=name, header=group.header)
        if not together and "release" in told.open_questions:
            # Among releases that are known it would count as the newest.
            own = part[0].name.partition(".")[0]
            told = guess(group.kind, part, folder, name=own, header=group.header)
        yield Found(
            type=group.kind,
            location=_location(group, part) if together else part[0].as_posix(),
            files=len(part),
            guess=told,
        )


def _location(group: _Group, paths: Sequence[Path]) -> str:
    """Return a glob for the files of a group that finds none of what `init` or a build writes."""
    parents = {path.parent for path in paths}
    common = Path(os.path.commonpath(parents)) if len(parents) > 1 else next(iter(parents))
    below = f"*{group.suffix}"
    if parents != {common}:
        depths = {len(parent.relative_to(common).parts) for parent in parents}
        # Only folders of stages have no folder in common, and nothing of ours lies so deep.
        deep = "**" if common.parts else "/".join("*" * max(depths))
        below = f"{deep}/{below}"
    # A folder named like a glob is found by one that takes any character there.
    plain = _MAGIC.sub("?", common.as_posix())
    return below if common == Path() else f"{plain}/{below}"
