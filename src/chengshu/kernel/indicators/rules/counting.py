"""One pass over facts in the order of their keys: the value, the counts, the digest and a sample."""

import heapq
import math
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

from chengshu.base.merkle import MerkleTree
from chengshu.kernel.indicators.contracts import Aggregation, Fact, IndicatorSpec, Tally
from chengshu.kernel.indicators.errors import FactInvalid
from chengshu.kernel.indicators.rules.canonical import encode_fact, hash_bytes

SAMPLE_SIZE = 10
_ZERO = Decimal(0)

Sink = Callable[[bytes], object]


def tally(spec: IndicatorSpec, facts: Iterable[Fact], sink: Sink | None = None) -> Tally:
    """Count the facts, which come sorted by key in code point order; each encoded line also goes to `sink`.

    Memory stays flat however many facts there are, except for percentiles, which keep their numerators. The sample is
    the facts with the smallest leaf hashes: nobody can choose it, and the same facts give the same one.

    Raises:
        FactInvalid: two facts share a key, or come out of order.
    """
    tree = MerkleTree(hash_bytes)
    numerator, denominator, has_denominator = _ZERO, _ZERO, False
    values: list[Decimal] = []
    sample: list[tuple[int, int, Fact]] = []
    previous: str | None = None
    for fact in facts:
        if previous is not None and fact.key <= previous:
            raise FactInvalid(f"指标 {spec.key} 的行 {fact.key} 重复或乱序", key=spec.key, row=fact.key)
        previous = fact.key
        line = encode_fact(fact)
        tree.add(line)
        _keep_smallest(sample, int.from_bytes(hash_bytes(line)[:8]), tree.size, fact)
        numerator += fact.numerator
        if fact.denominator is not None:
            denominator, has_denominator = denominator + fact.denominator, True
        if spec.aggregation is Aggregation.PERCENTILE:
            values.append(fact.numerator)
        if sink is not None:
            sink(line + b"\n")
    below = denominator if has_denominator else (None if spec.aggregation is Aggregation.COUNT else _ZERO)
    chosen = tuple(fact for _rank, _number, fact in sorted(sample, key=lambda item: item[2].key))
    return Tally(_value(spec, numerator, below, values), numerator, below, tree.size, tree.root().hex(), chosen)


def _keep_smallest(sample: list[tuple[int, int, Fact]], rank: int, number: int, fact: Fact) -> None:
    """Keep the facts of lowest rank in a heap whose top is the highest kept."""
    if len(sample) < SAMPLE_SIZE:
        heapq.heappush(sample, (-rank, number, fact))
    elif -rank > sample[0][0]:
        heapq.heapreplace(sample, (-rank, number, fact))


def _value(
    spec: IndicatorSpec, numerator: Decimal, denominator: Decimal | None, values: list[Decimal]
) -> Decimal | None:
    if spec.aggregation is Aggregation.COUNT:
        return _round(spec, numerator)
    if spec.aggregation is Aggregation.PERCENTILE:
        if not values or spec.percentile is None:
            return None
        rank = math.ceil(spec.percentile * len(values))  # nearest rank, from 1
        return _round(spec, sorted(values)[rank - 1])
    return _round(spec, numerator / denominator) if denominator else None


def _round(spec: IndicatorSpec, aggregate: Decimal) -> Decimal:
    return (aggregate * spec.factor / spec.divisor).quantize(Decimal(1).scaleb(-spec.digits), rounding=ROUND_HALF_UP)
