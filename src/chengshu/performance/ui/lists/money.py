"""The lists of payments, receipts and refused rows."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.performance.facade import money
from chengshu.performance.facade.money import FundSource, Payment, Receipt, RejectedRow
from chengshu.performance.ui.lists.filters import by_condition
from chengshu.performance.ui.project_words import FAULTS, SOURCES, TABLES, word_fault


def payments_spec() -> ListingSpec:
    """Give the list of the payments of one year."""
    return ListingSpec(
        key="payments",
        columns=(
            Column("voucher", _("凭证号"), lambda p: p.voucher, order_by=("voucher",)),
            Column("paid_on", _("支付日期"), lambda p: p.paid_on, Kind.DATE, ("paid_on",)),
            Column("source", _("资金来源"), lambda p: str(SOURCES[p.source]), order_by=("source",)),
            Column("amount", _("金额"), lambda p: p.amount_yuan, Kind.MONEY, ("amount_yuan",)),
            Column("purpose", _("摘要"), lambda p: p.purpose),
            Column("receipt", _("来自"), _origin, is_shown=False),
        ),
        default_sort="-paid_on",
        filters=(
            Filter(
                "source",
                _("资金来源"),
                lambda: [Choice(source.value, SOURCES[source]) for source in FundSource],
                lambda rows, values: rows.filter(source__in=list(values)),
            ),
            by_condition("sign", _("收支"), {"back": (_("退回"), Q(amount_yuan__lt=0))}),
        ),
        search=("voucher__icontains", "purpose__icontains"),
        search_hint=_("凭证号或摘要"),
        empty=_("还没有支付。请从表格导入支付明细。"),
        file_name=_now("支付明细"),
    )


def _origin(payment: Payment) -> str:
    return f"{payment.receipt.name} · {payment.receipt.imported_at:%Y-%m-%d}"


def receipts_spec() -> ListingSpec:
    """Give the list of the tables that one handed in."""
    return ListingSpec(
        key="receipts",
        columns=(
            Column("name", _("文件"), lambda r: r.name, order_by=("name",), url=_receipt_page),
            Column("kind", _("表格内容"), lambda r: str(TABLES[r.kind]), order_by=("kind",)),
            Column("at", _("导入时间"), lambda r: r.imported_at, Kind.MOMENT, ("imported_at",)),
            Column("state", _("状态"), name_state),
            Column("sent", _("行数"), lambda r: r.sent, Kind.NUMBER, ("sent",)),
            Column("taken", _("登记"), lambda r: r.taken, Kind.NUMBER, ("taken",)),
            Column("repeated", _("重复"), lambda r: r.repeated, Kind.NUMBER, ("repeated",)),
            Column("rejected", _("退回"), lambda r: r.rejected, Kind.NUMBER, ("rejected",)),
        ),
        default_sort="-at",
        filters=(
            by_condition(
                "state",
                _("状态"),
                {
                    "open": (_("没有完成"), Q(finished_at__isnull=True)),
                    "fault": (_("读不出来"), ~Q(fault="")),
                    "rejected": (_("有退回的行"), Q(rejected__gt=0)),
                },
            ),
        ),
        search=("name__icontains",),
        search_hint=_("文件名"),
        empty=_("您还没有导入过表格。"),
        file_name=_now("导入回执"),
    )


def name_state(receipt: Receipt) -> str:
    """Tell how an import stands."""
    if receipt.fault:
        return _now("读不出来")
    if receipt.finished_at is not None:
        return _now("已完成")
    return _now("进行中") if receipt.job is not None and not receipt.job.is_final else _now("没有完成")


def _receipt_page(receipt: Receipt) -> str:
    return reverse("performance:receipt", args=[receipt.pk])


def rejections_spec(receipt_id: int) -> ListingSpec:
    """Give the list of the refused rows of an import."""
    return ListingSpec(
        key="rejections",
        columns=(
            Column("line", _("行号"), lambda r: r.line, Kind.NUMBER, ("line",)),
            Column("reason", _("退回原因"), lambda r: word_fault(r.fault, r.value), order_by=("fault",)),
            Column("row", _("原样"), _write_row),
        ),
        default_sort="line",
        filters=(
            Filter(
                "fault",
                _("退回原因"),
                lambda: [Choice(f, _short(f)) for f, _n in money.count_rejections_by_fault(receipt_id)],
                _narrow_to_faults,
            ),
        ),
        empty=_("没有退回的行。"),
        file_name=_now("退回的行"),
    )


def _narrow_to_faults(rows: QuerySet[Any], faults: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(fault__in=list(faults))


def _short(fault: str) -> str:
    return word_fault(fault, "…") if fault in FAULTS else fault


def _write_row(row: RejectedRow) -> str:
    return "；".join(f"{label}：{cell}" for label, cell in row.row if cell)
