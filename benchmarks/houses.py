"""A house of its own for a bench: settings in a folder, nothing of the developer's own read or written."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django


def enter_house(folder: Path) -> None:
    """Let this process and its children work in the folder's house; once a process."""
    house = {
        "CHENGSHU_VAR_DIR": str(folder),
        "CHENGSHU_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
    }
    os.environ.update(house)  # noqa: TID251 - of this process and its children
    django.setup()


@contextmanager
def open_empty_house() -> Iterator[Path]:
    """Enter an empty house in a folder that vanishes."""
    with tempfile.TemporaryDirectory() as folder:
        enter_house(Path(folder))
        yield Path(folder)
