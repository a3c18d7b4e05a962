"""ZIP archives and folders, walked member by member; nothing is ever written to disk."""

import io
import lzma
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from chengshu.documents.errors import DocumentCorrupt, DocumentEmpty, DocumentEncrypted, DocumentError, DocumentTooLarge
from chengshu.documents.limits import MIB, Limits
from chengshu.documents.packages import refuse_expansion
from chengshu.documents.sniffing import Container, is_zip, recognise

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_NESTED_LEVELS = 1
_PASSED_OVER = re.compile(r"(?:^|/)(?:\.(?!\.?/)[^/]*|__MACOSX|~\$[^/]*|Thumbs\.db|desktop\.ini)(?:/|$)", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an upload: `origin` is its name with the archive's ("a.zip!/x/b.txt"), `size` its bytes unpacked."""

    origin: str
    size: int
    _unpack: Callable[[], bytes] = field(repr=False)

    @property
    def name(self) -> str:
        """The base name."""
        return base_name(self.origin)

    def read(self) -> bytes:
        """The bytes, unpacked now.

        Raises:
            DocumentError: the member is damaged or needs a password.
        """
        return self._unpack()


def base_name(origin: str) -> str:
    """The last part of a path of any system: what reports print."""
    return re.split(r"[/\\]", origin.rstrip("/\\"))[-1] or origin


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts "表2" before "表10"; equal names by their spelling."""
    parts = _DIGITS.split(name)
    return tuple((1, int(part), part) if part.isdecimal() else (2, 0, part.casefold()) for part in parts if part)


def walk_folder(folder: Path) -> Iterator[Path]:
    """The files below a folder in natural order of their paths; hidden files and office lock files are passed over."""
    found = [
        Path(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if not _PASSED_OVER.search(Path(parent, name).relative_to(folder).as_posix())
    ]
    yield from sorted(found, key=lambda path: natural_key(path.relative_to(folder).as_posix()))


def list_members(name: str, data: bytes, *, limits: Limits) -> Iterator[Member | DocumentError]:
    """The files of an archive in natural order, those of an archive within it at its place.

    Any other file is its own only member. A fault is yielded, and the others go on. Member names are names only: they
    never lead anywhere on the disk.
    """
    yield from _Walk(limits).list_members(Member(name, len(data), lambda: data), levels=1 + _NESTED_LEVELS)


class _Walk:
    """One upload with its nested archives, which together must stay within the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._expanded = 0

    def list_members(self, member: Member, *, levels: int) -> Iterator[Member | DocumentError]:
        try:
            data = member.read()
            if recognise_archive(member.name, data):
                yield from self._list_archive(member, data, levels=levels)
                return
        except DocumentError as fault:
            yield fault
            return
        yield member

    def _list_archive(self, archive: Member, data: bytes, *, levels: int) -> Iterator[Member | DocumentError]:
        if levels == 0:
            message = f"压缩包“{archive.name}”嵌套过深，请解压后再导入。"
            raise DocumentTooLarge(message, file=archive.name)
        package = zipfile.ZipFile(io.BytesIO(data))
        infos = [info for info in package.infolist() if not info.is_dir()]
        self._refuse(archive.name, infos, packed=len(data))
        wanted = [(_decode_name(info), info) for info in infos if not _PASSED_OVER.search(_decode_name(info))]
        if not wanted:
            raise DocumentEmpty(f"压缩包“{archive.name}”内没有文件。", file=archive.name)
        for inner_name, info in sorted(wanted, key=lambda pair: natural_key(pair[0])):
            member = Member(
                f"{archive.origin}!/{inner_name}", info.file_size, partial(_unpack, package, info, inner_name)
            )
            if info.file_size > self._limits.file_bytes:
                yield refuse_size(member.name, self._limits)
            elif member.name.lower().endswith(".zip"):
                yield from self.list_members(member, levels=levels - 1)
            else:
                yield member

    def _refuse(self, file: str, infos: list[zipfile.ZipInfo], *, packed: int) -> None:
        refuse_expansion(infos, packed=packed, file=file, limits=self._limits)
        if infos and all(info.flag_bits & _ENCRYPTED for info in infos):
            raise DocumentEncrypted(f"压缩包“{file}”有密码，请去除密码后重新导入。", file=file)
        self._expanded += sum(info.file_size for info in infos)
        if self._expanded > self._limits.expanded_bytes:
            message = f"压缩包“{file}”解开后超过 {self._limits.expanded_bytes // MIB:,} MB，请分批导入。"
            raise DocumentTooLarge(message, file=file, limit=self._limits.expanded_bytes)


def recognise_archive(file: str, data: bytes) -> bool:
    """Whether the bytes are an archive; raises `DocumentCorrupt` for a ZIP whose directory is gone."""
    return is_zip(data) and recognise(file, data) is Container.ZIP


def refuse_size(file: str, limits: Limits) -> DocumentTooLarge:
    """The error for a file beyond the size of one file."""
    message = f"文件“{file}”超过 {limits.file_bytes // MIB:,} MB，请拆分后再导入。"
    return DocumentTooLarge(message, file=file, limit=limits.file_bytes)


def _decode_name(info: zipfile.ZipInfo) -> str:
    """The member's name: many Chinese programs write GBK bytes, some UTF-8 bytes, without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _unpack(package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    file = base_name(name)
    if info.flag_bits & _ENCRYPTED:
        raise DocumentEncrypted(f"压缩包内的文件“{file}”有密码，请去除密码后重新导入。", file=file)
    try:
        return package.read(info)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, OSError) as fault:
        message = f"压缩包内的文件“{file}”已损坏，请重新压缩后再导入。"
        raise DocumentCorrupt(message, file=file) from fault
