"""Where compiled templates are kept: with the package, as Python keeps its own modules."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import reportgen


def template_cache(own: Path) -> Path:
    """Return a folder for compiled templates that the reports of an installation share.

    Compiling them takes as long as rendering fifty pages, in every new folder. Where Python may
    not write beside its modules either, it is ``own``, that of the report.
    """
    if sys.dont_write_bytecode or sys.pycache_prefix:
        return own
    shared = Path(reportgen.__file__).parent / "__pycache__" / "templates"
    try:
        shared.mkdir(parents=True, exist_ok=True)
    except OSError:
        return own
    return shared if os.access(shared, os.W_OK) else own
