"""Compile the catalogues (.po) into what the program reads (.mo), without the gettext tools."""

import sys
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "chengshu"


def main() -> int:
    """Compile every catalogue of the source tree."""
    for path in sorted(SOURCE.rglob("locale/*/LC_MESSAGES/*.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
