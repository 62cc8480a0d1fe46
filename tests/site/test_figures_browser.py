"""Figures in a real browser: what they answer, where they lead, how they are zoomed."""

from __future__ import annotations

import json

import pytest

from tests.site import sample
from tests.site.browsing import PHONE, needs_browser, settle, soon, sync_api

pytestmark = needs_browser

expect = sync_api.expect


class Figure:
    """The long history on its page."""

    def __init__(self, page: sync_api.Page) -> None:
        self.page = page
        self.svg = page.locator("figure.rg-plot svg")
        self.svg.wait_for()
        self.svg.scroll_into_view_if_needed()
        settle(page)
        points = self.svg.locator("metadata.rg-points").text_content()
        self.data = json.loads(points)

    def place(self, series: int, at: int) -> tuple[float, float]:
        """Return where a point stands in the window."""
        y = self.data["series"][series]["y"][at]
        return self.window(self.data["x"][at], y)

    def window(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place of the figure is in the window."""
        box = self.svg.bounding_box()
        scale = box["width"] / float(self.svg.get_attribute("width"))
        return box["x"] + x * scale, box["y"] + y * scale

    def labels(self) -> list[str]:
        """Return the runs at the axis that are in sight."""
        seen = self.svg.locator("text:visible").all_text_contents()
        return [text for text in seen if text.startswith("w_2024_")]

    @property
    def tip(self) -> str:
        """What is said of a point, once anything is."""
        return self.page.locator(".rg-tip:visible").inner_text()

    def says(self, *words: str) -> None:
        """Wait until these words stand in what is said of a point."""
        for one in words:
            expect(self.page.locator(".rg-tip:visible")).to_contain_text(one)

    def begins(self, first: str) -> None:
        """Wait until this is the first run at the axis."""
        soon(self.page, lambda: self.labels()[0], first)


@pytest.fixture
def figure(visit) -> Figure:
    """Return the long history, in the page."""
    return Figure(visit(sample.LONG))


def test_hover_says_what_there_is_to_know(figure) -> None:
    """Run, value with unit, the limits of this band, change against the run before, ticket."""
    figure.page.mouse.move(*figure.place(0, 10))
    lines = [
        "w_2024_11",
        "g: 6 marcsec",
        "limit: design ≤ 10 marcsec",
        "+0.1 marcsec against w_2024_10",
        "DM-1010",
    ]
    soon(figure.page, lambda: figure.tip.split("\n"), lines)
    figure.page.mouse.move(*figure.place(1, 3))
    figure.says(
        "limit: design ≤ 10 marcsec, minimum (r) ≤ 20 marcsec", "−0.1 marcsec against w_2024_03"
    )


def test_changes_are_not_bridged(figure) -> None:
    """After a missing value the change is against the last value, after an epoch there is none."""
    figure.page.mouse.move(*figure.place(0, 7))
    figure.says("+0.2 marcsec against w_2024_06")
    figure.page.mouse.move(*figure.place(0, 20))
    figure.says("new epoch: not comparable")
    assert "against" not in figure.tip
    figure.page.mouse.move(*figure.place(0, 6))
    lines = ["w_2024_07", "g", "absent", "DM-1006"]
    soon(figure.page, lambda: figure.tip.split("\n"), lines)


def test_click_leads_to_the_run(figure) -> None:
    """A click on a point opens the page of its run."""
    figure.page.mouse.click(*figure.place(0, 39))
    figure.page.wait_for_url(f"**/{sample.RUN}")


def test_enter_leads_to_the_run(figure) -> None:
    """So does the key Enter; the point before was read aloud."""
    figure.svg.focus()
    figure.page.keyboard.press("ArrowUp")
    figure.page.keyboard.press("ArrowUp")
    spoken = figure.page.locator("[aria-live=polite].rg-vh")
    expect(spoken).to_contain_text("w_2024_40, g: 8.9 marcsec, limit: design")
    figure.page.keyboard.press("Enter")
    figure.page.wait_for_url(f"**/{sample.RUN}")


def test_zoom_by_keyboard_and_reset(figure) -> None:
    """Plus shows fewer runs, the reset is in sight while zoomed and brings all back."""
    before = figure.svg.evaluate("svg => svg.querySelector('.rg-series path').getAttribute('d')")
    reset = figure.page.get_by_role("button", name="Show the whole history")
    assert figure.labels()[0] == "w_2024_01"
    expect(reset).to_be_hidden()
    figure.svg.focus()
    for _ in range(4):
        figure.page.keyboard.press("+")
    soon(figure.page, lambda: figure.labels()[0] > "w_2024_10", wanted=True)
    first = figure.labels()[0]
    figure.page.keyboard.press("Shift+ArrowRight")
    soon(figure.page, lambda: figure.labels()[0] > first, wanted=True)
    reset.click()
    expect(reset).to_be_hidden()
    figure.begins("w_2024_01")
    after = figure.svg.evaluate("svg => svg.querySelector('.rg-series path').getAttribute('d')")
    assert after == before


def test_zoomed_points_answer_where_they_stand(figure) -> None:
    """With the wheel and Ctrl the point under the pointer stays there and still answers."""
    x, y = figure.place(1, 25)
    figure.page.mouse.move(x, y)
    figure.says("w_2024_26")
    before = figure.tip
    figure.page.keyboard.down("Control")
    figure.page.mouse.wheel(0, -400)  # once: nothing else is on its way when this has arrived
    figure.page.keyboard.up("Control")
    figure.page.get_by_role("button", name="Show the whole history").wait_for()
    figure.page.mouse.move(x + 1, y)
    soon(figure.page, lambda: figure.tip, before)
    assert 3 <= len(figure.labels()) < 12


def test_drag_moves_and_is_no_click(figure) -> None:
    """Dragging moves through the history and opens nothing."""
    figure.page.get_by_role("button", name="Zoom in").click(click_count=3)
    figure.page.get_by_role("button", name="Show the whole history").wait_for()
    settle(figure.page)
    before = figure.labels()
    x, y = figure.window(350, figure.data["box"][3] - 60)
    figure.page.mouse.move(x, y)
    figure.page.mouse.down()
    figure.page.mouse.move(x - 60, y, steps=4)
    figure.page.mouse.move(x - 120, y, steps=4)
    figure.page.mouse.up()
    soon(figure.page, lambda: figure.labels()[0] > before[0], wanted=True)
    assert figure.page.url.endswith(sample.LONG)


def test_wheel_alone_scrolls_the_page(figure) -> None:
    """The figure does not take the wheel from the page, zoomed or not."""
    page = figure.page
    page.set_viewport_size({"width": 1000, "height": 420})
    figure.svg.scroll_into_view_if_needed()
    page.get_by_role("button", name="Zoom in").click()
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    settle(page)
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 100")
    settle(page)
    labels = figure.labels()
    page.mouse.move(*figure.window(300, 150))
    at = page.evaluate("scrollY")
    page.mouse.wheel(0, -90)
    page.wait_for_function("at => scrollY < at", arg=at)
    settle(page)
    assert figure.labels() == labels


def test_what_is_said_stays_at_its_point(figure) -> None:
    """Somebody reads with the keys while the page still moves: the words move along."""
    page = figure.page
    page.set_viewport_size({"width": 1000, "height": 420})
    figure.svg.focus()
    settle(page)
    page.keyboard.press("ArrowUp")
    tip, ring = page.locator(".rg-tip"), figure.svg.locator(".rg-here")
    tip.wait_for()

    def apart() -> float:
        return round(tip.bounding_box()["y"] - ring.bounding_box()["y"])

    before, at = apart(), ring.bounding_box()["y"]
    page.evaluate("scrollBy({top: 20, behavior: 'instant'})")
    soon(page, lambda: round(at - ring.bounding_box()["y"]), 20)
    soon(page, apart, before)


def test_figure_is_readable_on_a_phone(visit) -> None:
    """Words are at least nine pixels high; the figure scrolls in its box, the page does not."""
    page = visit(sample.LONG, viewport=PHONE, has_touch=True, is_mobile=True)
    figure = Figure(page)
    page.locator(".rg-view[tabindex='0']").wait_for()
    height = "texts => Math.min(...texts.map(text => text.getBoundingClientRect().height))"
    assert figure.svg.locator("text").evaluate_all(height) >= 9
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    box = page.locator(".rg-view")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth + 100")
    expect(page.locator(".rg-swipe")).to_be_visible()


def test_first_touch_reads_second_opens(visit) -> None:
    """A finger cannot hover, so the first touch of a point says what it is."""
    page = visit(sample.LONG, has_touch=True)
    figure = Figure(page)
    place = figure.place(0, 39)
    page.touchscreen.tap(*place)
    figure.says("w_2024_40")
    assert page.url.endswith(sample.LONG)
    page.touchscreen.tap(*place)
    page.wait_for_url(f"**/{sample.RUN}")


def test_image_follows_the_scheme(visit, site) -> None:
    """Where no script may read the figure, the plain image is dark on a dark page too."""
    shades = {}
    for scheme in ("light", "dark"):
        page = visit(f"{sample.LONG}index.html", base=f"{site.as_uri()}/", color_scheme=scheme)
        image = page.locator("figure.rg-plot img")
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 720
        shades[scheme] = image.evaluate("image => getComputedStyle(image).colorScheme")
    assert shades == {"light": "light", "dark": "dark"}


def test_figure_does_not_move_when_it_is_read(visit) -> None:
    """The plain image stands where the figure stands that scripts put in its place."""
    left = "one => one.getBoundingClientRect().left"
    plain = visit(sample.LONG, java_script_enabled=False).locator("figure.rg-plot img")
    assert plain.evaluate(left) == Figure(visit(sample.LONG)).svg.evaluate(left)


def test_files_stand_beside_the_figure(visit) -> None:
    """SVG and PNG of the figure can be had."""
    page = visit(sample.LONG)
    for kind in ("SVG", "PNG"):
        response = page.request.get(
            page.get_by_role("link", name=kind, exact=True).evaluate("a => a.href")
        )
        assert response.ok
        assert kind.lower() in response.headers["content-type"]


def gesture(figure: Figure, *moves: list[tuple[float, float]]) -> None:
    """Put fingers down, move them from place to place, and lift them."""
    session = figure.page.context.new_cdp_session(figure.page)
    kinds = ["touchStart", *["touchMove"] * (len(moves) - 1)]
    for kind, places in zip(kinds, moves, strict=True):
        points = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(figure.page)


def test_pinch_and_pan_on_touch(visit) -> None:
    """Two fingers apart zoom around the place between them, one finger moves what is zoomed."""
    figure = Figure(visit(sample.LONG, viewport=PHONE, has_touch=True, is_mobile=True))
    whole = figure.labels()
    x, y = figure.place(0, 10)
    scale = figure.page.evaluate("visualViewport.scale")
    for _ in range(5):  # fingers that a slow machine lets rest are a long press
        gesture(figure, *([(x - apart, y), (x + apart, y)] for apart in range(20, 100, 10)))
        if figure.labels() != whole:
            break
    near = [int(label[-2:]) for label in figure.labels()]
    assert 1 < min(near) <= 11 <= max(near) < 40
    assert figure.page.evaluate("visualViewport.scale") == scale
    before = figure.labels()[0]
    for _ in range(5):
        gesture(figure, *([(x - moved, y)] for moved in range(0, 120, 12)))
        if figure.labels()[0] > before:
            break
    assert figure.labels()[0] > before
    figure.page.get_by_role("button", name="Show the whole history").click()
    soon(figure.page, figure.labels, whole)
