from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from reportgen.figures.png import _shades
from reportgen.figures.style import BANDS, FAIL, INK, MUTED, PAINTS, PASS, WARN, series_styles
from tests.conftest import ROOT

# Machado, Oliveira and Fernandes (2009), full strength, for linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    """Return linear light of a colour."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Return the contrast of two colours by WCAG 2.1."""
    low, high = sorted(float(linear(colour) @ TO_XYZ[1]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """Return a colour in CIELAB."""
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / (0.9505, 1, 1.089)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("tone", ["light", "dark"])
def test_bands_differ_for_colour_blind_readers(tone, vision):
    """Any two bands are at least 24 apart in CIELAB, on white and on dark, for all readers."""
    matrix = np.array(VISIONS[vision])
    places = {band: lab(matrix @ linear(getattr(paint, tone))) for band, paint in BANDS.items()}
    for one, other in combinations(places, 2):
        assert np.linalg.norm(places[one] - places[other]) > 24, (one, other)


@pytest.mark.parametrize("paint", [INK, MUTED, PASS, WARN, FAIL], ids=lambda paint: paint.name)
def test_words_can_be_read(paint):
    """Text has a contrast of 4.5 on white and on the dark page."""
    assert contrast(paint.light, "#ffffff") > 4.5
    assert contrast(paint.dark, "#1e2129") > 4.5


@pytest.mark.parametrize("band", BANDS)
def test_lines_stand_out(band):
    """Curves have a contrast of 3 on white and on the dark page."""
    assert contrast(BANDS[band].light, "#ffffff") >= 3
    assert contrast(BANDS[band].dark, "#1e2129") >= 3


@pytest.mark.parametrize("tone", ["light", "dark"])
def test_pages_and_figures_agree(tone):
    """Where the style sheet of the site names a paint of figures, it has the same tone."""
    sheet = (ROOT / "site_templates" / "theme" / "assets" / "reportgen.css").read_text()
    start = sheet.index('[data-md-color-scheme="slate"]') if tone == "dark" else 0
    block = sheet[start : sheet.index("}", start)]
    told = dict(re.findall(r"--rg-([\w-]+): (#[0-9a-f]{6});", block))
    ours = {paint.name: getattr(paint, tone) for paint in PAINTS}
    assert "band-r" in told
    assert {name: told[name] for name in told if name in ours} == {
        name: ours[name] for name in ours if name in told
    }


def test_each_paint_has_its_own_tone():
    """The SVG recognises a paint by its light tone."""
    assert len({paint.light for paint in PAINTS}) == len(PAINTS)
    assert len(_shades()) <= 3 * 256


def test_bands_have_rubin_markers_wherever_they_stand():
    """A band looks the same in each figure, whichever other bands are there."""
    assert [style.marker for style in series_styles("ugrizy")] == ["o", "^", "v", "s", "*", "p"]
    assert series_styles(["r"])[0] == series_styles("gr")[1]


def test_two_series_of_one_band_differ():
    """The second producer of a band is hollow and dashed."""
    first, second = series_styles(["g (faro)", "g (validate_drp)"])
    assert first.paint == second.paint
    assert (first.hollow, first.dashes) != (second.hollow, second.dashes)


def test_twelve_series_without_band_are_all_different():
    """Amplifiers are told apart by colour, marker, filling and dashes together."""
    styles = series_styles([f"C{number:02d}" for number in range(12)])
    assert len({(style.paint, style.marker, style.hollow) for style in styles}) == 12
