"""Which engine a command computes on: its options, and the settings that stand in for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import click

from chengshu.config.engines import read_engine
from chengshu.config.parsing import pair
from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.engines.opening import NAMES


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine as the command line names it; None where it says nothing, and the environment's settings hold."""

    threads: int
    memory: str
    engine: str | None = None
    master: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    shared: Path | None = None

    def settled(self) -> EngineChoice:
        """Return the choice with the environment's settings where the command line says nothing.

        Raises:
            SettingUnreadable: a setting of the environment is no such value.
            UsageError: words about Spark for another engine.
        """
        told = read_engine()
        name = self.engine or told.name
        if name == "duckdb" and (self.master is not None or self.settings or self.shared):
            raise click.UsageError("--master、--spark-setting 和 --shared 要与 --engine spark 一起用。")
        return EngineChoice(
            name,
            told.master if self.master is None else self.master,
            {**told.settings, **self.settings},
            self.shared or told.shared,
            self.threads,
            self.memory,
            told.reads_s3,
        )


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
