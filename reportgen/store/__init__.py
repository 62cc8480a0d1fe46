"""The append-only store: one folder per run, Parquet and JSON, queried through DuckDB."""

from reportgen.store.reader import Store
from reportgen.store.writer import StoreWriter

__all__ = ["Store", "StoreWriter"]
