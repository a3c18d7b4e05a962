"""Tables of imported batches, their forms, findings and corrections."""

from chengshu.performance.models.batches import Batch, SourceFile, Verdict
from chengshu.performance.models.corrections import Correction
from chengshu.performance.models.findings import FindingRecord, Rescoring
from chengshu.performance.models.forms import NAME_LENGTH, FormContent, FormQuerySet, FormRecord, IndicatorRecord
from chengshu.performance.models.rights import Viewer, batch_filter
from chengshu.performance.models.tallies import Axis, BatchCode, BatchFigures, BatchMoney

__all__ = [
    "NAME_LENGTH",
    "Axis",
    "Batch",
    "BatchCode",
    "BatchFigures",
    "BatchMoney",
    "Correction",
    "FindingRecord",
    "FormContent",
    "FormQuerySet",
    "FormRecord",
    "IndicatorRecord",
    "Rescoring",
    "SourceFile",
    "Verdict",
    "Viewer",
    "batch_filter",
]
