"""Rules to statements: one scan for all that can be said row by row, one statement apart for each group test.

The SQL is built as trees and written in the dialect asked for. Nothing runs here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from chengshu.dataplane.checks.cells import SHARED, Kind, as_code, as_text, as_type, cell, is_missing
from chengshu.dataplane.checks.dense import DIALECTS, Span, within_doubtful_blocks
from chengshu.dataplane.checks.predicates import (
    DOMAIN,
    DOMAIN_VALUE,
    Surroundings,
    all_of,
    any_of,
    failing,
    known_missing,
    looked_at,
    missing,
)
from chengshu.dataplane.checks.rules import (
    Completeness,
    DistributionDrift,
    Family,
    OneOf,
    References,
    Rule,
    Timeliness,
    Type,
    Unique,
)
from chengshu.dataplane.checks.validity import columns_read

LARGE_DOMAIN = 200
"""Values from which a value domain is joined instead of listed in the statement."""
KEY = "__key"
_CELL, _FLAG = "__cell_", "__fails_"


@dataclass(frozen=True, slots=True)
class Planner:
    """Writes the statements for some rules on one table in one dialect; `key` are the columns that name a row."""

    rules: Sequence[Rule]
    around: Surroundings
    key: tuple[str, ...]
    dialect: str

    def counting_sql(self, *, failed: bool = True) -> str:
        """Give the scan: one row with `checked_i` of every rule, `failed_i` of row rules, and what table rules measure.

        Without `failed`, what `failed_sql` can tell of the kept rows is left out, and mostly nothing needs to be read.
        """
        columns = [
            column for index, rule in enumerate(self.rules) for column in self._counts(index, rule, failed=failed)
        ]
        return self._write(self._scan(columns))

    def failing_sql(self, indexes: Sequence[int]) -> str:
        """Give the rows that fail any of these row rules: their key, the cells looked at, a flag for each rule."""
        flags = [_named(failing(self.rules[index], self.around), f"{_FLAG}{index}") for index in indexes]
        cells = [_named(self._cells(_shown(self.rules[index])), f"{_CELL}{index}") for index in indexes]
        inner = self._scan([_named(self._cells(self.key), KEY), *cells, *flags])
        outer = exp.select("*").from_(inner.subquery("w")).where(any_of([exp.column(f"{_FLAG}{i}") for i in indexes]))
        return self._write(outer)

    def failed_sql(self, indexes: Sequence[int], relation: str) -> str:
        """Give one row with `failed_i` for these row rules, out of what `failing_sql` wrote."""
        counts = [_named(_count_if(exp.column(f"{_FLAG}{index}")), f"failed_{index}") for index in indexes]
        return self._write(exp.select(*counts).from_(exp.table_(relation, quoted=True)))

    def keys_sql(self, index: int, relation: str) -> str:
        """Give rule, key and cell of the rows that fail one rule, out of what `failing_sql` wrote."""
        rows = exp.select(*_key_columns(self.rules[index], exp.column(KEY), exp.column(f"{_CELL}{index}")))
        return self._write(rows.from_(exp.table_(relation, quoted=True)).where(exp.column(f"{_FLAG}{index}")))

    def among_sql(self, kept: str) -> str:
        """Give the rows, all columns, whose key stands in the column `key` of a relation of kept rows."""
        # IN and not EXISTS: the table may have a column `key` too, and its name would be taken for the other's.
        keys = exp.select("key").from_(exp.table_(kept, quoted=True))
        among = exp.In(this=self._cells(self.key), query=keys.subquery())
        return self._write(exp.select("*").from_(self._table()).where(among))

    def named_sql(self) -> str:
        """Give the number of different row keys in the table, as `named`."""
        keys = exp.Count(this=exp.Distinct(expressions=[self._cells(self.key)]))
        return self._write(exp.select(_named(keys, "named")).from_(self._table()))

    def repeated_sql(self, index: int, span: Span | None) -> str:
        """Give the values that repeat, each once, with the number of rows that have it (`__rows`)."""
        return self._write(self._repeated(index, span))

    def repeated_rows_sql(self, index: int, span: Span | None) -> str:
        """Give the number of rows whose values repeat, as `failed`."""
        total = _named(exp.Sum(this=exp.column("__rows")), "failed")
        return self._write(exp.select(total).from_(self._repeated(index, span).subquery("g")))

    def repeated_keys_sql(self, index: int, repeated: str) -> str:
        """Give rule, key and cell of the rows whose values stand among the repeated ones."""
        rule = self.rules[index]
        same = [exp.EQ(this=_of("r", column), expression=_of("t", column)) for column in rule.columns]
        # A join and not EXISTS: for that the engine first gathers the different values of the whole table.
        among = self._keys(rule).join(exp.table_(repeated, quoted=True).as_("r"), on=all_of(same), join_type="semi")
        return self._write(among.where(self._all_present(rule)))

    def orphans_sql(self, index: int, *, keys: bool) -> str:
        """Give the number of rows without a counterpart as `failed`, or rule, key and cell of each."""
        rule = self.rules[index]
        if not isinstance(rule.test, References):
            raise TypeError(rule.kind)
        there = self.around.others[rule.test.relation]
        same = [
            exp.EQ(this=_in("r", as_code(theirs, there)), expression=_in("t", as_code(ours, self.around.shape)))
            for ours, theirs in zip(rule.columns, rule.test.columns, strict=True)
        ]
        rows = self._keys(rule) if keys else exp.select(_named(_count(), "failed")).from_(self._table())
        theirs_rows = exp.table_(rule.test.relation, quoted=True).as_("r")
        return self._write(rows.join(theirs_rows, on=all_of(same), join_type="anti").where(self._all_present(rule)))

    def _repeated(self, index: int, span: Span | None) -> exp.Select:
        rule = self.rules[index]
        names = [cell(column) for column in rule.columns]
        looked_at_rows = exp.Select().from_(self._table()).where(self._all_present(rule))
        grouped = looked_at_rows.select(*names, _named(_count(), "__rows")).group_by(*[name.copy() for name in names])
        if span is not None and span.is_dense:
            grouped = grouped.where(within_doubtful_blocks(cell(rule.columns[0]), span, looked_at_rows))
        return grouped.having(exp.GT(this=_count(), expression=exp.Literal.number(1)))

    def _counts(self, index: int, rule: Rule, *, failed: bool) -> list[exp.Expr]:
        checked = _named(_count_if(looked_at(rule, self.around)) if rule.where else _count(), f"checked_{index}")
        match rule.test:
            case Completeness():
                return [checked, _named(self._gaps(rule), f"failed_{index}")]
            case Timeliness():
                moment = as_type(rule.columns[0], Type.TIMESTAMP, self.around.shape)
                looked = exp.Case(ifs=[exp.If(this=looked_at(rule, self.around), true=moment)])
                return [checked, _named(exp.Max(this=looked), f"latest_{index}")]
            case DistributionDrift():
                bins = [_count_if(condition) for condition in self._bins(rule, rule.test)]
                return [checked, *(_named(bin_, f"bin_{index}_{place}") for place, bin_ in enumerate(bins))]
            case Unique() if self._may_be_dense(rule):
                number: exp.Expr = cell(rule.columns[0])
                if rule.where:
                    number = exp.Case(ifs=[exp.If(this=looked_at(rule, self.around), true=number)])
                ends = {"least": exp.Min(this=number), "most": exp.Max(this=number.copy())}
                return [checked, *(_named(exp.cast(end, "TEXT"), f"{name}_{index}") for name, end in ends.items())]
            case _ if rule.test.family is Family.ROW and failed:
                known = known_missing(rule, self.around)
                fails = _whole(known) if known is not None else _count_if(failing(rule, self.around))
                return [checked, _named(fails, f"failed_{index}")]
            case _:
                return [checked]

    def _gaps(self, rule: Rule) -> exp.Expr:
        """Give the number of cells without a value."""
        known = known_missing(rule, self.around)
        if known is not None:
            return _whole(known)
        return _sum_of([_count_if(missing(rule, column, self.around)) for column in rule.columns])

    def _may_be_dense(self, rule: Rule) -> bool:
        """Whether the scan measures the span of a rule's numbers, for `repeated_sql`."""
        kinds = [self.around.shape.kinds[column] for column in rule.columns]
        return kinds == [Kind.INTEGER] and self.dialect in DIALECTS

    def _bins(self, rule: Rule, test: DistributionDrift) -> list[exp.Expr]:
        """Give a condition for each bin; nulls and unreadable numbers are in none."""
        looked = looked_at(rule, self.around)
        column = rule.columns[0]
        if test.values:
            text = as_code(column, self.around.shape)
            conditions = [exp.EQ(this=text.copy(), expression=exp.Literal.string(value)) for value in test.values]
            known = exp.In(this=text, expressions=[exp.Literal.string(value) for value in test.values])
            return [all_of([looked.copy(), condition]) for condition in (*conditions, exp.not_(known))]
        number = as_type(column, Type.NUMBER, self.around.shape)
        edges = [exp.Literal.number(format(edge, "f")) for edge in test.edges]
        below: list[list[exp.Expr]] = [[exp.LT(this=number.copy(), expression=edge)] for edge in edges]
        above: list[list[exp.Expr]] = [[exp.GTE(this=number.copy(), expression=edge.copy())] for edge in edges]
        return [all_of([looked.copy(), *low, *high]) for low, high in zip([[], *above], [*below, []], strict=True)]

    def _scan(self, columns: Sequence[exp.Expr]) -> exp.Select:
        """Read the table once, with what conditions share computed before them and large value domains beside it.

        The values of a domain are distinct, so no row doubles.
        """
        table, columns = self._lift(columns)
        select = exp.select(*columns).from_(table)
        for rule in self.rules:
            if alias := self.around.domains.get(rule.key):
                text = as_code(rule.columns[0], self.around.shape)
                on = exp.EQ(this=exp.column(DOMAIN_VALUE, table=alias), expression=text)
                select = select.join(exp.table_(alias, quoted=True), on=on, join_type="left")
        return select

    def _lift(self, columns: Sequence[exp.Expr]) -> tuple[exp.Expr, list[exp.Expr]]:
        """Take shared expressions out of the columns into the table they are read from."""
        lifted: dict[str, str] = {}
        computed: list[exp.Expr] = []
        for column in columns:
            for node in list(column.walk(prune=lambda node: SHARED in node.meta)):
                if SHARED not in node.meta:
                    continue
                text = node.sql(dialect="duckdb")
                if text not in lifted:
                    lifted[text] = f"__shared_{len(lifted)}"
                    computed.append(_named(node.copy(), lifted[text]))
                node.replace(exp.column(lifted[text]))
        if not computed:
            return self._table(), list(columns)
        return exp.select("*", *computed).from_(self._table()).subquery("t"), list(columns)

    def _keys(self, rule: Rule) -> exp.Select:
        return exp.select(*_key_columns(rule, self._cells(self.key), self._cells(rule.columns))).from_(self._table())

    def _cells(self, columns: Sequence[str]) -> exp.Expr:
        """Give one cell as text, null for null; of several, a JSON array of texts with null for null."""
        texts = [as_text(column, self.around.shape) for column in columns]
        if len(texts) == 1:
            return texts[0]
        parts: list[exp.Expr] = [exp.Literal.string("[")]
        for place, text in enumerate(texts):
            parts += [exp.Literal.string(",")] if place else []
            parts.append(exp.Coalesce(this=_quoted(text), expressions=[exp.Literal.string("null")]))
        return _joined([*parts, exp.Literal.string("]")])

    def _all_present(self, rule: Rule) -> exp.Expr:
        present = [exp.not_(is_missing(column)) for column in rule.columns]
        return all_of([looked_at(rule, self.around), *present] if rule.where else present)

    def _table(self) -> exp.Expr:
        return exp.table_(self.around.shape.relation, quoted=True).as_("t")

    def _write(self, tree: exp.Expr) -> str:
        return (_with_lists(tree) if self.dialect == "duckdb" else tree).sql(dialect=self.dialect)


