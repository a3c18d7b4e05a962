"""A file on the disk as a name that can be printed and its bytes; what cannot be loaded says why."""

import os
from pathlib import Path

from chengshu.documents.archives import refuse_size
from chengshu.documents.errors import DocumentError
from chengshu.documents.limits import Limits


def load_file(path: Path, *, limits: Limits) -> bytes:
    """Give the bytes of a plain file.

    Raises DocumentError when there is none, when it is a folder, a pipe or a device (reading those may never end),
    when it cannot be opened, and DocumentTooLarge before a byte of a too large one is read.
    """
    name = name_file(path)
    try:
        if not path.exists():
            raise DocumentError(f"文件“{name}”不存在，请检查路径。", file=name)
        if not path.is_file():
            raise DocumentError(f"“{name}”不是普通文件，请改用文件或目录。", file=name)
        if path.stat().st_size > limits.file_bytes:
            raise refuse_size(name, limits)
        return path.read_bytes()
    except OSError as fault:
        message = f"文件“{name}”无法打开，请检查权限。"
        raise DocumentError(message, file=name, reason=str(fault.strerror)) from fault


def name_file(path: Path) -> str:
    """Give the base name as text that every program can write.

    Names unpacked from Chinese archives are often GB18030 bytes on a UTF-8 disk: they are read as such. What fits
    neither keeps its odd bytes as escapes; control characters are left out.
    """
    raw = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return "".join(character for character in raw.decode(encoding) if character.isprintable())
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")
