"""数据概况: every column of a table counted in one scan, its frequent values and bins in a second.

Candidates for frequent values come with the first scan where the engine estimates them, else from a grouping between.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlglot import exp

from chengshu.dataplane.checks.cells import Kind, Shape, as_text, as_type, cell, is_missing
from chengshu.dataplane.checks.rules import Type
from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.lake.places import Lake
from chengshu.resources.pipelines.measuring import DATA, EXACT_ROWS, distinct, opened
from chengshu.resources.rules.distributions import BINS, FEW_VALUES, nice_edges

_NUMBERS = {Kind.INTEGER, Kind.NUMBER}
_MOMENTS = {Kind.DATE, Kind.TIMESTAMP}
_DAY_MICROSECONDS = 86_400_000_000
_ESTIMATES = {"duckdb": "approx_top_k"}
"""Aggregates that estimate the most frequent values, by dialect; Spark has none before 4.1."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be profiled: as what texts are read, columns whose values are not to be seen, edges used before.

    `on` is the engine that computes.
    """

    lake: Lake
    table: str
    read_as: Mapping[str, str] = field(default_factory=dict)
    hidden: Collection[str] = ()
    edges: Mapping[str, Sequence[float]] = field(default_factory=dict)
    on: EngineChoice = field(default_factory=EngineChoice)


@dataclass(frozen=True, slots=True)
class Profiled:
    """A table's version with its rows, and a record for each column."""

    version: int
    rows: int
    columns: list[dict[str, Any]]


def profile_table(wanted: Wanted) -> Profiled:
    """Profile the newest version of a table.

    Raises:
        LakeFault: there is no such table.
        EngineMissing, DataUnreadable: as `opened` does.
    """
    read_as = {column: Type(kind) for column, kind in wanted.read_as.items()}
    with opened(wanted.lake, wanted.table, on=wanted.on, read_as=read_as) as (engine, shape, active):
        columns = [_Column(name, shape, is_hidden=name in wanted.hidden) for name in shape.kinds]
        if columns:
            _count(engine, columns, active.rows)
            if engine.dialect not in _ESTIMATES:
                _group(engine, columns)
            _spread(engine, columns, wanted.edges)
        return Profiled(active.version, active.rows, [column.record for column in columns])


class _Column:
    """A column under way: the expressions that are asked of it, and its record."""

    def __init__(self, name: str, shape: Shape, *, is_hidden: bool) -> None:
        kind = shape.kinds[name]
        told = shape.read_as.get(name)
        self.meant = Kind(told.value) if told and kind is Kind.TEXT else kind
        self.is_number, self.is_moment = self.meant in _NUMBERS, self.meant in _MOMENTS
        self.is_shown = not is_hidden and kind is not Kind.OTHER
        self.is_text = self.meant is Kind.TEXT
        self.name, self._shape = name, shape
        self.record: dict[str, Any] = {"name": name, "kind": self.meant.value, "top": [], "edges": [], "bins": []}
        self.values: list[str] = []

    def text(self) -> exp.Expr:
        return as_text(self.name, self._shape)

    def number(self) -> exp.Expr:
        """Give the value as a number: of a moment, the days since 1970."""
        double = exp.DataType.build("DOUBLE", dialect="duckdb")
        if self.is_number:
            return exp.Cast(this=as_type(self.name, Type.NUMBER, self._shape), to=double)
        zoned = exp.DataType.build("TIMESTAMPTZ", dialect="duckdb")  # Spark counts from 1970 for no other
        moment = exp.Cast(this=as_type(self.name, Type.TIMESTAMP, self._shape), to=zoned)
        micros = exp.UnixMicros(this=moment)
        return exp.Div(this=exp.Cast(this=micros, to=double), expression=exp.Literal.number(_DAY_MICROSECONDS))

    def read(self) -> exp.Column:
        """Give the number as the scan has computed it, once a row, however often it is asked for."""
        return exp.column(exp.to_identifier(f"__number_{self.name}", quoted=True))

    def ordered(self) -> exp.Expr:
        """Give what the least and the greatest value are told by."""
        return as_type(self.name, Type.NUMBER, self._shape) if self.is_number else self.text()


def _count(engine: Engine, columns: Sequence[_Column], rows: int) -> None:
    """One scan: nulls, distinct values, bounds, lengths and candidates for frequent values of all columns."""
    asked: list[exp.Expr] = []
    for at, column in enumerate(columns):
        asked += [_named(exp.Count(this=cell(column.name)), f"c{at}"), _named(distinct(column.name, rows), f"d{at}")]
        if not column.is_shown:
            continue
        asked += [
            _named(_as_text(exp.Min(this=column.ordered())), f"min{at}"),
            _named(_as_text(exp.Max(this=column.ordered())), f"max{at}"),
        ]
        if estimate := _ESTIMATES.get(engine.dialect):
            top = exp.Anonymous(this=estimate, expressions=[column.text(), exp.Literal.number(FEW_VALUES)])
            asked.append(_named(_as_text(exp.Anonymous(this="to_json", expressions=[top])), f"top{at}"))
        if column.is_text:
            length = exp.Length(this=column.text())
            asked += [_named(exp.Min(this=length), f"short{at}"), _named(exp.Max(this=length.copy()), f"long{at}")]
        if column.is_number or column.is_moment:
            asked += [
                _named(exp.Min(this=column.read()), f"low{at}"),
                _named(exp.Max(this=column.number()), f"up{at}"),
            ]
    row = _fetch_one(engine, asked, columns)
    for at, column in enumerate(columns):
        record = column.record
        record |= {"nulls": rows - int(row[f"c{at}"]), "distinct": int(row[f"d{at}"]), "is_estimate": rows > EXACT_ROWS}
        record |= {"min": row.get(f"min{at}"), "max": row.get(f"max{at}")}
        record |= {"shortest": row.get(f"short{at}"), "longest": row.get(f"long{at}")}
        record |= {"low": row.get(f"low{at}"), "up": row.get(f"up{at}")}
        column.values = [value for value in json.loads(row.get(f"top{at}") or "[]") if value is not None]


