"""Quality month by month: what checks found, how much of it was put right, and issues opened and settled."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.contracts.quality import IssueState, RunKind, RunState
from chengshu.resources.models import SEE_QUALITY, CheckRun, DataResource, QualityIssue, RuleOutcome

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TrendScope:
    """Of whom: a department, a resource, or with neither all that is in sight."""

    department: int | None = None
    resource: int | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A month: what full checks looked at and failed, rows found with those verified by today, issues."""

    name: str
    checked: int = 0
    failed: int = 0
    found: int = 0
    verified: int = 0
    opened: int = 0
    settled: int = 0

    @property
    def failed_pct(self) -> Decimal | None:
        """Failed among checked, in per cent; None when nothing was checked."""
        return _share(self.failed, self.checked)

    @property
    def rate_pct(self) -> Decimal | None:
        """整改率 of what was found in the month, in per cent; None when nothing was."""
        return _share(self.verified, self.found)


def follow_months(viewer: grants.Viewer, *, on: date, scope: TrendScope, months: int = 12) -> tuple[Month, ...]:
    """Return the last months to that of a day, the oldest first, each of them; empty when nothing ever happened in them."""
    names = _names(on, months)
    first = date.fromisoformat(f"{names[0]}-01")
    places = grants.permitted(viewer, SEE_QUALITY, on=on)
    outcomes = RuleOutcome.objects.filter(
        run__resource__department__in=places,
        run__kind=RunKind.FULL,
        run__state=RunState.DONE,
        run__month_on__gte=first,
    )
    if scope.resource is not None:
        outcomes = outcomes.filter(run__resource=scope.resource)
    if scope.department is not None:
        outcomes = outcomes.filter(run__resource__department=scope.department)
    issues = _narrow(QualityIssue.objects.visible_to(viewer, on=on), scope).exclude(state=IssueState.VOID)
    counted: dict[str, dict[str, int]] = {name: {} for name in names}
    _add(counted, outcomes.values_list("run__month_on").annotate(Sum("checked"), Sum("failed")), "checked", "failed")
    opened = issues.filter(opened_at__date__gte=first).annotate(month=TruncMonth("opened_at")).order_by()
    found = opened.values_list("month").annotate(
        n=Count("pk"), found=Sum(F("rows_total") - F("rows_void")), verified=Sum("rows_verified")
    )
    _add(counted, found, "opened", "found", "verified")
    ended = issues.filter(settled_at__date__gte=first).annotate(month=TruncMonth("settled_at")).order_by()
    _add(counted, ended.values_list("month").annotate(n=Count("pk")), "settled")
    if not any(counted.values()):
        return ()
    return tuple(Month(name, **counted[name]) for name in names)


def list_trend_departments(viewer: grants.Viewer, *, on: date) -> list[tuple[int, str]]:
    """Give the departments in sight that ever had a table checked, by name."""
    places = grants.permitted(viewer, SEE_QUALITY, on=on)
    checked = CheckRun.objects.filter(resource__department__in=places).values_list("resource__department", flat=True)
    ids = list(checked.order_by().distinct())
    return sorted(organisations.names_on(ids, on).items(), key=lambda pair: pair[1])


def list_trend_resources(viewer: grants.Viewer, *, on: date, department: int | None) -> QuerySet[DataResource]:
    """List the resources in sight that ever were checked, by name; of one department when it is given."""
    places = grants.permitted(viewer, SEE_QUALITY, on=on)
    rows: QuerySet[DataResource] = DataResource.objects.filter(department__in=places)
    within = Q() if department is None else Q(department=department)
    return rows.filter(within, pk__in=CheckRun.objects.values("resource")).order_by("name", "pk")


def _narrow(issues: Any, scope: TrendScope) -> Any:
    if scope.resource is not None:
        issues = issues.filter(resource=scope.resource)
    if scope.department is not None:
        issues = issues.filter(organisation=scope.department)
    return issues


def _add(counted: dict[str, dict[str, int]], rows: Any, *fields: str) -> None:
    for month, *numbers in rows:
        name = f"{month:%Y-%m}"
        if name in counted:
            counted[name] |= {field: int(number or 0) for field, number in zip(fields, numbers, strict=True)}


def _names(on: date, months: int) -> list[str]:
    last = on.year * 12 + on.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(last - months + 1, last + 1)]


def _share(part: int, whole: int) -> Decimal | None:
    return (_HUNDRED * part / whole).quantize(Decimal("0.01")) if whole else None
