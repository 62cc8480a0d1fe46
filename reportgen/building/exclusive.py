"""One build or publish at a time in a folder, and nothing left behind by one that was killed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from reportgen.building.folders import folders
from reportgen.config import Config
from reportgen.errors import BuildLockedError
from reportgen.places import HALF, is_running
from reportgen.store.lock import locked

Asked = ParamSpec("Asked")
Made = TypeVar("Made")


def exclusive(
    build: Callable[Concatenate[Config, Asked], Made],
) -> Callable[Concatenate[Config, Asked], Made]:
    """Let only one such call at a time work below the folder of a configuration.

    Raises
    ------
    BuildLockedError
        If another process is at it.
    """

    @wraps(build)
    def build_alone(config: Config, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Made:
        with locked(folders(config).work, BuildLockedError):
            return build(config, *args, **kwargs)

    return build_alone


def sweep(work: Path) -> None:
    """Remove what a killed process has written halfway, under the names that files have until then.

    What one that still runs has begun stays: a pull works beside a build.
    """
    for path in work.rglob(".*"):
        half = HALF.fullmatch(path.name)
        if half and not is_running(int(half["process"])):
            path.unlink(missing_ok=True)
