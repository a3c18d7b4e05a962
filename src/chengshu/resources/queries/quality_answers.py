"""What re-checks said to corrected sheets: how many rows hold now, which fail still, and why none was made."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from chengshu.resources.contracts.quality import RowFate, RunKind, RunState, SheetAnswer
from chengshu.resources.models import CheckRun, QualityIssue, ReturnedSheet, RuleOutcome, TakenCorrection

_HELD = (RowFate.FIXED.value, RowFate.GONE.value)


def list_corrections(sheet: ReturnedSheet) -> QuerySet[Any]:
    """List the rows of a sheet in sight that were taken, unordered, with `outcome`: as `fate`, or what settled the row since."""
    rows = TakenCorrection.objects.filter(sheet=sheet).select_related("issue_row", "checked_in")
    settled = ~Q(issue_row__fate=RowFate.OWED) & Q(fate="")
    told: QuerySet[Any] = rows.annotate(outcome=Case(When(settled, then=F("issue_row__fate")), default=F("fate")))
    return told


def answer_sheet(sheet: ReturnedSheet) -> SheetAnswer:
    """Count what became of the rows of a sheet; where they still wait, say why the re-check was not made, if it was not."""
    rows = list_corrections(sheet)
    counts = rows.order_by().aggregate(
        kept=Count("pk"),
        held=Count("pk", filter=Q(outcome__in=_HELD)),
        failing=Count("pk", filter=Q(outcome=RowFate.OWED)),
        void=Count("pk", filter=Q(outcome=RowFate.VOID)),
    )
    waiting = counts["kept"] - counts["held"] - counts["failing"] - counts["void"]
    last = rows.filter(checked_in__isnull=False).order_by("-checked_in").first()
    return SheetAnswer(
        held=counts["held"],
        failing=counts["failing"],
        void=counts["void"],
        waiting=waiting,
        run=None if last is None else last.checked_in,
        fault=_find_fault(sheet) if waiting else "",
        is_kept=bool(counts["kept"]) or not sheet.taken,
    )


def answer_sheets(sheets: Collection[ReturnedSheet]) -> list[tuple[ReturnedSheet, SheetAnswer]]:
    """Give sheets with what re-checks said to them."""
    return [(sheet, answer_sheet(sheet)) for sheet in sheets]


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


def _find_fault(sheet: ReturnedSheet) -> str:
    """Say why the rows of a sheet were not looked at: the last re-check since failed, or could not ask the rule."""
    issue = sheet.issue
    runs = CheckRun.objects.filter(resource=issue.resource_id, kind=RunKind.RECHECK, started_at__gte=sheet.taken_at)
    last = runs.exclude(state=RunState.RUNNING).order_by("-started_at", "-pk").first()
    if last is None:
        return ""
    if last.state == RunState.DONE:
        outcome = RuleOutcome.objects.filter(run=last, rule=issue.rule_id).first()
        return outcome.fault if outcome else ""
    return last.fault or _("复检中断了，没有做完。")
