"""DuckDB within this process: the engine by default, for anything that fits one machine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from chengshu.dataplane.engines.canonical import canonical_schema
from chengshu.dataplane.engines.protocol import Written
from chengshu.dataplane.engines.stores import Store, require_store
from chengshu.dataplane.errors import EngineFault
from chengshu.dataplane.extensions import load_extension

_FILE_BYTES = 256 * 2**20
_SILENT = "SET enable_progress_bar = false"
"""Of each connection: after two seconds DuckDB draws a bar on standard output, where commands print their records."""
_WIDE = {"HUGEINT", "UHUGEINT"}
"""128-bit integers: sums of whole numbers."""


class DuckDBEngine:
    """Runs SQL of DuckDB. Answers of two streams may be read in turn: each has a connection of its own.

    `memory_limit` is DuckDB's, e.g. "2GB"; beyond it, it spills to `temp_folder` (without one it refuses instead).
    `extensions` are loaded from the installed wheels, without a network. `store` holds the files offered by address.
    """

    name = "duckdb"
    dialect = "duckdb"
    shared: Path | None = None

    def __init__(
        self,
        *,
        threads: int = 2,
        memory_limit: str = "4GB",
        temp_folder: Path | None = None,
        extensions: Sequence[str] = (),
        store: Store | None = None,
    ) -> None:
        self.reads_store = store is not None
        self.work = temp_folder
        if temp_folder is not None:
            temp_folder.mkdir(parents=True, exist_ok=True)
        self._tables: dict[str, pa.Table] = {}
        self._names: set[str] = set()
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": memory_limit,
            "temp_directory": "" if temp_folder is None else str(temp_folder),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "ieee_floating_point_ops": False,  # a division by zero is null, not infinity
        }
        with _faults("打开 DuckDB"):
            self._connection = duckdb.connect(config=settings)
            self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
            self._connection.execute(_SILENT)
            for extension in (*extensions, *(["httpfs"] if store else [])):
                load_extension(self._connection, extension)
            if store is not None:
                self._connection.execute(store.duckdb_secret())

    def offer(self, name: str, rows: pa.Table | Sequence[Path | str], *, schema: pa.Schema | None = None) -> None:
        """Make rows readable under a name, instead of what had it: a table in memory, or Parquet files of one shape."""
        self.withdraw(name)
        self._names.add(name)
        if isinstance(rows, pa.Table):
            self._tables[name] = rows
            self._connection.register(name, rows)
            return
        if not rows:
            raise EngineFault(f"“{name}”没有数据文件；空表请以内存表提供，列才有类型。", statement="", engine=self.name)
        require_store(rows, has_store=self.reads_store, engine=self.name)
        files = ", ".join(_quote_text(str(path)) for path in rows)
        chosen = f"SELECT * FROM read_parquet([{files}])" if schema is None else self._by_name(files, schema)  # noqa: S608
        # Not a temporary view: those are seen by one connection only.
        self._run(f"CREATE OR REPLACE VIEW {_quote_name(name)} AS {chosen}")

    def withdraw(self, name: str) -> None:
        """Forget a name; nothing happens to the rows."""
        if self._tables.pop(name, None) is not None:
            self._connection.unregister(name)
        elif name in self._names:
            self._run(f"DROP VIEW IF EXISTS {_quote_name(name)}")
        self._names.discard(name)

    def fetch(self, statement: str) -> pa.Table:
        """Run a query and give all of its rows."""
        with _faults(statement):
            relation = self._connection.sql(statement)
            table = relation.to_arrow_table()
            return table.cast(_schema_of(relation, table.schema))

    def stream(self, statement: str, *, batch_rows: int) -> Iterator[pa.RecordBatch]:
        """Run a query and give its rows piece by piece, so that memory stays bounded."""
        with _faults(statement), self._connection.cursor() as own:
            own.execute(_SILENT)
            for name, table in self._tables.items():
                own.register(name, table)
            relation = own.sql(statement)
            reader = relation.to_arrow_reader(batch_rows)
            schema = _schema_of(relation, reader.schema)
            for batch in reader:
                yield batch.cast(schema)

    def write(self, statement: str, folder: Path) -> Written:
        """Run a query and write its rows as Parquet files (zstd) into an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise EngineFault(f"文件夹“{folder}”不是空的；请换一个空文件夹。", statement=statement, engine=self.name)
        target = _quote_text(str(folder))
        options = f"FORMAT parquet, COMPRESSION zstd, FILE_SIZE_BYTES {_FILE_BYTES}, RETURN_FILES true"
        with _faults(statement):
            source = self._cast_statement(statement)
            row = self._connection.execute(f"COPY ({source}) TO {target} ({options})").fetchone()
        rows, files = row or (0, [])
        return Written(tuple(sorted(Path(file) for file in files)), rows)

    def interrupt(self) -> None:
        """Stop the statement that runs now, from another thread; streams have connections of their own and go on."""
        self._connection.interrupt()

    def close(self) -> None:
        """Let go of memory, threads and temporary files."""
        self._tables.clear()
        self._connection.close()

    def _by_name(self, files: str, schema: pa.Schema) -> str:
        """Give a query of files whose columns are the schema's; null are those that no file has yet."""
        source = f"FROM read_parquet([{files}], union_by_name = true)"
        with _faults(source):
            found = self._connection.sql(source).columns
            kinds = self._connection.from_arrow(schema.empty_table()).types
        columns = (
            _quote_name(column) if column in found else f"CAST(NULL AS {kind}) AS {_quote_name(column)}"
            for column, kind in zip(schema.names, kinds, strict=True)
        )
        return f"SELECT {', '.join(columns)} {source}"

    def _run(self, statement: str) -> None:
        with _faults(statement):
            self._connection.execute(statement)

    def _cast_statement(self, statement: str) -> str:
        """Give a query whose columns have canonical types; it is the query itself where they already do."""
        relation = self._connection.sql(statement)
        casts = [_cast_sql(*column) for column in zip(relation.columns, map(str, relation.types), strict=True)]
        if not any(casts):
            return statement
        chosen = ", ".join(cast or _quote_name(name) for name, cast in zip(relation.columns, casts, strict=True))
        return f"SELECT {chosen} FROM ({statement})"  # noqa: S608 - names are quoted, the statement is what was asked


_NARROW = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", *_WIDE}
_CASTS = {
    **dict.fromkeys(_NARROW, "BIGINT"),
    "FLOAT": "DOUBLE",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "TIMESTAMPTZ"),
}


def _cast_sql(name: str, given: str) -> str | None:
    """Give a column with its canonical type, or None where it has that."""
    target = _CASTS.get(given)
    return target and f"CAST({_quote_name(name)} AS {target}) AS {_quote_name(name)}"


def _schema_of(relation: duckdb.DuckDBPyRelation, given: pa.Schema) -> pa.Schema:
    types = zip(relation.columns, map(str, relation.types), strict=True)
    return canonical_schema(given, wholes=frozenset(name for name, kind in types if kind in _WIDE))


@contextmanager
def _faults(statement: str) -> Iterator[None]:
    """Turn what DuckDB and Arrow refuse into a fault that shows the statement."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException) as error:
        raise EngineFault(f"DuckDB 不接受这条语句：{error}", statement=statement, engine="duckdb") from error


def _quote_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quote_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
