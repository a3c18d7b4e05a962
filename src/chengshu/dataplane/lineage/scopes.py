"""What names mean at one place of a query: its sources, the common table expressions, and the places around it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from chengshu.dataplane.lineage.columns import (
    CONSTANT,
    ROWS,
    Column,
    Origin,
    Output,
    Relation,
    Transformation,
    identity_of,
    merge_origins,
    unknown,
)
from chengshu.dataplane.lineage.known import KnownTables
from chengshu.dataplane.lineage.naming import Naming
from chengshu.dataplane.lineage.variables import Sight

_PSEUDO_COLUMNS = frozenset(
    {"rownum", "level", "sysdate", "systimestamp", "user", "uid", "nextval", "currval", "connect_by_isleaf"}
    | {"connect_by_iscycle", "current_date", "current_time", "current_timestamp", "current_user", "session_user"}
)
_RESERVED = {
    "oracle": frozenset({"rownum", "level", "sysdate", "user", "uid"}),
    "hive": frozenset({"grouping__id"}),
    "spark": frozenset({"grouping__id"}),
    "postgres": frozenset({"user", "session_user", "current_role", "current_catalog", "localtime", "localtimestamp"}),
}
_FIELDS_BY_DOT = frozenset({"hive", "spark", "duckdb"})
"""Dialects where a column's field is read as `column.field`; the others ask for a table or brackets before it."""
_OWN_COLUMNS = frozenset({"rowid", "ctid", "oid", "xmin", "xmax", "tableoid", "input__file__name"})


@dataclass(slots=True)
class Source:
    """Something in FROM: the folded name it goes by, the folded parts of its table, and what it gives."""

    alias: str
    parts: tuple[str, ...]
    relation: Relation
    is_shown: bool = True
    """Whether `*` shows it: the right side of a semi-join is not."""


@dataclass(slots=True)
class Scope:
    """The names that can be used at one place. `read_query` reads a query below this place."""

    known: KnownTables
    read_query: Callable[[exp.Expr, "Scope"], Relation]
    parent: "Scope | None" = None
    ctes: dict[str, Relation] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    shared: dict[str, Output] = field(default_factory=dict)
    """Columns that a join gives once for both sides (USING, NATURAL)."""
    aliases: dict[str, Origin] = field(default_factory=dict)
    """Outputs further left in the list of the query."""
    windows: dict[str, Origin] = field(default_factory=dict)
    """What the windows that the query names are made of."""
    conditions: set[Column] = field(default_factory=set)
    sight: Sight | None = None
    """The variables that can be named here, within a routine's body."""

    @property
    def naming(self) -> Naming:
        """Give the rules of names, the same at every place."""
        return self.known.naming

    def below(self) -> "Scope":
        """Open a place within this one."""
        return Scope(self.known, self.read_query, parent=self, sight=self.sight)

    def outward(self) -> Iterator["Scope"]:
        """Give this place and those around it, inmost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def find_cte(self, key: str) -> Relation | None:
        """Give the common table expression of a name, the inmost first."""
        return next((scope.ctes[key] for scope in self.outward() if key in scope.ctes), None)

    def rows(self) -> frozenset[Column]:
        """Give what decides the rows of this query."""
        return frozenset(self.conditions).union(*(source.relation.rows for source in self.sources))

    def tables_read(self) -> frozenset[Column]:
        """Give the ROWS of the tables that this query reads in the end."""
        reading = next((scope for scope in self.outward() if scope.sources), self)
        own = frozenset().union(*(source.relation.rows for source in reading.sources))
        return frozenset(column for column in own if column.name == ROWS)

    def find(self, column: exp.Column) -> Origin:
        """Give the origin of a column as it is written; a fault in it says what was not found."""
        key = self.naming.key_of(column)
        if column.table:
            return self._find_qualified(column, key)
        if self._is_reserved(column):
            return CONSTANT
        return self._find_held(key) or self._find_plain(column, key) or unknown(f"找不到列 {column.name}")

    def _find_plain(self, column: exp.Column, key: str) -> Origin | None:
        """Give the origin of a name without qualifier, or None when it stands for nothing here."""
        for scope in self.outward():
            if (origin := find_unqualified(scope, key, column.name)) is not None:
                return origin
        if key.lower() in _PSEUDO_COLUMNS:
            return CONSTANT
        if key.lower() in _OWN_COLUMNS and self.sources:
            return Origin(self.tables_read(), Transformation.EXPRESSION)
        return self._find_held(key, gives_way=True)

    def _find_held(self, key: str, *, gives_way: bool = False) -> Origin | None:
        """Give what a variable holds. A column that a table is known to have comes first, save in MySQL."""
        variable = self.sight.find(key) if self.sight is not None else None
        if variable is None or variable.gives_way is not gives_way:
            return None
        if self.naming.dialect != "mysql" and any(_lists(scope, key) for scope in self.outward()):
            return None
        if variable.row is None or variable.is_value or variable.value.faults:
            return variable.value
        return row_of(variable.row)

    def _is_reserved(self, column: exp.Column) -> bool:
        """Say whether a name is a word of the dialect, that no column can be called without quotes."""
        words = {"default"} | _RESERVED.get(self.naming.dialect, frozenset())
        return not column.this.args.get("quoted") and column.name.lower() in words

    def find_source(self, table: exp.Identifier, database: str) -> Source | None:
        """Give the source that goes by a name, the inmost first."""
        key = self.naming.fold(table.name, quoted=bool(table.args.get("quoted")))
        as_table = self.naming.fold_table(table.name, quoted=bool(table.args.get("quoted")))
        wanted = self.naming.fold_table(database)
        for scope in self.outward():
            for source in scope.sources:
                is_named = source.alias == key or source.parts[-1:] == (as_table,)
                if is_named and (not database or (source.parts and source.parts[-2:-1] in {(wanted,), ()})):
                    return source
        record = self.sight.find(key) if self.sight is not None and not database else None
        return Source(key, (), record.as_relation(self.naming.spell_folded)) if record is not None else None

    def _find_qualified(self, column: exp.Column, key: str) -> Origin:
        table = column.args["table"]
        source = self.find_source(table, column.db)
        if source is not None:
            return find_in(source, key, self.naming.spell(key, column.name))
        if key.lower() in _PSEUDO_COLUMNS:
            return CONSTANT
        found = self._find_field(column)
        if found.faults and self.sight is not None:  # the qualifier is a package, a block or the routine itself
            return self._find_held(key) or CONSTANT
        return found

    def _find_field(self, column: exp.Column) -> Origin:
        """Give the origin of a field of a structure: column.field where the dialect has it, table.column.field."""
        table, (first, *further) = column.args["table"], column.parts
        of_source = len(further) > 1 and isinstance(first, exp.Identifier) and self.find_source(first, "") is not None
        if not of_source and self.naming.dialect not in _FIELDS_BY_DOT:
            return unknown(f"找不到 {column.sql()} 所指的表 {table.name}")
        names = {"this": further[0].copy(), "table": first.copy()} if of_source else {"this": first.copy()}
        field_of = self.find(exp.Column(**names))
        if field_of.faults:
            return unknown(f"找不到 {column.sql()} 所指的表 {table.name}")
        return merge_origins([field_of], Transformation.EXPRESSION)


def _lists(scope: Scope, key: str) -> bool:
    """Say whether a name is known to be a column at one place."""
    return key in scope.shared or any(
        output.is_called(key) for source in scope.sources for output in source.relation.outputs
    )


def find_in(source: Source, key: str, written: str) -> Origin:
    """Give the origin of a source's column; a fault when the source has none of this name."""
    relation = source.relation
    found = [output.origin for output in relation.outputs if output.is_called(key)]
    if found:
        return found[0]
    if relation.anything is not None:
        return relation.anything
    if relation.unlisted:
        return _find_in_one_of(list(dict.fromkeys(relation.unlisted)), written)
    if key.lower() in _OWN_COLUMNS:
        return merge_origins([Origin(relation.rows, Transformation.EXPRESSION)])
    return unknown(f"{source.alias} 没有列 {written}")


