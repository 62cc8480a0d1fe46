"""The page and the document of one metric."""
