"""The files: structure of the SVG, and the PNG."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from reportgen.figures.png import png_bytes
from reportgen.figures.style import BANDS, GRID, INK
from reportgen.figures.twin import draw_twins
from reportgen.model.figures import Limit
from tests.figures.cases import (
    DESIGN,
    NAN,
    drawn,
    hover,
    make_history,
    make_map,
    make_series,
    parsed,
    svg,
)

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert(1)</script>" onload="x" ]]> & $\\frac{1}{0}$ \x00\x1b \ud800'


def hostile():
    """Return a history in which every word is hostile."""
    return make_history(
        make_series(HOSTILE, (5.0, NAN), links=(HOSTILE, ""), reasons=("", HOSTILE)),
        title=HOSTILE,
        unit=HOSTILE,
        labels=(HOSTILE, HOSTILE),
        limits=(Limit(label=HOSTILE, value=5.0, operator=HOSTILE),),
        alt=HOSTILE,
    )


def test_document_says_what_it_shows():
    """Title and description are there for screen readers, and the size is in pixels."""
    root = parsed(svg(make_history(alt="PA1 rises from 4.8 to 5.1 mmag.")))
    assert root.get("role") == "img"
    titles = root.get("aria-labelledby").split()
    assert [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == titles
    assert root.find(f"{SVG}desc").text == "PA1 rises from 4.8 to 5.1 mmag."
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


def test_hostile_words_stay_words():
    """Names from outside cannot leave their element, in XML or in HTML."""
    document = svg(hostile())
    root = parsed(document)
    assert "<script" not in document
    assert "onload" not in {name for element in root.iter() for name in element.attrib}
    assert root.find(f"{SVG}title").text.startswith("</title><script>")
    assert "alert(1)" in hover(document)["labels"][0]
    assert "<" not in re.search(r"rg-points\">(.*?)</metadata>", document).group(1)


def test_text_is_text():
    """Words can be searched, copied and read aloud."""
    texts = {element.text for element in parsed(svg(make_history())).iter(f"{SVG}text")}
    assert {"validate_drp.PA1", "mmag", "w_2021_00"} <= texts


def test_colours_follow_the_page_and_have_fallbacks():
    """Each paint is a custom property of the page, a light and dark tone, and an attribute."""
    document = svg(make_history(limits=(DESIGN,)))
    style = parsed(document).find(f"{SVG}style").text
    for paint in (INK, GRID, BANDS["r"]):
        assert f"var(--rg-{paint.name},var(--f-{paint.name}))" in style
        assert f"--f-{paint.name}:{paint.light}" in style
        assert f"--f-{paint.name}:{paint.dark}" in style
        assert f'="{paint.light}"' in document
    assert "prefers-color-scheme:dark" in style
    assert '[data-md-color-scheme="slate"] .rg-figure' in style


def test_styles_reach_only_figures():
    """A style sheet inside an SVG that is pasted into a page leaves the page alone."""
    style = parsed(svg(make_history())).find(f"{SVG}style").text
    selectors = re.findall(r"(?:^|[{}])([^{}@]+)\{", style)
    assert selectors
    assert all(".rg-figure" in selector for selector in selectors)


def test_ids_of_two_figures_do_not_clash():
    """Several figures can be pasted into one page, and each refers to itself only."""
    first = svg(make_history(limits=(DESIGN,)), name="a" * 20)
    ids = re.findall(r' id="([^"]+)"', first)
    assert len(ids) == len(set(ids)) > 3
    assert all(name.startswith(f"rg-{'a' * 20}") for name in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", first)) <= set(ids)


def test_many_points_are_few_elements():
    """A thousand runs of five bands need no element per point."""
    values = np.random.default_rng(1).normal(5, 0.1, 1000)
    document = svg(make_history(*(make_series(band, values) for band in "grizy")))
    assert sum(1 for _ in parsed(document).iter()) < 120


def test_no_picture_is_transparent_or_asks_elsewhere():
    """The page shines through, and nothing is loaded from anywhere."""
    document = svg(make_history())
    assert "http" not in document.replace("http://www.w3.org/2000/svg", "")
    assert parsed(document).find(f"{SVG}rect") is None


@pytest.mark.parametrize("request_", [make_history(limits=(DESIGN,)), make_map()])
def test_png_is_the_same_picture_on_white_at_twice_the_size(request_):
    """What people paste is whole, sharp and not transparent."""
    sheet = drawn(request_)
    twins = draw_twins(sheet, "rg-a")
    content = png_bytes(twins.png, in_full=sheet.extra_colours)
    picture = Image.open(BytesIO(content))
    assert picture.size == (2 * sheet.width, 2 * sheet.height)
    pixels = np.asarray(picture.convert("RGBA"))
    assert (pixels[..., 3] == 255).all()
    assert tuple(pixels[0, 0]) == (255, 255, 255, 255)
    assert 0.005 < (pixels[..., :3] != 255).any(axis=-1).mean() < 0.5


def test_png_keeps_the_colours_of_bands():
    """Few colours are enough: the line of a band is drawn in its own."""
    sheet = drawn(make_history(make_series("r", (1.0, 1.0))))
    picture = Image.open(BytesIO(png_bytes(draw_twins(sheet, "rg-a").png))).convert("RGB")
    place = sheet.across(np.array([0.5]))[0], sheet.down(np.array([1.0]))[0]
    wanted = tuple(int(BANDS["r"].light[at : at + 2], 16) for at in (1, 3, 5))
    assert picture.getpixel((round(2 * place[0]), round(2 * place[1]))) == wanted
