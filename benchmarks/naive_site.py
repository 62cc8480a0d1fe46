"""What one writes first: pandas, pyplot, Markdown tables, plain MkDocs. Compared by build_site.py.

python benchmarks/naive_site.py REPORT OUT
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
import yaml

RECENT = 12


def main(report: Path, out: Path) -> None:
    """Read the jobs of a report repository and build a site from them."""
    docs = out / "docs"
    (docs / "runs").mkdir(parents=True)
    (docs / "metrics").mkdir()
    frame = read(report)
    limits = read_limits(report)
    for metric, rows in frame.groupby("metric"):
        draw(metric, rows, limits[metric], docs / "metrics")
        table = rows.pivot_table(index="release", columns="band", values="value")
        text = f"# {metric}\n\n![{metric}]({metric}.svg)\n\n{table.iloc[::-1].to_markdown()}\n"
        (docs / "metrics" / f"{metric}.md").write_text(text)
    for release in sorted(frame["release"].unique())[-RECENT:]:
        write_run(release, frame[frame["release"] == release], limits, docs / "runs")
    (docs / "index.md").write_text("# Runs\n")
    (out / "mkdocs.yml").write_text("site_name: naive\ntheme: {name: material, font: false}\n")
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=out, check=True)


def read(report: Path) -> pd.DataFrame:
    """Return one row per measurement."""
    rows = []
    for path in sorted((report / "archive").glob("*.json")):
        job = json.loads(path.read_text())
        rows.extend(
            {
                "release": job["meta"]["ci_label"],
                "band": job["meta"]["filter_name"],
                "metric": one["metric"],
                "value": one["value"],
            }
            for one in job["measurements"]
        )
    return pd.DataFrame(rows)


def read_limits(report: Path) -> dict[str, dict[str, float]]:
    """Return the limits of each metric."""
    limits: dict[str, dict[str, float]] = {}
    text = (report / "definitions" / "specs" / "bench" / "all.yaml").read_text()
    for spec in yaml.safe_load_all(text):
        name, _, level = spec["name"].partition(".")
        limits.setdefault(f"bench.{name}", {})[level] = spec["threshold"]["value"]
    return limits


def draw(metric: str, rows: pd.DataFrame, limits: dict[str, float], folder: Path) -> None:
    """Draw the history of a metric as SVG and PNG."""
    figure, axes = plt.subplots(figsize=(8, 4))
    for band, one in rows.groupby("band"):
        axes.plot(one["release"], one["value"], marker="o", label=band)
    for level, value in limits.items():
        axes.axhline(value, linestyle="--", label=level)
    axes.tick_params(axis="x", rotation=90, labelsize=5)
    axes.set_title(metric)
    axes.set_ylabel("mmag")
    axes.legend()
    figure.savefig(folder / f"{metric}.svg", bbox_inches="tight")
    figure.savefig(folder / f"{metric}.png", bbox_inches="tight", dpi=150)
    plt.close(figure)


def write_run(
    release: str, rows: pd.DataFrame, limits: dict[str, dict[str, float]], folder: Path
) -> None:
    """Write the page of a run: value and status per metric, band and level."""
    lines = [
        f"# {release}",
        "",
        "| metric | band | value | design | minimum | stretch |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows.itertuples():
        cells = [
            f"{'pass' if row.value <= limits[row.metric][level] else 'fail'}"
            f" (<= {limits[row.metric][level]:.3g} mmag)"
            for level in ("design", "minimum", "stretch")
        ]
        name = f"[{row.metric}](../metrics/{row.metric}.md)"
        lines.append(f"| {name} | {row.band} | {row.value:.4g} mmag | {' | '.join(cells)} |")
    (folder / f"{release}.md").write_text("\n".join(lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
