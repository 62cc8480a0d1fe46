"""Pages and documents into the docs folder that MkDocs reads."""

from reportgen.render.documents import strict_json, write_documents
from reportgen.render.notes import copy_folder, safe_notes
from reportgen.render.outputs import RenderReport
from reportgen.render.pages import SiteContext, render_pages

__all__ = [
    "RenderReport",
    "SiteContext",
    "copy_folder",
    "render_pages",
    "safe_notes",
    "strict_json",
    "write_documents",
]
