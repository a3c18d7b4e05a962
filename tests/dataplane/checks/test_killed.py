"""A check that is killed while it writes keys leaves none that anybody could take for whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from dataplane.checks.drawn import NOW

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.outcomes import Outcome
from chengshu.dataplane.checks.rules import NotNull, Rule, Unique
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.protocol import Engine, Written
from chengshu.dataplane.errors import EngineFault

ROWS = pa.table({"id": ["a", "b", "c", "d"], "v": [None, None, "x", "x"]})
RULES = (Rule("present", ("v",), NotNull()), Rule("once", ("v",), Unique()))


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of ours catches it, so nothing is tidied up."""


class Dying:
    """An engine that dies half way through the write whose statement is chosen."""

    def __init__(self, engine: Engine, dies_at: Callable[[str], bool]) -> None:
        self.engine, self.dies_at = engine, dies_at
        self.name, self.dialect = engine.name, engine.dialect

    def write(self, statement: str, folder: Path) -> Written:
        written = self.engine.write(statement, folder)
        if self.dies_at(statement):
            half = written.files[0]
            half.write_bytes(half.read_bytes()[: half.stat().st_size // 2])
            raise KilledError
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


@pytest.mark.parametrize("rule", ["present", "once"])
def test_a_rerun_after_a_kill_keeps_exactly_the_failing_rows(duckdb_engine: Engine, tmp_path: Path, rule: str) -> None:
    keys = tmp_path / "keys"

    def check(engine: Engine) -> dict[str, Outcome]:
        keeping = Keeping(keys, ("id",))
        found = run_checks(engine, shape_of("rows", ROWS.schema), RULES, now=NOW, keeping=keeping)
        return {outcome.rule.key: outcome for outcome in found}

    duckdb_engine.offer("rows", ROWS)
    check(duckdb_engine)  # an earlier month's keys, which must not be taken for this one's
    with pytest.raises(KilledError):
        check(Dying(duckdb_engine, lambda statement: f"'{rule}' AS rule" in statement))
    assert list((keys / rule).glob("*")) == []

    again = check(duckdb_engine)
    kept = {key: sorted(ds.dataset(one.keys).to_table()["key"].to_pylist()) for key, one in again.items()}
    assert kept == {"present": ["a", "b"], "once": ["c", "d"]}
    assert {path.name for path in keys.iterdir()} == {"present", "once"}


def test_a_second_check_does_not_write_keys_where_one_is_writing(duckdb_engine: Engine, tmp_path: Path) -> None:
    keeping = Keeping(tmp_path / "keys", ("id",))
    duckdb_engine.offer("rows", ROWS)
    told: list[str] = []

    def meddle(statement: str) -> bool:
        if not told and " AS rule" in statement:
            with pytest.raises(EngineFault) as fault:
                run_checks(duckdb_engine, shape_of("rows", ROWS.schema), RULES, now=NOW, keeping=keeping)
            told.append(fault.value.message)
        return False

    engine: Any = Dying(duckdb_engine, meddle)
    outcomes = run_checks(engine, shape_of("rows", ROWS.schema), RULES, now=NOW, keeping=keeping)
    assert "另一次检查正在" in told[0]
    assert [len(ds.dataset(outcome.keys).to_table()) for outcome in outcomes] == [2, 2]
