"""Statistics files cut down to what is read, before a YAML parser builds anything.

The ISR block of a bias file holds projections of a megabyte; everything else is a few kilobytes.
The files are block style as upstream writes them, so the lines of a block can be cut out and
lists of numbers emptied. What is not written that way is parsed as a whole.
"""

from __future__ import annotations

import re
from typing import Any

from reportgen.errors import UnreadableError
from reportgen.sources.documents import load_yaml

WORTH = 8 << 10
"""Smaller files (bytes) are parsed as they are."""

KEPT_ISR = frozenset({b"CALIBDIST", b"BIASSHIFT", b"MJD"})
"""Blocks below ISR that hold scalars which the Results tables have too."""

# Possessive repeats (``*+``): otherwise each of 40,000 lines leaves a mark to come back to.
_ISR = re.compile(rb"^ISR:\n(?: .*+\n)*+", re.MULTILINE)
_BLOCK = re.compile(rb"^  (\w+):.*+\n(?:  [ -] *.*+\n)*+", re.MULTILINE)
_NUMBER = rb"(?:[-+]?[0-9.][0-9.e+-]*|[-+]?\.nan|[-+]?\.inf|true|false)"
_NUMBERS = re.compile(rb"(?<!BIAS_SHIFTS):\n(?: *- " + _NUMBER + rb"\n)++")


def load_statistics(content: bytes, origin: str) -> Any:
    """Return a statistics file without projections and lists of numbers.

    Raises
    ------
    UnreadableError
        If it is not YAML.
    """
    trimmed = trim(content)
    if trimmed is not content:
        try:
            return load_yaml(trimmed, origin)
        except UnreadableError:  # such as an alias of something that was cut; parse all of it
            pass
    return load_yaml(content, origin)


def trim(content: bytes) -> bytes:
    """Return block-style YAML without the large blocks of ISR and with empty lists of numbers.

    The lists keep their keys; ``BIAS_SHIFTS`` keeps its items, since they are counted.
    """
    if len(content) < WORTH or b": |" in content or b": >" in content or b"\r" in content:
        return content
    return _NUMBERS.sub(rb": []\n", _ISR.sub(_cut_isr, content))


def _cut_isr(isr: re.Match[bytes]) -> bytes:
    blocks = list(_BLOCK.finditer(isr[0]))
    if not blocks:  # not indented as upstream does it
        return isr[0]
    kept = b"".join(block[0] for block in blocks if block[1] in KEPT_ISR)
    return b"ISR:\n" + (kept or b"  {}\n")
