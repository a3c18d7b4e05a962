"""Cells on their way into a standard table, in the neutral language: trimmed, and read as their field's type."""

from chengshu.dataplane.tables.shapes import Type
from chengshu.resources.contracts.processing import RecipeColumn

DIGITS = (38, 10)
"""Of decimals in standard tables: all digits, and those behind the point."""
_HOUSE_OFFSET, _HOUSE_HOURS = "+08:00", "INTERVAL 8 HOUR"
"""Of moments that name no zone, as deliveries write them (Asia/Shanghai), and of days that are moments."""
_DAY = r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}"
_TRUE, _FALSE = "'true', '是', '1', 'y', 'yes'", "'false', '否', '0', 'n', 'no'"


def quote(name: str) -> str:
    """Give a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Give a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def trim_cell(column: RecipeColumn) -> str:
    """Give a cell without spaces around it; a text of nothing else is null."""
    name = quote(column.code)
    return f"NULLIF(TRIM({name}), '')" if column.raw_type == Type.TEXT else name


def read_cell(column: RecipeColumn) -> str:
    """Give a trimmed cell as a value of its field's type, null where it is none."""
    name, raw, wanted = quote(column.code), Type(column.raw_type), Type(column.type)
    if raw is wanted and wanted is not Type.DECIMAL:
        return name
    if raw is Type.TEXT and wanted in _READERS:
        return _READERS[wanted](name)
    special = _BETWEEN.get((raw, wanted))
    return special(name) if special else f"TRY_CAST({name} AS {sql_type(wanted)})"


def whole_cell(column: RecipeColumn) -> str:
    """Give the condition that reading a trimmed cell loses nothing of it; empty where it cannot."""
    if Type(column.type) is not Type.DECIMAL or Type(column.raw_type) is not Type.TEXT:
        return ""
    return f"REGEXP_FULL_MATCH({quote(column.code)}, '[^.]*(\\.[0-9]{{0,{DIGITS[1]}}}0*)?([eE].*)?')"


def sql_type(kind: Type) -> str:
    """Give a type of standard tables as the neutral language writes it."""
    return _NAMES[kind]


def as_text(column: RecipeColumn) -> str | None:
    """Give a trimmed cell as a text; None where engines would write it differently."""
    raw = Type(column.raw_type)
    if raw in (Type.DOUBLE, Type.MOMENT):
        return None
    name = quote(column.code)
    return name if raw is Type.TEXT else f"CAST({name} AS TEXT)"


def shown_cell(column: RecipeColumn) -> str:
    """Give a cell as a text for people, which need not tell all of it."""
    return as_text(column) or _BETWEEN[Type(column.raw_type), Type.TEXT](quote(column.code))


def _read_day(name: str) -> str:
    parts = f"SUBSTRING({name}, 1, 4) || '-' || SUBSTRING({name}, 5, 2) || '-' || SUBSTRING({name}, 7, 2)"
    return (
        f"CASE WHEN REGEXP_FULL_MATCH({name}, '[0-9]{{8}}') THEN TRY_CAST({parts} AS DATE) "
        f"ELSE TRY_CAST(REPLACE({name}, '/', '-') AS DATE) END"
    )


def _read_moment(name: str) -> str:
    plain = f"REPLACE({name}, '/', '-')"
    local = f"{plain} || '{_HOUSE_OFFSET}'"
    return (
        f"CASE WHEN REGEXP_FULL_MATCH({name}, '{_DAY}') THEN TRY_CAST({plain} || ' 00:00:00{_HOUSE_OFFSET}' AS TIMESTAMPTZ) "
        f"WHEN REGEXP_FULL_MATCH({name}, '{_DAY}[ T][0-9]{{2}}:[0-9]{{2}}') "
        f"THEN TRY_CAST({plain} || ':00{_HOUSE_OFFSET}' AS TIMESTAMPTZ) "
        f"WHEN REGEXP_FULL_MATCH({name}, '{_DAY}[ T][0-9:.]+') THEN TRY_CAST({local} AS TIMESTAMPTZ) "
        f"ELSE TRY_CAST({plain} AS TIMESTAMPTZ) END"
    )


def _read_flag(name: str) -> str:
    return f"CASE WHEN LOWER({name}) IN ({_TRUE}) THEN TRUE WHEN LOWER({name}) IN ({_FALSE}) THEN FALSE END"


def _read_number(name: str) -> str:
    """Read a number exactly; only one that is written with a power of ten goes by way of a binary fraction."""
    kind = sql_type(Type.DECIMAL)
    return (
        f"CASE WHEN CONTAINS(UPPER({name}), 'E') THEN TRY_CAST(TRY_CAST({name} AS DOUBLE) AS {kind}) "
        f"ELSE TRY_CAST({name} AS {kind}) END"
    )


_NAMES = {
    Type.TEXT: "TEXT",
    Type.INTEGER: "BIGINT",
    Type.DECIMAL: f"DECIMAL({DIGITS[0]}, {DIGITS[1]})",
    Type.DOUBLE: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.MOMENT: "TIMESTAMPTZ",
}
_READERS = {Type.DECIMAL: _read_number, Type.DATE: _read_day, Type.MOMENT: _read_moment, Type.BOOLEAN: _read_flag}
_BETWEEN = {
    (Type.DOUBLE, Type.TEXT): lambda name: f"CAST(TRY_CAST({name} AS {sql_type(Type.DECIMAL)}) AS TEXT)",
    (Type.MOMENT, Type.TEXT): lambda name: f"STRFTIME({name} + {_HOUSE_HOURS}, '%Y-%m-%d %H:%M:%S')",
    (Type.MOMENT, Type.DATE): lambda name: f"CAST({name} + {_HOUSE_HOURS} AS DATE)",
    (Type.DATE, Type.MOMENT): lambda name: (
        f"TRY_CAST(CAST({name} AS TEXT) || ' 00:00:00{_HOUSE_OFFSET}' AS TIMESTAMPTZ)"
    ),
}
"""Readings from one type of the source to another of the field that a plain cast would get wrong."""
