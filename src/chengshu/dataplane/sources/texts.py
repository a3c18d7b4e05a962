"""Bytes of a file to UTF-8: by their mark, else by the first bytes that are not plain ASCII."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from chengshu.dataplane.errors import SourceUnreadable

_CHUNK = 4 * 1024 * 1024


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
        while chunk := source.read(_CHUNK):
            text = decoder.decode(chunk)
            damaged = damaged or "\ufffd" in text
            out.write(text)
        text = decoder.decode(b"", final=True)
        damaged = damaged or "\ufffd" in text
        out.write(text)
    return TextFile(target, encoding, damaged=damaged)


def find_encoding(path: Path) -> str:
    """Return utf-8, gb18030 or utf-16; the whole file is looked through only as long as it is plain ASCII.

    Raises:
        SourceUnreadable: it is empty or none of them.
    """
    with path.open("rb") as source:
        chunk = source.read(_CHUNK)
        if not chunk.strip():
            raise SourceUnreadable(f"文件“{path.name}”是空的，请写上表头和数据后重新交付。", file=path.name)
        if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in chunk:
            raise SourceUnreadable(f"文件“{path.name}”不是文本文件，请确认格式后重新上传。", file=path.name)
        while chunk.isascii():
            chunk = source.read(_CHUNK)
            if not chunk:
                return "utf-8"
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
