from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.sources.origins import is_url, quote, relative, scrub


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("s3://key:secret@bucket/a@b/*.json", "s3://bucket/a@b/*.json"),
        ("s3://key:se/cret@bucket/x", "s3://bucket/x"),
        ("s3://bucket/a@b", "s3://bucket/a@b"),
        ("s3://host:9000/a@b", "s3://host:9000/a@b"),
        ("https://u:p@host/x.json?token=1#part", "https://host/x.json"),
        ("zip://*.json::s3://u:p@b/x.zip", "zip://*.json::s3://b/x.zip"),
        ("zip://*.json::/data/x.zip", "zip://*.json::x.zip"),
        ("file:///data/jobs/*.json", "jobs/*.json"),
        ("/data/jobs", "jobs"),
        ("jobs/*.json", "jobs/*.json"),
    ],
)
def test_scrub(location, shown):
    """What is shown of a location has no user, password, query or absolute path."""
    assert scrub(location, Path("/data")) == shown


def test_relative():
    """A place outside of the folder of the configuration is named with dots."""
    assert relative("/data/a/b.json", Path("/data/site")) == "../a/b.json"


def test_quote():
    """The number sign is kept for jobs in a file; names that are not text are made so."""
    assert quote("a#1.json") == "a%231.json"
    assert quote("caf\udce9.json") == "caf�.json"


def test_local_urls_are_paths():
    """A file:// URL is read like a path, without fsspec."""
    assert not is_url("file:///data/*.json")
    assert is_url("memory://data/*.json")
    assert is_url("zip://*.json::data/x.zip")
