"""Where something is defined, with every web address that is given."""

from __future__ import annotations

import pytest

from reportgen.model.definitions import Reference
from reportgen.pages.references import Source, describe_reference, link_reference

A, B = "https://a.example/LPM-17", "https://b.example/DMTR"


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        (Reference(), []),
        (Reference(docs=("LPM-17",), page="21"), [("LPM-17, page 21", None)]),
        (Reference(docs=("LPM-17",), urls=("javascript:x",)), [("LPM-17", None)]),
        (Reference(docs=("LPM-17",), urls=(A,)), [("LPM-17", A)]),
        (
            Reference(docs=("LPM-17", "DMTR-311"), page="3", urls=(A, B)),
            [("LPM-17", A), ("DMTR-311, page 3", B)],
        ),
        (Reference(docs=("LPM-17",), urls=(A, B, A)), [("LPM-17", A), (B, B)]),
        (Reference(urls=(A, B)), [(A, A), (B, B)]),
        (
            Reference(docs=("LPM-17", "DMTR-311"), urls=(B,)),
            [("LPM-17, DMTR-311", B)],
        ),
    ],
)
def test_every_address_is_a_link(reference: Reference, shown: list[tuple[str, str | None]]) -> None:
    """As many addresses as documents belong to one each; nothing but web addresses is a link."""
    assert link_reference(reference) == tuple(Source(text=text, url=url) for text, url in shown)


def test_a_reference_in_words() -> None:
    """Documents, section, page."""
    reference = Reference(docs=("LPM-17",), section="3.3.4 Photometry", page="21")
    assert describe_reference(reference) == "LPM-17, 3.3.4 Photometry, page 21"
