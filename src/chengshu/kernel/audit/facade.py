"""The door of the audit."""

from chengshu.kernel.audit.errors import AuditError, AuditIsAppendOnly
from chengshu.kernel.audit.operations import record
from chengshu.kernel.audit.queries import list_entries

__all__ = ["AuditError", "AuditIsAppendOnly", "list_entries", "record"]
