"""What could not be read and still lies there: a broken file that is gone or mended is settled."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportgen.config import Config, SourceConfig
from reportgen.sources import origins, reads_files
from reportgen.sources.locations import FOLDER
from reportgen.store import Store

_MAGIC = re.compile(r"[*?\[]")


def still_unreadable(store: Store, config: Config) -> list[Mapping[str, str]]:
    """Return what the store knows as unreadable, but for local files that are gone or mended.

    A file is gone if the folder that its source names is there and the file is not; it is mended
    if other bytes lie there: a pull has stored them, or said what is wrong with them. Where that
    folder is not there either, as beside a store that was copied to another machine, nothing is
    known of the file and it stays in the list.
    """
    sources = {source.name: source for source in config.source}
    return [one for one in store.unreadable() if not _is_settled(one, sources.get(one["source"]))]


def _is_settled(record: Mapping[str, str], source: SourceConfig | None) -> bool:
    if source is None or origins.is_url(source.location) or not reads_files(source):
        return False
    name = record["origin"].partition("#")[0]
    if not record["sha256"] or "\ufffd" in name:  # no content was seen, or no name can be told
        return False
    names = (name, name.replace("%23", "#"))
    paths = [Path(origins.local_path(one, source.root)) for one in names]
    there = [path for path in paths if os.path.lexists(path)]
    if not there:
        return _folder(source, paths).is_dir()
    return not any(_is_as_it_was(path, record) for path in there)


def _is_as_it_was(path: Path, record: Mapping[str, str]) -> bool:
    if path.is_dir():
        return record["reason"] == FOLDER or not os.access(path, os.R_OK | os.X_OK)
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == record["sha256"]
    except OSError:
        return True


def _folder(source: SourceConfig, files: Sequence[Path]) -> Path:
    """Return the folder in which a location, perhaps that of one of some files, is looked for."""
    path = Path(origins.local_path(source.location, source.root))
    if not _MAGIC.search(str(path)):
        return path.parent if path in files else path
    return next(one for one in path.parents if not _MAGIC.search(str(one)))
