from __future__ import annotations

import os
from pathlib import Path

import pytest

from reportgen.config import FromColumn, FromMeta, load_config
from reportgen.errors import ConfigError, ConfigNotFoundError, NoSuchConfigError

SOURCE = """
[[source]]
name = "squash"
type = "verify-json"
location = "archive/*.json"
dataset = "CFHT"
release = { meta = "ci_label" }
columns = { band = "filter" }
pattern = '(?P<tract>\\d+)'
zero = "missing"
"""

RULE_WITH_REGEX = (
    r"^reportgen.toml: source\[1\]\.release = \{ regex = 'ci_label' \}: should be a value,"
    r' \{ meta = "key of the metadata" \} or \{ column = "name" \}$'
)


def load(folder: Path, text: str, name: str = "reportgen.toml") -> object:
    """Write a configuration and load it."""
    (folder / name).write_text(text, encoding="utf-8")
    return load_config(folder)


def test_fields_and_options_find_their_place(tmp_path: Path) -> None:
    """Run and data ID fields become rules; keys of the source type are kept for it."""
    (source,) = load(tmp_path, SOURCE).source  # type: ignore[attr-defined]
    assert dict(source.fields) == {"dataset": "CFHT", "release": FromMeta(meta="ci_label")}
    assert dict(source.columns) == {"band": "filter"}
    assert dict(source.options) == {"zero": "missing"}
    assert source.pattern.search("tract 9615")["tract"] == "9615"
    assert source.root == tmp_path


def test_pyproject_can_hold_the_configuration(tmp_path: Path) -> None:
    """[tool.reportgen] of pyproject.toml is a configuration, too."""
    config = load(tmp_path, '[tool.reportgen.site]\nname = "X"\n', "pyproject.toml")
    assert config.site.name == "X"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[site]\nnmae = 'x'", r"site\.nmae = 'x': unknown key; allowed: name, url, notes"),
        ("[site]\nrecent_runs = 0", r"site\.recent_runs = 0: .*greater than or equal to 1"),
        ("[sit]\nname = 'x'", "sit: unknown key; allowed: store, site, definitions, check, source"),
        ("[[source]]\ntype = 'x'", r"source\[1\]\.name: is needed"),
        (SOURCE.replace('"filter"', "3"), r"source\[1\]\.columns\.band = 3"),
        (SOURCE.replace("band =", "bnad ="), r"source\[1\]\.columns: unknown field bnad; allowed"),
        (SOURCE.replace("(?P<tract>", "("), None),
        (SOURCE.replace("'(?P<tract>", "'((?P<tract>"), r"source\[1\]\.pattern"),
        (SOURCE + SOURCE, "two sources are named squash"),
        ("a = [", "not valid TOML"),
        ("[site]\nname = 3", "site.name = 3: should be a text in quotes$"),
        ("[site]\nrecent_runs = 'a'", "site.recent_runs = 'a': should be a whole number$"),
        ("site = 'x'", "site = 'x': should be a table$"),
        ("source = 3", r"source = 3: should be a list, or tables headed \[\[…\]\]$"),
        (SOURCE.replace("meta =", "regex ="), RULE_WITH_REGEX),
        (SOURCE + "tract = [1]", r"^reportgen.toml: source\[1\]\.tract = \[1\]: should be a"),
        ("root = 'x'", "root: unknown key; allowed: store, site, definitions, check, source$"),
        (SOURCE + "root = '/x'", r"source\[1\]\.root: unknown key$"),
    ],
)
def test_mistake_names_file_key_and_choices(tmp_path: Path, text: str, message: str | None) -> None:
    """A mistake is answered with the file, the key, its value and what it may be."""
    if message is None:
        load(tmp_path, text)
        return
    with pytest.raises(ConfigError, match=message) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith("reportgen.toml: ")


def test_no_configuration_says_what_to_do(tmp_path: Path) -> None:
    """A folder without a configuration is answered with the command that makes one."""
    with pytest.raises(ConfigNotFoundError, match="reportgen init"):
        load_config(tmp_path)


def test_column_rule(tmp_path: Path) -> None:
    """A field can come from a column."""
    text = SOURCE.replace('{ meta = "ci_label" }', '{ column = "v" }')
    (source,) = load(tmp_path, text).source  # type: ignore[attr-defined]
    assert source.fields["release"] == FromColumn(column="v")


def test_a_folder_inside_a_report_is_told_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stands in a folder of a report gets the option that leads to it."""
    (tmp_path / "reportgen.toml").write_text("")
    inside = tmp_path / "data" / "night"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    with pytest.raises(ConfigNotFoundError, match=r"further up: --config \.\./\.\.$"):
        load_config()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nope.toml", r"--config .*nope\.toml: no such file or folder\. Name a reportgen\.toml"),
        ("link.toml", "a link to gone.toml, which is not there"),
        ("fifo", "neither a file nor a folder"),
    ],
)
def test_a_path_that_is_no_configuration(tmp_path: Path, name: str, message: str) -> None:
    """What --config names is told apart: not there, a link into nothing, something else."""
    (tmp_path / "link.toml").symlink_to("gone.toml")
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(NoSuchConfigError, match=message):
        load_config(tmp_path / name)


@pytest.mark.parametrize("text", ["[tool.other]", "tool = 1", "[tool]\nreportgen = 3"])
def test_pyproject_without_a_table_of_ours(tmp_path: Path, text: str) -> None:
    """One that is named, or has something else in that place, says which table is missing."""
    file = tmp_path / "pyproject.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"^pyproject.toml: .*table \[tool.reportgen\]"):
        load_config(file)


def test_encodings(tmp_path: Path) -> None:
    """A mark of the byte order, as Windows writes it, is read over; another encoding is named."""
    file = tmp_path / "reportgen.toml"
    file.write_bytes('[site]\nname = "é"'.encode("utf-8-sig"))
    assert load_config(file).site.name == "é"
    file.write_bytes('[site]\nname = "é"'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"reportgen.toml: not UTF-8 \(byte 16\); save it"):
        load_config(file)


def test_a_link_stands_where_it_lies(tmp_path: Path) -> None:
    """Reports that share a file by links have folders of their own, by whatever name it has."""
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "reportgen.toml").write_text(SOURCE)
    for name in ("reportgen.toml", "nightly.toml"):
        link = tmp_path / "nightly" / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(shared / "reportgen.toml")
        config = load_config(link)
        assert config.root == link.parent
        assert config.source[0].root == link.parent
        assert config.path(config.store) == link.parent / "data" / "store"
    (tmp_path / "folder").symlink_to("shared")
    assert load_config(tmp_path / "folder").root.resolve() == shared
