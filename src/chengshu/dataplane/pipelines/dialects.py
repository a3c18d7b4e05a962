"""How a query of the neutral language is said to each engine, so that all give the same answer.

A dialect differs from the base by capability constants and small methods. A method takes one expression, whose parts
were said before, and gives what stands in its place.
"""

from collections.abc import Mapping
from typing import ClassVar

from sqlglot import exp

from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.pipelines.casts import build_cast
from chengshu.dataplane.pipelines.kinds import ORDERED
from chengshu.dataplane.pipelines.typed import FORMS, kind_of
from chengshu.dataplane.tables.shapes import Type

_BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""What TRIM takes away: the separators of Unicode (Zs), among them the wide blank of Chinese texts."""
_METHODS: Mapping[type[exp.Expr], str] = {
    exp.Div: "say_division",
    exp.IntDiv: "say_whole_division",
    exp.Mod: "say_whole_division",
    exp.Add: "say_addition",
    exp.Sub: "say_addition",
    **dict.fromkeys((exp.Sum, exp.Filter, exp.Window, *ORDERED), "say_aggregate"),
    exp.CountIf: "say_count_if",
    exp.GroupConcat: "say_joining",
    exp.Avg: "say_average",
    exp.Cast: "say_cast",
    exp.TryCast: "say_cast",
    exp.Round: "say_rounding",
    exp.Ceil: "say_whole",
    exp.Floor: "say_whole",
    exp.Trim: "say_trim",
    exp.RegexpFullMatch: "say_full_match",
    **dict.fromkeys((exp.TimestampTrunc, exp.DateTrunc), "say_truncation"),
    **dict.fromkeys((exp.Length, exp.StrPosition, exp.Extract), "say_count"),
    exp.DateDiff: "say_difference",
    **dict.fromkeys((exp.Year, exp.Quarter, exp.Month, exp.Day, exp.Hour, exp.Minute), "say_count"),
}


class Dialect:
    """The neutral language as it is."""

    name: ClassVar[str]
    """Of the dialect in sqlglot."""
    SUMS_ARE_WIDE: ClassVar[bool] = False
    """Sums of whole numbers have 128 bits."""
    COUNTS_ARE_NARROW: ClassVar[bool] = False
    """Lengths, parts of a date and row numbers have 32 bits."""

    def say(self, query: exp.Query) -> exp.Query:
        """Give a resolved query as this engine is to be told; the query itself stays as it is."""
        said = self._say(query.copy())
        if not isinstance(said, exp.Query):
            raise PipelineFault("内部错误：语句变成了别的东西。", statement=query.sql())
        return said

    def _say(self, node: exp.Expr) -> exp.Expr:
        for part in list(node.iter_expressions()):
            said = self._say(part)
            if said is not part:
                part.replace(said)
        method = _METHODS.get(type(node))
        if method is None:
            return node
        said = getattr(self, method)(node)
        said.meta["kind"] = kind_of(node)
        return said  # type: ignore[no-any-return]  # the methods are these below

    def say_division(self, node: exp.Div) -> exp.Expr:
        """Divide as doubles; by zero gives null."""
        return node

    def say_whole_division(self, node: exp.Expr) -> exp.Expr:
        """Divide whole numbers towards zero, or give the rest; by zero gives null."""
        return node

    def say_addition(self, node: exp.Expr) -> exp.Expr:
        """Add; a day and a length of time give a day."""
        length = node.expression
        if isinstance(length, exp.Interval) and not isinstance(length.this, exp.Literal | exp.Paren):
            length.set("this", exp.Paren(this=length.this.copy()))
        return build_cast(node.copy(), Type.DATE) if kind_of(node) is Type.DATE else node

    def say_aggregate(self, node: exp.Expr) -> exp.Expr:
        """Give whole numbers of aggregates and windows 64 bits, once around all of FILTER and OVER."""
        if isinstance(node.parent, exp.Filter | exp.Window) and node.arg_key == "this":
            return node
        core = node
        while isinstance(core, exp.Filter | exp.Window):
            core = core.this
        wide = self.SUMS_ARE_WIDE and isinstance(core, exp.Sum)
        narrow = self.COUNTS_ARE_NARROW and isinstance(core, ORDERED)
        return build_cast(node.copy(), Type.INTEGER) if (wide or narrow) and kind_of(node) is Type.INTEGER else node

    def say_count_if(self, node: exp.CountIf) -> exp.Expr:
        """Count the rows where something holds: 0 when there are none, for which DuckDB's own gives null."""
        one = exp.Literal.number(1)
        return exp.Count(this=exp.Case(ifs=[exp.If(this=node.this.copy(), true=one)]), big_int=True)

    def say_joining(self, node: exp.GroupConcat) -> exp.Expr:
        """Join texts in their order; what the order leaves equal is ordered by the texts, so that one answer is left."""
        order = node.this
        if not isinstance(order.this, exp.Distinct):
            order.append("expressions", exp.Ordered(this=order.this.copy(), nulls_first=False))
        return node

    def say_difference(self, node: exp.DateDiff) -> exp.Expr:
        """Count the first days of a span that lie between two days."""
        return self.say_count(node)

    def say_average(self, node: exp.Avg) -> exp.Expr:
        """Give the mean as a double."""
        return node

    def say_cast(self, node: exp.Cast) -> exp.Expr:
        """Read texts in their one form only; round, half away from zero, to whole numbers."""
        source, kind = kind_of(node.this), kind_of(node)
        if source is Type.TEXT and kind in FORMS and not isinstance(node.this, exp.Literal):
            return self._guard(node, FORMS[kind])
        if source in (Type.DECIMAL, Type.DOUBLE) and kind is Type.INTEGER:
            node.this.replace(exp.Round(this=node.this.copy()))
        return node

    def _guard(self, node: exp.Cast, form: str) -> exp.Expr:
        """Cast the text where it has its form; else TRY_CAST gives null, and CAST casts what no engine can read."""
        text = node.this
        match = exp.RegexpFullMatch(this=text.copy(), expression=exp.Literal.string(form))
        odd = node.copy()
        odd.this.replace(exp.DPipe(this=exp.Literal.string("不是约定的写法："), expression=text.copy()))
        branch = exp.If(this=self.say_full_match(match), true=node.copy())
        return exp.Case(ifs=[branch], default=None if isinstance(node, exp.TryCast) else odd)

    def say_rounding(self, node: exp.Round) -> exp.Expr:
        """Round half away from zero."""
        return node

    def say_whole(self, node: exp.Expr) -> exp.Expr:
        """Give CEIL and FLOOR as whole numbers."""
        return build_cast(node.copy(), Type.INTEGER)

    def say_trim(self, node: exp.Trim) -> exp.Expr:
        """Take blanks away, the wide one of Chinese texts too."""
        return node

    def say_full_match(self, node: exp.RegexpFullMatch) -> exp.Expr:
        """Match the whole text."""
        return node

    def say_truncation(self, node: exp.Expr) -> exp.Expr:
        """Give the first day of a span as a day, its first moment as a moment."""
        return build_cast(node.copy(), Type.DATE) if kind_of(node) is Type.DATE else node

    def say_count(self, node: exp.Expr) -> exp.Expr:
        """Give lengths and parts of a date 64 bits."""
        return build_cast(node.copy(), Type.INTEGER) if self.COUNTS_ARE_NARROW else node


