from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportgen.definitions.overrides import Overrides, load_overrides
from reportgen.errors import DefinitionError
from reportgen.model.status import Kind
from tests.definitions.folders import write_files
from tests.factories import make_key, make_specification

FILE = """
    [[alias]]
    metric = "analysis_tools.*_stellarPhotRepeatStdev"
    canonical = "validate_drp.PA1"
    reason = "the same quantity"

    [[alias]]
    metric = ["stellarPhotRepeatStdev", "photRepeat?"]
    package = "faro"
    canonical = "validate_drp.PA1"
    reason = "an older name"

    [[epoch]]
    metric = "validate_drp.PF1*"
    dataset = "HSC*"
    from_release = "w_2023_20"
    reason = "DM-39332: outliers were counted twice before"

    [[epoch]]
    metric = "PF1_design_gri"
    producer = ["faro", "analysis_*"]
    from_date = 2024-10-21
    reason = "in electrons"

    [[metric]]
    metric = "validate_drp.A?1*"
    improves = "down"
    tolerance = {value = 0.1, unit = "milliarcsecond"}
    owner = "astrometry group"
    reason = "scatter"

    [[metric]]
    metric = "validate_drp.AF1*"
    unit = "percent"
    zero = "missing"
    tolerance = {value = 1, unit = "%"}
    reason = "old files state no unit"

    [[metric]]
    metric = "validate_drp.nStars"
    improves = "none"
    unit = "ct"
    stated = ["mag", "s"]
    reason = "a number, not a magnitude"

    [[rename]]
    dataset = "RC2"
    to_dataset = "HSC RC2"
    reason = "one name for it"

    [[rename]]
    dataset = "RC2"
    release = "w_2021_3"
    to_release = "w_2021_03"
    reason = "a typing error"
    """


@pytest.fixture
def overrides(tmp_path: Path) -> Overrides:
    """Return overrides with entries of all kinds but limits and bands."""
    return load_overrides(write_files(tmp_path, {"overrides.toml": FILE}) / "overrides.toml")


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("analysis_tools.g_stellarPhotRepeatStdev", "validate_drp.PA1"),
        ("faro.stellarPhotRepeatStdev", "validate_drp.PA1"),
        ("faro.photRepeat1", "validate_drp.PA1"),
        ("analysis_tools.stellarPhotRepeatStdev", "analysis_tools.stellarPhotRepeatStdev"),
        ("faro.g_stellarPhotRepeatStdev", "faro.g_stellarPhotRepeatStdev"),
        ("validate_drp.PA1", "validate_drp.PA1"),
    ],
)
def test_an_alias_gives_the_canonical_name(overrides, metric, name):
    """A metric that fits an alias, with or without package, is shown under its canonical name."""
    assert overrides.canonical_name(metric) == name


def test_epochs_begin_where_metric_dataset_and_producer_fit(overrides):
    """A series gets the epochs whose metric, dataset and producer fit, and nothing else."""
    by_release, by_date = overrides.epoch
    assert (by_release.from_release, by_date.from_date) == ("w_2023_20", date(2024, 10, 21))
    metric = "validate_drp.PF1_design_gri"
    assert overrides.epochs_for(metric, "HSC RC2", "faro") == (by_release, by_date)
    assert overrides.epochs_for(metric, "DC2", "analysis_tools") == (by_date,)
    assert overrides.epochs_for(metric, "HSC RC2", None) == (by_release,)
    assert overrides.epochs_for("validate_drp.PA1", "HSC RC2", "faro") == ()


def test_rules_of_a_metric_add_up_and_the_later_wins(overrides):
    """Entries that fit the same metric add up key by key; the later one wins."""
    rule = overrides.rules_for("validate_drp.AF1_design")
    assert (rule.improves, rule.owner, rule.unit, rule.zero) == (
        "down",
        "astrometry group",
        "%",
        "missing",
    )
    assert (rule.tolerance.value, rule.tolerance.unit) == (1, "%")
    assert rule.reason == "scatter; old files state no unit"
    assert overrides.rules_for("validate_drp.AM1").tolerance.unit == "marcsec"
    assert overrides.rules_for("validate_drp.PA1") is None


@pytest.mark.parametrize(
    ("metric", "stated", "unit"),
    [
        ("validate_drp.AF1_design", "", "%"),
        ("validate_drp.AF1_design", None, "%"),
        ("validate_drp.AF1_design", "mmag", "mmag"),
        ("validate_drp.nStars", "mag", "ct"),
        ("validate_drp.nStars", "", ""),
        ("validate_drp.PA1", None, None),
    ],
)
def test_a_unit_replaces_only_what_it_is_meant_to_replace(overrides, metric, stated, unit):
    """A unit is put where the file states none, or exactly where it states one of those named."""
    assert overrides.unit(metric, stated) == unit


