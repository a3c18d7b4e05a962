"""The door of today's work (今日待办): what departments owe, of every kind, in one list."""

from chengshu.resources.contracts.work import WorkCounts, WorkDue, WorkKind
from chengshu.resources.models import SEE as SEE_WORK
from chengshu.resources.models import WorkItem
from chengshu.resources.queries.work import count_work, list_work, list_work_departments

__all__ = [
    "SEE_WORK",
    "WorkCounts",
    "WorkDue",
    "WorkItem",
    "WorkKind",
    "count_work",
    "list_work",
    "list_work_departments",
]
