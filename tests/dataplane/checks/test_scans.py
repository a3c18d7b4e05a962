"""How often a table is read: once for all rules on rows, apart only for what compares rows with others."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from dataplane.checks.drawn import NOW

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.rules import (
    Between,
    CheckDigit,
    Completeness,
    Length,
    Matches,
    NotNull,
    OneOf,
    Rule,
    Unique,
)
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.protocol import Engine, Written

ROWS = pa.table(
    {
        "id": ["1", "2", "2", "4"],
        "name": ["张三", None, "李四", "王五"],
        "sex": ["1", "2", "9", None],
        "age": [30, 200, None, 5],
        "sfzh": ["11010519491231002X", "1", None, "11010519491231002X"],
    }
)
ON_ROWS = (
    Rule("present", ("name",), NotNull()),
    Rule("sex", ("sex",), OneOf(("1", "2"))),
    Rule("age", ("age",), Between(0, 150)),
    Rule("long", ("name",), Length(2, 20)),
    Rule("form", ("id",), Matches("[0-9]+")),
    Rule("digit", ("sfzh",), CheckDigit("citizen_id")),
    Rule("share", ("name", "sex"), Completeness(Decimal("0.5"))),
)
ONCE = Rule("once", ("id",), Unique())


class Counting:
    """An engine that counts how often the table is read."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.reads = engine, 0

    def fetch(self, statement: str) -> pa.Table:
        self._count(statement)
        return self.engine.fetch(statement)

    def write(self, statement: str, folder: Path) -> Written:
        self._count(statement)
        return self.engine.write(statement, folder)

    def _count(self, statement: str) -> None:
        self.reads += statement.count('"rows"')

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


@pytest.mark.parametrize(("rules", "reads"), [(ON_ROWS[:1], 1), (ON_ROWS, 1), ((*ON_ROWS, ONCE), 2)])
def test_any_number_of_rules_on_rows_reads_the_table_once(
    duckdb_engine: Engine, rules: tuple[Rule, ...], reads: int
) -> None:
    engine = Counting(duckdb_engine)
    engine.offer("rows", ROWS)
    run_checks(engine, shape_of("rows", ROWS.schema), rules, now=NOW)
    assert engine.reads == reads


def test_keeping_the_failing_rows_of_all_rules_reads_the_table_no_more_than_keeping_those_of_one(
    duckdb_engine: Engine, tmp_path: Path
) -> None:
    reads = []
    for rules in (ON_ROWS[:1], ON_ROWS):
        engine = Counting(duckdb_engine)
        engine.offer("rows", ROWS)
        keeping = Keeping(tmp_path / str(len(rules)), ("id",))
        run_checks(engine, shape_of("rows", ROWS.schema), rules, now=NOW, keeping=keeping)
        reads.append(engine.reads)
    assert reads[0] == reads[1]
