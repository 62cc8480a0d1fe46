"""JSON and YAML documents from outside: parsed without running anything, errors with a place."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from reportgen.errors import UnreadableError
from reportgen.safe_yaml import SafeLoader
from reportgen.sources.values import clean_text

MAX_DEPTH = 200
"""Nesting of YAML; the C parser of PyYAML crashes the process somewhere above 20,000."""

REMEDY = "mend the file, or write it again"
EMPTY = "the file is empty; write it again"
NOT_UTF_8 = "not text in UTF-8; save the file in UTF-8"

_BRACKETS = re.compile(r"[\[\]{}]")
_INDENTATION = re.compile(rf"^[ \-?]{{{4 * MAX_DEPTH},}}", re.MULTILINE)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

_DOUBLE = "a key stands twice in one mapping"

_LEAKED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What constructors of PyYAML let through for scalars such as ``!!int x`` or 2021-99-99."""


class TaggedLoader(SafeLoader):
    """Reads the tags of lsst.verify as plain mappings; other tags are refused."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Return a mapping; a key that stands twice is refused, not overwritten in silence."""
        merged = any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value)
        data = super().construct_mapping(node, deep)
        if len(data) < len(node.value) and not merged:
            raise yaml.MarkedYAMLError(problem=_DOUBLE, problem_mark=node.start_mark)
        return data


def _mapping(loader: Any, node: Any) -> Any:
    return loader.construct_mapping(node, deep=True)


for _tag in ("Measurement", "Blob", "Datum"):
    TaggedLoader.add_constructor(f"lsst.verify.{_tag}", _mapping)


def load_json(content: bytes, origin: str) -> Any:
    """Return the JSON document; the bare tokens NaN and Infinity of old files are read.

    Raises
    ------
    UnreadableError
        If it is not JSON, with line and column.
    """
    text = decode(content, origin)
    try:
        data = _parse_json(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise UnreadableError(origin, f"not valid JSON: {error.msg}; {REMEDY}", place) from error
    except _DoubleError as error:
        reason = f"not valid JSON: a key stands twice in one object; {REMEDY}"
        raise UnreadableError(origin, reason, f"key {str(error)[:60]!r}") from error
    except RecursionError as error:
        raise UnreadableError(origin, f"not valid JSON: nested too deeply; {REMEDY}") from error
    return _clean(data) if _ESCAPED_SURROGATE.search(text) else data


class _DoubleError(Exception):
    """A key stands twice in one object: one of its values would be lost in silence."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        raise _DoubleError(next(name for name in names if names.count(name) > 1))
    return data


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of more than 4300 digits
        return json.loads(text, object_pairs_hook=_object, parse_int=float)


def _clean(data: Any) -> Any:
    if isinstance(data, str):
        return clean_text(data)
    if isinstance(data, list):
        return [_clean(value) for value in data]
    if isinstance(data, dict):
        return {clean_text(key): _clean(value) for key, value in data.items()}
    return data


def load_document(content: bytes, origin: str) -> Any:
    """Return the document of a file that is JSON, or YAML where it does not begin as an object."""
    begin = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return load_json(content, origin) if begin in {b"{", b"["} else load_yaml(content, origin)


def load_yaml(content: bytes | str, origin: str) -> Any:
    """Return the one YAML document.

    Raises
    ------
    UnreadableError
        If it is not YAML, holds a tag that is not data, or is nested too deeply.
    """
    text = decode(content, origin) if isinstance(content, bytes) else content
    if nested_too_deeply(text):
        raise UnreadableError(origin, f"not valid YAML: nested too deeply; {REMEDY}")
    try:
        return yaml.load(text, Loader=TaggedLoader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise UnreadableError(origin, _reason(error), _place(error)) from error
    except _LEAKED as error:
        raise UnreadableError(
            origin, f"not valid YAML: {str(error).partition(';')[0]}; {REMEDY}"
        ) from error


def nested_too_deeply(text: str) -> bool:
    """Whether parsing could exhaust the stack; counts brackets also inside of texts."""
    if _INDENTATION.search(text):
        return True
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(depth - 1, 0)
        if depth > MAX_DEPTH:
            return True
    return False


def decode(content: bytes, origin: str) -> str:
    """Return the text of a UTF-8 file, with or without byte order mark.

    Raises
    ------
    UnreadableError
        If it is no such text, or nothing but white space.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(origin, NOT_UTF_8, f"byte {error.start}") from error
    if not text or text.isspace():
        raise UnreadableError(origin, EMPTY)
    return text


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    if "could not determine a constructor" in problem:
        tag = problem.rpartition(" ")[2]
        return f"a YAML tag that is not data was refused: {tag}; write the file without it"
    context = getattr(error, "context", None)
    words = f"{context}, {problem}" if context else problem
    return f"not valid YAML: {words}; {REMEDY}"


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1} column {mark.column + 1}" if mark else ""
