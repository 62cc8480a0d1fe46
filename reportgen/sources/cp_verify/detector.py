"""Statistics and verdicts of one detector: ``verify…DetStats``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.errors import UnreadableError
from reportgen.sources.cp_verify.findings import Findings
from reportgen.sources.cp_verify.names import Level, statistic
from reportgen.sources.measured import shown

BLOCKS = frozenset({"AMP", "DET", "METADATA", "CATALOG", "ISR", "VERIFY", "SUCCESS"})
GROUPS = {"DET": Level.DETECTOR, "CATALOG": Level.DETECTOR, "EXP": Level.EXPOSURE, "RUN": Level.RUN}
"""Groups of verdicts below VERIFY beside AMP, and what they are about."""

_AMPLIFIER = re.compile(r"C\d\d$")
"""Name of an amplifier of the Rubin cameras."""
Distributions = Iterable[tuple[str, Mapping[Any, Any]]]
_PERCENTILE = re.compile(r"LSST CALIB (\w+) (\S+) DISTRIBUTION ([0-9.]+)-PCT")
Place = Mapping[str, str | None]
HERE: Place = {}


def read_detector(data: Any, findings: Findings) -> None:
    """Add what a DetStats document says.

    Raises
    ------
    UnreadableError
        If it is not a DetStats document.
    """
    if not isinstance(data, dict) or not BLOCKS & data.keys():
        raise UnreadableError(
            findings.origin,
            "not statistics of cp_verify: none of the blocks AMP, DET, VERIFY, SUCCESS;"
            " is `type` right?",
        )
    stage = findings.setting.stage
    findings.set_mjd(mapping(data.get("ISR")).get("MJD"))
    for amplifier, values in findings.mappings(data.get("AMP"), "AMP."):
        for key, raw in values.items():
            findings.measure(statistic(stage, str(key)), raw, {"amplifier": amplifier})
    _read_metadata(mapping(data.get("METADATA")), findings)
    for key, raw in mapping(data.get("CATALOG")).items():
        findings.measure(statistic(stage, str(key)), raw, HERE)
    for key, raw in mapping(data.get("DET")).items():
        findings.measure(statistic(stage, str(key), detector=True), raw, HERE)
    _read_isr(mapping(data.get("ISR")), findings)
    _read_verdicts(mapping(data.get("VERIFY")), mapping(data.get("AMP")), findings)
    _remark_on_blocks(data, findings)
    if "SUCCESS" in data:
        findings.judge("SUCCESS", data["SUCCESS"], HERE, Level.DETECTOR)
    else:
        findings.remark("The file has no SUCCESS.")


def _read_metadata(metadata: Mapping[Any, Any], findings: Findings) -> None:
    """Add what the pipeline noted: the read noise of each amplifier, under any of its names."""
    for key, raw in metadata.items():
        name = statistic(findings.setting.stage, str(key))
        stored_as = "" if name.endswith(f"_{key}") else str(key)
        if isinstance(raw, dict):
            for amplifier, value in raw.items():
                findings.measure(name, value, {"amplifier": str(amplifier)}, stored_as)
        else:
            findings.measure(name, raw, HERE, stored_as)


def _read_isr(isr: Mapping[Any, Any], findings: Findings) -> None:
    """Add what the Results tables take from the ISR statistics, apart from projections."""
    stage = findings.setting.stage.upper()
    for percentile in _percentiles(findings.mappings(isr.get("CALIBDIST"), "ISR.CALIBDIST.")):
        if percentile.stage == stage:  # files of a flat hold those of its bias and dark too
            name = statistic(stage, f"{stage}_DIST_{percentile.level}_PCT")
            findings.measure(name, percentile.value, {"amplifier": percentile.amplifier})
    for amplifier, values in findings.mappings(isr.get("BIASSHIFT"), "ISR.BIASSHIFT."):
        place = {"amplifier": amplifier}
        if "LOCAL_NOISE" in values:
            findings.measure(statistic(stage, "BIAS_SHIFT_NOISE"), values["LOCAL_NOISE"], place)
        if isinstance(shifts := values.get("BIAS_SHIFTS"), list):
            findings.measure(statistic(stage, "BIAS_SHIFT_COUNT"), len(shifts), place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Percentile:
    stage: str
    amplifier: str
    level: str
    value: Any


def _percentiles(distributions: Distributions) -> Iterator[_Percentile]:
    for _, values in distributions:
        for key, value in values.items():
            if found := _PERCENTILE.fullmatch(str(key)):
                yield _Percentile(stage=found[1], amplifier=found[2], level=found[3], value=value)


def _read_verdicts(
    verify: Mapping[Any, Any], amplifiers: Mapping[Any, Any], findings: Findings
) -> None:
    """Add the verdicts as they stand; early files have them flat, without a group."""
    for group, verdicts in verify.items():
        if group == "AMP":
            for amplifier, tests in findings.mappings(verdicts, "VERIFY.AMP."):
                _judge_amplifier(amplifier, tests, findings)
        elif isinstance(verdicts, dict) and (group in amplifiers or _AMPLIFIER.match(str(group))):
            _judge_amplifier(str(group), verdicts, findings)
        elif group in GROUPS:
            read_group(group, verdicts, findings, HERE)
        elif not isinstance(verdicts, dict | None):
            findings.judge(str(group), verdicts, HERE, findings.setting.level)
        elif verdicts:
            findings.remark(f"Verdicts on {shown(str(group))} are of no known kind; left out.")


def _judge_amplifier(amplifier: str, tests: Mapping[Any, Any], findings: Findings) -> None:
    for test, verdict in tests.items():
        findings.judge(str(test), verdict, {"amplifier": amplifier}, "amplifier")


def _remark_on_blocks(data: Mapping[Any, Any], findings: Findings) -> None:
    """Say which blocks hold something else than names with values."""
    for block in sorted(BLOCKS - {"SUCCESS"}):
        if not isinstance(data.get(block), dict | None):
            findings.remark(f"The block {block} is {shown(data[block])}; left out.")


def read_group(group: str, verdicts: Any, findings: Findings, place: Place) -> None:
    """Add the verdicts of one group; its own SUCCESS is not that of the file."""
    for test, verdict in mapping(verdicts).items():
        name = f"{group}_SUCCESS" if test == "SUCCESS" else str(test)
        findings.judge(name, verdict, place, GROUPS[group])


def mapping(value: Any) -> Mapping[Any, Any]:
    """Return a block, empty where the file holds none (``AMP: null``)."""
    return value if isinstance(value, dict) else {}
