"""The documentation says what the code does: commands, options, keys, links, files."""

from __future__ import annotations

import ast
import io
import pkgutil
import re
import tokenize
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


FILE = re.compile(r"(?:[\w.-]+/)*[\w-]+\.(?:py|js|css|html\.jinja)\b")
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|toml|yaml|yml|md|css|js))`")
BASES = ("", "reportgen", "site_templates", "site_templates/theme/assets")
"""Folders from which files of the program are named."""
WRITTEN = {"api/v1/names.js"}
"""What a build writes."""


def is_there(name: str, folder: Path = ROOT) -> bool:
    """Tell whether a file is there, from where files are named or beside the one that names it."""
    return name in WRITTEN or any(
        (base / name).exists() for base in (*(ROOT / base for base in BASES), folder)
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_files_that_are_named_exist(path: Path) -> None:
    """Each file of the program that a page names is there, from the root or below reportgen."""
    text = re.sub(r"new file,\s+`[^`]+`", "", path.read_text("utf-8"))
    assert [name for name in PATH.findall(text) if not is_there(name)] == []


MODULES = sorted((ROOT / "reportgen").rglob("*.py"))
SCRIPTS = [path for path in sorted((ROOT / "site_templates").rglob("*.*")) if path.suffix != ".svg"]


COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*|\{#.*?#\}", re.DOTALL)
"""In scripts, style sheets and templates."""


def remarks(path: Path) -> str:
    """Return what a file says to those who read it: docstrings and comments."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return "\n".join(COMMENT.findall(text))
    comments = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    ]
    alone = [
        node.value.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]
    return "\n".join([*comments, *filter(lambda one: isinstance(one, str), alone)])


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_code_names_exist(path: Path) -> None:
    """Each file that a docstring, a comment or the head of a script names is there."""
    named = FILE.findall(remarks(path))
    assert [name for name in named if not is_there(name, path.parent)] == []


TOP = {path.stem for path in (ROOT / "reportgen").iterdir()} - {"__init__", "__pycache__"}
DOTTED = re.compile(r"\breportgen(?:\.[A-Za-z_]\w*)+")
SHORT = re.compile(rf"(?<!`)`((?:{'|'.join(sorted(TOP))})(?:\.[A-Za-z_]\w*)+)`(?!`)")
"""Modules and what is in them, as docstrings name them: without the package."""
NO_MODULES = re.compile(r"reportgen\.(?:toml|css|js|svg)")


def leads_to_code(name: str) -> bool:
    """Tell whether a dotted name is that of a module, or of something in one."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_modules_that_are_named_exist(path: Path) -> None:
    """Each `reportgen.x.y` of a page can be imported."""
    named = set(DOTTED.findall(path.read_text("utf-8")))
    assert [n for n in sorted(named) if not NO_MODULES.match(n) and not leads_to_code(n)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_that_code_names_exist(path: Path) -> None:
    """Each dotted name of a module in docstrings and comments, also without the package, exists."""
    text = remarks(path)
    named = {*DOTTED.findall(text), *(f"reportgen.{name}" for name in SHORT.findall(text))}
    assert [n for n in sorted(named) if not NO_MODULES.match(n) and not leads_to_code(n)] == []


def test_every_type_of_source_is_documented() -> None:
    """Each type of source stands in the documentation."""
    assert [name for name in SOURCES if f"`{name}`" not in read("sources")] == []
