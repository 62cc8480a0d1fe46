"""Which specifications apply to which job.

Jobs that carry the same definitions and have the same metadata, as far as any specification asks
for it, form a *scope*: they are judged by the same specifications.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reportgen.analysis.checks import specification_table
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
    asked: dict[str | None, tuple[list[Specification], list[str]]] = {}
    scopes: dict[tuple[str | None, tuple[Any, ...]], int] = {}
    of_job: dict[str, int] = {}
    for job, meta_text, carried in zip(jobs["job"], jobs["meta"], jobs["definitions"], strict=True):
        name = None if pd.isna(carried) else carried
        if name not in asked:
            chosen = [spec for spec in specifications_of(name) if spec.metric in metrics]
            asked[name] = chosen, sorted({key for spec in chosen for key in spec.metadata_query})
        keys = asked[name][1]
        meta = json.loads(meta_text) if keys else {}
        signature = tuple(json.dumps(meta.get(key), sort_keys=True) for key in keys)
        of_job[job] = scopes.setdefault((name, signature), len(scopes))
    tables = [
        specification_table(_applicable(*asked[name], signature)).assign(scope=number)
        for (name, signature), number in scopes.items()
    ]
    table = pd.concat(tables, ignore_index=True) if tables else specification_table([])
    return Scopes(of_job=of_job, table=table)


def _applicable(
    specifications: Sequence[Specification], keys: Sequence[str], signature: Sequence[str]
) -> list[Specification]:
    """Keep the specifications whose every term is in the metadata and equal."""
    meta = {key: json.loads(text) for key, text in zip(keys, signature, strict=True)}
    return [
        spec
        for spec in specifications
        if all(
            meta[key] is not None and str(meta[key]) == str(value)
            for key, value in spec.metadata_query.items()
        )
    ]
