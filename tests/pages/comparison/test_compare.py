from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import jsonschema
import pytest

from reportgen.model.comparison import Basis, Comparison, Side, Verdict
from reportgen.model.figures import FigureFile, FigureRequest
from reportgen.model.pages import Page
from reportgen.model.status import Status
from reportgen.pages import schemas
from reportgen.pages.comparison import page as compare
from reportgen.pages.comparison.api import CSV_COLUMNS, as_csv, describe, index_entries
from reportgen.pages.comparison.figures import overview_figure
from reportgen.pages.comparison.groups import MOST_FOLDED, make_groups
from reportgen.pages.comparison.text import FORMATS, as_markdown, as_text
from reportgen.pages.comparison.words import sentence, shared
from reportgen.pages.words import name_bands
from reportgen.render.environment import make_environment, page_template
from tests.conftest import ROOT
from tests.pages.comparison.comparisons import (
    make_comparison,
    make_comparison_row,
    make_paired_row,
    make_quiet_row,
    make_run,
)

HOSTILE = 'x.<script>alert("1")</script>|`=cmd\x1b[31m'


def draw(request: FigureRequest) -> FigureFile:
    """Return a file that stands for a figure."""
    return FigureFile(
        name="0" * 16, width=720, height=400, alt=request.alt, caption=request.caption,
        title=request.title,
    )  # fmt: skip


def one_page(comparison: Comparison) -> Page:
    """Return the page of a comparison whose runs have pages."""
    in_full = {comparison.a.run.id: True, comparison.b.run.id: True}
    return list(compare.pages([comparison], draw, in_full))[1]


class Outline(HTMLParser):
    """Ids, links and texts of a page; tags that are opened and never closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what leads somewhere and what can be led to."""
        self.tags.append(tag)
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))


def render(page: Page) -> str:
    """Return the page as its template gives it."""
    environment = make_environment(ROOT / "site_templates")
    root = "../" * page.path.count("/")
    return page_template(environment, page.template).render(view=page.view, root=root)


# Words


def test_sentence_begins_with_requirements() -> None:
    """What newly fails and what is fixed is said first, by name and band."""
    rows = [
        make_comparison_row(band="g", newly_failing=True),
        make_comparison_row(band="r", newly_failing=True),
        make_comparison_row("x.TE1", "y", fixed=True, verdict=Verdict.IMPROVED),
        make_quiet_row(),
    ]
    assert sentence(make_comparison(*rows)) == (
        "Newly failing: PA1 in g, r. Fixed: TE1 in y."
        " 2 regressed: all of validate_drp, all PA1. 1 improved: TE1 in y. 1 unchanged."
    )


def test_sentence_says_what_the_regressed_share() -> None:
    """Rows that are all of some bands are summed up by them, where other bands are there too."""
    worse = [make_comparison_row(f"x.m{n}", band) for n, band in enumerate("uyuy")]
    quiet = [make_quiet_row(f"x.q{n}", band) for n, band in enumerate("griz")]
    assert sentence(make_comparison(*worse, *quiet)) == (
        "4 regressed: all in u and y. 4 unchanged."
    )


def test_nothing_special_is_not_said() -> None:
    """A band that every row has is no finding."""
    rows = [make_comparison_row(f"x.m{n}", "r") for n in range(3)]
    assert shared(rows, [*rows, make_quiet_row("x.q", "r")]) == ""
    assert sentence(make_comparison(*rows)) == "3 regressed: m0 in r; m1 in r; m2 in r."


def test_package_and_producer_are_shared_too() -> None:
    """All rows of one package and producer among others are said to be so."""
    worse = [make_comparison_row(f"jointcal.m{n}", None, producer="jointcal") for n in range(4)]
    assert shared(worse, [*worse, make_quiet_row()]) == "all of jointcal, all by jointcal"


def test_a_tract_that_is_worst_everywhere_is_named() -> None:
    """Where one member changed most in every row, it is named."""
    rows = [make_paired_row(metric=f"x.m{n}") for n in range(4)]
    assert shared(rows, rows) == "most of all in tract 9007"


