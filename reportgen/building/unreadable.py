"""What could not be read and still lies there: a broken file that was taken away is settled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportgen.config import Config, SourceConfig
from reportgen.sources import origins, reads_files
from reportgen.store import Store

_MAGIC = re.compile(r"[*?\[]")


def still_unreadable(store: Store, config: Config) -> list[Mapping[str, str]]:
    """Return what the store knows as unreadable, but for local files that are gone.

    A file is gone if the folder that its source names is there and the file is not. Where that
    folder is not there either, as beside a store that was copied to another machine, nothing is
    known of the file and it stays in the list.
    """
    sources = {source.name: source for source in config.source}
    return [one for one in store.unreadable() if not _is_gone(one, sources.get(one["source"]))]


def _is_gone(record: Mapping[str, str], source: SourceConfig | None) -> bool:
    if source is None or origins.is_url(source.location) or not reads_files(source):
        return False
    name = record["origin"].partition("#")[0]
    if not record["sha256"] or "\ufffd" in name:  # no content was seen, or no name can be told
        return False
    names = (name, name.replace("%23", "#"))
    paths = [Path(origins.local_path(one, source.root)) for one in names]
    return _folder(source, paths).is_dir() and not any(path.exists() for path in paths)


def _folder(source: SourceConfig, files: Sequence[Path]) -> Path:
    """Return the folder in which a location, perhaps that of one of some files, is looked for."""
    path = Path(origins.local_path(source.location, source.root))
    if not _MAGIC.search(str(path)):
        return path.parent if path in files else path
    return next(one for one in path.parents if not _MAGIC.search(str(one)))
