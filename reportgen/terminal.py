"""What people see in a terminal: progress bars there, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import (
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

LINE_SECONDS = 10.0


class Progress:
    """Says on standard error what is being done: a line for each step, a count for each source."""

    def __init__(self, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._told = 0.0
        self._began: dict[str, float] = {}
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        if not self._quiet and self._console.is_terminal:
            self._bars = Bars(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                _EstimateColumn(),
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
            self._console.print(text, soft_wrap=True)

    def count(self, source: str, n: int, total: int | None = None) -> None:
        """Tell how many results of a source were read, how fast, and how long the rest will take.

        Where nobody watches, a line says so every `LINE_SECONDS` seconds.
        """
        if self._bars is None:
            self._count_in_lines(source, n, total)
            return
        if source not in self._tasks:
            self._tasks[source] = self._bars.add_task(source, total=total)
        self._bars.update(self._tasks[source], completed=n, total=total)

    def _count_in_lines(self, source: str, n: int, total: int | None) -> None:
        now = self._clock()
        began = self._began.setdefault(source, now)
        if now - max(self._told, began) >= LINE_SECONDS:
            self._told = now
            self.say(f"{source}: {estimate(n, total, now - began)}")


class _EstimateColumn(ProgressColumn):
    """Counts, rate and remaining time of one source."""

    def render(self, task: Task) -> Text:
        """Return them as one text."""
        total = None if task.total is None else int(task.total)
        return Text(estimate(int(task.completed), total, task.elapsed or 0.0))


def estimate(n: int, total: int | None, seconds: float) -> str:
    """Say how much was read, how fast, and how long the rest will take, where that is known."""
    counted = f"{n:,} results" if total is None else f"{n:,} of {total:,} results"
    if seconds < 1 or not n:
        return counted
    rate = n / seconds
    text = f"{counted}, {rate:,.0f} per second" if rate >= 1 else counted
    if total is None or total <= n:
        return text
    return f"{text}, {_duration((total - n) / rate)} left"


def _duration(seconds: float) -> str:
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {left:02d} s" if minutes else f"{left} s"


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
