"""The list of rows that stay out of a standard table, and their reasons in words."""

from collections.abc import Callable, Mapping
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.resources.facade.processing import CellSight, LeftOutRow, LeftOutTold, LeftOutWhy, ReasonTold
from chengshu.resources.ui.lists.resources import narrow

_REASONS: Mapping[LeftOutWhy, Promise] = {
    LeftOutWhy.RULE: _("不合规则“%(rule)s”"),
    LeftOutWhy.SPACES: _("去掉首尾空格后不合规则“%(rule)s”"),
    LeftOutWhy.NO_KEY: _("标识“%(fields)s”为空"),
    LeftOutWhy.UNREADABLE: _("“%(fields)s”读不成编目的类型"),
    LeftOutWhy.DIGITS: _("“%(fields)s”位数太多：整数部分至多 28 位，小数至多 10 位"),
    LeftOutWhy.TWICE: _("同一标识有几行不同的内容"),
    LeftOutWhy.SPELLING: _("同一标识有几种写法（空格、前导零、正号之类），内容不同"),
}


def say_reason(told: ReasonTold) -> str:
    """Give a reason in words."""
    return str(_REASONS[told.reason.why]) % {"rule": told.rule, "fields": _now("、").join(told.fields)}


def left_out_spec(told: LeftOutTold | None, keys: tuple[str, ...], sight: CellSight) -> ListingSpec:
    """Give the list of rows; cells as the viewer sees them. It has no search: that would tell what is masked."""
    reasons = {one.number: one for one in told.reasons} if told else {}

    def choices() -> list[Choice]:
        return [Choice(str(number), say_reason(one)) for number, one in reasons.items()]

    return ListingSpec(
        key="left-out-rows",
        columns=(
            Column("key", _("标识"), _joined(sight, lambda _row: keys, lambda row: row.key)),
            Column(
                "reason", _("没有进入的原因"), lambda r: say_reason(reasons[r.reason]), order_by=("reason", "number")
            ),
            Column("fields", _("信息项"), lambda r: _now("、").join(reasons[r.reason].fields)),
            Column(
                "cells",
                _("值"),
                _joined(sight, lambda row: reasons[row.reason].reason.fields, lambda row: row.cells),
            ),
            Column("copies", _("行数"), lambda r: r.copies, Kind.NUMBER, ("copies", "number")),
            Column("number", _("行编号"), lambda r: r.number, Kind.NUMBER, ("number",), is_shown=False),
        ),
        default_sort="number",
        filters=(Filter("reason", _("没有进入的原因"), choices, partial(narrow, "reason")),),
        empty=_("没有行留在标准表外。"),
        file_name=_now("未进入标准表的行"),
    )


def _joined(
    sight: CellSight, codes: Callable[[LeftOutRow], tuple[str, ...]], cells: Callable[[LeftOutRow], list[str | None]]
) -> Callable[[LeftOutRow], str]:
    def join(row: LeftOutRow) -> str:
        return _now("，").join(sight.show(code, cell) for code, cell in zip(codes(row), cells(row), strict=False))

    return join
