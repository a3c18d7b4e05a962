"""The lists of lineage: what is hit, who told it, what could not be read."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.resources.facade import lineage
from chengshu.resources.facade.lineage import HitKind, LineageFault, LineageTeller, NodeKind, TellerKind
from chengshu.resources.ui.lists.resources import narrow
from chengshu.resources.ui.words import by_words

NODES: Mapping[str, Promise] = {
    NodeKind.TABLE: _("表"),
    NodeKind.REPORT: _("报表"),
    NodeKind.INDICATOR: _("指标"),
    NodeKind.RECORD: _("平台记录"),
    NodeKind.SOURCE: _("数据源"),
}
HITS: Mapping[str, Promise] = {
    HitKind.VALUE: _("数值"),
    HitKind.ROWS: _("统计范围"),
    HitKind.LATE: _("迟到时"),
}
TELLERS: Mapping[str, Promise] = {
    TellerKind.SCRIPTS: _("加工脚本"),
    TellerKind.REPORTS: _("报表查询"),
    TellerKind.EVENTS: _("血缘事件"),
    TellerKind.RUNS: _("运行日志"),
    TellerKind.INDICATORS: _("指标定义"),
    TellerKind.RECORDS: _("平台记录"),
}


def hits_spec(rows: QuerySet[Any], *, today: date) -> ListingSpec:
    """Give the list of what is hit; the departments offered are those of the answer."""
    return ListingSpec(
        key="lineage-hits",
        columns=(
            Column("name", _("受影响对象"), title_of, order_by=("node",), url=partial(page_of, "impact")),
            Column("kind", _("类别"), lambda t: NODES[t.kind], order_by=("kind", "node")),
            Column("department", _("责任部门"), lambda t: t.department_name, order_by=("department_id", "depth")),
            Column("hit", _("影响到"), lambda t: HITS[t.hit], order_by=("hit", "depth")),
            Column("depth", _("第几步"), lambda t: t.depth, Kind.NUMBER, ("depth", "node")),
            Column("columns", _("受影响字段数"), lambda t: t.columns_hit, Kind.NUMBER, ("columns_hit",)),
            Column("node", _("表名"), lambda t: t.node, order_by=("node",), is_shown=False),
        ),
        default_sort="depth",
        filters=(
            by_words("kind", _("类别"), NODES, narrow),
            by_words("hit", _("影响到"), HITS, narrow),
            Filter(
                "department", _("责任部门"), partial(_departments, rows, today), partial(narrow, "department__code")
            ),
        ),
        search=("node__icontains", "title__icontains", "resource__name__icontains"),
        search_hint=_("名称或表名"),
        empty=_("没有发现依赖它的数据。"),
        file_name=_now("影响分析"),
    )


def tables_spec(*, today: date) -> ListingSpec:
    """Give the list of all that lineage knows; the search stands above it, for it finds fields as well."""
    return ListingSpec(
        key="lineage-tables",
        columns=(
            Column("name", _("名称"), title_of, order_by=("node",), url=partial(page_of, "impact")),
            Column("kind", _("类别"), lambda t: NODES[t.kind], order_by=("rank", "node")),
            Column(
                "department", _("责任部门"), lambda t: t.department_name, order_by=("department_id", "rank", "node")
            ),
            Column("ask", _("要问什么"), partial(page_of, "impact"), template="resources/lineage/row_links.html"),
            Column("node", _("表名"), lambda t: t.node, order_by=("node",)),
        ),
        default_sort="kind",
        filters=(
            by_words("kind", _("类别"), NODES, narrow),
            Filter("department", _("责任部门"), partial(_answering, today), partial(narrow, "department__code")),
        ),
        empty=_(
            "没有这样的表、报表或指标。还没有血缘时，请交来加工脚本或报表的 SQL，或让调度工具发送 OpenLineage 事件。"
        ),
        file_name=_now("血缘里的表、报表和指标"),
    )


def tellers_spec() -> ListingSpec:
    """Give the list of who told lineage."""
    return ListingSpec(
        key="lineage-tellers",
        columns=(
            Column("title", _("血缘来源"), lambda t: t.title, order_by=("title",), url=teller_page),
            Column("kind", _("方式"), lambda t: TELLERS[t.kind], order_by=("kind", "title")),
            Column("department", _("责任部门"), lambda t: t.department_name, order_by=("department_id", "title")),
            Column("version", _("版本"), lambda t: t.version or None, Kind.NUMBER),
            Column("statements", _("语句"), lambda t: t.statement_count, Kind.NUMBER, ("statement_count",)),
            Column("faults", _("读不出"), lambda t: t.fault_count, Kind.NUMBER, ("fault_count",)),
            Column("told", _("最近更新"), lambda t: t.told_at, Kind.MOMENT, ("told_at",)),
        ),
        default_sort="-told",
        filters=(by_words("kind", _("方式"), TELLERS, narrow),),
        search=("title__icontains",),
        search_hint=_("血缘来源的名称"),
        empty=_("还没有血缘。交来加工脚本或报表的 SQL，或让调度工具发送 OpenLineage 事件。"),
        file_name=_now("血缘来源"),
    )


def _advise(fault: LineageFault) -> str:
    """Give the reason, and where a table's structure is missing how it is given to the platform."""
    if not lineage.lacks_structure(fault.reason):
        return fault.reason
    return _now("%(reason)s。请先把这张表编目，或一并交来建表语句") % {"reason": fault.reason}


def faults_spec() -> ListingSpec:
    """Give the list of what could not be read of a teller's statements."""
    return ListingSpec(
        key="lineage-faults",
        columns=(
            Column("script", _("文件或作业"), lambda f: f.statement.script, order_by=("statement__script", "pk")),
            Column("line", _("行号"), lambda f: f.statement.line or None, Kind.NUMBER, ("statement__line", "pk")),
            Column("kind", _("语句"), lambda f: f.statement.kind, order_by=("statement__kind", "pk")),
            Column("reason", _("读不出的原因"), _advise, order_by=("reason",)),
        ),
        default_sort="script",
        search=("statement__script__icontains", "reason__icontains"),
        search_hint=_("文件名或原因"),
        empty=_("每条语句都读出来了。"),
        file_name=_now("读不出的语句"),
    )


def title_of(table: Any) -> str:
    """Say what people call a table: its entry's name, its own title, or the name it was told by."""
    return str(table.resource_name or table.title or table.node)


def page_of(which: str, table: Any) -> str:
    """Give the address of a page of lineage about a table."""
    return question_address(which, table.node)


def question_address(which: str, node: str, column: str = "") -> str:
    """Give the address of a page of lineage: `impact`, `origins` or `graph`; of a field or of a whole table."""
    asked = {"node": node} | ({"column": column} if column else {})
    return f"{reverse(f'resources:lineage-{which}')}?{urlencode(asked)}"


def teller_page(teller: LineageTeller) -> str:
    """Give the address of a teller's page."""
    return reverse("resources:lineage-teller", args=[teller.pk])


def _departments(rows: QuerySet[Any], today: date) -> list[Choice]:
    return [
        Choice(found.code, getattr(found, "name", found.code)) for found in lineage.list_departments_of(rows, on=today)
    ]


def _answering(today: date) -> list[Choice]:
    return [Choice(found.code, getattr(found, "name", found.code)) for found in lineage.list_answering(on=today)]
