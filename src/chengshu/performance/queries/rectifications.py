"""Reads of what is to be mended: lists with the state of the ticket, what next year's goals must carry, and rates."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets.facade import Ticket, get_kind
from chengshu.performance.contracts.reviews import RectificationRate
from chengshu.performance.models import ProjectYear, Rectification

KIND = "rectification"
MENDED, VOID = "closed", "void"
_OPEN = ("new", "mending", "checking")


def list_rectifications(viewer: grants.Viewer, *, on: date) -> QuerySet[Any]:
    """List what is to be mended in sight, unordered.

    Each has `unit_name` of that day, and of its ticket `ticket_number`, `ticket_state`, `ticket_due` (null while
    paused or closed) and `ticket_closed`.
    """
    rows: QuerySet[Rectification] = Rectification.objects.visible_to(viewer, on=on)
    return _with_tickets(rows, on=on)


def list_rectifications_of(evaluation_id: int, viewer: grants.Viewer, *, on: date) -> list[Any]:
    """Return what is to be mended of one self-evaluation as `list_rectifications` gives it, newest first."""
    rows = list_rectifications(viewer, on=on).filter(evaluation=evaluation_id)
    return list(rows.select_related("indicator__goal").order_by("-raised_at", "-pk"))


def list_to_carry(year: ProjectYear, *, on: date) -> list[Any]:
    """Return what a project's earlier years still have to mend when the goals of `year` are written, oldest first.

    For who may see the year already: no rights are asked again.
    """
    rows = Rectification.objects.filter(
        evaluation__project_year__project=year.project_id, evaluation__project_year__year__lt=year.year
    )
    opened = _with_tickets(rows, on=on).filter(ticket_state__in=_OPEN)
    return list(opened.select_related("indicator__goal").order_by("raised_at", "pk"))


def name_ticket_state(state: str) -> str:
    """Return how people call the state of such a ticket."""
    return str(get_kind(KIND).state(state).label) if state else ""


def count_by_unit(
    viewer: grants.Viewer, *, on: date, now: datetime, year: int | None = None
) -> tuple[RectificationRate, ...]:
    """Return the rate of each unit, most raised first; revoked matters do not count."""
    rows = Rectification.objects.visible_to(viewer, on=on)
    if year is not None:
        rows = rows.filter(evaluation__project_year__year=year)
    counts = _counts(rows, "unit_id", now=now)
    names = organisations.names_on([unit for unit, *_ in counts], on)
    return _rates((names.get(unit, ""), *rest) for unit, *rest in counts)


def count_by_year(
    viewer: grants.Viewer, *, on: date, now: datetime, unit_id: int | None = None
) -> tuple[RectificationRate, ...]:
    """Return the rate of each budget year, most raised first; of one unit if it is named."""
    rows = Rectification.objects.visible_to(viewer, on=on)
    if unit_id is not None:
        rows = rows.filter(evaluation__project_year__unit=unit_id)
    counts = _counts(rows, "year", now=now)
    return _rates((str(year), *rest) for year, *rest in counts)


def _counts(rows: QuerySet[Rectification], group: str, *, now: datetime) -> list[tuple[Any, ...]]:
    """Count by a column of the project year."""
    ticket = Ticket.objects.filter(pk=OuterRef("ticket_id"))
    year = ProjectYear.objects.filter(evaluation=OuterRef("evaluation_id"))
    added: dict[str, Any] = {
        # Looked up from the few rows that are to be mended: a join would begin at the many years.
        "group": Subquery(year.values(group)),
        "is_mended": Exists(ticket.filter(state=MENDED)),
        "is_void": Exists(ticket.filter(state=VOID)),
        "is_overdue": Exists(ticket.filter(due_at__lt=now, closed_at__isnull=True)),
    }
    noted: QuerySet[Any] = rows.annotate(**added)
    standing = noted.filter(is_void=False).order_by().values_list("group")
    return list(
        standing.annotate(
            raised=Count("pk"),
            mended=Count("pk", filter=Q(is_mended=True)),
            overdue=Count("pk", filter=Q(is_overdue=True)),
        )
    )


def _rates(figures: Iterable[tuple[Any, ...]]) -> tuple[RectificationRate, ...]:
    rates = (RectificationRate(*row) for row in figures)
    return tuple(sorted(rates, key=lambda rate: (-rate.raised, rate.name)))


def _with_tickets(rows: QuerySet[Rectification], *, on: date) -> QuerySet[Any]:
    ticket = Ticket.objects.filter(pk=OuterRef("ticket_id"))
    added: dict[str, Any] = {
        "unit_name": organisations.name_expression(on, of="evaluation__project_year__unit_id"),
        "ticket_number": Subquery(ticket.values("number"), output_field=CharField()),
        "ticket_state": Subquery(ticket.values("state"), output_field=CharField()),
        "ticket_due": Subquery(ticket.values("due_at"), output_field=DateTimeField()),
        "ticket_closed": Subquery(ticket.values("closed_at"), output_field=DateTimeField()),
    }
    return rows.select_related("evaluation__project_year__project", "raised_by").annotate(**added)
