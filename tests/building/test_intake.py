from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import pytest

from reportgen import sources
from reportgen.building import pace
from reportgen.building.intake import Intake
from reportgen.building.pace import Pace
from reportgen.config import SourceConfig
from reportgen.errors import SourceError
from reportgen.model.bundle import Unreadable
from reportgen.sources import Expected, History, Options, Record, SourceType, Watermark
from reportgen.store import Store
from tests.factories import make_bundle, make_row
from tests.sources.reading import make_config, write

AS_EVER = MappingProxyType({})


@dataclass
class Server:
    """A source of numbered batches that can go away in front of one of them."""

    batches: int = 3
    gone: int | None = None
    asked: list[object] = field(default_factory=list)

    def read(self, config: SourceConfig, options: Options, history: History) -> Iterator[Record]:
        """Yield what follows the watermark, and one batch before it, as late arrivals need it."""
        del config, options
        self.asked.append(history.watermark)
        done = history.watermark or 0
        yield Expected(results=self.batches)
        for batch in range(max(0, done - 1), self.batches):
            yield make_bundle(f"batch-{batch}", measurements=[make_row(value=float(batch))])
            if batch == self.gone:
                raise SourceError("server", "connection reset")
            yield Watermark(value=batch + 1)


@pytest.fixture
def server(monkeypatch) -> Server:
    """Return the server that sources of the type ``numbers`` read."""
    found = Server()
    kind = SourceType(description="Numbers", read=found.read, needs_location=False, watermarks=True)
    monkeypatch.setitem(sources.SOURCES, "numbers", kind)
    return found


def pull(folder, how=AS_EVER, **options):
    """Pull the server once."""
    config = SourceConfig(name="server", type="numbers", **options)
    with Store(folder).writer() as writer:
        summary, _ = Intake(writer=writer, rename=lambda job: job, **how).pull(config, {})
        writer.commit()
    return summary


def values(folder) -> list[float]:
    """Return every stored value."""
    return sorted(Store(folder).measurements()["value"].to_pylist())


def test_a_source_goes_on_behind_its_watermark(tmp_path, server):
    """The second pull begins where the first ended; what is delivered again is known."""
    first = pull(tmp_path)
    assert (first.new, first.known, first.error) == (3, 0, None)
    server.batches = 5
    second = pull(tmp_path)
    assert (second.new, second.known) == (2, 1)
    assert server.asked == [None, 3]
    assert values(tmp_path) == [0, 1, 2, 3, 4]


def test_what_came_after_the_last_watermark_is_dropped_when_the_source_fails(tmp_path, server):
    """Data and watermark agree after a failure, and the next pull brings the rest once."""
    server.gone = 2
    failed = pull(tmp_path)
    assert failed.error == "server: connection reset"
    assert failed.new == 2
    assert values(tmp_path) == [0, 1]
    server.gone = None
    assert pull(tmp_path).error is None
    assert server.asked == [None, 2]
    assert values(tmp_path) == [0, 1, 2]


def test_a_watermark_counts_under_its_configuration_only(tmp_path, server):
    """After a change of the configuration the source is read from its beginning."""
    pull(tmp_path)
    pull(tmp_path, instrument="HSC")
    assert server.asked == [None, None]
    assert values(tmp_path) == [0, 1, 2]


def test_a_long_pull_commits_at_watermarks(tmp_path, server, monkeypatch):
    """A pull that dies keeps what was committed, and resumes there."""
    monkeypatch.setattr(pace, "ROWS", 4)
    server.batches = 100
    config = SourceConfig(name="server", type="numbers")
    seen: list[int] = []

    def die(_name: str, n: int, total: int | None) -> None:
        seen.append(n)
        assert total == 100
        if n == 75:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Store(tmp_path).writer() as writer:
        Intake(writer=writer, rename=lambda job: job, progress=die, pace=Pace()).pull(config, {})
    kept = values(tmp_path)
    assert 0.75 * 75 < len(kept) < 76
    assert kept == [float(n) for n in range(len(kept))]
    (run,) = Store(tmp_path).runs
    assert len(run.revisions) < 15
    pull(tmp_path)
    assert server.asked == [None, len(kept)]
    assert values(tmp_path) == [float(n) for n in range(100)]


def test_commits_of_a_long_pull_are_few():
    """A pull of a hundred million rows, or of a week, makes some thirty commits."""
    now = [0.0]
    by_rows, by_time = Pace(lambda: 0.0), Pace(lambda: now[0])
    commits = {by_rows: 0, by_time: 0}
    for _ in range(10_000):
        now[0] += 60.0
        for each, rows in ((by_rows, 10_000), (by_time, 1)):
            each.add(rows)
            if each.due():
                each.committed()
                commits[each] += 1
    assert 20 < commits[by_rows] < 40
    assert 20 < commits[by_time] < 50


