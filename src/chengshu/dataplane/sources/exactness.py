"""Values that DuckDB's scanners of PostgreSQL and MySQL would change: read as texts of the server, every sign there.

- Of `numeric` without a precision and of decimals of more than 38 digits they make doubles: an 18-digit number loses
  its last one, amounts their cents. Such columns are given as texts.
- Of MySQL's days they make nothing where all is zero (0000-00-00), and refuse the whole table where a month or a day is
  (2024-00-15); of PostgreSQL's NaN in an amount they make 0.00. Such columns keep their type, and beside each stands an
  odd one: the text of what cannot be a value of it, else nothing.

A table that has such columns is read by a statement of its own server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from chengshu.dataplane.sources.conform import quote_name, quote_text

_QUERIES = {"postgres_scanner": "postgres_query", "mysql_scanner": "mysql_query"}
_FRAIL = {"postgres_scanner": ("DECIMAL",), "mysql_scanner": ("DATE", "TIMESTAMP")}
_WIDE = {
    "postgres_scanner": """
        SELECT a.attname::text FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = {schema} AND c.relname = {table} AND a.attnum > 0 AND NOT a.attisdropped
        AND a.atttypid = 'numeric'::regtype AND (a.atttypmod = -1 OR (a.atttypmod - 4) >> 16 > 38)
    """,
    "mysql_scanner": """
        SELECT CAST(COLUMN_NAME AS CHAR) FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = {table} AND DATA_TYPE = 'decimal' AND NUMERIC_PRECISION > 38
    """,
}


@dataclass(frozen=True, slots=True)
class Faithful:
    """A relation with every value of a table: its columns with their types, and the odd column beside some of them."""

    sql: str
    kinds: Mapping[str, str]
    odd: Mapping[str, str] = field(default_factory=dict)


def faithful_relation(
    connection: duckdb.DuckDBPyConnection,
    extension: str,
    place: tuple[str, str, str],
    found: Mapping[str, str],
    *,
    since: tuple[str, str] | None = None,
) -> Faithful | None:
    """Give a relation that keeps every value; None where the table itself does.

    `place` is what was attached, the schema (MySQL: the database) and the table; `found` are the columns wanted of it with
    DuckDB's types. `since` is a column and the value from which on rows are wanted: the server may leave out those below it.
    """
    if extension not in _QUERIES:
        return None
    attached, schema, table = place
    call = f"{_QUERIES[extension]}({quote_text(attached)}"
    wide = _wide_columns(connection, call, extension, schema, table) if "DOUBLE" in found.values() else set()
    frail = {name: kind for name, kind in found.items() if kind.startswith(_FRAIL[extension]) and "[" not in kind}
    if not wide and not frail:
        return None
    text_kind = "text" if extension == "postgres_scanner" else "char"
    names = {name: _name(name, extension) for name in found}
    columns = ", ".join(
        f"CAST({written} AS {text_kind}) AS {written}" if name in wide or name in frail else written
        for name, written in names.items()
    )
    statement = f"SELECT {columns} FROM {_name(schema, extension)}.{_name(table, extension)}"  # noqa: S608 - quoted
    if since is not None and since[0] not in wide:  # each server orders texts in its own way
        statement += f" WHERE {names[since[0]]} >= {_text(since[1], extension)}"
    kinds = dict(found) | dict.fromkeys(wide, "VARCHAR")
    return _with_odd(f"{call}, {quote_text(statement)})", kinds, frail)


def _wide_columns(
    connection: duckdb.DuckDBPyConnection, call: str, extension: str, schema: str, table: str
) -> set[str]:
    asked = _WIDE[extension].format(schema=_text(schema, extension), table=_text(table, extension))
    return {str(name) for (name,) in connection.execute(f"SELECT * FROM {call}, {quote_text(asked)})").fetchall()}  # noqa: S608 - quoted


def _with_odd(asked: str, kinds: Mapping[str, str], frail: Mapping[str, str]) -> Faithful:
    odd = _names_beside(kinds, frail)
    values = [
        f"TRY_CAST({quote_name(name)} AS {kind}) AS {quote_name(name)}" if name in frail else quote_name(name)
        for name, kind in kinds.items()
    ]
    texts = [
        f"CASE WHEN TRY_CAST({quote_name(name)} AS {frail[name]}) IS NULL THEN {quote_name(name)} END AS {quote_name(beside)}"
        for name, beside in odd.items()
    ]
    return Faithful(f"(SELECT {', '.join([*values, *texts])} FROM {asked})", kinds, odd)  # noqa: S608 - quoted


def _names_beside(kinds: Mapping[str, str], frail: Mapping[str, str]) -> dict[str, str]:
    """Name an odd column for each frail one, as no column of the table is called; DuckDB tells no capitals apart."""
    known, odd = {name.casefold() for name in kinds}, {}
    for name in frail:
        beside = f"_odd {name}"
        while beside.casefold() in known:
            beside = f"_{beside}"
        odd[name] = beside
        known.add(beside.casefold())
    return odd


def _name(name: str, extension: str) -> str:
    return "`" + name.replace("`", "``") + "`" if extension == "mysql_scanner" else quote_name(name)


def _text(text: str, extension: str) -> str:
    return quote_text(text.replace("\\", "\\\\") if extension == "mysql_scanner" else text)
