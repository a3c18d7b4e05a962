"""The door of collection (归集): sources, promises, deliveries with receipts, refused rows."""

from chengshu.resources.contracts.collection import (
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
from chengshu.resources.errors import DeliveryClosed, ReasonMissing, SourceInvalid, SourceNotFound
from chengshu.resources.models import COLLECT, DataSource, Delivery, DeliveryPromise, RefusedRow
from chengshu.resources.operations.collection import (
    JOB,
    PULL_JOB,
    accept_drift,
    ask_pull,
    keep_promise,
    receive_file,
    register_source,
)
from chengshu.resources.operations.dues import note_dues
from chengshu.resources.operations.secrets import reseal_secrets
from chengshu.resources.operations.watching import pull_due, watch_folders
from chengshu.resources.queries.collection import (
    find_punctuality,
    get_delivery,
    get_source,
    list_deliveries,
    list_punctuality,
    list_refused_rows,
    list_source_departments,
    list_sources,
)
from chengshu.resources.rules.secrets import mask_address

__all__ = [
    "COLLECT",
    "JOB",
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
    "ReasonMissing",
    "RefusedRow",
    "SourceContent",
    "SourceInvalid",
    "SourceKind",
    "SourceNotFound",
    "WriteMode",
    "accept_drift",
    "ask_pull",
    "find_punctuality",
    "get_delivery",
    "get_source",
    "keep_promise",
    "list_deliveries",
    "list_punctuality",
    "list_refused_rows",
    "list_source_departments",
    "list_sources",
    "mask_address",
    "note_dues",
    "pull_due",
    "receive_file",
    "register_source",
    "reseal_secrets",
    "watch_folders",
]
