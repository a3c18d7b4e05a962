"""The engine that a house's settings or a command's options choose, and its opening. Light: the engine comes when opened."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chengshu.dataplane.engines.clusters import Cluster
from chengshu.dataplane.engines.workplaces import work_folder
from chengshu.dataplane.errors import EngineMissing

if TYPE_CHECKING:
    from chengshu.dataplane.engines.protocol import Engine

_session = threading.Lock()
"""Spark has one session a process; who comes second waits."""


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine by its name; for Spark its master, its own settings and the folder that a cluster shares.

    `reads_s3` is as of a Cluster. `threads` and `memory` ("4GB") are what it takes of this machine; `work` is
    where the files of its work lie, unless in the folder that a cluster shares. None: the system's own place for such.
    """

    name: str = "duckdb"
    master: str = ""
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)  # passwords may be among them
    shared: Path | None = None
    threads: int = 2
    memory: str = "4GB"
    reads_s3: bool = False
    work: Path | None = None

    @contextmanager
    def opened(self, *, store: Mapping[str, str] | None = None) -> Iterator["Engine"]:
        """Open the engine, and close it after use. `store` are the options of the S3 store that files lie in, if one.

        Raises:
            EngineMissing: what the engine needs is not there; the message says what to do.
        """
        if self.name == "duckdb":
            with work_folder(self.work) as folder:
                yield from self._running(folder, None, store)
            return
        where = Cluster(self.master, self.settings, reads_s3=self.reads_s3 and store is not None)
        where = replace(where, shared=self._shared_folder(where))
        with _session, work_folder(where.shared or self.work) as folder:
            yield from self._running(folder, where, store)

    def _running(self, folder: Path, where: Cluster | None, store: Mapping[str, str] | None) -> Iterator["Engine"]:
        from chengshu.dataplane.engines.opening import open_engine  # noqa: PLC0415 - heavy: imported where it runs

        engine = open_engine(
            self.name,
            threads=self.threads,
            memory_limit=self.memory,
            temp_folder=folder,
            cluster=where,
            store=store,
        )
        try:
            yield engine
        finally:
            engine.close()

    def _shared_folder(self, where: Cluster) -> Path | None:
        if self.shared is None and not where.is_local:
            message = (
                f"集群“{where.master}”的各节点要与本机共用一个目录。请用 --shared 写明（或设置 CHENGSHU_SPARK_SHARED），"
                "它须在各处以同一路径挂载；没有共享目录时，请改用 duckdb 在本机检查。"
            )
            raise EngineMissing(message, engine=self.name)
        if self.shared is not None and not self.shared.is_dir():
            raise EngineMissing(f"共享目录“{self.shared}”不存在，或不是目录。请先挂载或建立它。", engine=self.name)
        return None if self.shared is None else self.shared.absolute()
