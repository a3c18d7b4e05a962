"""Declared columns as SQL over what came: the value as it was meant, or the reason why it cannot be read.

Casts of the engine that would lose something silently are refused: 1.5 is no whole number, 1.005 no amount of two
places, 10 o'clock no day.
"""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from chengshu.dataplane.errors import SourceUnreadable

REASON, RAW, ROW = "_reason", "_raw", "_row"
_VALUE = "_value "
TAB = "\t"
"""Stands between column and fault in a reason."""
HOUSE_ZONE = "Asia/Shanghai"
"""The zone in which sources write moments that name none."""
STEADY_SINCE, STEADY_OFFSET_US = "1992-01-01", 8 * 3600 * 1_000_000
"""From when on that zone has known one offset only: its last summer time ended in September 1991 (tz database)."""
_INTEGERS = {pa.int8(): "TINYINT", pa.int16(): "SMALLINT", pa.int32(): "INTEGER", pa.int64(): "BIGINT"}
_FLOATS = {pa.float32(): "FLOAT", pa.float64(): "DOUBLE"}
DAMAGED = "chr(65533)"
"""What stands for bytes that are no character."""


_SANE_MOMENTS = "BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
_SANE = {
    "DATE": "BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'",
    "TIMESTAMP": _SANE_MOMENTS,
    "TIMESTAMPTZ": _SANE_MOMENTS.replace("TIMESTAMP", "TIMESTAMPTZ").replace("'0001-01-01'", "'0001-01-02'"),
}
"""The days of the calendar; engines know infinite ones beside them, and years that nobody writes."""


def conform_sql(
    relation: str,
    schema: pa.Schema,
    found: Mapping[str, str],
    *,
    damaged: bool = False,
    carried: Sequence[str] = (),
    odd: Mapping[str, str] | None = None,
) -> str:
    """Return a query that gives the declared columns, then `_reason` and `_raw` (null for good rows), then `carried`.

    `found` are the columns of the relation with their DuckDB types; a declared column that is not there is null.
    `damaged` says that some bytes could not be decoded, so that texts must be searched for them. `odd` names for some
    columns another one of the relation: the text of what cannot be a value of the column's type.

    Raises:
        SourceUnreadable: a declared type is one that no source can fill.
    """
    values, columns, reasons, beside = [], [], [], odd or {}
    for place, field in enumerate(schema):
        kind, name, value = duckdb_type(field), quote_name(field.name), quote_name(f"{_VALUE}{place}")
        columns.append(f"{value} AS {name}")
        if field.name not in found:
            values.append(f"CAST(NULL AS {kind}) AS {value}")
            continue
        read, fault = _cast_sql(name, value, kind, field.type, found[field.name], damaged=damaged)
        read, fault = _odd_sql(read, fault, kind, beside.get(field.name))
        values.append(f"{read} AS {value}")
        if fault:
            reasons.append(f"WHEN {fault} THEN {quote_text(field.name + TAB + '不是' + name_type(field.type))}")
        if not field.nullable:
            reasons.append(f"WHEN {value} IS NULL THEN {quote_text(field.name + TAB + '不能为空')}")
    reason = f"CASE {' '.join(reasons)} END" if reasons else "CAST(NULL AS VARCHAR)"
    # In layers, so that a value and a reason are computed once: within CASE the engine sees nothing as common.
    return (
        f"SELECT {', '.join(columns)}, {REASON}, "  # noqa: S608 - names and texts are quoted
        f"CASE WHEN {REASON} IS NOT NULL THEN {_raw_sql([*found], carried, beside)} END AS {RAW}"
        f"{''.join(f', {quote_name(name)}' for name in carried)} "
        f"FROM (SELECT *, {reason} AS {REASON} FROM (SELECT *, {', '.join(values)} FROM {relation}))"
    )


def duckdb_type(field: pa.Field) -> str:
    """Return the type of DuckDB that a declared column has.

    Raises:
        SourceUnreadable: there is none.
    """
    given = field.type
    if given in _INTEGERS:
        return _INTEGERS[given]
    if given in _FLOATS:
        return _FLOATS[given]
    if pa.types.is_decimal128(given):
        return f"DECIMAL({given.precision},{given.scale})"
    if pa.types.is_timestamp(given):
        return "TIMESTAMPTZ" if given.tz else "TIMESTAMP"
    plain = {pa.string(): "VARCHAR", pa.bool_(): "BOOLEAN", pa.date32(): "DATE"}
    if given in plain:
        return plain[given]
    raise SourceUnreadable(f"列“{field.name}”声明的类型 {given} 不能从数据源读取。", column=field.name)


