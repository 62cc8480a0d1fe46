"""The formats of the gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportgen.model.gate import Gate
from reportgen.pages.gate.api import as_json
from reportgen.pages.gate.github import as_annotations
from reportgen.pages.gate.junit import as_junit
from reportgen.pages.gate.text import as_text

FORMATS: Mapping[str, Callable[[Gate, str], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_annotations,
    "junit": as_junit,
}
"""What ``reportgen check --format`` knows; each is given the address of the published site."""
