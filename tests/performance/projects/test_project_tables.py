"""Projects with their initial budgets from tables."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from performance.projects.town import PROJECT_HEADER, as_csv

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import money
from chengshu.performance.facade.money import FundSource, Receipt, RowFault, TableKind
from chengshu.performance.models import Project, ProjectYear, RejectedRow

Hand = Callable[..., Receipt]


def _row(code: str = "X-1", **changed: str) -> tuple[str, ...]:
    cells = (code, "视频会议系统", "大数据中心", "政务局", "2024", "12.5", "1000")
    return tuple((dict(zip(PROJECT_HEADER, cells, strict=True)) | changed).values())


@pytest.fixture
def hand_in(clerk: User, now: datetime) -> Hand:
    def _hand(*rows: tuple[str, ...], actor: User = clerk, header: tuple[str, ...] = PROJECT_HEADER) -> Receipt:
        data = as_csv(rows, "gb18030", header)
        return money.start_table_import(TableKind.PROJECTS, data, name="项目.csv", actor=actor, clock=lambda: now)

    return _hand


def _counts(receipt: Receipt) -> tuple[int, int, int, int]:
    return receipt.sent, receipt.taken, receipt.repeated, receipt.rejected


def _faults(receipt: Receipt) -> list[tuple[int, str]]:
    return list(RejectedRow.objects.filter(receipt=receipt).order_by("line").values_list("line", "fault"))


def test_enters_project_year_and_budget(hand_in: Hand) -> None:
    assert _counts(hand_in(_row(), _row(年度="2025"))) == (2, 2, 0, 0)
    project = Project.objects.get()
    assert (project.code, project.started_on) == ("X-1", date(2024, 1, 1))
    years = list(ProjectYear.objects.order_by("year"))
    assert [(y.year, y.initial_yuan, y.budget_yuan) for y in years] == [
        (2024, Decimal(126_000), Decimal(126_000)),
        (2025, Decimal(126_000), Decimal(126_000)),
    ]
    assert money.initial_of(years[0].pk) == {FundSource.FISCAL: Decimal(125_000), FundSource.OTHER: Decimal(1000)}


def test_counts_the_same_rows_as_repeated(hand_in: Hand) -> None:
    rows = (_row(), _row("X-2", 年度=""), _row("X-3", 主管部门=""))
    header = PROJECT_HEADER
    assert _counts(hand_in(rows[0], rows[2], header=header)) == (2, 2, 0, 0)
    assert _counts(hand_in(rows[0], rows[2], header=header)) == (2, 0, 2, 0)


def test_finds_the_department_above_the_unit(hand_in: Hand) -> None:
    hand_in(_row(主管部门="", 实施单位="U1"))
    assert Project.objects.get().department.code == "B1"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (_row("X-1", 项目名称="别的名称"), RowFault.PROJECT_DIFFERS),
        (_row("X-1", 主管部门="民政局"), RowFault.PROJECT_DIFFERS),
        (_row("X-1", **{"其他资金(元)": "999"}), RowFault.BUDGET_DIFFERS),
        (_row("X-1", 年度="2023"), RowFault.YEAR_OUTSIDE_PROJECT),
        (_row("", 项目名称="无编码"), RowFault.PROJECT_MISSING),
        (_row("X-9", 项目名称=""), RowFault.NAME_MISSING),
        (_row("X-9", 实施单位="没有的单位"), RowFault.UNIT_UNKNOWN),
        (_row("X-9", 实施单位="社区服务中心"), RowFault.UNIT_UNKNOWN),
        (_row("X-9", 主管部门="没有的部门"), RowFault.DEPARTMENT_UNKNOWN),
        (_row("X-9", 年度="去年"), RowFault.YEAR_UNREADABLE),
        (_row("X-9", **{"其他资金(元)": "-1"}), RowFault.AMOUNT_NEGATIVE),
        (_row("X" * 41), RowFault.TEXT_TOO_LONG),
    ],
)
def test_refuses_what_cannot_be_kept_or_contradicts(hand_in: Hand, row: tuple[str, ...], fault: RowFault) -> None:
    receipt = hand_in(_row(), row, _row("X-2"))
    assert _faults(receipt) == [(3, fault.value)]
    assert _counts(receipt) == (3, 2, 0, 1)


def test_asks_since_when_a_project_runs_that_has_no_year(hand_in: Hand) -> None:
    header = ("项目编码", "项目名称", "实施单位", "开始日期")
    rows = (("X-1", "甲", "U1", ""), ("X-2", "乙", "U1", "2024/1/1"))
    receipt = hand_in(*rows, header=header)
    assert _faults(receipt) == [(2, RowFault.START_MISSING.value)]
    assert _counts(receipt) == (2, 1, 0, 1)
