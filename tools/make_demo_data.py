"""Write ``data/demo``: generated results for demonstration, the same bytes each time.

``weekly/`` is a history like that of HSC RC2, from ``demo/weekly.toml``; ``comcam/`` are nightly
calibrations like those of ComCam, from ``demo/comcam.toml``. Nothing in them was measured.

Usage: ``python tools/make_demo_data.py [--to data/demo]``
"""

from __future__ import annotations

import argparse
from pathlib import Path

from demo.comcam_files import write_comcam
from demo.plan import read_plan
from demo.weekly_files import write_weekly

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "data" / "demo")
    folder = parser.parse_args().to
    write_weekly(read_plan(), folder / "weekly")
    write_comcam(folder / "comcam")
