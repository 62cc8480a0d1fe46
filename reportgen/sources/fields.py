"""Fields of a run and of a data ID: what the configuration says, then what the file says.

For each field the first of these that gives a value counts: the constant or ``{meta = …}`` of the
configuration, the named group of ``pattern``, the file's own word for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from reportgen.config import FIELDS, FromColumn, FromMeta, SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.dimensions import DATA_ID, INTEGER_DIMENSIONS
from reportgen.model.runs import RunKey
from reportgen.sources.bands import BANDS, band_of
from reportgen.sources.job_meta import field_text, look_up, misfits
from reportgen.sources.texts import as_text, iso_date
from reportgen.sources.values import number

MAX_KEPT = 4096
"""Sets of fields that are kept for the next file."""
_WHOLE = re.compile(r"^(\d+)\.0+$")
_NO_META: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFields:
    """What is known about one job, or one row of a table."""

    run: RunKey
    base: Mapping[str, Any]
    """Columns that each of its measurements shares: data ID, producer, date, MJD."""
    ticket: str | None = None
    date: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    """Groups of ``pattern`` that are no fields, such as stage, level, metric."""


class FieldReader:
    """Applies the field rules of one source to its files.

    Built once for a source; `groups` and `read` are called for each file.
    """

    def __init__(self, config: SourceConfig) -> None:
        rules = config.fields
        self.name = config.name
        self.pattern = config.pattern
        self._of_groups: dict[tuple[Any, ...], JobFields] = {}
        self.constants = {
            key: text
            for key, rule in rules.items()
            if (text := None if isinstance(rule, FromMeta | FromColumn) else as_text(rule))
        }
        self.metas = {key: rule.meta for key, rule in rules.items() if isinstance(rule, FromMeta)}
        self.columns = {k: rule.column for k, rule in rules.items() if isinstance(rule, FromColumn)}
        for key, column in config.columns.items():
            self.columns.setdefault(key, column)

    def groups(self, origin: str) -> dict[str, str]:
        """Return the named groups of ``pattern`` in this origin; empty where it does not match."""
        found = self.pattern.search(origin) if self.pattern else None
        if found is None:
            return {}
        return {key: text for key, text in found.groupdict().items() if text}

    def placeholders(self, origin: str) -> dict[str, str]:
        """Return all named groups of ``pattern`` for use in names; empty where nothing matched."""
        names = self.pattern.groupindex if self.pattern else ()
        return dict.fromkeys(names, "") | self.groups(origin)

    def states(self, field: str, origin: str) -> bool:
        """Whether the configuration gives this field for this origin, whatever the file says."""
        return field in self.constants or field in self.groups(origin)

    def read(
        self, origin: str, own: Mapping[str, str], meta: Mapping[str, Any] = _NO_META
    ) -> JobFields:
        """Return the fields of one job.

        Parameters
        ----------
        own
            What the file says of itself, by the names of fields.
        meta
            Metadata of the job, for ``{meta = …}``.

        Raises
        ------
        UnreadableError
            If dataset or release stay unknown; names the field.
        """
        if own or self.metas:
            return self.combine(origin, {**own, **self.groups(origin)}, meta)
        found = self.pattern.search(origin) if self.pattern else None
        groups = found.groups() if found else ()
        if groups not in self._of_groups:  # many metrics share a tract and band
            if len(self._of_groups) >= MAX_KEPT:
                self._of_groups.clear()
            self._of_groups[groups] = self.combine(origin, self.groups(origin), meta)
        return self._of_groups[groups]

    def combine(
        self, origin: str, own: Mapping[str, str], meta: Mapping[str, Any] = _NO_META
    ) -> JobFields:
        """Return the fields where ``own`` holds the groups of ``pattern`` already."""
        values = dict(own)
        for key, name in self.metas.items():
            if (text := field_text(key, look_up(meta, name))) is not None:
                values[key] = text
        values.update(self.constants)
        for key in ("dataset", "release"):
            if not values.get(key):
                raise UnreadableError(origin, f"{key} is not known: {self._missing(key, meta)}")
        return make_fields(values)

    def remarks(self, meta: Mapping[str, Any]) -> list[str]:
        """Return what is said of metadata that should be part of the data ID, and cannot."""
        return list(misfits(meta, self.metas))

    def _missing(self, key: str, meta: Mapping[str, Any]) -> str:
        """Say what was tried, and what to do."""
        if key in self.metas:
            known = ", ".join(sorted(map(str, meta))[:8]) or "none"
            return f"its metadata have no key {self.metas[key]!r} (keys: {known})."
        if key in self.columns:
            return f"the column {self.columns[key]!r} holds nothing."
        if self.pattern and key in self.pattern.groupindex:
            return "`pattern` does not match its path."
        return f"add `{key} = …` to the source {self.name!r}."


def make_fields(values: Mapping[str, str]) -> JobFields:
    """Return the fields from texts by name; names that are no fields become ``extra``."""
    base: dict[str, Any] = {}
    for key in DATA_ID:
        if text := values.get(key):
            base[key] = _dimension(key, text)
    _fill_band(base)
    if producer := values.get("producer"):
        base["producer"] = producer
    date = iso_date(values.get("date"))
    if date:
        base["date"] = date
    if (mjd := number(values.get("mjd")).value) is not None:
        base["mjd"] = mjd
    return JobFields(
        run=run_key(values["dataset"], values["release"], values.get("collection") or None),
        base=base,
        ticket=values.get("ticket") or None,
        date=date,
        extra={key: text for key, text in values.items() if key not in FIELDS},
    )


@lru_cache(maxsize=4096)
def run_key(dataset: str, release: str, collection: str | None) -> RunKey:
    """Return the key of a run; jobs of one run share one object."""
    return RunKey(dataset=dataset, release=release, collection=collection)


def _dimension(key: str, text: str) -> str:
    if key not in INTEGER_DIMENSIONS or "." not in text:
        return text
    # A table with empty cells stores tracts as 9615.0.
    return "^".join(_WHOLE.sub(r"\1", part) for part in text.split("^"))


def _fill_band(base: dict[str, Any]) -> None:
    """Derive the band from a physical filter; a filter given as band keeps its name beside it."""
    band = base.get("band")
    if band and band not in BANDS and (known := band_of(band)):
        base.setdefault("physical_filter", band)
        base["band"] = known
    elif not band and (known := band_of(base.get("physical_filter", ""))):
        base["band"] = known
