"""Tables and columns renamed, swapped, exchanged: nothing is computed, and yet every column goes on under a new name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from chengshu.dataplane.lineage.columns import ROWS, Column, Reading, identity_of
from chengshu.dataplane.lineage.known import Parts
from chengshu.dataplane.lineage.mending import NAME
from chengshu.dataplane.lineage.scopes import Scope
from chengshu.dataplane.lineage.writing import Writing

_STAYS_IN_DATABASE: Final = frozenset({"postgres", "oracle", "spark", "duckdb", "tsql"})
"""Dialects where a new name without database means the database that the table is in."""
_ONE_WAY: Final = frozenset({"hive", "spark"})
"""Dialects where EXCHANGE PARTITION moves a partition into the table, and gives nothing back."""
_ANYWHERE: Final = re.IGNORECASE | re.DOTALL
_TABLE: Final = rf"{NAME}(?:\s*\.\s*{NAME})*"
_IF_EXISTS: Final = r"(?:if\s+exists\s+)?(?:only\s+)?"
_PAIR: Final = re.compile(rf"\s*(?P<old>{_TABLE})\s+to\s+(?P<new>{_TABLE})\s*(?:,|\Z)", re.IGNORECASE)
_RENAMED: Final = re.compile(rf"(?:(?:tables?|object)\s+{_IF_EXISTS})?(?P<pairs>{_TABLE}\s+to\b.*)\Z", _ANYWHERE)
_ALTERED: Final = rf"(?:materialized\s+view|foreign\s+table|table|view)\s+{_IF_EXISTS}(?P<old>{_TABLE})\s+"
_RENAMED_BY_ALTER: Final = re.compile(rf"{_ALTERED}rename\s+to\s+(?P<new>{_TABLE})\s*\Z", re.IGNORECASE)
_OTHER_DATABASE: Final = re.compile(rf"{_ALTERED}set\s+schema\s+(?P<new>{NAME})\s*\Z", re.IGNORECASE)
_EXCHANGED: Final = re.compile(
    rf"{_ALTERED}exchange\s+(?:sub)?partition\b.*?\bwith\s+table\s+(?P<new>{_TABLE})", _ANYWHERE
)
_ATTACHED: Final = re.compile(rf"{_ALTERED}attach\s+partition\s+(?P<new>{_TABLE})(?!\s*=)", re.IGNORECASE)
_SWITCHED: Final = re.compile(rf"{_ALTERED}switch\s+(?:partition\s+\S+\s+)?to\s+(?P<new>{_TABLE})", _ANYWHERE)


@dataclass(slots=True)
class _Moving:
    """Collects where columns go; what is known of tables changes at the end, and only when every column was found."""

    scope: Scope
    writing: Writing
    _known: dict[Parts, tuple[exp.Table, Mapping[str, str] | None]] = field(default_factory=dict)
    _by_writing: set[Parts] = field(default_factory=set)
    """Tables of which only the columns that statements wrote are known: they may have others."""

    def columns_of(self, table: exp.Table) -> tuple[Mapping[str, str], bool]:
        """Give the columns that a table is known to have at this moment, and whether nothing is missing."""
        parts = self.scope.naming.table_parts(table)
        if parts in self._known:
            columns = self._known[parts][1]
            return columns or {}, columns is not None
        return self.scope.known.columns_carried(table)

    def carry(self, source: exp.Table, target: exp.Table, columns: Mapping[str, str]) -> None:
        """Write columns of one table on under another's name."""
        old, new = (self.scope.known.spell(table) for table in (source, target))
        self.writing.touch(new)
        self.writing.rows.add(Column(old, ROWS))
        for name in columns.values():
            self.writing.set_column(new, name, identity_of(Column(old, name)))

    def rename(self, source: exp.Table, target: exp.Table) -> None:
        """Carry a table's columns on under a new name; the old one stands for nothing any more."""
        columns, is_all = self.columns_of(source)
        self.carry(source, target, columns)
        if not is_all:
            old, new = (self.scope.known.spell(table) for table in (source, target))
            self.writing.add_fault(
                f"{old} 改名为 {new}，没有 {old} 的表结构，不知道{'还' if columns else ''}带过去哪些列"
            )
        before, after = (self.scope.naming.table_parts(table) for table in (source, target))
        if before in self._by_writing or (before not in self._known and self.scope.known.columns_of(source) is None):
            self._by_writing.add(after)
        self._known[before] = (source, None)
        self._known[after] = (target, columns)

    def as_reading(self) -> Reading:
        """Give what was collected, and let the tables go by their new names."""
        reading = self.writing.as_reading()
        if not reading.faults:
            for parts, (table, columns) in self._known.items():
                if parts in self._by_writing and columns is not None:
                    continue  # what the schema says of a table that is swapped stays good
                self.scope.known.forget(table)
                if columns is not None:
                    self.scope.known.define(table, columns, is_complete=True)
        return reading


