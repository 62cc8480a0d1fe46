"""Tiny finished sites, and repositories to publish them in."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.publish import Wish

URL = "https://example.org/metrics"
COUNTS = {"pass": 14, "fail": 2, "not_measured": 1, "no_specification": 3}


def make_site(
    folder: Path,
    edition: str = "main",
    *,
    runs: Sequence[str] = ("rc2/w_2021_34",),
    metrics: Sequence[str] = ("validate_drp.AM1",),
    comparisons: Sequence[str] = (),
    figures: Mapping[str, str] | None = None,
    text: str = "",
) -> Path:
    """Write what `reportgen build` leaves: pages, figures, assets and the index."""
    drawn = {"f1": "one", **(figures or {})} if figures is None else dict(figures)
    pages = [
        "",
        *(f"runs/{run}/" for run in runs),
        *(f"metrics/{metric}/" for metric in metrics),
        *(f"compare/{one}/" for one in comparisons),
    ]
    for page in pages:
        write(folder / page / "index.html", page_html(edition, page, list(drawn), text))
    for name, content in drawn.items():
        write(folder / "figures" / f"{name}.svg", f"<svg>{content}</svg>")
    write(folder / "assets" / "reportgen.css", "body { color: black }")
    write(folder / "assets" / "stylesheets" / "main.css", '@import "../reportgen.css";')
    write(folder / "404.html", page_html(edition, "", [], text))
    places = "".join(f"<url><loc>{URL}/v/{edition}/{page}</loc></url>" for page in pages)
    write(folder / "sitemap.xml", f"<urlset>{places}</urlset>")
    write(
        folder / "api" / "v1" / "index.json", json.dumps(index(edition, runs, metrics, comparisons))
    )
    return folder


def page_html(edition: str, page: str, figures: Sequence[str], text: str) -> str:
    """Return a page like those of the theme: relative addresses, and an absolute canonical one."""
    up = "../" * page.count("/") or ""
    pictures = "".join(
        f'<img src="{up}figures/{name}.svg" alt=""><a href="{up}figures/{name}.svg">SVG</a>'
        for name in figures
    )
    return (
        f'<!doctype html><link rel="canonical" href="{URL}/v/{edition}/{page}">'
        f'<link rel="stylesheet" href="{up}assets/stylesheets/main.css">'
        f'<h1 id="top">{page or "home"} {text}</h1>'
        f'<a href="{up or "./"}">home</a>{pictures}'
    )


def index(
    edition: str, runs: Sequence[str], metrics: Sequence[str], comparisons: Sequence[str]
) -> dict[str, object]:
    """Return the index of an edition."""
    return {
        "schema": 1,
        "generated": "2021-08-26",
        "edition": edition,
        "runs": [
            {
                "id": run,
                "dataset": run.partition("/")[0],
                "release": run.partition("/")[2],
                "date": "2021-08-26",
                "url": f"runs/{run}/",
                "counts": COUNTS,
                "demonstration": False,
            }
            for run in runs
        ],
        "metrics": [{"name": name, "url": f"metrics/{name}/"} for name in metrics],
        "comparisons": [
            {"a": "first", "b": "second", "url": f"compare/{one}/"} for one in comparisons
        ],
    }


def split_wish(options: Mapping[str, object]) -> tuple[Wish, dict[str, object]]:
    """Return what an edition is published with, and the other options."""
    others = dict(options)
    aliases = tuple(others.pop("aliases", ()))
    asked = {name: others.pop(name) for name in ("url", "redirects") if name in others}
    return Wish(aliases=aliases, **asked), others


def write(path: Path, text: str) -> None:
    """Write a file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Repository:
    """A report's repository, and the bare one that it pushes to."""

    work: Path
    remote: Path

    def git(self, *arguments: str, where: Path | None = None, text: str | None = None) -> str:
        """Call git and return what it says."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=where or self.remote,
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def tip(self) -> str:
        """Return the newest published commit."""
        return self.git("rev-parse", "refs/heads/gh-pages")

    def listing(self, tip: str = "gh-pages") -> dict[str, str]:
        """Return mode and id of each published file."""
        lines = self.git("-c", "core.quotePath=false", "ls-tree", "-r", tip).splitlines()
        return {line.partition("\t")[2]: line.partition("\t")[0] for line in lines}

    def read(self, path: str, tip: str = "gh-pages") -> str:
        """Return a published file."""
        return self.git("show", f"{tip}:{path}")

    def commit_foreign(self, files: Mapping[str, str]) -> None:
        """Put files on the remote's branch as somebody else would."""
        stream = "commit refs/heads/gh-pages\ncommitter x <x@example.org> 1600000000 +0000\n"
        stream += "data 5\nother\n"
        if self.git("branch", "--list", "gh-pages"):
            stream += "from refs/heads/gh-pages^0\n"
        for path, content in files.items():
            stream += f"M 100644 inline {path}\ndata {len(content.encode())}\n{content}\n"
        self.git("fast-import", "--quiet", "--done", text=stream + "done\n")


def make_repository(folder: Path) -> Repository:
    """Return a work tree with one commit, and its bare remote that gives parts of itself."""
    remote, work = folder / "remote.git", folder / "work"
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
    made = Repository(work=work, remote=remote)
    for command in (
        ["git", "init", "-q", "--bare", str(remote)],
        ["git", "-C", str(remote), "config", "uploadpack.allowFilter", "true"],
        ["git", "init", "-q", "-b", "trunk", str(work)],
        ["git", "-C", str(work), "remote", "add", "origin", str(remote)],
        ["git", "-C", str(work), *IDENTITY, "commit", "-q", "--allow-empty", "-m", "begin"],
    ):
        subprocess.run(command, check=True, env=environment)
    return made


IDENTITY = ("-c", "user.name=x", "-c", "user.email=x@example.org")


def folder_listing(folder: Path) -> dict[str, str]:
    """Return a hash of each file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha1(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
