"""The door of the file store."""

from chengshu.kernel.files.errors import FileContentMissing, FileEmpty, FileError, FileTooLarge
from chengshu.kernel.files.models import StoredFile
from chengshu.kernel.files.operations import store_file
from chengshu.kernel.files.queries import get_path, open_file

__all__ = [
    "FileContentMissing",
    "FileEmpty",
    "FileError",
    "FileTooLarge",
    "StoredFile",
    "get_path",
    "open_file",
    "store_file",
]
