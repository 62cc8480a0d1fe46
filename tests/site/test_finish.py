"""What is left out of a site is what nobody needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.site.finish import short_script, trim_assets, trim_scripts
from reportgen.site.resources import theme_dir

LUNR = [
    "min/lunr.de.min.js",
    "min/lunr.fr.min.js",
    "min/lunr.ja.min.js",
    "min/lunr.multi.min.js",
    "min/lunr.stemmer.support.min.js",
    "tinyseg.js",
    "wordcut.js",
]


@pytest.fixture
def site(tmp_path) -> Path:
    """Assets as Material leaves them."""
    files = {
        "assets/javascripts/bundle.js": "x" * 400 + "\n//# sourceMappingURL=bundle.js.map\n",
        "assets/javascripts/bundle.js.map": "{}",
        "assets/stylesheets/main.css": "a{}/*# sourceMappingURL=main.css.map */",
        "assets/stylesheets/main.css.map": "{}",
        "assets/javascripts/own.js": "// sourceMappingURL is a word here\nx()",
        **{f"assets/javascripts/lunr/{name}": "x" for name in LUNR},
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_source_maps(site) -> None:
    """Source maps go, and with them the comments that name them; other bytes stay."""
    trim_assets(site, ["en"])
    assets = site / "assets"
    assert not list(assets.rglob("*.map"))
    assert (assets / "javascripts/bundle.js").read_text() == "x" * 400 + "\n"
    assert (assets / "stylesheets/main.css").read_text() == "a{}\n"
    assert (assets / "javascripts/own.js").read_text().endswith("x()")


@pytest.mark.parametrize(
    ("languages", "kept"),
    [
        (["en"], []),
        ([], []),
        (["en", "de"], ["lunr.de.min.js", "lunr.multi.min.js", "lunr.stemmer.support.min.js"]),
        (
            ["ja"],
            ["lunr.ja.min.js", "lunr.multi.min.js", "lunr.stemmer.support.min.js", "tinyseg.js"],
        ),
    ],
)
def test_languages(site, languages, kept) -> None:
    """Only what the languages of the search need stays."""
    trim_assets(site, languages)
    left = (site / "assets/javascripts/lunr").rglob("*.js")
    assert sorted(path.name for path in left) == kept


def test_site_without_assets(tmp_path) -> None:
    """Another theme may have none of these folders."""
    trim_assets(tmp_path, ["en"])


def test_own_scripts_are_shortened(tmp_path) -> None:
    """Scripts of the theme lose comments and white space; what people put there stays."""
    theme, site = tmp_path / "theme", tmp_path / "site"
    script = "/* What\n   it does. */\n(() => {\n  // Why.\n  go(1); // now\n})();\n"
    for folder in (theme, site):
        (folder / "assets").mkdir(parents=True)
        (folder / "assets" / "ours.js").write_text(script)
        (folder / "assets" / "theirs.js").write_text(script)
    (site / "assets" / "theirs.js").write_text("  theirs()\n")
    trim_scripts(site, theme)
    assert (site / "assets/ours.js").read_text() == "(()=>{go(1);})();"
    assert (site / "assets/theirs.js").read_text() == "  theirs()\n"


BUDGET = 20_000


@pytest.mark.parametrize("names", [["reportgen.js"], ["numbers.js", "figures.js"]])
def test_scripts_of_a_page_are_small(names: list[str]) -> None:
    """What every page loads of reportgen's own scripts, and what its figures need, is small."""
    assets = theme_dir() / "assets"
    loaded = [short_script((assets / name).read_bytes()) for name in names]
    assert sum(map(len, loaded)) < BUDGET
