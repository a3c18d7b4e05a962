"""Contents on their way into backups and out of them, where they lie in a store that is not on this machine's disk."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from chengshu.kernel.files.errors import FileContentMissing
from chengshu.kernel.files.stores import open_store


def list_remote_contents() -> Iterator[str]:
    """Give the digests of the contents in the S3 store; none where contents lie on the local disk.

    Raises:
        StoreUnreachable: the store does not answer.
    """
    if settings.FILES_S3:
        for digest, _put_at in open_store().list_contents():
            yield digest


def copy_content(digest: str, target: Path) -> None:
    """Write a content from the store to a file, without keeping it in the cache.

    Raises:
        FileContentMissing: it is gone.
        StoreUnreachable: the store does not answer.
    """
    if not open_store().copy_to(digest, target):
        raise FileContentMissing(f"内容 {digest} 已不在存储中", sha256=digest)


def put_content(path: Path, digest: str) -> None:
    """Move a file into the store under its digest; an equal one that is there is renewed.

    Raises:
        StoreUnreachable: the store does not take it.
    """
    open_store().put(path, digest)
