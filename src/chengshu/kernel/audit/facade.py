"""The door of the audit."""

from chengshu.kernel.audit.contracts import (
    REASON_LABELS,
    ExportCheck,
    ExportFilter,
    ExportSummary,
    Fault,
    Origin,
    PublicKey,
    Reason,
    Verification,
)
from chengshu.kernel.audit.errors import (
    ActionNamedTwice,
    AuditError,
    AuditIsAppendOnly,
    EntryNotFound,
    ExportRefused,
    KeyUnreadable,
    ValueNotPlain,
)
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.audit.operations.exporting import export
from chengshu.kernel.audit.operations.linking import sweep_links
from chengshu.kernel.audit.operations.recording import record, record_refusal, record_view
from chengshu.kernel.audit.operations.sealing import keep_chain, rotate_keys, seal_days
from chengshu.kernel.audit.queries.entries import (
    count_sealed,
    find_head_over,
    get_entry,
    list_actions,
    list_all_entries,
    list_entries,
    list_neighbours,
)
from chengshu.kernel.audit.queries.exports import verify_export
from chengshu.kernel.audit.queries.keys import read_key_files, read_public_keys
from chengshu.kernel.audit.queries.verifying import verify
from chengshu.kernel.audit.registry import (
    current_origin,
    list_named_actions,
    name_action,
    originating_from,
    register_actions,
)
from chengshu.kernel.audit.rules.differences import list_differences, list_values

__all__ = [
    "REASON_LABELS",
    "ActionNamedTwice",
    "AuditError",
    "AuditIsAppendOnly",
    "Entry",
    "EntryNotFound",
    "ExportCheck",
    "ExportFilter",
    "ExportRefused",
    "ExportSummary",
    "Fault",
    "KeyUnreadable",
    "Origin",
    "PublicKey",
    "Reason",
    "ValueNotPlain",
    "Verification",
    "count_sealed",
    "current_origin",
    "export",
    "find_head_over",
    "get_entry",
    "keep_chain",
    "list_actions",
    "list_all_entries",
    "list_differences",
    "list_entries",
    "list_named_actions",
    "list_neighbours",
    "list_values",
    "name_action",
    "originating_from",
    "read_key_files",
    "read_public_keys",
    "record",
    "record_refusal",
    "record_view",
    "register_actions",
    "rotate_keys",
    "seal_days",
    "sweep_links",
    "verify",
    "verify_export",
]
