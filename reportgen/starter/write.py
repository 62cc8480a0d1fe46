"""Writing the files of a new report; nothing that exists is ever changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import reportgen
from reportgen.errors import ReportgenError
from reportgen.starter.detect import Found, find_results
from reportgen.starter.texts import CONFIG, EXAMPLE, GITIGNORE, SOURCE, TRIAGE, WORKFLOW

_PACKAGE = Path(reportgen.__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What `start` did."""

    folder: Path
    written: Sequence[str]
    kept: Sequence[str]
    """Files that were there already."""
    found: Sequence[Found]

    def lines(self) -> Iterator[str]:
        """Yield what to tell the user."""
        for one in self.found:
            yield f"Found {one.files} files of type {one.type}: {one.location}"
        if not self.found:
            yield "Found no result files: the report starts with generated example data."
        for name in self.written:
            yield f"Wrote {name}"
        for name in self.kept:
            yield f"Kept {name}, which was there"
        yield "Next: read reportgen.toml, then run `reportgen build` and open site/index.html"


def start(folder: Path) -> Started:
    """Make a folder a report: configuration, definitions, MkDocs settings, a workflow.

    Raises
    ------
    ReportgenError
        If the folder is a file or cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = find_results(folder)
        written: list[str] = []
        kept: list[str] = []
        for name, text in _texts(folder, found).items():
            (written if _write(folder / name, text) else kept).append(name)
        for source, name in _copies(example=not found):
            (written if _copy(source, folder / name) else kept).append(name)
    except OSError as error:
        raise ReportgenError(
            f"{folder}: {error.strerror or error}. Name a folder that can be written to."
        ) from error
    return Started(folder=folder, written=written, kept=kept, found=found)


def _texts(folder: Path, found: Sequence[Found]) -> dict[str, str]:
    name = json.dumps(folder.resolve().name or "Science metrics", ensure_ascii=False)
    sources = "\n".join(_source(one, number) for number, one in enumerate(found, start=1))
    return {
        "reportgen.toml": CONFIG.format(name=name, sources=sources or EXAMPLE),
        "mkdocs.yml": _mkdocs(name),
        "data/triage.toml": TRIAGE,
        ".gitignore": GITIGNORE,
        ".github/workflows/publish.yml": WORKFLOW,
    }


def _mkdocs(name: str) -> str:
    """Return the settings of this project's own site under another name, with our theme."""
    lines = (_starter_data() / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.strip().startswith("custom_dir:")]
    return "\n".join(f"site_name: {name}" if x.startswith("site_name:") else x for x in kept) + "\n"


def _starter_data() -> Path:
    """Return the folder with what a new report begins with: in a wheel, or in a checkout."""
    packed = _PACKAGE / "starter_data"
    return packed if packed.is_dir() else _PACKAGE.parent


def _source(found: Found, number: int) -> str:
    release = f"release = {found.release}\n" if found.release else ""
    pattern = f"pattern = '{found.pattern}'\n" if found.pattern else ""
    return SOURCE.format(
        files=found.files,
        name=json.dumps(f"{found.dataset} {found.type} {number}", ensure_ascii=False),
        type=found.type,
        location=json.dumps(found.location, ensure_ascii=False),
        dataset=json.dumps(found.dataset, ensure_ascii=False),
        extra=pattern + release + _TYPE_LINES.get(found.type, ""),
    )


_TYPE_LINES = {
    "metricvalue": 'package = "validate_drp"\n',
    "analysis-tools": 'producer = "analysis_tools"\n',
    "cp-verify": 'instrument = "LATISS"\ndetector = 0\n',
    "table": 'package = "validate_drp"\n'
    'columns = { metric = "metric", band = "band", value = "value", unit = "unit" }\n'
    'missing = ["", "**", "No data"]\n',
}


def _copies(*, example: bool) -> Iterator[tuple[Path, str]]:
    data = _starter_data() / "data"
    for path in sorted((data / "definitions").rglob("*")):
        if path.is_file():
            yield path, f"data/definitions/{path.relative_to(data / 'definitions').as_posix()}"
    yield data / "overrides.toml", "data/overrides.toml"
    if example:
        yield data / "demo" / "weekly" / "history.parquet", "data/example/history.parquet"


def _write(path: Path, text: str) -> bool:
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def _copy(source: Path, path: Path) -> bool:
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)
    return True
