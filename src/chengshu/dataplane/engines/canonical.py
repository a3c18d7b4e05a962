"""The types in which every engine answers, so that nothing above depends on which one it was.

Integers of any width are int64, binary fractions double, texts string, moments microseconds in UTC. Decimals keep
precision and scale.
"""

import pyarrow as pa


def canonical_type(given: pa.DataType) -> pa.DataType:
    """Give the type in which values of an engine's type are handed out; nested types stay as they are."""
    if pa.types.is_integer(given):
        return pa.int64()
    if pa.types.is_floating(given):
        return pa.float64()
    if pa.types.is_large_string(given) or pa.types.is_string_view(given):
        return pa.string()
    if pa.types.is_large_binary(given) or pa.types.is_binary_view(given):
        return pa.binary()
    if pa.types.is_timestamp(given):
        return pa.timestamp("us", tz="UTC")
    return given


def canonical_schema(given: pa.Schema, *, wholes: frozenset[str] = frozenset()) -> pa.Schema:
    """Give the schema of an answer; `wholes` are columns of 128-bit integers, which Arrow only knows as decimals."""
    return pa.schema([(one.name, pa.int64() if one.name in wholes else canonical_type(one.type)) for one in given])
