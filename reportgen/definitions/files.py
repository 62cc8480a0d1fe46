"""Reading of definition files: where they are called what, and safe YAML."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from reportgen.definitions.problems import Problems, shown
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
    """Refuses what would not end, such as merges of merges; notes keys that stand twice."""

    def __init__(self, data: bytes | str) -> None:
        super().__init__(data)
        self.doubles: list[yaml.ScalarNode] = []
        """Keys that stand in their mapping before; as upstream has it, the last value counts."""

    def construct_document(self, node: yaml.Node) -> Any:
        """Return the content of a document."""
        self.doubles += _doubles(node, set())
        return super().construct_document(node)

    def flatten_mapping(self, node: Any) -> None:
        """Resolve ``<<``; a few lines that merge one another could fill the memory."""
        super().flatten_mapping(node)
        if len(node.value) > MOST_KEYS:
            raise yaml.MarkedYAMLError(
                problem="a mapping with too many keys", problem_mark=node.start_mark
            )


def _doubles(node: yaml.Node, seen: set[int]) -> Iterator[yaml.ScalarNode]:
    """Yield the keys that stand twice in one mapping, of a document that is not built yet."""
    if id(node) in seen:  # an alias
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _doubles(item, seen)
    elif isinstance(node, yaml.MappingNode):
        known: set[tuple[str, str]] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value == UNUSED:
                    continue
                if (key.tag, key.value) in known:
                    yield key
                known.add((key.tag, key.value))
            yield from _doubles(value, seen)


UNUSED = "provenance_query"
"""Read by nothing, upstream neither; `hsc_r.yaml` of verify_metrics has keys twice there."""

YAML_SUFFIXES = (".yaml", ".yml")


def label(path: Path, root: Path | None) -> str:
    """Return how messages and pages call a file: relative to ``root``, never an absolute path."""
    if root is not None:
        try:
            return path.relative_to(root).as_posix()
        except ValueError:
            pass
    return path.name if path.is_absolute() else path.as_posix()


def yaml_files(folder: Path, root: Path, problems: Problems) -> Iterator[Path]:
    """Yield the YAML files below a folder, in path order.

    Upstream passes over an ending in capitals; that costs limits, so it is a problem.
    """
    for path in sorted(folder.rglob("*")):
        if path.suffix in YAML_SUFFIXES:
            yield path
        elif path.suffix.lower() in YAML_SUFFIXES:
            remedy = f"Call it {path.with_suffix(path.suffix.lower()).name}."
            problem = f"files that end in {path.suffix} are not read, by lsst.verify neither."
            problems.add(label(path, root), "", problem, remedy)


def read_yaml(path: Path, file: str, problems: Problems) -> list[Any]:
    """Return the documents of a YAML file; ``file`` is what an error calls it.

    A key that stands twice in one mapping is added to ``problems``.

    Raises
    ------
    DefinitionError
        If the file cannot be read or is not safe, valid YAML; names line and column.
    """
    return parse_yaml(read_bytes(path, file), file, problems)


def read_documents(path: Path, file: str, problems: Problems) -> Iterator[Any | DefinitionError]:
    """Yield the documents of a YAML file; in place of a broken one what is wrong with it.

    A key that stands twice in one mapping is added to ``problems``.

    Raises
    ------
    DefinitionError
        If the file cannot be read.
    """
    data = read_bytes(path, file)
    try:
        yield from parse_yaml(data, file, problems)
    except DefinitionError as error:
        yield from _one_by_one(data, file, error, problems)


def _one_by_one(
    data: bytes, file: str, error: DefinitionError, problems: Problems
) -> Iterator[Any | DefinitionError]:
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
            piece = data[begin:end]
            yield from parse_yaml(piece, file, problems, lines_before=before, within=place)
        except DefinitionError as one:
            yield one


def parse_yaml(
    data: bytes | str, file: str, problems: Problems, *, lines_before: int = 0, within: str = ""
) -> list[Any]:
    """Return the documents of a YAML text; see `read_yaml`.

    Parameters
    ----------
    lines_before, within
        Where the text stands, if it is a part of the file, for messages.
    """
    try:
        _check_depth(data)
        loader = Loader(data)
        contents = []
        while loader.check_data():
            contents.append(loader.get_data())
    except yaml.MarkedYAMLError as error:
        mark = _mark(error, data) if within else error.problem_mark
        place = within + _place(mark, lines_before)
        raise DefinitionError(file, place, _reason(error)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = f"{within}from line {lines_before + 1}" if within else ""
        raise DefinitionError(file, place, f"not valid YAML: {_first_line(error)}") from error
    for key in loader.doubles:
        problem = f"{shown(key.value)} stands twice in one mapping; the last one counts."
        problems.add(file, within + _place(key.start_mark, lines_before), problem, "Remove one.")
    return contents


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
