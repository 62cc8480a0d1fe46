from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from reportgen.config import load_config
from reportgen.sources import SOURCES, known_types, validate
from tests.sources.reading import read, write

DOCS = Path(__file__).resolve().parents[2] / "docs" / "sources.md"


def blocks(language: str) -> list[str]:
    """Return the code blocks of the documentation in one language."""
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def test_every_type_has_a_section_and_an_example():
    """Each type is in the table, has a section, and an example that validates."""
    text = DOCS.read_text(encoding="utf-8")
    for name in SOURCES:
        assert f"[`{name}`](#{name})" in text
        assert f"\n## {name}\n" in text
        assert f'\ntype = "{name}"\n' in text


@pytest.mark.parametrize("block", [b for b in blocks("toml") if "[[source]]" in b])
def test_examples_validate(tmp_path, block):
    """Each example is a configuration that can be used as it stands."""
    (tmp_path / "reportgen.toml").write_text(block)
    for source in load_config(tmp_path).source:
        validate(source)


def test_every_option_is_documented():
    """Each option of each type is named in the documentation."""
    text = DOCS.read_text(encoding="utf-8")
    for name, source in SOURCES.items():
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        for option in source.options.model_fields:
            assert f"`{option}`" in section, f"{name}: {option}"


def test_type_of_a_third_party(tmp_path, monkeypatch):
    """The example of a type of one's own works when it is installed, in at most 40 lines."""
    (code,) = blocks("python")
    assert len(code.splitlines()) <= 40
    (entry,) = (b for b in blocks("toml") if "entry-points" in b)
    points = tomllib.loads(entry)["project"]["entry-points"]["reportgen.sources"]
    (name,) = points
    write(tmp_path / "installed/nightly_seeing.py", code)
    info = tmp_path / "installed/nightly_seeing-1.0.dist-info"
    write(info / "METADATA", "Metadata-Version: 2.1\nName: nightly-seeing\nVersion: 1.0\n")
    write(info / "entry_points.txt", f"[reportgen.sources]\n{name} = {points[name]}\n")
    monkeypatch.syspath_prepend(str(tmp_path / "installed"))
    write(tmp_path / "nights/1.txt", "2026-10-05 0.71\n")
    write(tmp_path / "nights/2.txt", "2026-10-06 nan\n")
    write(tmp_path / "nights/3.txt", "2026-10-07\n")
    one, two, three = read(tmp_path, name, "nights", instrument="LATISS")
    assert one.measurements == [
        {
            "instrument": "LATISS",
            "date": "2026-10-05",
            "metric": "site.seeing",
            "value": 0.71,
            "reason": None,
            "unit": "arcsec",
        }
    ]
    assert two.measurements[0]["reason"] == "nan"
    assert three.reason == "no column 1"
    assert known_types()[name] == "from nightly-seeing"