def test_sentence_of_a_quiet_comparison() -> None:
    """Without a change the sentence says so; where too little is known, that."""
    assert sentence(make_comparison(make_quiet_row())) == (
        "Nothing got better or worse beyond the noise. 1 unchanged."
    )
    young = make_comparison_row(verdict=Verdict.INCONCLUSIVE, basis=Basis.TOO_FEW)
    assert sentence(make_comparison(young)) == (
        "Nothing can be called better or worse with confidence."
        " 1 inconclusive (for want of past runs)."
    )
    assert sentence(make_comparison()) == "The two have no measured metric in common."


def test_producers_are_not_before_and_after() -> None:
    """Between two producers of one run nothing is new or fixed: one fails, the other does not."""
    rows = [make_comparison_row(band="z", newly_failing=True)]
    sides = {
        "a": Side(run=make_run(), producer="validate_drp"),
        "b": Side(run=make_run(), producer="faro"),
    }
    comparison = make_comparison(*rows, **sides)
    assert sentence(comparison).startswith("Failing by faro only: PA1 in z.")
    assert make_groups(comparison)[0].title == "Failing by faro only"


def test_many_names_are_cut() -> None:
    """A sentence names four metrics and counts the others."""
    rows = [make_comparison_row(f"x.m{n}", None) for n in range(9)]
    assert name_bands(rows) == "m0; m1; m2; m3; and 5 more"


# Groups and pages


def test_each_row_is_in_one_group() -> None:
    """What newly fails leads whatever its verdict; groups without rows are left out."""
    rows = [
        make_comparison_row(band="g", newly_failing=True, verdict=Verdict.INCONCLUSIVE),
        make_comparison_row(band="r"),
        make_comparison_row("x.TE1", "y", fixed=True),
        make_quiet_row(),
    ]
    groups = make_groups(make_comparison(*rows))
    assert [(g.anchor, [r.anchor for r in g.rows], g.folded) for g in groups] == [
        ("newly-failing", ["PA1-g"], False),
        ("fixed", ["TE1-y"], False),
        ("regressed", ["PA1-r"], False),
        ("unchanged", ["AM1-g"], True),
    ]


def test_folded_groups_are_bounded_but_counted() -> None:
    """Of very many unchanged rows the page lists some and says how many there are."""
    rows = [make_quiet_row(f"x.m{n}") for n in range(MOST_FOLDED + 7)]
    (group,) = make_groups(make_comparison(*rows))
    assert (len(group.rows), group.count, group.more) == (MOST_FOLDED, MOST_FOLDED + 7, 7)


def test_page_shows_every_number_of_a_row() -> None:
    """Basis, members, interval, p, q, threshold and the requirement before and after are there."""
    row = make_paired_row(status_a=Status.PASS, status_b=Status.FAIL, newly_failing=True)
    html = render(one_page(make_comparison(row, make_quiet_row())))
    for text in (
        "paired members", "8 of 10, 1 joined", "joined: tract 1", "1 to 1.7", "0.0078",
        "tolerance 0.1\u00a0mmag", "+1\u00a0mmag", "+20\u00a0%", "6\u00a0mmag",
        "newly failing".capitalize(), "90 % interval",
    ):  # fmt: skip
        assert text in html, text


def test_anchors_are_unique_and_linked() -> None:
    """Every row, section and figure has an id of its own; headings lead to them."""
    rows = [make_paired_row(), make_comparison_row(band="g", newly_failing=True), make_quiet_row()]
    page = one_page(make_comparison(*rows))
    outline = Outline(render(page))
    assert len(outline.ids) == len(set(outline.ids))
    assert {row.anchor for row in rows} <= set(outline.ids)
    assert {heading.id for heading in page.toc} <= set(outline.ids)
    local = {link[1:] for link in outline.links if link.startswith("#")}
    assert local <= set(outline.ids)


def test_missing_values_are_words() -> None:
    """A value that is not there is never an empty cell or a zero."""
    row = make_comparison_row(
        a=None, change=None, relative=None, verdict=Verdict.ADDED, basis=Basis.TOO_FEW
    )
    html = render(one_page(make_comparison(row)))
    assert "– no value" in html
    assert ">0<" not in html


