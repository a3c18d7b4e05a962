"""Tells what a file is: by its content; the name only helps to tell kinds of text apart."""

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePosixPath

from chengshu.documents.contracts import Media
from chengshu.documents.encoding import find_text
from chengshu.documents.errors import DocumentCorrupt, DocumentEmpty, DocumentEncrypted, EncodingUnknown, UnknownFormat


class Container(StrEnum):
    """A file that holds files."""

    ZIP = "zip"


_PDF_HEAD = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a")
_OTHER_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_HTML_HEAD = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_TABLE_TAG = re.compile(r"<table\b", re.IGNORECASE)
_PIPE_RULE = re.compile(r"^\s*\|?\s*:?-{1,}:?\s*\|(?:\s*:?-{1,}:?\s*\|?)*\s*$", re.MULTILINE)
_BY_SUFFIX = {
    ".md": Media.MARKDOWN,
    ".markdown": Media.MARKDOWN,
    ".csv": Media.CSV,
    ".tsv": Media.CSV,
    ".htm": Media.HTML,
    ".html": Media.HTML,
}
_OFFICE_SUFFIXES = {".xls": ".xlsx", ".et": ".xlsx", ".doc": ".docx", ".wps": ".docx"}


def recognise(file: str, data: bytes) -> Media | Container:
    """What the bytes are.

    Raises:
        UnknownFormat: nothing that can be read; the message says what to save it as.
        DocumentEncrypted: an office file behind a password.
        DocumentEmpty: no bytes at all.
        EncodingUnknown: a name that promises text, but no known encoding.
        DocumentCorrupt: the beginning of a ZIP whose directory is gone.
    """
    if not data:
        message = f"文件“{file}”是空文件，请重新导出后再导入。"
        raise DocumentEmpty(message, file=file)
    if b"%PDF-" in data[:_PDF_HEAD]:
        return Media.PDF
    if is_zip(data):
        return _recognise_zip(file, data)
    if data.startswith(_OLE):
        raise _refuse_ole(file, data)
    if _is_picture(data):
        return Media.SCAN
    if data.startswith(_OTHER_ARCHIVES):
        message = f"文件“{file}”是不支持的压缩格式，请改用 ZIP 压缩后再导入。"
        raise UnknownFormat(message, file=file)
    return _recognise_text(file, data)


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin like a ZIP, of whatever content."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _is_picture(data: bytes) -> bool:
    is_bitmap = data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"
    return data.startswith(_PICTURES) or is_bitmap or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")


def _recognise_zip(file: str, data: bytes) -> Media | Container:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        message = f"文件“{file}”已损坏，无法解压，请重新下载或重新压缩后再导入。"
        raise DocumentCorrupt(message, file=file) from fault
    if "[Content_Types].xml" not in names:
        return Container.ZIP
    if any(name.startswith("xl/") and name.endswith(".bin") and "workbook" in name for name in names):
        message = f"文件“{file}”是二进制工作簿（xlsb），请另存为 .xlsx 后再导入。"
        raise UnknownFormat(message, file=file)
    if any(name.startswith("xl/") for name in names):
        return Media.XLSX
    if any(name.startswith("word/") for name in names):
        return Media.DOCX
    return Container.ZIP


def _refuse_ole(file: str, data: bytes) -> DocumentEncrypted | UnknownFormat:
    """Old office files and password-protected new ones share one container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return DocumentEncrypted(f"文件“{file}”有打开密码，请去除密码后重新导入。", file=file)
    modern = _OFFICE_SUFFIXES.get(PurePosixPath(file.lower()).suffix, ".xlsx 或 .docx")
    return UnknownFormat(f"文件“{file}”是旧版办公文件，请另存为 {modern} 后再导入。", file=file)


def _recognise_text(file: str, data: bytes) -> Media:
    suffix = PurePosixPath(file.lower()).suffix
    if data.startswith(b"{\\rtf"):
        raise UnknownFormat(f"文件“{file}”是 RTF 文件，请另存为 .docx 后再导入。", file=file)
    text = find_text(data)
    if text is None:
        raise _refuse_bytes(file, data, suffix)
    if _HTML_HEAD.match(text):
        return Media.HTML
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if _TABLE_TAG.search(text) or _PIPE_RULE.search(text):
        return Media.MARKDOWN
    return Media.TEXT


def _refuse_bytes(file: str, data: bytes, suffix: str) -> UnknownFormat | EncodingUnknown:
    if suffix in {".txt", ".text", *_BY_SUFFIX} and b"\0" not in data:
        return EncodingUnknown(f"文件“{file}”的文字编码无法识别，请另存为 UTF-8 编码后再导入。", file=file)
    message = f"文件“{file}”的格式无法识别，请导出为 PDF、Word、Excel 或文本文件后再导入。"
    return UnknownFormat(message, file=file)
