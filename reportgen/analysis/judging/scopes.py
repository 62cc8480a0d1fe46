"""Which specifications apply to which job.

Jobs that carry the same definitions and have the same metadata, as far as any specification asks
for it, form a *scope*: they are judged by the same specifications.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from reportgen.analysis.judging.checks import specification_table
from reportgen.definitions.selection import Selector
from reportgen.model.definitions import Specification

SpecificationsOf = Callable[[str | None], Sequence[Specification]]
"""All specifications that count for jobs which carried the definitions of this hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """The scope of each job, and the specifications of each scope."""

    of_job: Mapping[str, int]
    table: pd.DataFrame
    """As `specification_table` gives it, with a column ``scope``."""


def find_scopes(
    jobs: pd.DataFrame, specifications_of: SpecificationsOf, metrics: set[str]
) -> Scopes:
    """Sort jobs into scopes, and choose the specifications of some metrics for each scope.

    Parameters
    ----------
    jobs
        Columns ``job``, ``meta`` (JSON) and ``definitions``.
    specifications_of
        Gives all specifications for a hash of carried definitions.
    metrics
        Names of the metrics that were measured; others need no specification.
    """
    selectors: dict[str | None, Selector] = {}
    scopes: dict[int, int] = {}
    chosen: list[Sequence[Specification]] = []
    of_job: dict[str, int] = {}
    for job, meta, carried in zip(jobs["job"], jobs["meta"], jobs["definitions"], strict=True):
        name = None if pd.isna(carried) else carried
        if name not in selectors:
            known = specifications_of(name)
            selectors[name] = Selector(spec for spec in known if spec.metric in metrics)
        selected = selectors[name].select(json.loads(meta))
        # A selector gives equal jobs the same list, so its identity names the scope.
        of_job[job] = scopes.setdefault(id(selected), len(scopes))
        if of_job[job] == len(chosen):
            chosen.append(selected)
    tables = [specification_table(one).assign(scope=scope) for scope, one in enumerate(chosen)]
    table = pd.concat(tables, ignore_index=True) if tables else specification_table([])
    return Scopes(of_job=of_job, table=table)
