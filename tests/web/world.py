"""Two units of one city, somebody of each role in the first, and things that belong to each unit."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from conftest import NOW, PASSWORD
from performance.fakes import a_record, as_bytes
from resources.catalogue.fakes import add_resource
from resources.collection.fakes import add_delivery, add_source
from resources.processing.fakes import add_pipeline, add_pipeline_run
from resources.quality.fakes import add_issue, add_sheet

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import Grant, HouseRole, NewGrant
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance import facade as performance
from chengshu.performance.contracts.year import SheetState
from chengshu.performance.facade import evaluations, goals, money, publications, reviews
from chengshu.performance.facade.money import BudgetAdjustment, FundSource, Receipt, TableKind
from chengshu.performance.models import (
    Evaluation,
    GoalSheet,
    LibraryIndicator,
    MonitoringPoint,
    MonitoringSheet,
    Project,
    ProjectYear,
)
from chengshu.resources.facade.elements import DataElement, ValueDomain

NOBODY = "nobody"
CITY_ADMIN, CITY_AUDITOR = "city_admin", "city_auditor"
OFFICER, ADMIN = HouseRole.OFFICER.value, HouseRole.ADMIN.value
DEPARTMENT_REVIEWER, FINANCE_REVIEWER = HouseRole.DEPARTMENT_REVIEWER.value, HouseRole.FINANCE_REVIEWER.value
AUDITOR, TICKET_HANDLER = HouseRole.AUDITOR.value, HouseRole.TICKET_HANDLER.value

# Each has a grant on the first unit alone, those of the city on all of it; and the role that accounts had before grants.
PEOPLE = {
    OFFICER: (HouseRole.OFFICER, Role.OFFICER, "U1"),
    DEPARTMENT_REVIEWER: (HouseRole.DEPARTMENT_REVIEWER, Role.OFFICER, "U1"),
    FINANCE_REVIEWER: (HouseRole.FINANCE_REVIEWER, Role.OFFICER, "U1"),
    AUDITOR: (HouseRole.AUDITOR, Role.OFFICER, "U1"),
    ADMIN: (HouseRole.ADMIN, Role.OFFICER, "U1"),
    TICKET_HANDLER: (HouseRole.TICKET_HANDLER, Role.OFFICER, "U1"),
    CITY_AUDITOR: (HouseRole.AUDITOR, Role.REVIEWER, "C"),
    CITY_ADMIN: (HouseRole.ADMIN, Role.ADMIN, "C"),
}


MEASURED = indicators.IndicatorSpec(
    key="test.world_units",
    name="单位数",
    unit="个",
    direction=indicators.Direction.UP,
    aggregation=indicators.Aggregation.COUNT,
    definition="时间窗内成立的单位数",
    sql="""
        SELECT o.code AS fact_key, 1 AS numerator FROM organisations_organisation o
        JOIN organisations_ancestry a ON a.descendant_id = o.id
        WHERE (CAST(%(organisation)s AS bigint) IS NULL OR a.ancestor_id = %(organisation)s)
          AND %(from)s < %(until)s AND a.depth = 0
    """,
)
"""Counts the unit itself; every database takes it."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one unit has: a person and what belongs to that person."""

    unit: Organisation
    person: User
    grant: Grant
    batch_id: int
    file_id: int
    form_id: int
    correction_id: int
    job: UUID
    ticket_id: int
    entry_id: int
    measurement_id: int
    project_id: int
    year_id: int
    adjustment_id: int
    receipt_id: int
    goal_id: int
    evaluation_id: int
    paper_id: int
    promise_id: int
    monitoring_id: int
    point_id: int
    library_id: int
    resource_id: int
    element_id: int
    source_id: int
    delivery_id: int
    domain_id: int
    issue_id: int
    rule_id: int
    run_id: int
    sheet_id: int
    pipeline_id: int
    processing_run: str
    lake_table: str


@dataclass(slots=True)
class World:
    """Everybody, and both sides."""

    people: dict[str, User] = field(default_factory=dict)
    sides: dict[str, Side] = field(default_factory=dict)


def build_world() -> World:
    """Found the city, open the accounts, and give each unit its things."""
    city = _found("C", Kind.CITY)
    places = {"C": city}
    for number in (1, 2):
        district = _found(f"D{number}", Kind.DISTRICT, city)
        places[f"U{number}"] = _found(f"U{number}", Kind.UNIT, district)
    world = World()
    for name, (role, account_role, place) in PEOPLE.items():
        world.people[name] = _open(name, account_role)
        _give(world.people[name], role, places[place])
    for name, place in (("own", "U1"), ("foreign", "U2")):
        person = _open(f"colleague_{name}", Role.OFFICER)
        grant = _give(person, HouseRole.OFFICER, places[place])
        # What is one's own in the pages that know no organisations yet belongs to the officer of the first unit.
        owner = world.people[OFFICER] if name == "own" else person
        world.sides[name] = _side(places[place], person, grant, owner)
    _review_and_publish(world)
    return world


def _review_and_publish(world: World) -> None:
    """Draw both units' papers for review, and make them public."""
    finance = world.people[CITY_ADMIN]
    asked = reviews.SpotCheckAsked(2024, "抽查", size=2, seed=1, by=())
    assert reviews.draw_spot_check(asked, actor=finance, now=NOW).reviews.count() == 2
    for side in world.sides.values():
        publications.publish(side.paper_id, None, actor=finance, now=NOW)


