"""Random pipelines have one answer, whoever computes it: DuckDB, Spark, and SQLite as one that we did not choose."""

import sqlite3
from collections.abc import Iterable
from math import isclose
from typing import Any

import pyarrow as pa
import pytest
from dataplane.pipelines.random_pipelines import FULL, PLAIN, Trial, trials
from hypothesis import HealthCheck, given, note
from hypothesis import settings as hypothesis_settings
from sqlglot import exp

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.pipelines.compiling import compile_pipeline
from chengshu.dataplane.pipelines.dialects import Dialect
from chengshu.dataplane.pipelines.running import fetch_outcome
from chengshu.dataplane.tables.shapes import Type

PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


class SQLiteDialect(Dialect):
    """SQLite, which divides whole numbers as such and has no decimals, days or truth values."""

    name = "sqlite"

    def say_whole_division(self, node: exp.Expr) -> exp.Expr:
        """Divide whole numbers towards zero; by zero gives null."""
        if isinstance(node, exp.IntDiv):
            return exp.Paren(
                this=exp.Div(this=node.this.copy(), expression=node.expression.copy(), typed=True, safe=True)
            )
        return node


@pytest.mark.spark
@hypothesis_settings(max_examples=40, suppress_health_check=PATIENT)
@given(trial=trials(FULL))
def test_duckdb_and_spark_agree(spark_engine: Engine, duckdb_engine: Engine, trial: Trial) -> None:
    note(compile_pipeline(trial.pipeline, "spark"))
    assert _bag(_run(spark_engine, trial)) == _bag(_run(duckdb_engine, trial))


@hypothesis_settings(max_examples=150, suppress_health_check=PATIENT)
@given(trial=trials(PLAIN))
def test_duckdb_and_sqlite_agree(duckdb_engine: Engine, trial: Trial) -> None:
    statement = compile_pipeline(trial.pipeline, SQLiteDialect())
    note(statement)
    found = _run(duckdb_engine, trial)
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA case_sensitive_like = ON")
    for name, table in trial.tables.items():
        connection.execute(f"CREATE TABLE {name} ({', '.join(table.column_names)})")
        holders = ", ".join("?" * table.num_columns)
        connection.executemany(f"INSERT INTO {name} VALUES ({holders})", _rows(table))
    rows = connection.execute(statement).fetchall()
    connection.close()
    kinds = list(trial.pipeline.fields.values())
    assert _bag(found) == _bag([[_typed(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in rows])


@hypothesis_settings(max_examples=60, suppress_health_check=PATIENT)
@given(trial=trials(FULL))
def test_any_pipeline_compiles_and_runs(duckdb_engine: Engine, trial: Trial) -> None:
    table = _run(duckdb_engine, trial)
    assert [column.name for column in table.schema] == list(trial.pipeline.fields)
    assert "FROM" in compile_pipeline(trial.pipeline, "spark")


def _typed(value: Any, kind: Type) -> object:
    return bool(value) if kind is Type.BOOLEAN and value is not None else value


def _run(engine: Engine, trial: Trial) -> pa.Table:
    for name, table in trial.tables.items():
        engine.offer(name, table)
    try:
        return fetch_outcome(trial.pipeline, engine)
    finally:
        for name in trial.tables:
            engine.withdraw(name)


def _rows(table: pa.Table) -> list[tuple[object, ...]]:
    return list(zip(*table.to_pydict().values(), strict=True)) if table.num_columns else []


class _Value:
    """A value that equals another up to the last digits of a double."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, _Value)
        if isinstance(self.value, float) and isinstance(other.value, float):
            return isclose(self.value, other.value, rel_tol=1e-9, abs_tol=1e-12)
        return type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        raise TypeError

    def __repr__(self) -> str:
        return repr(self.value)


def _bag(rows: pa.Table | Iterable[Iterable[object]]) -> list[list[_Value]]:
    listed = [list(row) for row in (_rows(rows) if isinstance(rows, pa.Table) else rows)]
    ordered = sorted(listed, key=lambda row: [_sortable(value) for value in row])
    return [[_Value(value) for value in row] for row in ordered]


def _sortable(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