def find_unqualified(scope: Scope, key: str, written: str) -> Origin | None:
    """Give the origin of a name at one place, or None when it has no meaning here."""
    if key in scope.shared:
        return scope.shared[key].origin
    listed = [
        (source, output) for source in scope.sources for output in source.relation.outputs if output.is_called(key)
    ]
    holders = {id(source) for source, _ in listed}
    if len(holders) == 1:
        return listed[0][1].origin
    if holders:
        return unknown(f"列 {written} 在 {'、'.join(source.alias for source, _ in listed)} 中都有，没有写明是哪一个")
    return _find_unlisted(scope, key, written)


def _find_unlisted(scope: Scope, key: str, written: str) -> Origin | None:
    """Give the origin of a name that no source is known to have: of a function, an output, a table without schema."""
    functions = [source for source in scope.sources if source.relation.anything is not None]
    named = [source.relation.anything for source in functions if source.alias == key]
    if named and named[0] is not None:
        return named[0]
    spelled = scope.naming.spell(key, written)
    tables = list(dict.fromkeys(table for source in scope.sources for table in source.relation.unlisted))
    alias = scope.aliases.get(key)
    if alias is not None and not any(column.name == spelled for column in alias.sources):
        return alias
    if tables:
        return _find_in_one_of(tables, spelled)
    if functions:
        return merge_origins(source.relation.anything for source in functions if source.relation.anything is not None)
    whole = [row_of(source.relation) for source in scope.sources if source.alias == key]  # a whole row as a value
    return alias or (whole[0] if whole else None)


def _find_in_one_of(tables: list[str], name: str) -> Origin:
    if len(tables) == 1:
        return identity_of(Column(tables[0], name))
    return unknown(f"列 {name} 属于 {'、'.join(tables)} 中的哪一个无从知道（没有表结构）")


def row_of(relation: Relation) -> Origin:
    """Give the origin of a whole row of a relation."""
    unlisted = [unknown(f"{table} 的整行作为一个值，没有它的表结构") for table in relation.unlisted]
    return merge_origins([*(output.origin for output in relation.outputs), *unlisted], Transformation.EXPRESSION)
