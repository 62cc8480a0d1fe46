"""Writing the files of a new report; nothing that exists is ever changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import ReportgenError
from reportgen.site.resources import default_settings, starter_dir
from reportgen.starter.detect import Found, find_results
from reportgen.starter.install import pages_address, requirement
from reportgen.starter.texts import CONFIG, EXAMPLE, GITIGNORE, INSTALL, NEXT, SOURCE, TRIAGE

DEFINITIONS = "data/definitions/"
WORKFLOW = ".github/workflows/publish.yml"


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
        for name in _by_folder(self.written):
            yield f"Wrote {name}"
        for name in _by_folder(self.kept):
            yield f"Kept {name}, which was there"
        yield from NEXT.splitlines()


def _by_folder(names: Iterable[str]) -> list[str]:
    """Return the names, of those in one folder of definitions only the folder."""
    inside = [name for name in names if name.startswith(DEFINITIONS)]
    others = [name for name in names if not name.startswith(DEFINITIONS)]
    return [*others, *([f"{DEFINITIONS} ({len(inside)} files)"] if inside else [])]


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
        "reportgen.toml": CONFIG.format(name=name, url=_url(folder), sources=sources or EXAMPLE),
        "mkdocs.yml": default_settings(folder.resolve().name or "Science metrics"),
        "data/triage.toml": TRIAGE,
        ".gitignore": GITIGNORE,
        WORKFLOW: _workflow(requirement()),
    }


def _url(folder: Path) -> str:
    address = pages_address(folder)
    return f"url = {json.dumps(address)}" if address else '# url = "https://example.org/metrics/"'


def _workflow(wanted: str | None) -> str:
    """Return the workflow of this project's own report, with another way to install."""
    text = (starter_dir() / WORKFLOW).read_text(encoding="utf-8")
    install = f"        run: pip install '{wanted}'\n" if wanted else INSTALL
    return text.replace("        run: pip install .\n", install)


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
    data = starter_dir() / "data"
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
