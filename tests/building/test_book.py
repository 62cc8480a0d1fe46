"""Drawn figures are kept as long as one of the last builds used them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reportgen import pipeline
from reportgen.building.book import USED, FigureBook
from reportgen.config import load_config
from reportgen.figures import draw_figures
from tests.figures.cases import make_history
from tests.test_build import demo, project, write_job

__all__ = ["demo", "project"]

DAY = date(2026, 11, 22)


def drawn(root: Path) -> set[str]:
    """Return the names of the figures that are kept."""
    return {path.stem for path in (root / "build" / "figures").glob("*.svg")}


def shown(folder: Path) -> set[str]:
    """Return the names of the figures that pages show."""
    return {path.stem for path in (folder / "docs" / "figures").glob("*.svg")}


def test_figures_that_no_build_uses_any_more_go(demo: Path) -> None:
    """What main and an edition beside it show stays; an older state of main goes."""
    config = load_config(demo)
    pipeline.build(config, today=DAY)
    first = drawn(demo)
    pipeline.build(config, edition="w_2021_02", aside=True, do_pull=False, today=DAY)
    write_job(demo, "w_2021_05", "g", {"pkg.PA1": 4.2})
    pipeline.build(config, today=DAY)
    assert drawn(demo) == shown(demo / "build") | shown(demo / "build" / "edition")
    assert first - drawn(demo)
    again = pipeline.build(config, edition="w_2021_02", aside=True, today=date(2026, 11, 23))
    assert again.drawn == 0


def test_main_and_the_newest_editions_stay(tmp_path: Path) -> None:
    """However many editions are built after it, main need not be drawn again."""
    names = {}
    for edition in ("main", *(f"w_{number}" for number in range(5)), "w_3"):
        book = FigureBook()
        names[edition] = book.add(make_history(title=edition)).name
        draw_figures(book.requests.values(), tmp_path)
        book.prune(tmp_path, edition)
    kept = {path.stem for path in tmp_path.glob("*.svg")}
    assert kept == {names[edition] for edition in ("main", "w_2", "w_3", "w_4")}


def test_a_damaged_note_costs_time_only(tmp_path: Path) -> None:
    """What this build uses stays, whatever stands there."""
    for damage in ("", "[]", '{"main": 3}'):
        (tmp_path / USED).write_text(damage)
        book = FigureBook()
        name = book.add(make_history()).name
        draw_figures(book.requests.values(), tmp_path)
        book.prune(tmp_path, "main")
        assert {path.stem for path in tmp_path.glob("*.svg")} == {name}
