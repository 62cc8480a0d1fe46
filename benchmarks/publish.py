"""What it costs to publish one edition beside 100 earlier ones, and beside none.

    python benchmarks/publish.py                 # 500 pages, 100 MB, 100 earlier editions
    python benchmarks/publish.py --earlier 20

The edition: 500 pages of 60 kB and 3,000 figures of 23 kB, of which nine in ten are as in the
editions before; numbers from one seed. The earlier editions have as many pages and figures, each
page and a tenth of the figures their own, but small: what lies in them is neither fetched nor
sent. The remote is a bare repository on the same disk, reached as if by ssh, so the CPU seconds
are those of both sides, and the bytes those that went over the line.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PAGES = 500
FIGURES = 3000
NEW_FIGURES = FIGURES // 10
PAGE_ROWS = 480
"""Rows of a page's table, which make it 60 kB."""


@dataclass(frozen=True)
class Cost:
    """What one call of publish took."""

    cpu: float
    wall: float
    sent: int
    fetched: int
    grown: int
    """Bytes by which the remote has grown; git completes there what was sent as differences."""


def write_common_figures(folder: Path) -> None:
    """Write the figures that all editions show."""
    rng = random.Random(0)
    folder.mkdir(parents=True)
    for number in range(FIGURES):
        (folder / f"common{number:04d}.svg").write_text(svg(rng, 23_000))


def svg(rng: random.Random, size: int) -> str:
    """Return a picture of about so many bytes."""
    points = " ".join(
        f"{rng.uniform(0, 720):.1f},{rng.uniform(0, 300):.1f}" for _ in range(size // 12)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg"><polyline points="{points}"/></svg>'


def write_site(folder: Path, edition: str, common: Path, *, small: bool) -> Path:
    """Write a finished site; a small one has as many files, with little in them."""
    rng = random.Random(edition)
    (folder / "figures").mkdir(parents=True)
    for number in range(FIGURES - NEW_FIGURES):
        name = f"common{number:04d}.svg"
        os.link(common / name, folder / "figures" / name)
    for number in range(NEW_FIGURES):
        text = svg(rng, 200 if small else 23_000)
        (folder / "figures" / f"own{number:04d}.svg").write_text(text)
    names = sorted(path.name for path in (folder / "figures").iterdir())
    for number in range(PAGES):
        page = folder / "metrics" / f"bench.M{number:04d}"
        page.mkdir(parents=True)
        shown = names[number * 6 : number * 6 + 6]
        (page / "index.html").write_text(html(rng, edition, shown, 2 if small else PAGE_ROWS))
    (folder / "index.html").write_text(html(rng, edition, [], 2))
    (folder / "api" / "v1").mkdir(parents=True)
    index = {"edition": edition, "generated": None, "runs": [], "metrics": [], "comparisons": []}
    (folder / "api" / "v1" / "index.json").write_text(json.dumps(index))
    return folder


def html(rng: random.Random, edition: str, figures: list[str], rows: int) -> str:
    """Return a page with a table and figures."""
    pictures = "".join(f'<img src="../../figures/{name}" alt="">' for name in figures)
    table = "\n".join(
        f'<tr id="r{row}"><th scope="row"><a href="../">M{row}</a></th><td class="n">'
        f"{rng.gauss(10, 1):.4f}</td><td>{rng.choice(['pass', 'fail'])}</td>"
        f"<td>{rng.uniform(0, 1):.3g} mmag</td></tr>"
        for row in range(rows)
    )
    return f"<!doctype html><h1>{edition} {rng.random()}</h1>{pictures}<table>{table}</table>"


def make_repository(folder: Path) -> Path:
    """Return a work tree with a bare remote that keeps what it gets as packs."""
    remote, work = folder / "remote.git", folder / "work"
    settings = [("uploadpack.allowFilter", "true"), ("receive.unpackLimit", "1"), ("gc.auto", "0")]
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    for key, value in settings:
        subprocess.run(["git", "-C", str(remote), "config", key, value], check=True)
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    address = f"ssh://here{remote}"
    subprocess.run(["git", "-C", str(work), "remote", "add", "origin", address], check=True)
    (folder / "line").write_text(LINE.format(folder=folder))
    (folder / "line").chmod(0o755)
    return work


LINE = """\
#!/bin/sh
# Stands for ssh: runs the last argument here, and keeps what goes either way.
for command; do :; done
tee -a "{folder}/sent" | sh -c "$command" | tee -a "{folder}/fetched"
"""


def publish(site: Path, work: Path, edition: str) -> Cost:
    """Publish in a process of its own and measure it with all that it calls."""
    code = (
        "import sys; from pathlib import Path\n"
        "from reportgen.publish import Branch, publish_branch\n"
        "from reportgen.publish.room import Limits\n"
        "to = Branch(repository=Path(sys.argv[2]), push=True, limits=Limits(site=10**12))\n"
        "publish_branch(Path(sys.argv[1]), to, edition=sys.argv[3])"
    )
    folder = work.parent
    for name in ("sent", "fetched"):
        (folder / name).write_bytes(b"")
    line = {"GIT_SSH_COMMAND": str(folder / "line"), "GIT_SSH_VARIANT": "ssh"}
    before, size, begin = cpu_of_children(), size_of(folder / "remote.git"), time.monotonic()
    command = [sys.executable, "-c", code, str(site), str(work), edition]
    subprocess.run(command, check=True, env=os.environ | line)
    return Cost(
        cpu=cpu_of_children() - before,
        wall=time.monotonic() - begin,
        sent=(folder / "sent").stat().st_size,
        fetched=(folder / "fetched").stat().st_size,
        grown=size_of(folder / "remote.git") - size,
    )


def cpu_of_children() -> float:
    """Return user and system seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def size_of(folder: Path) -> int:
    """Return the bytes in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def show(name: str, cost: Cost) -> None:
    """Print one line."""
    print(
        f"{name:20} {cost.cpu:6.2f} CPU s {cost.wall:6.2f} s {cost.fetched / 1e6:7.1f} MB fetched"
        f" {cost.sent / 1e6:7.1f} MB sent {cost.grown / 1e6:7.1f} MB grown",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--earlier", type=int, default=100)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="reportgen-bench-"))
    try:
        write_common_figures(folder / "common")
        work = make_repository(folder / "many")
        begin = cpu_of_children()
        for number in range(options.earlier):
            edition = f"w_{2000 + number // 50}_{1 + number % 50:02d}"
            site = write_site(folder / edition, edition, folder / "common", small=True)
            publish(site, work, edition)
            shutil.rmtree(site)
        print(
            f"{options.earlier} earlier editions: {cpu_of_children() - begin:.0f} CPU s", flush=True
        )
        site = write_site(folder / "new", "w_2026_47", folder / "common", small=False)
        print(
            f"the edition has {size_of(site) / 1e6:.0f} MB; new to the others are its pages and"
            f" {sum(p.stat().st_size for p in site.glob('figures/own*')) / 1e6:.0f} MB of figures"
        )
        alone = publish(site, make_repository(folder / "none"), "w_2026_47")
        show("beside none", alone)
        beside = publish(site, work, "w_2026_47")
        show(f"beside {options.earlier}", beside)
        again = publish(site, work, "w_2026_47")
        show("again, nothing new", again)
        print(f"beside {options.earlier} / beside none: {beside.cpu / alone.cpu:.2f}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
