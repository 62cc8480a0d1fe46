"""Jumping to a page by a few letters of its name, in a real browser."""

from __future__ import annotations

import pytest

from tests.site import sample
from tests.site.browsing import PHONE, needs_browser, settle, soon, sync_api

pytestmark = needs_browser

expect = sync_api.expect


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_few_letters_and_enter(visit, key) -> None:
    """A key opens the list, letters choose, Enter goes; the search of the frame stays closed."""
    page = visit("metrics/")
    page.keyboard.press(key)
    box = page.get_by_role("combobox", name="Jump to")
    expect(box).to_be_focused()
    page.keyboard.type("w_2026")
    expect(page.get_by_role("option").first).to_contain_text(sample.HOSTILE)
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
    expect(option).to_contain_text(sample.HOSTILE)
    box = page.get_by_role("combobox")
    box.fill("r")
    expect(option.nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_attribute("id", "rg-jump-1")
    expect(box).to_have_attribute("aria-activedescendant", "rg-jump-1")


def test_nothing_found_and_escape(visit) -> None:
    """What has no page is said so; Escape closes the list, and it opens again."""
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("qqq")
    page.get_by_text("Nothing has this name.").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("dialog")).to_be_visible()


def test_letters_before_the_list_is_there_are_not_lost(visit) -> None:
    """Somebody types faster than the list comes over a slow line: the letters are in its field."""
    page = visit()
    held: list = []

    def hold(route) -> None:
        held.append(route)

    page.route("**/jump.js", hold)
    with page.expect_request("**/jump.js"):
        page.keyboard.press("/")
    soon(page, lambda: len(held), 1)
    page.keyboard.type("long")
    held[0].continue_()
    box = page.get_by_role("combobox", name="Jump to")
    expect(box).to_be_focused()
    page.keyboard.type(" h")
    expect(box).to_have_value("long h")
    page.get_by_role("option").first.wait_for()


def test_a_slash_in_a_field_is_a_slash(visit) -> None:
    """Where somebody types, the key is a letter."""
    page = visit()
    page.get_by_role("searchbox", name="Filter by text").click()
    page.keyboard.type("a/b")
    expect(page.get_by_role("searchbox", name="Filter by text")).to_have_value("a/b")
    assert page.locator("dialog").count() == 0


def test_button_on_a_phone(visit) -> None:
    """Without a keyboard a button opens the list, and the page stays as wide as the phone."""
    page = visit("metrics/", viewport=PHONE)
    page.get_by_role("button", name="Jump to").click()
    page.get_by_role("combobox", name="Jump to").fill("long")
    page.get_by_role("option").click()
    page.wait_for_url(f"**/{sample.LONG}")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_from_a_disk(visit, site) -> None:
    """Opened as files the pages can be jumped to as well."""
    page = visit(f"{sample.RUN}index.html", base=f"{site.as_uri()}/")
    page.keyboard.press("/")
    page.keyboard.type("long hist")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{sample.LONG}index.html")
