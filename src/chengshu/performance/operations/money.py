"""Budgets of a year: set by source, adjusted, adjustments taken back. The kept sums follow in the same transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files.facade import EVIDENCE, FileError, StoredFile, store_file
from chengshu.kernel.grants import facade as grants
from chengshu.performance.contracts.money import Adjustment, FaultyRow
from chengshu.performance.contracts.year import FundSource
from chengshu.performance.errors import MoneyInvalid, ProjectNotFound, ReasonMissing
from chengshu.performance.models import BudgetAdjustment, BudgetLine, ProjectYear
from chengshu.performance.queries.money import budget_of, initial_of
from chengshu.performance.queries.projects import EDIT_MONEY
from chengshu.performance.rules.year.money import sum_up
from chengshu.performance.rules.year.tables import check_money

_REASON_LENGTH = 300
_NUMBER_LENGTH = 100
Document = tuple[str, bytes | BinaryIO]
"""Name and content of a file."""


@transaction.atomic
def set_budget(
    year_id: int, initial: Mapping[FundSource, Decimal], *, actor: User, now: datetime, reason: str = ""
) -> ProjectYear:
    """Set the initial budget of a year by source, in 元; sources that are left out have none.

    Raises:
        ProjectNotFound: there is no such year in sight.
        PermissionRefused: the actor may not enter money of the unit.
        MoneyInvalid: names the source: negative, too fine or too large, or less than adjustments have taken away.
        ReasonMissing: a budget that stands already is changed without a word.
    """
    year = lock_year(year_id, actor=actor, now=now)
    wanted = {source: _check(source, initial.get(source, Decimal(0))) for source in FundSource}
    before = initial_of(year.pk)
    after = {source: amount for source, amount in wanted.items() if amount}
    if after == before:
        return year
    told = drop_controls(reason).strip()[:256]
    if before and not told:
        raise ReasonMissing(_("年初预算已经登记过，请写明为什么改。"))
    adjusted = {source: amount - before.get(source, Decimal(0)) for source, amount in budget_of(year.pk).items()}
    for source, change in adjusted.items():
        if after.get(source, Decimal(0)) + change < 0:
            raise MoneyInvalid(_("减去已登记的调整后成了负数。"), field=source.value)
    BudgetLine.objects.filter(project_year=year).delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(project_year=year, source=source, initial_yuan=amount) for source, amount in after.items()
    )
    _keep_budget(year)
    states = {"before": _plain(year, before), "after": _plain(year, after)}
    record(actor, "performance.set_budget", _subject(year), now=now, reason=told, **states)
    return year


@transaction.atomic
def adjust_budget(
    year_id: int, adjustment: Adjustment, *, actor: User, now: datetime, document: Document | None = None
) -> BudgetAdjustment:
    """Keep one change of a year's budget, with the document that orders it.

    Raises:
        ProjectNotFound: there is no such year in sight.
        PermissionRefused: the actor may not enter money of the unit.
        MoneyInvalid: names the field: amount, day, number; a budget cannot become negative.
        ReasonMissing: no reason.
        FileError: the document cannot be stored.
    """
    year = lock_year(year_id, actor=actor, now=now)
    amount = _check_change(year, adjustment)
    day = _check_day(year, adjustment.adjusted_on, today=localdate(now))
    reason, number = drop_controls(adjustment.reason).strip(), drop_controls(adjustment.document_number).strip()
    if not reason:
        raise ReasonMissing(_("请写明调整原因。"))
    if len(reason) > _REASON_LENGTH or len(number) > _NUMBER_LENGTH:
        field, limit = (
            ("reason", _REASON_LENGTH) if len(reason) > _REASON_LENGTH else ("document_number", _NUMBER_LENGTH)
        )
        raise MoneyInvalid(_("最长 %(n)s 个字。") % {"n": limit}, field=field)
    kept = BudgetAdjustment.objects.create(
        project_year=year,
        source=adjustment.source,
        amount_yuan=amount,
        adjusted_on=day,
        reason=reason,
        document_number=number,
        document=_store(document, actor=actor, now=now),
        author=actor,
        recorded_at=now,
    )
    _record_adjustment(kept, year, "performance.adjust_budget", actor=actor, now=now)
    return kept


@transaction.atomic
def undo_adjustment(adjustment_id: int, *, reason: str, actor: User, now: datetime) -> BudgetAdjustment:
    """Take a wrong adjustment back by a counter-entry of this day; both stay.

    Raises:
        ProjectNotFound: there is none in sight.
        PermissionRefused: the actor may not enter money of the unit.
        MoneyInvalid: it was taken back before, it is a counter-entry itself, or the budget would become negative.
        ReasonMissing: no reason.
    """
    today = localdate(now)
    seen = BudgetAdjustment.objects.visible_to(actor, on=today).filter(pk=adjustment_id)
    year_id = seen.values_list("project_year_id", flat=True).first()
    if year_id is None:
        raise ProjectNotFound(_("没有这次预算调整，或您无权查看。"), adjustment=adjustment_id)
    year = lock_year(year_id, actor=actor, now=now)
    wrong = BudgetAdjustment.objects.get(pk=adjustment_id)
    told = drop_controls(reason).strip()[:_REASON_LENGTH]
    if not told:
        raise ReasonMissing(_("请写明为什么撤销这次调整。"))
    if wrong.undoes_id is not None or BudgetAdjustment.objects.filter(undoes=wrong).exists():
        raise MoneyInvalid(_("这次调整已经撤销，或它本身就是一次撤销。"), field="adjustment")
    _refuse_negative(year, FundSource(wrong.source), -wrong.amount_yuan)
    kept = BudgetAdjustment.objects.create(
        project_year=year,
        source=wrong.source,
        amount_yuan=-wrong.amount_yuan,
        adjusted_on=today,
        reason=told,
        document_number=wrong.document_number,
        undoes=wrong,
        author=actor,
        recorded_at=now,
    )
    _record_adjustment(kept, year, "performance.undo_adjustment", actor=actor, now=now)
    return kept


def lock_year(year_id: int, *, actor: User, now: datetime) -> ProjectYear:
    """Return a year whose money the actor may enter, locked to the end of the transaction.

    Raises:
        ProjectNotFound: there is none in sight.
        PermissionRefused: the actor may not enter its money.
    """
    today = localdate(now)
    seen = ProjectYear.objects.visible_to(actor, on=today).filter(pk=year_id).values("pk")
    year: ProjectYear | None = ProjectYear.objects.select_for_update().filter(pk__in=seen).first()
    if year is None:
        raise ProjectNotFound(_("没有这个项目年度，或您无权查看。"), year=year_id)
    grants.require(actor, EDIT_MONEY, year.unit_id, on=today, scope=f"project:{year.project_id}")
    return year


def _keep_budget(year: ProjectYear) -> None:
    """Bring the kept sums in step with lines and adjustments."""
    year.initial_yuan = sum_up(initial_of(year.pk).values())
    year.budget_yuan = sum_up(budget_of(year.pk).values())
    year.save(update_fields=["initial_yuan", "budget_yuan"])


def _check(source: FundSource, amount: Decimal) -> Decimal:
    kept = check_money(amount)
    if isinstance(kept, FaultyRow) or kept < 0:
        raise MoneyInvalid(_("请填不小于 0、最多四位小数、小于一千亿元的金额。"), field=source.value)
    return kept


def _check_change(year: ProjectYear, adjustment: Adjustment) -> Decimal:
    kept = check_money(adjustment.amount_yuan)
    if isinstance(kept, FaultyRow) or not kept:
        raise MoneyInvalid(_("请填不为 0、最多四位小数、小于一千亿元的金额；调减填负数。"), field="amount")
    _refuse_negative(year, adjustment.source, kept)
    return kept


def _refuse_negative(year: ProjectYear, source: FundSource, change: Decimal) -> None:
    budget = budget_of(year.pk).get(source, Decimal(0))
    if budget + change < 0:
        message = _("这个资金来源的预算只有 %(budget)s 元，不能再减这么多。") % {"budget": f"{budget:,.2f}"}
        raise MoneyInvalid(message, field="amount")


def _check_day(year: ProjectYear, day: date, *, today: date) -> date:
    if day.year != year.year or day > today:
        message = _("调整日期要在 %(year)s 年内，且不晚于今天。") % {"year": year.year}
        raise MoneyInvalid(message, field="adjusted_on")
    return day


def _store(document: Document | None, *, actor: User, now: datetime) -> StoredFile | None:
    if document is None:
        return None
    name, content = document
    try:
        return store_file(content, name=drop_controls(name), owner=actor, now=now, accepted=EVIDENCE)
    except FileError as refused:
        raise MoneyInvalid(refused.message, field="document") from refused


def _record_adjustment(kept: BudgetAdjustment, year: ProjectYear, action: str, *, actor: User, now: datetime) -> None:
    before = year.budget_yuan
    _keep_budget(year)
    details: dict[str, Any] = {
        "year": year.year,
        "adjustment": kept.pk,
        "source": kept.source,
        "amount_yuan": kept.amount_yuan,
        "document_number": kept.document_number,
    }
    states = {"before": {"budget_yuan": before}, "after": {"budget_yuan": year.budget_yuan}}
    record(actor, action, _subject(year), now=now, reason=kept.reason[:256], details=details, **states)


def _subject(year: ProjectYear) -> str:
    return f"project:{year.project_id}"


def _plain(year: ProjectYear, amounts: Mapping[FundSource, Decimal]) -> dict[str, Any]:
    return {"year": year.year} | {source.value: amounts.get(source, Decimal(0)) for source in FundSource}