def read_alter(alter: exp.Alter, scope: Scope) -> Reading:
    """Read ALTER: renamed tables and columns carry on what they have, columns added are known from then on."""
    table = alter.this
    if not isinstance(table, exp.Table) or str(alter.args.get("kind")).upper() == "INDEX":
        return Reading("ALTER")
    moving = _Moving(scope, Writing("ALTER"))
    for action in alter.args.get("actions") or ():
        new = action.this if isinstance(action, exp.AlterRename | exp.SwapTable) else None
        to = next((option.this for option in alter.args.get("options") or () if _is_to(option)), None)
        if isinstance(new, exp.Table) and isinstance(to, exp.Table):  # RENAME a TO b: a column, the word left out
            _rename_column(moving, table, new.this, to.this)
        elif isinstance(new, exp.Table) and isinstance(action, exp.SwapTable):
            moving.writing.kind = "EXCHANGE"
            _exchange(moving, table, new, both_ways=True)
        elif isinstance(new, exp.Table):
            moving.writing.kind = "RENAME"
            moving.rename(table, _in_same_database(new, table, scope))
        elif (names := _column_names(action)) is not None:
            _rename_column(moving, table, *names)
        else:
            added = list(action.find_all(exp.ColumnDef)) if isinstance(action, exp.Expr) else []
            keys = [scope.naming.key_of(column) for column in added]
            spelled = [scope.naming.spell(key, column.name) for key, column in zip(keys, added, strict=True)]
            scope.known.extend(table, dict(zip(keys, spelled, strict=True)))
    return moving.as_reading()


def _is_to(option: exp.Expr) -> bool:
    return isinstance(option, exp.ToTableProperty)


