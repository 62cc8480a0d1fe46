"""Metrics and specifications that jobs carried, as JSON and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reportgen.model.bundle import JobBundle
from reportgen.model.definitions import Metric, Reference, Specification
from reportgen.model.status import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedDefinitions:
    """What one or more jobs brought along."""

    metrics: tuple[Metric, ...] = ()
    specifications: tuple[Specification, ...] = ()


def to_json(metrics: Sequence[Metric], specifications: Sequence[Specification]) -> dict[str, Any]:
    """Return the definitions as plain JSON values."""
    return {
        "metrics": [asdict(metric) for metric in metrics],
        "specifications": [
            asdict(spec) | {"metadata_query": dict(spec.metadata_query)} for spec in specifications
        ],
    }


def from_json(data: Mapping[str, Any]) -> CarriedDefinitions:
    """Return the definitions that `to_json` wrote."""
    return CarriedDefinitions(
        metrics=tuple(
            Metric(**_tuples(m) | {"reference": _reference(m["reference"])})
            for m in data["metrics"]
        ),
        specifications=tuple(
            Specification(
                **_tuples(s) | {"reference": _reference(s["reference"]), "kind": Kind(s["kind"])}
            )
            for s in data["specifications"]
        ),
    )


def hash_of(bundle: JobBundle) -> str | None:
    """Return a short hash that jobs with equal definitions share; None where one carries none."""
    if not bundle.metrics and not bundle.specifications:
        return None
    data = to_json(bundle.metrics, bundle.specifications)
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _reference(data: Mapping[str, Any]) -> Reference:
    return Reference(**_tuples(data))


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
