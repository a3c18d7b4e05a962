"""Statements read: what kind, which columns they write or give, and what of them cannot be told."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from sqlglot import exp

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.changing import read_delete, read_merge, read_update
from chengshu.dataplane.lineage.columns import Edge, Reading, Relation, Target
from chengshu.dataplane.lineage.inserting import read_insert, read_multitable_insert
from chengshu.dataplane.lineage.known import KnownTables
from chengshu.dataplane.lineage.listing import rename_outputs
from chengshu.dataplane.lineage.moving import read_alter, read_moving_command, read_renaming_procedure
from chengshu.dataplane.lineage.queries import add_ctes, open_scope
from chengshu.dataplane.lineage.scopes import Scope
from chengshu.dataplane.lineage.variables import Sight
from chengshu.dataplane.lineage.writing import Writing, gap_faults, reading_of, write_output

_ROUTINES: Final = frozenset({"PROCEDURE", "FUNCTION", "TRIGGER", "PACKAGE"})
_CALLED: Final = re.compile(r"\w+\s+(?:[\w$#\"`]+\s*\.\s*)*[\"`]?([\w$#]+)")
_WITHOUT_COLUMNS: Final = (
    *(exp.Set, exp.Use, exp.Commit, exp.Rollback, exp.Transaction, exp.Comment, exp.Grant, exp.Revoke, exp.Analyze),
    *(exp.Describe, exp.Show, exp.Uncache, exp.Refresh, exp.Pragma, exp.TruncateTable, exp.Kill),
    *(exp.Attach, exp.Detach, exp.Install, exp.Semicolon, exp.Summarize, exp.Declare),
)
_COMMANDS_WITHOUT_COLUMNS: Final = frozenset(
    {"ANALYZE", "VACUUM", "EXPLAIN", "SHOW", "SET", "RESET", "GRANT", "REVOKE", "COMMENT", "LOCK", "UNLOCK", "ALTER"}
    | {"CHECKPOINT", "REINDEX", "CLUSTER", "OPTIMIZE", "MSCK", "REFRESH", "ADD", "LIST", "PURGE", "SAVEPOINT", "USE"}
    | {"RELEASE", "START", "DISCARD", "FLUSH", "REPAIR", "UNCACHE", "CLEAR", "INSTALL", "LOAD_EXTENSION", "PRINT"}
)


def read_statement(statement: exp.Expr, known: KnownTables, sight: Sight | None = None) -> Reading:
    """Read one statement; tables and views that it makes are known from then on.

    `sight` holds the variables of the body that it stands in. Raises StatementUnreadable when no column of it can be
    told.
    """
    reading = _read_within(statement, open_scope(known, sight))
    known.note_written(id(statement), reading)
    return reading


def _read_within(statement: exp.Expr, around: Scope) -> Reading:
    scope = around.below()
    inner = _written_in_ctes(statement, scope)
    add_ctes(statement, scope)
    reading = _dispatch(statement, scope)
    if inner is None:
        return reading
    inner.kind = reading.kind
    written = inner.as_reading()
    return Reading(
        reading.kind,
        (*written.edges, *reading.edges),
        (*written.faults, *reading.faults),
        (*written.written, *reading.written),
        written.rows | reading.rows,
    )


def _written_in_ctes(statement: exp.Expr, scope: Scope) -> Writing | None:
    """Read the statements that PostgreSQL allows within WITH, and that write."""
    with_ = statement.args.get("with_")
    bodies = [cte.this for cte in with_.expressions] if with_ is not None else []
    changing = [body for body in bodies if isinstance(body, exp.Insert | exp.Update | exp.Delete | exp.Merge)]
    if not changing:
        return None
    writing = Writing("")
    below = scope.below()
    add_ctes(statement, below)
    for body in changing:
        writing.add_reading(_read_within(body, below))
    return writing


def _dispatch(statement: exp.Expr, scope: Scope) -> Reading:
    for kind, read in _READERS:
        if isinstance(statement, kind):
            return read(statement, scope)
    if isinstance(statement, exp.Pivot):
        raise StatementUnreadable("PIVOT 的列由数据决定，没有写明列名")
    if isinstance(statement, exp.Execute):
        if (renamed := read_renaming_procedure(statement, scope)) is not None:
            return renamed
        raise StatementUnreadable("执行的程序体（PL/SQL、T-SQL 等）不在这条语句里，无从得知它写什么")
    if isinstance(statement, exp.Copy | exp.LoadData):
        raise StatementUnreadable("数据来自文件或去往文件，文件里的列无从得知")
    if isinstance(statement, _WITHOUT_COLUMNS):
        return Reading(statement.key.upper())
    raise _unheard_of(statement.sql())


def _read_query(query: exp.Expr, scope: Scope) -> Reading:
    relation = scope.read_query(query, scope)
    into = query.args.get("into")
    if into is not None:
        return _make_table("CREATE TABLE AS", into.this, relation, scope)
    edges = [Edge(Target(None, output.name), output.origin) for output in relation.outputs]
    return reading_of("SELECT", edges, gap_faults(relation), (), relation.rows)


def _read_create(create: exp.Create, scope: Scope) -> Reading:
    kind = (create.kind or "").upper()
    if kind in _ROUTINES:
        raise StatementUnreadable(f"{kind} 的程序体（PL/SQL、T-SQL 等）不逐句解析；请把其中的语句单独给出")
    table = create.this.this if isinstance(create.this, exp.Schema) else create.this
    if kind not in {"TABLE", "VIEW"} or not isinstance(table, exp.Table):
        return Reading(f"CREATE {kind}")
    names = create.this.expressions if isinstance(create.this, exp.Schema) else []
    names = [name for name in names if isinstance(name, exp.ColumnDef | exp.Identifier | exp.Column)]
    query = create.expression
    if not isinstance(query, exp.Query | exp.Values | exp.Table):
        if kind == "VIEW":
            raise StatementUnreadable("视图没有写出查询")
        return _define_table(create, table, names, scope)
    relation = scope.read_query(query, scope)
    if kind == "TABLE" and scope.naming.dialect == "mysql":  # declared columns are met by name, others added
        return _make_table("CREATE TABLE AS", table, relation, scope, names)
    relation = rename_outputs(relation, names, scope.naming)
    return _make_table("CREATE VIEW" if kind == "VIEW" else "CREATE TABLE AS", table, relation, scope)


def _make_table(
    kind: str, table: exp.Table, relation: Relation, scope: Scope, declared: Sequence[exp.Expr] = ()
) -> Reading:
    writing = Writing(kind)
    writing.touch(scope.known.spell(table))
    for reason in gap_faults(relation):
        writing.add_fault(reason)
    scope.known.forget(table)
    for output in relation.outputs:
        write_output(writing, table, output, scope.known)
    writing.rows |= relation.rows
    columns = {scope.naming.key_of(name): _spell_column(name, scope) for name in declared}
    columns.update((output.key, output.name) for output in relation.outputs)
    scope.known.define(table, columns, is_complete=not relation.unlisted)
    return writing.as_reading()


def _define_table(create: exp.Create, table: exp.Table, names: list[exp.Expr], scope: Scope) -> Reading:
    like = next(create.find_all(exp.LikeProperty), None)
    partitioned = next(create.find_all(exp.PartitionedByProperty), None)
    if partitioned is not None and isinstance(partitioned.this, exp.Schema):
        names = [*names, *(name for name in partitioned.this.expressions if isinstance(name, exp.ColumnDef))]
    columns = {scope.naming.key_of(name): _spell_column(name, scope) for name in names}
    if like is not None and isinstance(like.this, exp.Table):
        columns = dict(scope.known.columns_of(like.this) or {})
    if columns:
        scope.known.define(table, columns, is_complete=True)
    return Reading("CREATE TABLE")


def _spell_column(name: exp.Expr, scope: Scope) -> str:
    return scope.naming.spell(scope.naming.key_of(name), name.name)


def _read_drop(drop: exp.Drop, scope: Scope) -> Reading:
    if str(drop.args.get("kind")).upper() in {"TABLE", "VIEW"}:
        for table in drop.find_all(exp.Table):
            scope.known.forget(table)
    return Reading("DROP")


def _read_cache(cache: exp.Cache, scope: Scope) -> Reading:
    if isinstance(cache.expression, exp.Query) and isinstance(cache.this, exp.Table):
        return _make_table("CREATE VIEW", cache.this, scope.read_query(cache.expression, scope), scope)
    return Reading("CACHE")


def _read_command(command: exp.Command, scope: Scope) -> Reading:
    word = str(command.this).upper().partition(" ")[0]
    rest = command.expression
    text = f"{command.this} {rest.name if isinstance(rest, exp.Expr) else rest}"
    if (moved := read_moving_command(text, scope)) is not None:
        return moved
    if word in _COMMANDS_WITHOUT_COLUMNS:
        return Reading(word)
    if (
        word in {"CALL", "EXEC", "EXECUTE"}
        and (called := _CALLED.match(text))
        and called[1].lower() in scope.known.routines
    ):
        return Reading(word)  # what it writes is told at its body
    if word in {"CALL", "EXEC", "EXECUTE", "DECLARE", "BEGIN", "DO"}:
        raise StatementUnreadable(f"{word} 执行的程序体（PL/SQL、T-SQL 等）不在这条语句里，无从得知它写什么")
    raise _unheard_of(text)


def _unheard_of(text: str) -> StatementUnreadable:
    """Say that a statement is none that is known, by the word that it begins with."""
    start = text.split(maxsplit=1)[0][:40]
    return StatementUnreadable(f"以“{start}”开头的语句还读不懂，不知道它写什么")


_READERS: Final[tuple[tuple[type[exp.Expr], Callable[..., Reading]], ...]] = (
    (exp.Create, _read_create),
    (exp.Insert, read_insert),
    (exp.MultitableInserts, read_multitable_insert),
    (exp.Merge, read_merge),
    (exp.Update, read_update),
    (exp.Delete, read_delete),
    (exp.Drop, _read_drop),
    (exp.Alter, read_alter),
    (exp.Cache, _read_cache),
    (exp.Command, _read_command),
    (exp.Query, _read_query),
    (exp.Values, _read_query),
)
