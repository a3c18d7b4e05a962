"""The door of collection (归集): sources, promises, deliveries with receipts, refused rows."""

from chengshu.resources.contracts.collection import (
    LISTED_REFUSED,
    Channel,
    ColumnContent,
    DeliveryState,
    Lateness,
    PromiseContent,
    Punctuality,
    SourceContent,
    SourceKind,
    WriteMode,
)
from chengshu.resources.errors import (
    DeliveryClosed,
    PushFailed,
    PushTooLarge,
    PushTypeUnknown,
    ReasonMissing,
    SecretUnreadable,
    SourceInvalid,
    SourceNotFound,
    SourceStale,
)
from chengshu.resources.models import COLLECT, DataSource, Delivery, DeliveryPromise, RefusedRow, SourceKey
from chengshu.resources.operations.collection import (
    JOB,
    PULL_JOB,
    accept_drift,
    ask_pull,
    keep_promise,
    receive_file,
    retry_delivery,
    waive_delivery,
)
from chengshu.resources.operations.dues import note_dues
from chengshu.resources.operations.keys import MOST_DAYS, issue_key, revoke_key
from chengshu.resources.operations.offering import register_collection
from chengshu.resources.operations.pushing import Push, receive_push
from chengshu.resources.operations.secrets import reseal_secrets
from chengshu.resources.operations.sources import (
    change_source,
    delete_source,
    link_source,
    register_source,
    switch_source,
)
from chengshu.resources.operations.watching import pull_due, watch_folders
from chengshu.resources.queries.collection import (
    find_punctuality,
    find_source_of,
    get_delivery,
    get_source,
    list_deliveries,
    list_fillable,
    list_history,
    list_punctuality,
    list_refused_rows,
    list_source_departments,
    list_sources,
)
from chengshu.resources.queries.drift import tell_effect
from chengshu.resources.queries.keys import find_key, list_keys
from chengshu.resources.queries.lateness import list_punctual_sources
from chengshu.resources.queries.refusals import say_refusal
from chengshu.resources.queries.row_sight import RowSight, sees_whole_rows, sight_of_delivery
from chengshu.resources.rules.addresses import FIELDS as ADDRESS_FIELDS
from chengshu.resources.rules.secrets import MASK, mask_address

__all__ = [
    "ADDRESS_FIELDS",
    "COLLECT",
    "JOB",
    "LISTED_REFUSED",
    "MASK",
    "MOST_DAYS",
    "PULL_JOB",
    "Channel",
    "ColumnContent",
    "DataSource",
    "Delivery",
    "DeliveryClosed",
    "DeliveryPromise",
    "DeliveryState",
    "Lateness",
    "PromiseContent",
    "Punctuality",
    "Push",
    "PushFailed",
    "PushTooLarge",
    "PushTypeUnknown",
    "ReasonMissing",
    "RefusedRow",
    "RowSight",
    "SecretUnreadable",
    "SourceContent",
    "SourceInvalid",
    "SourceKey",
    "SourceKind",
    "SourceNotFound",
    "SourceStale",
    "WriteMode",
    "accept_drift",
    "ask_pull",
    "change_source",
    "delete_source",
    "find_key",
    "find_punctuality",
    "find_source_of",
    "get_delivery",
    "get_source",
    "issue_key",
    "keep_promise",
    "link_source",
    "list_deliveries",
    "list_fillable",
    "list_history",
    "list_keys",
    "list_punctual_sources",
    "list_punctuality",
    "list_refused_rows",
    "list_source_departments",
    "list_sources",
    "mask_address",
    "note_dues",
    "pull_due",
    "receive_file",
    "receive_push",
    "register_collection",
    "register_source",
    "reseal_secrets",
    "retry_delivery",
    "revoke_key",
    "say_refusal",
    "sees_whole_rows",
    "sight_of_delivery",
    "switch_source",
    "tell_effect",
    "waive_delivery",
    "watch_folders",
]
