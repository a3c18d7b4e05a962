"""A DuckDB of its own for one pass over a source."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from chengshu.dataplane.errors import SourceUnreachable, SourceUnreadable
from chengshu.dataplane.extensions import load_extension
from chengshu.dataplane.sources.conform import HOUSE_ZONE


def open_session(temp_folder: Path, *, extension: str = "", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that spills into the folder; an extension is loaded from its installed wheel."""
    connection = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": "2GB",
            "temp_directory": str(temp_folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET TimeZone = '{HOUSE_ZONE}'")
    if extension:
        load_extension(connection, extension)
    return connection


@contextmanager
def explained(name: str, *, is_connecting: bool = False) -> Iterator[None]:
    """Turn what DuckDB says of a source into words for the people who deliver."""
    try:
        yield
    except duckdb.Error as error:
        if not is_connecting and not isinstance(error, duckdb.IOException | duckdb.ConnectionException):
            message = f"数据源“{name}”不能读取：{str(error).splitlines()[0][:300]}"
            raise SourceUnreadable(message, source=name) from error
        message = f"数据源“{name}”没有响应或拒绝了连接，请检查地址、账号和网络后重试。"
        raise SourceUnreachable(message, source=name) from None  # the cause may name the password
