"""`reportgen init`: a ready report repository, fitted to the results that lie in a folder."""

from __future__ import annotations

from reportgen.starter.write import start

__all__ = ["start"]
