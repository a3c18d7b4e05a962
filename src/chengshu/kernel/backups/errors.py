"""Errors of backups.

BackupError
├── BackupExists       a file lies where the backup should go
├── BackupDamaged      an archive that is cut, changed or of another making; `details["member"]` names the place
├── BackupMismatch     an archive of another database engine, or of a newer version of the program
├── TargetNotEmpty     a restore would run over records that are in use
└── DatabaseToolFailed the database's own tool is missing or failed
"""

from chengshu.base.errors import ChengshuError


class BackupError(ChengshuError):
    """The root of the errors of backups."""

    code = "BACKUP_ERROR"


class BackupExists(BackupError):
    """A file lies where the backup should go; nothing is written over."""

    code = "BACKUP_EXISTS"


class BackupDamaged(BackupError):
    """The archive is cut, changed or no backup of ours; nothing was restored."""

    code = "BACKUP_DAMAGED"


class BackupMismatch(BackupError):
    """The archive is of another database engine, or of a newer version of the program."""

    code = "BACKUP_MISMATCH"


class TargetNotEmpty(BackupError):
    """A restore would run over records that are in use."""

    code = "TARGET_NOT_EMPTY"


class DatabaseToolFailed(BackupError):
    """The database's own tool for dumps is missing or failed."""

    code = "DATABASE_TOOL_FAILED"