@pytest.mark.parametrize(
    ("operators", "direction"),
    [
        (["<="], "down"),
        (["<", "<="], "down"),
        ([">="], "up"),
        (["<=", ">="], None),
        (["=="], None),
        ([], None),
    ],
)
def test_the_direction_follows_from_the_requirements(overrides, operators, direction):
    """An upper limit means that lower is better; limits on both sides mean nothing."""
    specifications = [
        make_specification(f"validate_drp.PA1.s{i}", operator=operator)
        for i, operator in enumerate(operators)
    ]
    other = make_specification("validate_drp.PA2.design", operator=">=")
    watch = make_specification("validate_drp.PA1.low", operator=">=", kind=Kind.WATCH_RANGE)
    assert overrides.direction("validate_drp.PA1", [*specifications, other, watch]) == direction


def test_a_stated_direction_wins(overrides):
    """What an override states of a direction wins over the requirements, also that it has none."""
    limits = [make_specification("validate_drp.AM1.x", operator=">=")]
    assert overrides.direction("validate_drp.AM1", limits) == "down"
    numbers = [make_specification("validate_drp.nStars.x", operator=">=")]
    assert overrides.direction("validate_drp.nStars", numbers) is None


def test_runs_are_renamed(overrides):
    """Datasets and single releases get their new names; other runs keep theirs."""
    assert overrides.renamed(make_key("RC2", "w_2021_30", collection="u/x")) == make_key(
        "HSC RC2", "w_2021_30", collection="u/x"
    )
    assert overrides.renamed(make_key("RC2", "w_2021_3")) == make_key("HSC RC2", "w_2021_03")
    assert overrides.renamed(make_key("DC2", "w_2021_3")) == make_key("DC2", "w_2021_3")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[limit]", "overrides.toml: not valid TOML: "),
        (
            "[[limits]]",
            "limits: unknown key; allowed: alias, limit, bands, epoch, metric, rename",
        ),
        ("limit = 5", "limit = 5: "),
        ("limit = [5]", "limit[1] = 5: "),
        (
            "[[alias]]\nmetric='a'\ncanonical='p.b'",
            "alias[1] (a), reason: is missing",
        ),
        (
            "[[alias]]\nmetric='a'\ncanonical='p.b'\nreason=' '",
            "alias[1] (a), reason = ' ': ",
        ),
        ("[[alias]]\nmetric='a'\ncanonical='b'\nreason='r'", "alias[1] (a), canonical = 'b': "),
        ("[[alias]]\nmetric=[]\ncanonical='p.b'\nreason='r'", "alias[1], metric: "),
        (
            "[[limit]]\nspecification='a.b.c'\ntreshold=5\nreason='r'",
            "limit[1] (a.b.c), treshold = 5: unknown key; allowed: reason, specification,",
        ),
        (
            "[[limit]]\nspecification='a.b.c'\nreason='r'",
            "limit[1] (a.b.c): it changes nothing; give threshold, operator or unit",
        ),
        (
            "[[limit]]\nspecification='a.b.c'\noperator='=<'\nreason='r'",
            "limit[1] (a.b.c), operator = '=<': Input should be '<=', '<', '>=', '>', '==' or '!='",
        ),
        (
            "[[limit]]\nspecification='a.b.c'\nthreshold=nan\nreason='r'",
            "limit[1] (a.b.c), threshold = nan: ",
        ),
        (
            "[[limit]]\nspecification='a.b.c'\nunit='parrots'\nreason='r'",
            "limit[1] (a.b.c), unit = 'parrots': astropy knows no such unit",
        ),
        ("[[bands]]\nspecification='*'\nbands=[]\nreason='r'", "bands[1] (*), bands: "),
        ("[[epoch]]\nmetric='a'\nreason='r'", "epoch[1] (a): give from_release or from_date"),
        (
            "[[metric]]\nmetric='a'\nimproves='left'\nreason='r'",
            "metric[1] (a), improves = 'left': Input should be 'down', 'up' or 'none'",
        ),
        (
            "[[metric]]\nmetric='a'\ntolerance={value=1}\nreason='r'",
            "metric[1] (a), tolerance.unit: is missing",
        ),
        ("[[rename]]\ndataset='a'\nreason='r'", "rename[1]: give to_dataset or to_release"),
    ],
)
def test_mistakes_name_entry_key_and_allowed_values(tmp_path, text, problem):
    """A mistake is one sentence that names file, entry, key, value and what is allowed."""
    write_files(tmp_path, {"overrides.toml": text})
    with pytest.raises(DefinitionError) as caught:
        load_overrides(tmp_path / "overrides.toml")
    assert str(caught.value).startswith("overrides.toml: ")
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_said_at_once(tmp_path):
    """Several mistakes in one file are one message, so that they can be mended together."""
    text = "[[alias]]\nmetric='a'\n[[epoch]]\nmetric='b'\nreason='r'"
    write_files(tmp_path, {"overrides.toml": text})
    with pytest.raises(DefinitionError) as caught:
        load_overrides(tmp_path / "overrides.toml", "data/overrides.toml")
    assert str(caught.value) == (
        "data/overrides.toml: alias[1] (a), reason: is missing;"
        " alias[1] (a), canonical: is missing;"
        " epoch[1] (b): give from_release or from_date"
    )


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    """A file that cannot be read is named."""
    with pytest.raises(DefinitionError, match=r"^overrides\.toml: there is no such file"):
        load_overrides(tmp_path / "overrides.toml")
