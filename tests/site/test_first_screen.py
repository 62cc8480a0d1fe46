"""Numbers of the first screen: each leads to as many rows as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.site import demo
from tests.site.browsing import DESK, PHONE, needs_browser, soon

pytestmark = needs_browser

NUMBERS = "#datasets tbody :is(.rg-count, .rg-level)"
WORDS = ("Design", "Minimum", "Stretch", "Newly failing", "Fixed", "Drifting", "Not measured")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Folder of the site of this repository's report."""
    return demo.built(tmp_path_factory.getbasetemp())


def rows_at(page, href: str):
    """Return the rows to which a number leads that can be seen."""
    fragment = href.partition("#")[2]
    if href.startswith("#"):
        return page.locator(f"[id='{fragment}'] dd > a:not([href*='compare/'])")
    if "compare/" in href:
        return page.locator(f"[id='{fragment}-table'] tbody tr:visible")
    return page.locator(f"#table-{fragment} tbody tr:visible")


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_numbers_lead_to_as_many_rows(visit, window) -> None:
    """Each number of each dataset is followed by a click, and the rows there are counted."""
    page = visit("", viewport=window)
    first, numbers, seen = page.url, page.locator(NUMBERS), set()
    datasets = page.locator("#datasets tbody tr").count()
    for at in range(numbers.count()):
        number = numbers.nth(at)
        seen.add(number.evaluate("one => one.closest('td').dataset.label"))
        says = int(re.search(r"\d+", number.inner_text())[0])
        href = number.get_attribute("href")
        number.click()
        if not href.startswith("#"):
            page.wait_for_url(f"**/{href.removeprefix('./')}")
        rows = rows_at(page, href)
        soon(page, rows.count, says)
        page.goto(first)
        numbers.first.wait_for()
    assert datasets == 3
    assert seen == set(WORDS)


def test_numbers_of_a_run_are_those_of_its_rows(visit) -> None:
    """The numbers at the head of a run say what the first page says, and lead to their rows."""
    says, links = {}, "ul.rg-tiles a"
    page = visit("runs/hsc-rc2-weekly-demonstration/w_2021_44/")
    tiles, first = page.locator(links).count(), page.url
    for at in range(tiles):
        tile = page.locator(links).nth(at)
        word = tile.locator(".rg-badge").inner_text().strip()
        says[word] = int(tile.locator("b").inner_text())
        fragment = tile.get_attribute("href").partition("#")[2]
        tile.click()
        page.wait_for_url(f"**#{fragment}")
        table = f"#table-{fragment.removeprefix('table-')}"
        soon(page, page.locator(f"{table} tbody tr:visible").count, says[word])
        page.goto(first)
    page = visit("")
    row = page.locator("#datasets tbody tr", has_text="HSC RC2 weekly")
    assert f"fail {says['fail']} of {says['fail'] + says['pass']}" in row.inner_text()
    missing = row.locator("[data-label='Not measured']")
    assert missing.inner_text().strip() == str(says["not measured"])
    assert says["no specification"] > 0


def test_run_says_first_what_is_new(visit) -> None:
    """What newly fails or is fixed since the reference stands before what fails anyway."""
    page = visit("runs/hsc-rc2-weekly-demonstration/w_2021_44/")
    lead = page.locator(".rg-lead").inner_text()
    assert lead.startswith("Newly failing: TE1 in i. Fixed: AB1 in g. 11 of 37 rows")


def test_a_zero_leads_nowhere(visit) -> None:
    """Where nothing newly fails, is fixed or drifts, the number is no link."""
    page = visit("")
    zeros = page.locator("#datasets tbody td", has_text=re.compile(r"^0$"))
    assert zeros.count() > 0
    assert zeros.locator("a").count() == 0


def test_calibrations_count_what_their_pages_show(visit) -> None:
    """What fails of a stage is the same on the first page, at its head and in its JSON."""
    page = visit("")
    stages = page.locator(".rg-front-calibrations li")
    says = {
        one.locator("a").first.get_attribute("href").removeprefix("./"): one.inner_text()
        for one in stages.all()
    }
    assert len(says) == 8
    for path, text in says.items():
        of = re.search(r"(?:all|(\d+) of) (\d+)", text)
        failing, judged = int(of[1] or 0), int(of[2])
        page = visit(path)
        assert page.locator(".rg-tiles b").first.inner_text() == f"{failing} of {judged}"
        href = page.locator(".rg-downloads a", has_text="JSON").first.evaluate("a => a.href")
        told = page.request.get(href).json()
        rows = [
            one
            for one in told["verdicts"]
            if one["date"] == told["last_date"] and not one["test"].endswith("SUCCESS")
        ]
        assert sum(one["failing"] for one in rows) == failing
        assert sum(one["judged"] for one in rows) == judged


def test_lists_of_runs_have_columns_for_what_runs_state(visit) -> None:
    """A dataset whose runs state no ticket and no collection says so once, not in each row."""
    page = visit("runs/")
    heads = {
        name: page.locator(f"#{name} ~ .rg-scroll").first.locator("th[scope=col]").all_inner_texts()
        for name in ("hsc-rc2", "hsc-rc2-weekly-demonstration")
    }
    stated = {name: found[-2:] for name, found in heads.items()}
    assert stated["hsc-rc2-weekly-demonstration"] == ["Ticket", "Collection"]
    assert stated["hsc-rc2"] == ["Pass", "No specification"]
    lines = page.locator("#hsc-rc2 ~ p").all_inner_texts()
    assert "No run states a ticket or a collection." in lines[:2]


@pytest.mark.parametrize("level", ["minimum", "stretch"])
def test_level_is_a_filter(visit, level) -> None:
    """Rows are filtered by their state at a level, also together with others, and as a link."""
    page = visit("runs/hsc-rc2-weekly-demonstration/w_2021_44/?band=r")
    rows = page.locator("#table-requirements tbody tr:visible")
    soon(page, rows.count, 10)
    page.get_by_label(f"Filter by {level}").first.select_option("fail")
    page.wait_for_url(f"**/?band=r&{level}=fail")
    at = page.locator("#table-requirements thead th").all_inner_texts().index(level.capitalize())
    cells = rows.locator(f"> :nth-child({at + 1})")
    assert 0 < rows.count() < 10
    assert {text.split()[0] for text in cells.all_inner_texts()} == {"fail"}


@pytest.mark.parametrize("path", ["", "requirements/", "metrics/"])
def test_tables_fit_a_desk(visit, path) -> None:
    """On a desk no table of the demonstration has columns out of sight."""
    page = visit(path)
    wide = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth + 1).length"
    soon(page, lambda: page.locator(".rg-scroll:visible").evaluate_all(wide), 0)