def _column_names(action: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    """Give the old and the new name of a column that an action of ALTER TABLE renames."""
    if isinstance(action, exp.RenameColumn):
        return action.this, action.args["to"]
    if isinstance(action, exp.ModifyColumn) and action.args.get("rename_from") is not None:
        return action.args["rename_from"], action.this
    if isinstance(action, exp.AlterColumn) and action.args.get("rename_to") is not None:
        return action.this, action.args["rename_to"]
    return None


def _rename_column(moving: _Moving, table: exp.Table, old: exp.Expr, new: exp.Expr) -> None:
    naming, known = moving.scope.naming, moving.scope.known
    before, after = naming.key_of(old), naming.key_of(new)
    if before == after:
        return  # MySQL's and Hive's CHANGE a a …: another type only
    moving.writing.kind = "RENAME"
    columns = known.columns_of(table) or {}
    spelled, written = columns.get(before, naming.spell(before, old.name)), naming.spell(after, new.name)
    moving.writing.set_column(known.spell(table), written, identity_of(Column(known.spell(table), spelled)))
    if columns:
        renamed = {after if key == before else key: written if key == before else name for key, name in columns.items()}
        known.define(table, renamed, is_complete=True)


def read_moving_command(text: str, scope: Scope) -> Reading | None:
    """Read RENAME and the forms of ALTER that the parser leaves as text; None when no column goes anywhere by it."""
    word, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if word.upper() == "RENAME":
        return Reading("RENAME") if rest[:5].upper() == "USER " else _read_rename(rest, scope)
    if word.upper() != "ALTER":
        return None
    for pattern, read in _ALTERATIONS:
        if (found := pattern.match(rest)) is not None:
            moving = _Moving(scope, Writing("RENAME"))
            old, new = (exp.to_table(found[part], dialect=scope.naming.dialect) for part in ("old", "new"))
            read(moving, old, new)
            return moving.as_reading()
    return None


def read_renaming_procedure(execute: exp.Execute, scope: Scope) -> Reading | None:
    """Read SQL Server's `EXEC sp_rename 'old', 'new'` of tables and columns; None for every other procedure."""
    given = [item.name for item in execute.expressions if isinstance(item, exp.Literal | exp.National)]
    is_written_out = len(given) == len(execute.expressions) and len(given) in {2, 3}
    if execute.this.name.lower() != "sp_rename" or not is_written_out:
        return None
    moving, (old, new), what = _Moving(scope, Writing("RENAME")), given[:2], "".join(given[2:]).upper()
    named = exp.to_table(old, dialect=scope.naming.dialect)
    if what in {"", "OBJECT"}:
        _rename(moving, named, exp.Table(this=exp.to_identifier(new)))
    elif what == "COLUMN":
        column = named.this
        table = exp.Table(**dict(zip(("this", "db", "catalog"), reversed(named.parts[:-1]), strict=False)))
        _rename_column(moving, table, column, exp.to_identifier(new))
    return moving.as_reading()


def _read_rename(rest: str, scope: Scope) -> Reading | None:
    """Read RENAME TABLE a TO b, c TO d: one after the other, so that two tables can change places by a third."""
    found = _RENAMED.match(rest)
    if found is None:
        return None
    moving, place, text = _Moving(scope, Writing("RENAME")), 0, found["pairs"]
    while place < len(text):
        pair = _PAIR.match(text, place)
        if pair is None:
            return None
        old, new = (exp.to_table(pair[part], dialect=scope.naming.dialect) for part in ("old", "new"))
        moving.rename(old, _in_same_database(new, old, scope))
        place = pair.end()
    return moving.as_reading()


def _in_same_database(new: exp.Table, old: exp.Table, scope: Scope) -> exp.Table:
    if new.db or not old.db or scope.naming.dialect not in _STAYS_IN_DATABASE:
        return new
    named = old.copy()
    named.set("this", new.this.copy())
    return named


def _rename(moving: _Moving, old: exp.Table, new: exp.Table) -> None:
    moving.rename(old, _in_same_database(new, old, moving.scope))


def _set_schema(moving: _Moving, old: exp.Table, database: exp.Table) -> None:
    new = old.copy()
    new.set("db", database.this.copy())
    moving.rename(old, new)


def _exchange_partition(moving: _Moving, table: exp.Table, other: exp.Table) -> None:
    moving.writing.kind = "EXCHANGE"
    _exchange(moving, table, other, both_ways=moving.scope.naming.dialect not in _ONE_WAY)


def _attach(moving: _Moving, table: exp.Table, other: exp.Table) -> None:
    moving.writing.kind = "EXCHANGE"
    _exchange(moving, table, other, both_ways=False)


def _switch(moving: _Moving, table: exp.Table, other: exp.Table) -> None:
    _attach(moving, other, table)


def _exchange(moving: _Moving, table: exp.Table, other: exp.Table, *, both_ways: bool) -> None:
    """Carry rows of the other table into the table, and back; both have the same columns, in the same order."""
    (own, is_own), (others, is_others) = moving.columns_of(table), moving.columns_of(other)
    spelled, named = moving.scope.known.spell(table), moving.scope.known.spell(other)
    if not (is_own or is_others):
        moving.writing.add_fault(
            f"{spelled} 与 {named} 交换数据，两张表都没有表结构，不知道{'还' if own or others else ''}带过去哪些列"
        )
    names = _pairs(own, others, is_paired=is_own and is_others)
    for source, target, ways in ((named, spelled, names), (spelled, named, [(b, a) for a, b in names])):
        if target == named and not both_ways:
            continue
        moving.writing.touch(target)
        moving.writing.rows.add(Column(source, ROWS))
        for into, out_of in ways:
            moving.writing.set_column(target, into, identity_of(Column(source, out_of)))


def _pairs(own: Mapping[str, str], others: Mapping[str, str], *, is_paired: bool) -> Sequence[tuple[str, str]]:
    """Give the columns that change places: by position where both tables are known, elsewhere by name."""
    if is_paired and len(own) == len(others):
        return list(zip(own.values(), others.values(), strict=True))
    keys = list(dict.fromkeys((*own, *others)))
    return [(own.get(key, others.get(key, "")), others.get(key, own.get(key, ""))) for key in keys]


_ALTERATIONS: Final = (
    (_RENAMED_BY_ALTER, _rename),
    (_OTHER_DATABASE, _set_schema),
    (_EXCHANGED, _exchange_partition),
    (_ATTACHED, _attach),
    (_SWITCHED, _switch),
)
