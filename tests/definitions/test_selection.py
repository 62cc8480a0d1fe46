from __future__ import annotations

import pytest

from reportgen.definitions.selection import Selector
from tests.factories import make_specification


@pytest.mark.parametrize(
    ("query", "meta", "applies"),
    [
        ({}, {}, True),
        ({}, {"instrument": "HSC"}, True),
        ({"instrument": "HSC"}, {"instrument": "HSC", "filter": "r"}, True),
        ({"instrument": "HSC"}, {"instrument": "CFHT"}, False),
        ({"instrument": "HSC"}, {}, False),
        ({"instrument": "None"}, {"instrument": None}, False),
        ({"nothing": None}, {"nothing": None}, True),
        ({"nothing": None}, {}, False),
        ({"flag": 1}, {"flag": True}, True),
        ({"flag": "true"}, {"flag": True}, False),
        ({"camera": "1"}, {"camera": 1}, False),
        ({"camera": 1.0}, {"camera": 1}, True),
        ({"instrument": "HSC", "filter_name": "r"}, {"instrument": "HSC"}, False),
        ({"ccds": [12, 13]}, {"ccds": [12, 13]}, True),
        ({"ccds": [12, 13]}, {"ccds": [13, 12]}, False),
        ({"ccds": "[12, 13]"}, {"ccds": [12, 13]}, False),
        ({"visit": 903334}, {"visit": 903334}, True),
        ({"visit": "903334"}, {"visit": {"id": 903334}}, False),
    ],
)
def test_every_term_has_to_be_in_the_metadata_and_equal(query, meta, applies):
    """A specification applies if all its terms are in the metadata with equal values."""
    spec = make_specification(metadata_query=query)
    assert Selector([spec]).select(meta) == ([spec] if applies else [])


def test_one_selector_serves_many_jobs():
    """Jobs that differ in what no query asks for get the same answer, others their own."""
    every = make_specification("p.a.every")
    hsc = make_specification("p.a.hsc", metadata_query={"instrument": "HSC"})
    selector = Selector([every, hsc])
    first = selector.select({"instrument": "HSC", "visit": 1})
    assert first == [every, hsc]
    assert selector.select({"instrument": "HSC", "visit": 2}) is first
    assert selector.select({"instrument": "CFHT"}) == [every]
    assert selector.select({"instrument": ["HSC"]}) == [every]
    assert selector.select({"instrument": {"name": ["HSC"]}}) == [every]
