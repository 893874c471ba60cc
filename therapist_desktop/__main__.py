"""Where the program starts."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    from therapist_desktop.cli.entry import run  # noqa: PLC0415  (so that a broken installation can be told)

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
