"""Projects with the initial budget of a year out of the rows of a table: new ones are kept, known ones counted.

An import adds and never changes: a row that contradicts what is registered is refused.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts.money import FaultyRow, ProjectRow, RowFault
from chengshu.performance.contracts.year import FundSource
from chengshu.performance.models import BudgetLine, Project, ProjectYear, Receipt
from chengshu.performance.queries.projects import EDIT_MONEY, EDIT_PROJECT
from chengshu.performance.rules.year.money import sum_up
from chengshu.performance.rules.year.projects import first_day, read_project
from chengshu.performance.rules.year.tables import Header

_Budgets = Mapping[FundSource, Decimal]


@dataclass(slots=True)
class _Books:
    """What one piece stands on, and what it adds."""

    projects: dict[str, Project]
    years: dict[tuple[str, int], _Budgets]
    new_projects: list[Project] = field(default_factory=list)
    new_years: list[tuple[str, ProjectYear, _Budgets]] = field(default_factory=list)


@dataclass(slots=True)
class ProjectTaker:
    """Takes projects for somebody on some day: his rights and the organisations of that day count."""

    actor: User
    today: date
    now: datetime
    _ids: dict[str, int] = field(init=False)
    _parents: dict[int, int | None] = field(init=False)
    _departments: frozenset[int] = field(init=False)
    _editable: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Learn the organisations once for all rows: by code, and by name where one alone has it."""
        known = organisations.list_organisations(on=self.today).existing_on(self.today)
        rows = list(known)
        names = Counter(row.name for row in rows)
        self._ids = {row.name: row.pk for row in rows if names[row.name] == 1} | {row.code: row.pk for row in rows}
        self._parents = {row.pk: row.parent_pk for row in rows}
        self._departments = frozenset(row.pk for row in rows if row.kind == organisations.Kind.DEPARTMENT)
        may = [set(grants.permitted(self.actor, key, on=self.today)) for key in (EDIT_PROJECT, EDIT_MONEY)]
        self._editable = frozenset(may[0] & may[1])

    def read(self, header: Header, cells: Sequence[str]) -> ProjectRow | FaultyRow:
        """Read one row."""
        return read_project(header, cells)

    def take(self, receipt: Receipt, rows: Mapping[int, ProjectRow]) -> tuple[int, int, Mapping[int, FaultyRow]]:  # noqa: ARG002 - a taker is given it
        """Keep projects and years by their place, with the sums of the budgets, in the caller's transaction."""
        books = _open_books({row.code for row in rows.values()})
        taken, repeated, faults = 0, 0, dict[int, FaultyRow]()
        for place, row in rows.items():
            entered = self._enter(books, row)
            if isinstance(entered, FaultyRow):
                faults[place] = entered
            else:
                taken, repeated = taken + entered, repeated + (not entered)
        _write(books)
        return taken, repeated, faults

    def _enter(self, books: _Books, row: ProjectRow) -> bool | FaultyRow:
        """Note what a row adds; True when it adds something, False when all of it is known."""
        unit = self._ids.get(row.unit)
        if unit is None or unit not in self._editable:
            return FaultyRow(RowFault.UNIT_UNKNOWN, row.unit)
        department = self._ids.get(row.department) if row.department else self._department_above(unit)
        if department is None:
            return FaultyRow(RowFault.DEPARTMENT_UNKNOWN, row.department)
        known = books.projects.get(row.code)
        project = known or self._project(row, unit, department)
        if project is None:
            return FaultyRow(RowFault.START_MISSING)
        contradiction = _contradict(books, project, row, (unit, department))
        if contradiction is not None:
            return contradiction
        if known is None:
            books.projects[row.code] = project
            books.new_projects.append(project)
        if row.year is not None and (row.code, row.year) not in books.years:
            books.years[row.code, row.year] = row.budgets
            books.new_years.append((row.code, self._year(row.year, unit, row.budgets), row.budgets))
            return True
        return known is None

    def _department_above(self, unit: int) -> int | None:
        """Give the nearest department at or above a unit."""
        current: int | None = unit
        while current is not None and current not in self._departments:
            current = self._parents.get(current)
        return current

    def _project(self, row: ProjectRow, unit: int, department: int) -> Project | None:
        """Give a new project; None when the row does not tell since when it runs."""
        started = first_day(row)
        if started is None:
            return None
        return Project(
            code=row.code,
            name=row.name,
            department_id=department,
            unit_id=unit,
            started_on=started,
            is_secret=row.is_secret,
            description=row.description,
            created_at=self.now,
        )

    def _year(self, year: int, unit: int, budgets: _Budgets) -> ProjectYear:
        initial = sum_up(budgets.values())
        return ProjectYear(unit_id=unit, year=year, initial_yuan=initial, budget_yuan=initial, created_at=self.now)


def _open_books(codes: Collection[str]) -> _Books:
    """Gather what is known of these projects; those outside the actor's rights too, so that a code is not given twice."""
    locked = Project.objects.select_for_update().filter(code__in=codes).order_by("pk")
    projects = {project.code: project for project in locked}
    years: dict[tuple[str, int], dict[FundSource, Decimal]] = {
        (code, year): {}
        for code, year in ProjectYear.objects.filter(project__code__in=codes).values_list("project__code", "year")
    }
    lines = BudgetLine.objects.filter(project_year__project__code__in=codes)
    for code, year, source, amount in lines.values_list(
        "project_year__project__code", "project_year__year", "source", "initial_yuan"
    ):
        years[code, year][FundSource(source)] = amount
    return _Books(projects, dict(years))


def _contradict(books: _Books, project: Project, row: ProjectRow, places: tuple[int, int]) -> FaultyRow | None:
    """Tell in what a row contradicts the project or the budget of its year; `places` are its unit and department."""
    if difference := _differs(project, row, *places):
        return FaultyRow(RowFault.PROJECT_DIFFERS, difference)
    if row.year is None:
        return None
    last = project.ended_on.year if project.ended_on else row.year
    if not project.started_on.year <= row.year <= last:
        return FaultyRow(RowFault.YEAR_OUTSIDE_PROJECT, str(row.year))
    budgets = books.years.get((row.code, row.year))
    if budgets is not None and dict(budgets) != dict(row.budgets):
        return FaultyRow(RowFault.BUDGET_DIFFERS, str(row.year))
    return None


def _differs(project: Project, row: ProjectRow, unit: int, department: int) -> str:
    """Name the first column in which a row contradicts the registered project; what the row leaves out does not count."""
    for label, known, told in (
        ("实施单位", project.unit_id, unit),
        ("项目名称", project.name, row.name),
        ("主管部门", project.department_id, department if row.department else project.department_id),
        ("开始日期", project.started_on, row.started_on or project.started_on),
    ):
        if known != told:
            return label
    return ""


def _write(books: _Books) -> None:
    Project.objects.bulk_create(books.new_projects)
    for code, year, _budgets in books.new_years:
        year.project = books.projects[code]
    ProjectYear.objects.bulk_create([year for _code, year, _budgets in books.new_years])
    BudgetLine.objects.bulk_create(
        BudgetLine(project_year=year, source=source, initial_yuan=amount)
        for _code, year, budgets in books.new_years
        for source, amount in budgets.items()
    )
