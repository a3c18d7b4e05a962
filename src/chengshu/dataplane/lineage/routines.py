"""Routines read step by step: first what their variables may hold, then the statements that use them."""

from dataclasses import dataclass, field, replace

from sqlglot import exp

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.bodies import Step, StepKind
from chengshu.dataplane.lineage.body_heads import Routine
from chengshu.dataplane.lineage.columns import Reading, Relation, merge_origins, unknown
from chengshu.dataplane.lineage.known import KnownTables
from chengshu.dataplane.lineage.parsing import UNREAD, Parsed, parse_statement, read_parsed, unread
from chengshu.dataplane.lineage.queries import open_scope
from chengshu.dataplane.lineage.variables import Put, Sight, fill
from chengshu.dataplane.lineage.writing import Writing

_ROUNDS = 5
"""Values go from variable to variable; each round they go one further against the order of the text."""
_UNTOLD = "从哪里取值无从得知（动态 SQL、别处打开的游标，或没有写明哪张表的触发器）"


@dataclass(slots=True)
class RoutineReader:
    """Reads a routine that was cut into steps, as often as more is known of the tables."""

    routine: Routine
    dialect: str
    _parsed: dict[int, Parsed] = field(default_factory=dict)
    _puts: dict[int, list[Put]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, step in enumerate(self.routine.steps):
            if step.targets and step.kind not in {StepKind.CALL, StepKind.ROW}:
                self._puts[place] = self._sight(place, step).puts_of(step.targets)

    @property
    def statements(self) -> list[Step]:
        """Give the steps that count as statements."""
        return [step for step in self.routine.steps if step.kind is not StepKind.FILL]

    def read(self, known: KnownTables) -> list[Reading]:
        """Read all statements, in order."""
        known.routines |= self.routine.names
        self._fill(known)
        return [
            self._read(place, step, known)
            for place, step in enumerate(self.routine.steps)
            if step.kind is not StepKind.FILL
        ]

    def _fill(self, known: KnownTables) -> None:
        """Find out what each variable may hold, by whatever way it gets there."""
        before: list[Put] = []
        for _ in range(_ROUNDS):
            for place, puts in self._puts.items():
                fill(puts, self._held(place, self.routine.steps[place], known))
            now = [replace(put) for puts in self._puts.values() for put in puts]
            if now == before:
                return
            before = now

    def _sight(self, place: int, step: Step) -> Sight:
        return Sight(step.frame, place, step.path, step.frame.routine, frozenset(self.routine.loops))

    def _held(self, place: int, step: Step, known: KnownTables) -> Relation:
        """Give the rows that a step puts into its variables."""
        taken = self._row_taken(place, step, known)
        if taken is not None:
            return taken
        name = step.targets[0][-1]
        if step.kind is StepKind.UNREAD or not step.text:
            return Relation(anything=unknown(f"变量 {name} {_UNTOLD}"))
        tree = self._tree(place, step)
        if isinstance(tree, exp.Query):
            scope = open_scope(known, self._sight(place, step))
            try:
                return scope.read_query(tree, scope)
            except (StatementUnreadable, RecursionError, ValueError, TypeError, AttributeError, LookupError):
                pass
        return Relation(anything=unknown(f"变量 {name} 取值的查询或算式读不懂"))

    def _row_taken(self, place: int, step: Step, known: KnownTables) -> Relation | None:
        """Give the row of the cursor or record that a step names, or None when it names none."""
        sight = self._sight(place, step)
        found = sight.find(step.source[-1]) if step.source else None
        if found is None or (len(step.source) > 1 and sight.find(step.source[0]) is not None):
            return None
        is_row = found.row is not None or found.fields
        return found.as_relation(known.naming.spell_folded) if is_row else None

    def _tree(self, place: int, step: Step) -> Parsed:
        if place not in self._parsed:
            self._parsed[place] = parse_statement(step.text, self.dialect, step.line)
        return self._parsed[place]

    def _read(self, place: int, step: Step, known: KnownTables) -> Reading:
        if step.kind is StepKind.UNREAD:
            return unread(step.text)
        if step.kind is StepKind.CALL:
            return read_call(step.text, known)
        if step.kind is StepKind.ROW:
            return self._read_row(place, step, known)
        reading = read_parsed(self._tree(place, step), known, self._sight(place, step))
        if step.kind is StepKind.INTO:  # its columns go to variables, and from there to whatever uses them
            return Reading("SELECT INTO", faults=reading.faults if reading.kind == UNREAD else ())
        return reading

    def _read_row(self, place: int, step: Step, known: KnownTables) -> Reading:
        """Read a value put into a column of the row that a trigger is called for: the table's column takes it."""
        row, column = step.targets[0][0], step.targets[0][-1]
        table = step.frame.find_row(row)[1]
        if table is None:
            return unread(
                f"{row} 是触发器所在表的行，程序体里没有写明是哪张表（或有几张），不知道写的是哪张表的 {column}"
            )
        held = self._held(place, step, known)
        origin = held.anything or merge_origins(output.origin for output in held.outputs)
        writing = Writing("UPDATE")
        named = exp.to_table(table, dialect=self.dialect)
        spelled = (known.columns_of(named) or {}).get(column, known.naming.spell_folded(column))
        writing.set_column(known.spell(named), spelled, origin)
        return writing.as_reading()


def read_call(name: str, known: KnownTables) -> Reading:
    """Read a call: of a routine handed in along, what it writes is told there."""
    if name.rpartition(".")[2] in known.routines:
        return Reading("CALL")
    return unread(f"调用的 {name} 不在交来的脚本里，无从得知它写什么")
