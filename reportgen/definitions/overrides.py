"""``overrides.toml``: what people correct in metrics and limits, each with a reason.

Where several entries say something of the same metric or specification, the later one wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.definitions.patterns import fits, names
from reportgen.definitions.rules import Alias, Bands, EpochRule, Limit, MetricRule, Rename
from reportgen.definitions.toml_file import read_toml
from reportgen.model.definitions import Specification
from reportgen.model.runs import RunKey
from reportgen.model.status import Kind

Direction = Literal["down", "up"]
"""Where a metric improves."""


class Overrides(BaseModel):
    """All entries of ``overrides.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alias: tuple[Alias, ...] = ()
    limit: tuple[Limit, ...] = ()
    bands: tuple[Bands, ...] = ()
    epoch: tuple[EpochRule, ...] = ()
    metric: tuple[MetricRule, ...] = ()
    rename: tuple[Rename, ...] = ()

    def canonical_name(self, metric: str) -> str:
        """Return the name under which a stored metric is shown; its own without an alias."""
        found = [alias.canonical for alias in self.alias if alias.covers(metric)]
        return found[-1] if found else metric

    def rules_for(self, metric: str) -> MetricRule | None:
        """Return what is said of a metric, over all its entries; None: nothing."""
        found = [rule for rule in self.metric if names(metric, rule.metric)]
        said = [rule.model_dump(exclude_unset=True, exclude={"metric", "reason"}) for rule in found]
        if not found:
            return None
        reasons = "; ".join(rule.reason for rule in found)
        merged = {key: value for one in said for key, value in one.items()}
        return MetricRule(metric=(metric,), reason=reasons, **merged)

    def unit(self, metric: str, stated: str | None) -> str | None:
        """Return the unit of a measurement whose file states ``stated`` (None: nothing)."""
        for rule in reversed(self.metric):
            if rule.unit is not None and names(metric, rule.metric):
                return rule.unit if (stated or "") in rule.stated else stated
        return stated

    def epochs_for(self, metric: str, dataset: str, producer: str | None) -> tuple[EpochRule, ...]:
        """Return the epochs that begin in a series, in the order of the file."""
        return tuple(
            epoch
            for epoch in self.epoch
            if names(metric, epoch.metric)
            and (epoch.dataset is None or fits(dataset, epoch.dataset))
            and (epoch.producer is None or fits(producer or "", epoch.producer))
        )

    def direction(self, metric: str, specifications: Iterable[Specification]) -> Direction | None:
        """Return where a metric improves: as stated, else by its requirements, else None.

        An upper limit means that lower is better. Limits on both sides tell nothing.
        """
        rule = self.rules_for(metric)
        if rule is not None and rule.improves is not None:
            return None if rule.improves == "none" else rule.improves
        kinds = (Kind.REQUIREMENT, Kind.RELEASE_TARGET)
        own = (spec for spec in specifications if spec.metric == metric and spec.kind in kinds)
        sides = {spec.operator[0] for spec in own}
        if sides == {"<"}:
            return "down"
        return "up" if sides == {">"} else None

    def renamed(self, run: RunKey) -> RunKey:
        """Return the run under its new name."""
        dataset, release = run.dataset, run.release
        for rename in self.rename:
            if rename.dataset == run.dataset and rename.release in (None, run.release):
                dataset = rename.to_dataset or dataset
                release = rename.to_release or release
        return RunKey(dataset=dataset, release=release, collection=run.collection)


def load_overrides(path: Path, name: str | None = None) -> Overrides:
    """Read ``overrides.toml``; ``name`` is what errors call it.

    Raises
    ------
    DefinitionError
        If it cannot be read or validated; names entry, key and allowed values.
    """
    return read_toml(path, name or path.name, Overrides)
