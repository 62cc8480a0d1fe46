from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportgen.cli import app
from reportgen.sources import SOURCES

HEAVY = {
    "pandas",
    "numpy",
    "matplotlib",
    "mkdocs",
    "duckdb",
    "pyarrow",
    "astropy",
    "scipy",
    "jinja2",
}


def run(*arguments: str) -> tuple[int, str]:
    """Run a command and return exit code and what it printed."""
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new report with example data, as the working folder."""
    monkeypatch.chdir(tmp_path)
    code, output = run("init", "demo")
    assert code == 0, output
    monkeypatch.chdir(tmp_path / "demo")
    return tmp_path / "demo"


def test_help_loads_nothing_heavy() -> None:
    """`reportgen --help` is instant: none of the large packages is imported for it."""
    code = (
        "import sys\nsys.argv = ['reportgen', '--help']\n"
        "from reportgen.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "build" in done.stdout
    assert done.stderr.strip() == "[]"


def test_error_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    """A mistake of the user is one line without traceback, exit code 2."""
    code, output = run("build", "--config", str(tmp_path))
    assert code == 2
    assert output.startswith("Error: No reportgen.toml in ")
    assert len(output.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pull --since 2026-13-01", "'2026-13-01' is no day: write it as 2026-10-31"),
        ("notes --since x", "'x' is no day"),
        ("build --jobs x", "--jobs"),
        ("--nope", "No such option"),
        ("runs extra", "extra"),
        ("compare only-one", "Missing argument"),
        ("pul", "pull"),
        ("runs --config nope.toml", "--config nope.toml: no such file or folder"),
        ("compare a b --config empty.toml", "No results are stored in data/store"),
        ("explain a b --config empty.toml", "No results are stored in data/store"),
        ("prune --to nope --config empty.toml", "There is no folder nope"),
    ],
)
def test_a_mistake_in_the_words_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, expected: str
) -> None:
    """What a command cannot take is one line with what is wrong, exit code 2."""
    monkeypatch.chdir(tmp_path)
    Path("empty.toml").touch()
    code, output = run(*words.split())
    assert code == 2
    assert output.startswith("Error: ")
    assert expected in output
    assert len(output.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["empty.toml"]


def test_the_program_alone_shows_its_help() -> None:
    """Whoever asks for nothing sees what there is."""
    assert "publish" in run()[1]


def test_a_report_by_a_link_says_where_it_works(demo: Path) -> None:
    """A pull tells whose folder the paths of a linked configuration start in."""
    nightly = demo.parent / "nightly"
    nightly.mkdir()
    (demo / "reportgen.toml").write_text("")
    (nightly / "reportgen.toml").symlink_to(demo / "reportgen.toml")
    code, output = run("pull", "--config", str(nightly))
    assert code == 0
    assert f"reportgen.toml is a link: its paths start where the link lies, {nightly}/" in output
    assert not (demo / "data" / "store").exists()


def test_a_file_in_place_of_the_store(demo: Path) -> None:
    """It is named, with what to do."""
    (demo / "data" / "store").touch()
    code, output = run("pull")
    assert code == 2
    assert output.endswith("data/store: there is a file where a folder has to be. Move it away.\n")


def test_unknown_source_names_the_known_ones(demo: Path) -> None:
    """A source that does not exist is answered with those that do."""
    code, output = run("pull", "nothing")
    assert code == 2
    assert "example (demonstration)" in output
    assert demo.is_dir()


def test_pull_says_what_was_new_and_known(demo: Path) -> None:
    """A first pull finds everything new, a second one everything known; both as JSON."""
    os.utime(demo / "data" / "example" / "history.parquet", (1e9, 1e9))  # so it has settled
    pulls = [json.loads(run("pull", "--json")[1]) for _ in range(3)]
    jobs = pulls[0]["sources"][0]["new"]
    assert jobs > 40  # all in one file, which the third pull does not open
    counts = [(one["sources"][0]["new"], one["sources"][0]["known"]) for one in pulls]
    assert counts == [(jobs, 0), (0, jobs), (0, jobs)]
    assert [len(one["runs"]) for one in pulls] == [jobs, 0, 0]
    assert (demo / "data" / "store").is_dir()


def test_dry_run_stores_nothing(demo: Path) -> None:
    """`pull --dry-run` reads and reports, and leaves no store behind."""
    found = json.loads(run("pull", "--dry-run", "--json")[1])
    assert found["sources"][0]["new"] > 40
    assert not list((demo / "data" / "store").glob("*/*/rev-*"))


def test_lists(demo: Path) -> None:
    """runs, metrics and sources list what there is, as JSON and as lines."""
    run("pull")
    runs = json.loads(run("runs", "--json")[1])
    assert runs[0]["release"] == "w_2020_30"
    metrics = {row["metric"]: row for row in json.loads(run("metrics", "--json")[1])}
    assert metrics["validate_drp.PA1"]["specifications"] > 0
    assert {row["type"] for row in json.loads(run("sources", "--json")[1])} == set(SOURCES)
    assert "validate_drp.PA1" in run("metrics")[1]
    assert demo.is_dir()


def test_compare_and_explain(demo: Path) -> None:
    """Two runs are compared, and a verdict explained, in words and as JSON."""
    run("pull")
    code, text = run("compare", "w_2020_30", "w_2020_31")
    assert code == 0, text
    compared = json.loads(run("compare", "w_2020_30", "w_2020_31", "--json")[1])
    assert sum(compared["summary"].values()) >= len(compared["rows"]) > 0
    code, text = run("explain", "PA1", "w_2020_31", "--band", "r")
    assert code == 0, text
    assert "mmag" in text
    assert json.loads(run("explain", "PA1", "w_2020_31", "--json")[1])
    assert run("compare", "w_2020_30", "nothing")[0] == 2
    assert demo.is_dir()


def test_a_new_report_builds(demo: Path) -> None:
    """`init`, then `build`, makes a site from the example, and says that it is one."""
    code, output = run("build", "--strict")
    assert code == 0, output
    page = (demo / "site" / "index.html").read_text()
    assert "generated, not measured" in page
    assert (demo / "site" / "metrics" / "validate_drp.PA1" / "index.html").is_file()


def test_what_cannot_be_read_is_told_once(demo: Path) -> None:
    """Each unreadable file has one line; of many with one reason the first three are named."""
    (demo / "jobs").mkdir()
    for number in range(5):
        (demo / "jobs" / f"broken-{number}.json").write_text("[]")
    (demo / "jobs" / "cut.json").write_text("{")
    source = '[[source]]\nname = "jobs"\ntype = "verify-json"\nlocation = "jobs/*.json"\n'
    with (demo / "reportgen.toml").open("a") as file:
        file.write(f'\n{source}dataset = "CI"\nrelease = "w_2020_31"\n')
    for _ in range(2):
        code, output = run("build")
        assert code == 0, output
        told = [line for line in output.splitlines() if "jobs/" in line or "more" in line]
        assert [line[: len("Unreadable: jobs/broken-0")] for line in told] == [
            *(f"Unreadable: jobs/broken-{number}" for number in range(3)),
            "Unreadable: 2 more for th",
            "Unreadable: jobs/cut.json",
        ]


def test_a_port_in_use_is_one_line_before_anything_is_built(demo: Path) -> None:
    """`serve` on a port that somebody else has says so at once."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, output = run("serve", "--port", str(port))
    assert code == 2
    assert output.startswith(f"Error: Port {port} cannot be used: ")
    assert len(output.splitlines()) == 1
    assert not (demo / "site").exists()