def test_hostile_names_stay_text() -> None:
    """A metric whose name is HTML is shown as text, in the page and in the list."""
    row = make_comparison_row(HOSTILE, None, anchor="odd", newly_failing=True)
    comparison = make_comparison(row, b=Side(run=make_run("<b>w</b>")))
    for page in compare.pages([comparison], draw, {}):
        html = render(page)
        assert "script" not in Outline(html).tags
        assert "<b>w" not in html


def test_demonstration_is_said() -> None:
    """A comparison of generated runs says so at its top."""
    words = "Demonstration data: generated, not measured."
    assert words in render(one_page(make_comparison(make_quiet_row(), demonstration=True)))
    assert words not in render(one_page(make_comparison(make_quiet_row())))


def test_figures_show_all_changes_and_members() -> None:
    """The page asks for the changes of all rows, and for two pictures of members."""
    asked: list[FigureRequest] = []

    def note(request: FigureRequest) -> FigureFile:
        asked.append(request)
        return draw(request)

    comparison = make_comparison(make_paired_row(), make_quiet_row())
    list(compare.pages([comparison], note, {}))
    by_type = {type(request).__name__: request for request in asked}
    assert len(asked) == 3
    dumbbell = by_type["DumbbellFigure"]
    scatter, histogram = by_type["ScatterFigure"], by_type["HistogramFigure"]
    assert [row.after for row in dumbbell.rows] == [20.0, 0.0]  # type: ignore[union-attr]
    assert [row.link for row in dumbbell.rows] == ["#PA1-r", "#AM1-g"]  # type: ignore[union-attr]
    assert len(scatter.x) == len(scatter.members) == 8  # type: ignore[union-attr]
    differences = histogram.samples[0].values  # type: ignore[union-attr]
    assert differences == pytest.approx([1 + at / 10 for at in range(8)])


def test_list_has_newest_first_by_dataset() -> None:
    """The list groups comparisons by dataset and counts what needs a look."""
    first = make_comparison(make_comparison_row(newly_failing=True))
    second = make_comparison(make_quiet_row(), b=Side(run=make_run("w_2021_38")))
    page = compare.index_page([first, second], {"hsc-rc2/w_2021_30": True})
    (dataset,) = page.view.datasets
    assert [(row.b, row.newly_failing, row.regressed) for row in dataset.rows] == [
        ("w_2021_38", 0, 0),
        ("w_2021_34", 1, 1),
    ]
    assert "data-compare" not in render(page)


def test_list_offers_any_two_runs() -> None:
    """With two runs in full, the list has the form and the script, and works without it."""
    in_full = {"hsc-rc2/w_2021_30": True, "hsc-rc2/w_2021_34": True}
    html = render(compare.index_page([make_comparison(make_quiet_row())], in_full))
    assert 'data-compare data-root="../"' in html
    assert 'src="../assets/compare.js"' in html
    assert "reportgen compare A B" in html


# JSON, CSV, text


def described(*rows: Any, **more: Any) -> dict[str, Any]:
    """Return a comparison as strict JSON reads it back."""
    text = json.dumps(describe(make_comparison(*rows, **more)), allow_nan=False)
    return dict(json.loads(text))


def test_json_fits_its_schema() -> None:
    """The document validates, with absent values as null."""
    schema = schemas.load("compare.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    rows = [
        make_paired_row(ci_low=None),
        make_comparison_row(a=None, change=None, relative=None, verdict=Verdict.ADDED, unit=None),
        make_comparison_row(HOSTILE, None, status_a=Status.FAIL, status_b=Status.PASS, fixed=True),
    ]
    found = described(*rows)
    jsonschema.validate(found, schema, cls=jsonschema.Draft202012Validator)
    assert found["summary"] == {
        "improved": 0, "regressed": 2, "unchanged": 0, "inconclusive": 0, "added": 1,
        "removed": 0, "negligible": 0, "not_comparable": 0, "newly_failing": 0, "fixed": 1,
    }  # fmt: skip
    assert (found["a"], found["b"]) == ("hsc-rc2/w_2021_30", "hsc-rc2/w_2021_34")


