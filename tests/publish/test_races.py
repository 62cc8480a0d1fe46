"""Publishers that meet, and publishers that are killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import pytest

from reportgen.errors import PublishError
from reportgen.publish import branch as branch_module
from reportgen.publish.workshop import push_commit
from tests.publish.sample import Repository, make_repository, make_site
from tests.publish.test_branch import publish

ROUNDS = int(os.environ.get("REPORTGEN_ROUNDS", "6"))
KILLS = int(os.environ.get("REPORTGEN_KILLS", "12"))
"""Enough to meet and to be hit; more of them by the environment."""
MEETING = """\
#!/bin/sh
# Who pushes waits until two have come: both have seen the same state of the branch.
touch "$MEET/$$"
n=0
while [ "$(ls "$MEET" | wc -l)" -lt 2 ] && [ $n -lt 1200 ]; do sleep 0.1; n=$((n + 1)); done
cat >/dev/null
"""


def test_publishers_that_meet_both_arrive(repository: Repository, tmp_path: Path) -> None:
    """Two calls of the command at the same moment, many times over: nothing of either is lost."""
    clones = [make_clone(repository, tmp_path / name) for name in ("left", "right")]
    names = [[f"w_20{number:02d}_{week:02d}" for week in (1, 2)] for number in range(ROUNDS)]
    meet = tmp_path / "meet"
    hook = repository.remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(MEETING.replace("$MEET", str(meet)))
    hook.chmod(0o755)
    with contextlib.ExitStack() as stack:
        pair = [stack.enter_context(Publisher(clone, tmp_path)) for clone in clones]
        for both in names:
            for publisher, name in zip(pair, both, strict=True):
                publisher.build(name, runs=[f"rc2/{name}"])
            shutil.rmtree(meet, ignore_errors=True)
            meet.mkdir()
            for publisher, name in zip(pair, both, strict=True):
                publisher.start(name)
            tries = sorted(publisher.wait()["attempts"] for publisher in pair)
            assert tries[0] == 1
            assert tries[1] > 1
    published, expected = repository.listing(), {name for both in names for name in both}
    versions = json.loads(repository.read("v/versions.json"))
    assert {one["version"] for one in versions} == expected
    assert all(f"v/{name}/runs/rc2/{name}/index.html" in published for name in expected)
    assert all(f"runs/rc2/{name}/index.html" in published for name in expected)
    assert repository.git("rev-list", "--count", "gh-pages") == str(2 * ROUNDS)


def test_publishers_in_one_repository_both_arrive(repository: Repository, tmp_path: Path) -> None:
    """The branch of one repository, moved from two sides without a remote, loses nothing."""
    repository.git("remote", "remove", "origin", where=repository.work)
    for number in range(5):
        names = [f"w_20{number:02d}_{week:02d}" for week in (1, 2)]
        sites = [make_site(tmp_path / name, name) for name in names]
        together([repository, repository], sites, names, push=False)
    listed = repository.git("show", "gh-pages:v/versions.json", where=repository.work)
    assert len(json.loads(listed)) == 10
    leftover = repository.git("for-each-ref", "refs/reportgen", where=repository.work)
    assert leftover == ""


def test_a_race_that_is_always_lost_ends(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After five lost races the error says what to do, and what the others did stays."""
    calls = []

    def overtaken(*arguments: object) -> object:
        calls.append(arguments)
        repository.commit_foreign({f"other{len(calls)}.txt": "x"})
        return push_commit(*arguments)

    monkeypatch.setattr("reportgen.publish.workshop.push_commit", overtaken)
    with pytest.raises(PublishError, match=r"5 times in a row.*publish again"):
        publish(repository, make_site(tmp_path / "a"), "main")
    assert len(calls) == branch_module.TRIES
    assert set(repository.listing()) == {f"other{number}.txt" for number in range(1, 6)}


def test_a_later_try_stores_nothing_twice(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a lost race the edition is put onto the new tip with the same files."""
    rivals = iter([{"rival.txt": "x"}])

    def overtaken_once(*arguments: object) -> object:
        for files in rivals:
            repository.commit_foreign(files)
        return push_commit(*arguments)

    monkeypatch.setattr("reportgen.publish.workshop.push_commit", overtaken_once)
    site = make_site(tmp_path / "a", figures={"f": "1", "g": "2"})
    report = publish(repository, site, "main", aliases=["latest"])
    assert report.attempts == 2
    raced = repository.listing()
    undisturbed = make_repository(tmp_path / "undisturbed")
    undisturbed.commit_foreign({"rival.txt": "x"})
    publish(undisturbed, site, "main", aliases=["latest"])
    assert raced == undisturbed.listing()


def test_a_squash_does_not_force_over_a_rival(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A branch without history is replaced only in the state that was read."""
    publish(repository, make_site(tmp_path / "a"), "main")
    rivals = iter([{"rival.txt": "x"}])

    def overtaken_once(*arguments: object) -> object:
        for files in rivals:
            repository.commit_foreign(files)
        return push_commit(*arguments)

    monkeypatch.setattr("reportgen.publish.workshop.push_commit", overtaken_once)
    publish(repository, make_site(tmp_path / "b", "w_1"), "w_1", history="squash")
    assert {"rival.txt", "v/main/index.html", "v/w_1/index.html"} <= set(repository.listing())


def test_a_killed_publisher_leaves_the_branch(repository: Repository, tmp_path: Path) -> None:
    """Killed before any call of git, the branch is as before or as after, and works."""
    outcomes = []
    with Publisher(repository, tmp_path) as publisher:
        publisher.duration()
        for calls in range(1, 100):
            name = f"w_20{calls:02d}_01"
            publisher.build(name, figures={f"f{n}": f"{name}{n}" for n in range(3)})
            before = repository.tip()
            publisher.start(name, calls=calls)
            publisher.ended()
            outcomes.append(moved(repository, before, name))
            if publisher.said():
                break
    assert publisher.said()
    assert outcomes[-1]
    # It moves at one moment: before that call nothing has happened, after it all.
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) > 5
    works(repository, tmp_path)


