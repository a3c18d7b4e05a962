"""The platform's own records that indicators count: what people call them, and which record is made from which.

Here and not in the models, because what stands here is said to people who ask where a figure comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Record:
    """A table of the platform: its name in words, those of its columns that figures are made of, and what it is kept from."""

    title: str
    columns: Mapping[str, str] = field(default_factory=dict)
    made_of: tuple[str, ...] = ()


DUE, DELIVERY, SOURCE = "resources_duedelivery", "resources_delivery", "resources_datasource"
PLANNED, CHECK, ISSUE = "resources_plannedcheck", "resources_checkrun", "resources_qualityissue"
RECORDS: Final[Mapping[str, Record]] = {
    DUE: Record("应交付记录", {"due_at": "约定时刻"}),
    DELIVERY: Record("交付记录", {"rows_held": "入湖后行数", "received_at": "收到时间", "ended_at": "入湖时间"}),
    SOURCE: Record("数据源登记"),
    "resources_sourcestanding": Record("数据源当时的情形", made_of=(SOURCE,)),
    PLANNED: Record("质量检查计划"),
    CHECK: Record("质量检查记录", {"finished_at": "完成时间"}),
    "resources_ruleoutcome": Record("逐条规则的检查结果", made_of=(CHECK,)),
    "resources_qualityrule": Record("质量规则"),
    "resources_rulerevision": Record("质量规则的版本", made_of=("resources_qualityrule",)),
    ISSUE: Record("质量问题", {"opened_at": "发现时间", "settled_at": "办结时间", "state": "状态"}, (CHECK,)),
    "resources_issuerow": Record("质量问题行", {"settled_at": "办结时间", "fate": "整改结果"}, (ISSUE,)),
    "resources_dataresource": Record("数据资源目录"),
    "resources_resourcestanding": Record(
        "数据资源当时的情形", {"fault_count": "未达标处", "field_count": "信息项数"}, ("resources_dataresource",)
    ),
    "resources_monthrecord": Record(
        "月度职责和机制记录", {"items": "应办数", "kept": "办到数"}, (DUE, DELIVERY, PLANNED, CHECK, ISSUE)
    ),
    "organisations_ancestry": Record("组织的隶属关系"),
}
"""Tables of other parts of the house go by the words of their models."""
