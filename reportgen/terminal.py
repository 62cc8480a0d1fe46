"""What people see in a terminal: progress bars there, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table


class Progress:
    """Says on standard error what is being done: a line for each step, a count for each source."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        if not self._quiet and self._console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
            self._bars = Bars(
                *columns,
                TextColumn("{task.completed} results"),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            )
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def say(self, text: str) -> None:
        """Tell the next step."""
        if not self._quiet:
            self._console.print(text)

    def count(self, source: str, n: int) -> None:
        """Tell how many results of a source were read; nothing where nobody watches."""
        if self._bars is None:
            return
        if source not in self._tasks:
            self._tasks[source] = self._bars.add_task(source, total=None)
        self._bars.update(self._tasks[source], completed=n)


def print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as a table on a terminal, as tab-separated lines into a pipe."""
    if not rows:
        sys.stdout.write("Nothing yet.\n")
        return
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        for row in (dict(zip(rows[0], rows[0], strict=True)), *rows):
            sys.stdout.write("\t".join(_text(value) for value in row.values()) + "\n")
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    console.print(table)


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return " ".join(text.split())
