"""Every case of the specs on every engine."""

import importlib
from math import isclose

import pyarrow as pa
import pytest
from dataplane.spec.cases import Case, Feature, list_modules, split_steps
from dataplane.spec.drawing import draw_shape, draw_table

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import DataplaneError
from chengshu.dataplane.pipelines.running import fetch_outcome
from chengshu.dataplane.tables.schemas import arrow_schema

FEATURES: list[Feature] = [
    feature for name in list_modules() for feature in importlib.import_module(f"dataplane.spec.{name}").FEATURES
]
CASES = [
    pytest.param(feature, case, id=f"{feature.title}: {case.title}") for feature in FEATURES for case in feature.cases
]


@pytest.mark.parametrize(("feature", "case"), CASES)
def test_the_case_holds(engine: Engine, feature: Feature, case: Case) -> None:
    check_case(engine, feature, case)


def check_case(engine: Engine, feature: Feature, case: Case) -> None:
    """Give a case's inputs to an engine, and hold its outcome or fault against what is drawn."""
    drawn = feature.inputs(case)
    for name, table in drawn.items():
        engine.offer(name, draw_table(name, table))
    try:
        if case.fault:
            with pytest.raises(DataplaneError) as fault:
                fetch_outcome(feature.pipeline(case), engine)
            assert case.fault in fault.value.message
        else:
            _assert_equal(fetch_outcome(feature.pipeline(case), engine), case)
    finally:
        for name in drawn:
            engine.withdraw(name)


def test_titles_name_one_case_each() -> None:
    titles = [(feature.title, case.title) for feature in FEATURES for case in feature.cases]
    assert len(set(titles)) == len(titles)
    assert all(bool(case.expected) != bool(case.fault) for feature in FEATURES for case in feature.cases)


def _assert_equal(found: pa.Table, case: Case) -> None:
    wanted = draw_table("expected", case.expected)
    assert [_plain(one) for one in found.schema] == [
        _plain(one) for one in arrow_schema(draw_shape("e", case.expected))
    ]
    rows, expected = (list(zip(*table.to_pydict().values(), strict=True)) for table in (found, wanted))
    if "ORDER BY" not in split_steps(case.steps)[-1].query.rpartition(")")[2]:  # type: ignore[union-attr]
        rows, expected = sorted(rows, key=_sortable), sorted(expected, key=_sortable)
    assert len(rows) == len(expected), rows
    for row, other in zip(rows, expected, strict=True):
        assert all(_same(left, right) for left, right in zip(row, other, strict=True)), (rows, expected)


def _plain(field: pa.Field) -> tuple[str, str]:
    """Give name and type; of decimals the scale only: how many digits may stand before the point differs."""
    kind = f"decimal(_, {field.type.scale})" if pa.types.is_decimal(field.type) else str(field.type)
    return field.name, kind


def _sortable(row: tuple[object, ...]) -> list[tuple[bool, str]]:
    return [(value is None, f"{value:.6g}" if isinstance(value, float) else str(value)) for value in row]


def _same(left: object, right: object) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return isclose(left, right, rel_tol=1e-12)
    return left == right
