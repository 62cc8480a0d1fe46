"""Columns of text as integers: a calibration history has millions of rows and few words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MISSING = -1
"""Code of null."""


class Codebook:
    """Numbers words in the order in which they are met."""

    def __init__(self) -> None:
        self.words: list[Any] = []
        self._codes: dict[Any, int] = {}

    def code(self, word: Any) -> int:
        """Return the code of a word; null has the code `MISSING`."""
        if word is None:
            return MISSING
        found = self._codes.setdefault(word, len(self.words))
        if found == len(self.words):
            self.words.append(word)
        return found

    def word(self, code: int) -> Any:
        """Return the word of a code, None for `MISSING`."""
        return None if code == MISSING else self.words[code]

    def encode(self, column: pa.ChunkedArray) -> np.ndarray:
        """Return the codes of a column as int32."""
        if column.null_count == len(column):
            return np.full(len(column), MISSING, dtype=np.int32)
        parts = []
        for chunk in column.chunks:
            encoded = chunk.dictionary_encode()
            codes = [self.code(word) for word in encoded.dictionary.to_pylist()]
            # Null stands at the end, where the index -1 finds it.
            lookup = np.array([*codes, MISSING], dtype=np.int32)
            parts.append(lookup[pc.fill_null(encoded.indices, -1).to_numpy()])
        return np.concatenate(parts)


class Combinations:
    """Numbers combinations of codes, for example all distinct (detector, amplifier)."""

    def __init__(self) -> None:
        self._book = Codebook()

    @property
    def rows(self) -> Sequence[tuple[int, ...]]:
        """The combinations, by their number."""
        return self._book.words

    def encode(self, columns: Sequence[np.ndarray]) -> np.ndarray:
        """Return the number of the combination in each row as int32."""
        table = np.stack(columns, axis=1)
        keys = np.zeros(len(table), dtype=np.int64)
        for column in table.T:
            # One integer per row sorts many times faster than rows do; renumbered each time,
            # the product of two columns cannot overflow.
            width = int(column.max(initial=MISSING)) + 2
            _, keys = np.unique(keys * width + column + 1, return_inverse=True)
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        numbers = [self._book.code(tuple(row)) for row in table[first].tolist()]
        return np.array(numbers, dtype=np.int32)[inverse]
