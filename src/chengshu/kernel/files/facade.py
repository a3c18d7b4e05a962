"""The door of the file store.

What somebody hands in is stored with `accepted=EVIDENCE` or another list. A domain that attaches files says with
`register_owner` who may have them; `/files/<uuid>/` asks it through `open_download`.
"""

from chengshu.kernel.files.contracts import (
    EVIDENCE,
    SCAN_LABELS,
    Accepted,
    Download,
    Family,
    OwnerCheck,
    Scan,
    Swept,
)
from chengshu.kernel.files.errors import (
    FileContentMissing,
    FileEmpty,
    FileError,
    FileInfected,
    FileNotFound,
    FileTooLarge,
    FileTypeRefused,
    OwnerTwice,
    StoreUnreachable,
)
from chengshu.kernel.files.models import StoredFile
from chengshu.kernel.files.operations.carrying import copy_content, list_remote_contents, put_content
from chengshu.kernel.files.operations.storing import store_file
from chengshu.kernel.files.operations.sweeping import sweep_orphans
from chengshu.kernel.files.queries import get_path, open_download, open_file
from chengshu.kernel.files.registry import register_owner

__all__ = [
    "EVIDENCE",
    "SCAN_LABELS",
    "Accepted",
    "Download",
    "Family",
    "FileContentMissing",
    "FileEmpty",
    "FileError",
    "FileInfected",
    "FileNotFound",
    "FileTooLarge",
    "FileTypeRefused",
    "OwnerCheck",
    "OwnerTwice",
    "Scan",
    "StoreUnreachable",
    "StoredFile",
    "Swept",
    "copy_content",
    "get_path",
    "list_remote_contents",
    "open_download",
    "open_file",
    "put_content",
    "register_owner",
    "store_file",
    "sweep_orphans",
]
