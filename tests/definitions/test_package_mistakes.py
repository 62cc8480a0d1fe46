"""What is wrong with a package: said with its place, and at the cost of itself only."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.definitions.packages import read_packages
from tests.definitions.folders import limit, write_files


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1, 2", "line 2, column 1: not valid YAML: "),
        ("name: !!python/object/apply:os.getcwd []", "not valid YAML: could not determine"),
        ("just text", "document 1: it is not a mapping"),
        ("metric: PA1", "document 1: its name or id is missing; give it a name in quotes."),
        ("name: 5\nmetric: PA1", "document 1: its name or id is 5; give it a name in quotes."),
        ("name: x\nmetric: PA1", "document 1 (x): there is no threshold"),
        ("name: x\nmetric: PA1\nthreshold: 5", "document 1 (x): there is no threshold"),
        (
            "name: x\nmetric: PA1\nthreshold: {unit: mmag, operator: '<='}",
            "threshold.value is missing; it has to be a finite number.",
        ),
        (
            "name: x\nmetric: PA1\nthreshold: {value: .nan, unit: mmag, operator: '<='}",
            "threshold.value is nan; it has to be a finite number.",
        ),
        (
            "name: x\nmetric: PA1\nthreshold: {value: true, unit: mmag, operator: '<='}",
            "threshold.value is True; it has to be a finite number.",
        ),
        (
            "name: x\nmetric: PA1\nthreshold: {value: 5, unit: mmag, operator: '=<'}",
            "threshold.operator is '=<'; allowed: <=, <, >=, >, ==, !=.",
        ),
        (
            "name: x\nmetric: PA1\nthreshold: {value: 5, operator: '<='}",
            "threshold.unit is missing; write '' for a dimensionless limit.",
        ),
        (
            "name: x\nmetric: PA1\nthreshold: {value: 5, unit: parrots, operator: '<='}",
            "threshold.unit is 'parrots'; astropy knows no such unit.",
        ),
        (
            "name: x\nthreshold: {value: 5, unit: mmag, operator: '<='}",
            "document 1 (x): it names no metric and inherits none; add `metric`.",
        ),
        (limit("AM1.x", "metric: PA1"), "its metric is PA1, but its name says AM1."),
        (limit("x", "metric: faro.PA1"), "metric 'faro.PA1' is not of validate_drp"),
        (limit("x", "metric: ../PA1"), "is not of validate_drp, where it is filed."),
        (limit("x", "metric: PA1/x"), "'validate_drp.PA1/x.x' is not a specification name"),
        (limit("x", "metric: PA1\nbase: design"), "base 'design' is neither a specification"),
        (limit("x", "metric: PA1\nbase: 5"), "base is 5; it has to be a name or a list of names."),
        (limit("x", "metric: PA1\ntags: 5"), "tags is 5; it has to be a text or a list of texts."),
        (
            limit("x", "metric: PA1\nmetadata_query: [1]"),
            "it has to be a mapping of metadata_query",
        ),
        (limit("x", "metric: PA1\nmetadata_query: {a: [[1]]}"), "metadata_query.a is nested"),
        (limit("x", "metric: PA1\nmetadata_query: {a: 2021-08-27}"), "put it in quotes"),
        (limit("x", "metric: PA1\nreference: {page: [[1]]}"), "reference.page is nested"),
    ],
)
def test_one_wrong_file_is_a_problem_that_says_where(tmp_path, text, problem):
    """What is wrong in one file is said with its name, and everything else is read."""
    files = {
        "metrics/validate_drp.yaml": "PA1: {unit: mmag}",
        "specs/validate_drp/bad.yaml": text,
        "specs/validate_drp/good.yaml": limit("good", "metric: PA1"),
    }
    found = read_packages([write_files(tmp_path / "d", files)])
    assert list(found.specifications) == ["validate_drp.PA1.good"]
    assert list(found.metrics) == ["validate_drp.PA1"]
    (sentence,) = found.problems
    assert sentence.startswith("d/specs/validate_drp/bad.yaml, ")
    assert problem in sentence


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: {b", "not valid YAML"),
        ("[1, 2]", "it is a list; it has to be a mapping of metrics."),
        ("a/b: {unit: mmag}", "'p.a/b' is not a metric name; write package.metric."),
        ("a: 5", "a: it is 5; it has to be a mapping of fields."),
        ("a: {description: [1]}", "a: description is a list; it has to be text"),
        ("a: {reference: {doc: 5}}", "a: reference.doc is 5; it has to be text, put it in quotes."),
    ],
)
def test_one_wrong_file_of_metrics_is_a_problem(tmp_path, text, problem):
    """What is wrong with one metric is said with file and key, and the other files are read."""
    files = {"metrics/p.yaml": text, "metrics/q.yaml": "a: {unit: mmag}"}
    found = read_packages([write_files(tmp_path / "d", files)])
    assert list(found.metrics) == ["q.a"]
    assert found.problems[0].startswith("d/metrics/p.yaml")
    assert problem in found.problems[0]


def test_bytes_that_are_no_text_are_a_problem(tmp_path):
    """A file that is not UTF-8 is named and left out."""
    folder = write_files(tmp_path / "d", {"metrics/q.yaml": "a: {unit: mmag}"})
    (folder / "metrics" / "p.yaml").write_bytes(b"a: \xff\xfe\x00")
    found = read_packages([folder])
    assert list(found.metrics) == ["q.a"]
    assert found.problems[0].startswith("d/metrics/p.yaml: not valid YAML")


def _lines(form: str, reference: str = "*a{}") -> str:
    """Return twenty lines, each with ten references to the line before."""
    return "\n".join(
        form.format(i=i, before=", ".join([reference.format(i - 1)] * 10)) for i in range(1, 20)
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{a: " * 100_000, "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        # PyYAML from 6.0.4 on merges each key once, so that nothing grows and only the id lacks.
        (
            "a0: &a0 {x: 1, y: 2}\n" + _lines("a{i}: &a{i} {{<<: [{before}]}}"),
            "too many keys|its name or id is missing",
        ),
        (
            "a0: &a0 [x]\n" + _lines("a{i}: &a{i} [{before}]") + "\nid: *a19",
            "its name or id is a list",
        ),
        (
            "{id: a0, tags: [x]}\n" + _lines("---\n{{id: a{i}, base: [{before}]}}", "'#a{}'"),
            "it inherits too many tags.",
        ),
    ],
)
def test_a_file_made_to_fill_the_memory_is_a_problem(tmp_path, text, problem):
    """Nesting, merges, anchors and inheritance that would grow without end are refused."""
    files = {"specs/p/bad.yaml": text, "specs/p/good.yaml": limit("good", "metric: M")}
    found = read_packages([write_files(tmp_path / "d", files)])
    assert list(found.specifications) == ["p.M.good"]
    assert re.search(problem, found.problems[0])
    assert all(len(sentence) < 250 for sentence in found.problems)


def test_a_limit_that_replaces_another_is_said(tmp_path):
    """Two limits of one name are a problem if they differ, and none if they are the same."""
    files = {
        "specs/p/a.yaml": limit("x", "metric: m") + limit("y", "metric: m"),
        "specs/p/b.yaml": limit("x", "metric: m") + limit("y", "metric: m").replace("5", "6"),
    }
    found = read_packages([write_files(tmp_path / "d", files)])
    assert found.specifications["p.m.y"].threshold == 6
    problem = "it replaces another limit of this name, in d/specs/p/a.yaml."
    assert found.problems == (f"d/specs/p/b.yaml, document 2 (y): {problem}",)


def test_a_key_that_stands_twice_is_said(tmp_path):
    """The last value counts, as upstream has it, but not in silence; aliases repeat nothing."""
    twice = "threshold: {value: 5, unit: mmag, operator: '<=', value: 7}"
    files = {
        "metrics/p.yaml": "m: &m {unit: mag}\nn: {<<: *m, unit: s}\nk: [*m]\nm: {unit: mmag}\n",
        "specs/p/a.yaml": f"---\nname: m.x\n{twice}\n{limit('m.y')}",
        "specs/p/b.yaml": f"---\nname: m.z\n{twice}\n---\nbroken: [\n",
    }
    found = read_packages([write_files(tmp_path / "d", files)])
    assert found.metrics["p.m"].unit == "mmag"
    assert [found.specifications[f"p.m.{one}"].threshold for one in "xyz"] == [7, 5, 7]
    said = "stands twice in one mapping; the last one counts. Remove one."
    assert [problem for problem in found.problems if "twice" in problem] == [
        f"d/metrics/p.yaml, line 4, column 1: 'm' {said}",
        f"d/specs/p/a.yaml, line 3, column 51: 'value' {said}",
        f"d/specs/p/b.yaml, document 1, line 3, column 51: 'value' {said}",
    ]


def test_a_file_with_an_ending_in_capitals_is_said(tmp_path):
    """Upstream passes over it; its limits would be missed by nobody."""
    files = {"metrics/p.YAML": "m: {unit: mag}", "specs/p/a.Yml": limit("m.x"), "specs/README": ""}
    found = read_packages([write_files(tmp_path / "d", files)])
    unread = "files that end in .{} are not read, by lsst.verify neither."
    assert not found.metrics
    assert not found.specifications
    assert found.problems == (
        f"d/metrics/p.YAML: {unread.format('YAML')} Call it p.yaml.",
        f"d/specs/p/a.Yml: {unread.format('Yml')} Call it a.yml.",
    )


def test_a_file_outside_of_packages_is_a_problem(tmp_path):
    """A specification file directly below ``specs`` belongs to no package."""
    found = read_packages([write_files(tmp_path / "d", {"specs/a.yaml": limit("x", "metric: m")})])
    assert found.problems == (
        "d/specs/a.yaml: it belongs to no package. Move it into a folder named after its package.",
    )


_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.sampled_from(["", "x", "PA1", "mmag", "<=", "#a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "unit", "operator", "doc", "url"]), inner)
    ),
    max_leaves=6,
)
_documents = st.dictionaries(
    st.sampled_from(["name", "id", "metric", "base", "threshold", "tags", "metadata_query"]),
    _values,
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(documents=st.lists(_documents, max_size=4))
def test_no_content_is_a_crash(tmp_path, documents):
    """Whatever stands in a file, it is read or said to be wrong."""
    text = yaml.safe_dump_all(documents)
    found = read_packages([write_files(tmp_path / "d", {"specs/p/a.yaml": text})])
    specifications = sum("id" not in document or document["id"] is None for document in documents)
    assert len(found.specifications) <= specifications
    assert len(found.specifications) + len(found.problems) >= min(1, specifications)


def test_of_a_file_with_a_broken_document_the_others_count(tmp_path):
    """What is broken is named with its file, line and reason; nothing else is lost."""
    texts = {
        "quote": 'name: "d',
        "tab": "name: d\n\tthreshold: 1",
        "bracket": "name: d\nthreshold: {value: 5",
        "tag": "!!python/object:os.system {}",
        "number": "name: !!int d",
        "byte": "name: \x01",
    }
    for word, broken in texts.items():
        folder = write_files(
            tmp_path / word,
            {
                "specs/p/m.yaml": "# before\n"
                + limit("M.a")
                + f"---\n{broken}\n"
                + limit("M.b")
                + "---\n{no: name}\n"
            },
        )
        found = read_packages([folder], folder)
        assert list(found.specifications) == ["p.M.a", "p.M.b"], word
        assert len(found.problems) == 2, (word, found.problems)
        assert re.search(r"^specs/p/m\.yaml, document 2, (from )?line [678]\D", found.problems[0])
        assert "document 4" in found.problems[1]


def test_what_inherits_from_a_broken_document_is_named(tmp_path):
    """A specification whose base is broken is not read with half of its limit."""
    folder = write_files(
        tmp_path / "d",
        {
            "specs/p/m.yaml": "---\nid: base\nthreshold: {unit: mmag\n"
            "---\nname: M.a\nbase: '#base'\nthreshold: {value: 5, operator: '<='}\n" + limit("M.b")
        },
    )
    found = read_packages([folder], folder)
    assert list(found.specifications) == ["p.M.b"]
    assert ["p:m#base" in problem for problem in found.problems] == [False, True]
