"""The command line: each command parses, calls what does the work, and prints."""

from reportgen.cli import asking, gating, making, publishing
from reportgen.cli.app import app, main

__all__ = ["app", "asking", "gating", "main", "making", "publishing"]
