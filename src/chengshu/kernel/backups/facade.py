"""The door of backups."""

from chengshu.kernel.backups.contracts import Manifest, Member, Summary
from chengshu.kernel.backups.errors import (
    BackupDamaged,
    BackupError,
    BackupExists,
    BackupMismatch,
    DatabaseToolFailed,
    TargetNotEmpty,
)
from chengshu.kernel.backups.operations import make_backup, restore_backup
from chengshu.kernel.backups.queries import verify_backup

__all__ = [
    "BackupDamaged",
    "BackupError",
    "BackupExists",
    "BackupMismatch",
    "DatabaseToolFailed",
    "Manifest",
    "Member",
    "Summary",
    "TargetNotEmpty",
    "make_backup",
    "restore_backup",
    "verify_backup",
]
