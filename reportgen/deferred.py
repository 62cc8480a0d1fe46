"""Heavy packages that are imported at first use.

A build in which nothing is new needs none of them, and should not wait for them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Deferred:
    """Stands for a module until somebody asks it for something.

    Beside it stands a true import for type checkers::

        if TYPE_CHECKING:
            import pyarrow as pa
        else:
            pa = Deferred("pyarrow")
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """Import the module; what was asked for is then an attribute like any other."""
        if attribute.startswith("__"):
            raise AttributeError(attribute)  # inspection is no use
        found = getattr(import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found
