from __future__ import annotations

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from reportgen.building.intake import Intake
from reportgen.config import SourceConfig
from reportgen.sources import squash
from reportgen.sources.retry import Patience
from reportgen.store import Store

TOKEN = "header.payload.signature"


def job(number: int) -> dict:
    """Return a job as ``GET /job/{id}`` answers it."""
    return {
        "id": number,
        "date_created": f"2026-09-{number % 28 + 1:02d}T12:00:00",
        "ci_dataset": "validation_data_cfht",
        "s3_uri": f"s3://squash/{number}",
        "measurements": [
            {"metric": "validate_drp.AM1", "value": number / 3, "unit": "marcsec", "blob_refs": []},
            {"metric": "validate_drp.AM2", "value": None, "unit": "marcsec", "blob_refs": []},
        ],
        "blobs": [],
        "meta": {
            "instrument": "CFHT",
            "filter_name": "r",
            "env": {"ci_label": f"w_2026_{number % 9 + 10}"},
        },
    }


class Service(ThreadingHTTPServer):
    """A service on loopback that misbehaves as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.last = 120
        self.faults: dict[str, list] = {}
        """Path → what happens at the first, second … request."""
        self.asked: Counter[str] = Counter()
        self.pages: dict[str, object] = {}

    @property
    def url(self) -> str:
        """Address of the service."""
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Service

    def log_message(self, *_arguments) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        """Answer as the service does, or as a broken one."""
        self.server.asked[self.path] += 1
        faults = self.server.faults.get(self.path) or [None]
        fault = faults.pop(0) if len(faults) > 1 else faults[0]
        if self.path not in self.server.faults:
            fault = None
        if self.headers["Authorization"] != f"JWT {TOKEN}":
            self.answer(401, b"{}")
        elif fault == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "5000")
            self.end_headers()
            self.wfile.write(b'{"id": 7, "measurements": [')
            self.connection.close()
        elif isinstance(fault, bytes):
            self.answer(200, fault)
        elif isinstance(fault, int):
            self.answer(fault, b"{}", {"Retry-After": "3", "Location": "https://example.org/"})
        elif self.path in self.server.pages:
            self.answer(200, json.dumps(self.server.pages[self.path]).encode())
        elif self.path == "/jobs":
            listed = [{"id": n} for n in range(self.server.last, 0, -1)]
            self.answer(200, json.dumps({"jobs": listed}).encode())
        else:
            number = int(self.path.rpartition("/")[2])
            self.answer(200, json.dumps(job(number)).encode())

    def answer(self, status: int, body: bytes, headers=None) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service(monkeypatch):
    """Run the service; sources find the token in the environment."""
    monkeypatch.setenv("SQUASH_TOKEN", TOKEN)
    with Service() as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """Return the pauses that are made, without making them."""
    found: list[float] = []
    monkeypatch.setattr(squash, "PATIENCE", Patience(sleep=found.append))
    return found


def pull(folder, service: Service, **options):
    """Pull once."""
    given = {
        "location": service.url,
        "token_env": "SQUASH_TOKEN",
        "dataset": "CFHT",
        "release": {"meta": "ci_label"},
        **options,
    }
    config = SourceConfig(name="squash", type="squash", **given)
    with Store(folder).writer() as writer:
        summary, _ = Intake(writer=writer, rename=lambda one: one).pull(config, {})
        writer.commit()
    return summary


def values(folder) -> dict[str, float]:
    """Return the value of AM1 of each job, by its number."""
    store = Store(folder)
    numbers = {one["job"]: one["origin"].rpartition("/")[2] for one in store.jobs().to_pylist()}
    rows = store.measurements(metrics=["validate_drp.AM1"]).to_pylist()
    assert len(rows) == len(numbers)
    return {numbers[row["job"]]: row["value"] for row in rows}


def expected(last: int, first: int = 1) -> dict[str, float]:
    """Return what has to be stored of these jobs."""
    return {str(n): n / 3 for n in range(first, last + 1)}


def test_jobs_are_read_once(tmp_path, service, pauses):
    """Each job arrives with metadata and values; a later pull asks for the new ones only."""
    first = pull(tmp_path, service)
    assert (first.new, first.error) == (120, None)
    assert values(tmp_path) == expected(120)
    row = Store(tmp_path).measurements(metrics=["validate_drp.AM2"]).to_pylist()[0]
    assert (row["value"], row["reason"], row["instrument"]) == (None, "null", "CFHT")
    service.last = 130
    service.asked.clear()
    second = pull(tmp_path, service)
    assert (second.new, second.known) == (10, squash.OVERLAP - 0)
    assert sum(service.asked.values()) == 1 + 10 + squash.OVERLAP
    assert values(tmp_path) == expected(130)
    assert pauses == []


def test_a_service_in_trouble_is_asked_again(tmp_path, service, pauses):
    """Busy answers, cut connections and pages of a proxy pass; Retry-After is kept."""
    service.faults = {
        "/jobs": [503, 502, None],
        "/job/7": ["cut", None],
        "/job/9": [429, None],
        "/job/11": [b"<html>Bad gateway</html>", None],
    }
    assert pull(tmp_path, service).error is None
    assert values(tmp_path) == expected(120)
    assert sum(pause == 3.0 for pause in pauses) == 3
    assert len(pauses) == 5


def test_a_service_that_goes_away(tmp_path, service, pauses):
    """What came before the last watermark stays, and the next pull brings the rest once."""
    service.faults = {"/job/75": [503]}
    failed = pull(tmp_path, service)
    assert "answers 503" in (failed.error or "")
    assert len(pauses) == 4
    assert values(tmp_path) == expected(squash.BATCH)
    service.faults = {}
    service.asked.clear()
    assert pull(tmp_path, service).error is None
    assert values(tmp_path) == expected(120)
    assert service.asked["/job/20"] == 0


def test_what_one_job_breaks(tmp_path, service, pauses):
    """A job that is gone or no job is listed, and the others count."""
    service.faults = {"/job/3": [404], "/job/4": [b'{"id": 4}'], "/job/5": [b"no JSON"]}
    found = pull(tmp_path, service)
    assert (found.new, found.unreadable, found.error) == (117, 3, None)
    reasons = {one["origin"][-1]: one["reason"] for one in Store(tmp_path).unreadable()}
    assert "404" in reasons["3"]
    assert "not a Job" in reasons["4"]
    assert "not JSON" in reasons["5"]
    assert len(pauses) == 4


def test_a_measurement_without_a_name(tmp_path, service, pauses):
    """It is listed with its place, and the others of its job count."""
    odd = job(3)
    odd["measurements"].insert(0, {"value": 7.0, "unit": "mag"})
    service.faults = {"/job/3": [json.dumps(odd).encode()]}
    found = pull(tmp_path, service)
    assert (found.new, found.unreadable, found.error) == (120, 1, None)
    (listed,) = Store(tmp_path).unreadable()
    assert (listed["origin"][-6:], listed["place"]) == ("/job/3", "measurements[0]")
    assert "names no metric" in listed["reason"]
    assert values(tmp_path) == expected(120)
    assert pauses == []


@pytest.mark.parametrize(
    ("status", "problem"),
    [(401, "valid token"), (403, "no right"), (302, "answers 302"), (500, "answers 500")],
)
def test_what_will_not_pass(tmp_path, service, pauses, status, problem):
    """A refusal ends the pull at once; a redirection does not get the token."""
    service.faults = {"/jobs": [status]}
    error = pull(tmp_path, service).error or ""
    assert problem in error
    assert TOKEN not in error
    assert pauses == []


def test_the_token_comes_from_the_environment(tmp_path, service, monkeypatch, pauses):
    """A missing token is named by its variable; none is sent without encryption."""
    assert "answers 401" in (pull(tmp_path, service, token_env=None).error or "")
    monkeypatch.delenv("SQUASH_TOKEN")
    assert "SQUASH_TOKEN is not set" in (pull(tmp_path, service).error or "")
    monkeypatch.setenv("SQUASH_TOKEN", TOKEN)
    error = pull(tmp_path, service, location="http://squash.example.org").error or ""
    assert "over https only" in error
    secret = pull(tmp_path, service, location="https://me:hush@squash.example.org").error or ""
    assert "credentials" in secret
    assert "hush" not in secret
    assert pauses == []


def test_pages_of_the_first_version(tmp_path, service, pauses):
    """Lists that hold whole jobs are followed page by page, with bare names of metrics."""
    old = {"ci_dataset": "cfht", "status": 0, "date": "2016-09-01T00:00:00", "packages": []}
    pages = [
        [
            {**old, "ci_id": str(n), "measurements": [{"metric": "AM1", "value": n / 3}]}
            for n in range(first, first + 10)
        ]
        for first in (1, 11, 21)
    ]
    for number, results in enumerate(pages, start=1):
        path = "/dashboard/api/jobs/" + (f"?page={number}" if number > 1 else "")
        following = f"{service.url}/dashboard/api/jobs/?page={number + 1}" if number < 3 else None
        service.pages[path] = {"count": 30, "next": following, "previous": None, "results": results}
    options = {"location": f"{service.url}/dashboard/api", "jobs": "jobs/", "release": "2016"}
    assert pull(tmp_path, service, package="validate_drp", **options).error is None
    assert values(tmp_path) == expected(30)
    service.pages["/dashboard/api/jobs/"]["next"] = "https://elsewhere.example.org/jobs"
    error = pull(tmp_path, service, package="validate_drp", **options).error or ""
    assert "another host" in error
    assert pauses == []


def test_an_answer_of_the_wrong_kind(tmp_path, service, pauses):
    """A list that is none is said so, and nothing is stored."""
    for page in ({"detail": "hello"}, "text"):
        service.pages["/jobs"] = page
        assert "no list of jobs" in (pull(tmp_path, service).error or "")
    service.faults = {"/jobs": [b"<html>"]}
    assert "not JSON" in (pull(tmp_path, service).error or "")
    assert Store(tmp_path).runs == ()
    assert len(pauses) == 4
