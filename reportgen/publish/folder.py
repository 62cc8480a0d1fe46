"""Editions in a plain folder: for any static host, and for uploading as an artifact."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import PublishError
from reportgen.places import replacing
from reportgen.publish.content import Content, read_edition
from reportgen.publish.derived import git_id
from reportgen.publish.manifest import MANIFEST, Weight
from reportgen.publish.plan import NO_WISH, Plan, Wish, plan_drop, plan_publish
from reportgen.publish.prune import Keep, choose
from reportgen.publish.report import PublishReport, report_plan
from reportgen.publish.room import PAGES
from reportgen.publish.tree import Choice, State, known_editions, read_state
from reportgen.publish.versions import VERSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderTree:
    """The published files in a folder."""

    root: Path

    def read(self, path: str) -> bytes | None:
        """Return what a file holds; None where there is none."""
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def ids(self, folder: str) -> dict[str, str]:
        """Return the ids that git would give to the files directly in a folder, by name."""
        here = self.root / folder
        files = [path for path in here.iterdir() if path.is_file()] if here.is_dir() else []
        return {path.name: git_id(path.read_bytes()) for path in files}

    def names(self, folder: str) -> list[str]:
        """Return the names of files and folders directly in a folder."""
        here = self.root / folder
        return [path.name for path in here.iterdir()] if here.is_dir() else []

    def files(self, folder: str) -> list[str]:
        """Return the paths of all files below a folder, from the root."""
        below = (self.root / folder).rglob("*")
        return [path.relative_to(self.root).as_posix() for path in below if path.is_file()]

    def weigh(self, paths: Iterable[str]) -> Weight:
        """Return the room that files and folders take."""
        total = Weight()
        for path in paths:
            inside = [path] if (self.root / path).is_file() else self.files(path)
            for one in inside:
                size = (self.root / one).stat().st_size
                total += Weight(files=1, size=size, largest=one, largest_size=size)
        return total


def publish_folder(
    site_dir: Path,
    to_dir: Path,
    *,
    edition: str,
    wish: Wish = NO_WISH,
    self_contained: bool = False,
) -> PublishReport:
    """Put a finished site into a folder at ``v/<edition>/``, laid out as on the branch.

    Each file is replaced at once and only if it differs; what lists the others comes last.

    Raises
    ------
    PublishError
        If the site cannot be published, or one folder lies inside the other.
    """
    _refuse_nested(site_dir.resolve(), to_dir.resolve())
    content = read_edition(site_dir, edition, self_contained=self_contained)
    return _apply_to(
        to_dir,
        plan=lambda state: plan_publish(state, content, wish),
        changes=lambda _manifest, _versions: [edition],
    )


def prune_folder(
    to_dir: Path,
    *,
    keep: Keep,
    url: str = "",
    dry_run: bool = False,
) -> PublishReport:
    """Drop old editions from a folder, with the figures that nothing else uses.

    ``dry_run``: say what would be dropped, and change nothing.

    Raises
    ------
    PublishError
        If nothing is published there: there is no such folder.
    """
    if not to_dir.is_dir():
        raise PublishError(f"There is no folder {to_dir}. Publish into it first.")
    return _apply_to(
        to_dir,
        plan=lambda state: plan_drop(state, choose(state.manifest, state.versions, keep), url),
        changes=lambda manifest, versions: choose(manifest, versions, keep),
        dry_run=dry_run,
    )


def known_in_folder(to_dir: Path) -> set[str]:
    """Return the editions that are published in a folder, or were once and have been dropped."""
    return known_editions(FolderTree(root=to_dir))


def _apply_to(
    to_dir: Path,
    *,
    plan: Callable[[State], Plan],
    changes: Choice,
    dry_run: bool = False,
) -> PublishReport:
    made = plan(read_state(FolderTree(root=to_dir), changes))
    try:
        changed = not dry_run and _apply(made, to_dir)
    except OSError as error:
        raise PublishError(
            f"{error.filename or to_dir} cannot be written ({error.strerror}). Make room or give"
            " access, then publish again: it goes on where it stopped."
        ) from error
    return report_plan(made, PAGES, place=str(to_dir), changed=changed)


def _apply(plan: Plan, root: Path) -> bool:
    """Write what differs, then remove what is not wanted; tell whether anything changed."""
    # The manifest last: after an interruption the same call finds everything to be done again.
    last = (VERSIONS, MANIFEST)
    order = [path for path in plan.write if path not in last] + [p for p in last if p in plan.write]
    changed = False
    for link in (root / "v").glob("*") if (root / "v").is_dir() else ():
        # An alias of mike is a link to an edition, which must not be written through.
        if link.is_symlink() and any(path.startswith(f"v/{link.name}/") for path in order):
            link.unlink()
    for path in order:
        changed |= _write(_inside(root, path), plan.write[path])
    for path in plan.remove:
        changed |= _remove(_inside(root, path), root, plan.write)
    return changed


def _write(target: Path, content: Content) -> bool:
    data = content.read_bytes() if isinstance(content, Path) else content
    if target.is_file() and not target.is_symlink():
        if target.stat().st_size == len(data) and target.read_bytes() == data:
            return False
    elif target.is_symlink() or target.exists():
        _delete(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as file:
        file.write_bytes(data)
    return True


def _remove(target: Path, root: Path, wanted: Mapping[str, Content]) -> bool:
    """Remove a file, or from a folder what was not written just now."""
    if target.is_symlink() or target.is_file():
        return target.relative_to(root).as_posix() not in wanted and _delete(target)
    changed = False
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(root).as_posix() not in wanted:
            changed |= _delete(path)
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()
    return changed


def _delete(target: Path) -> bool:
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink()
    return True


def _inside(root: Path, path: str) -> Path:
    # Names come from the published site too, which somebody else may have written.
    parts = path.split("/")
    if not path or any(part in {"", ".", ".."} for part in parts):
        raise PublishError(f"The manifest of {root} names {path!r}, which is outside of it.")
    return root / path


def _refuse_nested(site: Path, to: Path) -> None:
    if site == to or site in to.parents or to in site.parents:
        raise PublishError(
            f"The site {site} and the published folder {to} lie inside each other. Choose another"
            " folder with --to."
        )
