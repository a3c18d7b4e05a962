"""How pushed rows come: their kinds, and their bytes, unpacked and counted."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from chengshu.resources.errors import PushRefused, PushTooLarge, PushTypeUnknown

KINDS: Mapping[str, str] = {
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
}
"""Content types with the ending that their files have here."""
_CHUNK = 256 * 1024
_GZIP = 31  # zlib's mark for a gzip header with the largest window


def ending_of(content_type: str) -> str:
    """Return the ending of files of this content type, whatever its parameters.

    Raises:
        PushTypeUnknown: rows are not read from it.
    """
    found = KINDS.get(content_type.partition(";")[0].strip().lower())
    if found is None:
        raise PushTypeUnknown(f"请用 {'、'.join(KINDS)} 之一作为 Content-Type。", field="content-type")
    return found


def unpack(read: Callable[[int], bytes], target: BinaryIO, *, encoding: str, announced: int, most: int) -> int:
    """Copy pushed bytes, unpacked, and return how many there are unpacked.

    `announced` is what the request said it would bring, packed; `most` is the limit, both packed and unpacked.

    Raises:
        PushTypeUnknown: another encoding than gzip.
        PushTooLarge: beyond the limit.
        PushRefused: nothing came, less than was announced, or packed bytes that are damaged or cut off.
    """
    if encoding not in {"", "identity", "gzip"}:
        raise PushTypeUnknown("Content-Encoding 只能是 gzip，或不压缩。", field="content-encoding")
    if announced > most:
        raise _too_large(most)
    unpacker = _Gunzip() if encoding == "gzip" else None
    came = size = 0
    while chunk := read(_CHUNK):
        came += len(chunk)
        for piece in unpacker.unpack(chunk) if unpacker else (chunk,):
            size += len(piece)
            if size > most or came > most:
                raise _too_large(most)
            target.write(piece)
    if came != announced or not size:
        raise PushRefused(
            "内容没有收全，或是空的。请带上正确的 Content-Length 重新推送。", came=came, announced=announced
        )
    if unpacker is not None and not unpacker.is_whole:
        raise PushRefused("压缩内容不完整，请重新推送。", came=came)
    return size


class _Gunzip:
    """Unpacks gzip in pieces of bounded size, however much is packed in few bytes."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP)

    @property
    def is_whole(self) -> bool:
        """Whether the last member came to its end."""
        return self._inner.eof

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """Give what is packed, piece by piece."""
        while packed:
            if self._inner.eof:  # another member follows
                self._inner = zlib.decompressobj(_GZIP)
            try:
                yield self._inner.decompress(packed, _CHUNK)
            except zlib.error:
                raise PushRefused("压缩内容有损坏，请重新推送。") from None
            packed = self._inner.unconsumed_tail or self._inner.unused_data


def _too_large(most: int) -> PushTooLarge:
    told = f"一次推送最多 {most // (1024 * 1024)} MB。请分几批推送，或改由平台直接读取来源库；"
    return PushTooLarge(f"{told}确需一次推完的，请管理员调高 CHENGSHU_MAX_FILE_MB。", most=most)
