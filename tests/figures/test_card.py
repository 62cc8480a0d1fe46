from __future__ import annotations

import io

import pytest
from PIL import Image

from reportgen.figures import draw_figures, plan_figure
from reportgen.figures.card import MOST_LINES
from reportgen.model.figures import CardFigure, CardLine
from tests.figures.cases import drawn, svg, words


def make_card(lines: int = 2, **more: object) -> CardFigure:
    """Return the card of a run with failing metrics."""
    fields = {
        "title": "w_2021_44",
        "above": "HSC RC2",
        "below": "2021-10-30, DM-32000",
        "counts": [CardLine(state="fail", text="11 fail"), CardLine(state="pass", text="87 pass")],
        "lines": [
            CardLine(state="fail", text=f"PA{n} g", value="13.8 mmag", limit="design ≤ 5 mmag")
            for n in range(lines)
        ],
    } | more
    return CardFigure(**fields)


def test_a_card_has_the_size_of_link_previews(tmp_path):
    """1200 × 630 pixels, the same bytes each time."""
    file = plan_figure(make_card())
    for folder in ("a", "b"):
        draw_figures([make_card()], tmp_path / folder)
    first, second = ((tmp_path / folder / f"{file.name}.png").read_bytes() for folder in "ab")
    assert first == second
    assert Image.open(io.BytesIO(first)).size == (1200, 630)
    assert (file.width, file.height) == (600, 315)


def test_a_card_says_state_by_icon_and_word():
    """Never by colour alone."""
    shown = words(drawn(make_card()))
    assert "✕ 11 fail" in shown
    assert "✓ 87 pass" in shown
    assert "13.8 mmag" in shown


@pytest.mark.parametrize("count", [0, MOST_LINES, MOST_LINES + 1, 400])
def test_what_has_no_room_is_counted(count):
    """At most five lines, and how many more there are."""
    shown = words(drawn(make_card(count)))
    named = sum(word.startswith("PA") for word in shown)
    more = [word for word in shown if word.startswith("and ")]
    assert named == (count if count <= MOST_LINES else MOST_LINES - 1)
    assert more == ([f"and {count - named} more"] if count > MOST_LINES else [])


def test_hostile_names_stay_inside():
    """Long and hostile words are cut and escaped."""
    name = "</text><script>x()</script>" * 9
    document = svg(make_card(title=name, above=name, below=name, demonstration=True))
    assert "<script" not in document
