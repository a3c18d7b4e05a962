"""Projects: rows of project tables, and the mark by which a stale edit is known."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from chengshu.base.texts import label_key, tidy
from chengshu.performance.contracts.money import FaultyRow, ProjectRow, RowFault
from chengshu.performance.contracts.projects import ProjectFacts
from chengshu.performance.contracts.year import FundSource
from chengshu.performance.rules.year.tables import ColumnSpec, Header, read_date, read_money, read_year

CODE_LENGTH = 40
NAME_LENGTH = 200
DESCRIPTION_LENGTH = 2000

_BUDGETS: Mapping[FundSource, str] = {source: f"budget_{source.value}" for source in FundSource}

#: The columns of a project table. Initial budgets stand in one column for each fund source.
PROJECT_COLUMNS = (
    ColumnSpec("code", ("项目编码", "项目编号", "项目代码"), is_needed=True),
    ColumnSpec("name", ("项目名称", "名称"), is_needed=True),
    ColumnSpec("unit", ("实施单位", "项目单位", "单位"), is_needed=True),
    ColumnSpec("department", ("主管部门", "部门")),
    ColumnSpec("started_on", ("开始日期", "起始日期", "开始时间")),
    ColumnSpec("is_secret", ("涉密", "是否涉密")),
    ColumnSpec("description", ("项目内容", "项目概况", "说明")),
    ColumnSpec("year", ("年度", "预算年度", "年份")),
    ColumnSpec(_BUDGETS[FundSource.FISCAL], ("当年财政拨款", "财政拨款", "年初预算数", "年初预算"), is_money=True),
    ColumnSpec(_BUDGETS[FundSource.CARRIED_OVER], ("上年结转资金", "上年结转"), is_money=True),
    ColumnSpec(_BUDGETS[FundSource.OTHER], ("其他资金", "其他"), is_money=True),
)

_FLAGS = {"": False, "否": False, "不涉密": False, "非涉密": False, "是": True, "涉密": True}


def read_project(header: Header, cells: Sequence[str]) -> ProjectRow | FaultyRow:  # noqa: PLR0911 - one way out for each fault
    """Read one row of a project table, or tell the first thing that is wrong with it."""
    code, name, unit = (header.cell(cells, key) for key in ("code", "name", "unit"))
    for text, fault in (
        (code, RowFault.PROJECT_MISSING),
        (name, RowFault.NAME_MISSING),
        (unit, RowFault.UNIT_UNKNOWN),
    ):
        if not text:
            return FaultyRow(fault)
    started, year_text = header.cell(cells, "started_on"), header.cell(cells, "year")
    day, year = read_date(started), read_year(year_text)
    if started and day is None:
        return FaultyRow(RowFault.DATE_UNREADABLE, started)
    if year_text and year is None:
        return FaultyRow(RowFault.YEAR_UNREADABLE, year_text)
    budgets = _read_budgets(header, cells)
    if isinstance(budgets, FaultyRow):
        return budgets
    if budgets and year is None:
        return FaultyRow(RowFault.YEAR_UNREADABLE, year_text)
    flag = label_key(header.cell(cells, "is_secret"))
    if flag not in _FLAGS:
        return FaultyRow(RowFault.FLAG_UNREADABLE, flag)
    name, description = tidy(name), header.cell(cells, "description")
    for text, limit in ((code, CODE_LENGTH), (name, NAME_LENGTH), (description, DESCRIPTION_LENGTH)):
        if len(text) > limit:
            return FaultyRow(RowFault.TEXT_TOO_LONG, text)
    return ProjectRow(code, name, unit, header.cell(cells, "department"), day, _FLAGS[flag], description, year, budgets)


def _read_budgets(header: Header, cells: Sequence[str]) -> dict[FundSource, Decimal] | FaultyRow:
    """Read the initial budgets in 元; blank cells and zeros are no budget."""
    budgets = {}
    for source, key in _BUDGETS.items():
        text = header.cell(cells, key)
        if not text:
            continue
        amount = read_money(text, header.factors[key])
        if isinstance(amount, FaultyRow):
            return amount
        if amount < 0:
            return FaultyRow(RowFault.AMOUNT_NEGATIVE, text)
        if amount:
            budgets[source] = amount
    return budgets


def first_day(row: ProjectRow) -> date | None:
    """Give the first day of a new project: as told, else the first of its year; None when neither is told."""
    return row.started_on or (date(row.year, 1, 1) if row.year else None)


def mark_facts(facts: ProjectFacts) -> str:
    """Give a short mark of a project's facts: an edit names the one it saw, and a stale edit is refused."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