def large_domains(rules: Sequence[Rule]) -> Mapping[str, tuple[str, ...]]:
    """Give, by rule key, the value domains that are to be joined."""
    return {
        rule.key: rule.test.values
        for rule in rules
        if isinstance(rule.test, OneOf) and len(rule.test.values) > LARGE_DOMAIN
    }


def _with_lists(tree: exp.Expr) -> exp.Expr:
    """Say value domains as lists, of which DuckDB asks once for each value of a column that a dictionary codes.

    With IN it asks row by row.
    """
    for among in list(tree.find_all(exp.In)):
        if DOMAIN in among.meta:
            among.replace(exp.func("list_contains", exp.Array(expressions=among.expressions), among.this))
    return tree


def _shown(rule: Rule) -> tuple[str, ...]:
    """Give the columns whose cells are kept beside the key: the rule's own, or all that its expression reads."""
    return rule.columns or columns_read(rule)


def _key_columns(rule: Rule, key: exp.Expr, value: exp.Expr) -> list[exp.Expr]:
    return [_named(exp.Literal.string(rule.key), "rule"), _named(key, "key"), _named(value, "value")]


def _quoted(text: exp.Expr) -> exp.Expr:
    """Give a text as a JSON string; null stays null."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = exp.Replace(this=text, expression=exp.Literal.string(plain), replacement=exp.Literal.string(escaped))
    return _joined([exp.Literal.string('"'), text, exp.Literal.string('"')])


def _joined(parts: Sequence[exp.Expr]) -> exp.Expr:
    whole = parts[0]
    for part in parts[1:]:
        whole = exp.DPipe(this=whole, expression=part, safe=True)
    return whole


def _named(expression: exp.Expr, alias: str) -> exp.Expr:
    return exp.alias_(expression, alias, copy=False)


def _in(table: str, value: exp.Expr) -> exp.Expr:
    """Give a value over the columns of a table by its name, for ours may have the name of theirs."""
    for column in list(value.find_all(exp.Column)):
        column.set("table", exp.to_identifier(table))
    return value


def _of(table: str, column: str) -> exp.Column:
    return exp.column(exp.to_identifier(column, quoted=True), table=table)


def _count() -> exp.Expr:
    return exp.Count(this=exp.Star())


def _count_if(condition: exp.Expr) -> exp.Expr:
    return exp.CountIf(this=condition)


def _whole(number: int) -> exp.Expr:
    return exp.Literal.number(number)


def _sum_of(numbers: Sequence[exp.Expr]) -> exp.Expr:
    total = numbers[0]
    for number in numbers[1:]:
        total = exp.Add(this=total, expression=number)
    return total
