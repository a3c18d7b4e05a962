"""What has to hold before goals are handed in."""

from datetime import datetime
from typing import cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chengshu.performance.contracts import Level
from chengshu.performance.contracts.goals import Background
from chengshu.performance.errors import SheetIncomplete
from chengshu.performance.models import GoalSheet
from chengshu.performance.operations.sheets import AnySheet
from chengshu.performance.queries.forms_of_years import content_of
from chengshu.performance.queries.goals import check_content


def check_goal_gate(sheet: AnySheet, _now: datetime) -> None:
    """Pass if no finding of level error stands: weights whole and right, names and targets there, copies looked at.

    Raises:
        SheetIncomplete: something is missing; `gaps` has the cell and the sentence of each finding.
    """
    goals = cast("GoalSheet", sheet)
    content = content_of(goals)
    findings = check_content(goals.project_year, content, Background())
    is_english = (get_language() or "").startswith("en")
    gaps = [
        (finding.field, finding.message_en if is_english else finding.message)
        for finding in findings
        if finding.level is Level.ERROR
    ]
    if gaps:
        raise SheetIncomplete(_("还不能提交：有 %(count)s 处必须先改好。") % {"count": len(gaps)}, gaps)
