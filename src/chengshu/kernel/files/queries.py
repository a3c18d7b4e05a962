"""Reads of the file store."""

from datetime import date
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from chengshu.kernel.accounts.models import User
from chengshu.kernel.files.contracts import Download
from chengshu.kernel.files.errors import FileContentMissing, FileNotFound
from chengshu.kernel.files.models import StoredFile
from chengshu.kernel.files.registry import list_owners
from chengshu.kernel.files.stores import open_store


def get_path(stored: StoredFile) -> Path:
    """Return the path of the content, for readers that need a file.

    Raises:
        FileContentMissing: the content is not in the store.
        StoreUnreachable: the store does not answer.
    """
    path = open_store().fetch(stored.sha256)
    if path is None:
        raise FileContentMissing(f"{stored.name} 的内容已不在存储中", name=stored.name, sha256=stored.sha256)
    return path


def open_file(stored: StoredFile) -> BinaryIO:
    """Open the content for reading; the caller closes it. For callers that have asked for the right themselves.

    Raises:
        FileContentMissing: the content is not in the store.
        StoreUnreachable: the store does not answer.
    """
    return get_path(stored).open("rb")


def open_download(uuid: UUID, *, viewer: User, on: date) -> Download:
    """Open a file for somebody who may have it: a domain that attached it says so.

    What hangs on nothing, such as a report that somebody had made, is for who stored it. What he attached he loses with
    the right to see what it hangs on.

    Raises:
        FileNotFound: there is none, or it is not his to have; which of the two is not told.
        FileContentMissing, StoreUnreachable: the content cannot be read.
    """
    stored = StoredFile.objects.filter(uuid=uuid).first()
    if stored is None or not _may_have(stored, viewer, on):
        raise FileNotFound("没有这个文件，或者您无权下载", uuid=str(uuid))
    return Download(stored.name, open_file(stored))


def _may_have(stored: StoredFile, viewer: User, on: date) -> bool:
    answers = [answer for check in list_owners() if (answer := check(stored.pk, viewer, on)) is not None]
    return any(answers) if answers else stored.owner_id is not None and stored.owner_id == viewer.pk
