"""Why a file could not be turned into rows.

DocumentError
├── UnknownFormat       neither the content nor the name is one of the known formats
├── DocumentEncrypted   a password is needed
├── DocumentCorrupt     the bytes break off or contradict themselves
│   └── PagesUnreadable  some pages do; the others could be read
├── FormulaUncomputed   a formula of a workbook has no result
├── DocumentTooLarge    beyond a limit (size, members, pages, expansion: a bomb)
├── DocumentEmpty       no text at all
└── EncodingUnknown     neither UTF-8 nor GB18030
"""

from collections.abc import Sequence
from typing import ClassVar

from chengshu.base.errors import ChengshuError

_NAMED = 5


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


class FormulaUncomputed(DocumentError):
    """Cells whose values are wanted hold formulas without a result; `details["places"]` names the first of them."""

    code: ClassVar[str] = "FORMULA_UNCOMPUTED"

    def __init__(self, file: str, places: Sequence[str]) -> None:
        named = "、".join(places[:_NAMED])
        others = f"等 {len(places)} 处" if len(places) > _NAMED else ""
        message = (
            f"文件“{file}”的单元格 {named}{others}是没有计算结果的公式，读不出值。请用表格软件打开、保存后重新交来。"
        )
        super().__init__(message, file=file, places=named)


class DocumentTooLarge(DocumentError):
    """The document is beyond a stated limit."""

    code: ClassVar[str] = "TOO_LARGE"


class DocumentEmpty(DocumentError):
    """The document holds no text."""

    code: ClassVar[str] = "EMPTY"


class EncodingUnknown(DocumentError):
    """The text is neither UTF-8 nor GB18030."""

    code: ClassVar[str] = "ENCODING"
