"""Parquet, and tables of PostgreSQL, MySQL and SQLite through DuckDB's scanners: rows that have types already."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.conform import DAMAGED, ROW, conform_sql, quote_name, quote_text, sane_sql
from chengshu.dataplane.sources.contracts import FAR_SINCE, Mark
from chengshu.dataplane.sources.exactness import Faithful, faithful_relation
from chengshu.dataplane.sources.intake import Intake
from chengshu.dataplane.sources.sessions import explained, open_session

BATCH_ROWS = 122_880
_EXTENSIONS = {
    "postgresql": "postgres_scanner",
    "postgres": "postgres_scanner",
    "mysql": "mysql_scanner",
    "sqlite": "sqlite_scanner",
}
_CARRIED = ("_by", "_key", "_far")
_NUMBER = "DECIMAL(38,10)"
"""As what texts are put in order that are numbers."""
_BEGINNING = "0001-01-01"
"""The mark where every row that was read has a moment far in the future."""
_TYPES = {"postgres_scanner": "postgres", "mysql_scanner": "mysql", "sqlite_scanner": "sqlite"}


@dataclass(frozen=True, slots=True)
class DatabaseTable:
    """A table of a database: `postgresql://user:password@host:port/name`, `mysql://…` or `sqlite:///path`.

    `by` is the column whose value only grows for new or changed rows (empty: all rows are read every time); `key` tells
    rows apart that share a value of it. With `by` a unique number, `key` may be the same column.
    """

    url: str = field(repr=False)
    table: str
    schema: str = ""
    by: str = ""
    key: str = ""


@dataclass(slots=True)
class Marked:
    """Follows the highest value that was read, the keys of the rows that have it, and of those far in the future."""

    value: str | None = None
    taken: set[str] = field(default_factory=set)
    far: set[str] = field(default_factory=set)

    def follow(self, values: list[str | None], keys: list[str | None], far: list[bool | None]) -> None:
        """Take the next rows into account; values arrive in their order, least first."""
        for value, key, is_far in zip(values, keys, far, strict=True):
            if is_far:
                self.far.add(key or "")
            if value is None:
                continue
            if value != self.value:
                self.value, self.taken = value, set()
            self.taken.add(key or "")

    def mark(self) -> Mark | None:
        """Return up to where was read; None when nothing ever was."""
        if self.value is None:
            return Mark(_BEGINNING, ("",), tuple(sorted(self.far))) if self.far else None
        return Mark(self.value, tuple(sorted(self.taken)), tuple(sorted(self.far)))


def open_parquet(path: Path, schema: pa.Schema, *, folder: Path) -> Intake:
    """Begin to read a Parquet file into declared columns.

    Raises:
        SourceUnreadable: it is none.
    """
    _require_parquet(path)
    connection = open_session(folder)
    relation = (
        f"(SELECT *, file_row_number + 1 AS {ROW} FROM read_parquet({quote_text(str(path))}, file_row_number = true))"  # noqa: S608
    )
    with explained(path.name):
        found = _columns(connection, relation)
    statement = conform_sql(relation, schema, found, carried=[ROW])
    return Intake(schema, _pieces(connection, statement, path.name), close_source=connection.close, first_row=1)


def open_table(
    source: DatabaseTable, schema: pa.Schema, *, folder: Path, mark: Mark | None = None
) -> tuple[Intake, Marked]:
    """Begin to read a table, from the mark on where there is one; the second result knows the new mark afterwards.

    Rows whose `by` is empty are read in the first pass only.

    Raises:
        SourceUnreachable: the database does not answer, or refuses the log-in.
        SourceUnreadable: it has no such table or column.
    """
    connection = _attach(source, folder)
    with explained(source.table):
        table = _relation(connection, source, mark)
    for name in {source.by, source.key} - {"", *table.kinds}:
        raise SourceUnreadable(f"表“{source.table}”没有列“{name}”，不能按它增量读取。", column=name)
    marked = Marked() if mark is None else Marked(mark.value, set(mark.taken), set(mark.far))
    relation = _since_sql(source, table, mark)
    carried = list(_CARRIED if source.by else ())
    kinds = {**table.kinds, **dict.fromkeys(carried, "VARCHAR")}
    is_marked = source.url.startswith("sqlite:")
    statement = conform_sql(relation, schema, kinds, damaged=is_marked, carried=carried, odd=table.odd)

    def pieces() -> Iterator[pa.RecordBatch]:
        for batch in _pieces(connection, statement, source.table):
            if source.by:
                marked.follow(*(batch.column(name).to_pylist() for name in _CARRIED))
            yield batch

    return Intake(schema, pieces(), close_source=connection.close, first_row=1), marked


def list_columns(source: DatabaseTable, *, folder: Path) -> dict[str, str]:
    """Return the columns of a table with DuckDB's types. Raises as `open_table` does."""
    with _attach(source, folder) as connection, explained(source.table):
        return dict(_relation(connection, source).kinds)


