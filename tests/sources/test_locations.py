from __future__ import annotations

import os

import pytest

from reportgen.model.bundle import Unreadable
from reportgen.sources.files import find_files
from tests.sources.reading import make_config, write

TREE = (
    "a/1/x.json",
    "a/1/x.json.gz",
    "a/1/y.txt",
    "a/2/deep/z.json",
    "a/.hidden/h.json",
    "a/10.json",
    "a/9.json",
    "b/[odd].json",
    "b/butler.yaml",
    "b/c.yaml",
)


@pytest.fixture
def tree(tmp_path):
    """Write a folder with a few files."""
    for name in TREE:
        write(tmp_path / name, name)
    return tmp_path


def origins(tree, location, suffixes=(".json",)):
    """Return the origins of the files of a location, in the order in which they come."""
    found = find_files(make_config(tree, "verify-json", location), suffixes)
    return [one.origin for one in found]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("a/9.json", ["a/9.json"]),
        ("a", ["a/1/x.json", "a/1/x.json.gz", "a/10.json", "a/2/deep/z.json", "a/9.json"]),
        ("a/*.json", ["a/10.json", "a/9.json"]),
        ("a/*/*.json", ["a/1/x.json"]),
        ("a/**/*.json", ["a/1/x.json", "a/10.json", "a/2/deep/z.json", "a/9.json"]),
        ("**/z.json", ["a/2/deep/z.json"]),
        (
            "a/**",
            [
                "a/1/x.json",
                "a/1/x.json.gz",
                "a/1/y.txt",
                "a/10.json",
                "a/2/deep/z.json",
                "a/9.json",
            ],
        ),
        ("a/[0-8]*.json", ["a/10.json"]),
        ("a/[!1]*.json", ["a/9.json"]),
        ("a/?.json", ["a/9.json"]),
        ("?/1/x.*", ["a/1/x.json", "a/1/x.json.gz"]),
        ("b/[odd].json", ["b/[odd].json"]),
        ("./a/../a/9.json", ["a/9.json"]),
        ("nowhere/*.json", []),
        ("nowhere", []),
    ],
)
def test_locations(tree, location, expected):
    """A path, a folder and a glob give their files in order of name, hidden ones left out."""
    assert origins(tree, location) == expected


def test_folder_of_a_butler(tree):
    """The configuration of a Butler lies among results by design."""
    assert origins(tree, "b", (".yaml",)) == ["b/c.yaml"]


def test_absolute_locations_are_named_relative(tree):
    """No absolute path appears in an origin, also outside of the folder of the configuration."""
    config = make_config(tree / "a" / "1", "verify-json", str(tree / "a" / "9.json"))
    assert [one.origin for one in find_files(config, ())] == ["../9.json"]
    config = make_config(tree, "verify-json", f"file://{tree}/a/*.json")
    assert [one.origin for one in find_files(config, ())] == ["a/10.json", "a/9.json"]


def test_circle_of_links(tree):
    """Links that lead back into their own folder end the walk."""
    (tree / "a" / "1" / "loop").symlink_to(tree / "a")
    assert origins(tree, "a/**/x.json") == ["a/1/x.json"]


def test_linked_folder(tree):
    """A linked folder is walked like any other."""
    (tree / "link").symlink_to(tree / "a" / "2")
    assert origins(tree, "link/**/*.json") == ["link/deep/z.json"]


def test_broken_link(tree):
    """A link to a file that is gone is a lost result, and named."""
    (tree / "a" / "0.json").symlink_to(tree / "gone.json")
    found = list(find_files(make_config(tree, "verify-json", "a/*.json"), ()))
    assert found[0].origin == "a/0.json"
    assert found[0].reason.startswith("is a link to a file that does not exist; bring")
    assert len(found) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list any folder")
def test_forbidden_folder(tree):
    """A folder that may not be listed is named, and everything else goes on."""
    (tree / "a" / "1").chmod(0)
    found = list(find_files(make_config(tree, "verify-json", "a/**/*.json"), ()))
    (tree / "a" / "1").chmod(0o755)
    assert found[0] == Unreadable(origin="a/1", reason="cannot be listed: Permission denied")
    assert len(found) == 4


def test_special_files_are_no_results(tree):
    """A pipe is not opened: that would wait for ever."""
    os.mkfifo(tree / "a" / "p.json")
    assert origins(tree, "a/p*.json") == []
