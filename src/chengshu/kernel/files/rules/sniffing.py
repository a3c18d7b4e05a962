"""What a content is, by its bytes; its name is never believed."""

import re
from pathlib import PurePosixPath

import puremagic
from django.utils.translation import gettext as _

from chengshu.kernel.files.contracts import FAMILY_LABELS, Accepted, Family
from chengshu.kernel.files.errors import FileTypeRefused

#: As much of the beginning of a file as is looked at.
HEAD_BYTES = 8192
_FAMILIES = {
    Family.OFFICE: {".docx", ".xlsx", ".pptx"},
    Family.IMAGE: {".png", ".jpg", ".jpeg", ".jfif", ".tif", ".tiff", ".bmp", ".gif", ".webp"},
    Family.OLD_OFFICE: {".doc", ".xls", ".ppt"},
    Family.ARCHIVE: {".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz"},
}
#: What a machine would run, whatever comes after.
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\x00asm",
    b"dex\n",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
_ZIP = b"PK\x03\x04"
_OOXML = re.compile(rb"\[Content_Types\]\.xml|_rels/\.rels|docProps/|word/|xl/|ppt/")
_SCRIPT = re.compile(
    r"\s*(#!|@echo\b|<\?php|<%|import os\b|powershell|function\s+\w+\s*\(|on error resume|dim \w+)", re.IGNORECASE
)
_MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|img|style|link|meta|object|embed|\?xml)\b", re.IGNORECASE
)


def sniff(head: bytes) -> Family:
    """Return what the content is that begins like this."""
    if head.startswith(_PROGRAMS):
        return Family.PROGRAM
    if head.startswith(_ZIP):
        return Family.OFFICE if _OOXML.search(head) else Family.ARCHIVE
    if head.startswith(b"%PDF-"):
        return Family.PDF
    text = _decode(head)
    if text is not None:
        if _SCRIPT.match(text.lstrip("\ufeff")):
            return Family.SCRIPT
        return Family.MARKUP if _MARKUP.search(text) else Family.TEXT
    return _by_magic(head)


def refuse_foreign(name: str, head: bytes, accepted: Accepted) -> None:
    """Pass if the name's ending is taken here and the content is what the ending says.

    Raises:
        FileTypeRefused: it is not; says what it is and what is taken.
    """
    ending = PurePosixPath(name.lower()).suffix
    expected = dict(accepted.families).get(ending)
    if expected is None:
        taken = "、".join(accepted.endings)
        raise FileTypeRefused(
            _("不能上传“%(name)s”：这里只收 %(taken)s。") % {"name": name, "taken": taken}, ending=ending
        )
    found = sniff(head)
    # A document of today's office programs is an archive as well.
    if found is not expected and (expected, found) != (Family.ARCHIVE, Family.OFFICE):
        told = {"name": name, "found": FAMILY_LABELS[found], "expected": FAMILY_LABELS[expected]}
        raise FileTypeRefused(
            _("不能上传“%(name)s”：内容是%(found)s，与文件名不符（应为%(expected)s）。") % told, found=found.value
        )


def _decode(head: bytes) -> str | None:
    """Return the text that the bytes are, or None; a character cut off at the end does not count against it."""
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in head and not is_wide:
        return None
    for encoding in ("utf-16",) if is_wide else ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            controls = sum(mark < " " and mark not in "\t\n\r\f\v" for mark in text)
            return text if controls == 0 else None
    return None


def _by_magic(head: bytes) -> Family:
    try:
        guesses = {guess.extension.lower() for guess in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return Family.UNKNOWN
    return next((family for family, endings in _FAMILIES.items() if endings & guesses), Family.UNKNOWN)
