"""Where this installation of reportgen came from, so that a workflow can get it there too."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_SSH = re.compile(r"(?:ssh://)?(?:[\w.-]+@)([\w.-]+)(?::|/)(?!\d+/)(.+)")
_HTTPS = re.compile(r"https://(?:[^/@]*@)?([\w.-]+(?::\d+)?/[\w./~+-]+)")
_GITHUB = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")


def requirement() -> str | None:
    """Return what `pip install` is to be given; None where only this machine has it.

    Never the bare name: on the Python Package Index that is another project.
    """
    try:
        recorded = distribution("reportgen").read_text("direct_url.json")
        data = json.loads(recorded or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    return described(data)


def described(data: dict[str, Any]) -> str | None:
    """Return the requirement that pip's record of an installation (PEP 610) describes."""
    url, vcs = str(data.get("url", "")), data.get("vcs_info")
    if isinstance(vcs, dict) and vcs.get("vcs") == "git":
        address = web_address(url)
        return f"reportgen @ git+{address}@{vcs['commit_id']}" if address else None
    if url.startswith("https://"):
        address = web_address(url)
        return f"reportgen @ {address}" if address else None
    if url.startswith("file://") and "dir_info" in data:
        address = web_address(origin_of(Path(unquote(urlsplit(url).path))))
        return f"reportgen @ git+{address}" if address else None
    return None


def pages_address(folder: Path) -> str:
    """Return where GitHub Pages will show a repository; empty if it is not known yet."""
    found = _GITHUB.fullmatch(web_address(origin_of(folder)) or "")
    if found is None:
        return ""
    owner, name = found[1].lower(), found[2]
    host = f"https://{owner}.github.io/"
    return host if name.lower() == f"{owner}.github.io" else f"{host}{name}/"


def origin_of(folder: Path) -> str:
    """Return the address of the remote ``origin`` of the repository whose top this folder is."""
    top = _git(folder, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != folder.resolve():
        return ""
    return _git(folder, "remote", "get-url", "origin")


def web_address(remote: str) -> str | None:
    """Return a remote's address as https, without names and passwords; None for other ones."""
    if found := _SSH.fullmatch(remote):
        remote = f"https://{found[1]}/{found[2]}"
    plain = _HTTPS.fullmatch(remote)
    return f"https://{plain[1]}" if plain else None


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - no shell
            ["git", *arguments],  # noqa: S607 - the one in the path
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip() if not done.returncode else ""
