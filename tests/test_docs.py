"""The documentation says what the code does: commands, options, keys, links, files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel, ValidationError

from reportgen.cli import app
from reportgen.config import (
    FIELDS,
    CheckConfig,
    Config,
    DefinitionsConfig,
    SiteConfig,
    SourceConfig,
    load_config,
)
from reportgen.sources import SOURCES, validate

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def read(name: str) -> str:
    """Return a page of the documentation."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def rows(text: str) -> dict[str, list[str]]:
    """Return the cells of the lines of all tables in a text, by the names in their first cell."""
    found = {}
    for line in re.findall(r"^\|(.*)\|$", text, re.MULTILINE):
        first, *others = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
        found |= dict.fromkeys(re.findall(r"`(-*\w[\w-]*)", first), others)
    return found


def option_rows(command: str) -> dict[str, list[str]]:
    """Return the cells behind each option that the page documents for a command."""
    page = read("commands")
    heading = rf"^## `reportgen {command}\b.*?(?=^## |\Z)"
    section = "".join(re.findall(heading, page, re.MULTILINE | re.DOTALL))
    common = {
        name: cells
        for name, cells in rows(page.partition("\n## ")[0]).items()
        if cells[0].startswith("all") != (f"`{command}`" in cells[0])
    }
    return {k: v for k, v in (common | rows(section)).items() if k.startswith("--")}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_is_documented_with_its_default(command: str) -> None:
    """The page has each option of a command with its default, and no other."""
    options = {
        name: one.default
        for one in COMMANDS[command].params
        for name in (*one.opts, *one.secondary_opts)
        if name.startswith("--")
    }
    found = option_rows(command)
    assert found.keys() == options.keys() | {"--help"}
    stated = {k: v for k, v in options.items() if type(v) in {str, int}}
    for name, default in stated.items():
        cells = " ".join(found[name])
        assert f"`{default}`" in cells or "as for `publish`" in cells, name


def test_each_command_has_a_place() -> None:
    """Each command is on the page, by its name."""
    assert [name for name in COMMANDS if f"`reportgen {name}" not in read("commands")] == []


def key_tables() -> dict[str, dict[str, list[str]]]:
    """Return the documented keys of the configuration by the heading of their table."""
    tables = re.split(r"\n\n", read("configuration"))
    heads = {table: re.match(r"\| (.*?) \| type \| default \|", table) for table in tables}
    return {head[1].strip("`"): rows(table) for table, head in heads.items() if head}


MODELS: dict[str, type[BaseModel]] = {
    "[site]": SiteConfig,
    "[definitions]": DefinitionsConfig,
    "[check]": CheckConfig,
    "at the top of the file": Config,
    "[[source]]": SourceConfig,
}
NOT_KEYS = {"root", "file", "fields", "options", "site", "definitions", "check", "source"}
"""Parts of the models that hold no key, or whose keys have a table of their own."""
TYPES = {
    "text": "x",
    "number": 3,
    "list of texts": ["x"],
    "table": {"band": "x"},
    "true or false": True,
}
"""A value of each type, as the page names them."""
REQUIRED = {"name": "x", "type": "table"}


def test_every_section_of_the_configuration_has_a_table() -> None:
    """No section and no key of the configuration is without a line, and none is invented."""
    found = {head: set(table) for head, table in key_tables().items()}
    assert found == {head: set(model.model_fields) - NOT_KEYS for head, model in MODELS.items()}


@pytest.mark.parametrize("head", MODELS)
def test_keys_have_the_type_and_the_default_that_are_stated(head: str) -> None:
    """A value of the stated type is taken, one of another is not; the default is the stated one."""
    model = MODELS[head]
    given = {"file": "f", "root": "."} if model is Config else {}
    given |= REQUIRED if model is SourceConfig else {}
    empty = model.model_validate(given)
    for key, (kind, default, *words) in key_tables()[head].items():
        value = "fail" if '`"fail"`' in words[0] else TYPES[kind]
        model.model_validate(given | {key: value})
        wrong: Any = [[1]]
        with pytest.raises(ValidationError):
            model.model_validate(given | {key: wrong})
        assert stated(default) == plain(getattr(empty, key)) or default == "required", key


def stated(default: str) -> Any:
    """Return the default that a cell states; words stand for None."""
    return tomllib.loads(f"x = {default[1:-1]}")["x"] if default.startswith("`") else None


def plain(value: Any) -> Any:
    """Return a value as TOML would hold it."""
    return list(value) if isinstance(value, tuple) else value


def test_every_field_is_named() -> None:
    """Each field that a source can be told is in the documentation."""
    assert [name for name in FIELDS if f"`{name}`" not in read("configuration")] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_toml_is_a_configuration(path: Path, tmp_path: Path) -> None:
    """Each piece of a configuration that is shown can be used as it stands."""
    blocks = re.findall(
        r"^```toml(.*?)\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    for title, block in blocks:
        tomllib.loads(block)
        if not title or "reportgen.toml" in title:
            use(block, tmp_path)


def use(block: str, folder: Path) -> None:
    """Load a configuration, unless it is of a Python project."""
    if "[project" in block:
        return
    (folder / "reportgen.toml").write_text(block, encoding="utf-8")
    for source in load_config(folder).source:
        validate(source)


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in heads}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    """Each link to a file of the repository, and to a heading of a page, has its target."""
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        name, _, place = link.partition("#")
        if "://" in link:
            continue
        target = path.parent / name if name else path
        assert target.exists(), link
        assert not place or place in anchors(target), link


FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|toml|yaml|yml|md|css|js))`")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_files_that_are_named_exist(path: Path) -> None:
    """Each file of the program that a page names is there, from the root or below reportgen."""
    text = re.sub(r"new file,\s+`[^`]+`", "", path.read_text("utf-8"))
    named = FILE.findall(text)
    assert [
        n for n in named if not (ROOT / n).exists() and not (ROOT / "reportgen" / n).exists()
    ] == []


def test_every_type_of_source_is_documented() -> None:
    """Each type of source stands in the documentation."""
    assert [name for name in SOURCES if f"`{name}`" not in read("sources")] == []
