"""The door of carrying pipelines out, and of the lake's versions; apart because what it stands on is heavy to import."""

from chengshu.dataplane.errors import LakeBusy
from chengshu.resources.errors import RunStopped
from chengshu.resources.operations.processing import order_due
from chengshu.resources.operations.processing_runs import (
    carry_out,
    order_declared_due,
    sync_declared,
)
from chengshu.resources.pipelines.measuring import table_named
from chengshu.resources.queries.lake_versions import (
    MOST_VERSIONS,
    SHOWN_ROWS,
    Content,
    Version,
    get_table,
    list_versions,
    read_version,
)
from chengshu.resources.queries.pipeline_plans import PlanShown, describe_pipeline, list_faults, plan_of_pipeline
from chengshu.resources.queries.table_owners import TableOwner, name_tables

__all__ = [
    "MOST_VERSIONS",
    "SHOWN_ROWS",
    "Content",
    "LakeBusy",
    "PlanShown",
    "RunStopped",
    "TableOwner",
    "Version",
    "carry_out",
    "describe_pipeline",
    "get_table",
    "list_faults",
    "list_versions",
    "name_tables",
    "order_declared_due",
    "order_due",
    "plan_of_pipeline",
    "read_version",
    "sync_declared",
    "table_named",
]
