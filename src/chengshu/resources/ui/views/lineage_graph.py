"""The graph of lineage: tables as boxes, laid out here, so that it reads without scripts and as a table as well."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengshu.resources.facade import lineage
from chengshu.resources.facade.lineage_drawing import (
    HEAD,
    ROW,
    WIDTH,
    Box,
    BoxAsked,
    Drawing,
    LinkAsked,
    lay_out,
    shorten,
)
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.lineage import NODES, question_address, title_of
from chengshu.resources.ui.views.lineage import Question, lay_question, open_question
from chengshu.resources.ui.words import TRANSFORMATIONS

_FIRST, _MOST, _MORE = 40, 200, 40
_FOLDED_ABOVE = 8
_MOST_ROWS = 25
_TITLE_SIGNS, _COLUMN_SIGNS = 24, 26


@require_GET
@for_people
def show_graph(request: PersonRequest) -> HttpResponseBase:
    """Draw what lies around a field or table."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - heavy: imported where it runs

    asked = open_question(request)
    if asked is None:
        return redirect("resources:lineage")
    state = _State(request, asked)
    found = lineage_work.find_neighbourhood(
        asked.table.node, asked.column or None, opened=frozenset(state.opened), most=state.most
    )
    tables = lineage.tables_of_nodes([name for name, _step in found.tables], on=localdate())
    names = lineage.field_names(tables.values())
    columns = _columns_of(found)
    boxes = [
        BoxAsked(name, step, tuple(columns[name][:_MOST_ROWS]) if state.is_unfolded(name, columns[name]) else ())
        for name, step in found.tables
    ]
    links = [
        LinkAsked(link.source.table, link.source.name, link.target.table, link.target.name, link.way is not None)
        for link in found.links
    ]
    drawing = lay_out(boxes, links)
    context = lay_question(asked, "graph") | {
        "drawing": drawing,
        "size": {"width": WIDTH, "head": HEAD, "row": ROW},
        "boxes": _lay_boxes(drawing, state, tables, names, columns, found.hidden),
        "curves": _lay_curves(drawing),
        "rows": _lay_rows(found, tables, names),
        "left_out": found.left_out,
        "more": state.address(most=min(_MOST, state.most + _MORE)) if found.left_out and state.most < _MOST else "",
        "reset": question_address("graph", asked.table.node, asked.column),
    }
    return render(request, "resources/lineage/graph.html", context)


class _State:
    """What the address says of the drawing: tables unfolded or folded against the rule, opened, and how many at most."""

    def __init__(self, request: PersonRequest, asked: Question) -> None:
        self.asked = asked
        self.opened = tuple(dict.fromkeys(request.GET.getlist("open")[:_MOST]))
        self.turned = frozenset(request.GET.getlist("turn")[:_MOST])
        told = request.GET.get("most", "")
        self.most = min(_MOST, max(1, int(told))) if told.isascii() and told.isdecimal() and len(told) < 5 else _FIRST

    def is_unfolded(self, name: str, columns: list[str]) -> bool:
        """Say whether a table shows its columns: few of them, or what is asked about; or somebody turned it."""
        by_rule = name == self.asked.table.node or len(columns) <= _FOLDED_ABOVE
        return by_rule != (name in self.turned)

    def address(self, *, turn: str = "", opened: str = "", closed: str = "", most: int = 0) -> str:
        """Give the address with one thing changed."""
        turned = self.turned ^ {turn} if turn else self.turned
        shown = [name for name in (*self.opened, *([opened] if opened else [])) if name != closed]
        pairs = [("node", self.asked.table.node)]
        pairs += [("column", self.asked.column)] if self.asked.column else []
        pairs += [("open", name) for name in dict.fromkeys(shown)] + [("turn", name) for name in sorted(turned)]
        pairs += [("most", str(most or self.most))] if (most or self.most) != _FIRST else []
        return f"{reverse('resources:lineage-graph')}?{urlencode(pairs)}"


def _columns_of(found: Any) -> Mapping[str, list[str]]:
    """Give the columns of each table that edges touch, in order; its rows as such have no line."""
    columns: dict[str, dict[str, None]] = defaultdict(dict)
    for link in found.links:
        for end in (link.source, link.target):
            if end.name != "*":
                columns[end.table][end.name] = None
    return defaultdict(list, {table: sorted(names) for table, names in columns.items()})


def _lay_boxes(
    drawing: Drawing,
    state: _State,
    tables: Mapping[str, Any],
    names: Mapping[tuple[str, str], str],
    columns: Mapping[str, list[str]],
    hidden: frozenset[str],
) -> list[dict[str, Any]]:
    laid = []
    for number, box in enumerate(drawing.boxes):
        table = tables.get(box.name)
        title = title_of(table) if table is not None else box.name
        laid.append(
            {
                "id": f"b{number}",
                "box": box,
                "title": title,
                "short": shorten(title, _TITLE_SIGNS),
                "kind": NODES[table.kind] if table is not None else "",
                "kind_key": table.kind if table is not None else "table",
                "department": shorten(table.department_name or _("未登记责任部门"), _COLUMN_SIGNS) if table else "",
                "is_focus": box.name == state.asked.table.node,
                "address": question_address("graph", box.name),
                "fold": state.address(turn=box.name) if columns[box.name] else "",
                "is_unfolded": bool(box.rows),
                "count": len(columns[box.name]),
                "rest": max(0, len(columns[box.name]) - len(box.rows)) if box.rows else 0,
                "open": state.address(opened=box.name) if box.name in hidden else "",
                "close": state.address(closed=box.name) if box.name in state.opened else "",
                "rows": _lay_columns(number, box, state, names),
            }
        )
    return laid


def _lay_columns(number: int, box: Box, state: _State, names: Mapping[tuple[str, str], str]) -> list[dict[str, Any]]:
    return [
        {
            "y": y,
            "key": f"{number}.{at}",
            "title": (title := names.get((box.name, column)) or column),
            "short": shorten(title, _COLUMN_SIGNS),
            "address": question_address("graph", box.name, column),
            "is_asked": box.name == state.asked.table.node and column == state.asked.column,
        }
        for at, (column, y) in enumerate(box.rows)
    ]


def _lay_curves(drawing: Drawing) -> list[dict[str, Any]]:
    """Give each curve with the keys of its ends: `box.row` of an unfolded column, `box` of a folded one."""
    numbers = {box.name: number for number, box in enumerate(drawing.boxes)}
    rows = {(box.name, column): at for box in drawing.boxes for at, (column, _y) in enumerate(box.rows)}

    def key(table: str, column: str) -> str:
        at = rows.get((table, column))
        return f"{numbers[table]}" if at is None else f"{numbers[table]}.{at}"

    return [
        {
            "path": curve.path,
            "is_value": curve.is_value,
            "from": key(curve.pairs[0].source, curve.pairs[0].source_column),
            "to": key(curve.pairs[0].target, curve.pairs[0].target_column),
        }
        for curve in drawing.curves
    ]


def _lay_rows(found: Any, tables: Mapping[str, Any], names: Mapping[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Give the edges as rows of a table: the same for who does not see the drawing."""

    def call(column: Any) -> tuple[str, str]:
        table = tables.get(column.table)
        title = title_of(table) if table is not None else column.table
        return title, "" if column.name == "*" else names.get((column.table, column.name)) or column.name

    return [
        {
            "source": call(link.source),
            "target": call(link.target),
            "way": TRANSFORMATIONS[link.way.value if link.way is not None else ""],
        }
        for link in sorted(found.links, key=lambda link: (link.target, link.source))[:1000]
    ]
