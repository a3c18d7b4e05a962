"""Scripts found and read: files, folders and patterns; UTF-8 with or without mark, UTF-16, GB18030."""

import glob
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chengshu.dataplane.lineage.tracing import Script

SUFFIXES: Final = frozenset({".sql", ".hql", ".ddl", ".dml", ".pls", ".pks", ".pkb", ".prc", ".vw"})
"""What a script's name ends in, for those found in folders."""
_LARGEST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ScriptFault:
    """A path that no script could be read from, and why."""

    name: str
    reason: str


def read_scripts(paths: Iterable[str]) -> Iterator[Script | ScriptFault]:
    """Read every script that the paths name, each once, in the order given; folders and patterns by name.

    Whatever cannot be read is given as a fault among the scripts, and ends nothing.
    """
    seen: set[Path] = set()
    for path in paths:
        found = list(_find(path))
        if not found:
            yield ScriptFault(path, _absence(path))
        for file in found:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield _read(file)


def _find(path: str) -> Iterator[Path]:
    place = Path(path)
    if place.is_dir():
        yield from sorted(file for file in place.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
    elif place.exists():
        yield place
    elif glob.has_magic(path):
        for file in sorted(glob.glob(path, recursive=True)):  # noqa: PTH207 - takes whole paths
            yield from _find(file)


def _absence(path: str) -> str:
    if Path(path).is_dir():
        return f"文件夹里没有 SQL 文件（{'、'.join(sorted(SUFFIXES))}）"
    return "没有匹配的文件" if glob.has_magic(path) else "没有这个文件"


def _read(file: Path) -> Script | ScriptFault:
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            return ScriptFault(str(file), f"大于 {_LARGEST_BYTES >> 20} MB，不像是 SQL 文件")
        raw = file.read_bytes()
    except OSError as error:
        return ScriptFault(str(file), f"打不开：{error.strerror or error}")
    text = decode(raw)
    if text is None:
        return ScriptFault(str(file), "不是文本，或者编码既不是 UTF-8 也不是 GB18030")
    return Script(str(file), text)


def decode(raw: bytes) -> str | None:
    """Give the text of a script's bytes, or None when they are no text."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in raw:
        return None
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
