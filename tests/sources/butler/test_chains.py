"""Which dataset counts where several runs hold one data ID."""

from __future__ import annotations

import pytest

from tests.sources.butler.pulls import FIRST, SECOND, TOP, Pulls, expected_values


def test_old_run_that_joins_a_chain(repository, tmp_path):
    """A collection that is new to the pull is searched as a whole, however old its datasets."""
    first, second = repository.run(FIRST), repository.run(SECOND)
    repository.ingest(repository.tract_values(["PA1"], second, [9000]))
    repository.ingest(repository.tract_values(["PA2"], first, [9000]))
    repository.chain(TOP, [first])
    pulls = Pulls(tmp_path, overlap=0)
    assert len(pulls.pull()) == 3
    repository.chain(TOP, [second, first])
    assert len(pulls.pull()) == 3
    assert pulls.values() == expected_values(["PA1", "PA2"], [9000])


def test_first_in_the_chain_counts(repository, tmp_path):
    """Where two runs of a processing hold one data ID, the chain decides, as in a look-up."""
    first, second = repository.run(FIRST), repository.run(SECOND)
    repository.ingest(repository.tract_values(["PA1"], second, [9000], shift=0.5))
    repository.ingest(repository.tract_values(["PA1"], first, [9000, 9001]))
    repository.chain(TOP, [second, first])
    pulls = Pulls(tmp_path)
    pulls.pull()
    assert pulls.values() == {
        **expected_values(["PA1"], [9000], shift=0.5),
        **expected_values(["PA1"], [9001]),
    }


@pytest.mark.parametrize(("front", "shift"), [(True, 0.5), (False, 0.0)])
def test_later_run_in_a_chain(repository, tmp_path, front, shift):
    """A run that comes later replaces values if it stands in front, and not if behind."""
    first, second = repository.run(FIRST), repository.run(SECOND)
    repository.ingest(repository.tract_values(["PA1"], first, [9000]))
    repository.chain(TOP, [first])
    pulls = Pulls(tmp_path, overlap=0)
    pulls.pull()
    repository.ingest(repository.tract_values(["PA1"], second, [9000], shift=0.5))
    repository.chain(TOP, [second, first] if front else [first, second])
    assert len(pulls.pull()) == (3 if front else 0)
    assert pulls.values() == expected_values(["PA1"], [9000], shift=shift)
    assert pulls.pull() == []


def test_tag_on_an_old_dataset(repository, tmp_path):
    """A dataset that is tagged long after its ingest arrives with the next pull."""
    run = repository.run(FIRST)
    contents = list(repository.tract_values(["PA1"], run, [9000, 9001], bands="r"))
    repository.ingest(contents)
    refs = [ref for ref, _ in contents]
    repository.tag("HSC/approved", refs[:1])
    pulls = Pulls(tmp_path, collections=["HSC/app*"], overlap=0)
    assert len(pulls.pull()) == 1
    repository.tag("HSC/approved", refs[1:])
    assert len(pulls.pull()) == 1
    assert pulls.values() == expected_values(["PA1"], [9000, 9001], bands="r")
    assert {job.run.collection for job in pulls.jobs.values()} == {TOP}


def test_collections_by_glob(repository, tmp_path):
    """Each processing is a run of the site; runs without a chain are found as well."""
    weekly = repository.run("HSC/runs/RC2/w_2026_41/DM-1/20261012T010203Z")
    repository.ingest(repository.tract_values(["PA1"], repository.run(FIRST), [9000]))
    repository.ingest(repository.tract_values(["PA1"], weekly, [9000], shift=0.5))
    repository.ingest(repository.tract_values(["PA1"], repository.run("u/me/test"), [9000]))
    repository.chain(TOP, [FIRST])
    pulls = Pulls(tmp_path, collections=["HSC/runs/*"])
    assert len(pulls.pull()) == 6
    assert {(job.run.release, job.run.collection, job.ticket) for job in pulls.jobs.values()} == {
        ("w_2026_40", TOP, "DM-99999"),
        ("w_2026_41", "HSC/runs/RC2/w_2026_41/DM-1", "DM-1"),
    }


def test_newest_run_without_a_chain(repository, tmp_path):
    """Without a chain the newest run of a processing counts."""
    first, second = repository.run(FIRST), repository.run(SECOND)
    repository.ingest(repository.tract_values(["PA1"], second, [9000], shift=0.5))
    repository.ingest(repository.tract_values(["PA1"], first, [9000]))
    pulls = Pulls(tmp_path, collections=["HSC/runs/*"])
    pulls.pull()
    assert pulls.values() == expected_values(["PA1"], [9000], shift=0.5)
