"""Opens an engine by its name; what it needs is imported only then."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.engines.stores import store_of
from chengshu.dataplane.errors import EngineMissing

_MASTER = re.compile(r"local(\[(\*|\d+)(,\s*\d+)?\])?|spark://[^\s/,:]+:\d+(,[^\s/,:]+:\d+)*|k8s://\S+|yarn")
NAMES = ("duckdb", "spark")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Spark runs, and its own settings by their names.

    `master` is spark://host:7077, k8s://https://host:6443 or yarn; local[*] are all cores of this machine, and nothing
    as many as the engine is given threads. Raises EngineMissing for anything else.
    """

    master: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.master and not _MASTER.fullmatch(self.master):
            message = (
                f"“{self.master}”不是 Spark 主节点的地址；"
                "可以写 local[*]、spark://主机:7077、k8s://https://主机:6443 或 yarn。"
            )
            raise EngineMissing(message, engine="spark")


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
        return SparkEngine(
            master=where.master or f"local[{threads}]",
            memory=memory_limit,
            temp_folder=temp_folder,
            settings=where.settings,
            store=told,
        )
    raise EngineMissing(f"没有名为“{name}”的引擎；可用的有 {'、'.join(NAMES)}。", engine=name)
