from __future__ import annotations

from reportgen.sources import Fingerprint, History

KNOWN = frozenset({("d#a", "1"), ("d#b", "1"), ("d#b", "2"), ("e", "1")})


def test_jobs_of_a_file_are_counted() -> None:
    """What a source need not read again is told in jobs, with one hash or with any."""
    history = History(KNOWN)
    assert [history.holds("d", sha256) for sha256 in ("1", "2", "3", None)] == [2, 1, 0, 3]
    assert (history.holds("e"), history.holds("f")) == (1, 0)


def test_a_file_that_looks_as_it_did_has_its_jobs() -> None:
    """It counts only while the store holds all of them."""
    seen = {"d": Fingerprint(stamp="s", sha256="1", jobs=("d#a", "d#b"))}
    assert History(KNOWN, seen).unchanged("d", "s") == 2
    assert History(KNOWN, seen).unchanged("d", "t") == 0
    assert History(KNOWN - {("d#a", "1")}, seen).unchanged("d", "s") == 0
