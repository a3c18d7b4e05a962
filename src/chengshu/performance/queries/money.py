"""Money out of the database: the form's money block, adjustments, payments, receipts."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db.models import BigIntegerField, Count, F, QuerySet, Sum
from django.db.models.functions import Cast, ExtractMonth, Round
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import open_file
from chengshu.performance.contracts.money import MoneyRow, MonthPoint
from chengshu.performance.contracts.year import FundSource
from chengshu.performance.errors import ProjectNotFound, ReceiptNotFound
from chengshu.performance.models import BudgetAdjustment, BudgetLine, Payment, ProjectYear, Receipt, RejectedRow, Viewer
from chengshu.performance.rules.year.money import lay_execution, lay_money_block

Amounts = dict[FundSource, Decimal]
_UNITS = 10_000  # of the last place kept in one 元


def get_money_block(year: ProjectYear) -> tuple[MoneyRow, ...]:
    """Give the form's money block of a year: the total, then each source in the order of the form."""
    adjusted = BudgetAdjustment.objects.filter(project_year=year).values_list("source", "amount_yuan")
    return lay_money_block(initial_of(year.pk), _add_up(adjusted), executed_of(year.pk))


def initial_of(year_id: int) -> Amounts:
    """Give the initial budget of each source that has one."""
    return _add_up(BudgetLine.objects.filter(project_year=year_id).values_list("source", "initial_yuan"))


def executed_of(year_id: int) -> Amounts:
    """Give what was paid of each source."""
    return {FundSource(source): amount for source, amount in _sum_payments(year_id, F("source"))}


def budget_of(year_id: int) -> Amounts:
    """Give the budget as adjusted of each source."""
    budget = initial_of(year_id)
    for source, amount in BudgetAdjustment.objects.filter(project_year=year_id).values_list("source", "amount_yuan"):
        budget[FundSource(source)] = budget.get(FundSource(source), Decimal(0)) + amount
    return budget


def _sum_payments(year_id: int, key: Any) -> list[tuple[Any, Decimal]]:
    """Add the payments of a year by a key, counting in whole units of the last place: exact on every database."""
    units = Cast(Round(F("amount_yuan") * _UNITS), BigIntegerField())
    rows = Payment.objects.filter(project_year=year_id).values(key=key).annotate(units=Sum(units)).order_by("key")
    return [(row["key"], Decimal(row["units"]) / _UNITS) for row in rows]


def _add_up(rows: Iterable[tuple[str, Decimal]]) -> Amounts:
    """Add amounts by source as exact decimals."""
    sums: Amounts = {}
    for source, amount in rows:
        sums[FundSource(source)] = sums.get(FundSource(source), Decimal(0)) + amount
    return sums


def get_execution(year: ProjectYear, *, today: date) -> tuple[MonthPoint, ...]:
    """Give the money paid by the end of each month of the year, against an even plan over the adjusted budget."""
    by_month = dict(_sum_payments(year.pk, ExtractMonth("paid_on")))
    return lay_execution(year.year, year.budget_yuan, by_month, today=today)


def list_adjustments(year_id: int) -> list[BudgetAdjustment]:
    """List the adjustments of a year in the order of their days, with author, document and what took them back."""
    rows = BudgetAdjustment.objects.filter(project_year=year_id)
    return list(rows.select_related("author", "document", "undoes", "undone_by").order_by("adjusted_on", "pk"))


def get_adjustment(adjustment_id: int, *, viewer: Viewer, on: date) -> BudgetAdjustment:
    """Give one adjustment with its year and project.

    Raises:
        ProjectNotFound: there is none in sight.
    """
    seen = BudgetAdjustment.objects.visible_to(viewer, on=on)
    found: BudgetAdjustment | None = (
        seen.filter(pk=adjustment_id).select_related("project_year__project", "document", "undone_by").first()
    )
    if found is None:
        raise ProjectNotFound(_("没有这次预算调整，或您无权查看。"), adjustment=adjustment_id)
    return found


def open_document(adjustment_id: int, *, viewer: Viewer, on: date) -> tuple[str, BinaryIO]:
    """Give name and bytes of the document of an adjustment; the caller closes the stream.

    Raises:
        ProjectNotFound: there is none in sight, or it came without a file.
    """
    adjustment = get_adjustment(adjustment_id, viewer=viewer, on=on)
    if adjustment.document is None:
        raise ProjectNotFound(_("这次预算调整没有附文件。"), adjustment=adjustment_id)
    return adjustment.document.name, open_file(adjustment.document)


def list_payments(year_id: int) -> QuerySet[Payment]:
    """List the payments of a year with their receipts, unordered; the caller has asked whether the year is in sight."""
    rows: QuerySet[Payment] = Payment.objects.filter(project_year=year_id).select_related("receipt")
    return rows


def list_receipts(author: User) -> QuerySet[Receipt]:
    """List the tables that a person handed in, unordered."""
    return Receipt.objects.filter(author=author).select_related("job", "author")


def get_receipt(receipt_id: int, *, viewer: User) -> Receipt:
    """Give one receipt of the viewer.

    Raises:
        ReceiptNotFound: there is none, or it is somebody else's.
    """
    receipt = list_receipts(viewer).select_related("stored").filter(pk=receipt_id).first()
    if receipt is None:
        raise ReceiptNotFound(_("没有这次导入，或它不是您做的。"), receipt=receipt_id)
    return receipt


def list_rejections(receipt_id: int) -> QuerySet[RejectedRow]:
    """List the refused rows of an import, unordered; the caller has asked whether the receipt is in sight."""
    return RejectedRow.objects.filter(receipt=receipt_id)


def open_table_file(receipt_id: int, *, viewer: User) -> tuple[str, BinaryIO]:
    """Give name and bytes of a table as it was handed in; the caller closes the stream.

    Raises:
        ReceiptNotFound: there is none, or it is somebody else's.
    """
    receipt = get_receipt(receipt_id, viewer=viewer)
    return receipt.name, open_file(receipt.stored)


def count_rejections_by_fault(receipt_id: int) -> list[tuple[str, int]]:
    """Count the refused rows by fault, the most frequent first."""
    rows = RejectedRow.objects.filter(receipt=receipt_id).values("fault").annotate(rows=Count("pk"))
    return list(rows.order_by("-rows", "fault").values_list("fault", "rows"))
