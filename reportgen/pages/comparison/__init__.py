"""Pages, documents and texts of comparisons."""
