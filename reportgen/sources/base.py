"""What a type of source is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from reportgen.config import SourceConfig
from reportgen.model.bundle import JobBundle, Known, Unreadable
from reportgen.sources.history import History

Record = JobBundle | Unreadable | Known
"""What a source yields: a job, a result that cannot be read, or one that was read before."""


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
