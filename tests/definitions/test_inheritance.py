from __future__ import annotations

from reportgen.definitions.inheritance import merge
from reportgen.definitions.packages import read_packages
from tests.definitions.folders import limit, write_files


def test_mappings_merge_lists_append_and_scalars_are_replaced():
    """Mappings merge key by key at any depth, lists append, of anything else the later wins."""
    base = {"a": {"b": {"c": 1, "d": [1]}, "e": 2}, "tags": ["x"], "unit": "mag", "list": [1]}
    own = {"a": {"b": {"c": 3, "d": [4]}}, "tags": ["y"], "unit": "mmag", "list": "text", "f": 5}
    assert merge(base, own) == {
        "a": {"b": {"c": 3, "d": [1, 4]}, "e": 2},
        "tags": ["x", "y"],
        "unit": "mmag",
        "list": "text",
        "f": 5,
    }
    assert base["tags"] == ["x"]


def test_bases_merge_first_to_last_and_own_fields_come_last(tmp_path):
    """Partials of the same file, another file and another package, and specifications are bases."""
    files = {
        "specs/p/sub/PA1.yaml": """
            ---
            id: base
            metric: PA1
            tags: [base]
            threshold: {unit: percent, operator: "<="}
            ---
            name: design
            base: "#base"
            threshold: {value: 10}
            tags: [design]
            """,
        "specs/p/hsc.yaml": """
            ---
            id: hsc
            metadata_query: {instrument: HSC, filter_name: HSC-R}
            tags: [hsc]
            ---
            name: hsc_design
            base: [PA1.design, "#hsc", "q:bands#i"]
            threshold: {value: 9}
            tags: [own]
            ---
            name: again
            base: p.PA1.hsc_design
            """,
        "specs/q/bands.yaml": "{id: i, metadata_query: {filter_name: HSC-I}}",
        "specs/p/other.yaml": """
            name: AM1.stretch
            base: ["sub/PA1#base"]
            threshold: {value: 1, unit: mmag}
            """,
    }
    found = read_packages([write_files(tmp_path / "d", files)])
    assert found.problems == ()
    spec = found.specifications
    assert sorted(spec) == ["p.AM1.stretch", "p.PA1.again", "p.PA1.design", "p.PA1.hsc_design"]
    assert (spec["p.PA1.design"].threshold, spec["p.PA1.design"].unit) == (10, "%")
    hsc = spec["p.PA1.hsc_design"]
    assert (hsc.threshold, hsc.unit, hsc.operator) == (9, "%", "<=")
    assert hsc.tags == ("base", "design", "hsc", "own")
    assert hsc.metadata_query == {"instrument": "HSC", "filter_name": "HSC-I"}
    assert spec["p.PA1.again"].metadata_query == hsc.metadata_query
    assert (spec["p.AM1.stretch"].threshold, spec["p.AM1.stretch"].unit) == (1, "mmag")


def test_the_metric_is_the_documents_own_before_any_inherited(tmp_path):
    """The metric is the document's own, else the one of its last base that has one."""
    files = {
        "specs/p/a.yaml": limit("A.x")
        + "---\n{id: b, metric: p.B}\n"
        + "---\n{name: from_partial, base: [A.x, '#b']}\n"
        + "---\n{name: from_specification, base: ['#b', A.x]}\n"
        + "---\n{name: own, metric: C, base: [A.x, '#b']}\n"
        + "---\n{name: D.in_name, base: [A.x]}\n"
    }
    found = read_packages([write_files(tmp_path / "d", files)])
    assert found.problems == ()
    assert sorted(found.specifications) == [
        "p.A.from_specification",
        "p.A.x",
        "p.B.from_partial",
        "p.C.own",
        "p.D.in_name",
    ]


def test_a_partials_single_tag_replaces_and_a_specifications_tag_appends(tmp_path):
    """A tag written as text replaces a list, but a specification hands it on as a list."""
    files = {
        "specs/p/a.yaml": limit("A.x", "tags: one")
        + "---\n{id: many, tags: [many]}\n---\n{id: text, tags: text}\n"
        + "---\n{name: replaced, base: [A.x, '#many', '#text']}\n"
        + "---\n{name: appended, base: [A.x, '#many']}\n"
    }
    found = read_packages([write_files(tmp_path / "d", files)]).specifications
    assert found["p.A.replaced"].tags == ("text",)
    assert found["p.A.appended"].tags == ("one", "many")


def test_what_cannot_be_resolved_names_the_missing_base(tmp_path):
    """Documents whose base is missing, direct or further off, or a circle, are a problem each."""
    files = {
        "specs/p/a.yaml": limit("M.good")
        + limit("M.direct", "base: '#nothing'")
        + limit("M.indirect", "base: [M.good, M.direct]")
        + limit("M.self", "base: M.self")
        + "---\n{id: a, base: '#b'}\n---\n{id: b, base: '#a'}\n"
    }
    found = read_packages([write_files(tmp_path / "d", files)])
    assert list(found.specifications) == ["p.M.good"]
    remedy = " Correct `base`, or the document that should define it."
    assert [problem.removesuffix(remedy) for problem in found.problems] == [
        f"d/specs/p/a.yaml, document {place}"
        for place in (
            "2 (M.direct): its base 'p:a#nothing' does not exist.",
            "3 (M.indirect): its base 'p.M.direct' needs 'p:a#nothing', which does not exist.",
            "4 (M.self): it inherits in a circle: p.M.self → p.M.self.",
            "5 (p:a#a): it inherits in a circle: p:a#b → p:a#a → p:a#b.",
            "6 (p:a#b): it inherits in a circle: p:a#a → p:a#b → p:a#a.",
        )
    ]
    assert all(problem.endswith(remedy) for problem in found.problems)


def test_a_partial_that_replaces_another_is_said(tmp_path):
    """Two partials of one name are a problem if they differ, and none if they are the same."""
    text = "---\n{id: a, metric: M}\n---\n{id: b, metric: M}\n---\n{id: a, metric: N}\n"
    files = {"specs/p/a.yaml": text + "---\n{id: b, metric: M}\n"}
    found = read_packages([write_files(tmp_path / "d", files)])
    assert found.problems == (
        "d/specs/p/a.yaml, document 3 (p:a#a): it replaces another partial of this name.",
    )


def test_the_order_of_files_does_not_matter(tmp_path):
    """A base may stand in a file that comes later, at any depth."""
    files = {f"specs/p/{9 - i}.yaml": f"{{name: M.s{i}, base: M.s{i - 1}}}" for i in range(1, 9)}
    files["specs/p/9.yaml"] = limit("M.s0")
    found = read_packages([write_files(tmp_path / "d", files)])
    assert found.problems == ()
    assert {spec.threshold for spec in found.specifications.values()} == {5}
    assert len(found.specifications) == 9
