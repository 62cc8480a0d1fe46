from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from reportgen.figures import draw_figures, figure_name, files, plan_figure, prune_figures
from reportgen.figures.kinds import DRAW
from reportgen.figures.sizes import _SIZES
from reportgen.figures.studio import draw_batch
from reportgen.model import figures as requests
from tests.figures.cases import make_history, make_map, make_scatter, make_series

ROOT = Path(__file__).resolve().parents[2]


def three():
    """Return three requests of three kinds."""
    return [make_history(), make_map(), make_scatter((1, 2), (1, 3))]


def contents(folder):
    """Return all files with their bytes."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_each_request_becomes_an_svg_and_a_png(tmp_path):
    """The files are named as pages were told, and no other file is left behind."""
    assert draw_figures(three(), tmp_path / "figures") == 3
    planned = [plan_figure(request) for request in three()]
    expected = {Path(path).name for file in planned for path in (file.svg, file.png)}
    assert {file.name for file in (tmp_path / "figures").iterdir()} == expected


def test_planned_size_is_the_size_of_the_file(tmp_path):
    """Pages reserve the right room before the figure is there."""
    draw_figures(three(), tmp_path)
    for request in three():
        file = plan_figure(request)
        head = (tmp_path / f"{file.name}.svg").read_text()[:200]
        assert f'width="{file.width}" height="{file.height}"' in head


def test_what_is_there_is_not_drawn_again(tmp_path):
    """A second build draws nothing and changes no file."""
    draw_figures(three(), tmp_path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert draw_figures(three(), tmp_path) == 0
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before


def test_half_a_figure_is_drawn_again(tmp_path):
    """A figure whose PNG is lost gets both files again."""
    draw_figures(three()[:1], tmp_path)
    (tmp_path / f"{figure_name(three()[0])}.png").unlink()
    assert draw_figures(three()[:1], tmp_path) == 1
    assert len(list(tmp_path.iterdir())) == 2


def test_same_request_twice_is_one_figure(tmp_path):
    """Pages that show the same figure share its files."""
    assert draw_figures([make_history(), make_history()], tmp_path) == 1


def test_processes_draw_the_same_bytes(tmp_path, monkeypatch):
    """Work shared by two processes gives the files of one."""
    monkeypatch.setattr(files, "SHARE", 3)
    monkeypatch.setattr(files, "BATCH", 2)
    many = [make_history(title=f"metric {number}") for number in range(6)]
    draw_figures(many, tmp_path / "one")
    assert draw_figures(many, tmp_path / "two", jobs=2) == 6
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_files_depend_on_nothing_but_the_request(tmp_path):
    """Another process with other hashing, other settings and another day: the same bytes."""
    draw_figures(three(), tmp_path / "here")
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "matplotlibrc").write_text("lines.linewidth: 9\nfont.family: monospace\n")
    code = (
        "import sys, pathlib; from tests.figures.test_files import three;"
        "from reportgen.figures import draw_figures;"
        "draw_figures(reversed(three()), pathlib.Path(sys.argv[1]))"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "7",
        "MPLCONFIGDIR": str(settings),
        "MATPLOTLIBRC": str(settings),
        "SOURCE_DATE_EPOCH": "1",
    }
    command = [sys.executable, "-c", code, str(tmp_path / "there")]
    subprocess.run(command, check=True, env=environment, cwd=ROOT)
    assert contents(tmp_path / "here") == contents(tmp_path / "there")


def test_one_figure_leaves_no_trace_in_the_next(tmp_path):
    """A sheet that is used again is as good as new."""
    request = make_history(make_series("g", (1.0, 2.0)))
    draw_batch({figure_name(request): request}, tmp_path)
    alone = contents(tmp_path)
    draw_batch({name: one for one in (*three(), request) if (name := figure_name(one))}, tmp_path)
    after = contents(tmp_path)
    assert {name: after[name] for name in alone} == alone


def test_settings_of_the_caller_stay(tmp_path):
    """Drawing does not change how the caller's own figures look."""
    with mpl.rc_context({"lines.linewidth": 7.0}):
        draw_batch({"a": make_history()}, tmp_path)
        assert mpl.rcParams["lines.linewidth"] == 7.0


def test_failed_figure_leaves_no_file(tmp_path):
    """An error in the middle leaves nothing that looks like a figure."""
    broken = make_map(values=((1.0, 2.0), (3.0, 4.0)), rows=("only one",))
    with pytest.raises(ValueError, match="reshape"):
        draw_figures([broken], tmp_path)
    assert not list(tmp_path.iterdir())


def test_prune_removes_what_nobody_uses(tmp_path):
    """Figures that no page shows go, other people's files stay."""
    draw_figures(three(), tmp_path)
    keep = figure_name(three()[0])
    (tmp_path / "logo.svg").write_text("<svg/>")
    assert prune_figures(tmp_path, [keep]) == 4
    assert {file.name for file in tmp_path.iterdir()} == {f"{keep}.svg", f"{keep}.png", "logo.svg"}


def test_every_kind_of_request_can_be_planned_and_drawn():
    """A new kind of figure is known to both tables."""
    kinds = set(requests.FigureRequest.__args__)
    assert set(DRAW) == kinds
    assert set(_SIZES) == kinds
