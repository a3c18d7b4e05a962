"""Bytes to text: UTF-8, UTF-16 by its mark, GB18030 by strictness and plausibility; nothing is guessed beyond."""

import codecs
import re

from chengshu.documents.errors import EncodingUnknown

# Chinese text decoded rightly consists of the 6,763 characters of GB 2312 almost wholly; other bytes read as GB18030
# land in its rare and private planes.
PLAUSIBLE_SHARE = 0.8
_SAMPLE = 20_000
_ASCII = frozenset(map(chr, range(128)))
_LATIN_EXTENDED, _END_OF_TWO_BYTES = "\u0100", "\u0800"
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
    if text is None or _is_chinese_by_chance_utf8(text):
        chinese = _decode(data, "gb18030")
        text = chinese if chinese is not None and _is_plausible_chinese(chinese) else text
    return None if text is None or "\0" in text else text


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chinese_by_chance_utf8(text: str) -> bool:
    """Whether short GB18030 bytes ("目", "联通") happen to be UTF-8 of letters that no Chinese text holds."""
    foreign = set(text) - _ASCII
    return (
        bool(foreign)
        and max(foreign) < _END_OF_TWO_BYTES
        and any(character >= _LATIN_EXTENDED for character in foreign)
    )


def _is_plausible_chinese(text: str) -> bool:
    sample = text[:_SAMPLE]
    if _CONTROLS.search(sample):
        return False
    foreign = [character for character in sample if not character.isascii()]
    common = "".join(foreign).encode("gb2312", "ignore").decode("gb2312")
    return len(common) >= PLAUSIBLE_SHARE * len(foreign)
