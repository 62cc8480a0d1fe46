"""Reading of definition files: where they are called what, and safe YAML."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from reportgen.errors import DefinitionError, unreadable
from reportgen.safe_yaml import SafeLoader

MOST_KEYS = 10_000
"""A mapping or a list with more is not a definition."""

DEEPEST = 100
"""Definitions are nested four deep."""

_SEPARATOR = re.compile(rb"^---(?=\s|$)", re.MULTILINE)
"""YAML knows no text, quoted or folded, in which a line could begin like this."""

_CONTENT = re.compile(rb"^(?!---|\.\.\.|%)[ \t]*[^\s#]", re.MULTILINE)


class Loader(SafeLoader):
    """Refuses what would not end, such as merges of merges."""

    def flatten_mapping(self, node: Any) -> None:
        """Resolve ``<<``; a few lines that merge one another could fill the memory."""
        super().flatten_mapping(node)
        if len(node.value) > MOST_KEYS:
            raise yaml.MarkedYAMLError(
                problem="a mapping with too many keys", problem_mark=node.start_mark
            )


YAML_SUFFIXES = (".yaml", ".yml")


def label(path: Path, root: Path | None) -> str:
    """Return how messages and pages call a file: relative to ``root``, never an absolute path."""
    if root is not None:
        try:
            return path.relative_to(root).as_posix()
        except ValueError:
            pass
    return path.name if path.is_absolute() else path.as_posix()


def yaml_files(folder: Path) -> Iterator[Path]:
    """Yield the YAML files below a folder, in path order."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix in YAML_SUFFIXES)


def read_yaml(path: Path, file: str) -> list[Any]:
    """Return the documents of a YAML file; ``file`` is what an error calls it.

    Raises
    ------
    DefinitionError
        If the file cannot be read or is not safe, valid YAML; names line and column.
    """
    return parse_yaml(read_bytes(path, file), file)


def read_documents(path: Path, file: str) -> Iterator[Any | DefinitionError]:
    """Yield the documents of a YAML file; in place of a broken one what is wrong with it.

    Raises
    ------
    DefinitionError
        If the file cannot be read.
    """
    data = read_bytes(path, file)
    try:
        yield from parse_yaml(data, file)
    except DefinitionError as error:
        yield from _one_by_one(data, file, error)


def _one_by_one(data: bytes, file: str, error: DefinitionError) -> Iterator[Any | DefinitionError]:
    """Yield the documents of a text of which at least one is broken."""
    cuts = [0, *(found.start() for found in _SEPARATOR.finditer(data)), len(data)]
    pieces = [*itertools.pairwise(cuts)]
    if not _CONTENT.search(data[: cuts[1]]):
        del pieces[0]  # comments before the first separator
    if len(pieces) < 2:
        yield error
        return
    for number, (begin, end) in enumerate(pieces, start=1):
        before, place = data.count(b"\n", 0, begin), f"document {number}, "
        try:
            yield from parse_yaml(data[begin:end], file, lines_before=before, within=place)
        except DefinitionError as one:
            yield one


def parse_yaml(
    data: bytes | str, file: str, *, lines_before: int = 0, within: str = ""
) -> list[Any]:
    """Return the documents of a YAML text; see `read_yaml`.

    Parameters
    ----------
    lines_before, within
        Where the text stands, if it is a part of the file, for messages.
    """
    try:
        _check_depth(data)
        return list(yaml.load_all(data, Loader=Loader))
    except yaml.MarkedYAMLError as error:
        mark = _mark(error, data) if within else error.problem_mark
        place = within + _place(mark, lines_before)
        raise DefinitionError(file, place, _reason(error)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = f"{within}from line {lines_before + 1}" if within else ""
        raise DefinitionError(file, place, f"not valid YAML: {_first_line(error)}") from error


def read_bytes(path: Path, file: str) -> bytes:
    """Return what a file holds.

    Raises
    ------
    DefinitionError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(file, error) from error


def _check_depth(data: bytes | str) -> None:
    """Refuse deep nesting: libyaml's composer recurses in C, and a deep file kills the process."""
    depth = 0
    for event in yaml.parse(data, Loader=SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=mark)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _mark(error: yaml.MarkedYAMLError, data: bytes | str) -> Any:
    """Return where an error is: what is not closed before the end is wrong where it begins."""
    at_end = error.problem_mark is not None and error.problem_mark.line >= len(data.splitlines())
    return error.context_mark if at_end and error.context_mark else error.problem_mark


def _place(mark: Any, lines_before: int) -> str:
    return f"line {lines_before + mark.line + 1}, column {mark.column + 1}" if mark else ""


def _reason(error: yaml.MarkedYAMLError) -> str:
    if "nesting depth" in (error.problem or ""):  # libyaml from 0.2.6 on has a limit of its own
        return "not valid YAML: nested too deeply."
    context = f" {error.context}" if error.context else ""
    return f"not valid YAML: {error.problem}{context}."
