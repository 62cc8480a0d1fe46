"""``reportgen``, also as ``python -m reportgen``."""

import sys


def main() -> None:
    """Run the command line; also while it is loaded Ctrl-C ends it without a traceback."""
    try:
        from reportgen.cli import main as run  # noqa: PLC0415 - it takes a while

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing was begun.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
