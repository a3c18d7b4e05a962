"""Tables of databases to Parquet, through DuckDB's readers: one statement, so one consistent moment of the table."""

import sqlite3
import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import ParseResult, unquote, urlparse

import duckdb
import pyarrow as pa
from sqlglot import exp

from chengshu.dataplane.checks.rownumbers import ROW
from chengshu.dataplane.checks.rules import Type
from chengshu.dataplane.errors import DataUnreadable
from chengshu.dataplane.extensions import load_extension
from chengshu.dataplane.sources.columnar import mysql_words
from chengshu.dataplane.sources.exactness import Faithful, faithful_relation
from chengshu.dataplane.sources.sessions import known_fault

# After two seconds DuckDB draws a bar on standard output, where the command prints its records.
_SILENT = "SET enable_progress_bar = false"
_READERS = {
    "postgresql": "postgres_scanner",
    "postgres": "postgres_scanner",
    "mysql": "mysql_scanner",
    "sqlite": "sqlite_scanner",
}
_MEANT = {"DATE": Type.DATE, "TIMESTAMP": Type.TIMESTAMP, "DECIMAL": Type.NUMBER}
_TYPES = {"postgres_scanner": "postgres", "mysql_scanner": "mysql", "sqlite_scanner": "sqlite"}


@dataclass(frozen=True, slots=True)
class Staged:
    """A copy in Parquet, and the names of all columns of what it was copied from.

    `read_as` says as what columns are meant that are texts in the copy, for values of them would have been lost.
    """

    names: tuple[str, ...]
    file: Path
    read_as: Mapping[str, Type] = field(default_factory=dict)


def stage_table(address: str, columns: Sequence[str] | None, *, numbered: bool, folder: Path) -> Staged:
    """Copy a table of a database into Parquet.

    `address` is postgresql://user:password@host:port/database#schema.table, mysql:// alike, or sqlite:///path#table.
    SQLite's cells are read as texts, for its columns hold anything.

    Raises:
        DataUnreadable: an unknown kind of database, no answer, no such table. Passwords are not repeated.
    """
    parts, reader = _read_address(address)
    with duckdb.connect(config=_settings(folder)) as connection:
        connection.execute(_SILENT)
        target = _attached(parts, reader)
        try:
            load_extension(connection, reader)
            if reader == "sqlite_scanner":
                connection.execute("SET sqlite_all_varchar = true")
            place = exp.Literal.string(target).sql("duckdb")
            connection.execute(f"ATTACH {place} AS source (TYPE {_TYPES[reader]}, READ_ONLY)")
            table, names, read_as = _faithful(connection, parts, reader, columns)
            target_file = folder / "rows.parquet"
            reals = _list_reals(target, unquote(parts.fragment)) if reader == "sqlite_scanner" else None
            if table.odd:
                copy = _copy_with_odd(connection, table, folder, numbered=numbered)
            else:
                copy = _copy(connection, table.sql, columns, target_file, numbered=numbered, reals=reals)
            return replace(copy, names=names, read_as={**read_as, **copy.read_as})
        except (duckdb.Error, RuntimeError) as error:  # the latter where a file is no database of SQLite
            # The password may be quoted in the words of the connection, so they go first.
            said = str(error).replace(target, "…").replace(unquote(parts.password or "\0"), "***").splitlines()[0]
            cure = "请检查地址、账号、口令、权限和表名，以及数据库是否在运行。"
            told = known_fault(said) or f"{said.rstrip('.。 ')}。{cure}"
            raise DataUnreadable(f"数据库表 {_without_password(address)} 读不出：{told}") from error


def _read_address(address: str) -> tuple[ParseResult, str]:
    try:
        parts = urlparse(address)
        # A sign of the password that ended it too early would have what follows taken for the host and the path.
        is_cut = "@" in parts.path and parts.scheme != "sqlite"
        reader = _READERS[parts.scheme] if parts.fragment and parts.port != 0 and not is_cut else ""
    except (KeyError, ValueError):  # such as a port that is no number
        reader = ""
    if not reader:
        kinds = "postgresql://用户:密码@主机/库#表、mysql://用户:密码@主机/库#表、sqlite:///文件#表"
        coded = "密码里的 @ : / # ? % 请写成 %40 %3A %2F %23 %3F %25"
        raise DataUnreadable(f"数据地址“{_without_password(address)}”不认识。请写成 {kinds}；{coded}。")
    return parts, reader


def number_rows(files: list[Path] | pa.Table, columns: Sequence[str] | None, folder: Path) -> Staged:
    """Copy Parquet files, or rows in memory, with their rows numbered from 1."""
    with duckdb.connect(config=_settings(folder)) as connection:
        connection.execute(_SILENT)
        if isinstance(files, pa.Table):
            connection.register("rows", files)
            source = "rows"
        else:
            paths = ", ".join(exp.Literal.string(str(path)).sql("duckdb") for path in files)
            source = f"read_parquet([{paths}])"
        try:
            return _copy(connection, source, columns, folder / "numbered.parquet", numbered=True)
        except duckdb.Error as error:
            raise DataUnreadable(f"Parquet 文件读不出：{error}") from error


def _copy(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    columns: Sequence[str] | None,
    target: Path,
    *,
    numbered: bool,
    reals: Collection[str] | None = None,
) -> Staged:
    """Copy columns; `reals` tells that all are texts of SQLite, and which of them were binary fractions."""
    there = connection.sql(f"SELECT * FROM {source} LIMIT 0").columns  # noqa: S608 - quoted by sqlglot
    wanted = there if columns is None else [name for name in there if name in set(columns)]
    chosen = [_quoted(name) for name in wanted]
    if reals is not None:
        chosen = [_text_sql(name, is_real=name in reals) for name in wanted]
    numbers = [f'row_number() OVER () AS "{ROW}"'] if numbered else []
    selected = ", ".join([*chosen, *numbers]) or "1 AS nothing"
    path = exp.Literal.string(str(target)).sql("duckdb")
    connection.execute(f"COPY (SELECT {selected} FROM {source}) TO {path} (FORMAT parquet, COMPRESSION lz4)")  # noqa: S608
    return Staged(tuple(there), target)


