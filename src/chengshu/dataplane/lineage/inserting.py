"""INSERT in all its forms: lists of columns, partitions, several tables at once, what to do on conflict."""

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.changing import write_assignment
from chengshu.dataplane.lineage.columns import CONSTANT, Output, Reading, Relation
from chengshu.dataplane.lineage.expressions import origin_of
from chengshu.dataplane.lineage.listing import rename_outputs
from chengshu.dataplane.lineage.queries import add_sources
from chengshu.dataplane.lineage.relations import add_lateral, add_source
from chengshu.dataplane.lineage.scopes import Scope, Source
from chengshu.dataplane.lineage.writing import Writing, gap_faults, write_by_position, write_output


def read_insert(insert: exp.Insert, scope: Scope) -> Reading:
    """Read INSERT and INSERT OVERWRITE."""
    writing = Writing("INSERT OVERWRITE" if insert.args.get("overwrite") else "INSERT")
    table, names = _target_of(insert)
    relation = _values_of(insert, scope)
    _write(writing, table, names, relation, scope, insert)
    if insert.args.get("conflict") is not None:
        _write_on_conflict(writing, insert, relation, scope)
    return writing.as_reading()


def read_multitable_insert(inserts: exp.MultitableInserts, scope: Scope) -> Reading:
    """Read one source written into several tables: Oracle's INSERT ALL, Hive's FROM … INSERT … INSERT …."""
    parts = [part.this if isinstance(part, exp.ConditionalInsert) else part for part in inserts.expressions]
    is_overwriting = any(part.args.get("overwrite") for part in parts)
    writing = Writing("INSERT OVERWRITE" if is_overwriting else "INSERT")
    source = inserts.args.get("source")
    if source is None:
        raise StatementUnreadable("一次写多个表的 INSERT 没有写明来源")
    add_source(source, scope) if not isinstance(source, exp.Select) else _add_query(source, scope)
    for lateral in source.args.get("laterals") or () if isinstance(source, exp.Table) else ():
        add_lateral(lateral, scope)
    for part in parts:
        table, names = _target_of(part)
        if is_overwriting and not part.args.get("overwrite"):
            writing.kinds[scope.known.spell(table)] = "INSERT"
        inner = scope.below()
        if part.expression is None or isinstance(
            part.expression, exp.Select
        ):  # its columns come from the common source
            inner.sources = [*scope.sources]
        _write(writing, table, names, _values_of(part, inner), inner, part)
    for condition in (part.expression for part in inserts.expressions if isinstance(part, exp.ConditionalInsert)):
        if condition is not None:
            writing.rows |= origin_of(condition, scope).sources
    writing.rows |= scope.rows()
    return writing.as_reading()


def _add_query(query: exp.Select, scope: Scope) -> None:
    scope.sources.append(Source("", (), scope.read_query(query, scope)))


def _target_of(insert: exp.Insert) -> tuple[exp.Table, Sequence[exp.Expr]]:
    target = insert.this
    names: Sequence[exp.Expr] = ()
    if isinstance(target, exp.Schema):
        target, names = target.this, target.expressions
    if isinstance(target, exp.Directory):
        return exp.Table(this=exp.to_identifier(str(target.this.name), quoted=True)), names
    if not isinstance(target, exp.Table):
        raise StatementUnreadable("INSERT 写入的不是一个表")
    return target, names


def _values_of(insert: exp.Insert, scope: Scope) -> Relation:
    body = insert.expression
    if body is None:  # INSERT ALL without VALUES takes the whole common source
        return scope.sources[0].relation if scope.sources else Relation()
    if isinstance(body, exp.Values):
        inner = scope.below()
        inner.sources = scope.sources  # INSERT ALL: values name columns of the common source
        return scope.read_query(body, inner)
    return scope.read_query(body, scope)


def _write(
    writing: Writing,
    table: exp.Table,
    names: Sequence[exp.Expr],
    relation: Relation,
    scope: Scope,
    insert: exp.Insert,
) -> None:
    writing.touch(scope.known.spell(table))
    writing.rows |= relation.rows
    moving = _write_partition(writing, table, insert, scope)
    if insert.args.get("by_name"):
        for output in relation.outputs:
            write_output(writing, table, output, scope.known)
        for reason in gap_faults(relation):
            writing.add_fault(reason)
        return
    if names:
        _check_count(writing, [*names, *moving], relation)
        write_by_position(writing, table, [*names, *moving], relation, scope)
        return
    _write_without_list(writing, table, relation, moving, scope, insert)


