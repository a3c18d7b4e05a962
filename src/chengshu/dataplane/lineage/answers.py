"""Answers for people: who is hit if a field is late or wrong, and where a figure comes from and who answers for it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from chengshu.dataplane.lineage.columns import ROWS, Column, Transformation
from chengshu.dataplane.lineage.graph import Answer, ColumnGraph, Found


class UseKind(StrEnum):
    """What stands at the end of lineage, for people to look at."""

    REPORT = "报表"
    INDICATOR = "指标"
    SERVICE = "服务"


class Hit(StrEnum):
    """How something is hit: a value flows into it, or only which rows it has or counts is decided."""

    VALUE = "数值"
    ROWS = "统计范围"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who answers for a table, and what people call the table."""

    department: str
    title: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A report, indicator or service that shows a column, or, with ROWS, a whole table."""

    kind: UseKind
    name: str
    department: str
    column: Column


@dataclass(frozen=True)
class Ownership:
    """Who answers for which table, and what is made of which column."""

    holders: Mapping[str, Holder] = field(default_factory=dict)
    uses: Sequence[Use] = ()

    @cached_property
    def uses_by_table(self) -> Mapping[str, Sequence[Use]]:
        """Give the uses of each table's columns."""
        grouped: dict[str, list[Use]] = defaultdict(list)
        for use in self.uses:
            grouped[use.column.table].append(use)
        return grouped


@dataclass(frozen=True, slots=True)
class DepartmentHit:
    """A department with what of it is hit; `department` is empty for tables that nobody is known to answer for."""

    department: str
    tables: tuple[tuple[str, int], ...]
    """Tables with the count of columns hit, most first."""
    uses: tuple["UseHit", ...]

    @property
    def columns(self) -> int:
        """Give the number of columns hit."""
        return sum(count for _, count in self.tables)


