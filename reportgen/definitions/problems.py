"""What is wrong in files of definitions: collected, so that everything else goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reportgen.errors import DefinitionError, ReportgenError


class ContentError(ReportgenError):
    """One entry of a file is wrong; whoever reads the file adds where it stands."""


class Problems:
    """Sentences that name file, place and problem, in the order in which they were found."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, file: str, place: str, problem: str, remedy: str = "") -> None:
        """Note a problem."""
        self._found.append(str(DefinitionError(file, place, problem, remedy)))

    @contextmanager
    def noted(self, file: str, place: str = "") -> Iterator[None]:
        """Note an error of the block, and go on after the block."""
        try:
            yield
        except ContentError as error:
            self.add(file, place, str(error))
        except DefinitionError as error:
            self._found.append(str(error))

    def all(self) -> tuple[str, ...]:
        """Return what was found."""
        return tuple(self._found)


def shown(value: Any) -> str:
    """Return how a message shows a wrong value: short, and a container by its type only.

    A few lines of YAML anchors can make a list that would print as gigabytes.
    """
    if value is None:
        return "missing"
    if isinstance(value, list | tuple | dict | set):
        return {"dict": "a mapping"}.get(type(value).__name__, "a list")
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
