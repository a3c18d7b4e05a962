"""A DuckDB of its own for one pass over a source."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from chengshu.dataplane.errors import SourceUnreachable, SourceUnreadable
from chengshu.dataplane.extensions import load_extension
from chengshu.dataplane.sources.conform import HOUSE_ZONE

_NO_TEXT = "could not convert blob to UTF8"
_UNKNOWN_TYPE = "Failed to bind result set"
"""What DuckDB says where MySQL has a type that it does not know."""


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
    except (duckdb.Error, pa.ArrowException, OSError, RuntimeError) as error:  # RuntimeError: no database of SQLite
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of this machine, such as a full disk
        # Within a stream of Arrow, faults of DuckDB come as faults of Arrow.
        is_broken = isinstance(error, duckdb.IOException | duckdb.ConnectionException | OSError)
        if not is_connecting and (not is_broken or _UNKNOWN_TYPE in str(error)):
            message = f"数据源“{name}”不能读取：{known_fault(str(error)) or str(error).splitlines()[0][:300]}"
            raise SourceUnreadable(message, source=name) from error
        message = f"数据源“{name}”没有响应、断开或拒绝了连接，请检查地址、账号和网络后重试。"
        raise SourceUnreachable(message, source=name) from None  # the cause may name the password


def known_fault(said: str) -> str:
    """Return in words for people, with the cure, what DuckDB says of rows that it cannot read; empty for all else."""
    if _UNKNOWN_TYPE in said:
        return "有的列是不能读取的类型（如 VECTOR）。请在来源建一个没有这些列的视图，改为读取视图。"
    if _NO_TEXT in said:
        return "有的文本不是 UTF-8。请在来源把这些文本转成 UTF-8。"
    return ""
