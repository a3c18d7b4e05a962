"""Gaps counted from the footers of Parquet files: the same as counted from the rows, or not at all."""

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dataplane.checks.drawn import NOW, kept

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.footers import count_missing
from chengshu.dataplane.checks.outcomes import Outcome
from chengshu.dataplane.checks.rules import Completeness, NotNull, Rule
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.protocol import Engine

RULES = (
    Rule("present", ("name",), NotNull()),
    Rule("full", ("whole",), NotNull()),
    Rule("both", ("name", "note"), NotNull()),
    Rule("blank", ("note",), NotNull(blank=True)),
    Rule("women", ("name",), NotNull(), where="sex = '2'"),
    Rule("share", ("name", "note", "whole"), Completeness(Decimal("0.5"))),
    Rule("share_of_women", ("name", "note"), Completeness(Decimal("0.5")), where="sex = '2'"),
)


class Listening:
    """An engine that remembers what it was asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.asked = engine, ""

    def fetch(self, statement: str) -> pa.Table:
        self.asked += statement
        return self.engine.fetch(statement)

    def write(self, statement: str, folder: Path) -> Any:
        self.asked += statement
        return self.engine.write(statement, folder)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


def _rows(seed: int, rows: int = 400) -> pa.Table:
    draw = random.Random(seed)  # noqa: S311 - rows of a test
    return pa.table(
        {
            "id": [str(number) for number in range(rows)],
            "name": [draw.choice(["张三", "李四", None]) for _ in range(rows)],
            "note": [draw.choice(["有", "　", "", None]) for _ in range(rows)],
            "sex": [draw.choice(["1", "2", None]) for _ in range(rows)],
            "whole": list(range(rows)),
        }
    )


def _written(folder: Path, tables: list[pa.Table], **options: Any) -> list[Path]:
    files = [folder / f"{place}.parquet" for place in range(len(tables))]
    for file, table in zip(files, tables, strict=True):
        pq.write_table(table, file, row_group_size=150, **options)
    return files


def _answers(outcomes: tuple[Outcome, ...]) -> list[tuple[str, int, int, list[dict[str, str | None]]]]:
    return [(one.rule.key, one.checked, one.failed, sorted(kept(one), key=str)) for one in outcomes]


@pytest.mark.parametrize("keeps", [True, False])
def test_a_check_answers_the_same_with_footers_and_without(
    duckdb_engine: Engine, tmp_path: Path, *, keeps: bool
) -> None:
    files = _written(tmp_path, [_rows(1), _rows(2)])
    duckdb_engine.offer("rows", files)
    schema = pq.read_schema(files[0])

    def answers(told: list[Path]) -> list[Any]:
        keeping = Keeping(tmp_path / f"keys {len(told)}", ("id",)) if keeps else None
        shape = shape_of("rows", schema, files=told)
        return _answers(run_checks(duckdb_engine, shape, RULES, now=NOW, keeping=keeping))

    assert answers(files) == answers([])


def test_a_column_whose_gaps_the_files_tell_is_not_read(duckdb_engine: Engine, tmp_path: Path) -> None:
    files = _written(tmp_path, [_rows(3)])
    duckdb_engine.offer("rows", files)
    shape = shape_of("rows", pq.read_schema(files[0]), files=files)
    counting, keeping = Listening(duckdb_engine), Listening(duckdb_engine)
    run_checks(counting, shape, RULES[:2], now=NOW)
    run_checks(keeping, shape, RULES[:2], now=NOW, keeping=Keeping(tmp_path / "keys", ("id",)))
    assert '"name"' not in counting.asked
    assert '"name"' in keeping.asked, "the rows that fail are wanted"
    assert '"whole"' not in counting.asked + keeping.asked, "no row fails"


def test_gaps_are_added_over_files_and_parts(tmp_path: Path) -> None:
    tables = [_rows(4), _rows(5)]
    files = _written(tmp_path, tables)
    whole = pa.concat_tables(tables)
    told = count_missing(files, {"name", "note", "whole"})
    assert told == {name: whole[name].null_count for name in ("name", "note", "whole")}


def test_what_files_do_not_tell_is_left_out(tmp_path: Path) -> None:
    nested = pa.table({"名.单": [[1, None], None], "name": ["张三", None]})
    (plain,) = _written(tmp_path, [nested])
    assert count_missing([plain], {"名.单", "name", "nowhere"}) == {"name": 1}

    silent = tmp_path / "silent.parquet"
    pq.write_table(nested, silent, write_statistics=False)
    assert count_missing([plain, silent], {"name"}) == {}

    older = tmp_path / "older.parquet"
    pq.write_table(nested.select(["名.单"]), older)
    assert count_missing([plain, older], {"name"}) == {}, "an added column"


def test_a_broken_file_is_left_to_the_engine(tmp_path: Path) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and nothing else")
    assert count_missing([broken], {"name"}) == {}
    assert count_missing([tmp_path / "gone.parquet"], {"name"}) == {}
