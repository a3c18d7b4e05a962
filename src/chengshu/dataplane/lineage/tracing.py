"""Scripts traced from first to last: each statement with its reading, tables made on the way known to later ones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.body_heads import DIALECTS_WITH_BODIES, Heads
from chengshu.dataplane.lineage.columns import Reading
from chengshu.dataplane.lineage.known import KnownTables
from chengshu.dataplane.lineage.naming import Naming
from chengshu.dataplane.lineage.parsing import UNREAD, Parsed, parse_statement, read_parsed, unread
from chengshu.dataplane.lineage.routines import RoutineReader
from chengshu.dataplane.lineage.splitting import Statement, split_statements

__all__ = ["UNREAD", "Script", "Traced", "trace_scripts"]


@dataclass(frozen=True, slots=True)
class Script:
    """A text of statements, and the name that answers give it by."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A statement of a script with what was read of it; its kind is UNREAD where nothing was."""

    script: str
    number: int
    line: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Single:
    """A statement that stands by itself."""

    tree: Parsed
    line: int

    def lines(self) -> list[int]:
        return [self.line]

    def read(self, known: KnownTables) -> list[Reading]:
        return [read_parsed(self.tree, known)]


@dataclass(frozen=True, slots=True)
class _Body:
    """A routine; each statement in its body counts as one, and where there is none, the routine does."""

    reader: RoutineReader
    line: int

    def lines(self) -> list[int]:
        return [step.line for step in self.reader.statements] or [self.line]

    def read(self, known: KnownTables) -> list[Reading]:
        return self.reader.read(known) or [Reading("CREATE")]


_Unit = _Single | _Body


def trace_scripts(
    scripts: Iterable[Script], *, dialect: str, schema: Mapping[str, Mapping[str, str]] | None = None
) -> list[Traced]:
    """Trace all statements in order, those within routines among them.

    Tables and views that a statement makes are known to those after it. A statement that lacked a table's columns is
    read once more at the end, for scripts are not always named in the order that they run in. `schema` is tables,
    their columns and types.
    """
    known = KnownTables(Naming(dialect))
    known.add_schema(schema or {})
    traced: list[Traced] = []
    waiting: dict[int, _Unit] = {}
    for script in scripts:
        first = len(traced)
        for unit in _units(script, dialect):
            readings = unit.read(known)
            if any(reading.faults for reading in readings) and not _is_refused(unit):
                waiting[len(traced)] = unit
            for line, reading in zip(unit.lines(), readings, strict=True):
                traced.append(Traced(script.name, len(traced) - first + 1, line, reading))
    return _read_again(traced, waiting, known)


def _units(script: Script, dialect: str) -> Iterator[_Unit]:
    heads = Heads(Naming(dialect), script.text)
    for statement in split_statements(script.text, dialect):
        if statement.is_routine:
            yield _cut(statement, heads)
        else:
            yield _Single(parse_statement(statement.text, dialect, statement.line), statement.line)


def _cut(statement: Statement, heads: Heads) -> _Unit:
    if heads.naming.dialect not in DIALECTS_WITH_BODIES:
        reason = "程序体（存储过程、函数、触发器、匿名块）不逐句解析；请把其中的语句单独给出"
        return _Single(unread(reason), statement.line)
    try:
        return _Body(RoutineReader(heads.cut(statement), heads.naming.dialect), statement.line)
    except StatementUnreadable as fault:
        return _Single(unread(fault.message), statement.line)


def _is_refused(unit: _Unit) -> bool:
    return isinstance(unit, _Single) and isinstance(unit.tree, Reading)


def _read_again(traced: list[Traced], waiting: dict[int, _Unit], known: KnownTables) -> list[Traced]:
    """Read what had faults with all tables known, as long as something comes of it: backwards, forwards, and again."""
    progress = True
    while waiting and progress:
        progress = False
        waiting = dict(reversed(waiting.items()))
        for first, unit in list(waiting.items()):
            readings = unit.read(known)
            for place, reading in enumerate(readings, first):
                if len(reading.faults) < len(traced[place].reading.faults):
                    traced[place] = replace(traced[place], reading=reading)
                    progress = True
            if not any(reading.faults for reading in readings):
                del waiting[first]
    return traced
