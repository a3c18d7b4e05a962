"""Whole numbers that lie close together, such as row numbers: a bit each tells which of them may repeat.

Grouping by the number itself keeps every number; grouping by blocks of numbers keeps a bit a number, and only the few
blocks with fewer different numbers than rows need to be grouped by number.
"""

from dataclasses import dataclass

from sqlglot import exp

_BLOCK_BITS = 10
_LEAST_ROWS = 16
"""Rows a block must have on average: with fewer, blocks would cost more than the numbers."""
_LARGEST = 2**63 - 1
DIALECTS = frozenset({"duckdb"})
"""The dialects in which blocks are said here; others group by number."""


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers of a column: least, most, and rows."""

    least: int
    most: int
    rows: int

    @property
    def is_dense(self) -> bool:
        """Whether blocks pay."""
        blocks = (self.most - self.least >> _BLOCK_BITS) + 1
        return self.most <= _LARGEST and blocks * _LEAST_ROWS <= self.rows


def within_doubtful_blocks(number: exp.Expr, span: Span, rows: exp.Select) -> exp.Expr:
    """Give the condition that a number lies in a block with fewer different numbers than `rows` has rows there.

    `rows` selects nothing yet; it has a FROM, and the condition under which rows are looked at.
    """
    place = exp.Paren(this=exp.Sub(this=exp.cast(number, "BIGINT"), expression=_whole(span.least)))
    block = exp.Paren(this=exp.BitwiseRightShift(this=place, expression=_whole(_BLOCK_BITS)))
    last = 2**_BLOCK_BITS - 1
    bit = exp.cast(exp.Paren(this=exp.BitwiseAnd(this=place.copy(), expression=_whole(last))), "INT")
    bits = exp.func("bitstring_agg", bit, _whole(0), _whole(last))
    fewer = exp.LT(this=exp.func("bit_count", bits), expression=exp.Count(this=exp.Star()))
    doubtful = rows.select(exp.alias_(block, "__block")).group_by(block.copy()).having(fewer)
    return exp.In(this=block.copy(), query=doubtful.subquery())


def _whole(number: int) -> exp.Expr:
    return exp.cast(exp.Literal.string(str(number)), "BIGINT")  # as a number, the least of all would be one too large
