"""What the published site remembers."""

from __future__ import annotations

import json

import pytest

from reportgen.errors import PublishError
from reportgen.publish.manifest import (
    Edition,
    Manifest,
    PageNote,
    Record,
    Shared,
    Weight,
)
from reportgen.publish.versions import add_version, read_versions, write_switcher

FULL = Manifest(
    editions={
        "main": Edition(
            digest="d",
            generated="2021-08-26",
            revision=2,
            runs=1,
            weight=Weight(files=3, size=30, largest="v/main/a", largest_size=20),
        )
    },
    shared={"figures/a.svg": Shared(10, 1)},
    pages={"runs/a/b/": ["main"]},
    gone={"runs/a/c/": PageNote(title="a with c", date="2021-08-26", verdict="1 failed")},
    dropped=["w_2021_34"],
    redirects={"runs/a/d/": "runs/a/b/"},
    aliases={"latest": Weight(files=1, size=400)},
    owned={"index.html": "0123"},
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    """Nothing is lost, and the same content gives the same bytes."""
    again = Manifest.load(FULL.dump())
    assert again == FULL
    assert again.dump() == FULL.dump()
    assert Manifest.load(None) == Manifest()


def test_a_manifest_has_a_line_for_each_entry() -> None:
    """Git stores what changed, if an entry is a line."""
    assert '"figures/a.svg": [10, 1]' in FULL.dump().decode().splitlines()
    assert json.loads(FULL.dump())["pages"] == {"runs/a/b/": ["main"]}


def test_a_copy_can_be_changed() -> None:
    """Planning changes a copy, never what was read."""
    copy = FULL.copy()
    copy.pages["runs/a/b/"].append("w_1")
    copy.editions.clear()
    copy.dropped.append("w_2")
    assert Manifest.load(FULL.dump()) == FULL


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": 2}, "newer reportgen"),
        ({"pages": {"runs/../../x/": []}}, "no path of a page"),
        ({"gone": {"/etc/": {"title": "x"}}}, "no path of a page"),
        ({"redirects": {".git/": "runs/a/b/"}}, "no path of a page"),
        ({"shared": {"figures/a.svg": 1}}, "cannot be read"),
        ({"editions": []}, "cannot be read"),
    ],
)
def test_a_manifest_of_others_is_not_trusted(change: dict[str, object], words: str) -> None:
    """What somebody has written into it does not become a file elsewhere."""
    data = json.loads(FULL.dump()) | change
    with pytest.raises(PublishError, match=words):
        Manifest.load(json.dumps(data).encode())


def test_a_record_that_is_damaged() -> None:
    """The error names the file."""
    record = Record(pages={"runs/a/b/": PageNote(title="x")}, shared=("figures/a.svg",))
    assert Record.load(record.dump(), "main") == record
    with pytest.raises(PublishError, match="main"):
        Record.load(b'{"pages": []}', "main")


@pytest.mark.parametrize("content", [b"{", b'[{"title": "x"}]', b'[{"version": "../x"}]', b"[1]"])
def test_versions_that_are_damaged(content: bytes) -> None:
    """Nothing is written over a list of versions that cannot be read."""
    with pytest.raises(PublishError, match=r"versions.json|name of an edition"):
        read_versions(content)


def test_the_switcher_names_whole_addresses() -> None:
    """As on lsst.io: name, version, address, and which one is preferred."""
    versions = add_version(add_version({}, "w_2021_34", []), "main", [])
    switcher = write_switcher(versions, default="main", url="https://x.org/m/")
    assert json.loads(switcher) == [
        {"name": "main", "version": "main", "url": "https://x.org/m/v/main/", "preferred": True},
        {
            "name": "w_2021_34",
            "version": "w_2021_34",
            "url": "https://x.org/m/v/w_2021_34/",
            "preferred": False,
        },
    ]