def test_unreadable_results_are_listed(tmp_path, monkeypatch):
    """A result that cannot be read is listed, and the jobs beside it count."""

    def read(config, options, history):
        del config, options, history
        yield Unreadable(origin="broken", reason="cut", sha256="0" * 64)
        yield make_bundle("whole")

    monkeypatch.setitem(
        sources.SOURCES, "numbers", SourceType(description="", read=read, needs_location=False)
    )
    summary = pull(tmp_path)
    assert (summary.new, summary.unreadable) == (1, 1)
    assert [one["origin"] for one in Store(tmp_path).unreadable()] == ["broken"]


def test_a_changed_configuration_reads_everything_again(tmp_path, files):
    """Jobs that come out differently replace what is stored, once, and the rest stays."""
    first = files.pull()
    assert (first.new, first.known, first.again) == (2, 0, False)
    assert files.pull(instrument="HSC").new == 2
    assert Store(tmp_path).measurements()["instrument"].to_pylist() == ["HSC", "HSC"]
    before = files.stored()
    again = files.pull(instrument="HSC")
    assert (again.new, again.known, again.again) == (0, 2, False)
    assert files.stored() == before
    (run,) = Store(tmp_path).runs
    assert [(one.jobs, one.replaced) for one in run.revisions] == [(2, 0), (2, 2)]


def test_results_that_were_read_into_another_run_move(tmp_path, files):
    """After a change of the dataset nothing is counted twice, and the empty run is gone."""
    files.pull(dataset="HSC")
    files.pull(dataset="HSC RC2", collection="a")
    assert [run.id for run in Store(tmp_path).runs] == ["hsc-rc2/w_2026_40"]
    assert values(tmp_path) == [1.0, 2.0]
    files.pull(dataset="HSC", collection="b")
    (run,) = Store(tmp_path).runs
    assert (run.id, run.key.collection) == ("hsc/w_2026_40", "b")
    assert values(tmp_path) == [1.0, 2.0]


def test_full_reads_everything_and_stores_what_differs(files):
    """`--full` finds nothing new where nothing is, and changes no byte."""
    files.pull()
    before = files.stored()
    again = files.pull(how={"full": True})
    assert (again.new, again.known, again.again) == (0, 2, True)
    assert files.stored() == before


def test_a_re_reading_that_is_cut_off_goes_on(tmp_path, files):
    """What was read again before the end came stays, the rest follows, nothing is doubled."""
    files.pull()

    def die(_name, n, _total):
        if n == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.pull(how={"progress": die, "pace": Pace(lambda: next(files.ticks))}, instrument="HSC")
    assert sorted(Store(tmp_path).measurements()["instrument"].to_pylist(), key=str) == [
        "HSC",
        None,
    ]
    files.pull(instrument="HSC")
    assert Store(tmp_path).measurements()["instrument"].to_pylist() == ["HSC", "HSC"]
    assert values(tmp_path) == [1.0, 2.0]


def test_since_leaves_out_earlier_days(tmp_path, server, files):
    """Results before the day are skipped, and come with a later pull; no watermark moves."""
    found = files.pull(how={"since": date(2026, 10, 2)})  # w_2026_40 is the first of October
    assert (found.new, found.skipped) == (0, 2)
    assert files.pull().new == 2
    assert pull(tmp_path, how={"since": date(2021, 1, 1)}).new == 3
    pull(tmp_path)
    assert server.asked == [None, None]


def test_a_state_that_comes_back_counts(tmp_path, files):
    """A file that is changed and changed back has its first content again."""
    for value in (1.0, 5.0, 1.0, 5.0):
        files.write("1.csv", value)
        files.pull()
        assert values(tmp_path) == sorted([value, 2.0])


class Files:
    """Two tables with one value each, and the store that they are pulled into."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.ticks = iter(range(0, 100_000, 1000))
        self.write("1.csv", 1.0)
        self.write("2.csv", 2.0)

    def write(self, name: str, value: float) -> None:
        """Write a table."""
        write(self.folder / "tables" / name, f"metric,value,unit\nx.A,{value},mmag\n")

    def pull(self, how=AS_EVER, **options):
        """Pull the tables once."""
        config = make_config(self.folder, "table", "tables/*.csv", **options)
        with Store(self.folder).writer() as writer:
            intake = Intake(writer=writer, rename=lambda job: job, **how)
            summary, _ = intake.pull(config, {})
            writer.commit()
        return summary

    def stored(self) -> dict[str, bytes]:
        """Return every file of the store."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in paths if "tables" not in path.parts}


@pytest.fixture
def files(tmp_path) -> Files:
    """Return two tables and their store."""
    return Files(tmp_path)