def _side(unit: Organisation, person: User, grant: Grant, owner: User) -> Side:
    files = [(f"{unit.code}.jsonl", as_bytes(a_record(f"{unit.code}的项目")))]
    batch = performance.start_import(files, name=unit.code, owner=owner, now=NOW)
    assert batch.job is not None
    form = performance.FormRecord.objects.get(batch=batch)
    correction = performance.correct_value(
        form.pk, field="/total/score", value="90", actor=owner, now=NOW, seen="89.50", recheck=lambda _: None
    )
    assert correction is not None
    ticket = tickets.open_ticket(tickets.NewTicket("repair", f"{unit.code}断网", unit.pk), actor=None, now=NOW)
    entry = audit.record(person, "tests.look", f"organisation:{unit.pk}", now=NOW)
    year = open_project_year(unit, f"{unit.code}-P1")
    monitoring = open_monitoring(year)
    evaluation = open_evaluation(unit, f"{unit.code}-P2", person)
    return Side(
        unit=unit,
        person=person,
        grant=grant,
        batch_id=batch.pk,
        file_id=form.source_file_id,
        form_id=form.pk,
        correction_id=correction.pk,
        job=batch.job.uuid,
        ticket_id=ticket.pk,
        entry_id=entry.pk,
        measurement_id=_measure(unit).pk,
        project_id=year.project_id,
        year_id=year.pk,
        adjustment_id=_adjust(year, person).pk,
        receipt_id=hand_in_table(owner).pk,
        goal_id=goals.open_goals(year.pk, actor=person, now=NOW).pk,
        monitoring_id=monitoring.pk,
        point_id=monitoring.point_id,
        evaluation_id=evaluation.pk,
        paper_id=approve_paper(unit, f"{unit.code}-P3", person).pk,
        promise_id=evaluation.project_year.goal_sheet.indicators.get().pk,
        library_id=LibraryIndicator.objects.get_or_create(code="T-1", level2="数量指标", name="巡检次数")[0].pk,
        resource_id=add_resource(unit, code=f"{unit.code}-R1", fields=2).pk,
        source_id=(source := add_source(unit)).pk,
        delivery_id=add_delivery(source).pk,
        element_id=DataElement.objects.get_or_create(code="DE-1", name="姓名", type="text")[0].pk,
        domain_id=ValueDomain.objects.get_or_create(code="VD-1", name="性别代码")[0].pk,
        issue_id=(issue := add_issue(add_resource(unit, code=f"{unit.code}-R2", fields=1))).pk,
        rule_id=issue.rule_id,
        run_id=issue.opened_in_id,
        sheet_id=add_sheet(issue).pk,
        pipeline_id=(pipeline := add_pipeline(issue.resource)).pk,
        processing_run=str(add_pipeline_run(pipeline).uuid),
        lake_table=source.table,
    )


def open_project_year(unit: Organisation, code: str) -> ProjectYear:
    """Enter a project of a unit with its budget year 2024."""
    project = Project.objects.create(
        code=code, name=f"{code}的项目", department=unit, unit=unit, started_on=date(2024, 1, 1), created_at=NOW
    )
    return ProjectYear.objects.create(project=project, unit=unit, year=2024, created_at=NOW)


def _adjust(year: ProjectYear, person: User) -> BudgetAdjustment:
    money.set_budget(year.pk, {FundSource.FISCAL: Decimal(100)}, actor=person, now=NOW)
    change = money.Adjustment(FundSource.FISCAL, Decimal(10), date(2024, 3, 1), "追加", "")
    return money.adjust_budget(year.pk, change, actor=person, now=NOW)


def hand_in_table(owner: User) -> Receipt:
    """Hand in a table of payments that has no rows."""
    table = "项目编码,年度\n".encode()
    return money.start_table_import(TableKind.PAYMENTS, table, name="支付.csv", actor=owner, clock=lambda: NOW)


def open_monitoring(year: ProjectYear) -> MonitoringSheet:
    """Open the report of a year at the end of July."""
    point, _is_new = MonitoringPoint.objects.get_or_create(
        year=2024,
        until_on=date(2024, 7, 31),
        defaults={
            "name": "1—7月监控",
            "due_on": date(2024, 8, 31),
            "created_by": User.objects.earliest("pk"),
            "created_at": NOW,
        },
    )
    return MonitoringSheet.objects.create(project_year=year, point=point, budget_yuan=0, executed_yuan=0, edited_at=NOW)


def open_evaluation(unit: Organisation, code: str, person: User) -> Evaluation:
    """Begin the self-evaluation of a project that promised one indicator, which is measured."""
    year = open_project_year(unit, code)
    sheet = GoalSheet.objects.create(project_year=year, state=SheetState.APPROVED, expected="办好", edited_at=NOW)
    sheet.indicators.create(
        number=0, level2="数量指标", name="单位数", target="≥1个", weight=90, measured_by=MEASURED.key
    )
    return evaluations.open_evaluation(year.pk, actor=person, now=NOW)


def approve_paper(unit: Organisation, code: str, person: User) -> Evaluation:
    """Begin a self-evaluation, and let it be approved."""
    paper = open_evaluation(unit, code, person)
    Evaluation.objects.filter(pk=paper.pk).update(state=SheetState.APPROVED)
    return paper


def _measure(unit: Organisation) -> indicators.Measurement:
    indicators.register_indicator(MEASURED)
    window = indicators.Window(date(2024, 1, 1), date(2024, 12, 31))
    return indicators.measure(MEASURED.key, window, f"organisation:{unit.code}", actor=None, now=NOW)


def _found(code: str, kind: Kind, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, f"{code}名", date(2020, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


def _open(name: str, role: Role) -> User:
    return create_account(NewAccount(name, f"{name}的姓名", "示范单位", role, PASSWORD), now=NOW)


def _give(account: User, role: HouseRole, organisation: Organisation) -> Grant:
    day = datetime.date(NOW)
    return grants.give_grant(NewGrant(account.pk, role, organisation.pk, day, "分工"), actor=None, now=NOW)
