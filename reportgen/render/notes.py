"""What people write themselves, taken into the docs folder as it is."""

from __future__ import annotations

from pathlib import Path

from reportgen.render.outputs import Outputs, RenderReport


def copy_folder(source: Path, docs_dir: Path, *, under: str) -> RenderReport:
    """Mirror a folder of Markdown and pictures below ``docs_dir/<under>``.

    Hidden files stay out. What was copied before and is gone from the source is removed.
    A source that is not there counts as empty.
    """
    prefix = f"{under.strip('/')}/" if under.strip("/") else ""
    with Outputs.open(docs_dir, f"copied:{prefix}") as outputs:
        for file in sorted(source.rglob("*")):
            inside = file.relative_to(source)
            if file.is_file() and not any(part.startswith(".") for part in inside.parts):
                outputs.write(f"{prefix}{inside.as_posix()}", file.read_bytes())
    return outputs.report
