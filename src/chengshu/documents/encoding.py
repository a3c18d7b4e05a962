"""Bytes to text: UTF-8, UTF-16 by its mark, GB18030 by strictness and plausibility; nothing is guessed beyond."""

import codecs
import re

from chengshu.documents.errors import EncodingUnknown

# Chinese text decoded rightly consists of the 6,763 characters of GB 2312 almost wholly; other bytes read as GB18030
# land in its rare and private planes.
PLAUSIBLE_SHARE = 0.8
_SAMPLE = 20_000
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")


def decode_text(data: bytes, *, file: str) -> str:
    """The text of the bytes.

    Raises:
        EncodingUnknown: they are neither UTF-8 nor UTF-16 with a mark nor plausible GB18030.
    """
    text = find_text(data)
    if text is None:
        message = f"文件“{file}”的文字编码无法识别，请另存为 UTF-8 编码后再导入。"
        raise EncodingUnknown(message, file=file)
    return text


def find_text(data: bytes) -> str | None:
    """The text of the bytes, or None if they are no text in a known encoding."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16")
    text = _decode(data, "utf-8-sig")
    if text is None:
        text = _decode(data, "gb18030")
        if text is not None and not _is_plausible_chinese(text):
            return None
    if text is None or "\0" in text:
        return None
    return text


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_plausible_chinese(text: str) -> bool:
    sample = text[:_SAMPLE]
    if _CONTROLS.search(sample):
        return False
    foreign = [character for character in sample if not character.isascii()]
    common = "".join(foreign).encode("gb2312", "ignore").decode("gb2312")
    return len(common) >= PLAUSIBLE_SHARE * len(foreign)
