"""The words of reviews and of what is to be mended."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chengshu.performance.facade.reviews import Outlook, ReviewState, StratumBy
from chengshu.performance.ui.wording import write_move, write_score

STATES = {
    ReviewState.OPEN: _("复核中"),
    ReviewState.ISSUED: _("已下达"),
    ReviewState.OBJECTED: _("有异议"),
    ReviewState.SETTLED: _("已定"),
}
LOOKS = {
    ReviewState.OPEN: "state-queued",
    ReviewState.ISSUED: "state-running",
    ReviewState.OBJECTED: "state-failed",
    ReviewState.SETTLED: "state-done",
}
STEPS = {
    "issue": _("下达给单位"),
    "accept": _("认可复核结果"),
    "object": _("提出异议"),
    "take_back": _("收回重新复核"),
    "settle": _("定案"),
    "uphold": _("采纳异议，重新评分"),
    "reject": _("不采纳异议，定案"),
}
DONE = {
    "issue": _("已下达，单位现在可以查看并提出异议。"),
    "accept": _("已认可，复核结果已定。"),
    "object": _("已提出异议，等待答复。"),
    "take_back": _("已收回，可以重新评分。"),
    "settle": _("复核结果已定。"),
    "uphold": _("已采纳异议，请重新评分后再下达。"),
    "reject": _("已答复，复核结果已定。"),
}
DIVISIONS = {
    StratumBy.DEPARTMENT: _("主管部门"),
    StratumBy.GRADE: _("自评等级"),
    StratumBy.MONEY: _("资金规模"),
}


def name_state(state: str) -> str:
    """Name the state of a review."""
    return str(STATES.get(ReviewState(state), state))


def look_of_state(state: str) -> str:
    """Give the class that colours a state; the word says it too."""
    return LOOKS.get(ReviewState(state), "")


@dataclass(frozen=True, slots=True)
class WordedOutlook:
    """The unit's total and the one that scores give as the page writes them; `open_lines` cannot be kept yet."""

    own: str
    total: str
    grade: str
    moved: str
    open_lines: int


def word_outlook(outlook: Outlook, *, open_lines: int = 0) -> WordedOutlook:
    """Write what scores make of a review."""
    own = None if outlook.total is None or outlook.moved is None else outlook.total - outlook.moved
    return WordedOutlook(
        write_score(own), write_score(outlook.total), outlook.grade or "—", write_move(outlook.moved), open_lines
    )
