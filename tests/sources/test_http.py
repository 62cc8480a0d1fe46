"""Sources on a web server: what it gives is read, what it refuses is named with a remedy."""

from __future__ import annotations

import gzip
import json
import zipfile

import pytest
from typer.testing import CliRunner

from reportgen.cli import app
from reportgen.errors import SourceError
from reportgen.model.bundle import JobBundle
from reportgen.sources import read_jobs, remote
from reportgen.sources.retry import Patience
from tests.servers import free_port
from tests.serving import Quiet, serving
from tests.sources.reading import make_config, read, read_one, values

JOB = json.dumps({"measurements": [{"metric": "a.B", "value": 1.0, "unit": ""}]}).encode()
REFUSED = "the server answers 403; ask its owner for the right to read it"
BROKEN = "the server answers 500; is the server up, and `location` right?"


class Refusing(Quiet):
    """Answers with the number that a name begins with; ``cut`` ends the connection."""

    def send_head(self):
        """Answer a request for a file."""
        name = self.path.rpartition("/")[2]
        if name[:3].isdigit():
            self.send_error(int(name[:3]))
            return None
        if name.startswith("cut"):
            self.close_connection = True
            self.connection.close()
            return None
        return super().send_head()


@pytest.fixture
def web(tmp_path):
    """Serve two jobs in a folder and in an archive; return the address."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "a.json").write_bytes(JOB)
    (folder / "b.json.gz").write_bytes(gzip.compress(JOB))
    with zipfile.ZipFile(folder / "jobs.zip", "w") as archive:
        archive.writestr("one/a.json", JOB)
        archive.writestr("one/b.json.gz", gzip.compress(JOB))
    with serving(folder, Refusing) as address:
        yield address


@pytest.fixture(autouse=True)
def pauses(monkeypatch) -> list[float]:
    """Return the pauses that are made, without making them."""
    found: list[float] = []
    monkeypatch.setattr(remote, "PATIENCE", Patience(sleep=found.append))
    return found


@pytest.mark.parametrize("name", ["a.json", "b.json.gz"])
def test_a_file(tmp_path, web, name):
    """It is read whether it is packed or not."""
    job = read_one(tmp_path, "verify-json", web + name)
    assert (job.origin, values(job)) == (web + name, {"a.B": 1.0})


@pytest.mark.parametrize("location", ["", "*.json*"])
def test_a_folder(tmp_path, web, location):
    """Its listing is followed."""
    found = read(tmp_path, "verify-json", web + location)
    assert [one.origin for one in found] == [web + "a.json", web + "b.json.gz"]
    assert all(isinstance(one, JobBundle) for one in found)


def test_an_archive(tmp_path, web):
    """It is read also from a server that gives no parts of a file, as this one."""
    found = read(tmp_path, "verify-json", f"zip://**/*.json*::{web}jobs.zip")
    names = ["one/a.json", "one/b.json.gz"]
    assert [one.origin for one in found] == [f"zip://{name}::{web}jobs.zip" for name in names]
    assert [values(one) for one in found] == [{"a.B": 1.0}] * 2


@pytest.mark.parametrize("before", ["", "zip://*::"])
def test_nothing_there(tmp_path, web, before, pauses):
    """What is not there is a location that matches no file."""
    (found,) = read(tmp_path, "verify-json", f"{before}{web}gone.json")
    assert str(found) == f"{before}{web}gone.json: matches no file; is `location` right?"
    assert pauses == []


@pytest.mark.parametrize("before", ["", "zip://*::"])
@pytest.mark.parametrize(
    "answer",
    [
        ("401.json", "the server answers 401; give its credentials in the environment", 1),
        ("403.json", REFUSED, 1),
        ("500.json", BROKEN, 1),
        ("503.json", "the server answers 503; is the server up, and `location` right?", 5),
        ("cut.json", "ServerDisconnectedError; is the server up, ", 5),
    ],
)
def test_a_server_that_refuses(request, tmp_path, web, before, answer):
    """The source says why and what to do; what may pass is asked for again."""
    name, reason, tries = answer
    with pytest.raises(SourceError) as error:
        read(tmp_path, "verify-json", f"{before}{web}{name}")
    assert f"{before}{web}{name}: cannot be listed: {reason}" in str(error.value)
    assert len(request.getfixturevalue("pauses")) == tries - 1


@pytest.mark.parametrize("before", ["", "zip://*::"])
def test_no_server(tmp_path, pauses, before):
    """A refused connection is tried again, and named."""
    location = f"{before}http://127.0.0.1:{free_port()}/a.json"
    with pytest.raises(SourceError, match="ConnectionRefusedError; is the server up") as error:
        read(tmp_path, "verify-json", location)
    assert str(error.value).startswith(f"{location}: ")
    assert len(pauses) == 4


def test_no_archive(tmp_path, web):
    """What is called an archive and is none says so."""
    with pytest.raises(SourceError, match="no zip archive, or a damaged one; copy it there again"):
        read(tmp_path, "verify-json", f"zip://*::{web}a.json")


def test_everything_else_goes_on(tmp_path, web):
    """A file in a listing costs itself, a source costs itself, and a strict pull fails."""
    for name in ("403.json", "500.json"):
        (tmp_path / "web" / name).write_bytes(JOB)
    (tmp_path / "web" / "gone.json").symlink_to("nowhere")
    sources = {"listing": f"{web}*.json", "down": f"{web}403.zip", "packed": f"{web}b.json.gz"}
    (tmp_path / "reportgen.toml").write_text(
        "".join(
            f'[[source]]\nname = "{name}"\ntype = "verify-json"\nlocation = "{location}"\n'
            f'dataset = "{name}"\nrelease = "w_2026_40"\n'
            for name, location in sources.items()
        )
    )
    command = ["pull", "--config", str(tmp_path / "reportgen.toml"), "--json"]
    result = CliRunner().invoke(app, [*command, "--strict"])
    assert result.exit_code == 2
    said = json.loads(result.stdout)
    reasons = {one["origin"].removeprefix(web): one["reason"] for one in said["unreadable"]}
    assert reasons == {
        "403.json": f"cannot be read: {REFUSED}",
        "500.json": f"cannot be read: {BROKEN}",
        "gone.json": "cannot be read: the server does not have it; is its address right?",
    }
    (down,) = [one["error"] for one in said["sources"] if one["error"]]
    assert down.startswith(f"{web}403.zip: cannot be listed: the server answers 403; ask its")
    new = {one["source"]: one["new"] for one in said["sources"]}
    assert new == {"listing": 1, "down": 0, "packed": 1}


def test_a_server_that_goes_down_in_the_middle(tmp_path, web, pauses):
    """What was read counts; the source is named, and not each of its files asked for in vain."""
    for name in ("cut1.json", "cut2.json"):
        (tmp_path / "web" / name).write_bytes(JOB)
    records = read_jobs(make_config(tmp_path, "verify-json", f"{web}*.json"))
    assert isinstance(next(records), JobBundle)
    with pytest.raises(SourceError, match=r"cut1.json: cannot be read: ServerDisconnectedError"):
        next(records)
    assert len(pauses) == 4
