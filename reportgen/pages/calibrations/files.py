"""What the newest files per exposure and per run say: whether each of their parts is good."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from reportgen.model.calibration_verdicts import SummaryVerdict
from reportgen.model.calibrations import StageReport
from reportgen.model.numbers import plural
from reportgen.pages import words

UNEXPLAINED = "SUCCESS is false, the file lists no failure"
CONTRADICTED = "SUCCESS is true, yet the file lists failures"


def last_night(report: StageReport) -> int:
    """Return the last night that a file per exposure or run speaks of; -1 where there is none."""
    return max((verdict.night for verdict in report.verdicts), default=-1)


def newest(report: StageReport) -> list[SummaryVerdict]:
    """Return all that the newest files say, of whichever night."""
    last = last_night(report)
    files = {verdict.file for verdict in report.verdicts if verdict.night == last}
    return [verdict for verdict in report.verdicts if verdict.file in files]


def fails(verdict: SummaryVerdict) -> bool:
    """Tell whether a file says no, by SUCCESS or by a failure that it lists."""
    return verdict.success is False or bool(verdict.failures)


def counted(verdicts: Sequence[SummaryVerdict]) -> list[SummaryVerdict]:
    """Return what counts of some files: the exposures, else the detectors, else whole files.

    What sums up others is one of them where it fails although none of the others does. An exposure
    that several files speak of counts once, and fails if any of them says so.
    """
    by_file: defaultdict[int, list[SummaryVerdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.success is not None:
            by_file[verdict.file].append(verdict)
    found: dict[tuple[str | None, str | None], SummaryVerdict] = {}
    for own in by_file.values():
        for verdict in _counted_of(own):
            known = found.setdefault((verdict.exposure, verdict.detector), verdict)
            if fails(verdict) and not fails(known):
                found[verdict.exposure, verdict.detector] = verdict
    # A file that does not say which exposure it is about may be about one that another names.
    named = any(one.exposure or one.detector for one in found.values())
    return [
        one for one in found.values() if one.exposure or one.detector or fails(one) or not named
    ]


def _counted_of(own: Sequence[SummaryVerdict]) -> list[SummaryVerdict]:
    """Return what counts of one file: its parts, of a file per exposure the exposure."""
    by_exposure = own[0].level == "exposure"
    first = [one for one in own if one.is_whole == by_exposure]
    others = [one for one in own if one.is_whole != by_exposure]
    if not first or not any(map(fails, first)):
        first += [one for one in others if not first or fails(one)]
    return first


def sentences(report: StageReport) -> Iterator[str]:
    """Say what the newest files say: how many exposures are good, and what they list."""
    parts = counted(newest(report))
    day = _days(report, parts)
    whole = [one for one in parts if _is_beside(one, parts)]
    parts = [one for one in parts if one not in whole]
    failed = [part for part in parts if part.success is False]
    if failed:
        verb = "is" if len(failed) == 1 else "are"
        of_all = f"{len(failed)} of {plural(len(parts), _noun(parts))}"
        yield f"{of_all} {verb} not successful on {day}{_listed(failed)}"
    elif parts:
        verb = "is" if len(parts) == 1 else "are"
        yield f"{plural(len(parts), _noun(parts))} {verb} successful on {day}"
    if whole:
        yield f"the file as a whole is not successful on {day}, though none of its parts says so"
    if odd := [part for part in parts if part.success and part.failures]:
        verb = "is" if len(odd) == 1 else "are"
        yield f"{plural(len(odd), _noun(odd))} {verb} successful on {day}{_despite(odd)}"


def unexplained(report: StageReport) -> Iterator[str]:
    """Say where the newest file per exposure or run has SUCCESS false and lists nothing."""
    found = [part for part in counted(newest(report)) if part.unexplained]
    if found:
        noun = _noun(found)
        where = "" if noun == "file" else f"for {plural(len(found), noun)} "
        yield f"{where}{UNEXPLAINED} ({report.axis.nights[last_night(report)]})"


def _days(report: StageReport, parts: Sequence[SummaryVerdict]) -> str:
    """Return the nights of some verdicts: ``2026-01-02``, ``2026-01-01 to 2026-01-02``."""
    days = sorted({report.axis.nights[one.night] for one in parts})
    return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else ""


def _is_beside(verdict: SummaryVerdict, parts: Sequence[SummaryVerdict]) -> bool:
    """Tell whether it is about a run of which other verdicts are about parts."""
    mates = [one for one in parts if one.file == verdict.file]
    return verdict.is_whole and verdict.level == "run" and len(mates) > 1


def _noun(parts: Sequence[SummaryVerdict]) -> str:
    nouns = {
        "detector" if one.detector is not None else "exposure" if one.exposure else "file"
        for one in parts
    }
    return nouns.pop() if len(nouns) == 1 else "part"


def _listed(failed: Sequence[SummaryVerdict]) -> str:
    tests = _tests(failed)
    return f", for {words.join(tests)}" if tests else ""


def _despite(odd: Sequence[SummaryVerdict]) -> str:
    return f" although the file lists {words.join(_tests(odd))}"


def _tests(parts: Sequence[SummaryVerdict]) -> list[str]:
    return sorted(Counter(failure.test for part in parts for failure in part.failures))
