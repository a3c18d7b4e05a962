"""Bytes of a file to UTF-8: by their mark, else by the first bytes that are not plain ASCII."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from chengshu.dataplane.errors import SourceUnreadable

_CHUNK = 4 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as that of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8"),
)
# Three bytes that are one sign of Chinese in UTF-8; texts in GB18030 are hardly ever made of nothing else.
_CHINESE_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
# Two of their bytes that stand in no text of GB 2312: where there are none, no line is in UTF-8.
_SIGN_OF_UTF8 = re.compile(rb"[\xe3-\xe9](?:[\x80-\xa0]|[\xa1-\xbf][\x80-\xa0])")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file in UTF-8; `damaged` when some bytes were no characters and U+FFFD stands for them."""

    path: Path
    encoding: str
    damaged: bool = False


def to_utf8(path: Path, folder: Path) -> TextFile:
    """Return the file itself when it is UTF-8, else its text as a new file in the folder.

    Raises:
        SourceUnreadable: it is empty, or no text in UTF-8, GB18030 or UTF-16 with a mark.
    """
    encoding = find_encoding(path)
    if encoding == "utf-8":
        return TextFile(path, encoding)
    target = folder / f"{path.stem}.utf8{path.suffix}"
    damaged = False
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        for piece, is_strange in _pieces(source, encoding):
            text = _marked(piece) if is_strange else decoder.decode(piece)
            damaged = damaged or "\ufffd" in text
            out.write(text)
        text = decoder.decode(b"", final=True)
        damaged = damaged or "\ufffd" in text
        out.write(text)
    return TextFile(target, encoding, damaged=damaged)


def _pieces(source: BinaryIO, encoding: str) -> Iterator[tuple[bytes, bool]]:
    """Give the bytes in pieces; in GB18030, lines of Chinese in UTF-8 apart, which would be read as other signs."""
    if encoding != "gb18030":
        while chunk := source.read(_CHUNK):
            yield chunk, False
        return
    while chunk := source.read(_CHUNK) + source.readline():
        if not _SIGN_OF_UTF8.search(chunk):
            yield chunk, False
            continue
        for line in chunk.splitlines(keepends=True):
            yield line, bool(_CHINESE_UTF8.search(line)) and _decodes(line, "utf-8")


def _marked(line: bytes) -> str:
    """Give a line of UTF-8 in a file of GB18030, with a sign in its last word that lets it be refused."""
    text = line.decode("utf-8")
    last = max(at for at, sign in enumerate(text) if not sign.isascii()) + 1
    return f"{text[:last]}\ufffd{text[last:]}"


def find_encoding(path: Path) -> str:
    """Return utf-8, gb18030, utf-16 or utf-32: by the mark, else by the first line that is not plain ASCII.

    Raises:
        SourceUnreadable: it is empty, no text, or has a zero byte somewhere.
    """
    with path.open("rb") as source:
        chunk = source.read(_CHUNK)
        if not chunk.strip():
            raise SourceUnreadable(f"文件“{path.name}”是空的，请写上表头和数据后重新交付。", file=path.name)
        told = next((encoding for mark, encoding in _MARKS if chunk.startswith(mark)), "")
        if told in {"utf-16", "utf-32"}:
            return told
        found, lines = told, 0
        while chunk:
            if b"\0" in chunk:
                _refuse_zero(path, chunk, lines)
            lines += chunk.count(b"\n")
            if not found and not chunk.isascii():
                found = _encoding_of(chunk)
            chunk = source.read(_CHUNK)
    return found or "utf-8"


def _refuse_zero(path: Path, chunk: bytes, lines: int) -> None:
    line = lines + chunk.count(b"\n", 0, chunk.index(b"\0")) + 1
    if chunk.startswith(_OLD_WORKBOOK) and not lines:
        cure = "它像是旧版的 XLS 工作簿，请用表格软件另存为 XLSX 或 CSV"
    else:
        cure = f"第 {line} 行有值为零的字节。请用文本编辑器打开确认，删去后以 UTF-8 或 GB18030 另存"
    raise SourceUnreadable(f"文件“{path.name}”不是文本文件：{cure}，再重新交付。", file=path.name, line=line)


def _encoding_of(chunk: bytes) -> str:
    first = next(line for line in chunk.splitlines() if not line.isascii())
    if _CHINESE_UTF8.search(first) and _decodes(first, "utf-8"):
        return "utf-8"  # what follows in another encoding is refused line by line
    for encoding in ("utf-8", "gb18030"):
        if _decodes(chunk, encoding):
            return encoding
    # Single bad bytes do not make a file unreadable: the encoding in which fewer of them are is taken.
    return min(("utf-8", "gb18030"), key=lambda name: chunk.decode(name, "replace").count("\ufffd"))


def _decodes(chunk: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(chunk)
    except UnicodeDecodeError:
        return False
    return True
