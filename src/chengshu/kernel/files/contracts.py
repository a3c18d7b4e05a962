"""What crosses the boundary of the file store."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.models import User


class Family(StrEnum):
    """What a content is, as far as it matters for taking it."""

    PDF = "pdf"
    IMAGE = "image"
    OFFICE = "office"
    OLD_OFFICE = "old_office"
    ARCHIVE = "archive"
    TEXT = "text"
    MARKUP = "markup"
    SCRIPT = "script"
    PROGRAM = "program"
    UNKNOWN = "unknown"


FAMILY_LABELS = {
    Family.PDF: _("PDF"),
    Family.IMAGE: _("图片"),
    Family.OFFICE: _("Office 文档"),
    Family.OLD_OFFICE: _("旧版 Office 文档"),
    Family.ARCHIVE: _("压缩包"),
    Family.TEXT: _("文本"),
    Family.MARKUP: _("网页"),
    Family.SCRIPT: _("脚本"),
    Family.PROGRAM: _("可执行程序"),
    Family.UNKNOWN: _("认不出的内容"),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one use of files takes: endings (lower case, with the dot) with the family that the content must be of."""

    families: tuple[tuple[str, Family], ...]

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings, in their order."""
        return tuple(ending for ending, _family in self.families)


_PICTURES = tuple((ending, Family.IMAGE) for ending in (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"))
_PAPERS = (
    (".pdf", Family.PDF),
    (".docx", Family.OFFICE),
    (".xlsx", Family.OFFICE),
    (".pptx", Family.OFFICE),
    (".doc", Family.OLD_OFFICE),
    (".xls", Family.OLD_OFFICE),
    (".txt", Family.TEXT),
    (".csv", Family.TEXT),
)
#: What people attach to tickets and papers to prove something.
EVIDENCE = Accepted((*_PAPERS, *_PICTURES, (".zip", Family.ARCHIVE)))


class Scan(StrEnum):
    """What the virus scanner said of a content when it was stored."""

    NONE = "none"
    CLEAN = "clean"
    FAILED = "failed"


SCAN_LABELS = {Scan.NONE: _("未设查毒"), Scan.CLEAN: _("查毒无异常"), Scan.FAILED: _("未能查毒")}


class ContentStore(Protocol):
    """Keeps contents by their digest (SHA-256, hexadecimal)."""

    def put(self, path: Path, digest: str) -> None:
        """Keep the file's content whole or not at all; one that is there is renewed, so that it counts as young."""

    def fetch(self, digest: str) -> Path | None:
        """Return a file with the content, or None when it is gone."""

    def copy_to(self, digest: str, target: Path) -> bool:
        """Write the content to a file, past any cache; tell whether it is there."""

    def delete(self, digest: str) -> None:
        """Forget the content."""

    def list_contents(self) -> Iterator[tuple[str, datetime]]:
        """Give every digest with the moment it was last put."""


class OwnerCheck(Protocol):
    """Asked by the download whether somebody may have a file."""

    def __call__(self, file_id: int, viewer: User, on: date, /) -> bool | None:
        """Tell whether the viewer may see what the file hangs on; None when it hangs on nothing of the domain."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way to somebody: its name and its stream, which the caller closes."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took out, in contents, and how many it left because they are young."""

    removed: int
    young: int
