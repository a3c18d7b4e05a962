"""Tables: imported batches with their forms, and the performance year of every project."""

from chengshu.performance.models.batches import Batch, SourceFile, Verdict
from chengshu.performance.models.corrections import Correction
from chengshu.performance.models.editions import Edition
from chengshu.performance.models.evaluations import EvaluatedIndicator, Evaluation
from chengshu.performance.models.findings import FindingRecord, Rescoring
from chengshu.performance.models.forms import NAME_LENGTH, FormContent, FormQuerySet, FormRecord, IndicatorRecord
from chengshu.performance.models.goals import GoalIndicator, GoalSheet
from chengshu.performance.models.library import LibraryIndicator
from chengshu.performance.models.money import BudgetAdjustment, BudgetLine, Payment, Receipt, RejectedRow
from chengshu.performance.models.monitoring import EarlyWarning, MonitoredIndicator, MonitoringPoint, MonitoringSheet
from chengshu.performance.models.projects import Project, ProjectYear
from chengshu.performance.models.publications import Publication
from chengshu.performance.models.reviews import (
    Objection,
    Rectification,
    Review,
    ReviewedScore,
    ReviewState,
    SpotCheck,
)
from chengshu.performance.models.rights import EDIT_FORMS, IMPORT_FORMS, SEE_FORMS, Viewer, batch_filter
from chengshu.performance.models.sheets import Decision, Sheet
from chengshu.performance.models.tallies import Axis, BatchCode, BatchFigures, BatchMoney
from chengshu.performance.models.year_tallies import YearMark, YearTally

__all__ = [
    "EDIT_FORMS",
    "IMPORT_FORMS",
    "NAME_LENGTH",
    "SEE_FORMS",
    "Axis",
    "Batch",
    "BatchCode",
    "BatchFigures",
    "BatchMoney",
    "BudgetAdjustment",
    "BudgetLine",
    "Correction",
    "Decision",
    "EarlyWarning",
    "Edition",
    "EvaluatedIndicator",
    "Evaluation",
    "FindingRecord",
    "FormContent",
    "FormQuerySet",
    "FormRecord",
    "GoalIndicator",
    "GoalSheet",
    "IndicatorRecord",
    "LibraryIndicator",
    "MonitoredIndicator",
    "MonitoringPoint",
    "MonitoringSheet",
    "Objection",
    "Payment",
    "Project",
    "ProjectYear",
    "Publication",
    "Receipt",
    "Rectification",
    "RejectedRow",
    "Rescoring",
    "Review",
    "ReviewState",
    "ReviewedScore",
    "Sheet",
    "SourceFile",
    "SpotCheck",
    "Verdict",
    "Viewer",
    "YearMark",
    "YearTally",
    "batch_filter",
]
