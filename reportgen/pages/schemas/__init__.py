"""The JSON Schemas of the documents, published with the site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportgen.model.pages import Document
from reportgen.pages.paths import API

FOLDER = Path(__file__).parent
NAMES = sorted(path.name for path in FOLDER.glob("*.schema.json"))
"""File names of all schemas."""


def documents() -> Iterator[Document]:
    """Yield each schema as a document."""
    for name in NAMES:
        yield Document(path=f"{API}/schema/{name}", data=load(name))


def load(name: str) -> Any:
    """Return one schema by file name."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
