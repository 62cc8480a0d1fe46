"""Jumping to a page by a few letters of its name, in a real browser."""

from __future__ import annotations

import pytest

from tests.site import sample
from tests.site.browsing import PHONE, needs_browser

pytestmark = needs_browser


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_few_letters_and_enter(visit, key) -> None:
    """A key opens the list, letters choose, Enter goes; the search of the frame stays closed."""
    page = visit("metrics/")
    page.keyboard.press(key)
    box = page.get_by_role("combobox", name="Jump to")
    box.wait_for()
    assert box.evaluate("box => box === document.activeElement")
    page.keyboard.type("w_2026")
    page.get_by_role("option").first.wait_for()
    assert page.get_by_role("option").first.inner_text().startswith(sample.HOSTILE)
    assert page.locator("dialog b").count() == 0
    assert not page.locator("#__search").is_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{sample.RUN}")


def test_other_words_lead_there_too(visit) -> None:
    """A ticket leads to its run, with or without its punctuation; arrows choose."""
    page = visit(sample.RUN)
    page.keyboard.press("/")
    page.keyboard.type("dm48123")
    option = page.get_by_role("option")
    option.wait_for()
    assert option.inner_text().startswith(sample.HOSTILE)
    page.get_by_role("combobox").fill("r")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    assert chosen.count() == 1
    active = page.get_by_role("combobox").get_attribute("aria-activedescendant")
    assert active == chosen.get_attribute("id") == "rg-jump-1"


def test_nothing_found_and_escape(visit) -> None:
    """What has no page is said so; Escape closes the list, and it opens again."""
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("qqq")
    page.get_by_text("Nothing has this name.").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    page.keyboard.press("/")
    page.locator("dialog").wait_for()


def test_letters_before_the_list_is_there_are_not_lost(visit) -> None:
    """Somebody types faster than the list comes over a slow line: the letters are in its field."""
    page = visit()
    held: list = []

    def hold(route) -> None:
        held.append(route)

    page.route("**/jump.js", hold)
    with page.expect_request("**/jump.js"):
        page.keyboard.press("/")
    page.keyboard.type("long")
    held[0].continue_()
    box = page.get_by_role("combobox", name="Jump to")
    box.wait_for()
    page.keyboard.type(" h")
    assert box.input_value() == "long h"
    page.get_by_role("option").first.wait_for()


def test_a_slash_in_a_field_is_a_slash(visit) -> None:
    """Where somebody types, the key is a letter."""
    page = visit()
    page.get_by_role("searchbox", name="Filter by text").click()
    page.keyboard.type("a/b")
    assert page.get_by_role("searchbox", name="Filter by text").input_value() == "a/b"
    assert page.locator("dialog").count() == 0


def test_button_on_a_phone(visit) -> None:
    """Without a keyboard a button opens the list, and the page stays as wide as the phone."""
    page = visit("metrics/", viewport=PHONE)
    page.get_by_role("button", name="Jump to").click()
    page.get_by_role("combobox", name="Jump to").fill("long")
    page.get_by_role("option").click()
    page.wait_for_url(f"**/{sample.LONG}")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_from_a_disk(visit, built) -> None:
    """Opened as files the pages can be jumped to as well."""
    page = visit(f"{sample.RUN}index.html", base=f"{built.site_dir.as_uri()}/")
    page.keyboard.press("/")
    page.keyboard.type("long hist")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{sample.LONG}index.html")
