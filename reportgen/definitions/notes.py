"""Notes that people write: Markdown files with YAML front matter.

The body is handed on as text. It is not rendered here and not trusted: the site cleans what
Markdown makes of it (`site.clean_html`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reportgen.definitions.fields import Fields, mapping, text
from reportgen.definitions.files import label, parse_yaml, read_bytes
from reportgen.definitions.problems import ContentError, Problems, shown

KEYS = ("run", "metric", "instrument", "stage", "exposure", "date", "author", "title")
"""What the front matter of a note can say."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note."""

    path: str
    """Below the folder of notes, with ``/``."""
    title: str
    """As stated, else the first heading, else the name of the file."""
    body: str
    """Markdown, without front matter."""
    runs: tuple[str, ...] = ()
    """Ids of runs it is about, ``hsc-rc2/w_2021_34``."""
    metrics: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    """Of calibrations; None of them with an instrument: all stages of it."""
    exposures: tuple[str, ...] = ()
    """Exposures it is about, for example because they were left out."""
    date: date | None = None
    author: str | None = None


def read_notes(folder: Path, root: Path | None, problems: Problems) -> Iterator[Note]:
    """Yield the notes below a folder, in path order.

    A note that cannot be used is added to ``problems``; so is a key that is not known, with
    the note still used.

    Parameters
    ----------
    folder
        Where they lie; need not exist.
    root
        Problems name files relative to this folder.
    """
    for path in sorted(folder.rglob("*.md")):
        file = label(path, root or folder.parent)
        with problems.noted(file):
            # Notes are published: a link that leads out of the folder could publish anything.
            if not path.resolve().is_relative_to(folder.resolve()):
                raise ContentError("it is a link that leads out of the folder of notes.")
            content = read_bytes(path, file).decode("utf-8", errors="replace")
            yield _note(content.replace("\r\n", "\n"), path.relative_to(folder), file, problems)


def _note(content: str, path: Path, file: str, problems: Problems) -> Note:
    found = _FRONT_MATTER.match(content)
    fields = _fields(found[0], file, problems) if found else {}
    for key in sorted(map(str, fields.keys() - set(KEYS))):
        problems.add(file, key, f"unknown key; allowed: {', '.join(KEYS)}.")
    body = content[found.end() :] if found else content
    heading = _HEADING.search(body)
    title = text(fields.get("title"), "title")
    return Note(
        path=path.as_posix(),
        title=title or (heading[1] if heading else path.stem),
        body=body,
        runs=_names(fields.get("run"), "run"),
        metrics=_names(fields.get("metric"), "metric"),
        instruments=_names(fields.get("instrument"), "instrument"),
        stages=tuple(name.lower() for name in _names(fields.get("stage"), "stage")),
        exposures=_names(_texts(fields.get("exposure")), "exposure"),
        date=_date(fields.get("date")),
        author=text(fields.get("author"), "author") or None,
    )


def _fields(front_matter: str, file: str, problems: Problems) -> Fields:
    contents = parse_yaml(front_matter.rstrip().removesuffix("---"), file, problems)
    return mapping(contents[0] if contents else None, ", ".join(KEYS))


def _names(value: Any, key: str) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(text(name, key) for name in (value if isinstance(value, list) else [value]))


def _texts(value: Any) -> Any:
    """Return numbers as text: exposures are numbers that nobody counts with."""
    if isinstance(value, list):
        return [_texts(one) for one in value]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ContentError(f"date is {shown(value)}; write 2026-03-05.") from error
