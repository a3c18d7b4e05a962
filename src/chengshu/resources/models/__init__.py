"""Tables of the catalogue. Collection and quality add their own beside them."""

from chengshu.resources.models.addresses import AllowedAddress
from chengshu.resources.models.arrivals import RefusedArrival
from chengshu.resources.models.collection import COLLECT, DataSource, Delivery, DeliveryPromise, RefusedRow, SourceKey
from chengshu.resources.models.editions import (
    CatalogueExport,
    Change,
    Decision,
    Dispute,
    Edition,
    Intake,
    RejectedEntry,
)
from chengshu.resources.models.elements import DataElement, DomainCode, ValueDomain
from chengshu.resources.models.grading import FieldOrigin, LoweredGrade
from chengshu.resources.models.lineage import (
    KEEP_LINEAGE,
    SEE_LINEAGE,
    LineageColumn,
    LineageEdge,
    LineageEdition,
    LineageEvent,
    LineageFault,
    LineageState,
    LineageStatement,
    LineageTable,
    LineageTeller,
)
from chengshu.resources.models.months import MonthRecord
from chengshu.resources.models.owing import CHECK, RECTIFY, SEE_QUALITY
from chengshu.resources.models.postings import IndexedResource, IndexSegment, Posting
from chengshu.resources.models.processing import PROCESS, SEE_PROCESSING, DataPipeline, LeftOutRow, PipelineRun
from chengshu.resources.models.profiles import TableProfile
from chengshu.resources.models.quality import (
    CheckRun,
    IssueRow,
    PlannedCheck,
    QualityIssue,
    QualityRule,
    RefusedCorrection,
    ReturnedSheet,
    RuleOutcome,
    RuleRevision,
    TakenCorrection,
)
from chengshu.resources.models.resources import DataResource, Field, ListItem
from chengshu.resources.models.rights import APPROVE, DISPUTE, EDIT, KEEP_ELEMENTS, SEE, SEE_SERVICE
from chengshu.resources.models.standings import ResourceStanding, SourceStanding
from chengshu.resources.models.work import WorkItem

__all__ = [
    "APPROVE",
    "CHECK",
    "COLLECT",
    "DISPUTE",
    "EDIT",
    "KEEP_ELEMENTS",
    "KEEP_LINEAGE",
    "PROCESS",
    "RECTIFY",
    "SEE",
    "SEE_LINEAGE",
    "SEE_PROCESSING",
    "SEE_QUALITY",
    "SEE_SERVICE",
    "AllowedAddress",
    "CatalogueExport",
    "Change",
    "CheckRun",
    "DataElement",
    "DataPipeline",
    "DataResource",
    "DataSource",
    "Decision",
    "Delivery",
    "DeliveryPromise",
    "Dispute",
    "DomainCode",
    "Edition",
    "Field",
    "FieldOrigin",
    "IndexSegment",
    "IndexedResource",
    "Intake",
    "IssueRow",
    "LeftOutRow",
    "LineageColumn",
    "LineageEdge",
    "LineageEdition",
    "LineageEvent",
    "LineageFault",
    "LineageState",
    "LineageStatement",
    "LineageTable",
    "LineageTeller",
    "ListItem",
    "LoweredGrade",
    "MonthRecord",
    "PipelineRun",
    "PlannedCheck",
    "Posting",
    "QualityIssue",
    "QualityRule",
    "RefusedArrival",
    "RefusedCorrection",
    "RefusedRow",
    "RejectedEntry",
    "ResourceStanding",
    "ReturnedSheet",
    "RuleOutcome",
    "RuleRevision",
    "SourceKey",
    "SourceStanding",
    "TableProfile",
    "TakenCorrection",
    "ValueDomain",
    "WorkItem",
]
