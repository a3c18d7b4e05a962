"""Papers into forms, without a database: bytes, files and folders."""

from collections.abc import Callable
from dataclasses import dataclass

from chengshu.base.errors import ChengshuError
from chengshu.documents.contracts import Row
from chengshu.performance.contracts import Form

PageProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document gave: its forms with the rows they were read from, or the fault.

    `member` is the path inside an archive, empty for a plain file. A document with a fault may still hold forms that
    could be read.
    """

    name: str
    member: str = ""
    forms: tuple[Form, ...] = ()
    rows: tuple[Row, ...] = ()
    warnings: tuple[str, ...] = ()
    fault: ChengshuError | None = None