def test_documents_lie_beside_the_page() -> None:
    """The JSON and the CSV have the address of the page below their own folders."""
    comparison = make_comparison(make_quiet_row())
    assert [document.path for document in compare.documents([comparison])] == [
        "api/v1/compare/hsc-rc2/w_2021_30...w_2021_34.json",
        "data/compare/hsc-rc2/w_2021_30...w_2021_34.csv",
    ]
    (entry,) = index_entries([comparison])
    assert entry["url"] == comparison.path == "compare/hsc-rc2/w_2021_30...w_2021_34/"


def test_csv_has_every_row_and_no_formula() -> None:
    """The CSV holds all numbers in full; no cell is taken for a formula."""
    rows = [make_paired_row(), make_comparison_row("=x.cmd", None)]
    found = list(csv.DictReader(io.StringIO(as_csv(make_comparison(*rows)))))
    assert tuple(found[0]) == CSV_COLUMNS
    assert (found[0]["n"], found[0]["of"], found[0]["q_value"]) == ("8", "10", "0.0078125")
    assert found[1]["metric"] == "'=x.cmd"


def test_text_shows_what_changed() -> None:
    """The terminal gets the sentence and a table of what changed; the rest is counted."""
    states = {"status_a": Status.PASS, "status_b": Status.FAIL, "newly_failing": True}
    text = as_text(make_comparison(make_paired_row(**states), make_quiet_row()))
    title, said, _, head, row, _, rest = text.splitlines()
    assert title == "HSC RC2: w_2021_34 against w_2021_30"
    assert said == "Newly failing: PA1 in r. 1 regressed: PA1 in r. 1 unchanged."
    assert re.split(r"  +", head) == [
        "metric", "band", "verdict", "A", "B", "change", "relative", "requirement", "basis",
    ]  # fmt: skip
    assert re.split(r"  +", row) == [
        "PA1", "r", "regressed", "5", "6 mmag", "+1 mmag", "+20 %",
        "pass → fail (newly failing)", "paired members, 8 of 10, 1 joined, q = 0.0078",
    ]  # fmt: skip
    assert head.index("basis") == row.index("paired members")
    assert rest == "1 row without a clear change left out."


def test_text_of_hostile_names_is_harmless() -> None:
    """Terminal commands and Markdown in a name are shown, not obeyed."""
    comparison = make_comparison(make_comparison_row(HOSTILE, None))
    assert "\x1b" not in as_text(comparison)
    assert "\\<script\\>" in as_markdown(comparison)


def test_formats_of_the_command_line() -> None:
    """Every format renders a comparison; JSON is the document of the site."""
    comparison = make_comparison(make_paired_row(), make_quiet_row())
    assert {name: bool(render_as(comparison)) for name, render_as in FORMATS.items()} == {
        "text": True, "json": True, "markdown": True, "csv": True,
    }  # fmt: skip
    assert json.loads(FORMATS["json"](comparison)) == describe(comparison)


def test_picture_of_changes_does_not_contradict_itself() -> None:
    """Where the medians of A and B go another way than the members, the change alone is said."""
    told = make_comparison_row("validate_drp.PA1", a=5.0, b=6.0, change=1.0, relative=0.2)
    other = make_comparison_row("validate_drp.AM1", a=5.0, b=6.0, change=-0.4, relative=-0.08)
    figure = overview_figure(make_comparison(told, other))
    assert [row.text for row in figure.rows] == ["5 → 6\u00a0mmag", "change −0.4\u00a0mmag"]


@pytest.mark.parametrize(
    ("b", "change", "said"),
    [
        (4.8, 0.3, "most members rise, though their median falls"),
        (5.2, -0.3, "most members fall, though their median rises"),
        (5.2, 0.3, ""),
        (5.0, 0.3, ""),
    ],
)
def test_a_change_against_the_medians_is_said_in_the_row(b, change, said) -> None:
    """Columns A and B that lead elsewhere than the change are no error: the row says what is so."""
    row = make_paired_row(a=5.0, b=b, change=change)
    html = render(one_page(make_comparison(row, make_quiet_row())))
    assert re.findall(r'<small class="rg-against">(.*?)</small>', html) == ([said] if said else [])
    (found, _) = described(row, make_quiet_row())["rows"]
    assert found["medians_disagree"] is bool(said)
    assert ("their median" in as_text(make_comparison(row))) is bool(said)
