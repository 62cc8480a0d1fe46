from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportgen.definitions.notes import Note, read_notes
from reportgen.definitions.problems import Problems
from tests.definitions.folders import write_files


def _read(folder: Path) -> tuple[list[Note], tuple[str, ...]]:
    problems = Problems()
    return list(read_notes(folder, None, problems)), problems.all()


def test_a_note_is_its_front_matter_and_its_body(tmp_path):
    """Front matter gives the fields, the rest is handed on as text, raw HTML included."""
    files = {
        "2021/august.md": """\
            ---
            run: hsc-rc2/w_2021_34
            metric: [validate_drp.TE1, validate_drp.TE2]
            date: 2021-08-27
            author: Ada
            title: "Ellipticities: what changed"
            ---
            # Heading

            <script>alert(1)</script> **bold**
            ---
            """,
        "plain.md": "No front matter.\n\n# A heading #\n",
        "bare.md": "---\n---\ntext",
        "windows.md": "---\r\ntitle: Windows\r\ndate: '2021-08-27'\r\n---\r\ntext\r\n",
        "rule.md": "---\nnot closed",
        "ignored.txt": "not a note",
    }
    found, problems = _read(write_files(tmp_path / "notes", files))
    assert problems == ()
    assert found == [
        Note(
            path="2021/august.md",
            title="Ellipticities: what changed",
            body="# Heading\n\n<script>alert(1)</script> **bold**\n---\n",
            runs=("hsc-rc2/w_2021_34",),
            metrics=("validate_drp.TE1", "validate_drp.TE2"),
            date=date(2021, 8, 27),
            author="Ada",
        ),
        Note(path="bare.md", title="bare", body="text"),
        Note(path="plain.md", title="A heading", body="No front matter.\n\n# A heading #\n"),
        Note(path="rule.md", title="rule", body="---\nnot closed"),
        Note(path="windows.md", title="Windows", body="text\n", date=date(2021, 8, 27)),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("---\ntitle: [a\n---\n", "notes/bad.md, line 3, column 1: not valid YAML"),
        ("---\ntitle: !!python/name:os.system\n---\n", "notes/bad.md, line 2, column 8: not valid"),
        ("---\ntitle: 5\n---\n", "notes/bad.md: title is 5; it has to be text"),
        ("---\nrun: [[a]]\n---\n", "notes/bad.md: run is a list; it has to be text"),
        ("---\ndate: soon\n---\n", "notes/bad.md: date is 'soon'; write 2026-03-05."),
        ("---\n- a\n---\n", "notes/bad.md: it is a list; it has to be a mapping of run, metric"),
    ],
)
def test_a_wrong_note_is_a_problem(tmp_path, text, problem):
    """A note with front matter that cannot be used is named and left out."""
    folder = write_files(tmp_path / "notes", {"bad.md": text, "good.md": "text"})
    found, problems = _read(folder)
    assert [note.path for note in found] == ["good.md"]
    (sentence,) = problems
    assert sentence.startswith(problem)


def test_an_unknown_key_is_said_and_the_note_is_used(tmp_path):
    """A misspelt key is named with the allowed ones; the note itself is still shown."""
    folder = write_files(tmp_path / "notes", {"a.md": "---\nmetrics: a\ntitle: A\n---\n"})
    found, problems = _read(folder)
    assert [note.title for note in found] == ["A"]
    allowed = "run, metric, instrument, stage, exposure, date, author, title"
    assert problems == (f"notes/a.md, metrics: unknown key; allowed: {allowed}.",)


def test_a_link_out_of_the_folder_is_not_published(tmp_path):
    """A symbolic link to a file elsewhere is named and left out."""
    folder = write_files(tmp_path / "notes", {"a.md": "text"})
    write_files(tmp_path, {"secret.md": "secret"})
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / "inside.md").symlink_to(folder / "a.md")
    found, problems = _read(folder)
    assert [note.path for note in found] == ["a.md", "inside.md"]
    assert problems == ("notes/link.md: it is a link that leads out of the folder of notes.",)


def test_a_note_can_be_about_calibrations(tmp_path):
    """Instrument, stage and exposures are read; an exposure may be written as a number."""
    text = """\
        ---
        instrument: LATISS
        stage: Bias
        exposure: [2021052500015, "2021052500016"]
        ---
        Left out: the shutter was open.
        """
    ((note,), problems) = _read(write_files(tmp_path / "notes", {"a.md": text}))
    assert problems == ()
    assert (note.instruments, note.stages) == (("LATISS",), ("bias",))
    assert note.exposures == ("2021052500015", "2021052500016")


def test_no_folder_is_no_notes(tmp_path):
    """A report without notes has none."""
    assert _read(tmp_path / "notes") == ([], ())
