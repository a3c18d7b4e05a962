"""Errors of the file store.

FileError
├── FileTooLarge        more bytes than the setting allows
├── FileEmpty           not one byte
└── FileContentMissing  the row is there, its content is not
"""

from chengshu.base.errors import ChengshuError


class FileError(ChengshuError):
    """The root of the file store's errors."""

    code = "FILE_ERROR"


class FileTooLarge(FileError):
    """The file has more bytes than may be stored."""

    code = "FILE_TOO_LARGE"


class FileEmpty(FileError):
    """The file has no bytes."""

    code = "FILE_EMPTY"


class FileContentMissing(FileError):
    """The content of a stored file is no longer on the disk."""

    code = "FILE_CONTENT_MISSING"
