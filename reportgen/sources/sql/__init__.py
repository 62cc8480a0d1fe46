"""Tables in a database, by any URL that SQLAlchemy knows: read on from where a pull ended."""

from reportgen.sources.base import SourceType
from reportgen.sources.sql.options import SqlOptions
from reportgen.sources.sql.reading import read_jobs

SOURCE = SourceType(
    description="Tables or queries of a database (SQLAlchemy; reportgen[sql])",
    read=read_jobs,
    options=SqlOptions,
    needs_location=False,
    columns=True,
    watermarks=True,
)
