"""Files that follow from the manifest: permalinks, versions, front pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.errors import PublishError
from reportgen.publish.manifest import MANIFEST, Manifest
from reportgen.publish.names import newest_first
from reportgen.publish.stubs import (
    dashboard_page,
    dropped_page,
    missing_page,
    redirect_page,
    tombstone_page,
)
from reportgen.publish.tree import State
from reportgen.publish.versions import (
    SWITCHER,
    VERSIONS,
    Version,
    default_edition,
    write_switcher,
    write_versions,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Small files, all written anew with each publish."""

    files: Mapping[str, bytes]
    kept: tuple[str, ...]
    """Files that are somebody else's."""
    warnings: tuple[str, ...]


def derive(
    state: State, manifest: Manifest, versions: Mapping[str, Version], *, url: str
) -> Derived:
    """Return all files that follow from the manifest, which learns what it owns."""
    start = default_edition(versions)
    singles = {
        "index.html": redirect_page("index.html", f"v/{start}/"),
        "404.html": missing_page(start),
        ".nojekyll": b"",
        "v/index.html": dashboard_page(versions, manifest),
        SWITCHER: write_switcher(versions, default=start, url=url),
    }
    files = {path: one for path, one in singles.items() if _is_ours(path, one, state)}
    manifest.owned = {path: git_id(one) for path, one in files.items()}
    stubs, warnings = _permalinks(manifest)
    mine = _permalinks_before(state.manifest)
    foreign = {path for path in stubs if path in state.lasting and path not in mine}
    files |= {path: one for path, one in stubs.items() if path not in foreign}
    files |= {
        f"v/{name}/index.html": dropped_page(name)
        for name in manifest.dropped
        if name not in versions
    }
    files[VERSIONS] = write_versions(versions)
    files[MANIFEST] = manifest.dump()
    return Derived(
        files=files,
        kept=(*sorted(singles.keys() - files.keys()), *sorted(foreign)),
        warnings=tuple(warnings),
    )


def git_id(content: bytes) -> str:
    """Return the id that git gives to a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _is_ours(path: str, content: bytes, state: State) -> bool:
    here = state.single.get(path)
    return here is None or here in {state.manifest.owned.get(path), git_id(content)}


def _permalinks_before(manifest: Manifest) -> set[str]:
    pages = (*manifest.pages, *manifest.gone, *manifest.redirects)
    return {f"{page}index.html" for page in pages}


def _permalinks(manifest: Manifest) -> tuple[dict[str, bytes], list[str]]:
    """Return the file behind each permalink, and what is wrong with renamed pages."""
    newest = {name: place for place, name in enumerate(newest_first(manifest.editions))}
    leads = {
        page: f"v/{min(holders, key=newest.__getitem__)}/{page}"
        for page, holders in manifest.pages.items()
    }
    held, warnings = frozenset(leads), []
    for old in manifest.redirects:
        new = _follow(manifest.redirects, old)
        if new in held:
            # Even where an old edition still holds the page under its old name.
            leads[old] = leads[new]
        elif new in manifest.gone and old not in held:
            leads[old] = new
        elif old not in held:
            warnings.append(f"{old} was renamed to {new}, which no edition holds.")
    stubs = {}
    for page, note in manifest.gone.items():
        stubs[f"{page}index.html"] = tombstone_page(page, note)
    for page, target in leads.items():
        stubs[f"{page}index.html"] = redirect_page(f"{page}index.html", target)
    return stubs, warnings


def _follow(redirects: Mapping[str, str], old: str) -> str:
    seen = [old]
    while seen[-1] in redirects:
        seen.append(redirects[seen[-1]])
        if seen[-1] in seen[:-1]:
            raise PublishError(
                f"Renamed pages lead in a circle: {' → '.join(seen)}. Correct one of the renames."
            )
    return seen[-1]