def sample_table(source: DatabaseTable, *, folder: Path, rows: int = 1000) -> pa.Table:
    """Return some rows as they are. Raises as `open_table` does."""
    with _attach(source, folder) as connection, explained(source.table):
        table = _relation(connection, source)
        columns = ", ".join(map(quote_name, table.kinds))
        return connection.sql(f"SELECT {columns} FROM {table.sql} LIMIT {rows}").to_arrow_table()  # noqa: S608


def sample_parquet(path: Path, *, folder: Path, rows: int = 1000) -> pa.Table:
    """Return the first rows as they are. Raises as `open_parquet` does."""
    _require_parquet(path)
    with open_session(folder) as connection, explained(path.name):
        return connection.sql(f"SELECT * FROM read_parquet({quote_text(str(path))}) LIMIT {rows}").to_arrow_table()  # noqa: S608


def _require_parquet(path: Path) -> None:
    """Read the footer, which stands at the very end: a file that was cut has none."""
    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowException) as error:
        message = f"文件“{path.name}”不是完整的 Parquet 文件，请确认格式后重新交付。"
        raise SourceUnreadable(message, file=path.name) from error
    for column in schema:
        if pa.types.is_decimal256(column.type):  # DuckDB (1.5) takes them for doubles, and the bytes for others
            message = f"文件“{path.name}”的列“{column.name}”超过 38 位数字，读出来会不对，请改存为 38 位以内或文本后重新交付。"
            raise SourceUnreadable(message, file=path.name, column=column.name)


def _attach(source: DatabaseTable, folder: Path) -> duckdb.DuckDBPyConnection:
    parts = urlsplit(source.url)
    extension = _EXTENSIONS.get(parts.scheme)
    if extension is None:
        message = f"不认识的数据库地址“{parts.scheme}://…”，请用 postgresql://、mysql:// 或 sqlite:/// 开头的地址。"
        raise SourceUnreadable(message, scheme=parts.scheme)
    if extension == "sqlite_scanner" and not Path(unquote(parts.path)).is_file():
        raise SourceUnreadable(f"没有 SQLite 文件“{unquote(parts.path)}”。", file=unquote(parts.path))
    connection = open_session(folder, extension=extension)
    if extension == "sqlite_scanner":
        # Its columns hold values of any type: texts are read, and the declared columns decide.
        connection.execute("SET GLOBAL sqlite_all_varchar = true")
    with explained(source.table, is_connecting=True):
        connection.execute(
            f"ATTACH {quote_text(_connection_text(source.url, extension))} AS src (TYPE {_TYPES[extension]}, READ_ONLY)"
        )
    return connection


