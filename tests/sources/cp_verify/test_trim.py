from __future__ import annotations

import tracemalloc

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import UnreadableError
from reportgen.sources.cp_verify import trim as trim_module
from reportgen.sources.cp_verify.trim import KEPT_ISR, load_statistics, trim
from reportgen.sources.documents import load_yaml

FOLDER = "data/real/ci_cpp_gen3"


def without_numbers(data, key=None):
    """Return a document as the trimmed one should be: numbers in lists and blocks of ISR gone."""
    if isinstance(data, dict):
        kept = {name.decode() for name in KEPT_ISR}
        return {
            name: without_numbers(value, name)
            for name, value in data.items()
            if key != "ISR" or name in kept
        }
    if isinstance(data, list) and key != "BIAS_SHIFTS":
        numbers = all(isinstance(one, int | float) for one in data)
        return [] if numbers else [without_numbers(one) for one in data]
    return data


def test_real_files(shared):
    """What is left of each real file is what was there, apart from what is never read."""
    paths = sorted((shared / FOLDER).glob("*/*.yaml"))
    for path in paths:
        content = path.read_bytes()
        full = load_yaml(content, path.name)
        expected = without_numbers(full) if trim(content) is not content else full
        assert repr(load_statistics(content, path.name)) == repr(expected), path
    assert len(paths) == 46


def test_bias_files_are_read_without_projections(shared):
    """A bias file of a megabyte costs a few hundred kilobytes beyond its bytes."""
    content = (shared / FOLDER / "biasDet/2025-04-03_e7b2d60.yaml").read_bytes()
    assert len(trim(content)) < len(content) / 50
    tracemalloc.start()
    load_statistics(content, "x")
    trimmed = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    load_yaml(content, "x")
    full = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert trimmed < 0.3 * full


def small(monkeypatch, text: str):
    """Return a text read as if it were a large file."""
    monkeypatch.setattr(trim_module, "WORTH", 0)
    return load_statistics(text.encode(), "x")


@pytest.mark.parametrize(
    "text",
    [
        "{AMP: {C10: {X: [1, 2]}}, ISR: {PROJECTION: [1, 2], MJD: 5.0}}",
        "ISR: {MJD: 5.0}\nAMP: {}\n",
        "ISR:\n    PROJECTION: 1\n    MJD: 5.0\n",
        "ISR: null\n",
        "A: |\n  x:\n  - 1\nB: 2\n",
        "A:\r\n- 1\r\n",
        "A: &x\n- 1\nB: *x\n",
        "A:\n- &x 1\nB: *x\n",
        "ISR:\n  PROJECTION: &p [1]\nB: *p\n",
        "A:\n- [1, 2]\n- {b: 3}\n",
        "A:\n- 1\n- text\n",
    ],
)
def test_what_is_not_written_like_upstream_is_read_as_a_whole(monkeypatch, text):
    """Another style of YAML loses nothing but numbers in lists."""
    expected = without_numbers(yaml.safe_load(text))
    found = without_numbers(small(monkeypatch, text))
    assert found in (expected, without_numbers(yaml.safe_load(text), "ISR"))


def test_failures_are_kept(monkeypatch):
    """Lists of words are no numbers."""
    text = "1:\n  FAILURES:\n  - C10 NOISE\n  - C11 NOISE\nX:\n  BIAS_SHIFTS:\n  - 1.0\n  - 2.0\n"
    assert small(monkeypatch, text) == yaml.safe_load(text)


def test_errors_name_the_line_of_the_file(monkeypatch):
    """The place of an error is that of the stored file, not of what was left of it."""
    monkeypatch.setattr(trim_module, "WORTH", 0)
    with pytest.raises(UnreadableError) as error:
        load_statistics(b"A:\n- 1\n- 2\n- 3\nB: [\n", "x")
    assert error.value.place.startswith(("line 5", "line 6"))


scalars = st.one_of(
    st.floats(), st.integers(-5, 5), st.booleans(), st.none(), st.sampled_from(["C10 NOISE", "1"])
)
documents = st.dictionaries(
    st.sampled_from(["AMP", "ISR", "VERIFY", "METADATA"]),
    st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["C10", "MJD", "PROJECTION", "BIAS_SHIFTS", "CALIBDIST", "X Y"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
)


@given(documents)
def test_trimming_loses_nothing_else(document):
    """Whatever PyYAML writes in block style, only numbers in lists and ISR blocks are lost."""
    text = yaml.safe_dump(document, default_flow_style=False, sort_keys=False)
    before = trim_module.WORTH
    trim_module.WORTH = 0
    try:
        found = load_statistics(text.encode(), "x")
    finally:
        trim_module.WORTH = before
    isr = found.get("ISR")
    if isinstance(document.get("ISR"), dict) and not isinstance(isr, dict):
        isr = {}
    assert repr(without_numbers(found)) == repr(without_numbers(document))
