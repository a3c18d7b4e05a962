"""The lists of sources, deliveries and refused rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import (
    Channel,
    DataSource,
    Delivery,
    DeliveryState,
    Lateness,
    RowSight,
    SourceKind,
    WriteMode,
)
from chengshu.resources.ui.lists.resources import narrow
from chengshu.resources.ui.words import by_words

KINDS: Mapping[str, Promise] = {
    SourceKind.FILE: _("上传或推送"),
    SourceKind.FOLDER: _("监视文件夹"),
    SourceKind.DATABASE: _("数据库"),
    SourceKind.INTERFACE: _("接口"),
}
MODES: Mapping[str, Promise] = {
    WriteMode.APPEND: _("追加"),
    WriteMode.REPLACE: _("整表替换"),
    WriteMode.MERGE: _("按主键合并"),
}
CHANNELS: Mapping[str, Promise] = {
    Channel.UPLOAD: _("上传"),
    Channel.FOLDER: _("文件夹"),
    Channel.PULL: _("采集"),
    Channel.PUSH: _("推送"),
}
STATES: Mapping[str, Promise] = {
    DeliveryState.WAITING: _("等待归集"),
    DeliveryState.TAKING: _("归集中"),
    DeliveryState.HELD: _("结构有变化，待处理"),
    DeliveryState.TAKEN: _("已归集"),
    DeliveryState.FAILED: _("没有成功"),
}
WAIVED = "waived"
"""The choice of the filter for failed deliveries that somebody set aside; the others stand under their state."""
_TOLD_STATES: Mapping[str, Promise] = {**STATES, WAIVED: _("没有成功，不再处理")}
LATENESS: Mapping[str, Promise] = {
    Lateness.ON_TIME: _("按时"),
    Lateness.LATE: _("逾期"),
    Lateness.MISSING: _("缺交"),
}


def sources_spec(viewer: User, *, today: date) -> ListingSpec:
    """Give the list of sources."""
    return ListingSpec(
        key="data-sources",
        columns=(
            Column("name", _("数据源"), lambda s: s.name, order_by=("name",), url=source_page),
            Column("department", _("提供方"), lambda s: s.department_name, order_by=("department_id", "name")),
            Column("kind", _("方式"), lambda s: KINDS[s.kind]),
            Column("table", _("湖表"), lambda s: s.table, order_by=("table",)),
            Column("mode", _("写入方式"), lambda s: MODES[s.mode]),
            Column(
                "active",
                _("启用"),
                lambda s: _now("是") if s.is_active else _now("已停用"),
                order_by=("is_active", "name"),
            ),
            Column("due", _("应交时间"), lambda s: s.due_at, Kind.DEADLINE, ("due_at", "name")),
            Column("lateness", _("到期情况"), _say_lateness, order_by=("lateness", "name")),
            Column("late", _("逾期小时"), _hours_late, Kind.NUMBER, ("late_by", "name")),
            Column("checked", _("最近归集"), lambda s: s.checked_at, Kind.MOMENT, ("checked_at",)),
        ),
        default_sort="name",
        filters=(
            Filter(
                "department", _("提供方"), partial(_departments, viewer, today), partial(narrow, "department__code")
            ),
            by_words("kind", _("方式"), KINDS, narrow),
            by_words("lateness", _("到期情况"), LATENESS, narrow),
        ),
        search=("name__icontains", "table__icontains"),
        search_hint=_("数据源名称或湖表名"),
        empty=_("还没有数据源。登记数据源后，部门才能交付数据。"),
        file_name=_now("数据源"),
    )


def deliveries_spec(*, of_one_source: bool = False) -> ListingSpec:
    """Give the list of deliveries with their receipts."""
    source = Column("source", _("数据源"), lambda d: d.source_name, order_by=("source__name",))
    return ListingSpec(
        key="source-deliveries" if of_one_source else "deliveries",
        columns=(
            Column("name", _("交付"), lambda d: d.name, url=delivery_page),
            *(() if of_one_source else (source,)),
            Column("received", _("收到时间"), lambda d: d.received_at, Kind.MOMENT, ("received_at",)),
            Column("channel", _("途径"), lambda d: CHANNELS[d.channel]),
            Column("state", _("状态"), say_state, order_by=("state", "waived")),
            Column("sent", _("送来行数"), lambda d: d.sent, Kind.NUMBER, ("sent",)),
            Column("taken", _("收下行数"), lambda d: d.taken, Kind.NUMBER, ("taken",)),
            Column("refused", _("隔离行数"), lambda d: d.refused, Kind.NUMBER, ("refused",)),
            Column("version", _("湖表版本"), lambda d: d.version, Kind.NUMBER, is_shown=False),
            Column("digest", _("内容摘要"), lambda d: d.digest, is_shown=False),
            Column("waived", _("不再处理的理由"), lambda d: d.waived, is_shown=False),
        ),
        default_sort="-received",
        filters=(
            by_words("state", _("状态"), _TOLD_STATES, _narrow_state),
            by_words("channel", _("途径"), CHANNELS, narrow),
        ),
        search=("name__icontains", "digest__startswith"),
        search_hint=_("文件名或内容摘要"),
        empty=_("还没有交付。"),
        file_name=_now("交付回执"),
    )


def refused_rows_spec(delivery: Delivery, sight: RowSight) -> ListingSpec:
    """Give the list of rows of a delivery that were refused; it is exported for the department to correct.

    Who sees rows masked does not search them either: what is found would tell what is hidden.
    """
    within = ("column__icontains", "reason__icontains", "raw__icontains")
    return ListingSpec(
        key="refused-rows",
        columns=(
            Column("row", _("行号"), lambda r: r.row or None, Kind.NUMBER, ("row", "pk")),
            Column("column", _("列"), lambda r: r.column, order_by=("column", "row")),
            Column("reason", _("原因"), lambda r: collection.say_refusal(r.reason), order_by=("reason", "row")),
            Column("raw", _("原文"), lambda r: sight.show(r.raw)[:1000]),
        ),
        default_sort="row",
        search=within if sight.is_whole else within[:2],
        search_hint=_("列、原因或原文") if sight.is_whole else _("列或原因"),
        empty=_("没有隔离行：送来的每一行都收下了。")
        if delivery.ended_at
        else _("归集完成后，读不出来的行会列在这里。"),
        file_name=_now("隔离行"),
    )


def say_state(delivery: Delivery) -> str:
    """Say how a delivery stands; of a failed one that somebody set aside, that too."""
    return str(_TOLD_STATES[WAIVED if delivery.waived else delivery.state])


def _narrow_state(_path: str, rows: QuerySet[Delivery], values: Sequence[str]) -> QuerySet[Delivery]:
    """Leave deliveries in one of the states; failed ones that were set aside are a state by themselves here."""
    standing = Q(state__in=[value for value in values if value != WAIVED], waived="")
    return rows.filter(standing | ~Q(waived="") if WAIVED in values else standing)


def _say_lateness(source: Any) -> str:
    """Say how a source stands to its last due moment; empty where nothing was owed."""
    return str(LATENESS[source.lateness]) if source.lateness else ""


def _hours_late(source: Any) -> int | None:
    """Give the full hours that a delivery came late, or has not come for; None where it is in time or not owed."""
    if source.lateness not in {Lateness.LATE, Lateness.MISSING}:
        return None
    return int(source.late_by.total_seconds() // 3600)


def source_page(source: DataSource) -> str:
    """Give the address of a source's page."""
    return reverse("resources:source", args=[source.pk])


def delivery_page(delivery: Delivery) -> str:
    """Give the address of a delivery's page."""
    return reverse("resources:delivery", args=[delivery.pk])


def _departments(viewer: User, today: date) -> list[Choice]:
    return [Choice(found.code, found.name) for found in collection.list_source_departments(viewer, on=today)]