def query_database(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Have a MySQL database answer a statement of its own and give all rows; for descriptions, not for data.

    Raises:
        SourceUnreachable: nobody answers, or the account is refused.
        SourceUnreadable: the statement is refused, or the address is of another kind.
    """
    with tempfile.TemporaryDirectory() as folder:
        connection = _attach(DatabaseTable(url, "information_schema"), Path(folder))
        try:
            with explained("information_schema"):
                return connection.execute("SELECT * FROM mysql_query('src', ?)", [statement]).fetchall()
        finally:
            connection.close()


def _connection_text(url: str, extension: str) -> str:
    parts = urlsplit(url)
    if extension == "sqlite_scanner":
        return unquote(parts.path)
    return url if extension == "postgres_scanner" else mysql_words(url)


def mysql_words(url: str) -> str:
    """Return the words with which the scanner of MySQL connects; it knows double quotes only, and a backslash in them."""
    parts = urlsplit(url)
    values = {
        "host": parts.hostname or "127.0.0.1",
        "port": str(parts.port or 3306),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path).strip("/"),
    }
    quoted = {key: value.replace("\\", "\\\\").replace('"', '\\"') for key, value in values.items() if value}
    return " ".join(f'{key}="{value}"' for key, value in quoted.items())


def _table_sql(source: DatabaseTable) -> str:
    schema = f"{quote_name(source.schema)}." if source.schema else ""
    return f"src.{schema}{quote_name(source.table)}"


def _relation(connection: duckdb.DuckDBPyConnection, source: DatabaseTable, mark: Mark | None = None) -> Faithful:
    """The table with every value as it is there; below the mark rows may be missing."""
    found = _columns(connection, _table_sql(source))
    parts = urlsplit(source.url)
    if parts.scheme == "sqlite":
        # It keeps texts of any bytes: what is no UTF-8 is marked, and refused row by row.
        texts = ", ".join(
            f"CASE WHEN {name} IS NOT NULL THEN coalesce(TRY(decode(encode({name}))), {DAMAGED}) END AS {name}"
            for name in map(quote_name, found)
        )
        return Faithful(f"(SELECT {texts} FROM {_table_sql(source)})", found)  # noqa: S608 - names are quoted
    schema = unquote(parts.path).strip("/") if parts.scheme == "mysql" else source.schema or "public"
    since = (source.by, mark.value) if mark is not None and source.by in found else None
    place = ("src", schema, source.table)
    faithful = faithful_relation(connection, _EXTENSIONS[parts.scheme], place, found, since=since)
    return faithful or Faithful(_table_sql(source), found)


def _since_sql(source: DatabaseTable, table: Faithful, mark: Mark | None) -> str:
    """The rows after the mark, in the order of `by`: above its value, or at it or far off with a key that was not taken."""
    if not source.by:
        return table.sql
    by, key, kind = quote_name(source.by), quote_name(source.key or source.by), table.kinds[source.by]
    number = "" if kind != "VARCHAR" else f"TRY_CAST({by} AS {_NUMBER}), "
    sane, far = sane_sql(by, kind) or "true", _far_sql(by, kind)  # after such moments nothing would ever be new
    where = ""
    if mark is not None:
        value = f"CAST({quote_text(mark.value)} AS {kind})"
        above = f"{by} > {value}"
        if number:
            above = f"coalesce(TRY_CAST({by} AS {_NUMBER}) > TRY_CAST({value} AS {_NUMBER}), {above})"
        near = f"NOT {far} AND ({above} OR ({by} = {value} AND {_not_among(key, mark.taken)}))"
        where = f"WHERE {sane} AND (({near}) OR ({far} AND {_not_among(key, mark.far)}))"
    followed = f"CASE WHEN {sane} AND NOT {far} THEN {by} END"
    return (
        f"(SELECT *, CAST({followed} AS VARCHAR) AS _by, CAST({key} AS VARCHAR) AS _key, ({sane}) AND {far} AS _far "  # noqa: S608 - names are quoted
        f"FROM {table.sql} {where} ORDER BY {number}{by} NULLS FIRST)"
    )


def _far_sql(by: str, kind: str) -> str:
    """The condition that a value is a moment so far off that it means "for ever"; never null."""
    far = f"TIMESTAMP {quote_text(FAR_SINCE)}"
    if kind.startswith(("DATE", "TIMESTAMP")):
        return f"coalesce(CAST({by} AS TIMESTAMP) >= {far}, false)"
    if kind == "VARCHAR":  # such as all columns of SQLite
        return f"coalesce(substr({by}, 5, 1) IN ('-', '/') AND TRY_CAST({by} AS TIMESTAMP) >= {far}, false)"
    return "false"


def _not_among(key: str, keys: tuple[str, ...]) -> str:
    if not keys:
        return "true"
    return f"coalesce(CAST({key} AS VARCHAR), '') NOT IN ({', '.join(map(quote_text, keys))})"


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    found = connection.sql(f"SELECT * FROM {relation} LIMIT 0")  # noqa: S608 - made above
    return dict(zip(found.columns, map(str, found.types), strict=True))


def _pieces(connection: duckdb.DuckDBPyConnection, statement: str, name: str) -> Iterator[pa.RecordBatch]:
    with explained(name):
        yield from connection.sql(statement).to_arrow_reader(BATCH_ROWS)
