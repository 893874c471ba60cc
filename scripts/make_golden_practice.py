"""Makes ``tests/golden/<schema>.practice``: a small practice of today’s schema that every later version must open.

Run it once for each released schema, before the next one is begun, and never again for an old one.
"""

from __future__ import annotations

from pathlib import Path

from therapist_desktop.sample.group_practice import GroupSize
from therapist_desktop.sample.making import SampleSize, make_sample
from therapist_desktop.storage.key_derivation import KdfParameters
from therapist_desktop.storage.schema import RELEASED

PASSWORD = "a golden lantern at low tide"


def main() -> None:
    """Make the practice of today’s schema; refused if it is there."""
    folder = Path(__file__).parent.parent / "tests" / "golden" / f"{RELEASED.head}.practice"
    make_sample(
        folder,
        PASSWORD,
        size=SampleSize.GROUP,
        group=GroupSize(clients=4, notes=24),
        kdf=KdfParameters(memory_kib=8 * 1024, time=1, lanes=1),
    )
    (folder / "practice.lock").unlink(missing_ok=True)
    print(f"Made {folder}")


if __name__ == "__main__":
    main()