def test_a_publisher_killed_at_random_leaves_the_branch(
    repository: Repository, tmp_path: Path
) -> None:
    """The same in the middle of what it does, wherever that is."""
    generator = random.Random(1)
    with Publisher(repository, tmp_path) as publisher:
        longest = publisher.duration()
        for number in range(KILLS):
            name = f"w_20{number:02d}_01"
            publisher.build(name, figures={f"f{n}": f"{name}{n}" for n in range(30)})
            before = repository.tip()
            publisher.start(name)
            time.sleep(generator.uniform(0, 1.2 * longest))
            publisher.kill()
            moved(repository, before, name)
    works(repository, tmp_path)


def moved(repository: Repository, before: str, name: str) -> bool:
    """Tell whether the branch has moved; then by one commit, which holds the edition."""
    after = repository.tip()
    if after == before:
        return False
    assert repository.git("rev-parse", f"{after}^") == before
    assert f"v/{name}/index.html" in repository.listing()
    return True


def works(repository: Repository, folder: Path) -> None:
    """Check that the branch is whole and can be published on."""
    repository.git("fsck", "--connectivity-only")
    last = make_site(folder / "last", "w_2099_01")
    assert publish(repository, last, "w_2099_01").attempts == 1


class Publisher:
    """A process that has loaded everything and forks for each call of the command.

    So that kills hit the work, and two of them begin at the same moment.
    """

    CODE = """
import os, signal, sys
from reportgen import publishing
from reportgen.cli import app
folder = sys.argv[1]
def die_at(calls):
    made = 0
    def count(event, _):
        nonlocal made
        made += event == "subprocess.Popen"
        if made == calls:
            os.killpg(0, signal.SIGKILL)
    sys.addaudithook(count)
for line in sys.stdin:
    name, calls = line.split()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        if int(calls):
            die_at(int(calls))
        os.dup2(os.open(folder + "/said.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        app(["publish", "--edition", name, "--push", "--json", "--config", folder])
    try:
        os.setpgid(child, child)
    except OSError:
        pass  # it is quicker, and may have ended
    print(child, flush=True)
    os.waitpid(child, 0)
    print("done", flush=True)
"""

    def __init__(self, repository: Repository, folder: Path) -> None:
        self.work = repository.work
        self.folder = folder
        self.child = 0

    def __enter__(self) -> Self:
        (self.work / "reportgen.toml").write_text("")
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.CODE, str(self.work)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"TMPDIR": str(self.folder)},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=600)

    def build(self, name: str, **content: object) -> None:
        """Leave the site of an edition where the command looks for it."""
        shutil.rmtree(self.work / "site", ignore_errors=True)
        make_site(self.work / "site", name, **content)

    def start(self, name: str, *, calls: int = 0) -> None:
        """Begin to publish; to be killed before so many calls of other programs."""
        (self.work / "said.json").unlink(missing_ok=True)
        self.process.stdin.write(f"{name} {calls}\n")
        self.process.stdin.flush()
        self.child = int(self.process.stdout.readline())

    def wait(self) -> dict[str, Any]:
        """Return what the command said at its end."""
        self.ended()
        (said,) = json.loads(self.said())
        return said

    def ended(self) -> None:
        """Wait for the end."""
        assert self.process.stdout.readline() == "done\n"

    def said(self) -> str:
        """Return what the command said, nothing if it was killed."""
        return (self.work / "said.json").read_text()

    def kill(self) -> None:
        """Kill the publisher and every git that it has called, and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child, signal.SIGKILL)
        self.ended()

    def duration(self) -> float:
        """Return how long one takes that nobody kills, the second one that there is."""
        for name in ("main", "w_1999_01"):
            self.build(name)
            begin = time.monotonic()
            self.start(name)
            assert self.wait()["changed"]
        return time.monotonic() - begin


def make_clone(repository: Repository, folder: Path) -> Repository:
    """Return another work tree with the same remote."""
    clone = make_repository(folder)
    clone.git("remote", "set-url", "origin", str(repository.remote), where=clone.work)
    return Repository(work=clone.work, remote=repository.remote)


def together(
    repositories: Sequence[Repository],
    sites: Sequence[Path],
    names: Sequence[str],
    *,
    push: bool = True,
) -> list[int]:
    """Publish at the same moment and return the number of tries of each."""
    gate = threading.Barrier(len(names))
    tries: list[int] = []

    def run(repository: Repository, site: Path, name: str) -> None:
        gate.wait()
        tries.append(publish(repository, site, name, push=push).attempts)

    threads = [
        threading.Thread(target=run, args=arguments)
        for arguments in zip(repositories, sites, names, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tries) == len(names)
    return tries
