"""What the libraries of a report need by themselves. Compared by build_site.py.

python benchmarks/bare_site.py REPORT OUT

No verdict, no table, no store, no check of links: the jobs are parsed into one table, a bare
figure per metric is drawn as SVG and PNG, and as many empty pages as the naive version has go
through MkDocs and Material.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import naive_site
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def main(report: Path, out: Path) -> None:
    """Read the jobs of a report repository, draw its metrics and build empty pages."""
    docs = out / "docs"
    (docs / "metrics").mkdir(parents=True)
    frame = naive_site.read(report)
    frame["value"] = pd.to_numeric(frame["value"])
    duckdb.sql("select band, count(*) from frame group by band").fetchall()
    for metric, rows in frame.groupby("metric"):
        draw(rows, docs / "metrics" / metric)
        (docs / "metrics" / f"{metric}.md").write_text(f"# {metric}\n")
    for release in sorted(frame["release"].unique())[-naive_site.RECENT :]:
        (docs / f"{release}.md").write_text(f"# {release}\n")
    (docs / "index.md").write_text("# Runs\n")
    (out / "mkdocs.yml").write_text(
        json.dumps(
            {
                "site_name": "bare",
                "theme": {"name": "material", "font": False},
                "plugins": [],
                "nav": [{"Runs": "index.md"}],
            }
        )
    )
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=out, check=True)


def draw(rows: pd.DataFrame, to: Path) -> None:
    """Draw one curve per band, without ticks, names or limits."""
    figure = Figure(figsize=(8, 4))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xticks=[], yticks=[])
    for _, one in rows.groupby("band"):
        axes.plot(one["value"].to_numpy(), marker="o")
    figure.savefig(to.with_suffix(f"{to.suffix}.svg"))
    figure.savefig(to.with_suffix(f"{to.suffix}.png"), dpi=150)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
