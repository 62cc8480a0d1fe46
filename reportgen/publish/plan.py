"""What publishing or dropping editions changes: one pure function each, for branch and folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from reportgen.errors import PublishError
from reportgen.publish.content import Content, EditionContent
from reportgen.publish.derived import Derived, derive
from reportgen.publish.manifest import Edition, Manifest, Record, Shared, Weight, record_path
from reportgen.publish.names import is_page_path
from reportgen.publish.stubs import redirect_page
from reportgen.publish.tree import State
from reportgen.publish.versions import Version, add_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person who publishes asks for."""

    aliases: tuple[str, ...] = ()
    url: str = ""
    """Address of the whole site, where it is known."""
    redirects: Mapping[str, str] = field(default_factory=dict)
    """New paths of pages that were renamed, by their old path: ``runs/a/b/``."""


NO_WISH = Wish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """New content by path, after some paths were removed; all other files stay."""

    message: str
    remove: tuple[str, ...]
    """Files and folders."""
    write: Mapping[str, Content]
    weight: Weight
    """Of the whole site afterwards."""
    kept: tuple[str, ...]
    """Files that reportgen would write, had not somebody else written them."""
    permalinks: int
    tombstones: int
    dropped: tuple[str, ...] = ()
    collected: Weight = Weight()
    """Figures and assets that nothing uses any more."""
    warnings: tuple[str, ...] = ()


def plan_publish(state: State, content: EditionContent, wish: Wish) -> Plan:
    """Return how one edition gets its place among the others.

    Raises
    ------
    PublishError
        If a name is taken by something else, or renamed pages lead in a circle.
    """
    taken = {content.name, *wish.aliases} & set(state.unknown)
    if taken:
        raise PublishError(
            f"v/{min(taken)} is published already and is no edition. Choose another name."
        )
    versions = add_version(state.versions, content.name, wish.aliases)
    manifest, gone = _without_vanished(state)
    record = content.record.dump()
    _put(manifest, content, state, own=Weight(files=1, size=len(record)))
    manifest.redirects |= _checked(wish.redirects)
    gone = [name for name in gone if name != content.name]
    versions = {name: one for name, one in versions.items() if name not in gone}
    aliases = _alias_pages(content, versions[content.name])
    manifest.dropped = [n for n in manifest.dropped if n != content.name and n not in aliases]
    for alias, pages in aliases.items():
        manifest.aliases[alias] = Weight(files=len(pages), size=sum(map(len, pages.values())))
    files: dict[str, Content] = {
        **{f"v/{content.name}/{path}": one for path, one in content.files.items()},
        **{path: one for path, one in content.shared.items() if path not in state.shared},
        **{path: page for pages in aliases.values() for path, page in pages.items()},
        record_path(content.name): record,
    }
    folders = [f"v/{name}" for name in (content.name, *aliases)]
    after = _After(manifest=manifest, versions=versions, dropped=tuple(gone))
    return _finish(state, after, wish.url, files=files, folders=folders, what=content.name)


def plan_drop(state: State, names: Iterable[str], url: str) -> Plan:
    """Return how editions go: their pages become tombstones unless another edition holds them.

    Raises
    ------
    PublishError
        If there is no such edition.
    """
    manifest, gone = _without_vanished(state)
    chosen = sorted(set(names) - set(gone))
    for name in chosen:
        if name not in manifest.editions:
            raise PublishError(f"No edition {name!r} is published, so it cannot be dropped.")
        _drop(manifest, name, state.records[name])
    versions = {n: one for n, one in state.versions.items() if n not in {*chosen, *gone}}
    folders = [f"v/{name}" for name in chosen]
    after = _After(manifest=manifest, versions=versions, dropped=tuple(sorted({*chosen, *gone})))
    return _finish(state, after, url, files={}, folders=folders, what="")


@dataclass(frozen=True, slots=True, kw_only=True)
class _After:
    """The editions as they will be."""

    manifest: Manifest
    versions: Mapping[str, Version]
    dropped: tuple[str, ...]


