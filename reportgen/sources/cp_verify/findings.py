"""What one file of cp_verify says: statistics as measurements, verdicts as tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reportgen.errors import UnreadableError
from reportgen.model.bundle import Row, Unreadable
from reportgen.sources.cp_verify import names, places
from reportgen.sources.measured import Stored, measurement_row, shown
from reportgen.sources.texts import iso_date
from reportgen.sources.values import clean_text, number

PACKAGE = "cp_verify"
MAX_PLACE = 200
"""Characters of a place that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known before a file is opened, or follows from its configuration."""

    stage: str
    level: names.Level
    base: Mapping[str, Any]
    """Data ID, date and the like that all its rows share."""
    detector_given: bool = False
    """The configuration names the one detector that this file is about."""
    detectors: Mapping[str, str] = field(default_factory=dict)
    """Numbers of detectors by name."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Units by statistic, with or without stage; ``*`` for all others."""
    package: str = PACKAGE

    @property
    def instrument(self) -> str:
        """The camera."""
        return str(self.base["instrument"])


@dataclass(slots=True, kw_only=True)
class Findings:
    """Collects the rows of one file."""

    origin: str
    setting: Setting
    measurements: list[Row] = field(default_factory=list)
    tests: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    faults: list[Unreadable] = field(default_factory=list)
    """Entries that are no mappings."""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """Statistics that are words, such as PTC_FIT_TYPE: they explain jumps of the others."""
    _named: set[str] = field(default_factory=set)
    _no_number: dict[str, None] = field(default_factory=dict)
    """Statistics that are lists, objects or truth values, in order."""

    def measure(
        self, statistic: str, raw: Any, place: Mapping[str, str | None], stored_as: str = ""
    ) -> None:
        """Add one statistic; lists, objects and truth values are no measurements, but remembered.

        Parameters
        ----------
        place
            Dimensions beyond those of the file; None takes one of the file's away.
        stored_as
            The key in the file, where it differs from the name of the statistic.
        """
        if isinstance(raw, list | dict | bool):
            self._no_number[statistic] = None
            return
        if isinstance(raw, str) and number(raw).unreadable:
            self._note_text(statistic, raw)
            return
        stored = Stored(
            metric=f"{self.setting.package}.{statistic}",
            value=raw,
            unit=self._unit(statistic),
            notes={"stored_as": stored_as} if stored_as else {},
        )
        self.measurements.append(measurement_row(self._base(place), stored, self.remarks))

    def judge(self, test: str, verdict: Any, place: Mapping[str, str | None], level: str) -> None:
        """Add one verdict as the file states it; a verdict that is none is remarked on."""
        if not isinstance(verdict, bool):
            self.remarks.append(f"The test {test} has no verdict but {shown(verdict)}; left out.")
            return
        today = names.test(self.setting.stage, test)
        if today != test:
            self.remark(f"The test {test} is called {today} as in later files.")
        row = self._base(place)
        row.pop("producer", None)
        row |= {"stage": self.setting.stage, "level": str(level), "test": today, "passed": verdict}
        self.tests.append(row)

    def remark(self, text: str) -> None:
        """Note what was odd but could be read."""
        if text not in self.remarks:
            self.remarks.append(text)

    def mappings(self, entries: Any, place: str) -> Iterator[tuple[str, Mapping[Any, Any]]]:
        """Yield the entries of a block by name; one that is no mapping is a fault at its place."""
        for key, one in (entries if isinstance(entries, dict) else {}).items():
            if isinstance(one, dict):
                yield str(key), one
            else:
                self.misshapen(f"{place}{key}", one)

    def misshapen(self, place: str, entry: Any) -> None:
        """Note an entry that is no mapping."""
        reason = f"the entry {_shape(entry)}; the others of its file are read"
        self.faults.append(
            Unreadable(origin=self.origin, reason=reason, place=clean_text(place[:MAX_PLACE]))
        )

    def set_mjd(self, raw: Any) -> None:
        """Take the time of the exposure (MJD, days) from the file, if nothing else gives it."""
        mjd = number(raw).value
        if mjd is not None:
            self.setting = replace(self.setting, base={"mjd": mjd, **self.setting.base})

    def remark_on_left_out(self) -> None:
        """Name the statistics that could not become measurements."""
        if self._no_number:
            names = ", ".join(map(clean_text, self._no_number))
            self.remark(f"Lists, objects and truth values are no statistics; left out: {names}.")

    def words(self) -> dict[str, str]:
        """Return the statistics that are words; several where amplifiers differ."""
        return {name: ", ".join(known) for name, known in self.texts.items()}

    def date(self) -> str | None:
        """Return the latest day that a row is about."""
        return max(
            (row["date"] for row in (*self.measurements, *self.tests) if "date" in row),
            default=None,
        )

    def date_the_whole(self) -> None:
        """Give rows about the file as a whole the latest day that its other rows are about."""
        if day := self.date():
            self.measurements = [{"date": day, **row} for row in self.measurements]
            self.tests = [{"date": day, **row} for row in self.tests]

    def detector(self, name: str) -> str:
        """Return the number of a detector that the file names.

        Raises
        ------
        UnreadableError
            If the configuration allows one detector and the file reports on several.
        """
        setting = self.setting
        if not setting.detector_given:
            return places.detector_number(name, setting.instrument, setting.detectors)
        self._named.add(name)
        if len(self._named) > 1:
            raise UnreadableError(
                self.origin,
                f"`detector` is configured as one, but the file reports on {_listed(self._named)}:"
                " leave it out, or give their numbers in `detectors`.",
            )
        return str(setting.base["detector"])

    def _base(self, place: Mapping[str, str | None]) -> dict[str, Any]:
        row = {k: v for k, v in {**self.setting.base, **place}.items() if v is not None}
        day = places.day_obs(self.setting.instrument, row.get("exposure"))
        if day is not None and (date := iso_date(day)):
            row.setdefault("day_obs", day)
            row.setdefault("date", date)
        return row

    def _unit(self, statistic: str) -> str | None:
        units = self.setting.units
        short = statistic.partition("_")[2]
        return units.get(statistic, units.get(short, units.get("*")))

    def _note_text(self, statistic: str, text: str) -> None:
        known = self.texts.setdefault(statistic, [])
        if text not in known:
            known.append(text)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


def _shape(entry: Any) -> str:
    return "is empty" if entry is None else f"is no mapping but {shown(entry)}"
