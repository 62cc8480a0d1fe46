"""Meeting notes: the real command on a small store, its formats, and the block on run pages."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from reportgen import meeting, pipeline
from reportgen.cli import app
from reportgen.config import load_config
from reportgen.pages.meeting import compose
from reportgen.pages.meeting_formats import as_confluence, as_html, as_markdown
from tests.gate_store import KNOWN, QUIET, write_calibrations, write_report

TODAY = date(2026, 11, 22)
GOLDEN = Path(__file__).parent / "golden"
TRIAGE = (
    KNOWN
    + '[[issue]]\nmetric="PA1"\nowner="Grace"\nticket="DM-2"\nreason="a < b & *c*"\n'
    + "expires=2026-02-01\n"
    + '[[owner]]\nmetric="PA1"\nowner="Photometry group"\n'
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Write a report with news of every kind in its last run, and two notes."""
    root = write_report(
        tmp_path,
        {
            "g": [*QUIET, 8.0],
            "r": [*QUIET, 8.0],
            "i": [*QUIET[:9], 6.0, 4.1],
            "y": [*QUIET, None],
        },
        triage=TRIAGE,
    )
    write_calibrations(root, [(7.5, True), (7.5, True), (7.6, True), (9.9, False)])
    (root / "notes").mkdir()
    (root / "notes" / "old.md").write_text("---\ntitle: First\ndate: 2026-01-01\n---\ntext\n")
    (root / "notes" / "new.md").write_text("---\ntitle: Second\ndate: 2026-03-06\n---\ntext\n")
    pipeline.pull(load_config(root))
    return root


def composed(root: Path, run: str | None = None, since: date | None = None):
    """Return the text of the notes at a fixed day."""
    config = load_config(root)
    return compose(meeting.prepare(config, run, since, today=TODAY), config.site.url)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("notes.md", as_markdown),
        ("notes.confluence.xml", as_confluence),
        ("notes.html", as_html),
    ],
)
def test_notes_are_what_was_reviewed(report: Path, name: str, write) -> None:
    """All of the text, in each format, is that of the reviewed file."""
    file = GOLDEN / name
    assert write(composed(report, "hsc/w_2026_11")) == file.read_text(encoding="utf-8")


def test_confluence_is_well_formed(report: Path) -> None:
    """The storage format is XHTML with its own tasks; texts from outside stay text."""
    text = as_confluence(composed(report, "hsc/w_2026_11"))
    tree = ET.fromstring(f'<root xmlns:ac="urn:ac">{text}</root>')
    tasks = tree.findall(".//{urn:ac}task")
    assert tasks
    assert all(task.find("{urn:ac}task-status").text == "incomplete" for task in tasks)
    assert "a < b & *c*" in "".join(tree.itertext())


def titles(root: Path, **more) -> tuple[str, list[str]]:
    """Return the title of the notes, and the runs they name."""
    text = composed(root, **more)
    runs = [item.name for section in text.sections[:1] for item in section.items]
    return text.title, runs


def test_runs_count_from_the_last_note_or_a_day(report: Path) -> None:
    """Without a day, runs after the newest note; without notes, the newest of each dataset."""
    assert titles(report) == (
        "Runs after 2026-03-06, the day of the last note (Second)",
        ["HSC w_2026_11"],
    )
    found = titles(report, since=date(2026, 3, 5))
    assert found == ("Runs since 2026-03-05", ["HSC w_2026_10", "HSC w_2026_11"])
    assert composed(report, since=date(2030, 1, 1)).remarks == ["No run."]
    for note in (report / "notes").iterdir():
        note.unlink()
    assert titles(report)[1] == ["HSC w_2026_11", "LATISS calibrations 2026-01-04"]


def test_without_an_address_nothing_is_linked(report: Path) -> None:
    """Where nobody says where the site is, the text says so and links nothing."""
    config = (report / "reportgen.toml").read_text()
    (report / "reportgen.toml").write_text(config.replace("https://example.org/metrics/", ""))
    text = as_markdown(composed(report, "hsc/w_2026_11"))
    assert "site.url" in text
    assert "](<" not in text


@pytest.mark.parametrize("form", ["markdown", "confluence", "html"])
def test_the_command_prints_it(report: Path, form: str) -> None:
    """The real command prints each format; --json has the same lines."""
    command = ["notes", "hsc/w_2026_11", "--config", str(report)]
    result = CliRunner().invoke(app, [*command, "--format", form])
    assert result.exit_code == 0, result.output
    assert "Newly failing" in result.output
    data = json.loads(CliRunner().invoke(app, [*command, "--json"]).output)
    assert data["sections"][-1]["title"] == "Action items"
    wrong = CliRunner().invoke(app, [*command, "--format", "word"])
    assert wrong.exit_code == 2


def test_the_page_of_a_run_has_the_same_text(report: Path) -> None:
    """What is copied from the page is what the command prints, and needs no script."""
    pipeline.build(load_config(report), today=TODAY)
    for run in ("hsc/w_2026_11", "latiss-calibrations/2026-01-04"):
        page = (report / "site" / "runs" / run / "index.html").read_text()
        field = re.search(r'<textarea[^>]*id="meeting-text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
        assert field is not None
        assert unescape(field[1]).strip() == as_markdown(composed(report, run)).strip()
