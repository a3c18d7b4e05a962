"""Errors of the audit.

AuditError
├── ActionNamedTwice    two apps name one action differently
├── AuditIsAppendOnly   somebody tried to change or remove an entry
├── ValueNotPlain       a value in an entry's data is of a kind that the audit cannot keep
├── KeyUnreadable       a signing key or public key is damaged
├── ExportRefused       the file cannot be written there
└── EntryNotFound       there is no such entry
"""

from chengshu.base.errors import ChengshuError


class AuditError(ChengshuError):
    """The root of the audit's errors."""

    code = "AUDIT_ERROR"


class ActionNamedTwice(AuditError):
    """An action was to get a second name."""

    code = "AUDIT_ACTION_NAMED_TWICE"


class AuditIsAppendOnly(AuditError):
    """An entry was to be changed or removed."""

    code = "AUDIT_IS_APPEND_ONLY"


class ValueNotPlain(AuditError):
    """A value in an entry's data is neither text, number, truth, moment nor a list or mapping of such."""

    code = "AUDIT_VALUE_NOT_PLAIN"


class KeyUnreadable(AuditError):
    """A key file of the audit is damaged, or of another kind."""

    code = "AUDIT_KEY_UNREADABLE"


class ExportRefused(AuditError):
    """The export cannot be written to this path."""

    code = "AUDIT_EXPORT_REFUSED"


class EntryNotFound(AuditError):
    """There is no such entry."""

    code = "AUDIT_ENTRY_NOT_FOUND"
