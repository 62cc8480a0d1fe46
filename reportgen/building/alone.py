"""One build at a time in a folder, and nothing left behind by one that was killed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from reportgen.config import Config
from reportgen.errors import BuildLockedError
from reportgen.places import HALF
from reportgen.store.lock import locked

WORK = "build"
"""Folder of everything that a build makes on its way, below that of the configuration."""

Asked = ParamSpec("Asked")
Made = TypeVar("Made")


def alone(
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
        work = config.root / WORK
        with locked(work, BuildLockedError):
            return build(config, *args, **kwargs)

    return build_alone


def sweep(folders: Iterable[Path], site: Path) -> None:
    """Remove what a killed build has written halfway, under the names that files have until then.

    Only who works alone may: what it removes could be written just now.
    """
    for folder in folders:
        for path in folder.rglob("*"):
            if HALF.fullmatch(path.name):
                path.unlink(missing_ok=True)
    for path in site.parent.glob(f".{site.name}.*"):
        if re.fullmatch(r"\d+\.(new|old)", path.name.removeprefix(f".{site.name}.")):
            shutil.rmtree(path, ignore_errors=True)