def _finish(
    state: State,
    after: _After,
    url: str,
    *,
    files: Mapping[str, Content],
    folders: Collection[str],
    what: str,
) -> Plan:
    """Add what follows from the manifest, and remove what nothing needs."""
    manifest, versions, dropped = after.manifest, after.versions, after.dropped
    kept_aliases = {alias for one in versions.values() for alias in one.aliases}
    lost = [alias for alias in manifest.aliases if alias not in kept_aliases]
    for alias in lost:
        del manifest.aliases[alias]
    unused = sorted(path for path, one in manifest.shared.items() if not one.uses)
    collected = Weight(files=len(unused), size=sum(manifest.shared.pop(p).size for p in unused))
    derived = derive(state, manifest, versions, url=url)
    remove = [*folders, *(f"v/{alias}" for alias in lost), *unused, *map(record_path, dropped)]
    return Plan(
        message=f"Publish {what}" if what else f"Drop {', '.join(dropped) or 'nothing'}",
        remove=tuple(remove),
        write={**files, **derived.files},
        weight=_weight(state, manifest, derived),
        kept=derived.kept,
        permalinks=len(manifest.pages),
        tombstones=len(manifest.gone),
        dropped=dropped,
        collected=collected,
        warnings=derived.warnings,
    )


def _without_vanished(state: State) -> tuple[Manifest, list[str]]:
    """Return the manifest without editions whose folder somebody else has removed."""
    manifest = state.manifest.copy()
    vanished = sorted(set(manifest.editions) - set(state.present))
    for name in vanished:
        _drop(manifest, name, state.records[name])
    return manifest, vanished


def _drop(manifest: Manifest, name: str, record: Record) -> None:
    _release(manifest, name, record, keep=())
    del manifest.editions[name]
    manifest.dropped = sorted({*manifest.dropped, name})


def _release(manifest: Manifest, name: str, record: Record, *, keep: Collection[str]) -> None:
    """Take back what an edition held; pages that nobody holds then, but those kept, are gone."""
    for path in record.shared:
        if path in manifest.shared:
            size, uses = manifest.shared[path]
            manifest.shared[path] = Shared(size, uses - 1)
    for page, note in record.pages.items():
        holders = manifest.pages.get(page, [])
        if name in holders:
            holders.remove(name)
        if not holders:
            manifest.pages.pop(page, None)
            if page not in keep:
                manifest.gone[page] = note


def _put(manifest: Manifest, content: EditionContent, state: State, *, own: Weight) -> None:
    """Enter an edition, in place of what stood under its name; ``own``: what its record weighs."""
    before = manifest.editions.get(content.name)
    if before:
        held = state.records[content.name]
        _release(manifest, content.name, held, keep=content.record.pages)
    _hold(manifest, content)
    manifest.editions[content.name] = Edition(
        digest=content.digest,
        generated=content.index.generated,
        revision=before.revision + (before.digest != content.digest) if before else 1,
        runs=content.index.runs,
        weight=content.weight + own,
    )


def _hold(manifest: Manifest, content: EditionContent) -> None:
    for path, file in content.shared.items():
        known = manifest.shared.get(path)
        size = known.size if known else file.stat().st_size
        manifest.shared[path] = Shared(size, known.uses + 1 if known else 1)
    for page in content.record.pages:
        manifest.pages.setdefault(page, []).append(content.name)
        manifest.gone.pop(page, None)


def _alias_pages(content: EditionContent, version: Version) -> dict[str, dict[str, bytes]]:
    """Return, for each alias, a page beside each page of the edition that leads there."""
    pages = list(content.pages)
    return {
        alias: {
            f"v/{alias}/{page}": redirect_page(
                f"v/{alias}/{page}", f"v/{content.name}/{page.removesuffix('index.html')}"
            )
            for page in pages
        }
        for alias in version.aliases
    }


def _checked(redirects: Mapping[str, str]) -> Mapping[str, str]:
    for old, new in redirects.items():
        for path in (old, new):
            if not is_page_path(path):
                raise PublishError(
                    f"{path!r} cannot be redirected: give the path of a page, like 'runs/a/b/'."
                )
    return redirects


def _weight(state: State, manifest: Manifest, derived: Derived) -> Weight:
    small = derived.files.values()
    total = Weight(files=len(small), size=sum(map(len, small))) + state.foreign
    for edition in manifest.editions.values():
        total += edition.weight
    for alias in manifest.aliases.values():
        total += alias
    return total + _weight_of_shared(manifest.shared)


def _weight_of_shared(shared: Mapping[str, Shared]) -> Weight:
    largest = max(shared, key=lambda path: shared[path].size, default="")
    return Weight(
        files=len(shared),
        size=sum(one.size for one in shared.values()),
        largest=largest,
        largest_size=shared[largest].size if largest else 0,
    )
