"""The ZIP container of XLSX and DOCX, inspected before any parser sees it."""

import io
import re
import zipfile
import zlib

from chengshu.documents.errors import DocumentCorrupt, DocumentEncrypted, DocumentTooLarge
from chengshu.documents.limits import MIB, Limits
from chengshu.documents.transcript import Source

# Small honest packages shrink beyond any ratio.
RATIO_MATTERS_FROM = 16 * MIB
_CHUNK = MIB
_DOCTYPE = re.compile("|".join(mark for mark in ("<!DOCTYPE", "<\0!\0D\0O\0C\0T\0Y", "\0<\0!\0D\0O\0C\0T\0Y")).encode())
_OVERLAP = 32


def open_package(source: Source) -> zipfile.ZipFile:
    """The container, found to be within the limits and free of entity declarations, which no office program writes.

    Raises:
        DocumentCorrupt: no ZIP, or a part declares a document type.
        DocumentEncrypted: a part needs a password.
        DocumentTooLarge: the parts unpack beyond the limits.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(source.data))
        members = package.infolist()
        if any(member.flag_bits & 1 for member in members):
            message = f"文件“{source.file}”有打开密码，请去除密码后重新导入。"
            raise DocumentEncrypted(message, file=source.file)
        refuse_expansion(members, packed=len(source.data), file=source.file, limits=source.limits)
        for member in members:
            if member.filename.endswith((".xml", ".rels")) and _declares_document_type(package, member):
                message = f"文件“{source.file}”含有不允许的实体声明，请用办公软件另存后再导入。"
                raise DocumentCorrupt(message, file=source.file)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as fault:
        message = f"文件“{source.file}”已损坏，无法打开，请重新导出后再导入。"
        raise DocumentCorrupt(message, file=source.file) from fault
    return package


def refuse_expansion(members: list[zipfile.ZipInfo], *, packed: int, file: str, limits: Limits) -> None:
    """Raise `DocumentTooLarge` if the members unpack beyond the limits.

    The declared sizes can be trusted: reading a member stops at its declared size.
    """
    expanded = sum(member.file_size for member in members)
    is_bomb = expanded > RATIO_MATTERS_FROM and expanded > limits.expansion * packed
    if len(members) > limits.members:
        message = f"文件“{file}”内有 {len(members):,} 个文件，超过 {limits.members:,} 个，请分批导入。"
        raise DocumentTooLarge(message, file=file, limit=limits.members)
    if expanded > limits.expanded_bytes or is_bomb:
        message = f"文件“{file}”解开后有 {expanded // MIB:,} MB，超过限制，请检查来源或拆分后再导入。"
        raise DocumentTooLarge(message, file=file, limit=limits.expanded_bytes)


def _declares_document_type(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    tail = b""
    with package.open(member) as part:
        while chunk := part.read(_CHUNK):
            if _DOCTYPE.search(tail + chunk):
                return True
            tail = chunk[-_OVERLAP:]
    return False
