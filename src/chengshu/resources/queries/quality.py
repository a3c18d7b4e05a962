"""Reads of quality: what departments owe, checks and what they found, how departments and months compare."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets.facade import Ticket, get_kind
from chengshu.resources.contracts.quality import DueState, IssueState, RowFate, RunKind, RunState, Standing
from chengshu.resources.contracts.sections import Fact, SectionTold
from chengshu.resources.errors import IssueNotFound, RuleNotFound
from chengshu.resources.models import (
    CHECK,
    CheckRun,
    DataResource,
    IssueRow,
    QualityIssue,
    QualityRule,
    RefusedCorrection,
    ReturnedSheet,
    RuleOutcome,
)
from chengshu.resources.rules.masking import mask_value
from chengshu.resources.rules.table_tests import is_of_table

KIND = "quality_issue"
SOON = timedelta(days=3)
"""Time before it is due in which an issue is shown as coming up."""


def list_issues(viewer: grants.Viewer, *, on: date) -> QuerySet[Any]:
    """List the issues in sight, unordered, with `owner_name` of that day and of the ticket number, state and due time."""
    rows = QualityIssue.objects.visible_to(viewer, on=on).select_related("resource", "rule")
    ticket = Ticket.objects.filter(pk=OuterRef("ticket_id"))
    added: dict[str, Any] = {
        "owner_name": organisations.name_expression(on, of="organisation_id"),
        "ticket_number": Subquery(ticket.values("number"), output_field=CharField()),
        "ticket_state": Subquery(ticket.values("state"), output_field=CharField()),
        "ticket_due": Subquery(ticket.values("due_at"), output_field=DateTimeField()),
    }
    return rows.annotate(**added)


def list_owed_issues(viewer: grants.Viewer, *, on: date, now: datetime) -> QuerySet[Any]:
    """List the open issues of the departments in sight: the inbox. With `due_state`, and `due_order` for what comes first."""
    rows: QuerySet[Any] = list_issues(viewer, on=on).filter(state=IssueState.OPEN)
    states = (
        (Q(ticket_due__isnull=True), DueState.PAUSED, 3),
        (Q(ticket_due__lt=now), DueState.OVER, 0),
        (Q(ticket_due__lt=now + SOON), DueState.SOON, 1),
    )
    named = [When(condition, then=Value(state.value)) for condition, state, _order in states]
    ordered = [When(condition, then=Value(order)) for condition, _state, order in states]
    added: dict[str, Any] = {
        "due_state": Case(*named, default=Value(DueState.LATER.value), output_field=CharField()),
        "due_order": Case(*ordered, default=Value(2), output_field=IntegerField()),
    }
    owed: QuerySet[Any] = rows.annotate(**added)
    return owed


def count_owed(viewer: grants.Viewer, *, on: date, now: datetime) -> dict[str, int]:
    """Count what the inbox holds: issues by `due_state`, and the rows that are owed as `rows`."""
    rows = list_owed_issues(viewer, on=on, now=now).order_by().values("due_state")
    counts: dict[str, int] = {state.value: 0 for state in DueState} | {"rows": 0}
    for state, issues, owed in rows.annotate(n=Count("pk"), owed=Sum("rows_owed")).values_list(
        "due_state", "n", "owed"
    ):
        counts[state] = issues
        counts["rows"] += owed
    return counts


def get_issue(issue_id: int, *, viewer: grants.Viewer, on: date) -> Any:
    """Return an issue as `list_issues` gives it.

    Raises:
        IssueNotFound: there is none in sight.
    """
    rows = list_issues(viewer, on=on).select_related("ticket", "opened_in", "recurrence_of", "organisation")
    issue = rows.filter(pk=issue_id).first()
    if issue is None:
        raise IssueNotFound(_("没有这个质量问题，或您无权查看。"), issue=issue_id)
    return issue


def list_rows(issue: QualityIssue) -> QuerySet[Any]:
    """List the rows of an issue in sight, unordered; with how many other issues they are owed in, and the first of those."""
    others = IssueRow.objects.filter(
        issue__resource=issue.resource_id, key_digest=OuterRef("key_digest"), fate=RowFate.OWED
    )
    told = others.exclude(issue=issue).order_by().values("key_digest").annotate(n=Count("pk")).values("n")
    first = others.exclude(issue=issue).order_by("issue").values("issue")[:1]
    rows: QuerySet[Any] = IssueRow.objects.filter(issue=issue).annotate(
        others=Coalesce(Subquery(told, output_field=IntegerField()), 0), other_issue=Subquery(first)
    )
    return rows.select_related("seen_in", "verified_in", "failing_in")


def list_returns(issue: QualityIssue) -> QuerySet[ReturnedSheet]:
    """List the sheets that came back for an issue in sight, the newest first."""
    rows: QuerySet[ReturnedSheet] = ReturnedSheet.objects.filter(issue=issue).select_related("author")
    return rows.order_by("-taken_at", "-pk")


def get_return(sheet_id: int, *, viewer: grants.Viewer, on: date) -> ReturnedSheet:
    """Return a returned sheet.

    Raises:
        IssueNotFound: there is none in sight.
    """
    rows = ReturnedSheet.objects.visible_to(viewer, on=on).select_related("issue__resource", "issue__rule", "author")
    sheet = rows.filter(pk=sheet_id).first()
    if sheet is None:
        raise IssueNotFound(_("没有这份更正表，或您无权查看。"), sheet=sheet_id)
    return sheet


def list_refusals(sheet: ReturnedSheet) -> QuerySet[RefusedCorrection]:
    """List the rows of a sheet in sight that were refused, unordered."""
    return RefusedCorrection.objects.filter(sheet=sheet)


def name_ticket_state(state: str) -> str:
    """Return how people call the state of such a ticket."""
    return str(get_kind(KIND).state(state).label) if state else ""


def grades_of(issue: QualityIssue) -> tuple[int, int]:
    """Give the highest grade of the fields that name a row, and of those that the rule may show."""
    grades = dict(issue.resource.fields.values_list("code", "grade"))
    keys = issue.resource.fields.filter(is_key=True).values_list("grade", flat=True)
    columns = issue.rule.definition.get("columns") or []
    listed = [columns] if isinstance(columns, str) else columns
    shown = [grades.get(column, issue.resource.grade) for column in listed] or [issue.resource.grade]
    return max(keys, default=1), max(shown)


def is_whole(issue: QualityIssue) -> bool:
    """Tell whether an issue is owed for the table as a whole and not for rows of it."""
    return is_of_table(issue.rule.definition)


def name_subject(rule: QualityRule) -> str:
    """Name what is owed for a table as a whole: the column that the rule looks at, or the table."""
    columns = rule.definition.get("columns") or rule.definition.get("column") or []
    return _("、").join([columns] if isinstance(columns, str) else columns) or _("整张表")


def show_masked(values: Iterable[str | None], grade: int) -> str:
    """Give cells for a page, masked by their grade."""
    return _("，").join("" if value is None else mask_value(value, grade) for value in values)


def get_rule(rule_id: int, *, viewer: grants.Viewer, on: date) -> QualityRule:
    """Return a rule of a resource in sight.

    Raises:
        RuleNotFound: there is none in sight.
    """
    rule = QualityRule.objects.visible_to(viewer, on=on).select_related("resource").filter(pk=rule_id).first()
    if rule is None:
        raise RuleNotFound(_("没有这条规则，或您无权查看。"), rule=rule_id)
    return rule


def list_runs(viewer: grants.Viewer, *, on: date) -> QuerySet[Any]:
    """List the checks of resources whose quality is in sight, unordered, with `owner_name` of that day."""
    places = grants.permitted(viewer, "resources.see_quality", on=on)
    rows = CheckRun.objects.filter(resource__department__in=places).select_related("resource")
    added: dict[str, Any] = {"owner_name": organisations.name_expression(on, of="resource__department_id")}
    return rows.annotate(**added)


def get_run(run_id: int, *, viewer: grants.Viewer, on: date) -> Any:
    """Return a check as `list_runs` gives it.

    Raises:
        IssueNotFound: there is none in sight.
    """
    run = list_runs(viewer, on=on).filter(pk=run_id).first()
    if run is None:
        raise IssueNotFound(_("没有这次检查，或您无权查看。"), run=run_id)
    return run


def list_outcomes(run: CheckRun) -> QuerySet[RuleOutcome]:
    """List what the rules found in a check in sight, unordered."""
    return RuleOutcome.objects.filter(run=run).select_related("rule")


def list_checkable(viewer: grants.Viewer, *, on: date) -> QuerySet[DataResource]:
    """List the resources that the viewer may have checked, by name."""
    rows: QuerySet[DataResource] = DataResource.objects.permitted_to(viewer, CHECK, on=on)
    return rows.exclude(state="withdrawn").order_by("name", "pk")


def compare_departments(
    viewer: grants.Viewer, *, on: date, now: datetime, since: date | None = None
) -> tuple[Standing, ...]:
    """Return how the departments in sight stand, the lowest rate first; of issues found since a day, or all."""
    rows = QualityIssue.objects.visible_to(viewer, on=on)
    if since is not None:
        rows = rows.filter(opened_at__date__gte=since)
    late = Ticket.objects.filter(pk=OuterRef("ticket_id"), due_at__lt=now, closed_at__isnull=True)
    counted = list(
        rows.annotate(is_late=Exists(late))
        .order_by()
        .values_list("organisation_id")
        .annotate(
            found=Sum(F("rows_total") - F("rows_void")),
            verified=Sum("rows_verified"),
            issues=Count("pk", filter=~Q(state=IssueState.VOID)),
            overdue=Count("pk", filter=Q(is_late=True)),
            again=Count("pk", filter=Q(recurrence_of__isnull=False) & ~Q(state=IssueState.VOID)),
        )
    )
    names = organisations.names_on([place for place, *_counts in counted], on)
    standings = [
        Standing(names.get(place, ""), found, verified, issues, overdue, again, id=place)
        for place, found, verified, issues, overdue, again in counted
        if issues
    ]
    return tuple(sorted(standings, key=lambda one: (one.rate_pct or 0, -one.rows, one.name)))


def trend_by_month(viewer: grants.Viewer, *, on: date, months: int = 12) -> tuple[Standing, ...]:
    """Return how the issues found in each month stand today, the oldest month first; months without issues are left out."""
    first = date(on.year + (on.month - months) // 12, (on.month - months) % 12 + 1, 1)
    rows = QualityIssue.objects.visible_to(viewer, on=on).filter(opened_at__date__gte=first)
    counted = (
        rows.annotate(month=TruncMonth("opened_at"))
        .order_by("month")
        .values_list("month")
        .annotate(
            found=Sum(F("rows_total") - F("rows_void")),
            verified=Sum("rows_verified"),
            issues=Count("pk", filter=~Q(state=IssueState.VOID)),
        )
    )
    return tuple(Standing(f"{month:%Y-%m}", found, verified, issues) for month, found, verified, issues in counted)


def tell_quality(resource_id: int, viewer: grants.Viewer, on: date) -> SectionTold | None:
    """Tell on a resource's page how good its rows are; the rows that are owed only to who may see them."""
    runs = CheckRun.objects.filter(resource=resource_id, kind=RunKind.FULL, state=RunState.DONE)
    run = runs.order_by("-started_at").first()
    rules = QualityRule.objects.filter(resource=resource_id, is_active=True).count()
    page = reverse("resources:quality-rules", args=[resource_id])
    if run is None:
        return (
            SectionTold(
                _("有 %(rules)s 条质量规则，还没有检查过。") % {"rules": rules}, (Fact(_("规则"), str(rules), page),)
            )
            if rules
            else None
        )
    facts = [Fact(_("规则"), str(rules), page), Fact(_("未通过的规则"), str(run.failed_rules))]
    owed = QualityIssue.objects.visible_to(viewer, on=on).filter(resource=resource_id)
    counts = owed.aggregate(owed=Sum("rows_owed"))
    if counts["owed"] is not None:
        facts.append(Fact(_("待整改行"), f"{counts['owed']:,}", reverse("resources:quality-issues")))
    told = _("%(day)s 检查了 %(rows)s 行。") % {"day": f"{localdate(run.started_at):%Y-%m-%d}", "rows": f"{run.rows:,}"}
    return SectionTold(told, tuple(facts))
