"""Who may import whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import reportgen

PACKAGE = Path(reportgen.__file__).parent
LAYERS = (
    {"__main__"},
    {"cli"},
    {"terminal", "listing", "stopping", "publishing", "serving", "starter"},
    {"pipeline", "questions", "gating", "meeting"},
    {"building"},
    {"sources", "store", "analysis", "figures", "pages", "render", "site", "publish"},
    {"definitions"},
    {"config"},
    {"model", "workers"},
    {"errors"},
    {"deferred", "places", "safe_yaml"},
)
"""From the top down: a module imports from its own package and from lower layers only."""


def level(name: str) -> int:
    """Return how deep a top-level module or package lies."""
    return next(depth for depth, names in enumerate(LAYERS) if name in names)


def imports(path: Path) -> Iterator[str]:
    """Yield the parts of reportgen that a file imports, by the name below the package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "reportgen":
            yield from (alias.name for alias in node.names if not alias.name.startswith("_"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reportgen."):
            yield str(node.module).split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.split(".")[1] for alias in node.names if "reportgen." in alias.name
            )


def files() -> list[Path]:
    """Return every module of the package."""
    return sorted(
        path
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" or path.parent != PACKAGE
    )


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    """A module imports only from its own package or from lower layers; siblings never."""
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    wrong = [name for name in imports(path) if name != own and level(name) <= level(own)]
    assert wrong == []


def test_every_module_has_a_layer() -> None:
    """A new top-level module must be given its place."""
    found = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in files()}
    assert found - {"site_templates"} <= set().union(*LAYERS)


def test_the_page_on_architecture_names_every_layer() -> None:
    """Each module and package at the top has a place in the table of layers."""
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = {
        name
        for line in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", line)
    }
    assert set().union(*LAYERS) - named == {"__main__"}