class DuckDBDialect(Dialect):
    """DuckDB, with divisions by zero set to null (ieee_floating_point_ops off)."""

    name = "duckdb"
    SUMS_ARE_WIDE = True


class SparkDialect(Dialect):
    """Spark in its ANSI mode, where a division by zero is a fault."""

    name = "spark"
    COUNTS_ARE_NARROW = True

    def say_division(self, node: exp.Div) -> exp.Expr:
        """Divide as doubles; by zero gives null."""
        left, right = (_double(part) for part in (node.this, node.expression))
        return exp.Paren(this=exp.Div(this=left, expression=_not_zero(right), typed=False, safe=False))

    def say_whole_division(self, node: exp.Expr) -> exp.Expr:
        """Divide whole numbers towards zero, or give the rest; by zero gives null."""
        node.expression.replace(_not_zero(node.expression.copy()))
        return node

    def say_average(self, node: exp.Avg) -> exp.Expr:
        """Give the mean as a double, also of decimals."""
        if isinstance(node.this, exp.Distinct):
            part = node.this.expressions[0]
            part.replace(_double(part))
        else:
            node.this.replace(_double(node.this))
        return node

    def say_addition(self, node: exp.Expr) -> exp.Expr:
        """Add; a computed length of time is days or months, for Spark takes written intervals only."""
        length = node.expression
        if not isinstance(length, exp.Interval) or isinstance(length.this, exp.Literal):
            return super().say_addition(node)
        function, times = _LENGTHS[length.args["unit"].name.upper().removesuffix("S")]
        sign = "-" if isinstance(node, exp.Sub) else ""
        count = exp.Mul(this=exp.Paren(this=length.this.copy()), expression=exp.Literal.number(f"{sign}{times}"))
        return exp.func(function, node.this.copy(), exp.cast(count, "INT"))

    def say_difference(self, node: exp.DateDiff) -> exp.Expr:
        """Count the first days of a span that lie between two days: Spark's own counts whole spans."""
        unit = node.args["unit"].name.upper()
        if unit == "DAY":
            return super().say_difference(node)
        later, earlier = (_count_spans(day, unit) for day in (node.this, node.expression))
        return build_cast(exp.Paren(this=exp.Sub(this=later, expression=earlier)), Type.INTEGER)

    def say_rounding(self, node: exp.Round) -> exp.Expr:
        """Round doubles as DuckDB does: scaled, rounded to whole, scaled back."""
        digits = node.args.get("decimals")
        if kind_of(node.this) is not Type.DOUBLE or digits is None or int(digits.name) == 0:
            return node
        scale = exp.Literal.number(f"1E{digits.name}")
        scaled = exp.Round(this=exp.Mul(this=exp.Paren(this=node.this.copy()), expression=scale))
        return exp.Paren(this=exp.Div(this=scaled, expression=scale.copy(), typed=False, safe=False))

    def say_trim(self, node: exp.Trim) -> exp.Expr:
        """Take blanks away, the wide one of Chinese texts too: Spark alone would take the narrow one only."""
        if node.expression is None:
            node.set("expression", exp.Literal.string(_BLANKS))
        node.set("position", node.args.get("position") or "BOTH")
        return node

    def say_full_match(self, node: exp.RegexpFullMatch) -> exp.Expr:
        """Match the whole text: RLIKE finds parts."""
        pattern = exp.Literal.string(f"\\A(?:{node.expression.name})\\z")
        return exp.RegexpLike(this=node.this.copy(), expression=pattern)


