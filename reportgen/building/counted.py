"""Counts of runs that were counted before: a new run must not cost what all older ones cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from reportgen.model.report import Counts
from reportgen.places import replacing

FILE = "counts.json"


class Counted:
    """The counts that the last builds kept, each under a key of all that decides about it.

    Parameters
    ----------
    cache
        Folder of the file, or None to keep nothing.
    rules
        What changes when the definitions or the code do.
    """

    def __init__(self, cache: Path | None, rules: str) -> None:
        self._file = cache / FILE if cache else None
        self._rules = rules

    def load(self, states: Mapping[str, str]) -> dict[str, Counts]:
        """Return the counts that still hold, given what each run is made of now."""
        try:
            if self._file is None:
                return {}
            data = json.loads(self._file.read_text(encoding="utf-8"))
            kept = data["counts"] if data["rules"] == self._rules else {}
            return {
                run: Counts(**kept[run]["counts"])
                for run, state in states.items()
                if run in kept and kept[run]["state"] == state
            }
        except (OSError, ValueError, KeyError, TypeError):
            return {}  # a cache that is missing or damaged costs time, nothing else

    def save(self, states: Mapping[str, str], counts: Mapping[str, Counts]) -> None:
        """Keep the counts of runs for the next build."""
        if self._file is None:
            return
        kept = {
            run: {"state": states[run], "counts": asdict(found)} for run, found in counts.items()
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"rules": self._rules, "counts": kept})
        with replacing(self._file) as file:
            file.write_text(text, encoding="utf-8")
