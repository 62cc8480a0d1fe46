"""What a type of source is made of.

A source that is no files, such as a database, is read from where an earlier pull ended:

1. Its `SourceType` says ``watermarks=True``.
2. ``history.watermark`` is the value of the last `Watermark` that was committed, or None: read
   everything. ``history.since`` is a day before which nothing is asked for, or None.
3. Yield jobs, and after each batch ``Watermark(value=…)``: everything before it is complete. Jobs
   and value are committed in one step, so after a pull that died at any moment the next one begins
   behind the last committed value. Jobs after the last watermark are dropped when the source fails,
   and count when it ends.
4. What lies between two watermarks is held in memory: yield one after 100,000 rows at the latest.
   That does not make a revision each time: commits are spaced (`building.pace`).
5. A watermark may look back (an overlap window for late arrivals): a job that is delivered again
   with the same origin and sha256 is known and changes nothing. So cut jobs at what stays: a run, a
   collection, an hour of time; never at "the next 10,000 rows".
6. ``Expected(results=…)``, where the number is known, makes the estimate of the time that is left.
7. Trouble that may pass is tried again by `sources.retry`; then, and for what will not pass, raise
   `errors.SourceError`: other sources go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from reportgen.config import SourceConfig
from reportgen.model.bundle import Expected, JobBundle, Known, Unreadable, Watermark
from reportgen.sources.history import History

Record = JobBundle | Unreadable | Known | Watermark | Expected
"""What a source yields: a job, a result that cannot be read, one that was read before, how far it
has come, or how much there is."""


class Options(BaseModel):
    """Keys of a ``[[source]]`` that only its type knows; types with options inherit from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Reader = Callable[[SourceConfig, Any, History], Iterator[Record]]
"""Yields the records of a source, in a stable order, holding one file at a time.

Called with the configuration, the validated `Options` of the type, and the history.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceType:
    """One type of source: an entry of the table of types, or of an entry point."""

    description: str
    """One line for `reportgen sources`."""
    read: Reader
    options: type[Options] = Options
    needs_location: bool = True
    """Whether ``location`` has to be given."""
    columns: bool = False
    """Whether fields can come from columns (``{column = …}``)."""
    meta: bool = False
    """Whether fields can come from metadata (``{meta = …}``)."""
    files: bool = False
    """Whether its origins are paths of files: one that is gone is not listed as unreadable."""
    watermarks: bool = False
    """Whether its jobs count up to the last `Watermark` only; else each job is complete."""
