"""Numbers of more digits than an engine keeps, in tables of PostgreSQL and MySQL: read as texts, every digit there.

DuckDB's scanners make a double of `numeric` without a precision and of decimals of more than 38 digits: an 18-digit
number loses its last one, amounts their cents. Such a table is read by a statement of its own server.
"""

from collections.abc import Mapping

import duckdb

from chengshu.dataplane.sources.conform import quote_name, quote_text

_QUERIES = {"postgres_scanner": "postgres_query", "mysql_scanner": "mysql_query"}
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


def exact_relation(
    connection: duckdb.DuckDBPyConnection,
    extension: str,
    place: tuple[str, str, str],
    found: Mapping[str, str],
    *,
    since: tuple[str, str] | None = None,
) -> tuple[str, dict[str, str]] | None:
    """Give a relation with every digit, and its columns with their types; None where the table itself keeps them.

    `place` is what was attached, the schema (MySQL: the database) and the table; `found` are its columns with DuckDB's
    types. `since` is a column and the value from which on rows are wanted: the server may leave out those below it.
    """
    if extension not in _QUERIES or "DOUBLE" not in found.values():
        return None
    attached, schema, table = place
    asked = _WIDE[extension].format(schema=_text(schema, extension), table=_text(table, extension))
    call = f"{_QUERIES[extension]}({quote_text(attached)}"
    wide = {str(name) for (name,) in connection.execute(f"SELECT * FROM {call}, {quote_text(asked)})").fetchall()}  # noqa: S608 - quoted
    if not wide:
        return None
    kind = "text" if extension == "postgres_scanner" else "char"
    names = {name: _name(name, extension) for name in found}
    columns = ", ".join(
        f"CAST({written} AS {kind}) AS {written}" if name in wide else written for name, written in names.items()
    )
    statement = f"SELECT {columns} FROM {_name(schema, extension)}.{_name(table, extension)}"  # noqa: S608 - quoted
    kinds = dict(found) | dict.fromkeys(wide, "VARCHAR")
    if since is not None and kinds[since[0]] != "VARCHAR":  # each server orders texts in its own way
        statement += f" WHERE {names[since[0]]} >= {_text(since[1], extension)}"
    return f"{call}, {quote_text(statement)})", kinds


def _name(name: str, extension: str) -> str:
    return "`" + name.replace("`", "``") + "`" if extension == "mysql_scanner" else quote_name(name)


def _text(text: str, extension: str) -> str:
    return quote_text(text.replace("\\", "\\\\") if extension == "mysql_scanner" else text)
