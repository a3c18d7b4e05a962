"""Opens an engine by its name; what it needs is imported only then."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from chengshu.dataplane.engines.clusters import Cluster
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.engines.stores import store_of
from chengshu.dataplane.errors import EngineMissing

NAMES = ("duckdb", "spark")


def open_engine(
    name: str = "duckdb",
    *,
    threads: int = 2,
    memory_limit: str = "4GB",
    temp_folder: Path | None = None,
    cluster: Cluster | None = None,
    store: Mapping[str, str] | None = None,
) -> Engine:
    """Open an engine; the caller closes it. Raises EngineMissing, saying what to install.

    `threads`, `memory_limit` ("2GB") and `temp_folder` bound what it takes of this machine. `store` are the options of
    an S3 store, as the lake has them, whose files may then be offered by address.
    """
    told = None if store is None else store_of(store)
    if name == "duckdb":
        from chengshu.dataplane.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - heavy: imported where it runs

        return DuckDBEngine(threads=threads, memory_limit=memory_limit, temp_folder=temp_folder, store=told)
    if name == "spark":
        from chengshu.dataplane.engines.spark import SparkEngine  # noqa: PLC0415 - the same

        where = cluster or Cluster()
        where = replace(where, master=where.master or f"local[{threads}]")
        return SparkEngine(where, memory=memory_limit, temp_folder=temp_folder, store=told)
    raise EngineMissing(f"没有名为“{name}”的引擎；可用的有 {'、'.join(NAMES)}。", engine=name)
