"""Rules drawn as small tables: what is asked, the rows, and which of them fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.outcomes import Outcome
from chengshu.dataplane.checks.planning import KEY, Planner, large_domains
from chengshu.dataplane.checks.predicates import DOMAIN_VALUE, Surroundings
from chengshu.dataplane.checks.rules import Rule, Type
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.protocol import Engine

NOW = datetime(2024, 6, 30, 12, tzinfo=UTC)
NULL = "∅"

_TYPES: dict[str, tuple[pa.DataType, Callable[[str], object]]] = {
    "text": (pa.string(), lambda cell: cell.replace("␣", " ")),
    "integer": (pa.int64(), int),
    "number": (pa.float64(), float),
    "decimal": (pa.decimal128(18, 2), Decimal),
    "boolean": (pa.bool_(), lambda cell: cell == "true"),
    "date": (pa.date32(), date.fromisoformat),
    "moment": (pa.timestamp("us", "UTC"), lambda cell: datetime.fromisoformat(cell).replace(tzinfo=UTC)),
}


@dataclass(frozen=True)
class Spec:
    """A rule, a table whose first column `id` names the rows, and the ids of rows that fail."""

    title: str
    rule: Rule
    rows: str
    fails: str = ""
    """Ids, apart by spaces."""
    checked: int | None = None
    """Rows looked at; all of them when None."""
    others: dict[str, str] = field(default_factory=dict)
    read_as: dict[str, Type] = field(default_factory=dict)


def draw(text: str) -> pa.Table:
    """Give the table of a text: `name:type | …`, then a line a row; ∅ is null, ␣ a space."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    columns: dict[str, pa.Array] = {}
    for place, head in enumerate(lines[0]):
        name, _, kind = head.partition(":")
        type_, read = _TYPES[kind or "text"]
        cells = [line[place] for line in lines[1:]]
        columns[name] = pa.array([None if cell == NULL else read(cell) for cell in cells], type_)
    return pa.table(columns)


def ask(
    engine: Engine,
    rows: pa.Table,
    rules: Sequence[Rule],
    *,
    keys: Path | None = None,
    read_as: dict[str, Type] | None = None,
) -> tuple[Outcome, ...]:
    """Ask rules of rows in memory."""
    engine.offer("drawn", rows)
    try:
        keeping = None if keys is None else Keeping(keys, ("id",))
        return run_checks(engine, shape_of("drawn", rows.schema, read_as), rules, now=NOW, keeping=keeping)
    finally:
        engine.withdraw("drawn")


def kept(outcome: Outcome) -> list[dict[str, str | None]]:
    """Give the kept rows of one rule: rule, key and value."""
    if outcome.keys is None:
        return []
    rows: list[dict[str, str | None]] = ds.dataset(outcome.keys).to_table().sort_by("key").to_pylist()
    return rows


def failing_ids(engine: Engine, rows: pa.Table, rule: Rule, read_as: dict[str, Type]) -> list[str]:
    """Give the ids of rows that fail a row rule, by the one statement that finds them."""
    engine.offer("drawn", rows)
    domains = dict.fromkeys(large_domains([rule]), "domain")
    for values in large_domains([rule]).values():
        engine.offer("domain", pa.table({DOMAIN_VALUE: values}))
    around = Surroundings(shape_of("drawn", rows.schema, read_as), NOW.date(), domains)
    found = engine.fetch(Planner((rule,), around, ("id",), engine.dialect).failing_sql([0]))
    engine.withdraw("drawn")
    return sorted(found[KEY].to_pylist())
