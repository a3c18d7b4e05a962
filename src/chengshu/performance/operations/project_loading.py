"""Invented projects into the database, many at once: for the demonstration, the tests and the benchmarks."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, time
from itertools import islice

from django.db import transaction
from django.utils.timezone import get_current_timezone, localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files.facade import store_file
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts.year import TableKind
from chengshu.performance.models import BudgetAdjustment, BudgetLine, Payment, Project, ProjectYear, Receipt
from chengshu.synthetic.projects import ProjectPlan, SyntheticProject, SyntheticYear, make_projects

_CHUNK = 1000
_BATCH = 5000
DEMONSTRATION_PROJECTS = 24
_DEMONSTRATION_YEARS = 4

Pair = tuple[ProjectYear, SyntheticYear]


def load_projects(plan: ProjectPlan, places: Sequence[tuple[str, str]], *, actor: User, now: datetime) -> int:
    """Keep the projects of a plan that are not there yet, a thousand in one transaction, and return how many were new.

    `places` are codes of department and unit that exist. The payments of a piece have a receipt of their own, whose
    file tells the plan.
    """
    ids = {code: _id_of(code) for code in {code for place in places for code in place}}
    loaded = 0
    for chunk in _chunks(make_projects(plan, places)):
        known = set(Project.objects.filter(code__in=[p.code for p in chunk]).values_list("code", flat=True))
        new = [project for project in chunk if project.code not in known]
        if new:
            _load(new, ids, plan, actor=actor, now=now)
            loaded += len(new)
    return loaded


def load_demonstration_projects(*, actor: User, now: datetime) -> int:
    """Give the demonstration city its 24 projects over four years up to this one; what is there already stays.

    The projects go round the city's units, the demonstration officer's unit first.
    """
    today = localdate(now)
    known = {found.pk: found for found in organisations.list_organisations(on=today).existing_on(today)}
    prefix = f"{organisations.DEMONSTRATION_ROOT}-"
    places = sorted(
        (known[unit.parent_pk].code, unit.code)
        for unit in known.values()
        if unit.kind == organisations.Kind.UNIT and unit.code.startswith(prefix) and unit.parent_pk in known
    )
    if not places:
        return 0
    places.sort(key=lambda place: f"{organisations.DEMONSTRATION_ROOT}-D1-B01" not in place[1])
    first = today.year - _DEMONSTRATION_YEARS + 1
    plan = ProjectPlan(2024, DEMONSTRATION_PROJECTS, first, today.year, today, prefix=f"{prefix}P", payments=12)
    return load_projects(plan, places, actor=actor, now=now)


@transaction.atomic
def _load(
    new: Sequence[SyntheticProject], ids: Mapping[str, int], plan: ProjectPlan, *, actor: User, now: datetime
) -> None:
    projects = [
        Project(
            code=project.code,
            name=project.name,
            department_id=ids[project.department],
            unit_id=ids[project.unit],
            started_on=project.started_on,
            created_at=now,
        )
        for project in new
    ]
    Project.objects.bulk_create(projects, batch_size=_BATCH)
    pairs = [
        (_year_of(project, made, now=now), made)
        for project, source in zip(projects, new, strict=True)
        for made in source.years
    ]
    ProjectYear.objects.bulk_create([year for year, _made in pairs], batch_size=_BATCH)
    lines = (
        BudgetLine(project_year=year, source=source, initial_yuan=amount)
        for year, made in pairs
        for source, amount in made.initial
    )
    BudgetLine.objects.bulk_create(lines, batch_size=_BATCH)
    BudgetAdjustment.objects.bulk_create(_adjustments_of(pairs, author=actor), batch_size=_BATCH)
    receipt = _open_receipt(plan, sum(len(made.payments) for _year, made in pairs), actor=actor, now=now)
    Payment.objects.bulk_create(_payments_of(pairs, receipt), batch_size=_BATCH)
    details = {"first": new[0].code, "last": new[-1].code, "projects": len(new), "years": len(pairs)}
    record(actor, "performance.load_projects", f"receipt:{receipt.pk}", now=now, details=details)


def _id_of(code: str) -> int:
    found = organisations.find_organisation(code)
    if found is None:
        raise organisations.OrganisationNotFound(f"没有代码为 {code} 的组织", code=code)
    return found.pk


def _chunks(projects: Iterable[SyntheticProject]) -> Iterator[list[SyntheticProject]]:
    remaining = iter(projects)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def _year_of(project: Project, made: SyntheticYear, *, now: datetime) -> ProjectYear:
    return ProjectYear(
        project=project,
        unit_id=project.unit_id,
        year=made.year,
        initial_yuan=made.initial_yuan,
        budget_yuan=made.budget_yuan,
        executed_yuan=made.executed_yuan,
        created_at=now,
    )


def _adjustments_of(pairs: Sequence[Pair], *, author: User) -> Iterator[BudgetAdjustment]:
    zone = get_current_timezone()
    for year, made in pairs:
        for change in made.adjustments:
            entered = datetime.combine(change.adjusted_on, time(10), zone)
            yield BudgetAdjustment(project_year=year, author=author, recorded_at=entered, **asdict(change))


def _payments_of(pairs: Sequence[Pair], receipt: Receipt) -> Iterator[Payment]:
    for year, made in pairs:
        for payment in made.payments:
            yield Payment(
                project_year=year,
                receipt=receipt,
                source=payment.source,
                voucher=payment.voucher,
                amount_yuan=payment.amount_yuan,
                paid_on=payment.paid_on,
                purpose=payment.purpose,
            )


def _open_receipt(plan: ProjectPlan, payments: int, *, actor: User, now: datetime) -> Receipt:
    told = json.dumps(asdict(plan), default=str, ensure_ascii=False).encode()
    stored = store_file(told, name="演示支付明细.json", owner=actor, now=now)
    return Receipt.objects.create(
        kind=TableKind.PAYMENTS,
        stored=stored,
        name=stored.name,
        author=actor,
        imported_at=now,
        finished_at=now,
        sent=payments,
        taken=payments,
    )
