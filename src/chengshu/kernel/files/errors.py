"""Errors of the file store.

FileError
├── FileTooLarge        more bytes than the setting allows
├── FileEmpty           not one byte
├── FileContentMissing  the row is there, its content is not
├── FileTypeRefused     not of the kinds that are taken here, or not what its name says
├── FileInfected        the virus scanner found something
├── FileNotFound        no such file, or nothing that the viewer may see has it
├── OwnerTwice          two registrations of one owner's check
└── StoreUnreachable    the store of contents does not answer
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


class FileTypeRefused(FileError):
    """The file is of a kind that is not taken here, or its content is not what its name says."""

    code = "FILE_TYPE_REFUSED"


class FileInfected(FileError):
    """The virus scanner found something in the file."""

    code = "FILE_INFECTED"


class FileNotFound(FileError):
    """There is no such file for this person."""

    code = "FILE_NOT_FOUND"


class OwnerTwice(FileError):
    """An owner's check was registered twice."""

    code = "FILE_OWNER_TWICE"


class StoreUnreachable(FileError):
    """The store of contents does not answer."""

    code = "FILE_STORE_UNREACHABLE"
