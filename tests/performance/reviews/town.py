"""A city with two departments' units, somebody of each role, and approved self-evaluations made row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from conftest import NOW, PASSWORD

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.performance.models import (
    EvaluatedIndicator,
    Evaluation,
    GoalIndicator,
    GoalSheet,
    Project,
    ProjectYear,
)

TODAY = NOW.date()
# class, category, name, target, weight, result, the rules' score, the unit's score, the unit's reason
ROWS: tuple[tuple[str, ...], ...] = (
    ("产出指标", "数量指标", "归集数据条数", "≥100条", "50", "120条", "50", "50", ""),
    ("效益指标", "社会效益指标", "办件提速", "≥10%", "30", "8%", "24", "27", "系统上线晚"),
    ("满意度指标", "服务对象满意度指标", "使用人员满意度", "≥90%", "10", "95%", "10", "10", ""),
)


@dataclass(slots=True)
class Town:
    """Organisations by code, and people by role; finance and auditor are the city's, the others of the first unit."""

    places: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    projects: int = 0

    def __getitem__(self, name: str) -> User:
        """Give a person."""
        return self.people[name]


def found_town() -> Town:
    """Found the city and let people in."""
    town = Town()
    city = _found(town, "C", Kind.CITY, "示范市", None)
    for number, name in ((1, "政务局"), (2, "民政局")):
        department = _found(town, f"B{number}", Kind.DEPARTMENT, name, city)
        _found(town, f"U{number}", Kind.UNIT, f"{name}中心", department)
    for name, role, place in (
        ("officer", HouseRole.OFFICER, "U1"),
        ("stranger", HouseRole.OFFICER, "U2"),
        ("department", HouseRole.DEPARTMENT_REVIEWER, "B1"),
        ("finance", HouseRole.FINANCE_REVIEWER, "C"),
        ("colleague", HouseRole.FINANCE_REVIEWER, "C"),
        ("auditor", HouseRole.AUDITOR, "C"),
    ):
        person = create_account(NewAccount(name, f"{name}的姓名", "示范单位", Role.OFFICER, PASSWORD), now=NOW)
        new = NewGrant(person.pk, role, town.places[place].pk, TODAY, "分工")
        grants.give_grant(new, actor=None, now=NOW)
        town.people[name] = person
    return town


def _found(town: Town, code: str, kind: Kind, name: str, parent: Organisation | None) -> Organisation:
    new = NewOrganisation(code, kind, name, date(2019, 1, 1), parent.pk if parent else None)
    town.places[code] = organisations.create_organisation(new, actor=None, now=NOW)
    return town.places[code]


def add_evaluation(  # noqa: PLR0913 - what a test wants to be different
    town: Town,
    *,
    unit: str = "U1",
    name: str = "数据平台运维",
    year: int = 2023,
    total: str = "97",
    grade: str = "优",
    state: str = "approved",
    budget: str = "1000000",
    is_secret: bool = False,
    rows: Sequence[Sequence[str]] = ROWS,
) -> Evaluation:
    """Add a project with one year, approved goals and a self-evaluation."""
    town.projects += 1
    project = Project.objects.create(
        code=f"P-{town.projects:04d}",
        name=name,
        department=town.places[f"B{unit[1:]}"],
        unit=town.places[unit],
        started_on=date(2020, 1, 1),
        is_secret=is_secret,
        created_at=NOW,
    )
    paper = add_year(town, project, year=year, total=total, grade=grade, state=state, budget=budget)
    sheet = paper.project_year.goal_sheet
    for number, (level1, level2, title, target, weight, actual, by_rule, score, reason) in enumerate(rows):
        goal = GoalIndicator.objects.create(
            sheet=sheet, number=number, level1=level1, level2=level2, name=title, target=target, weight=Decimal(weight)
        )
        EvaluatedIndicator.objects.create(
            evaluation=paper,
            goal=goal,
            actual=actual,
            rule_score=Decimal(by_rule),
            score=Decimal(score),
            score_reason="",
            deviation=reason,
        )
    return paper


def add_year(  # noqa: PLR0913 - as above
    town: Town, project: Project, *, year: int, total: str, grade: str, state: str = "approved", budget: str = "1000000"
) -> Evaluation:
    """Add a year of a project with an empty, approved self-evaluation."""
    opened = ProjectYear.objects.create(
        project=project,
        unit=project.unit,
        year=year,
        initial_yuan=Decimal(budget),
        budget_yuan=Decimal(budget),
        executed_yuan=Decimal(budget),
        created_at=NOW,
    )
    GoalSheet.objects.create(project_year=opened, state="approved", expected="办好平台。", edited_at=NOW)
    return Evaluation.objects.create(
        project_year=opened,
        state=state,
        version=3,
        rules="shanghai-2023",
        actual="平台办好了，数据归集完成。",
        execution_score=Decimal(10),
        total=Decimal(total),
        grade=grade,
        edited_by=town["officer"],
        edited_at=NOW,
    )