@dataclass(frozen=True, slots=True)
class UseHit:
    """A report or indicator that is hit: in its values or its rows, after how many steps."""

    use: Use
    hit: Hit
    depth: int


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that hangs on some columns, by department; the hardest hit first."""

    columns: tuple[Column, ...]
    reached: int
    """Columns hit in values or rows."""
    depth: int
    departments: tuple[DepartmentHit, ...]
    by_value: Answer
    anyhow: Answer

    def path_to(self, hit: UseHit) -> list[Column]:
        """Give a shortest way from the columns asked for to a report or indicator, both ends included."""
        flown = self.by_value.path_to(hit.use.column)
        return flown or self.anyhow.path_to(hit.use.column)


@dataclass(frozen=True, slots=True)
class OriginStep:
    """One column on the way to a figure: what it is made into, how, by which statement, and who answers for it."""

    depth: int
    column: Column
    feeds: Column
    way: Transformation | None
    statement: str | None
    holder: Holder | None


def impact_of(graph: ColumnGraph, columns: Sequence[Column], ownership: Ownership) -> Impact:
    """Tell which departments, reports and indicators are hit if columns are wrong.

    A value is hit where a value flows; rows are hit where a column decides which rows there are.
    """
    by_value = graph.impact(columns, through_rows=False)
    anyhow = graph.impact(columns)
    tables: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for table, count in anyhow.tally_tables():
        holder = ownership.holders.get(table)
        tables[holder.department if holder is not None else ""].append((table, count))
    uses: dict[str, list[UseHit]] = defaultdict(list)
    reached = dict.fromkeys(
        [*(column.table for column in columns), *(name for names in tables.values() for name, _ in names)]
    )
    listed = [use for table in reached for use in ownership.uses_by_table.get(table, ())]
    for hit in _uses_hit(listed, by_value, anyhow):
        uses[hit.use.department].append(hit)
    hits = [
        DepartmentHit(department, tuple(tables[department]), tuple(uses[department]))
        for department in dict.fromkeys([*tables, *uses])
    ]
    ordered = sorted(hits, key=lambda hit: (not hit.department, -len(hit.uses), -hit.columns, hit.department))
    return Impact(tuple(columns), len(anyhow), anyhow.depth, tuple(ordered), by_value, anyhow)


def impact_of_late(graph: ColumnGraph, tables: Iterable[str], ownership: Ownership) -> Impact:
    """Tell who is hit if whole tables are late: by all their columns, and by their rows."""
    columns = [column for table in tables for column in graph.columns_of(table)]
    return impact_of(graph, columns, ownership)


def _uses_hit(uses: Sequence[Use], by_value: Answer, anyhow: Answer) -> list[UseHit]:
    columns = [use.column for use in uses]
    hits = []
    depths = zip(uses, by_value.depths_of(columns), anyhow.depths_of(columns), strict=True)
    for use, value_depth, any_depth in depths:
        if any_depth is None:
            continue
        is_flown = value_depth is not None and use.column.name != ROWS
        depth = any_depth if value_depth is None else value_depth
        hits.append(UseHit(use, Hit.VALUE if is_flown else Hit.ROWS, depth))
    return sorted(hits, key=lambda hit: (hit.hit is Hit.ROWS, hit.depth, hit.use.kind, hit.use.name))


def origin_of(
    graph: ColumnGraph, column: Column, ownership: Ownership, *, depth: int | None = None, count: int | None = None
) -> list[OriginStep]:
    """Tell where a figure comes from: the columns that its value is made of, nearest first, with who answers."""
    return [_step_of(one, ownership) for one in find_origin(graph, [column], depth=depth, count=count)]


def find_origin(
    graph: ColumnGraph, columns: Sequence[Column], *, depth: int | None = None, count: int | None = None
) -> list[Found]:
    """List what values are made of, nearest first; of what is counted, the tables whose rows come into it as well."""
    found = graph.origin(columns, depth=depth).list_found(count=count)
    depths = {one.column: one.depth for one in found}
    counted = [column for column in depths if column.name == ROWS]
    above = graph.origin(counted, through_rows=True).list_found(count=count) if counted else []
    for one in above:  # the nearest first, so that what a step leads to is there before it
        if one.column.name != ROWS or one.column in depths or one.via not in depths:
            continue
        depths[one.column] = depths[one.via] + 1
        found.append(replace(one, depth=depths[one.column]))
    listed = sorted(found, key=lambda one: one.depth)
    return [one for one in listed if depth is None or one.depth <= depth][:count]


def _step_of(found: Found, ownership: Ownership) -> OriginStep:
    holder = ownership.holders.get(found.column.table)
    return OriginStep(found.depth, found.column, found.via, found.way, found.statement, holder)


_WAYS: Mapping[Transformation | None, str] = {
    Transformation.CONSTANT: "作为常量写入",
    Transformation.IDENTITY: "原样取自",
    Transformation.EXPRESSION: "计算自",
    Transformation.AGGREGATE: "汇总自",
    None: "取自",
}


def tell_step(step: OriginStep, ownership: Ownership) -> str:
    """Say a step in a sentence."""
    what = f"{_title(step.feeds, ownership)}{_WAYS[step.way]}{_title(step.column, ownership)}"
    by = f"（{step.statement}）" if step.statement else ""
    if step.holder is None:
        return f"{what}{by}；{step.column.table} 尚未登记责任部门。"
    person = f"（{step.holder.person}）" if step.holder.person else ""
    return f"{what}{by}，由{step.holder.department}{person}负责。"


def tell_impact(impact: Impact) -> str:
    """Say an impact in a sentence: how many departments, reports and indicators."""
    start = "、".join(f"{column.table}.{column.name}" for column in impact.columns[:3])
    more = f"等 {len(impact.columns)} 个字段" if len(impact.columns) > 3 else ""
    if not impact.departments:
        return f"没有发现依赖 {start}{more} 的数据。"
    named = [hit for hit in impact.departments if hit.department]
    kinds = Counter(hit.use.kind for department in impact.departments for hit in department.uses)
    uses = "".join(f"、{kinds[kind]} 个{kind}" for kind in UseKind if kinds[kind])
    unowned = sum(hit.columns for hit in impact.departments if not hit.department)
    tail = f"，其中 {unowned} 个字段尚未登记责任部门" if unowned else ""
    return f"{start}{more} 出错或迟到，影响 {len(named)} 个部门{uses}，共 {impact.reached} 个字段{tail}。"


def _title(column: Column, ownership: Ownership) -> str:
    holder = ownership.holders.get(column.table)
    table = f"《{holder.title}》" if holder is not None and holder.title else column.table
    return f"{table}的行" if column.name == ROWS else f"{table}的“{column.name}”"
