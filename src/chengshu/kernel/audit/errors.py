"""Errors of the audit.

AuditError
└── AuditIsAppendOnly   somebody tried to change or remove an entry
"""

from chengshu.base.errors import ChengshuError


class AuditError(ChengshuError):
    """The root of the audit's errors."""

    code = "AUDIT_ERROR"


class AuditIsAppendOnly(AuditError):
    """An entry was to be changed or removed."""

    code = "AUDIT_IS_APPEND_ONLY"
