"""Source databases as the catalogue sees them: tables and columns, read through one small port."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from django.utils.translation import gettext as _

from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.errors import SourceUnreadable

_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class ScannedColumn:
    """One column of a source table; `comment` is what the source says of it."""

    name: str
    type: ValueType
    length: int | None = None
    is_key: bool = False
    is_nullable: bool = True
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ScannedTable:
    """One table or view of a source."""

    name: str
    columns: tuple[ScannedColumn, ...]
    comment: str = ""


class SourceDatabase(Protocol):
    """What a source database must be able to do."""

    def list_tables(self) -> Iterable[ScannedTable]:
        """Give the tables and views with their columns, by name.

        Raises:
            SourceUnreadable: the source cannot be opened or read.
        """
        ...


@dataclass(frozen=True, slots=True)
class SqliteSource:
    """A file of SQLite; it is only read."""

    path: Path

    def list_tables(self) -> Iterator[ScannedTable]:
        """Give the tables and views with their columns, by name."""
        try:
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as source:
                names = source.execute(
                    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
                    " ORDER BY name"
                ).fetchall()
                tables = [ScannedTable(name, tuple(_sqlite_columns(source, name))) for (name,) in names]
        except sqlite3.Error as fault:
            raise SourceUnreadable(_("这不是能读的 SQLite 数据库：%(fault)s") % {"fault": fault}) from fault
        yield from tables


def _sqlite_columns(source: sqlite3.Connection, table: str) -> Iterator[ScannedColumn]:
    rows = source.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (table,))
    for name, declared, is_required, key in rows:
        kind, length = read_type(declared)
        yield ScannedColumn(name, kind, length, bool(key), not is_required and not key)


@dataclass(frozen=True, slots=True)
class PostgresqlSource:
    """A schema of a PostgreSQL database; the address is a `postgresql://` URL. It is only read."""

    address: str
    schema: str = "public"

    def list_tables(self) -> Iterator[ScannedTable]:
        """Give the tables and views with their columns and comments, by name."""
        try:
            with psycopg.connect(**_postgresql_words(self.address)) as source:
                source.read_only = True
                rows = source.execute(_POSTGRESQL, {"schema": self.schema}).fetchall()
        except psycopg.Error as fault:
            raise SourceUnreadable(_("连不上或读不了这个数据库：%(fault)s") % {"fault": fault}) from fault
        yield from _gather(rows)


def _postgresql_words(address: str) -> dict[str, Any]:
    """Take an address apart: the client is never given the text, which it might read otherwise than we did."""
    parts = urlsplit(address)
    modes = dict(parse_qsl(parts.query))
    return {
        "host": parts.hostname or "",
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": unquote(parts.path.lstrip("/")),
        "sslmode": modes.get("sslmode", "prefer"),
        "connect_timeout": _TIMEOUT_SECONDS,
    }


def _gather(rows: Iterable[tuple[Any, ...]]) -> Iterator[ScannedTable]:
    """Put rows of columns together: table, its comment, column, declared type, nullable, key, comment."""
    tables: dict[str, list[ScannedColumn]] = {}
    comments: dict[str, str] = {}
    for table, comment, name, declared, is_nullable, is_key, told in rows:
        kind, length = read_type(declared)
        column = ScannedColumn(name, kind, length, bool(is_key), bool(is_nullable), told or "")
        tables.setdefault(table, []).append(column)
        comments[table] = comment or ""
    yield from (ScannedTable(name, tuple(columns), comments[name]) for name, columns in tables.items())


@dataclass(frozen=True, slots=True)
class MysqlSource:
    """A MySQL database; the address is a `mysql://` URL. Its description alone is read, through DuckDB's scanner."""

    address: str

    def list_tables(self) -> Iterator[ScannedTable]:
        """Give the tables and views with their columns and comments, by name."""
        from chengshu.dataplane.errors import DataplaneError  # noqa: PLC0415 - heavy: imported where it runs
        from chengshu.dataplane.sources.columnar import query_database  # noqa: PLC0415 - the same

        schema = unquote(urlsplit(self.address).path.lstrip("/")).replace("\\", "\\\\").replace("'", "''")
        try:
            rows = query_database(self.address, _MYSQL.format(schema=schema))
        except DataplaneError as fault:
            raise SourceUnreadable(fault.message) from None  # the cause may name the password
        yield from _gather(rows)


_MYSQL = """
    SELECT CAST(t.TABLE_NAME AS CHAR), CAST(CASE t.TABLE_TYPE WHEN 'VIEW' THEN '' ELSE t.TABLE_COMMENT END AS CHAR),
           CAST(c.COLUMN_NAME AS CHAR), CAST(c.COLUMN_TYPE AS CHAR), c.IS_NULLABLE = 'YES', c.COLUMN_KEY = 'PRI',
           CAST(c.COLUMN_COMMENT AS CHAR)
    FROM information_schema.TABLES t
    JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
    WHERE t.TABLE_SCHEMA = '{schema}' AND t.TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
    ORDER BY t.TABLE_NAME, c.ORDINAL_POSITION
"""
"""What MySQL keeps of its tables; the name of the database is the only thing put in, as a text.

Of a view its comment says no more than that it is one; sequences stand among the tables of MariaDB.
MySQL gives names, types and comments as bytes unless they are made texts.
"""


_POSTGRESQL = """
    SELECT c.relname, obj_description(c.oid, 'pg_class'), a.attname, format_type(a.atttypid, a.atttypmod),
           NOT a.attnotnull,
           EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)),
           col_description(c.oid, a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""
_TYPES = (
    (("enum", "set", "point", "interval", "range", "[]"), ValueType.TEXT),
    (("bool",), ValueType.BOOLEAN),
    (("timestamp", "datetime"), ValueType.MOMENT),
    (("date",), ValueType.DATE),
    (("int", "serial", "year"), ValueType.INTEGER),
    (("numeric", "decimal", "real", "double", "float", "money"), ValueType.DECIMAL),
    (("blob", "bytea", "binary", "bit"), ValueType.BINARY),
)
_FLAGS = ("tinyint(1)", "bit(1)")
"""What MySQL makes of `boolean`, and how people write one who do not know that."""


def read_type(declared: str) -> tuple[ValueType, int | None]:
    """Read a declared type such as `character varying(18)`: what it holds, and the length of a text."""
    folded = declared.lower().strip()
    if folded.startswith(_FLAGS):
        return ValueType.BOOLEAN, None
    head, _bracket, rest = folded.partition("(")
    inside, _bracket, tail = rest.partition(")")
    said = head if head in {"enum", "set"} else head + tail  # values in brackets may be named as types are
    kind = next((found for words, found in _TYPES if any(word in said for word in words)), ValueType.TEXT)
    inside = inside.strip()
    return kind, int(inside) if kind is ValueType.TEXT and inside.isdigit() and int(inside) > 0 else None