def _check_count(writing: Writing, names: Sequence[exp.Expr], relation: Relation) -> None:
    """Say so when a list names more columns than the query gives: no database takes that."""
    given = len(relation.outputs)
    if given and given < len(names) and not relation.unlisted and relation.anything is None:
        writing.add_fault(f"列清单有 {len(names)} 列，查询只有 {given} 列")


def _write_without_list(
    writing: Writing, table: exp.Table, relation: Relation, moving: list[exp.Expr], scope: Scope, insert: exp.Insert
) -> None:
    known = scope.known.columns_of(table)
    if known is not None:
        apart = _fixed_partition(insert, scope) | {scope.naming.key_of(name) for name in moving}
        names = [_quoted(name) for key, name in known.items() if key not in apart]
        write_by_position(writing, table, [*names, *moving], relation, scope)
    elif isinstance(insert.expression, exp.Values) or (relation.outputs and not relation.outputs[0].key):
        writing.add_fault(f"没有列清单，也没有 {scope.known.spell(table)} 的表结构，不知道写的是哪些列")
    else:  # the target's columns are taken to be named as the query names them, as is usual
        cut = len(relation.outputs) - len(moving)
        renamed = zip(relation.outputs[cut:], moving, strict=False)
        last = [replace(output, key=scope.naming.key_of(name), name=name.name) for output, name in renamed]
        for output in [*relation.outputs[:cut], *last]:
            write_output(writing, table, output, scope.known)
        for reason in gap_faults(relation):
            writing.add_fault(reason)


def _quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _partition_of(insert: exp.Insert, scope: Scope) -> Sequence[exp.Expr]:
    """Give the partition columns that Hive and Spark write; elsewhere a partition is a place, and no column."""
    if scope.naming.dialect not in {"hive", "spark"}:
        return ()
    target = insert.this.this if isinstance(insert.this, exp.Schema) else insert.this
    partition = insert.args.get("partition") or target.args.get("partition")
    return partition.expressions if isinstance(partition, exp.Partition) else ()


def _fixed_partition(insert: exp.Insert, scope: Scope) -> set[str]:
    return {scope.naming.key_of(item.this) for item in _partition_of(insert, scope) if isinstance(item, exp.EQ)}


def _write_partition(writing: Writing, table: exp.Table, insert: exp.Insert, scope: Scope) -> list[exp.Expr]:
    """Write the partition columns with a fixed value, and give those that the query's last columns fill."""
    moving: list[exp.Expr] = []
    for item in _partition_of(insert, scope):
        if isinstance(item, exp.EQ):
            key = scope.naming.key_of(item.this)
            name = scope.naming.spell(key, item.this.name)
            write_output(writing, table, Output(key, name, CONSTANT), scope.known)
        else:
            moving.append(item)
    return moving


def _write_on_conflict(writing: Writing, insert: exp.Insert, relation: Relation, scope: Scope) -> None:
    table, names = _target_of(insert)
    around = scope.below()
    if isinstance(insert.expression, exp.Select) and insert.args["conflict"].args.get("duplicate"):
        add_sources(insert.expression, around)  # MySQL lets the tables of the query be named
    around = around.below()
    offered = _offered(table, names, relation, scope)
    around.sources.append(Source(scope.naming.fold("excluded"), (), offered))
    inner = around.below()  # a plain name is the table's own column, and not the offered one
    add_source(table, inner)
    alias = insert.expression.args.get("alias") if isinstance(insert.expression, exp.Values) else None
    if isinstance(alias, exp.TableAlias):  # MySQL's VALUES (…) AS new(x, y)
        columns = alias.args.get("columns") or ()
        named = rename_outputs(offered, columns, scope.naming)
        around.sources.append(Source(scope.naming.key_of(alias.this), (), named))
        inner.aliases.update({output.key: output.origin for output in named.outputs[: len(columns)]})
    for item in insert.args["conflict"].expressions:
        write_assignment(writing, item.transform(_values_as_column), inner.sources[0], inner)


def _offered(table: exp.Table, names: Sequence[exp.Expr], relation: Relation, scope: Scope) -> Relation:
    keys = [scope.naming.key_of(name) for name in names] or list(scope.known.columns_of(table) or ())
    if not keys:  # as the target's columns are taken to be named
        return relation
    outputs = zip(relation.listed_before_gap(), keys, strict=False)
    return Relation(tuple(replace(output, key=key) for output, key in outputs))


def _values_as_column(node: exp.Expr) -> exp.Expr:
    """Read MySQL's VALUES(column) as the row that was offered."""
    if isinstance(node, exp.Anonymous) and node.name.upper() == "VALUES" and len(node.expressions) == 1:
        return exp.column(exp.to_identifier(node.expressions[0].name), table="excluded")
    return node
