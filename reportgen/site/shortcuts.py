"""Shorter ways through MkDocs for files of reportgen: the same result, for less.

MkDocs looks for the end of the front matter character by character, reads megabytes of finished
HTML as YAML, and copies each figure and each JSON. What is not exactly as reportgen writes it goes
MkDocs' own way.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_START = "---\ntitle: "
_BODY = "\nbody: |1-\n "
_END = "\n---\n"
_SHARED = (".csv", ".json", ".parquet", ".png", ".svg")
"""Files that nobody changes in the finished site."""


def split_page(text: str) -> tuple[str, dict[str, Any]] | None:
    """Return Markdown and front matter of a page written by reportgen; None for any other.

    The front matter of such a page is one JSON value per line, then the body as a block whose
    every line begins with a space, so that the first line of dashes ends it.
    """
    body = text.find(_BODY) if text.startswith(_START) else -1
    end = text.find(_END, body + 1) if body > 0 else -1
    if end < 0:
        return None
    meta: dict[str, Any] = {}
    for line in text[len("---\n") : body].split("\n"):
        name, colon, value = line.partition(": ")
        try:
            key = json.loads(name) if name.startswith('"') else name
            meta[key] = json.loads(value)
        except ValueError:
            return None
        if not colon or not isinstance(key, str):
            return None
    block = text[body + len(_BODY) : end]
    meta["body"] = block.replace("\n ", "\n").rstrip("\n")
    return text[end + len(_END) :].lstrip("\n"), meta


@contextmanager
def shortcuts(docs_dir: str) -> Iterator[None]:
    """Let MkDocs take the shorter ways with the files of a docs folder."""
    from mkdocs import utils  # noqa: PLC0415 - a build without news does not load it
    from mkdocs.utils import meta  # noqa: PLC0415

    read, copy = meta.get_data, utils.copy_file
    inside = os.path.join(docs_dir, "")  # noqa: PTH118 - thousands of files

    def get_data(doc: str) -> tuple[str, dict[str, Any]]:
        return split_page(doc) or read(doc)

    def copy_file(source_path: str, output_path: str) -> None:
        if not (source_path.startswith(inside) and source_path.endswith(_SHARED)):
            copy(source_path, output_path)
            return
        try:
            os.link(source_path, output_path)
        except OSError:  # another file system, or one without links
            copy(source_path, output_path)

    meta.get_data, utils.copy_file = get_data, copy_file
    try:
        yield
    finally:
        meta.get_data, utils.copy_file = read, copy
