"""Which engine a command computes on: its options, and the settings that stand in for them."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import click

from chengshu.config import env
from chengshu.config.parsing import pair
from chengshu.dataplane.engines.clusters import Cluster
from chengshu.dataplane.engines.opening import NAMES, open_engine
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import EngineMissing


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine as the command line names it; None where it says nothing, and the environment's settings hold."""

    threads: int
    memory: str
    engine: str | None = None
    master: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    shared: Path | None = None

    @contextmanager
    def opened(self) -> Iterator[Engine]:
        """Open the engine, and close it after use.

        Raises:
            SettingUnreadable: a setting of the environment is no such value.
            EngineMissing: what the engine needs is not there; the message says what to do.
            UsageError: words about Spark for another engine.
        """
        name = self.engine or env.read(env.ENGINE)
        if name == "duckdb":
            if self.master is not None or self.settings or self.shared:
                raise click.UsageError("--master、--spark-setting 和 --shared 要与 --engine spark 一起用。")
            with tempfile.TemporaryDirectory(prefix="chengshu-spill-") as spill:
                yield from self._running(name, Path(spill), None)
            return
        given = env.read(env.SPARK_SETTINGS)
        where = Cluster(
            env.read(env.SPARK_MASTER) if self.master is None else self.master,
            {**dict(given), **self.settings},
        )
        yield from self._running(name, self._shared_folder(where), where)

    def _running(self, name: str, folder: Path | None, where: Cluster | None) -> Iterator[Engine]:
        engine = open_engine(name, threads=self.threads, memory_limit=self.memory, temp_folder=folder, cluster=where)
        try:
            yield engine
        finally:
            engine.close()

    def _shared_folder(self, where: Cluster) -> Path | None:
        told = env.read(env.SPARK_SHARED)
        folder = self.shared or (Path(told) if told else None)
        if folder is None and not where.is_local:
            message = (
                f"集群“{where.master}”的各节点要与本机共用一个目录。请用 --shared 写明，"
                "它须在各处以同一路径挂载；没有共享目录时，请用 --engine duckdb 在本机检查。"
            )
            raise EngineMissing(message, engine="spark")
        if folder is not None and not folder.is_dir():
            raise EngineMissing(f"共享目录“{folder}”不存在，或不是目录。请先挂载或建立它。", engine="spark")
        return None if folder is None else folder.absolute()


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which its engine is chosen; it receives them as the one argument `choice`."""

    @wraps(command)
    def chosen(
        *arguments: Any,
        engine: str | None,
        master: str | None,
        spark_setting: tuple[tuple[str, str], ...],
        shared: Path | None,
        threads: int,
        memory: str,
        **others: Any,
    ) -> Any:
        choice = Choice(threads, memory, engine, master, dict(spark_setting), shared)
        return command(*arguments, choice=choice, **others)

    for option in reversed(_OPTIONS):
        chosen = option(chosen)
    return chosen


class _Pair(click.ParamType):  # type: ignore[type-arg]  # generic to its types only
    """A setting of Spark, as name=value."""

    name = "名称=值"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        try:
            return pair(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


_OPTIONS = (
    click.option(
        "--engine",
        type=click.Choice(NAMES),
        help="用什么计算：duckdb 在本机（默认），spark 在集群上。默认同 CHENGSHU_ENGINE。",
    ),
    click.option(
        "--master",
        metavar="地址",
        help="Spark 主节点，如 spark://主机:7077；不写则 Spark 在本机运行。默认同 CHENGSHU_SPARK_MASTER。",
    ),
    click.option(
        "--spark-setting",
        metavar="名称=值",
        type=_Pair(),
        multiple=True,
        help="Spark 自己的设置，可写多次，如 spark.executor.memory=8g。在 CHENGSHU_SPARK_SETTINGS 之上增改。",
    ),
    click.option(
        "--shared",
        metavar="目录",
        type=click.Path(path_type=Path, file_okay=False),
        help="集群各节点与本机以同一路径挂载的目录。用集群时必须有。默认同 CHENGSHU_SPARK_SHARED。",
    ),
    click.option(
        "--threads",
        metavar="数",
        type=click.IntRange(1),
        default=2,
        show_default=True,
        help="在本机用几个线程；集群用几个核由 spark.cores.max 指定。",
    ),
    click.option(
        "--memory",
        metavar="大小",
        default="4GB",
        show_default=True,
        help="在本机最多用多少内存，超过时写临时文件；集群各节点用多少由 spark.executor.memory 指定。",
    ),
)
