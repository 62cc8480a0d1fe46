"""What people write themselves, taken into the docs folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path, PurePath

from reportgen.definitions.notes import Note
from reportgen.render.frontmatter import clean
from reportgen.render.outputs import Outputs, RenderReport

Rewrite = Callable[[PurePath, bytes], bytes | None]
"""Returns what is written in place of a file; None: it stays out."""

ACTIVE = frozenset({".html", ".htm", ".xhtml", ".xht", ".xml", ".js", ".mjs"})
"""Files that a browser would run by themselves."""


def copy_folder(
    source: Path, target: Path, rewrite: Rewrite = lambda _path, content: content
) -> RenderReport:
    """Mirror a folder of Markdown and pictures as ``target``, a folder of the docs folder.

    Hidden files stay out. What was copied before and is gone from the source is removed.
    A source that is not there counts as empty.
    """
    with Outputs.open(target.parent, f"copied to {target.name}") as outputs:
        for file in sorted(source.rglob("*")):
            inside = file.relative_to(source)
            if file.is_file() and not any(part.startswith(".") for part in inside.parts):
                content = rewrite(inside, file.read_bytes())
                if content is not None:
                    outputs.write(f"{target.name}/{inside.as_posix()}", content)
    return outputs.report


def safe_notes(notes: Sequence[Note]) -> Rewrite:
    """Return how the files of notes are copied.

    The theme places titles and descriptions as they are, so a note keeps nothing of its front
    matter but its title, as HTML text. One that could not be read, and files that a browser
    would run, stay out.
    """
    known = {note.path: note for note in notes}

    def rewrite(path: PurePath, content: bytes) -> bytes | None:
        if path.suffix.lower() in ACTIVE:
            return None
        if path.suffix.lower() not in (".md", ".markdown"):
            return content
        note = known.get(path.as_posix())
        return _markdown(note).encode() if note else None

    return rewrite


def _markdown(note: Note) -> str:
    title = escape(" ".join(clean(note.title).split()))
    return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n\n{note.body}"