def _group(engine: Engine, columns: Sequence[_Column]) -> None:
    """Count every value of each column whose values are to be seen, and take the most frequent ones."""
    parts = [
        exp.select(
            _named(exp.Literal.number(at), "__at"), _named(column.text(), "__value"), _named(_count_all(), "__times")
        )
        .from_(exp.table_(DATA))
        .where(exp.not_(is_missing(column.name)))
        .group_by(column.text())
        .order_by(exp.Ordered(this=_count_all(), desc=True), column.text())
        .limit(FEW_VALUES)
        .subquery(f"g{at}")
        for at, column in enumerate(columns)
        if column.is_shown and column.record["distinct"]
    ]
    if not parts:
        return
    chosen = [exp.select("*").from_(part) for part in parts]
    together = chosen[0] if len(chosen) == 1 else exp.union(*chosen, distinct=False)
    found = engine.fetch(together.sql(dialect=engine.dialect)).sort_by(
        [("__at", "ascending"), ("__times", "descending")]
    )
    for line in found.to_pylist():
        columns[line["__at"]].values.append(line["__value"])


def _count_all() -> exp.Expr:
    return exp.Count(this=exp.Star())


def _spread(engine: Engine, columns: Sequence[_Column], edges: Mapping[str, Sequence[float]]) -> None:
    """A second scan: how often the frequent values occur, and how many values are in each bin."""
    asked: list[exp.Expr] = []
    for at, column in enumerate(columns):
        for place, value in enumerate(column.values):
            same = exp.EQ(this=column.text(), expression=exp.Literal.string(value))
            asked.append(_named(exp.CountIf(this=same), f"v{at}_{place}"))
        column.record["edges"] = _edges_of(column, edges.get(column.name, ()))
        for place, condition in enumerate(_bins(column)):
            asked.append(_named(exp.CountIf(this=condition), f"b{at}_{place}"))
    if not asked:
        return
    row = _fetch_one(engine, asked, columns)
    for at, column in enumerate(columns):
        record = column.record
        counted = sorted(((int(row[f"v{at}_{i}"]), value) for i, value in enumerate(column.values)), reverse=True)
        few = record["distinct"] <= FEW_VALUES
        record["top"] = [[value, times] for times, value in counted if few or times > 1][: FEW_VALUES if few else BINS]
        bins = len(record["edges"]) + 1 if record["edges"] else 0
        record["bins"] = [int(row[f"b{at}_{place}"]) for place in range(bins)]
        del record["low"], record["up"]


def _edges_of(column: _Column, before: Sequence[float]) -> list[float]:
    """Give the edges used before, so that versions can be compared, or round ones; none for few values."""
    record = column.record
    if before:
        return list(before)
    if record["distinct"] <= FEW_VALUES or record.get("low") is None:
        return []
    is_whole = column.is_moment or column.meant is Kind.INTEGER
    return nice_edges(float(record["low"]), float(record["up"]), is_whole=is_whole)


def _bins(column: _Column) -> list[exp.Expr]:
    edges = [exp.Literal.number(format(edge, "f")) if edge >= 0 else exp.Neg(this=exp.Literal.number(format(-edge, "f")))
             for edge in column.record["edges"]]  # fmt: skip
    if not edges:
        return []
    number = column.read
    between: list[exp.Expr] = [
        exp.and_(exp.GTE(this=number(), expression=low.copy()), exp.LT(this=number(), expression=high.copy()))
        for low, high in pairwise(edges)
    ]
    below, above = exp.LT(this=number(), expression=edges[0]), exp.GTE(this=number(), expression=edges[-1].copy())
    return [below, *between, above]


def _fetch_one(engine: Engine, asked: Sequence[exp.Expr], columns: Sequence[_Column]) -> dict[str, Any]:
    """Run one scan, with the columns' numbers computed before what is asked of them."""
    numbers = [
        _named(one.number(), one.read().this) for one in columns if one.is_shown and (one.is_number or one.is_moment)
    ]
    rows = exp.select("*", *numbers).from_(exp.table_(DATA)).subquery("t")
    found = engine.fetch(exp.select(*asked).from_(rows).sql(dialect=engine.dialect))
    row: dict[str, Any] = found.to_pylist()[0]
    return row


def _as_text(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build("VARCHAR", dialect="duckdb"))


def _named(node: exp.Expr, name: str | exp.Identifier) -> exp.Expr:
    return exp.alias_(node, name, copy=False)
