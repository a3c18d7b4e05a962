"""Opens an engine by its name; what it needs is imported only then."""

from collections.abc import Mapping
from pathlib import Path

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import EngineMissing

NAMES = ("duckdb", "spark")


def open_engine(
    name: str = "duckdb",
    *,
    threads: int = 2,
    memory_limit: str = "4GB",
    temp_folder: Path | None = None,
    master: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> Engine:
    """Open an engine; the caller closes it. Raises EngineMissing, saying what to install.

    `threads`, `memory_limit` ("2GB") and `temp_folder` bound what it takes of this machine. `master` is a Spark
    cluster (spark://host:7077), this machine without one; `settings` are Spark's own, by their names.
    """
    if name == "duckdb":
        from chengshu.dataplane.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - heavy: imported where it runs

        return DuckDBEngine(threads=threads, memory_limit=memory_limit, temp_folder=temp_folder)
    if name == "spark":
        from chengshu.dataplane.engines.spark import SparkEngine  # noqa: PLC0415 - the same

        return SparkEngine(
            master=master or f"local[{threads}]", memory=memory_limit, temp_folder=temp_folder, settings=settings or {}
        )
    raise EngineMissing(f"没有名为“{name}”的引擎；可用的有 {'、'.join(NAMES)}。", engine=name)