def _text_sql(name: str, *, is_real: bool) -> str:
    """Read a text of SQLite; one that is no UTF-8 would go unseen into the copy, a real 1 is written 1.0."""
    text = f"decode(encode({_quoted(name)}))"
    return (
        f"regexp_replace({text}, '^(-?[0-9]+)[.]0$', '\\1') AS {_quoted(name)}"
        if is_real
        else f"{text} AS {_quoted(name)}"
    )


def _list_reals(path: str, table: str) -> frozenset[str]:
    """Name the columns whose numbers SQLite keeps as binary fractions, by the words of their declared types."""
    with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as database:
        try:
            declared = database.execute("SELECT name, type FROM pragma_table_info(?)", [table]).fetchall()
        except sqlite3.Error:  # no database, or a locked one: the reader that follows tells
            return frozenset()
    return frozenset(name for name, kind in declared if any(word in kind.upper() for word in ("REAL", "FLOA", "DOUB")))


def _settings(folder: Path) -> dict[str, str | bool | int | float | list[str]]:
    spill = tempfile.mkdtemp(dir=folder)
    return {"threads": 2, "memory_limit": "1GB", "temp_directory": spill, "autoinstall_known_extensions": False}


def _attached(parts: ParseResult, reader: str) -> str:
    """Give what ATTACH takes: a path, or the words of a connection."""
    if reader == "sqlite_scanner":
        # Three slashes and a relative path, or four and an absolute one; three and an absolute one is what people mean.
        relative, absolute = Path(unquote(parts.path)[1:]), Path(unquote(parts.path))
        path = relative if relative.is_file() else absolute
        if not path.is_file():
            raise DataUnreadable(f"SQLite 文件 {path} 不存在。请检查路径，如 sqlite:///data/a.db#表。")
        return str(path)
    if reader == "mysql_scanner":
        return mysql_words(parts.geturl())
    words = {
        "host": parts.hostname or "localhost",
        "port": str(parts.port or ""),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": unquote(parts.path.removeprefix("/")),
    }
    quoted = {key: value.replace("\\", "\\\\").replace("'", "\\'") for key, value in words.items() if value}
    return " ".join(f"{key}='{value}'" for key, value in quoted.items())


def _faithful(
    connection: duckdb.DuckDBPyConnection, parts: ParseResult, reader: str, columns: Sequence[str] | None
) -> tuple[Faithful, tuple[str, ...], dict[str, Type]]:
    """Give what is attached as `source` with every value of the columns, the names of all, and which are texts for that."""
    *schema, table = unquote(parts.fragment).split(".")
    if reader == "postgres_scanner" and not schema:
        schema = ["public"]
    relation = ".".join(_quoted(name) for name in ("source", *schema, table))
    there = connection.sql(f"SELECT * FROM {relation} LIMIT 0")  # noqa: S608 - quoted by sqlglot
    names = tuple(there.columns)
    found = dict(zip(names, map(str, there.types), strict=True))
    wanted = found if columns is None else {name: kind for name, kind in found.items() if name in set(columns)}
    place = ("source", schema[0] if schema else unquote(parts.path).strip("/"), table)
    faithful = faithful_relation(connection, reader, place, wanted)
    if faithful is None:
        return Faithful(relation, found), names, {}
    return faithful, names, {name: Type.NUMBER for name, kind in faithful.kinds.items() if kind != found[name]}


def _copy_with_odd(connection: duckdb.DuckDBPyConnection, table: Faithful, folder: Path, *, numbered: bool) -> Staged:
    """Copy a relation into Parquet; a column in which something cannot be a value of its type becomes one of texts."""
    first, second = folder / "faithful.parquet", folder / "rows.parquet"
    _copy(connection, table.sql, None, first, numbered=numbered)
    source = f"read_parquet({exp.Literal.string(str(first)).sql('duckdb')})"
    counts = ", ".join(f"count({_quoted(beside)})" for beside in table.odd.values())
    told = connection.execute(f"SELECT {counts} FROM {source}").fetchone() or ()  # noqa: S608 - quoted by sqlglot
    odd = {name: beside for (name, beside), count in zip(table.odd.items(), told, strict=True) if count}
    columns = [
        f"coalesce(CAST({_quoted(name)} AS VARCHAR), {_quoted(odd[name])}) AS {_quoted(name)}"
        if name in odd
        else _quoted(name)
        for name in (*table.kinds, *([ROW] if numbered else []))
    ]
    path = exp.Literal.string(str(second)).sql("duckdb")
    connection.execute(f"COPY (SELECT {', '.join(columns)} FROM {source}) TO {path} (FORMAT parquet, COMPRESSION lz4)")  # noqa: S608
    first.unlink()
    return Staged(tuple(table.kinds), second, {name: _MEANT[table.kinds[name].partition("(")[0]] for name in odd})


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql("duckdb")


def _without_password(address: str) -> str:
    scheme, _, rest = address.partition("://")
    head, sign, table = rest.partition("#")
    if "@" in head or "@" not in table:
        return f"{scheme}://{head.rpartition('@')[2]}{sign}{table}"
    return f"{scheme}://{table.rpartition('@')[2]}"  # a sign of the password may have ended the address too early
