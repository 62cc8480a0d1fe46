from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.figures.glyphs import face
from reportgen.figures.text import number, plain, quantity, shorten
from reportgen.figures.textsize import fit, fit_middle, text_width


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("PA1", "PA1"),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("a\x00b", "a\N{REPLACEMENT CHARACTER}b"),
        ("half \ud800", "half \N{REPLACEMENT CHARACTER}"),
        ("abc\u202edef", "abc\N{REPLACEMENT CHARACTER}def"),
        ("$x^2$ <b> & é", "$x^2$ <b> & é"),
    ],
)
def test_words_from_outside_are_made_fit_to_draw(given, expected):
    """What XML forbids or what reverses writing is replaced; all else stays."""
    assert plain(given) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5.0, "5"),
        (-12.345678, "−12.35"),
        (-123456.7, "−123\u202f457"),
        (26.35, "26.4"),
        (1e-7, "1×10⁻⁷"),
        (2.5e21, "2.5×10²¹"),
        (math.nan, "no value"),
    ],
)
def test_numbers_read_well(value, expected):
    """Numbers have few digits, a true minus, and raised powers of ten."""
    assert number(value) == expected


def test_quantity_without_unit_has_no_blank():
    """A dimensionless number stands alone."""
    assert (quantity(5.0, ""), quantity(5.0, "mmag")) == ("5", "5 mmag")


def test_shortened_text_ends_in_an_ellipsis():
    """Cut text says that it was cut."""
    assert shorten("collection", 6) == "colle…"


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_widths_are_those_of_the_font(text):
    """Widths that are known without a font agree with the font."""
    assert text_width(text, 10) == pytest.approx(10 * face().width(text), abs=0.05 * len(text))


@pytest.mark.parametrize("text", ["✕✓≤≥×−↑↓→", "▨◆▲▼●·…", "10⁻⁷", "σµéü"])
def test_widths_of_symbols_are_about_right(text):
    """Symbols take about as much room as is kept for them."""
    assert text_width(text, 10) == pytest.approx(10 * face().width(text), rel=0.4)


@given(st.text(max_size=60), st.floats(15, 300))
def test_fitted_text_is_no_wider_than_its_room(text, room):
    """A label never leaves the room that it was given."""
    assert text_width(fit(text, 10, room), 10) <= room + 1e-6
    assert text_width(fit_middle(text, 10, room), 10) <= room + 1e-6


def test_long_names_keep_both_ends():
    """Of a collection, the beginning and the ticket at its end stay."""
    shown = fit_middle("HSC/runs/RC2/w_2021_34/DM-30284", 11, 130)
    assert shown.startswith("HSC/")
    assert shown.endswith("0284")
