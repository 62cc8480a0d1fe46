"""The finished site of one edition, read and prepared for its place on the published site."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import PublishError
from reportgen.model.editions import MAIN
from reportgen.publish.manifest import PageNote, Record, Weight
from reportgen.publish.names import check_name, is_lasting
from reportgen.publish.notes import EditionIndex, read_index
from reportgen.publish.rewrite import SHARED_FOLDERS, Rewriter

SCRIPT = "assets/edition.js"
"""Of the theme: the selector of editions, and the banner of older ones."""

NOT_FOUND = "404.html"
"""No host looks for it in an edition: the one at the root of the published site is shown."""

Content = bytes | Path
"""Of a file: what it holds, or the file that holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionContent:
    """One edition, ready to be placed."""

    name: str
    files: Mapping[str, Content]
    """By path from the edition's root."""
    shared: Mapping[str, Path]
    """By path from the root of the published site."""
    weight: Weight
    digest: str
    index: EditionIndex
    record: Record

    @property
    def pages(self) -> Iterator[str]:
        """All pages that a reader can open, with a permalink or without."""
        return (p for p in self.files if p.endswith(".html"))


def read_edition(site_dir: Path, edition: str, *, self_contained: bool = False) -> EditionContent:
    """Read a site as `reportgen build` leaves it.

    Figures and the assets of the theme move to the root of the published site, where editions
    share them; not those of a self-contained edition. Search engines know a page by its permalink;
    one without is for them in ``main`` only.

    Raises
    ------
    PublishError
        If there is no site, or it is another edition, or it holds a symbolic link.
    """
    check_name(edition)
    index = read_index(site_dir, edition)
    found = dict(_files(site_dir))
    moved = {} if self_contained else _moved(found)
    script = SCRIPT if SCRIPT in found else None
    rewriter = Rewriter(edition=edition, moved=moved, script=script, indexed=edition == MAIN)
    files: dict[str, Content] = {}
    digest, weight = hashlib.sha256(), Weight()
    for path, file in sorted(found.items()):
        if path in moved or path == NOT_FOUND:
            continue
        data = file.read_bytes()
        if path.endswith(".html"):
            data = rewriter.page(path, data)
            files[path] = data
        else:
            files[path] = file
        digest.update(f"{path}\0{hashlib.sha256(data).hexdigest()}\n".encode())
        place = f"v/{edition}/{path}"
        weight += Weight(files=1, size=len(data), largest=place, largest_size=len(data))
    shared = {new: found[old] for old, new in moved.items()}
    pages = {path: index.notes.get(path, PageNote(title=path)) for path in _lasting(files)}
    return EditionContent(
        name=edition,
        files=files,
        shared=shared,
        weight=weight,
        digest=digest.hexdigest(),
        index=index,
        record=Record(pages=pages, shared=tuple(sorted(shared))),
    )


def _lasting(files: Mapping[str, Content]) -> Iterator[str]:
    for path in files:
        page = path.removesuffix("index.html")
        if page != path and is_lasting(page):
            yield page


def _moved(found: Mapping[str, Path]) -> dict[str, str]:
    """Return new places: a figure by its content, the assets as one folder by theirs."""
    moved, assets = {}, {}
    for path, file in sorted(found.items()):
        folder = path.partition("/")[0]
        if folder not in SHARED_FOLDERS or path == folder:
            continue
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if folder == "figures":
            moved[path] = f"figures/{digest[:20]}{Path(path).suffix}"
        else:
            assets[path] = digest
    # Scripts and style sheets name one another, so they move together.
    folder_hash = hashlib.sha256(repr(sorted(assets.items())).encode()).hexdigest()[:20]
    return moved | {path: f"assets/{folder_hash}/{path.partition('/')[2]}" for path in assets}


def _files(site_dir: Path) -> Iterator[tuple[str, Path]]:
    for parent, folders, names in os.walk(site_dir):
        for name in (*folders, *names):
            path = Path(parent, name)
            if path.is_symlink():
                raise PublishError(
                    f"{path} is a symbolic link, which GitHub Pages does not publish. Put the file"
                    " itself there."
                )
        for name in names:
            path = Path(parent, name)
            yield path.relative_to(site_dir).as_posix(), path
