from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from reportgen import pipeline, sources
from reportgen.building.pulls import load_statuses
from reportgen.cli import app
from reportgen.config import load_config
from reportgen.errors import SourceError
from reportgen.model.pulls import PullStatus
from reportgen.pages.overview.source_ages import ages
from reportgen.terminal import Progress, estimate
from tests.sources.reading import write

CONFIG = """
[[source]]
name = "down"
type = "table"
location = "https://127.0.0.1:9/{secret}.csv"
dataset = "CI"
release = "w_2026_01"

[[source]]
name = "up"
type = "table"
location = "up.csv"
dataset = "HSC"
release = "w_2026_40"
"""


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Return a report with a source that is down, in front of one that can be read."""
    write(tmp_path / "reportgen.toml", CONFIG)
    write(tmp_path / "up.csv", "metric,value,unit\nx.A,1.0,mmag\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pull(*arguments: str):
    """Run `reportgen pull`."""
    return CliRunner().invoke(app, ["pull", *arguments])


def test_a_source_that_is_down_does_not_stop_the_others(report, monkeypatch):
    """It is named with its reason, exit code 2 under --strict, and the other one is stored."""

    def refuse(config, options, history):
        del config, options, history
        raise SourceError("down", "connection refused.", "Is the server running?")
        yield

    broken = sources.SourceType(description="", read=refuse, needs_location=False)
    monkeypatch.setitem(sources.SOURCES, "server", broken)
    write(report / "reportgen.toml", CONFIG.replace('type = "table"', 'type = "server"', 1))
    done = pull()
    assert done.exit_code == 0
    assert "up: 1 new" in done.output
    assert "Failed: down: down: connection refused. Is the server running?" in done.output
    assert pull("--strict").exit_code == 2
    found = json.loads(pull("--json").output)
    assert [one["error"] is None for one in found["sources"]] == [False, True]
    status = load_statuses(report / "build" / "cache")["down"]
    assert status.ended is None
    assert "refused" in (status.error or "")


def test_options_reach_the_pull(report):
    """--since skips, --full reads again, --dry-run leaves no trace."""
    assert json.loads(pull("up", "--dry-run", "--json").output)["sources"][0]["new"] == 1
    assert not list(report.glob("data/store/*/*/rev-*"))
    assert load_statuses(report / "build" / "cache") == {}
    assert "1 skipped" in pull("up", "--since", "2026-11-01").output
    assert load_statuses(report / "build" / "cache") == {}
    assert "up: 1 new" in pull("up").output
    full = pull("up", "--full").output
    assert "up: 0 new jobs, 1 known" in full
    assert "everything was read again" in full
    assert pull("up", "--since", "yesterday").exit_code == 2


def test_a_changed_configuration_is_said(report):
    """Who changes a field of a source sees its results again, and why."""
    pull("up")
    text = CONFIG.replace('dataset = "HSC"', 'dataset = "HSC"\ninstrument = "HSC"')
    write(report / "reportgen.toml", text)
    assert "up: 1 new job, 0 known, 0 unreadable; everything was read again" in pull("up").output
    assert "up: 0 new jobs, 1 known, 0 unreadable\n" in pull("up").output


def test_the_site_says_how_old_its_data_are(report):
    """The data page tells each source's last pull and newest result; the first page failures."""
    text = CONFIG[CONFIG.index('[[source]]\nname = "up"') :] + (
        '\n[[source]]\nname = "gone"\ntype = "table"\nlocation = "nowhere://x.csv"\n'
        'dataset = "CI"\nrelease = "w_2026_01"\n'
    )
    write(report / "reportgen.toml", text)
    assert CliRunner().invoke(app, ["init", "."]).exit_code in (0, 2)
    write(report / "reportgen.toml", text)
    config = load_config(report)
    pipeline.build(config, today=date(2026, 11, 1))
    data = (report / "site" / "data" / "index.html").read_text()
    assert "pulled 2026-11-01, newest result 2026-10-01" in data
    pipeline.build(config, today=date(2026, 11, 20), do_pull=False)
    first = (report / "site" / "index.html").read_text()
    assert "Not pulled for 19 days" in first


def test_ages():
    """Each source says what happened to it, in words, and what data there are."""
    statuses = {
        "fine": PullStatus(tried="2026-11-20", ended="2026-11-20"),
        "down": PullStatus(tried="2026-11-20", ended="2026-11-18", error="refused."),
        "never": PullStatus(tried="2026-11-20", error="refused"),
        "old": PullStatus(tried="2026-11-01", ended="2026-11-01"),
    }
    newest = {"fine": "2026-11-19", "down": "2026-11-17", "old": ""}
    found = ages(
        [*statuses, "other"], statuses, newest, today=date(2026, 11, 20), stale_after_days=None
    )
    failed = "The pull of 2026-11-20 failed: refused."
    assert [(one.state, one.text) for one in found] == [
        ("", "pulled 2026-11-20, newest result 2026-11-19"),
        (
            "error",
            f"{failed} Data: last read to its end 2026-11-18, newest result 2026-11-17.",
        ),
        (
            "error",
            f"{failed} Data: never read to its end, no result so far.",
        ),
        ("stale", "Not pulled for 19 days: pulled 2026-11-01, results without a date."),
        ("", "no result so far; when it was pulled is not known"),
    ]


def test_progress_in_lines(capsys):
    """Where nobody watches, a line every ten seconds tells count, rate and remaining time."""
    now = [0.0]
    progress = Progress(clock=lambda: now[0])
    with progress:
        for n in range(1, 26):
            now[0] = float(n)
            progress.count("server", n * 100, 10_000)
    assert capsys.readouterr().err.splitlines() == [
        "server: 1,100 of 10,000 results, 110 per second, 1 min 21 s left",
        "server: 2,100 of 10,000 results, 105 per second, 1 min 15 s left",
    ]
    assert estimate(5, None, 0.1) == "5 results"
    assert estimate(7200, 14400, 7200.0) == (
        "7,200 of 14,400 results, 1 per second, 2 h 00 min left"
    )
