"""The manifest in its written form, and what may be restored where."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict

from chengshu.kernel.backups.contracts import FORMAT, Manifest, Member
from chengshu.kernel.backups.errors import BackupDamaged, BackupMismatch

_CONTENT = re.compile(
    r"^files/(?P<start>[0-9a-f]{2})/(?P<next>[0-9a-f]{2})/(?P<digest>(?P=start)(?P=next)[0-9a-f]{60})$"
)


def name_content(digest: str) -> str:
    """Return the path in an archive of a stored content: the same wherever it was kept."""
    return f"files/{digest[:2]}/{digest[2:4]}/{digest}"


def digest_of_content(name: str) -> str | None:
    """Return the digest under which this member of an archive is stored; None for what is no stored content."""
    found = _CONTENT.match(name)
    return found["digest"] if found else None


def encode_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as JSON."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True).encode()


def decode_manifest(data: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        BackupDamaged: it is no manifest of ours.
        BackupMismatch: it is of a newer format.
    """
    try:
        told = json.loads(data)
        if told["format"] > FORMAT:
            raise BackupMismatch("备份由更新版本的程序生成，请先升级程序。", format=told["format"])
        members = tuple(Member(**member) for member in told.pop("members"))
        return Manifest(members=members, **told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamaged("备份的清单读不出，文件可能已损坏。", member="manifest.json") from error


def check_compatible(manifest: Manifest, engine: str, known: Mapping[str, frozenset[str]]) -> None:
    """Hold a backup to the database and program that it is to be restored into.

    Args:
        manifest: of the backup.
        engine: of the database here.
        known: the migrations that this program has, by app.

    Raises:
        BackupMismatch: another engine, or a migration that this program does not know.
    """
    if manifest.engine != engine:
        message = f"备份来自 {manifest.engine}，这里是 {engine}，不能直接恢复。"
        raise BackupMismatch(message, backup=manifest.engine, here=engine)
    for app, migration in manifest.migrations.items():
        if migration not in known.get(app, frozenset()):
            message = f"备份的数据表比程序新（{app} {migration}），请先升级程序。"
            raise BackupMismatch(message, app=app, migration=migration)
