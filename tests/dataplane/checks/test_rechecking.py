"""A delivery that mends rows is held against exactly the rows that had failed."""

from decimal import Decimal
from pathlib import Path

import pytest
from dataplane.checks.drawn import NOW, draw

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.rechecking import Rechecked, recheck
from chengshu.dataplane.checks.rules import NotNull, References, RowCountDrift, Rule, Test, Unique
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import RuleInvalid

BEFORE = """
id | 值
1  | ∅
2  | ∅
3  | ∅
4  | a
5  | a
6  | a
7  | c
"""
AFTER = """
id | 值
1  | x
2  | ∅
4  | b
5  | a
6  | a
7  | a
8  | ∅
"""
KNOWN = "代码\na\nb"


def _recheck(engine: Engine, test: Test, folder: Path) -> tuple[Rechecked, list[str]]:
    rule = Rule("r", ("值",), test)
    keeping = Keeping(folder / "first", ("id",))
    engine.offer("t", draw(BEFORE))
    engine.offer("known", draw(KNOWN))
    shape = shape_of("t", draw(BEFORE).schema)
    (first,) = run_checks(engine, shape, [rule], now=NOW, keeping=keeping)
    assert first.keys
    engine.offer("t", draw(AFTER))
    second = Keeping(folder / "second", ("id",))
    found = recheck(engine, shape, rule, sorted(first.keys.glob("*.parquet")), keeping=second, now=NOW)
    engine.offer("again", sorted((second.folder / "r").glob("*.parquet")))
    still = sorted(engine.fetch("SELECT key FROM again")["key"].to_pylist())
    for name in ("t", "known", "again"):
        engine.withdraw(name)
    return found, still


def test_rows_still_fail_are_mended_or_gone(engine: Engine, tmp_path: Path) -> None:
    """Row 8 fails now, but was not among them."""
    found, still = _recheck(engine, NotNull(), tmp_path)
    assert found == Rechecked(asked=3, failing=1, mended=1, gone=1)
    assert still == ["2"]


def test_a_repeated_value_is_looked_for_in_the_whole_table(duckdb_engine: Engine, tmp_path: Path) -> None:
    """Row 7 repeats now, but was not among them."""
    found, still = _recheck(duckdb_engine, Unique(), tmp_path)
    assert found == Rechecked(asked=3, failing=2, mended=1, gone=0)
    assert still == ["5", "6"]


def test_a_reference_that_now_leads_somewhere_is_mended(duckdb_engine: Engine, tmp_path: Path) -> None:
    rule = Rule("r", ("值",), References("known", ("代码",)))
    duckdb_engine.offer("t", draw(BEFORE))
    duckdb_engine.offer("known", draw(KNOWN))
    shape = shape_of("t", draw(BEFORE).schema)
    (first,) = run_checks(duckdb_engine, shape, [rule], now=NOW, keeping=Keeping(tmp_path / "a", ("id",)))
    assert first.keys
    duckdb_engine.offer("t", draw(AFTER))
    kept = sorted(first.keys.glob("*.parquet"))
    found = recheck(duckdb_engine, shape, rule, kept, keeping=Keeping(tmp_path / "b", ("id",)), now=NOW)
    assert found == Rechecked(asked=1, failing=0, mended=1, gone=0)


def test_a_rule_on_the_table_as_a_whole_has_no_rows_to_ask_again(duckdb_engine: Engine, tmp_path: Path) -> None:
    rule = Rule("r", (), RowCountDrift((1,), Decimal(0)))
    with pytest.raises(RuleInvalid, match="整张表"):
        recheck(
            duckdb_engine, shape_of("t", draw(BEFORE).schema), rule, [], keeping=Keeping(tmp_path, ("id",)), now=NOW
        )
