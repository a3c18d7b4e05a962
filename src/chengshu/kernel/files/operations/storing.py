"""Storing: looked at, scanned, and kept once under the digest of its content."""

import hashlib
import io
import os
import tempfile
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings

from chengshu.kernel.accounts.models import User
from chengshu.kernel.files.contracts import Accepted, Scan
from chengshu.kernel.files.errors import FileEmpty, FileTooLarge
from chengshu.kernel.files.models import StoredFile
from chengshu.kernel.files.rules.sniffing import HEAD_BYTES, refuse_foreign
from chengshu.kernel.files.stores import open_store
from chengshu.kernel.files.stores.clamd import Clamd

_CHUNK_BYTES = 1024 * 1024
_NAME_LENGTH = 255


def store_file(
    source: bytes | BinaryIO, *, name: str, owner: User | None, now: datetime, accepted: Accepted | None = None
) -> StoredFile:
    """Keep the bytes and return their row; equal contents are kept once.

    The row is written in the caller's transaction; the bytes are in the store before it.

    Args:
        source: the bytes, or a stream open for reading.
        name: what the owner called the file; any folder part is dropped.
        owner: the account, or None when the system stores by itself.
        now: the moment, aware.
        accepted: what this use takes, by ending and content; None for what the house wrote itself, and for what its
            readers look into anyway. What somebody handed in is scanned for viruses where a scanner is set up.

    Raises:
        FileEmpty: there is not one byte.
        FileTooLarge: more bytes than `FILES_MAX_BYTES`.
        FileTypeRefused: it is not of the accepted kinds, or not what its name says.
        FileInfected: the virus scanner found something.
        StoreUnreachable: the store does not take it.
    """
    short_name = PurePosixPath(name.replace("\\", "/")).name[-_NAME_LENGTH:] or "file"
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    digest, size, scan = _keep_content(stream, short_name, accepted, is_foreign=owner is not None)
    return StoredFile.objects.create(name=short_name, sha256=digest, size=size, owner=owner, created_at=now, scan=scan)


def _keep_content(stream: BinaryIO, name: str, accepted: Accepted | None, *, is_foreign: bool) -> tuple[str, int, Scan]:
    """Write the stream beside its final place, look at it and move it there whole; return digest, size and scan."""
    settings.FILES_ROOT.mkdir(parents=True, exist_ok=True)
    descriptor, temporary_name = tempfile.mkstemp(dir=settings.FILES_ROOT, prefix=".incoming-")
    temporary = Path(temporary_name)
    try:
        with os.fdopen(descriptor, "wb") as target:
            digest, size = _copy(stream, target, name)
            target.flush()
            os.fsync(target.fileno())
        if accepted is not None:
            with temporary.open("rb") as kept:
                refuse_foreign(name, kept.read(HEAD_BYTES), accepted)
        scan = Clamd(settings.CLAMD_ADDRESS).scan(temporary, name) if is_foreign else Scan.NONE
        open_store().put(temporary, digest)
    finally:
        temporary.unlink(missing_ok=True)
    return digest, size, scan


def _copy(stream: BinaryIO, target: BinaryIO, name: str) -> tuple[str, int]:
    limit = settings.FILES_MAX_BYTES
    sha256, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise FileTooLarge(f"{name} 超过 {limit // _CHUNK_BYTES} MB，不能存入", name=name, limit=limit)
        sha256.update(chunk)
        target.write(chunk)
    if size == 0:
        raise FileEmpty(f"{name} 是空文件", name=name)
    return sha256.hexdigest(), size
