"""What has to hold before a self-evaluation is handed in."""

from datetime import datetime

from django.utils.translation import gettext as _

from chengshu.performance.contracts.evaluations import Gap, GapKind
from chengshu.performance.errors import SheetIncomplete
from chengshu.performance.models import Evaluation
from chengshu.performance.operations.sheets import AnySheet
from chengshu.performance.queries.evaluations import assess_content, content_of_evaluation, load_fully


def check_evaluation_gate(sheet: AnySheet, _now: datetime) -> None:
    """Pass if nothing is missing: results with evidence, scores, and words for every deduction and every raised score.

    Raises:
        SheetIncomplete: something is; `gaps` has the cell and what to do for each.
    """
    evaluation = load_fully(Evaluation.objects.all()).get(pk=sheet.pk)
    gaps = assess_content(evaluation, content_of_evaluation(evaluation)).gaps
    if gaps:
        said = _("还不能提交：有 %(count)s 处要先补上。") % {"count": len(gaps)}
        raise SheetIncomplete(said, [(gap.field, word_gap(gap)) for gap in gaps])


def word_gap(gap: Gap) -> str:
    """Say what is missing and what to do, with the indicator's name before it."""
    words = {
        GapKind.GOALS_OPEN: _("绩效目标还没有批复，批复后才能提交自评。"),
        GapKind.RESULT: _("年度总体目标完成情况没有填。"),
        GapKind.EXECUTION: _("没有预算，执行率无法计分。请先登记预算。"),
        GapKind.ACTUAL: _("没有实际完成值。"),
        GapKind.WAITING: _("待具备条件，现在不能计量，也不能填报数值。条件具备后计量，或经批准调整绩效目标。"),
        GapKind.MEASUREMENT: _("还没有计量，请点“计量”，或凭材料填报。"),
        GapKind.DOCUMENT: _("没有佐证材料，请上传。"),
        GapKind.DOCUMENT_NOTE: _("没有写明数值在佐证材料的什么位置。"),
        GapKind.SCORE: _("规则无法判定得分，请填写得分和打分依据。"),
        GapKind.SCORE_ABOVE_WEIGHT: _("得分超过分值。"),
        GapKind.SCORE_BASIS: _("规则无法判定得分，请写明打分依据。"),
        GapKind.SCORE_RAISED: _("得分高于按规则应得的分，请写明调整理由。"),
        GapKind.DEVIATION: _("有扣分或大幅偏离目标，没有写偏差原因分析及改进措施。"),
    }
    said = words[gap.kind]
    return _("%(name)s：%(said)s") % {"name": gap.name, "said": said} if gap.name else said
