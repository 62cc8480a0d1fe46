"""Writing the files of a new report; nothing that exists is ever changed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import ReportgenError
from reportgen.site.resources import default_settings, starter_dir
from reportgen.starter.detect import Found, find_results
from reportgen.starter.install import pages_address, requirement
from reportgen.starter.texts import (
    CHECK,
    CONFIG,
    EXAMPLE,
    GITIGNORE,
    INSTALL,
    NEXT,
    QUESTIONS,
    SOURCE,
    TRIAGE,
)

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
            files = "1 file" if one.files == 1 else f"{one.files} files"
            yield f"Found {files} of type {one.type}: {one.location}"
        if not self.found:
            yield "Found no result files: the report starts with generated example data."
        for name in _by_folder(self.written):
            yield f"Wrote {name}"
        for name in _by_folder(self.kept):
            yield f"Kept {name}, which was there"
        open_questions = [key for one in self.found for key in one.guess.open_questions]
        asked = QUESTIONS.format(keys=_keys(open_questions)) if open_questions else ""
        yield from NEXT.format(questions=asked).splitlines()


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
    title = _title(folder)
    name = json.dumps(title, ensure_ascii=False)
    sources = "\n".join(_source(one, number) for number, one in enumerate(found, start=1))
    return {
        "reportgen.toml": CONFIG.format(name=name, url=_url(folder), sources=sources or EXAMPLE),
        "mkdocs.yml": default_settings(title),
        "data/triage.toml": TRIAGE,
        ".gitignore": GITIGNORE,
        WORKFLOW: _workflow(requirement()),
    }


def _title(folder: Path) -> str:
    """Return the name of a folder as text, also if its bytes are those of another encoding."""
    name = os.fsencode(folder.resolve().name).decode(errors="replace")
    return name or "Science metrics"


def _url(folder: Path) -> str:
    address = pages_address(folder)
    return f"url = {json.dumps(address)}" if address else '# url = "https://example.org/metrics/"'


def _workflow(wanted: str | None) -> str:
    """Return the workflow of this project's own report, with another way to install."""
    text = (starter_dir() / WORKFLOW).read_text(encoding="utf-8")
    install = f"        run: pip install '{wanted}'\n" if wanted else INSTALL
    return text.replace("        run: pip install .\n", install)


def _source(found: Found, number: int) -> str:
    guess = found.guess
    columns = ", ".join(f"{key} = {_toml(name)}" for key, name in guess.columns.items())
    lines = {
        "pattern": f"'{guess.pattern}'" if guess.pattern else "",
        "dataset": guess.dataset,
        "release": guess.release,
        "columns": f"{{ {columns} }}" if columns else "",
        "instrument": _instrument(guess.instrument),
        **_TYPE_LINES.get(found.type, {}),
    }
    check = CHECK.format(keys=_keys(guess.open_questions)) if guess.open_questions else ""
    return SOURCE.format(
        files="1 file was" if found.files == 1 else f"{found.files} files were",
        check=check,
        name=_toml(f"{found.location} ({found.type} {number})"),
        type=found.type,
        location=_toml(found.location),
        extra="".join(f"{key} = {value}\n" for key, value in lines.items() if value),
    )


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _instrument(name: str | None) -> str:
    return "" if name is None else _toml(name or "unknown")


def _keys(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(names))


_TYPE_LINES = {
    "metricvalue": {"package": '"validate_drp"'},
    "json-map": {"metric": '"{kind}{rest}"', "package": '"data_quality"'},
    "analysis-tools": {"package": '"analysis_tools"', "producer": '"analysis_tools"'},
    "table": {"package": '"validate_drp"', "missing": '["", "**", "No data"]'},
}
"""What each type is told beside; the package is that of metrics whose names have none."""


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
