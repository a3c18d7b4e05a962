"""Reads for backups: what there is to keep, and whether an archive is what its manifest says."""

import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from chengshu.kernel.backups.contracts import MANIFEST, Database, Manifest, Member, OnProgress, Summary
from chengshu.kernel.backups.databases.postgresql import PostgresqlDatabase
from chengshu.kernel.backups.databases.sqlite import SqliteDatabase
from chengshu.kernel.backups.errors import BackupDamaged
from chengshu.kernel.backups.rules import decode_manifest

CHUNK = 1024 * 1024
_ACCOUNTS = "accounts_user"


def get_database() -> Database:
    """Return the engine that the settings chose."""
    return PostgresqlDatabase() if connection.vendor == "postgresql" else SqliteDatabase()


def list_stored_files() -> Iterator[tuple[str, Path]]:
    """Give every kept file with its path in the archive; what is still being written is left out."""
    for name, folder in sorted(settings.BACKUP_FOLDERS.items()):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.name.startswith(".incoming-"):
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
    for path in settings.BACKUP_KEYS:
        if path.is_file():
            yield f"keys/{path.name}", path


def count_records() -> dict[str, int]:
    """Return the rows of each table of ours; sessions and the queue count, they are restored too."""
    return {table: _count(table) for table in sorted(connection.introspection.django_table_names(only_existing=True))}


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name of our own models
        (rows,) = cursor.fetchone()
    return int(rows)


def has_records() -> bool:
    """Say whether somebody works here already: an account means records in use."""
    return _ACCOUNTS in connection.introspection.table_names() and _count(_ACCOUNTS) > 0


def last_migrations() -> dict[str, str]:
    """Return the last applied migration of each app."""
    loader = MigrationLoader(connection)
    last: dict[str, str] = {}
    for app, name in sorted(loader.applied_migrations):
        last[app] = max(name, last.get(app, ""))
    return last


def known_migrations() -> dict[str, frozenset[str]]:
    """Return the migrations that this program has, by app."""
    known: dict[str, set[str]] = {}
    for app, name in MigrationLoader(connection).disk_migrations:
        known.setdefault(app, set()).add(name)
    return {app: frozenset(names) for app, names in known.items()}


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_backup(path: Path, *, on_progress: OnProgress) -> tuple[Manifest, Summary]:
    """Read a whole archive against its manifest.

    Raises:
        BackupDamaged: cut, changed, or not an archive of ours; names the member.
    """
    seen: dict[str, Member] = {}
    manifest: Manifest | None = None
    size = path.stat().st_size
    with _blaming(path):
        for member, stream in open_members(path):
            if member.name == MANIFEST:
                manifest = decode_manifest(stream.read())
            else:
                seen[member.name] = _digest_member(member.name, stream)
            on_progress(min(member.offset_data + member.size, size), size, member.name)
    if manifest is None:
        raise BackupDamaged("备份没有清单（manifest.json），多半没有写完。请换一份备份。", member=MANIFEST)
    _hold_to(manifest, seen)
    return manifest, Summary(len(seen), size, digest_file(path), sum(manifest.records.values()))


def open_members(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Give the files of an archive in their order, each with its stream.

    Raises:
        BackupDamaged: the archive cannot be read on, or holds something that is no plain file below it.
    """
    with _blaming(path), tarfile.open(path, "r:gz") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is None or member.name.startswith("/") or ".." in member.name.split("/"):
                raise BackupDamaged(f"备份里有不该有的内容：{member.name}", member=member.name)
            yield member, stream


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Turn what a cut or scrambled archive makes the readers raise into one error."""
    try:
        yield
    except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError) as error:
        raise BackupDamaged(f"备份文件读不完整（{error}）。请换一份备份。", member=path.name) from error


def _digest_member(name: str, stream: IO[bytes]) -> Member:
    sha256, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        sha256.update(chunk)
        size += len(chunk)
    return Member(name, size, sha256.hexdigest())


def _hold_to(manifest: Manifest, seen: dict[str, Member]) -> None:
    """Compare what the manifest tells with what was read; raise BackupDamaged at the first difference."""
    for told in manifest.members:
        if seen.get(told.path) != told:
            problem = "缺少" if told.path not in seen else "内容已变"
            raise BackupDamaged(f"备份与清单不符：{told.path} {problem}。请换一份备份。", member=told.path)
    for extra in seen.keys() - {told.path for told in manifest.members}:
        raise BackupDamaged(f"备份与清单不符：多出 {extra}。请换一份备份。", member=extra)
