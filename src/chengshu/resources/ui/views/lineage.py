"""Questions of lineage: find a field or table, who is hit if it is wrong or late, where its values come from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import lineage
from chengshu.resources.facade.lineage import KEEP_LINEAGE, HitKind, LineageNotFound, LineageTable, NodeKind
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.lineage import NODES, hits_spec, question_address, tables_spec, title_of

_LONGEST = 600
_MOST_ENDS = 40
_ENDS = (NodeKind.REPORT.value, NodeKind.INDICATOR.value)
_TOLD_KINDS = (NodeKind.RECORD.value, NodeKind.SOURCE.value)
_WAYS = {
    "constant": gettext_lazy("作为常量写入"),
    "identity": gettext_lazy("原样取自"),
    "expression": gettext_lazy("计算自"),
    "aggregate": gettext_lazy("汇总自"),
    "": gettext_lazy("的记录取自"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A field, or, without a column, a whole table that is asked about; `columns` are those that can be chosen."""

    table: LineageTable
    title: str
    column: str
    column_title: str
    columns: tuple[tuple[str, str], ...]

    @property
    def subject(self) -> str:
        """Say what is asked about."""
        return f"{self.title} · {self.column_title}" if self.column else self.title


@require_http_methods(["GET", "POST"])
@for_people
def search(request: PersonRequest) -> HttpResponseBase:
    """Find fields and tables by words, list all that lineage knows, and lead to impact, origins and graph."""
    today = localdate()
    lineage.require_sight(request.user, on=today)
    text = request.GET.get("q", "").replace("\0", " ").strip()[:200]
    columns = lineage.search_columns(text) if text else []
    rows = lineage.search_tables(text, on=today)
    listing = open_listing(tables_spec(today=today), rows, request)
    context = {
        "text": text,
        "state": lineage.get_state(),
        "may_keep": grants.is_permitted_anywhere(request.user, KEEP_LINEAGE, on=today),
        "columns": _lay_columns(columns, today),
    }
    return respond_with_listing(request, listing, "resources/lineage/search.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def show_impact(request: PersonRequest) -> HttpResponseBase:
    """Tell who is hit if a field is wrong or a table is late, as a sentence and a list."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - heavy: imported where it runs

    today = localdate()
    asked = open_question(request)
    if asked is None:
        return redirect("resources:lineage")
    told = lineage_work.tell_impact(asked.table.node, asked.column or None)
    rows: QuerySet[Any] = lineage.list_hits(told, on=today)
    listing = open_listing(hits_spec(rows, today=today), rows, request)
    tally = lineage.tally_hits(rows.exclude(hit=HitKind.LATE.value))
    late = rows.filter(hit=HitKind.LATE.value)
    context = lay_question(asked, "impact") | {
        "tally": tally,
        "told": told,
        "sentence": _tell_impact(asked, tally, told.reached),
        "late": _tell_late(lineage.tally_hits(late)) if asked.column else "",
        "departments": lineage.list_departments_of(rows, on=today),
        "ends": [(title_of(row), row) for row in _list_ends(rows)],
    }
    return respond_with_listing(request, listing, "resources/lineage/impact.html", context)


@require_GET
@for_people
def show_origins(request: PersonRequest) -> HttpResponseBase:
    """Tell where a value comes from, step by step, and who answers for each."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - the same

    today = localdate()
    asked = open_question(request)
    if asked is None:
        return redirect("resources:lineage")
    found = lineage_work.list_steps(asked.table.node, asked.column or None)
    tables = lineage.tables_of_nodes([asked.table.node, *(step.column.table for step in found)], on=today)
    names = lineage.field_names(tables.values())
    statements = lineage.statements_by_id({step.statement for step in found if step.statement})
    visible = lineage.visible_resources(tables.values(), request.user, on=today)
    steps = [_lay_step(step, tables, names, statements, visible) for step in found]
    levels: dict[int, list[Mapping[str, Any]]] = {}
    for step in steps:
        levels.setdefault(step["depth"], []).append(step)
    answering = sorted({step["department"] for step in steps if step["department"]})
    context = lay_question(asked, "origins") | {
        "levels": list(levels.items()),
        "is_cut": len(found) == lineage_work.MOST_STEPS,
        "answering": answering,
        "unowned": sum(1 for step in steps if not step["department"]),
        "sources": [step for step in steps if step["is_first"]],
    }
    return render(request, "resources/lineage/origins.html", context)


def open_question(request: PersonRequest) -> Question | None:
    """Read what is asked about; None where nothing is. Tables that lineage does not know are answered 404."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - the same

    today = localdate()
    lineage.require_sight(request.user, on=today)
    node, column = (request.GET.get(name, "").strip() for name in ("node", "column"))
    if not node:
        return None
    table = lineage.tables_of_nodes([node], on=today).get(node) if "\0" not in node and len(node) <= _LONGEST else None
    if table is None:
        raise LineageNotFound(_("血缘里没有这张表。"), node=node[:100])
    names = lineage.field_names([table])
    known = sorted({found.name for found in lineage_work.open_graph().columns_of(node)} - {"*"})
    columns = tuple((name, _call(names.get((node, name), ""), name)) for name in known)
    if column and column not in known:
        raise LineageNotFound(_("血缘里没有这个字段。"), node=node[:100])
    return Question(table, title_of(table), column, dict(columns).get(column, column), columns)


def lay_question(asked: Question, page: str) -> dict[str, Any]:
    """Give what every page about a field or table shows: its name, its columns, and the other questions."""
    pages = (("impact", _("影响分析")), ("origins", _("溯源")), ("graph", _("血缘图")))
    return {
        "asked": asked,
        "kind": NODES[asked.table.kind],
        "pages": [(label, question_address(key, asked.table.node, asked.column), key == page) for key, label in pages],
        "state": lineage.get_state(),
    }


def _tell_impact(asked: Question, tally: Mapping[str, int], reached: int) -> str:
    if not any(tally.values()):
        return _("没有发现依赖“%(what)s”的数据。") % {"what": asked.subject}
    told = {"what": asked.subject, "fields": reached, **tally}
    happened = _("“%(what)s”出错，会影响 ") if asked.column else _("“%(what)s”迟到，会影响 ")
    hit = _count_hits(tally)
    fields = _("，共 %(fields)s 个字段。")
    unowned = _("其中 %(unowned)s 张表还没有登记责任部门。") if tally["unowned"] else ""
    return (happened + hit + fields + unowned) % told


def _tell_late(tally: Mapping[str, int]) -> str:
    """Say what is hit beside that if the field comes late with its table."""
    return _("所在的表迟到，还会影响 %(what)s。") % {"what": _count_hits(tally) % tally} if any(tally.values()) else ""


def _count_hits(tally: Mapping[str, int]) -> str:
    parts = (
        ("departments", _("%(departments)s 个部门")),
        ("reports", _("%(reports)s 张报表")),
        ("indicators", _("%(indicators)s 个指标")),
        ("tables", _("%(tables)s 张表")),
    )
    return _("、").join(part for key, part in parts if tally[key])


def _list_ends(rows: Any) -> list[Any]:
    return list(rows.filter(kind__in=_ENDS).order_by("-kind", "depth", "node")[:_MOST_ENDS])


def _lay_step(
    step: Any,
    tables: Mapping[str, Any],
    names: Mapping[tuple[str, str], str],
    statements: Mapping[str, Any],
    visible: Iterable[int],
) -> dict[str, Any]:
    table, feeds = tables.get(step.column.table), tables.get(step.via.table)
    statement = statements.get(step.statement or "")
    return {
        "depth": step.depth,
        "table": title_of(table) if table is not None else step.column.table,
        "column": "" if step.column.name == "*" else _name(names, step.column),
        "feeds": title_of(feeds) if feeds is not None else step.via.table,
        "feeds_column": "" if step.via.name == "*" else _name(names, step.via),
        "way": _WAYS[step.way.value if step.way is not None else ""],
        "statement": statement,
        "kind": NODES[table.kind] if table is not None and table.kind in _TOLD_KINDS else "",
        "department": table.department_name if table is not None else "",
        "resource": table.resource_id if table is not None and table.resource_id in visible else None,
        "address": question_address("origins", step.column.table),
        "is_first": table is not None and table.resource_id is not None,
    }


def _name(names: Mapping[tuple[str, str], str], column: Any) -> str:
    return _call(names.get((column.table, column.name), ""), column.name)


def _call(title: str, name: str) -> str:
    return _("%(title)s（%(name)s）") % {"title": title, "name": name} if title and title != name else name


def _lay_columns(found: list[tuple[LineageTable, str, str]], today: date) -> list[dict[str, Any]]:
    tables = lineage.tables_of_nodes([table.node for table, _column, _title in found], on=today)
    return [
        {
            "title": _call(title, column),
            "table": title_of(tables[table.node]),
            "department": getattr(tables[table.node], "department_name", ""),
            **_addresses(table.node, column),
        }
        for table, column, title in found
    ]


def _addresses(node: str, column: str = "") -> dict[str, str]:
    return {which: question_address(which, node, column) for which in ("impact", "origins", "graph")}