_LENGTHS = {
    "DAY": ("DATE_ADD", 1),
    "WEEK": ("DATE_ADD", 7),
    "MONTH": ("ADD_MONTHS", 1),
    "QUARTER": ("ADD_MONTHS", 3),
    "YEAR": ("ADD_MONTHS", 12),
}
"""How Spark adds a number of each span to a day, and how many of its own units a span has."""


def _count_spans(day: exp.Expr, unit: str) -> exp.Expr:
    """Number years, quarters or months from the year 0 on."""
    year = exp.Year(this=day.copy())
    if unit == "YEAR":
        return year
    part, times = (exp.Month, 12) if unit == "MONTH" else (exp.Quarter, 4)
    months = exp.Mul(this=year, expression=exp.Literal.number(times))
    return exp.Paren(this=exp.Add(this=months, expression=part(this=day.copy())))


def _double(node: exp.Expr) -> exp.Expr:
    return node.copy() if kind_of(node) is Type.DOUBLE else build_cast(node.copy(), Type.DOUBLE)


def _not_zero(node: exp.Expr) -> exp.Expr:
    return exp.Nullif(this=node, expression=exp.Literal.number(0))


DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (DuckDBDialect(), SparkDialect())}


def find_dialect(name: str) -> Dialect:
    """Give the dialect of an engine; raises PipelineFault when there is none."""
    if name not in DIALECTS:
        raise PipelineFault(f"没有名为“{name}”的方言；可用的有 {'、'.join(DIALECTS)}。")
    return DIALECTS[name]
