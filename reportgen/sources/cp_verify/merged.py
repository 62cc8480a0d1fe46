"""Success and failures of many detectors or exposures: ``verify…ExpStats`` and ``verify…Stats``.

All rows have the level of the file; exposure, detector and amplifier say what a row is about.
A failure is listed as ``[detector] [amplifier] test``; SUCCESS is a test of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.errors import UnreadableError
from reportgen.sources.cp_verify import places
from reportgen.sources.cp_verify.detector import GROUPS, Place, mapping
from reportgen.sources.cp_verify.findings import Findings
from reportgen.sources.cp_verify.names import Level, statistic
from reportgen.sources.measured import shown

_EXPOSURE = re.compile(r"\d{5,}")
"""Exposures have more digits than any camera has detectors."""
FAILED = False
_DETECTOR = re.compile(rf"Detector \d+|{places.DETECTOR.pattern}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One entry of a FAILURES list."""

    test: str
    detector: str | None = None
    amplifier: str | None = None


def read_merged(data: Any, findings: Findings) -> None:
    """Add what an ExpStats or a run's Stats document says.

    Raises
    ------
    UnreadableError
        If it is neither, or names several detectors where the configuration allows one.
    """
    entries = _entries(data, findings)
    whole: Place = {"detector": None, "amplifier": None}
    if findings.setting.level == Level.RUN:
        whole = {**whole, "exposure": None}
    for group in ("EXP", "RUN"):
        for key, raw in mapping(mapping(data).get(group)).items():
            findings.measure(statistic(findings.setting.stage, str(key)), raw, whole)
    for group, verdicts in mapping(data.get("VERIFY")).items():
        tests = verdicts if isinstance(verdicts, dict) else {group: verdicts}
        for test, verdict in tests.items():
            name = f"{group}_SUCCESS" if test == "SUCCESS" else str(test)
            findings.judge(name, verdict, whole, findings.setting.level)
    for key, entry in entries.items():
        _read_entry(key, entry, findings, whole)
    if "SUCCESS" in data:
        findings.judge("SUCCESS", data["SUCCESS"], whole, findings.setting.level)
    else:
        findings.remark("The file has no SUCCESS.")


def _entries(data: Any, findings: Findings) -> dict[str, Mapping[Any, Any]]:
    """Return the entries by exposure or detector."""
    known = {*GROUPS, "VERIFY", "SUCCESS"}
    entries = {key: value for key, value in mapping(data).items() if key not in known}
    found = dict(findings.mappings(entries, ""))
    if not found and "SUCCESS" not in mapping(data):
        raise UnreadableError(
            findings.origin,
            "not statistics of cp_verify: no SUCCESS and no FAILURES; is `type` right?",
        )
    return found


def _read_entry(key: str, entry: Mapping[Any, Any], findings: Findings, whole: Place) -> None:
    level = findings.setting.level
    place = dict(whole)
    if _EXPOSURE.fullmatch(key):
        place["exposure"] = key
    else:
        place["detector"] = findings.detector(key)
    failures = entry.get("FAILURES")
    if "SUCCESS" in entry:
        findings.judge("SUCCESS", entry["SUCCESS"], place, level)
    elif failures:
        # Upstream wrote no SUCCESS beside FAILURES until 2024.
        findings.judge("SUCCESS", FAILED, place, level)
        findings.remark("Entries that list failures without SUCCESS count as not successful.")
    else:
        findings.remark(f"{key} has neither SUCCESS nor FAILURES.")
    for failure in _failures(failures, findings):
        about = dict(place)
        if failure.detector:
            about["detector"] = findings.detector(failure.detector)
        if failure.amplifier:
            about["amplifier"] = failure.amplifier
        findings.judge(failure.test, FAILED, about, level)


def _failures(listed: Any, findings: Findings) -> Iterator[Failure]:
    if not isinstance(listed, list | dict | None):
        findings.remark(f"FAILURES is no list but {shown(listed)}.")
        return
    for text in _texts(listed):
        if failure := take_apart(text):
            yield failure


def _texts(listed: Any, before: str = "") -> Iterator[str]:
    """Yield failures as one text each, also those given as lists of words or by detector."""
    if isinstance(listed, dict):
        for name, inner in listed.items():
            yield from _texts(inner, f"{before} {name}".strip())
    elif isinstance(listed, list):
        for one in listed:
            words = one if isinstance(one, list) else [one]
            if isinstance(one, dict):
                yield from _texts(one, before)
            else:
                yield " ".join(map(str, [before, *words])).strip()
    elif isinstance(listed, str):
        yield f"{before} {listed}".strip()
    elif listed is FAILED:
        yield before


def take_apart(text: str) -> Failure | None:
    """Return a failure such as ``RXX_S00 C11 CR_NOISE`` or ``Detector 0 PTC_GAIN``."""
    detector = None
    if found := _DETECTOR.match(text):
        detector, text = found[0], text[found.end() :]
    words = text.split()
    if not words:
        return None
    *before, test = words
    if len(before) > 1 and detector is None:
        detector, *before = before
    return Failure(test=test, detector=detector, amplifier=" ".join(before) or None)
