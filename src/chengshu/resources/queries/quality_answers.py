"""What re-checks said to corrected sheets: how many rows hold now, which fail still, and why none was made."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, When
from django.utils.translation import gettext as _

from chengshu.resources.contracts.quality import RowFate, RunKind, RunState, SheetAnswer
from chengshu.resources.models import CheckRun, QualityIssue, ReturnedSheet, RuleOutcome, TakenCorrection

_HELD = (RowFate.FIXED.value, RowFate.GONE.value)
_COUNTS = {
    "kept": Count("pk"),
    "held": Count("pk", filter=Q(outcome__in=_HELD)),
    "failing": Count("pk", filter=Q(outcome=RowFate.OWED)),
    "void": Count("pk", filter=Q(outcome=RowFate.VOID)),
}
_NOTHING: Mapping[str, Any] = {**dict.fromkeys(_COUNTS, 0), "last": None}


def list_corrections(sheet: ReturnedSheet) -> QuerySet[Any]:
    """List the rows of a sheet in sight that were taken, unordered, with `outcome`: as `fate`, or what settled the row since."""
    return _tell_outcomes(TakenCorrection.objects.filter(sheet=sheet).select_related("issue_row", "checked_in"))


def answer_sheet(sheet: ReturnedSheet) -> SheetAnswer:
    """Count what became of the rows of a sheet; where they still wait, say why the re-check was not made, if it was not."""
    return answer_sheets(sheet.issue, [sheet])[0][1]


def answer_sheets(issue: QualityIssue, sheets: Iterable[ReturnedSheet]) -> list[tuple[ReturnedSheet, SheetAnswer]]:
    """Give sheets of an issue with what re-checks said to them; asks as often for many as for one."""
    listed = list(sheets)
    rows = _tell_outcomes(TakenCorrection.objects.filter(sheet__in=listed)).order_by().values("sheet")
    counted = {row["sheet"]: row for row in rows.annotate(**_COUNTS, last=Max("checked_in"))}
    runs = CheckRun.objects.in_bulk({row["last"] for row in counted.values()} - {None})
    is_waiting = any(_count_waiting(row) for row in counted.values())
    last, fault = _find_fault(issue) if is_waiting else (None, "")
    answers = []
    for sheet in listed:
        counts = counted.get(sheet.pk, _NOTHING)
        waiting = _count_waiting(counts)
        since = waiting and last is not None and last.started_at >= sheet.taken_at
        answer = SheetAnswer(
            held=counts["held"],
            failing=counts["failing"],
            void=counts["void"],
            waiting=waiting,
            run=runs.get(counts["last"]),
            fault=fault if since else "",
            is_kept=bool(counts["kept"]) or not sheet.taken,
        )
        answers.append((sheet, answer))
    return answers


def find_last_recheck(issue: QualityIssue) -> CheckRun | None:
    """Give the last re-check that found rows of an issue failing still; None where none did."""
    runs = CheckRun.objects.filter(
        pk__in=issue.rows.filter(fate=RowFate.OWED, failing_in__isnull=False).values("failing_in")
    )
    return runs.order_by("-finished_at", "-pk").first()


def count_still_failing(issue: QualityIssue, run: CheckRun) -> int:
    """Count the rows of an issue that a re-check found failing still."""
    found: int = issue.rows.filter(fate=RowFate.OWED, failing_in=run).count()
    return found


def _tell_outcomes(rows: QuerySet[TakenCorrection]) -> QuerySet[Any]:
    settled = ~Q(issue_row__fate=RowFate.OWED) & Q(fate="")
    told: QuerySet[Any] = rows.annotate(outcome=Case(When(settled, then=F("issue_row__fate")), default=F("fate")))
    return told


def _count_waiting(counts: Mapping[str, Any]) -> int:
    waiting: int = counts["kept"] - counts["held"] - counts["failing"] - counts["void"]
    return waiting


def _find_fault(issue: QualityIssue) -> tuple[CheckRun | None, str]:
    """Give the last re-check that ended, and why it said nothing to the issue: it failed, or could not ask the rule."""
    runs = CheckRun.objects.filter(resource=issue.resource_id, kind=RunKind.RECHECK)
    last = runs.exclude(state=RunState.RUNNING).order_by("-started_at", "-pk").first()
    if last is None:
        return None, ""
    if last.state == RunState.DONE:
        outcome = RuleOutcome.objects.filter(run=last, rule=issue.rule_id).first()
        return last, outcome.fault if outcome else ""
    return last, last.fault or _("复检中断了，没有做完。")
