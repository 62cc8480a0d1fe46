"""What people write themselves, taken into the docs folder as it is."""

from __future__ import annotations

from pathlib import Path

from reportgen.render.outputs import Outputs, RenderReport


def copy_folder(source: Path, target: Path) -> RenderReport:
    """Mirror a folder of Markdown and pictures as ``target``, a folder of the docs folder.

    Hidden files stay out. What was copied before and is gone from the source is removed.
    A source that is not there counts as empty.
    """
    with Outputs.open(target.parent, f"copied to {target.name}") as outputs:
        for file in sorted(source.rglob("*")):
            inside = file.relative_to(source)
            if file.is_file() and not any(part.startswith(".") for part in inside.parts):
                outputs.write(f"{target.name}/{inside.as_posix()}", file.read_bytes())
    return outputs.report
