"""Functions and operators of each dialect, one a line: every column that is named in one is a source, and no other.

The columns are called c1, c2, …; a line `sum(c1) over (order by c2)` must give both.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dataplane.lineage.drawing import trace

from chengshu.dataplane.lineage.columns import Column, Transformation

_NAMED = re.compile(r"\bc\d\b")


def list_expressions() -> Iterator[tuple[str, str]]:
    for file in sorted((Path(__file__).parent / "expressions").glob("*.txt")):
        for line in file.read_text("utf-8").splitlines():
            yield file.stem, line


@pytest.mark.parametrize(("dialect", "expression"), list(list_expressions()))
def test_every_column_named_is_a_source(dialect: str, expression: str) -> None:
    (one,) = trace(f"INSERT INTO t (x) SELECT {expression} FROM s", dialect)
    (edge,) = one.reading.edges
    assert one.reading.faults == ()
    assert {Column("s", source.name.lower()) for source in edge.origin.sources} == {
        Column("s", name) for name in _NAMED.findall(expression)
    }
    assert edge.origin.transformation in {Transformation.EXPRESSION, Transformation.AGGREGATE}
