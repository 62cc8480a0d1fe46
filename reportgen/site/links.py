"""Our own check of the built site: every address on every page leads somewhere.

MkDocs looks at the links in Markdown only, neither at those in finished HTML nor at those that
its templates write. A quick pattern finds the addresses; where something is wrong with one, the
page is read again by a parser, so that what merely looks like a link is never reported.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from reportgen.site.addresses import (
    Addresses,
    css_addresses,
    leaves_by_links_only,
    likely_ids,
    likely_links,
    likely_sources,
    style_addresses,
)

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
MOST_SHOWN = 10
"""Problems that one line names."""
_LOADS = "would be loaded from another host"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class LinkProblem:
    """An address on a page that leads nowhere, or makes the browser load from another host."""

    page: str
    """File of the site on which it stands."""
    link: str
    why: str

    def __str__(self) -> str:
        return f"{self.page}: {self.link} {self.why}"


def check_links(site_dir: Path, *, base_path: str = "/", root_path: str = "/") -> list[LinkProblem]:
    """Check every address in the HTML and CSS files of a site.

    ``base_path`` is where this site will stand on its host, so that absolute addresses below it
    are checked too; those below ``root_path`` but not below ``base_path`` lead to other editions
    and cannot be checked here. Links to other hosts are not followed; what makes the browser
    *load* from another host is a problem.
    """
    site = _Site(site_dir, _with_slashes(base_path), _with_slashes(root_path))
    for path in sorted(site.files):
        if path.endswith(".html"):
            site.check_page(path)
        elif path.endswith(".css"):
            site.check_styles(path, css_addresses(site.text(path)))
    site.check_fragments()
    return sorted(set(site.problems))


def summary(problems: Iterable[LinkProblem]) -> str:
    """Return the first problems in one line."""
    texts = [str(problem) for problem in problems]
    more = f"; and {len(texts) - MOST_SHOWN} more" if len(texts) > MOST_SHOWN else ""
    return "; ".join(texts[:MOST_SHOWN]) + more


@dataclass(slots=True)
class _Site:
    folder: Path
    base: str
    root: str
    files: set[str] = field(init=False)
    ids: dict[str, set[str]] = field(default_factory=dict)
    wanted: dict[tuple[str, str], set[LinkProblem]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """What is wrong if a file turns out not to have an anchor, by file and anchor."""
    problems: list[LinkProblem] = field(default_factory=list)
    parsed: Callable[[str], Addresses] = field(init=False)

    def __post_init__(self) -> None:
        self.files = set(_relative_files(self.folder))
        self.parsed = lru_cache(maxsize=64)(lambda path: Addresses(self.text(path)))

    def text(self, path: str) -> str:
        with open(os.path.join(self.folder, path), "rb") as file:  # noqa: PTH118, PTH123
            return file.read().decode(errors="replace")

    def check_page(self, page: str) -> None:
        """Check the files that a page names, and note its ids and the anchors it wants."""
        text = self.text(page)
        self.ids[page] = likely_ids(text)
        links = likely_links(text)
        if leaves_by_links_only(text):
            links = {link for link in links if not _is_outward(link)}
        suspects = [
            found for link in links | likely_sources(text) if (found := self._look(page, link))
        ]
        for suspect in suspects:
            exact = self.parsed(page)
            loaded = suspect.link in exact.loaded
            if loaded or (suspect.why != _LOADS and suspect.link in exact.followed):
                self.problems.append(suspect)
        self.check_styles(page, style_addresses(text))

    def check_styles(self, path: str, links: Iterable[str]) -> None:
        """Check what styles load."""
        self.problems.extend(found for link in links if (found := self._look(path, link)))

    def check_fragments(self) -> None:
        """Look up the anchors, now that the ids of all pages are known."""
        for (target, anchor), suspects in self.wanted.items():
            if anchor in self.ids[target] or anchor in self.parsed(target).names:
                continue
            self.problems.extend(s for s in suspects if s.link in self.parsed(s.page).followed)

    def _look(self, page: str, link: str) -> LinkProblem | None:
        """Return what may be wrong with an address; an anchor is only noted."""
        if _is_outward(link):
            return LinkProblem(page=page, link=link, why=_LOADS)
        if _SCHEME.match(link):
            return None
        address, _, fragment = link.partition("#")
        target = self._target(page, address.partition("?")[0])
        if target is None:
            return None
        if target not in self.files:
            return LinkProblem(page=page, link=link, why=self._why_missing(target))
        # Browsers scroll up for #top, and search for the text after :~: by themselves.
        if fragment not in {"", "top"} and target.endswith(".html") and ":~:" not in fragment:
            why = f"names an anchor that {target} does not have"
            problem = LinkProblem(page=page, link=link, why=why)
            self.wanted[target, unquote(fragment)].add(problem)
        return None

    def _target(self, page: str, address: str) -> str | None:
        """Return the file that an address names; None where another edition holds it."""
        if not address:
            return page
        if address[0] == "/":
            if not address.startswith(self.base):
                return None if address.startswith(self.root) else address
            path = address[len(self.base) :]
        else:
            path = posixpath.join(posixpath.dirname(page), address)
        if "%" in path:
            path = unquote(path)
        is_folder = not path or path.endswith(("/", "/.", "/..")) or path in {".", ".."}
        path = posixpath.normpath(path) if path else "."
        if path == ".":
            return "index.html"
        return f"{path}/index.html" if is_folder else path

    def _why_missing(self, target: str) -> str:
        if target.startswith(("../", "/")):
            return "leads out of the site"
        if f"{target}/index.html" in self.files:
            return "names a folder without the slash at its end"
        return f"leads to {target}, which is not there"


def _is_outward(link: str) -> bool:
    return link.startswith(("https:", "http:", "//"))


def _with_slashes(path: str) -> str:
    inner = path.strip("/")
    return f"/{inner}/" if inner else "/"


def _relative_files(folder: Path) -> Iterator[str]:
    start = len(str(folder)) + 1
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)[start:]  # noqa: PTH118 - thousands of files
            yield path.replace(os.sep, "/")