def name_type(given: pa.DataType) -> str:
    """Return a type in words for people."""
    if pa.types.is_integer(given):
        return "整数"
    if pa.types.is_decimal(given):
        return f"最多 {given.scale} 位小数的数"
    if pa.types.is_floating(given):
        return "数"
    if pa.types.is_date(given):
        return "日期"
    if pa.types.is_timestamp(given):
        return "时刻"
    return "是或否" if pa.types.is_boolean(given) else "可以读出的文字"


def quote_name(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _cast_sql(name: str, value: str, kind: str, declared: pa.DataType, found: str, *, damaged: bool) -> tuple[str, str]:
    """How the value is read, and the condition on text and `value` under which it cannot be (empty: never)."""
    if kind == "VARCHAR":
        return (name if found == "VARCHAR" else f"CAST({name} AS VARCHAR)"), (
            f"contains({name}, {DAMAGED})" if damaged and found == "VARCHAR" else ""
        )
    sane = sane_sql(value, kind)
    insane = f"NOT ({sane})" if sane else ""
    if found != "VARCHAR":
        if found == kind:
            return name, insane
        changed = f"TRY_CAST({value} AS {found}) IS DISTINCT FROM {name}"
        return f"TRY_CAST({name} AS {kind})", f"{changed} OR {insane}" if insane else changed
    lossy = " OR ".join(filter(None, (insane, _lossy_sql(name, value, declared))))
    unread = f"({name} IS NOT NULL AND {value} IS NULL AND trim({name}) <> '')"
    return _text_cast_sql(name, kind, declared), f"{unread} OR ({lossy})" if lossy else unread


def _odd_sql(read: str, fault: str, kind: str, beside: str | None) -> tuple[str, str]:
    """The same for a column with an odd one beside it, whose text is the value where texts are wanted, else a fault."""
    if beside is None:
        return read, fault
    text = quote_name(beside)
    if kind == "VARCHAR":
        return f"coalesce({read}, {text})", fault
    return read, f"{text} IS NOT NULL OR {fault}" if fault else f"{text} IS NOT NULL"


def _raw_sql(found: Sequence[str], carried: Sequence[str], beside: Mapping[str, str]) -> str:
    """The row as it came: a JSON object of columns and texts."""
    texts = {name: f"CAST({quote_name(name)} AS VARCHAR)" for name in found if name not in carried}
    texts |= {name: f"coalesce({texts[name]}, {quote_name(odd)})" for name, odd in beside.items()}
    return f"CAST(to_json({{{', '.join(f'{quote_text(name)}: {text}' for name, text in texts.items())}}}) AS VARCHAR)"


def sane_sql(value: str, kind: str) -> str:
    """Return the condition that a value lies where people and other engines can read it; empty where all do."""
    if kind in _FLOATS.values():
        return f"isfinite({value})"
    written = "TIMESTAMPTZ" if kind == "TIMESTAMP WITH TIME ZONE" else kind
    return f"{value} {_SANE[written]}" if written in _SANE else ""


def _text_cast_sql(text: str, kind: str, declared: pa.DataType) -> str:
    plain = f"TRY_CAST({text} AS {kind})"
    if pa.types.is_date(declared):
        return f"coalesce({plain}, CAST(try_strptime(trim({text}), ['%Y%m%d', '%Y年%m月%d日']) AS DATE))"
    if pa.types.is_boolean(declared):
        return f"CASE trim({text}) WHEN '是' THEN true WHEN '否' THEN false ELSE {plain} END"
    if kind == "TIMESTAMPTZ":
        # Zones are looked up row by row, which is slow: most moments name none and lie where the house has one offset.
        usual = f"{text} LIKE '____-__-_____:__:__' AND {text} >= '{STEADY_SINCE}' AND NOT suffix({text}, 'Z')"
        naive = f"TRY_CAST({text} AS TIMESTAMP)"
        return f"CASE WHEN {usual} THEN make_timestamptz(epoch_us({naive}) - {STEADY_OFFSET_US}) ELSE {plain} END"
    return plain


def _lossy_sql(text: str, value: str, declared: pa.DataType) -> str:
    """What a cast would lose; the quick half comes first, and is false for texts in the engine's own form."""
    if pa.types.is_integer(declared):
        return f"CAST({value} AS VARCHAR) <> {text} AND NOT regexp_full_match(trim({text}), '[+-]?[0-9]+')"
    if pa.types.is_decimal(declared):
        form = f"'[+-]?([0-9]+([.][0-9]{{0,{declared.scale}}}0*)?|[.][0-9]{{1,{max(declared.scale, 1)}}}0*)'"
        return f"CAST({value} AS VARCHAR) <> {text} AND NOT regexp_full_match(trim({text}), {form})"
    if pa.types.is_date(declared):
        return f"length({text}) > 10 AND TRY_CAST({text} AS TIMESTAMP) <> {value}"
    return ""
