"""Pull into one store after another, and die at the first, second, third … change on disk.

Run as a script with a folder: it makes the stores ``1``, ``2`` … in there, each written by a
process that killed itself (SIGKILL) at its n-th rename or removal, and ends with the first that
was through before.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from reportgen.store import Store
from tests.factories import make_bundle, make_key, make_row

BATCHES = 2
EVENTS = ("os.rename", "os.rmdir", "os.remove", "os.mkdir")


def pull(folder: Path) -> None:
    """Add the batches behind the watermark, each to two runs, and commit after each."""
    with Store(folder).writer() as writer:
        done = writer.mark("server").watermark or 0
        for batch in range(done, BATCHES):
            for release in ("w_2026_01", "w_2026_02"):
                rows = [make_row(value=float(batch))]
                writer.add(
                    "server",
                    make_bundle(f"batch-{batch}", run=make_key(release=release), measurements=rows),
                )
            writer.set_watermark("server", batch + 1, "reading")
            writer.commit()


def die_at(count: int) -> None:
    """Kill this process at its n-th change of a folder, before it happens."""
    seen = 0

    def count_event(event: str, _arguments: Any) -> None:
        nonlocal seen
        seen += event in EVENTS
        if seen == count and event in EVENTS:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count_event)


def main(folder: Path) -> None:
    """Kill one process after the other until one is through."""
    for count in range(1, 1000):
        child = os.fork()
        if not child:
            die_at(count)
            pull(folder / str(count))
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return
    raise SystemExit("no process came to its end")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
