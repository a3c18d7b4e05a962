"""The published form of a data-operation service, written from what a small city did: every figure is counted, none typed."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from conftest import PASSWORD
from django.test import override_settings
from resources.indicators.city import CITY, LATE, found_city, moment
from resources.indicators.counting import count_all

from chengshu.cli.demonstration_operations import FORM, write_form
from chengshu.cli.demonstration_year import Desk
from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.indicators.facade import Window, measure, open_measurement, verify_measurement
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation
from chengshu.performance.contracts.evaluations import GapKind
from chengshu.performance.facade import evaluations, money, projects
from chengshu.performance.facade.evaluations import Evaluation
from chengshu.performance.facade.projects import ProjectFacts

IN_WORDS = {"resources.management_capacity": "达成指标", "resources.standing_mechanisms": "部分达成"}
WAITING = {"resources.open_resources", "resources.sharing_timeliness"}
YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))
BEGUN = moment(1, 8)


def _hire(name: str, role: str) -> User:
    account = create_account(NewAccount(name, name, "示范市", Role.OFFICER, PASSWORD), now=BEGUN)
    place = organisations.find_organisation(CITY)
    assert place is not None
    grants.give_grant(NewGrant(account.pk, role, place.pk, BEGUN.date(), "分工"), actor=None, now=BEGUN)
    return account


@pytest.fixture
def desk(db: None, tmp_path: Path) -> Desk:
    tasks = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with override_settings(LAKE_ROOT=tmp_path / "lake", TASKS=tasks):
        found_city()
    roles = (HouseRole.OFFICER, HouseRole.DEPARTMENT_REVIEWER, HouseRole.FINANCE_REVIEWER)
    return Desk(*(_hire(role, role) for role in roles))


def _write(desk: Desk) -> Evaluation:
    department = organisations.find_organisation("S-MZ")
    assert department is not None
    new = NewOrganisation("S-MZ-1", Kind.UNIT, "数据中心", date(2020, 1, 1), department.pk)
    unit = organisations.create_organisation(new, actor=None, now=BEGUN)
    facts = ProjectFacts("SJYY", "公共数据运营服务项目", department.pk, unit.pk, date(2024, 1, 1))
    project = projects.create_project(facts, actor=desk.officer, now=BEGUN)
    year = projects.open_year(project.pk, 2024, actor=desk.officer, now=BEGUN)
    money.set_budget(year.pk, {money.FundSource.FISCAL: Decimal(1_000_000)}, actor=desk.officer, now=BEGUN)
    return write_form(year, desk, scope=f"organisation:{CITY}", now=LATE)


def test_every_figure_of_the_form_is_counted_and_what_waits_stays_waiting(desk: Desk) -> None:
    sheet, expected = _write(desk), count_all()
    rows = evaluations.content_of_evaluation(sheet).rows
    figures = {line.measured_by: row for line, row in zip(FORM, rows, strict=True) if line.measured_by}
    assert len(rows) == len(FORM) == 13
    assert sum(line.weight for line in FORM) == 90  # the execution of the budget has the other ten
    measured = set(figures) - WAITING
    assert measured <= set(expected)
    for key in measured:
        kept = open_measurement(figures[key].measurement_id or 0)
        assert (key, float(kept.value or 0)) == (key, expected[key])
        assert figures[key].actual.startswith(IN_WORDS.get(key, f"{expected[key]:g}"))
        assert verify_measurement(kept).same
    assert not any(figures[key].actual or figures[key].measurement_id for key in WAITING)

    again, count, failed = evaluations.measure_missing(sheet.pk, sheet.version, actor=desk.officer, now=LATE)
    assert (again.version, count, failed) == (sheet.version, 0, ())
    for goal in evaluations.list_promises(again):
        if goal.measured_by in measured:
            before = open_measurement(figures[goal.measured_by].measurement_id or 0)
            after = measure(goal.measured_by, YEAR, goal.scope, actor=desk.officer, now=LATE)
            assert (after.pk != before.pk, after.digest) == (True, before.digest)

    gaps = evaluations.assess_content(again, evaluations.content_of_evaluation(again)).gaps
    assert [gap.kind for gap in gaps] == [GapKind.WAITING, GapKind.WAITING]
    assert (again.total, again.grade) == (None, "")
    _check_papers(again)


def _check_papers(sheet: Evaluation) -> None:
    """The three official forms are printed, and the annex tells of every figure what it rests on."""
    assert evaluations.print_evaluation(sheet, "pdf", font_dir=None).startswith(b"%PDF")
    assert evaluations.print_evaluation(sheet, "docx", font_dir=None).startswith(b"PK")
    book = openpyxl.load_workbook(io.BytesIO(evaluations.print_evaluation(sheet, "xlsx", font_dir=None)))
    cells = [str(cell.value) for row in book.worksheets[0] for cell in row if cell.value is not None]
    assert cells.count("待具备条件") == 2
    assert {line.name for line in FORM} <= set(cells)
    annex = json.loads(evaluations.print_annex(sheet, "json", made_at=LATE, language="zh", font_dir=None))
    rests = [figure["evidence"] for figure in annex["figures"]]
    assert (rests.count("measured"), rests.count("waiting"), rests.count("document")) == (11, 2, 0)
    assert all(figure["measured"]["lines"] for figure in annex["figures"] if figure["evidence"] == "measured")
