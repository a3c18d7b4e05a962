"""The variables of a routine's body: what each may hold at a place, by the ways that lead there."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from chengshu.dataplane.lineage.columns import (
    CONSTANT,
    Column,
    Origin,
    Output,
    Relation,
    identity_of,
    merge_origins,
    unknown,
)
from chengshu.dataplane.lineage.listing import unite_by_name

Name = tuple[str, ...]
"""The folded parts of a variable's name: of a record's field two."""
Path = tuple[int, ...]
"""The blocks and branches that a step stands in, outermost first, by number."""


@dataclass(slots=True)
class Variable:
    """What a variable may hold: a value, a row of a query, or values put into its fields one by one.

    A variable that nothing from a table is put into is constant, and so are parameters.
    """

    gives_way: bool = False
    value: Origin = CONSTANT
    row: Relation | None = None
    fields: dict[str, Origin] = field(default_factory=dict)
    is_value: bool = True
    """Whether it is used as one value, and not as a row of several."""

    def as_relation(self, spell: Callable[[str], str]) -> Relation:
        """Give what stands behind the variable's dot; `spell` gives the spelling of a column's folded name."""
        row = self.row if self.row is not None and not self.value.faults else Relation(anything=self.value)
        if not self.fields:
            return row
        outputs = [replace(one, origin=merge_origins(self._origins(one))) for one in row.outputs]
        listed = {output.key for output in outputs}
        of_table = {key: identity_of(Column(table, spell(key))) for key in self.fields for table in row.unlisted[:1]}
        outputs += [
            Output(key, key, merge_origins([origin, of_table.get(key, CONSTANT)]))
            for key, origin in self.fields.items()
            if key not in listed
        ]
        return replace(row, outputs=tuple(outputs), unlisted_at=len(outputs))

    def _origins(self, output: Output) -> list[Origin]:
        return [output.origin, *([self.fields[output.key]] if output.key in self.fields else [])]

    def take(self, put: "Put") -> None:
        """Take what is put into it, beside what was taken before."""
        if put.field:
            self.fields[put.field] = merge_origins([self.fields.get(put.field, CONSTANT), put.value])
            return
        self.value = merge_origins([self.value, put.value])
        if put.row is not None:
            self.is_value = self.is_value and len(put.row.outputs) == 1 and not put.row.unlisted
            is_another = self.row is not None and self.row != put.row
            self.row = unite_by_name(self.row, put.row) if self.row is not None and is_another else put.row


@dataclass(slots=True)
class Put:
    """A place where something is put into a variable, or into a field of one, and what it was found to be."""

    at: int
    path: Path
    routine: int
    field: str = ""
    value: Origin = CONSTANT
    row: Relation | None = None


@dataclass(slots=True)
class Declared:
    """A variable as it is declared in a routine, with all places where something is put into it, in order."""

    routine: int
    gives_way: bool = False
    """Whether a column of a table, even of an unknown one, comes before it: names of a function's result."""
    puts: list[Put] = field(default_factory=list)

    def reaching(self, sight: "Sight") -> Iterable[Put]:
        """Give what may be in the variable at a place.

        What is put in on every way to the place takes the place of all before it; what is put in further on comes
        there again by the loops around. Between routines, everything may come from everywhere.
        """
        if sight.routine != self.routine or any(put.routine != self.routine for put in self.puts):
            return self.puts
        found: list[Put] = []
        passed: Path = ()
        for put in reversed(self.puts):
            if put.at >= sight.at:
                continue
            found.append(put)
            if not put.field and put.path == sight.path[: len(put.path)]:
                passed = put.path
                break
        again = {block for block in sight.path if block in sight.loops and block not in passed}
        return [*found, *(put for put in self.puts if put.at >= sight.at and not again.isdisjoint(put.path))]


@dataclass(slots=True)
class Frame:
    """The variables of one block of a body, and the block around it."""

    around: "Frame | None" = None
    routine: int = 0
    names: dict[str, Declared] = field(default_factory=dict)
    row_tables: dict[str, str | None] = field(default_factory=dict)
    """Names of the row that a trigger is called for, with the table as it is written, or None if none is named."""

    def declare(self, key: str, *, gives_way: bool = False) -> Declared:
        """Make a variable known in this block."""
        return self.names.setdefault(key, Declared(self.routine, gives_way))

    def find(self, key: str) -> Declared | None:
        """Give the variable of a folded name, the inmost first."""
        frame: Frame | None = self
        while frame is not None:
            if key in frame.names:
                return frame.names[key]
            frame = frame.around
        return None

    def find_row(self, key: str) -> tuple[bool, str | None]:
        """Say whether a name is that of a trigger's row, and of which table."""
        frame: Frame | None = self
        while frame is not None:
            if key in frame.row_tables:
                return True, frame.row_tables[key]
            frame = frame.around
        return False, None


@dataclass(frozen=True, slots=True)
class Sight:
    """The variables as they are seen from one step of a body."""

    frame: Frame
    at: int
    path: Path
    routine: int
    loops: frozenset[int]

    def find(self, key: str) -> Variable | None:
        """Give what the variable of a folded name may hold here, or None when there is none."""
        declared = self.frame.find(key)
        if declared is None:
            return None
        variable = Variable(declared.gives_way)
        for put in declared.reaching(self):
            variable.take(put)
        return variable

    def puts_of(self, targets: Sequence[Name]) -> list[Put]:
        """Note that something is put into variables here, and give the places, to be filled."""
        puts = []
        for target in targets:
            declared = self.frame.find(target[0])
            if declared is None and len(target) > 1:
                declared = self.frame.find(target[-2]) or self.frame.find(target[-1])  # block.record.field, block.name
            is_field = len(target) > 1 and declared is not self.frame.find(target[-1])
            if declared is None:  # of a package that is not at hand
                declared = self.frame.declare(target[0])
            put = Put(self.at, self.path, self.routine, target[-1] if is_field else "")
            declared.puts.append(put)
            puts.append(put)
        return puts


def fill(puts: Sequence[Put], relation: Relation) -> None:
    """Put a row of a query into variables: into one as a whole, into several by position."""
    listed = relation.listed_before_gap()
    if len(puts) == 1 and not puts[0].field and (relation.anything is None or relation.outputs):
        puts[0].row = relation
        puts[0].value = listed[0].origin if len(relation.outputs) == 1 and listed else CONSTANT
        return
    for place, put in enumerate(puts):
        beyond = relation.anything or unknown(f"取自查询的第 {place + 1} 列，查询没有写明这一列")
        put.row, put.value = None, listed[place].origin if place < len(listed) else beyond
