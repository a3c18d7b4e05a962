"""Why a file could not be turned into rows.

DocumentError
├── UnknownFormat       neither the content nor the name is one of the known formats
├── DocumentEncrypted   a password is needed
├── DocumentCorrupt     the bytes break off or contradict themselves
│   └── PagesUnreadable  some pages do; the others could be read
├── DocumentTooLarge    beyond a limit (size, members, pages, expansion: a bomb)
├── DocumentEmpty       no text at all
└── EncodingUnknown     neither UTF-8 nor GB18030
"""

from typing import ClassVar

from chengshu.base.errors import ChengshuError


class DocumentError(ChengshuError):
    """A file at fault. `details["file"]` is its name; the message names the reason and the cure."""

    code: ClassVar[str] = "DOCUMENT"


class UnknownFormat(DocumentError):
    """The content is not of a known format."""

    code: ClassVar[str] = "UNKNOWN_FORMAT"


class DocumentEncrypted(DocumentError):
    """The document asks for a password."""

    code: ClassVar[str] = "ENCRYPTED"


class DocumentCorrupt(DocumentError):
    """The document is damaged."""

    code: ClassVar[str] = "CORRUPT"


class PagesUnreadable(DocumentCorrupt):
    """Single pages are damaged; `details["pages"]` are their numbers, and the other pages were read."""

    code: ClassVar[str] = "PAGES_UNREADABLE"


class DocumentTooLarge(DocumentError):
    """The document is beyond a stated limit."""

    code: ClassVar[str] = "TOO_LARGE"


class DocumentEmpty(DocumentError):
    """The document holds no text."""

    code: ClassVar[str] = "EMPTY"


class EncodingUnknown(DocumentError):
    """The text is neither UTF-8 nor GB18030."""

    code: ClassVar[str] = "ENCODING"
