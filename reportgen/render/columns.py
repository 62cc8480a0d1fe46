"""Columns of a table as the stylesheet wants them: their widths, and their labels on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_UNSAFE = re.compile(r"[^A-Za-z0-9 .,:()/%+-]")


def column_style(columns: Iterable[Mapping[str, Any]]) -> str:
    """Return custom properties for ``style``: ``--rg-cols``, ``--rg-min``, ``--rg-l2`` and so on.

    Each column has a ``title`` and a ``width`` in rem at which it is comfortable: the columns share
    the width of the page in these proportions. Its label beside a cell is its ``label``, else the
    title.
    """
    shown = list(columns)
    widths = [float(column["width"]) for column in shown]
    cols = " ".join(f"minmax(0,{width:g}fr)" for width in widths)
    named = labels(column.get("label", column["title"]) for column in shown)
    return f"--rg-cols:{cols};--rg-min:{0.8 * sum(widths):.4g}rem;{named}"


def labels(titles: Iterable[str]) -> str:
    """Return what stands beside the cells of each column on a phone, as ``--rg-l1`` and so on."""
    return ";".join(f"--rg-l{at}:{css_string(str(title))}" for at, title in enumerate(titles, 1))


def css_string(text: str) -> str:
    """Return a text as a string of CSS in which nothing can end it."""
    return '"' + _UNSAFE.sub(lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'
