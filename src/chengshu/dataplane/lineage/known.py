"""The tables that are known while statements are read: from the schema given, and from earlier statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from chengshu.dataplane.lineage.columns import ROWS, Column, Output, Reading, Relation, identity_of
from chengshu.dataplane.lineage.naming import Naming, write_part

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A known table: its spelling, its columns by folded name, and whether these are all."""

    name: str
    columns: Mapping[str, str]
    is_complete: bool


@dataclass(slots=True)
class KnownTables:
    """Tables by their folded names; a name without database stands for the one table that ends so, and back."""

    naming: Naming
    _entries: dict[Parts, _Entry] = field(default_factory=dict)
    _by_last: dict[str, list[Parts]] = field(default_factory=dict)
    _written: dict[str, dict[str, str]] = field(default_factory=dict)
    """The columns that statements wrote, by the spelling of the table: folded name to spelling."""
    _in_doubt: dict[str, set[int]] = field(default_factory=dict)
    """The statements that wrote columns of a table which could not be told."""
    routines: set[str] = field(default_factory=set)
    """Names, in small letters, of the routines whose bodies were read: what they write is told there."""

    def add_schema(self, schema: Mapping[str, Mapping[str, str]]) -> None:
        """Take tables with their columns and types, as `--schema` gives them; a dot parts database and table."""
        for name, columns in schema.items():
            parts = tuple(self.naming.fold_table(part) for part in name.split("."))
            self._put(parts, _Entry(name, {self.naming.fold(column): column for column in columns}, is_complete=True))

    def define(self, table: exp.Table, outputs: Mapping[str, str], *, is_complete: bool) -> None:
        """Take a table or view that a statement made, with its columns (folded name to spelling)."""
        self._put(self.naming.table_parts(table), _Entry(self.spell(table), dict(outputs), is_complete))

    def extend(self, table: exp.Table, columns: Mapping[str, str]) -> None:
        """Add columns to a table that is known; nothing for others, whose columns are not known anyway."""
        entry = self._find(self.naming.table_parts(table))
        if entry is not None:
            parts = self.naming.table_parts(table)
            self._put(parts, _Entry(entry.name, {**entry.columns, **columns}, entry.is_complete))

    def forget(self, table: exp.Table) -> None:
        """Take away what is known of a table."""
        name, parts = self.spell(table), self.naming.table_parts(table)
        self._written.pop(name, None)
        self._in_doubt.pop(name, None)
        if self._entries.pop(parts, None) is not None:
            self._by_last[parts[-1]].remove(parts)

    def note_written(self, statement: int, reading: Reading) -> None:
        """Remember the columns that a statement wrote; `statement` tells it when it is read again."""
        for edge in reading.edges:
            if edge.target.table is not None:
                columns = self._written.setdefault(edge.target.table, {})
                columns.setdefault(self.naming.fold(edge.target.name, quoted=True), edge.target.name)
        for table in reading.written:
            doubts = self._in_doubt.setdefault(table, set())
            doubts.add(statement) if reading.faults else doubts.discard(statement)

    def columns_carried(self, table: exp.Table) -> tuple[Mapping[str, str], bool]:
        """Give the columns that go on when a table gets another name, and whether nothing is missing.

        They are the table's own; where these are not known, those that statements wrote, for others came from nowhere.
        """
        columns = self.columns_of(table)
        if columns is not None:
            return columns, True
        name = self.spell(table)
        return self._written.get(name, {}), bool(self._written.get(name)) and not self._in_doubt.get(name)

    def columns_of(self, table: exp.Table) -> Mapping[str, str] | None:
        """Give the columns of a table, folded name to spelling in order, or None when they are not all known."""
        entry = self._find(self.naming.table_parts(table))
        return entry.columns if entry is not None and entry.is_complete else None

    def spell(self, table: exp.Table) -> str:
        """Give the name of a table in answers, with database where it is known."""
        parts = self.naming.table_parts(table)
        entry = self._find(parts)
        if entry is not None and entry.name.count(".") >= len(parts) - 1:
            return entry.name
        written = [write_part(part) for part in table.parts]
        return ".".join(self.naming.spell(key, name) for key, name in zip(parts, written, strict=True))

    def relation_of(self, table: exp.Table) -> Relation:
        """Give what reading from a table gives: its columns as their own origin."""
        name = self.spell(table)
        entry = self._find(self.naming.table_parts(table))
        rows = frozenset((Column(name, ROWS),))
        if entry is None:
            return Relation(unlisted=(name,), rows=rows)
        outputs = tuple(
            Output(key, spelled, identity_of(Column(name, spelled))) for key, spelled in entry.columns.items()
        )
        if entry.is_complete:
            return Relation(outputs, rows=rows)
        return Relation(outputs, unlisted=(name,), unlisted_at=0, rows=rows)

    def _put(self, parts: Parts, entry: _Entry) -> None:
        if parts not in self._entries:
            self._by_last.setdefault(parts[-1], []).append(parts)
        self._entries[parts] = entry

    def _find(self, parts: Parts) -> _Entry | None:
        if parts in self._entries:
            return self._entries[parts]
        alike = [
            known
            for known in self._by_last.get(parts[-1], ())
            if known[-len(parts) :] == parts or parts[-len(known) :] == known
        ]
        if alike:
            return self._entries[alike[0]] if len(alike) == 1 else None
        plain = tuple(self.naming.fold_table(part) for part in parts)
        entry = self._find(plain) if plain != parts else None  # quoted as the schema spells it
        return entry if entry is not None and entry.name.split(".")[-1] == parts[-1] else None
