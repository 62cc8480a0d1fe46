"""Errors that a user can cause: each says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path


class ReportgenError(Exception):
    """Base of all expected errors: shown as one line, exit code 2, no traceback."""


class ConfigError(ReportgenError):
    """The configuration cannot be used."""

    def __init__(self, file: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{file}: " + "; ".join(self.problems))


class ConfigNotFoundError(ReportgenError):
    """There is no reportgen.toml where one was looked for."""

    def __init__(self, folder: str, above: str = "") -> None:
        remedy = "Run `reportgen init` there, or name one with --config."
        if above:
            remedy = f"There is one further up: --config {above}"
        super().__init__(f"No reportgen.toml in {folder}. {remedy}")


class NoSuchConfigError(ReportgenError):
    """What --config names is no file and no folder."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"--config {name}: {problem}. Name a reportgen.toml, or the folder that holds it."
        )


class UnreadableError(ReportgenError):
    """One stored result cannot be read; everything else goes on."""

    def __init__(self, origin: str, reason: str, place: str = "") -> None:
        self.origin = origin
        self.reason = reason
        self.place = place
        super().__init__(f"{origin}{f' ({place})' if place else ''}: {reason}")


class DefinitionError(ReportgenError):
    """A file of definitions (metrics, specifications, overrides, triage) is wrong."""

    def __init__(self, file: str, place: str, problem: str, remedy: str = "") -> None:
        self.file = file
        self.place = place
        where = f"{file}, {place}" if place else file
        super().__init__(f"{where}: {problem}{f' {remedy}' if remedy else ''}")


def unreadable(file: str, error: OSError) -> DefinitionError:
    """Return what is wrong where a file of definitions cannot be read."""
    if isinstance(error, FileNotFoundError):
        return DefinitionError(file, "", "there is no such file.", "Correct the configuration.")
    return DefinitionError(file, "", f"cannot be read: {error.strerror}.")


class UnitConversionError(ReportgenError):
    """A value cannot be expressed in the unit of its limit."""

    def __init__(self, value_unit: str | None, limit_unit: str) -> None:
        given = "an unknown unit" if value_unit is None else repr(value_unit or "dimensionless")
        super().__init__(
            f"A value in {given} cannot be compared with a limit in"
            f" {limit_unit or 'dimensionless'!r}."
            " State the right unit in the overrides, with a reason."
        )


class NoDataError(ReportgenError):
    """The store holds nothing."""

    def __init__(self, store: str) -> None:
        super().__init__(f"No results are stored in {store}. Run `reportgen pull` first.")


class MissingDependencyError(ReportgenError):
    """A source or builder needs a package that is an optional extra."""

    def __init__(self, needed_for: str, extra: str) -> None:
        super().__init__(f"{needed_for} needs an extra: pip install 'reportgen[{extra}]'.")


class UnknownNameError(ReportgenError):
    """A name given by the user is not among the known ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        choices = sorted(known)
        if near := _near(name, choices):
            meant = " or ".join([", ".join(near[:-1]), near[-1]] if near[1:] else near)
            super().__init__(f"No {kind} named {name!r}. Did you mean {meant}?")
            return
        shown = ", ".join(choices[:12]) + (", …" if len(choices) > 12 else "")
        super().__init__(f"No {kind} named {name!r}. Known: {shown or 'none'}.")


def _near(name: str, choices: Sequence[str]) -> list[str]:
    """Return choices that look like a name, or whose last part does: `PA1` of a package."""
    spelled: dict[str, str] = {}
    for choice in choices:
        for spelling in (choice, choice.rpartition("/")[2], choice.rpartition(".")[2]):
            spelled.setdefault(spelling.lower(), choice)
    begin = [one for one in spelled if len(name) > 2 and one.startswith(name.lower())]
    near = begin or get_close_matches(name.lower(), spelled, n=3, cutoff=0.75)
    return list(dict.fromkeys(spelled[one] for one in near))[:3]


class RunCollisionError(ReportgenError):
    """Two different runs would have the same address."""

    def __init__(self, slug: str, first: str, second: str, pattern: str = "") -> None:
        remedy = "Give them different `dataset` or `release` values in reportgen.toml."
        if pattern:
            remedy = f"Tell them apart in the [[source]] of reportgen.toml: pattern = '{pattern}'."
        super().__init__(f"Two runs would both be {slug}: {first} and {second}. {remedy}")


class LockedError(ReportgenError):
    """Another process is at work in a folder."""

    def __init__(self, folder: Path, work: str) -> None:
        self.folder = folder
        super().__init__(f"{work} {folder}/: wait until it has ended.")


class StoreLockedError(LockedError):
    """Another pull is writing to the store."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "Another pull is writing to")


class StoreDamagedError(ReportgenError):
    """A file of the store cannot be read."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The store cannot be read: {problem}. Bring that file back as it was (`git checkout`,"
            " if the store is kept in Git), or move it away, a folder rev-… as a whole, and run"
            " `reportgen pull --full`, which reads again what is missing."
        )


class BuildLockedError(LockedError):
    """Another build is at work in the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "Another build or publish is at work in")


class WorkerLostError(ReportgenError):
    """A process that shared the work was ended from outside."""

    def __init__(self, processes: int) -> None:
        super().__init__(
            f"One of {processes} processes was ended from outside, perhaps for want of memory:"
            " what it had done is kept; run it again with fewer --jobs."
        )


class SourceError(ReportgenError):
    """A source cannot be read any further; what it yielded before counts, other sources go on."""

    def __init__(self, where: str, problem: str, remedy: str = "") -> None:
        super().__init__(f"{where}: {problem}{f' {remedy}' if remedy else ''}")


class SiteError(ReportgenError):
    """The site could not be built, or strict mode found something wrong with it."""


class PublishError(ReportgenError):
    """A site could not be published; what was published before stays as it was."""
