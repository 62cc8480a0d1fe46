"""Reports that nobody had in mind: without a run, with one run, with names that mean harm."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.config import load_config
from tests.site.browsing import DESK, PHONE, needs_browser, served, settle
from tests.site.test_every_page import TOO_WIDE, page_of

pytestmark = needs_browser

CONFIG = """
[definitions]
packages = ["definitions"]
[[source]]
name = "jobs"
type = "verify-json"
location = "archive/*.json"
release = {{ meta = "ci_label" }}
dataset = {dataset}
"""
LEVELS = {"minimum": 9.0, "design": 5.0, "stretch": 3.0}
NAMES = [
    "<img src=x onerror=window.stolen=1>",
    "\"'`quoted` & 'x'",
    "L" + "ong" * 66,
    "\u05de\u05d3\u05d3 \u0645\u0642\u064a\u0627\u0633",
    "\U0001f52d seeing \U0001f4a5",
    "{{ 7*7 }}</title><script>window.stolen=1</script>",
]
DATASET = 'Deep field / "north" <script>window.stolen=1</script>'
RELEASES = ["w 2021/03 <b>&</b>", f"w 2021/04 <svg onload=window.stolen=1> {'r' * 120}"]
KINDS = {
    "empty": ["", "runs/", "metrics/", "compare/", "requirements/", "calibrations/", "data/"],
    "one": ["", "runs/", "runs/*/*/", "metrics/", "metrics/*/", "compare/", "requirements/"],
    "hostile": [
        "",
        "runs/",
        "runs/*/*-04*/",
        "metrics/",
        "metrics/*longong*/",
        "metrics/*onerror*/",
        "compare/",
        "compare/*/*/",
        "requirements/",
    ],
}
Values = Mapping[tuple[str, str], Mapping[str, float | None]]
"""Values of the metrics, of each release and band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A built site and where it is served."""

    site: Path
    address: str


def built(root: Path, dataset: str, metrics: list[str], values: Values) -> Path:
    """Write a report, build it, and return the folder of the site."""
    specs = root / "definitions" / "specs" / "pkg"
    specs.mkdir(parents=True)
    (root / "definitions" / "metrics").mkdir()
    (root / "archive").mkdir()
    (root / "reportgen.toml").write_text(CONFIG.format(dataset=json.dumps(dataset)), "utf-8")
    described = {name: {"description": "Made up.", "unit": "mmag"} for name in metrics}
    (root / "definitions" / "metrics" / "pkg.yaml").write_text(strict(described), "utf-8")
    limits = [
        strict(
            {
                "name": f"{name}.{level}",
                "threshold": {"operator": "<=", "unit": "mmag", "value": limit},
            }
        )
        for name in metrics
        for level, limit in LEVELS.items()
    ]
    (specs / "all.yaml").write_text("\n---\n".join(limits), "utf-8")
    for number, ((release, band), measured) in enumerate(values.items()):
        job = {
            "measurements": [
                {
                    "metric": f"pkg.{name}",
                    "value": value,
                    "unit": "mmag",
                    "identifier": f"{at:032x}",
                    "blob_refs": [],
                }
                for at, (name, value) in enumerate(measured.items())
            ],
            "blobs": [],
            "meta": {"ci_label": release, "filter_name": band, "instrument": "HSC"},
        }
        (root / "archive" / f"{number}.json").write_text(strict(job), "utf-8")
    pipeline.build(load_config(root), today=date(2021, 2, 1))
    return root / "site"


def strict(content: object) -> str:
    """Return JSON that YAML reads as well: no pairs of surrogates."""
    return json.dumps(content, ensure_ascii=False)


def hostile_values() -> Values:
    """Return values: most rise beyond design, one falls back, one is missing."""
    rising = dict.fromkeys(NAMES, (4.0, 6.0))
    rising["PA1"] = (6.0, 4.0)
    return {
        (release, band): {
            name: None if at and band == "r" and name == NAMES[1] else pair[at]
            for name, pair in rising.items()
        }
        for at, release in enumerate(RELEASES)
        for band in "gr"
    }


@pytest.fixture(scope="module")
def odd(tmp_path_factory) -> Iterator[dict[str, Odd]]:
    """Return the three sites, each built once and served."""
    base = tmp_path_factory.mktemp("odd")
    one = {("w_2021_03", "g"): {"PA1": 4.0}}
    sites = {
        "empty": built(base / "empty", "HSC", ["PA1"], {}),
        "one": built(base / "one", "HSC", ["PA1"], one),
        "hostile": built(base / "hostile", DATASET, ["PA1", NAMES[2]], hostile_values()),
    }
    with (
        served(sites["empty"], base / "a") as first,
        served(sites["one"], base / "b") as second,
        served(sites["hostile"], base / "c") as third,
    ):
        addresses = (first, second, third)
        yield {
            name: Odd(site=site, address=address)
            for (name, site), address in zip(sites.items(), addresses, strict=True)
        }


@pytest.fixture(scope="module")
def address(odd) -> str:
    """Address of the site whose names mean harm, where a test names no other."""
    return odd["hostile"].address


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", KINDS)
def test_pages_are_whole(visit, odd, name, window) -> None:
    """Nothing scrolls sideways, no name became a script or an element, the console is silent."""
    page = visit("", base=odd[name].address, viewport=window)
    found = {}
    for kind in KINDS[name]:
        page.goto(odd[name].address + page_of(odd[name].site, kind))
        settle(page)
        page.wait_for_load_state("load")
        wide = page.evaluate(TOO_WIDE) if window == PHONE else page.evaluate(SIDEWAYS)
        harm = page.evaluate("window.stolen || document.querySelectorAll('[onerror],[onload]')[0]")
        if wide or harm:
            found[kind] = (wide, str(harm))
        assert page.locator("h1").count() == 1
    assert found == {}


SIDEWAYS = """[document.documentElement]
    .filter(one => one.scrollWidth > one.clientWidth)
    .map(one => one.scrollWidth)"""
"""Whether the page itself scrolls sideways; wide tables on a desk may, within their box."""


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_names_are_read_as_they_were_written(visit, odd, window) -> None:
    """Each name stands as text on the pages of the run and of the metrics, in full."""
    hostile = odd["hostile"]
    page = visit("", viewport=window)
    page.goto(hostile.address + page_of(hostile.site, "runs/*/*-04*/"))
    for text in (DATASET, RELEASES[1]):
        assert page.locator("h1", has_text=text).is_visible()
    rows = page.locator(".rg-rows tbody th > a:first-child")  # some of them in closed details
    assert set(NAMES) <= {text.removeprefix("pkg.") for text in rows.all_text_contents()}
    page.goto(hostile.address + "metrics/")
    for name in NAMES:
        link = page.get_by_role("main").get_by_role("link", name=name)
        assert link.first.is_visible()
    link = page.get_by_role("main").get_by_role("link", name=NAMES[2]).first
    link.click()
    page.wait_for_url("**/metrics/*longong*/")
    assert page.locator("h1", has_text=NAMES[2]).is_visible()


SAID = {
    "": "No results are stored yet: say in reportgen.toml where they are, then run reportgen build",
    "runs/": "No run is stored yet",
    "metrics/": "No metric is measured yet",
    "compare/": "No run is stored yet; a comparison needs two",
}


def test_an_empty_report_says_what_to_do(visit, odd) -> None:
    """Where there is nothing to show, a sentence says so, and the overview what to do next."""
    page = visit("", base=odd["empty"].address)
    for path, text in SAID.items():
        page.goto(odd["empty"].address + path)
        assert page.get_by_role("main").get_by_text(text).is_visible()


def test_one_run_has_nothing_to_compare_with(visit, odd) -> None:
    """Its differences are said to be unknown, not nothing."""
    page = visit("", base=odd["one"].address)
    cells = page.locator("#datasets tbody td[data-label='Newly failing']")
    assert cells.all_inner_texts() == ["– first run"]
    page.goto(odd["one"].address + "compare/")
    assert page.get_by_text("There is only one run; a comparison needs two").is_visible()
