"""Reads of the file store."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from chengshu.kernel.files.errors import FileContentMissing
from chengshu.kernel.files.models import StoredFile


def get_content_path(sha256: str) -> Path:
    """Return where the content with this digest lies; two levels of folders keep each one small."""
    root: Path = settings.FILES_ROOT
    return root / sha256[:2] / sha256[2:4] / sha256


def get_path(stored: StoredFile) -> Path:
    """Return the path of the content, for readers that need a file.

    Raises:
        FileContentMissing: the content is not on the disk.
    """
    path = get_content_path(stored.sha256)
    if not path.is_file():
        raise FileContentMissing(f"{stored.name} 的内容已不在存储中", name=stored.name, sha256=stored.sha256)
    return path


def open_file(stored: StoredFile) -> BinaryIO:
    """Open the content for reading; the caller closes it.

    Raises:
        FileContentMissing: the content is not on the disk.
    """
    return get_path(stored).open("rb")
