"""Pages and documents into the docs folder that MkDocs reads."""

from reportgen.render.documents import write_documents
from reportgen.render.notes import copy_folder, safe_notes
from reportgen.render.pages import SiteContext, render_pages

__all__ = [
    "SiteContext",
    "copy_folder",
    "render_pages",
    "safe_notes",
    "write_documents",
]
