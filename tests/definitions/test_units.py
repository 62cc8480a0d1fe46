from __future__ import annotations

import pytest
from astropy.units import Unit

from reportgen.definitions.units import COMMON, SPELLINGS, spell_unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("percent", "%"),
        ("%", "%"),
        ("", ""),
        (" mmag\n", "mmag"),
        ("milliarcsecond", "marcsec"),
        ("nanojansky", "nJy"),
        ("microarcsecond", "uarcsec"),
        ("count", "ct"),
        ("electron", "electron"),
        ("parrots", None),
        ("m" * 10_000, None),
        ("((((", None),
    ],
)
def test_units_are_spelt_as_astropy_spells_them(text, unit):
    """One unit has one spelling, astropy's; None where astropy knows no such unit."""
    assert spell_unit(text) == unit


def test_the_table_of_spellings_agrees_with_astropy():
    """The units that are not looked up are spelt as astropy would."""
    for text, spelled in [*SPELLINGS.items(), *((unit, unit) for unit in COMMON)]:
        assert Unit(text).to_string() == spelled
