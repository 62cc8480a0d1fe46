from __future__ import annotations

from importlib import metadata

import pytest

from reportgen import sources
from reportgen.config import SourceConfig
from reportgen.errors import ConfigError
from reportgen.sources import SOURCES, known_types, read_jobs, validate
from tests.sources.reading import make_config, read

PLUGIN = '''"""A source of somebody else."""

from reportgen.model.bundle import JobBundle
from reportgen.model.runs import RunKey
from reportgen.sources import Options, SourceType


class NightlyOptions(Options):
    nights: int = 1


def read(config, options, history):
    for night in range(options.nights):
        yield JobBundle(
            run=RunKey(dataset=config.name, release=f"night {night}"),
            origin=f"nightly/{night}",
            sha256="",
            measurements=[{"metric": "nightly.seeing", "value": 0.7, "unit": "arcsec"}],
        )


SOURCE = SourceType(
    description="Nightly seeing", read=read, options=NightlyOptions, needs_location=False
)
'''


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Install the distribution of a third party with two entry points."""
    (tmp_path / "nightly_source.py").write_text(PLUGIN)
    info = tmp_path / "nightly-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nightly\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[reportgen.sources]\n"
        "nightly = nightly_source:SOURCE\n"
        "broken = nightly_source:NOTHING\n"
        "wrong = nightly_source:read\n"
        "table = nightly_source:SOURCE\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("plugin")
def test_third_party(tmp_path):
    """A package with an entry point adds a type of source with options of its own."""
    found = read(tmp_path, "nightly", "", nights=2)
    assert [one.run.release for one in found] == ["night 0", "night 1"]
    assert known_types()["nightly"] == "from nightly"
    assert known_types()["table"] == SOURCES["table"].description


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize(
    ("type_", "problem"),
    [
        ("broken", "type = 'broken': nightly cannot be loaded"),
        ("wrong", "type = 'wrong': nightly_source:read is not a SourceType"),
    ],
)
def test_third_party_that_fails(tmp_path, type_, problem):
    """A type that cannot be loaded is an error that names who brought it."""
    with pytest.raises(ConfigError, match=problem):
        validate(make_config(tmp_path, type_, "x"))


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (
            {"type": "squash-json"},
            (
                "reportgen.toml: source 'x': type = 'squash-json': unknown; choose one of:"
                f" {', '.join(sorted(SOURCES))}"
            ),
        ),
        (
            {"type": "verify-json", "stage": "bias"},
            "reportgen.toml: source 'x': stage: unknown key; options of verify-json: none",
        ),
        (
            {"type": "cp-verify", "stages": "bias"},
            (
                "reportgen.toml: source 'x': stages: unknown key; options of cp-verify:"
                " stage, level, detectors, unit, units"
            ),
        ),
        (
            {"type": "table", "delimiter": ";;"},
            "reportgen.toml: source 'x': delimiter = ';;': String should have at most 1 character",
        ),
        (
            {"type": "json-map", "key": "sky"},
            (
                "reportgen.toml: source 'x': key = 'sky': not a dimension; choose one of:"
                " instrument, skymap, tract, patch, band, physical_filter, day_obs, visit,"
                " exposure, group, detector, amplifier"
            ),
        ),
        (
            {"type": "table", "value_columns": 1},
            "reportgen.toml: source 'x': value_columns = 1: Input should be a valid tuple",
        ),
        (
            {"type": "verify-json", "location": ""},
            "reportgen.toml: source 'x': location is missing: a path, a glob or a URL",
        ),
        (
            {"type": "verify-json", "release": {"column": "r"}},
            (
                "reportgen.toml: source 'x': columns: verify-json has no columns; use a constant or"
                " `pattern`"
            ),
        ),
        (
            {"type": "table", "release": {"meta": "r"}},
            "reportgen.toml: source 'x': release = {meta = …}: table has no metadata",
        ),
    ],
)
def test_configuration_errors(keys, sentence):
    """A wrong key names the source, the key, its value and the choices; nothing is read."""
    config = SourceConfig(**{"name": "x", "location": "*.json", **keys})
    with pytest.raises(ConfigError) as error:
        validate(config)
    assert str(error.value) == sentence
    with pytest.raises(ConfigError):
        read_jobs(config)


def test_every_type_is_described():
    """Each type of source has a line for people who choose one, and nothing else is built in."""
    assert all(one.description for one in SOURCES.values())
    assert metadata.EntryPoints is not None
    assert set(known_types()) >= set(SOURCES)
    assert sources.GROUP == "reportgen.sources"
