"""Files to download: strict JSON, and text such as CSV."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reportgen.model.pages import Document
from reportgen.render.outputs import Outputs, RenderReport


def write_documents(documents: Iterable[Document], docs_dir: Path) -> RenderReport:
    """Write each document if it differs, and remove those that are no longer made.

    JSON is compact UTF-8 with keys in the order given, and strict: a NaN or an infinity, which
    JSON does not have, becomes null.
    """
    with Outputs.open(docs_dir, "documents") as outputs:
        for document in documents:
            outputs.write(document.path, content_of(document))
    return outputs.report


def content_of(document: Document) -> bytes:
    """Return the bytes of one document; JSON ends with a line break."""
    if document.text is not None:
        return document.text.encode()
    return (strict_json(document.data) + "\n").encode()


def strict_json(data: Any) -> str:
    """Return data as compact strict JSON.

    Takes what `json` takes, dataclasses, dates, and the scalars and arrays of numpy.
    """
    try:
        return _dumps(data)
    except ValueError:
        # A number that JSON does not have, somewhere: rare, so the copy is made only now.
        return _dumps(_finite(data))


def _dumps(data: Any) -> str:
    return json.dumps(
        data, allow_nan=False, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    for method in ("isoformat", "tolist"):
        if hasattr(value, method):
            return getattr(value, method)()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    return _finite(_plain(value))
