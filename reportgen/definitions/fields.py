"""Metrics and specifications from the fields of a document, YAML or JSON alike.

The checks of content are here, once for packages, for jobs and for watch lists. They raise
ContentError with the problem in words; the caller knows file and document.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from reportgen.definitions.classify import classify
from reportgen.definitions.problems import ContentError, shown
from reportgen.definitions.units import spell_unit
from reportgen.model.definitions import Metric, Reference, Specification

OPERATORS = ("<=", "<", ">=", ">", "==", "!=")
"""What a threshold can be read with: *value operator threshold*."""

Fields = Mapping[str, Any]

# Names become folders and addresses of pages: letters, digits, ``_ + -`` only. Statistics of
# calibrations have dots in their name (``cp_verify.BIAS_BIAS_DIST_50.0_PCT``).
_METRIC = r"[\w+-]+\.[\w+.-]+"
_SPECIFICATION = r"[\w+-]+\.[\w+-]+\.[\w+-]+"


def metric_from(name: str, fields: Fields, origin: str) -> Metric:
    """Return the metric of this fully qualified name; tolerant to what old files leave out."""
    if not re.fullmatch(_METRIC, name):
        raise ContentError(f"{shown(name)} is not a metric name; write package.metric.")
    return Metric(
        name=name,
        description=text(fields.get("description"), "description").strip(),
        unit=_metric_unit(fields.get("unit")),
        tags=tags(fields.get("tags")),
        reference=reference(fields.get("reference")),
        origin=origin,
    )


def specification_from(
    name: str, fields: Fields, origin: str, metrics: Mapping[str, Metric]
) -> Specification:
    """Return the specification of this fully qualified name from its resolved fields.

    Its reference is its own (some files write it below ``threshold``), else that of its metric.
    """
    if not re.fullmatch(_SPECIFICATION, name):
        raise ContentError(f"{shown(name)} is not a specification name; write package.metric.spec.")
    threshold = fields.get("threshold")
    if not isinstance(threshold, Mapping):
        raise ContentError("there is no threshold; only threshold specifications are known.")
    metric = name.rpartition(".")[0]
    labels = tags(fields.get("tags"))
    kind, level = classify(name, labels)
    own = reference(fields.get("reference") or threshold.get("reference"))
    known = metrics.get(metric)
    return Specification(
        name=name,
        metric=metric,
        operator=_operator(threshold),
        threshold=number(threshold.get("value"), "threshold.value"),
        unit=_threshold_unit(threshold),
        kind=kind,
        level=level,
        metadata_query=_query(fields.get("metadata_query")),
        tags=labels,
        reference=known.reference if known and own == Reference() else own,
        origin=origin,
    )


def mapping(value: Any, what: str) -> Fields:
    """Return a mapping, empty for null (an empty document)."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ContentError(f"it is {shown(value)}; it has to be a mapping of {what}.")
    return value


def text(value: Any, key: str) -> str:
    """Return a text, empty for null."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ContentError(f"{key} is {shown(value)}; it has to be text, put it in quotes.")
    return value


def number(value: Any, key: str) -> float:
    """Return a finite number; YAML reads ``1e-6`` (without a dot) as text, so text is tried."""
    try:
        result = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        result = math.nan
    if not math.isfinite(result):
        raise ContentError(f"{key} is {shown(value)}; it has to be a finite number.")
    return result


def tags(value: Any) -> tuple[str, ...]:
    """Return tags given as one text, a list, or a YAML set; each once, in their order."""
    if value is None:
        return ()
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, Iterable) or not all(isinstance(tag, str) for tag in found):
        raise ContentError(f"tags is {shown(value)}; it has to be a text or a list of texts.")
    # PyYAML reads a set in no fixed order; the site should not change with it.
    ordered = sorted(found) if isinstance(found, set) else found
    return tuple(dict.fromkeys(ordered))


def reference(value: Any) -> Reference:
    """Return a reference; each field may be one value, a list or null. Only http(s) URLs."""
    fields = mapping(value, "reference: doc, page, url")
    urls = _texts(fields.get("url"), "reference.url")
    return Reference(
        docs=_texts(fields.get("doc"), "reference.doc"),
        page=_pages(fields.get("page")),
        # These become links: anything else (javascript:, file:) is left out.
        urls=tuple(url for url in urls if url.startswith(("http://", "https://"))),
    )


def _query(value: Any) -> dict[str, Any]:
    """Return the terms as they are written: a number is no text, as in the metadata of jobs."""
    terms = mapping(value, "metadata_query")
    for key, wanted in terms.items():
        items = wanted if isinstance(wanted, list) else [wanted]
        if any(isinstance(item, list | dict | set) for item in items):
            raise ContentError(f"metadata_query.{key} is nested; write one value or a flat list.")
        if not all(item is None or isinstance(item, str | int | float) for item in items):
            # YAML reads 2021-08-27 as a date, which no metadata in JSON can equal.
            raise ContentError(f"metadata_query.{key} is {shown(wanted)}; put it in quotes.")
    return {str(key): wanted for key, wanted in terms.items()}


def _operator(threshold: Fields) -> str:
    operator = threshold.get("operator")
    if not isinstance(operator, str) or operator not in OPERATORS:
        allowed = ", ".join(OPERATORS)
        raise ContentError(f"threshold.operator is {shown(operator)}; allowed: {allowed}.")
    return operator


def _threshold_unit(threshold: Fields) -> str:
    if threshold.get("unit") is None:
        raise ContentError("threshold.unit is missing; write '' for a dimensionless limit.")
    given = text(threshold["unit"], "threshold.unit")
    unit = spell_unit(given)
    if unit is None:
        raise ContentError(f"threshold.unit is {shown(given)}; astropy knows no such unit.")
    return unit


def _metric_unit(value: Any) -> str | None:
    if value is None:
        return None
    given = text(value, "unit")
    unit = spell_unit(given)
    return given.strip() if unit is None else unit


def _pages(value: Any) -> str | None:
    """Return one page or several as people write them: ``21``, ``1, 2``."""
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, list | dict | set):
            raise ContentError("reference.page is nested; write one page or a flat list.")
    return ", ".join(str(item) for item in items if item is not None) or None


def _texts(value: Any, key: str) -> tuple[str, ...]:
    if value is None:
        return ()
    found = value if isinstance(value, list) else [value]
    return tuple(text(item, key) for item in found if item is not None)
