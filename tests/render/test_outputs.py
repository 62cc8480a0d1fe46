"""The docs folder holds what was made, and what people put there."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import SiteError
from reportgen.render import copy_folder
from reportgen.render.outputs import Outputs, RenderReport


def write(docs: Path, kind: str = "pages", **files: str) -> RenderReport:
    """Write files named by keyword, with ``__`` for a slash, as one kind of output."""
    with Outputs.open(docs, kind) as outputs:
        for name, text in files.items():
            outputs.write(name.replace("__", "/"), text.encode())
    return outputs.report


def tree(folder: Path) -> dict[str, str]:
    """Return the text of all files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_second_time_writes_nothing(tmp_path) -> None:
    """A file whose bytes stay the same is not touched."""
    docs = tmp_path / "docs"
    assert write(docs, a="1", sub__b="2") == RenderReport(written=["a", "sub/b"])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert write(docs, a="1", sub__b="2") == RenderReport(unchanged=["a", "sub/b"])
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_same_size_other_bytes(tmp_path) -> None:
    """A change that keeps the length of a file is a change."""
    write(tmp_path / "docs", a="1")
    report = write(tmp_path / "docs", a="2")
    assert report.written == ["a"]
    assert tree(tmp_path / "docs") == {"a": "2"}


def test_stale_files_go_and_own_files_stay(tmp_path) -> None:
    """What is no longer made is removed with its empty folders; people's files never are."""
    docs = tmp_path / "docs"
    write(docs, runs__old__index="1", runs__new__index="2")
    (docs / "runs" / "mine.md").write_text("mine")
    write(docs, runs__new__index="2")
    assert tree(docs) == {"runs/mine.md": "mine", "runs/new/index": "2"}
    assert not (docs / "runs" / "old").exists()


def test_kinds_do_not_remove_each_other(tmp_path) -> None:
    """Pages and documents are remembered apart."""
    docs = tmp_path / "docs"
    write(docs, "pages", a="1")
    write(docs, "documents", b="2")
    write(docs, "pages", c="3")
    assert tree(docs) == {"b": "2", "c": "3"}


def test_error_removes_nothing_and_forgets_nothing(tmp_path) -> None:
    """After a failed run everything is still there, and the next good run cleans up."""
    docs = tmp_path / "docs"
    write(docs, a="1")
    with pytest.raises(SiteError):
        write(docs, **{"b": "2", "..__c": "3"})
    assert tree(docs) == {"a": "1", "b": "2"}
    write(docs, c="3")
    assert tree(docs) == {"c": "3"}


def test_lost_or_broken_manifest_removes_nothing(tmp_path) -> None:
    """Without knowledge of what was made, nothing is taken for stale."""
    docs = tmp_path / "docs"
    write(docs, a="1")
    (tmp_path / "docs.manifest.json").write_text('["not", "a", "manifest"')
    write(docs, b="2")
    assert tree(docs) == {"a": "1", "b": "2"}


def test_no_temporary_file_stays(tmp_path) -> None:
    """Files are renamed into place and leave nothing beside them."""
    write(tmp_path / "docs", a="1")
    assert set(tree(tmp_path)) == {"docs/a", "docs.manifest.json"}


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "/etc/a",
        "a/../../b",
        "a//b",
        "",
        ".hidden",
        "a/.b",
        "a\\b",
        "a:b",
        "a\nb",
        "a\0",
        "b.",
        "x" * 201,
    ],
)
def test_paths_that_are_refused(tmp_path, path) -> None:
    """No name from outside leaves the folder, hides in it, or fails on another system."""
    with Outputs.open(tmp_path, "p") as outputs, pytest.raises(SiteError, match="cannot be the"):
        outputs.write(path, b"")


def test_two_of_one_name(tmp_path) -> None:
    """Two outputs with one name are an error that gives the name."""
    with Outputs.open(tmp_path, "p") as outputs:
        outputs.write("a/index.md", b"1")
        with pytest.raises(SiteError, match=r"both be a/index\.md"):
            outputs.write("a/index.md", b"1")


def test_copy_folder(tmp_path) -> None:
    """A folder of notes is mirrored without hidden files; what is gone goes."""
    notes, docs = tmp_path / "notes", tmp_path / "docs"
    for name in ("index.md", "2026/a note.md", ".git/config", "2026/.draft.md"):
        (notes / name).parent.mkdir(parents=True, exist_ok=True)
        (notes / name).write_text(name)
    copy_folder(notes, docs / "notes")
    expected = {"notes/2026/a note.md": "2026/a note.md", "notes/index.md": "index.md"}
    assert tree(docs) == expected
    (notes / "2026" / "a note.md").unlink()
    copy_folder(notes, docs / "notes")
    assert tree(docs) == {"notes/index.md": "index.md"}
    copy_folder(tmp_path / "nowhere", docs / "notes")
    assert tree(docs) == {}
