from __future__ import annotations

import pytest

from reportgen.sources.bands import BandedName, band_of, split_band


@pytest.mark.parametrize(
    ("physical_filter", "band"),
    [
        ("r", "r"),
        ("HSC-R", "r"),
        ("HSC-I2", "i"),
        ("r.MP9601", "r"),
        ("g DECam SDSS c0001 4720.0 1520.0", "g"),
        ("SDSSr_65mm~empty", "r"),
        ("empty~SDSSg", "g"),
        ("i_06", "i"),
        ("r_sim_1.4", "r"),
        ("lsst_y_smeared", "y"),
        ("NB0921", None),
        ("RG610~empty", None),
        ("HSC-R2x", None),
        ("any", None),
        ("", None),
    ],
)
def test_band_of(physical_filter, band):
    """The band is derived only where the name of the filter says so without doubt."""
    assert band_of(physical_filter) == band


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("g_AM1", BandedName("AM1", "g")),
        ("i_stellarPhotRepeatStdev", BandedName("stellarPhotRepeatStdev", "i")),
        ("AA1", BandedName("AA1", None)),
        ("g_", BandedName("g_", None)),
        ("gr_color", BandedName("gr_color", None)),
    ],
)
def test_split_band(name, expected):
    """Only a single band in front of an underscore is taken off a name."""
    assert split_band(name) == expected
