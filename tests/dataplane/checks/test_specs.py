"""Every spec holds on every engine: the counts, and the keys kept of failing rows."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from dataplane.checks.drawn import Spec, ask, draw, failing_ids, kept
from dataplane.checks.specs import SPECS

from chengshu.dataplane.checks.rules import Family, Rule
from chengshu.dataplane.engines.protocol import Engine

_TEXTS = pa.schema([("id", pa.string()), ("值", pa.string())])


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_a_rule_finds_the_rows_that_break_it(spec: Spec, duckdb_engine: Engine, tmp_path: Path) -> None:
    rows = draw(spec.rows)
    for name, other in spec.others.items():
        duckdb_engine.offer(name, draw(other))
    (counted,) = ask(duckdb_engine, rows, [spec.rule], read_as=spec.read_as)
    (outcome,) = ask(duckdb_engine, rows, [spec.rule], keys=tmp_path / "keys", read_as=spec.read_as)
    expected = spec.fails.split()
    assert [row["key"] for row in kept(outcome)] == expected
    assert outcome.checked == counted.checked == (rows.num_rows if spec.checked is None else spec.checked)
    assert outcome.failed == counted.failed
    if spec.rule.kind != "completeness":
        assert outcome.failed == len(expected)
    assert (outcome.keys is None) == (not expected)


@pytest.mark.spark
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_spark_finds_the_same_rows(spec: Spec, spark_engine: Engine, tmp_path: Path) -> None:
    """A statement costs Spark a second, so row rules are asked by the one statement that finds failing rows."""
    rows = draw(spec.rows)
    if spec.rule.test.family is Family.ROW:
        assert failing_ids(spark_engine, rows, spec.rule, spec.read_as) == spec.fails.split()
        return
    for name, other in spec.others.items():
        spark_engine.offer(name, draw(other))
    (outcome,) = ask(spark_engine, rows, [spec.rule], keys=tmp_path / "keys", read_as=spec.read_as)
    assert [row["key"] for row in kept(outcome)] == spec.fails.split()
    assert outcome.failed == len(spec.fails.split())


def _rules_on_texts() -> tuple[list[Rule], pa.Table]:
    """Give every row rule that looks at one text column, and the rows of all their specs together."""
    texts = [spec for spec in SPECS if spec.rule.columns == ("值",) and draw(spec.rows).schema == _TEXTS]
    rules = [replace(spec.rule, key=f"r{place}") for place, spec in enumerate(texts) if not spec.others]
    rows = pa.concat_tables([draw(spec.rows) for spec in texts])
    return [rule for rule in rules if rule.test.family is Family.ROW], rows


def test_rules_asked_together_find_what_they_find_alone(duckdb_engine: Engine, tmp_path: Path) -> None:
    rules, rows = _rules_on_texts()
    together = ask(duckdb_engine, rows, rules, keys=tmp_path / "keys")
    alone = [ask(duckdb_engine, rows, [rule])[0] for rule in rules]
    assert len(rules) > 8
    assert [(o.checked, o.failed) for o in alone] == [(o.checked, o.failed) for o in together]
    assert [len(kept(o)) for o in together] == [o.failed for o in alone]


@pytest.mark.spark
def test_spark_answers_rules_together_as_duckdb_does(duckdb_engine: Engine, spark_engine: Engine) -> None:
    rules, rows = _rules_on_texts()
    ours, theirs = (ask(engine, rows, rules) for engine in (duckdb_engine, spark_engine))
    assert [(o.checked, o.failed) for o in theirs] == [(o.checked, o.failed) for o in ours]
