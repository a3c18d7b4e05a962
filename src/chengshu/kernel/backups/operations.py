"""Writes of backups: make one, and put one back."""

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import structlog
from django.conf import settings

from chengshu import __version__
from chengshu.kernel.backups.contracts import DATABASE, FORMAT, MANIFEST, Manifest, Member, OnProgress, Summary
from chengshu.kernel.backups.errors import BackupExists, TargetNotEmpty
from chengshu.kernel.backups.queries import (
    CHUNK,
    count_records,
    digest_file,
    get_database,
    has_records,
    known_migrations,
    last_migrations,
    list_stored_files,
    open_members,
    verify_backup,
)
from chengshu.kernel.backups.rules import check_compatible, digest_of_content, encode_manifest, name_content
from chengshu.kernel.files import facade as files

_PRIVATE = 0o600

log = structlog.get_logger(__name__)


def make_backup(target: Path, *, now: datetime, on_progress: OnProgress) -> Summary:
    """Write database, files and keys into one archive, readable by this user alone; files of an S3 store as well.

    The database is dumped first: files are written before the rows that name them and never change, so every file
    that the dump speaks of is there. The archive gets its name when it is whole.

    Raises:
        BackupExists: something lies at `target`.
        DatabaseToolFailed: the database could not be dumped.
        StoreUnreachable, FileContentMissing: the S3 store does not give what it lists.
    """
    if target.exists():
        raise BackupExists(f"{target} 已存在，不会覆盖。请换一个文件名。", path=str(target))
    part = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        dump = Path(folder) / "dump"
        database = get_database()
        records = count_records()
        database.dump(dump)
        remote = {name_content(digest): digest for digest in files.list_remote_contents()}
        members = [(DATABASE, dump), *(found for found in list_stored_files() if found[0] not in remote)]
        try:
            with _private_archive(part) as archive:
                local = tuple(_add_all(archive, members, on_progress))
                kept = (*local, *_add_remote(archive, remote, Path(folder) / "content", on_progress))
                manifest = Manifest(
                    FORMAT, __version__, now.isoformat(), database.engine, last_migrations(), records, kept
                )
                _add_bytes(archive, MANIFEST, encode_manifest(manifest))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    summary = Summary(len(kept), target.stat().st_size, digest_file(target), sum(records.values()))
    log.info("backup_made", members=summary.members, bytes=summary.size, sha256=summary.sha256)
    return summary


def restore_backup(source: Path, *, replace: bool, on_progress: OnProgress) -> Summary:
    """Put a backup in place: verified whole first, then files beside those that are there, then the database.

    Files come before the rows that name them; a restore that is cut leaves the old database with some more files.
    Stored contents go to the store that the settings name here, wherever they were kept when the backup was made.

    Args:
        source: the archive.
        replace: allow it to run over records that are in use.
        on_progress: told of the bytes read.

    Raises:
        BackupDamaged, BackupMismatch: nothing was touched.
        TargetNotEmpty: records are in use here and `replace` was not said.
        DatabaseToolFailed: the database could not be loaded; it is as it was.
        StoreUnreachable: the S3 store does not take the files; the database is as it was.
    """
    manifest, summary = verify_backup(source, on_progress=on_progress)
    database = get_database()
    check_compatible(manifest, database.engine, known_migrations())
    if has_records() and not replace:
        raise TargetNotEmpty("这里已有账号和记录。确要用备份替换全部记录，请加 --replace。")
    settings.FILES_ROOT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.FILES_ROOT, prefix=".incoming-") as folder:
        dump = Path(folder) / "dump"
        for member, stream in open_members(source):
            if member.name == DATABASE:
                _write(stream, dump)
            elif member.name != MANIFEST:
                _put_back(member.name, stream)
        database.load(dump)
    log.info("backup_restored", members=summary.members, sha256=summary.sha256)
    return summary


@contextmanager
def _private_archive(path: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive for writing that only this user may read; on the disk, whole, when the block ends."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    with os.fdopen(descriptor, "wb") as raw:
        with (
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=3, filename="") as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            yield archive
        raw.flush()
        os.fsync(raw.fileno())


def _add_all(archive: tarfile.TarFile, members: list[tuple[str, Path]], on_progress: OnProgress) -> Iterator[Member]:
    total, done = sum(path.stat().st_size for _name, path in members), 0
    for name, path in members:
        on_progress(done, total, name)
        yield _add_file(archive, name, path)
        done += path.stat().st_size
    on_progress(total, total, "")


def _add_remote(
    archive: tarfile.TarFile, remote: Mapping[str, str], passing: Path, on_progress: OnProgress
) -> Iterator[Member]:
    """Add the contents of the S3 store one by one, each by way of a file: an archive has to know a size beforehand."""
    done = 0
    for name, digest in sorted(remote.items()):
        files.copy_content(digest, passing)
        member = _add_file(archive, name, passing)
        if member.sha256 != digest:
            log.error("backup_content_altered", expected=digest, sha256=member.sha256)
        done += member.size
        on_progress(done, done, name)
        yield member


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> Member:
    """Add a file and return what was added: the digest is of the bytes that went into the archive."""
    with path.open("rb") as file:
        told = tarfile.TarInfo(name)
        told.size, told.mode = os.fstat(file.fileno()).st_size, _PRIVATE
        reader = _Digesting(file)
        archive.addfile(told, reader)
    return Member(name, told.size, reader.sha256.hexdigest())


class _Digesting(io.RawIOBase):
    """A stream that digests what is read through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.sha256.update(data)
        return data


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    told = tarfile.TarInfo(name)
    told.size, told.mode = len(data), _PRIVATE
    archive.addfile(told, io.BytesIO(data))


def _put_back(name: str, stream: IO[bytes]) -> None:
    """Write a file to where it belongs; an equal one that is there already is replaced by itself."""
    digest = digest_of_content(name)
    if digest is not None:
        _put_content(digest, stream)
        return
    folder, _slash, rest = name.partition("/")
    keys = {path.name: path for path in settings.BACKUP_KEYS}
    target = keys[rest] if folder == "keys" and rest in keys else settings.BACKUP_FOLDERS[folder] / rest
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".incoming-", delete=False) as part:
        shutil.copyfileobj(stream, part, CHUNK)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(target)


def _put_content(digest: str, stream: IO[bytes]) -> None:
    with tempfile.NamedTemporaryFile(dir=settings.FILES_ROOT, prefix=".incoming-", delete=False) as part:
        shutil.copyfileobj(stream, part, CHUNK)
        part.flush()
        os.fsync(part.fileno())
    try:
        files.put_content(Path(part.name), digest)
    finally:
        Path(part.name).unlink(missing_ok=True)


def _write(stream: IO[bytes], target: Path) -> None:
    with target.open("wb") as file:
        shutil.copyfileobj(stream, file, CHUNK)
