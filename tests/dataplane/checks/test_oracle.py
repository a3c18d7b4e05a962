"""Random rows: what SQL finds is what Arrow's own functions find."""

from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
from dataplane.checks.drawn import ask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengshu.dataplane.checks.rules import Between, Completeness, Length, Matches, NotNull, OneOf, Rule, Unique
from chengshu.dataplane.engines.protocol import Engine

TEXTS = st.one_of(st.none(), st.text("01aZ张𠮷 \u3000\n'\"\\%", max_size=6))
NUMBERS = st.one_of(st.none(), st.integers(-3, 3), st.sampled_from([-(2**63), 2**63 - 1]))
ROWS = st.lists(st.tuples(TEXTS, NUMBERS), max_size=30)
PATTERN = "[01]{1,3}|张.?"
RULES = (
    Rule("present", ("t",), NotNull()),
    Rule("blank", ("t",), NotNull(blank=True)),
    Rule("length", ("t",), Length(1, 3)),
    Rule("form", ("t",), Matches(PATTERN)),
    Rule("domain", ("t",), OneOf(("", "0", "张", "'", "\\"))),
    Rule("range", ("n",), Between(-1, 2)),
    Rule("once", ("t",), Unique()),
    Rule("pair", ("t", "n"), Unique()),
    Rule("full", ("t", "n"), Completeness(Decimal(0))),
)


def _count(condition: pa.Array) -> int:
    return pc.sum(pc.fill_null(condition, fill_value=False)).as_py() or 0


def _expected(texts: pa.Array, numbers: pa.Array, rows: list[tuple[str | None, int | None]]) -> dict[str, int]:
    length = pc.utf8_length(texts)
    once = Counter(text for text, _ in rows if text is not None)
    pair = Counter(row for row in rows if None not in row)
    return {
        "present": _count(pc.is_null(texts)),
        "blank": _count(pc.or_kleene(pc.is_null(texts), pc.equal(pc.utf8_trim_whitespace(texts), ""))),
        "length": _count(pc.or_(pc.less(length, 1), pc.greater(length, 3))),
        "form": _count(pc.invert(pc.match_substring_regex(texts, rf"\A(?:{PATTERN})\z"))),
        "domain": _count(pc.and_(pc.is_valid(texts), pc.invert(pc.is_in(texts, pa.array(["", "0", "张", "'", "\\"]))))),
        "range": _count(pc.or_(pc.less(numbers, -1), pc.greater(numbers, 2))),
        "once": sum(times for times in once.values() if times > 1),
        "pair": sum(times for times in pair.values() if times > 1),
        "full": texts.null_count + numbers.null_count,
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_counts_are_those_of_arrow(duckdb_engine: Engine, rows: list[tuple[str | None, int | None]]) -> None:
    texts = pa.array([text for text, _ in rows], pa.string())
    numbers = pa.array([number for _, number in rows], pa.int64())
    outcomes = ask(duckdb_engine, pa.table({"t": texts, "n": numbers}), RULES)
    assert {outcome.rule.key: outcome.failed for outcome in outcomes} == _expected(texts, numbers, rows)
