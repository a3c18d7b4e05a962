"""UPDATE, MERGE and DELETE: statements that change rows of tables that are there."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.columns import ROWS, Origin, Output, Reading, Relation, unknown
from chengshu.dataplane.lineage.expressions import origin_of, strip
from chengshu.dataplane.lineage.queries import add_conditions
from chengshu.dataplane.lineage.relations import add_join, add_source
from chengshu.dataplane.lineage.scopes import Scope, Source, find_in
from chengshu.dataplane.lineage.writing import Writing


def read_update(update: exp.Update, scope: Scope) -> Reading:
    """Read UPDATE, with FROM, with joined tables, with subqueries."""
    writing = Writing("UPDATE")
    inner = scope.below()
    from_ = update.args.get("from_")
    if from_ is not None:
        add_source(from_.this, inner)
        for join in update.args.get("joins") or ():
            add_join(join, inner)
    target = _updated_source(update, inner)
    if not update.expressions:
        writing.add_fault("UPDATE 没有写出赋值")
    for item in update.expressions:
        write_assignment(writing, item, target, inner)
    add_conditions(update, inner)
    writing.rows |= inner.rows()
    return writing.as_reading()


def _updated_source(update: exp.Update, scope: Scope) -> Source:
    table = update.this
    if not isinstance(table, exp.Table):
        raise StatementUnreadable("UPDATE 改的不是一个表")
    if scope.naming.dialect == "tsql" and not table.alias and not table.db:
        named = scope.find_source(table.this, "")  # UPDATE alias … FROM table alias
        if named is not None:
            return named
    before = len(scope.sources)
    add_source(table, scope)
    target = scope.sources[before]
    # The table itself comes first: an unqualified name that only it could have is its own.
    scope.sources = [*scope.sources[before:], *scope.sources[:before]]
    return target


def write_assignment(writing: Writing, item: exp.Expr, target: Source, scope: Scope) -> None:
    """Write what one assignment (`column = value`, `(columns) = (values)`) gives to a target."""
    if not isinstance(item, exp.EQ):
        writing.add_fault(f"读不懂的赋值：{item.sql(scope.naming.dialect)}")
        return
    left, right = item.this, item.expression
    if isinstance(left, exp.Tuple | exp.Paren):
        names = left.expressions if isinstance(left, exp.Tuple) else [left.this]
        for name, origin in zip(names, _origins_of_list(right, len(names), scope), strict=True):
            _write_column(writing, name, origin, target, scope)
    else:
        _write_column(writing, left, origin_of(right, scope), target, scope)


def _origins_of_list(values: exp.Expr, count: int, scope: Scope) -> list[Origin]:
    bare = strip(values)
    if isinstance(bare, exp.Query):
        relation = scope.read_query(bare, scope)
        scope.conditions |= relation.rows
        origins = [output.origin for output in relation.listed_before_gap()]
    else:
        listed = bare.expressions if isinstance(bare, exp.Tuple | exp.Anonymous | exp.Struct) else [bare]
        origins = [origin_of(value, scope) for value in listed]
    missing = unknown("等号右边的列数和左边不同，或有无法展开的 *")
    return [*origins, *[missing] * count][:count]


def _write_column(writing: Writing, name: exp.Expr, origin: Origin, target: Source, scope: Scope) -> None:
    column = name if isinstance(name, exp.Column | exp.Identifier) else name.find(exp.Column)
    if column is None:
        writing.add_fault(f"读不懂赋值的列：{name.sql(scope.naming.dialect)}")
        return
    holder = target
    if isinstance(column, exp.Column) and column.args.get("table"):
        holder = scope.find_source(column.args["table"], column.db) or target
    key = scope.naming.key_of(column)
    writing.set_column(_table_of(holder), _spell_in(holder.relation, key, column.name, scope), origin)


def _table_of(source: Source) -> str:
    """Give the one table behind a source that can be written."""
    tables = [column.table for column in source.relation.rows if column.name == ROWS]
    if len(tables) != 1:
        raise StatementUnreadable(f"{source.alias or '这个查询'} 不是一个表，不知道改的是哪个表")
    return tables[0]


def _spell_in(relation: Relation, key: str, written: str, scope: Scope) -> str:
    return next((output.name for output in relation.outputs if output.is_called(key)), scope.naming.spell(key, written))


def read_merge(merge: exp.Merge, scope: Scope) -> Reading:
    """Read MERGE with all its branches; a column written in several of them has the sources of all."""
    writing = Writing("MERGE")
    inner = scope.below()
    add_source(merge.this, inner)
    target = inner.sources[0]
    add_source(merge.args["using"], inner)
    offered = inner.sources[1]
    whens = merge.args.get("whens")
    for when in whens.expressions if whens is not None else ():
        then = when.args.get("then")
        if isinstance(then, exp.Update):
            _merge_update(writing, then, target, offered, inner)
        elif isinstance(then, exp.Insert):
            _merge_insert(writing, then, target, offered, scope)
        if (condition := when.args.get("condition")) is not None:
            inner.conditions |= origin_of(condition, inner).sources
    if (on := merge.args.get("on")) is not None:
        inner.conditions |= origin_of(on, inner).sources
    writing.touch(_table_of(target))
    writing.rows |= offered.relation.rows | inner.conditions
    return writing.as_reading()


def _merge_update(writing: Writing, then: exp.Update, target: Source, offered: Source, scope: Scope) -> None:
    for item in then.expressions:
        if isinstance(item, exp.Star):
            _merge_by_name(writing, target, offered)
        else:
            write_assignment(writing, item, target, scope)


def _merge_insert(writing: Writing, then: exp.Insert, target: Source, offered: Source, around: Scope) -> None:
    if isinstance(then.this, exp.Star) or (then.this is None and then.expression is None):
        _merge_by_name(writing, target, offered)
        return
    scope = around.below()
    scope.sources.append(offered)
    values = then.expression.expressions if isinstance(then.expression, exp.Tuple) else []
    names: Sequence[exp.Expr] = then.this.expressions if isinstance(then.this, exp.Tuple) else ()
    if not names:
        names = [exp.to_identifier(output.name, quoted=True) for output in target.relation.listed_before_gap()]
    if len(names) != len(values):
        writing.add_fault(f"MERGE 的 INSERT 有 {len(values)} 个值，要写的列有 {len(names)} 个或不知道")
    for name, value in zip(names, values, strict=False):
        _write_column(writing, name, origin_of(value, scope), target, scope)


def _merge_by_name(writing: Writing, target: Source, offered: Source) -> None:
    """Write `*` of a MERGE: every column of the target takes the source's column of the same name."""
    known: Iterable[Output] = target.relation.outputs
    if target.relation.unlisted:
        known = offered.relation.outputs
        for table in offered.relation.unlisted:
            writing.add_fault(f"MERGE 的 * 要列出 {table} 的列，没有它的表结构")
    for output in known:
        writing.set_column(_table_of(target), output.name, find_in(offered, output.key, output.name))


def read_delete(delete: exp.Delete, scope: Scope) -> Reading:
    """Read DELETE: it writes no column, and decides which rows are left."""
    inner = scope.below()
    add_source(delete.this, inner) if isinstance(delete.this, exp.Table) else None
    for item in delete.args.get("using") or ():
        add_source(item, inner)
    tables = [_table_of(source) for source in inner.sources[:1]]
    add_conditions(delete, inner)
    return Reading("DELETE", written=tuple(tables), rows=inner.rows())
