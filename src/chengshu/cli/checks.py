"""`chengshu resources check`: rules of quality on data, without a database of our own."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from signal import SIGTERM, signal
from typing import NoReturn
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from chengshu.cli.engines import Choice, engine_options
from chengshu.config import env
from chengshu.config.setting import SettingUnreadable
from chengshu.dataplane.checks.asking import ask
from chengshu.dataplane.checks.outcomes import Outcome, outcome_record
from chengshu.dataplane.checks.rulefiles import read_rule_file
from chengshu.dataplane.errors import DataplaneError
from chengshu.dataplane.lake.places import lake_in_store

CLEAN, FAILED, UNREADABLE, STOPPED = 0, 1, 2, 130
_INTERRUPTED = "Query interrupted"
"""What DuckDB says when a signal comes while it works."""
_ZONE = ZoneInfo("Asia/Shanghai")
_SEVERITIES = {"critical": "严重", "major": "一般", "minor": "轻微"}


@click.command()
@click.argument("data", metavar="数据")
@click.option(
    "--rules", metavar="文件", required=True, type=click.Path(path_type=Path), help="规则文件（TOML 或 JSON）。"
)
@click.option(
    "--keys", metavar="目录", type=click.Path(path_type=Path, file_okay=False), help="保存不合格行标识的目录。"
)
@click.option("--json", "as_json", is_flag=True, help="每条规则输出一行 JSON。")
@engine_options
def check(data: str, rules: Path, keys: Path | None, choice: Choice, *, as_json: bool) -> NoReturn:
    """按规则检查数据质量。

    \b
    数据可以是：
      CSV 文件（UTF-8、GB18030）、XLSX 文件（可用“文件#工作表”）、Parquet 文件或目录、湖里的表的目录，
      对象存储里湖的表：s3://桶/前缀/raw/表（先设置 CHENGSHU_LAKE_S3，见 docs/lake.md），
      数据库表：postgresql://用户:密码@主机/库#表、mysql://…#表、sqlite:///文件#表

    \b
    规则的写法见 docs/quality-rules.md。空值只有 not_null 和 completeness 会查，其余规则一律放过。

    \b
    数据超出一台机器时，在 Spark 集群上检查（见 docs/spark.md），结果相同：
      chengshu resources check /mnt/shared/人口 --rules 规则.toml --engine spark \\
        --master spark://10.0.0.1:7077 --shared /mnt/shared --spark-setting spark.executor.memory=8g
    Parquet 和湖里的表须在共享目录或对象存储里；其余数据先由本机复制到共享目录。

    \b
    退出码：
      0  每条规则都在容许范围内
      1  有规则不合格的占比超过容许（threshold）
      2  数据或规则读不出，或引擎打不开（原因写在标准错误）
      130  按 Ctrl-C 或被要求停止，没有留下结果
    """  # noqa: D301 - click's mark
    try:
        with _stoppable():
            outcomes = _check(data, rules, keys, choice)
    except (DataplaneError, SettingUnreadable) as error:
        click.echo(error.message, err=True)
        sys.exit(UNREADABLE)
    except OSError as error:  # such as a folder for the keys that may not be written
        click.echo(f"{error.filename or data}：{error.strerror or error}。请检查路径、权限和磁盘空间。", err=True)
        sys.exit(UNREADABLE)
    except KeyboardInterrupt:
        click.echo("已按要求停止，没有留下结果。", err=True)
        sys.exit(STOPPED)
    _tell(outcomes, as_json=as_json)
    sys.exit(CLEAN if all(outcome.passed for outcome in outcomes) else FAILED)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let temporary files go as they do with Ctrl-C when the system asks to end."""

    def interrupt(_number: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal(SIGTERM, interrupt)
    try:
        yield
    except RuntimeError as error:
        if _INTERRUPTED in str(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        signal(SIGTERM, before)


def _tell(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """Print the outcomes; whoever stops reading, such as `head`, changes nothing about what was found."""
    try:
        if as_json:
            for outcome in outcomes:
                click.echo(json.dumps(outcome_record(outcome), ensure_ascii=False))
        else:
            _print_table(outcomes)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"结果写不出去：{error.strerror}。请检查输出的磁盘空间。", err=True)
        sys.exit(UNREADABLE)


def _check(data: str, rules: Path, keys: Path | None, choice: Choice) -> tuple[Outcome, ...]:
    file = read_rule_file(rules)
    told = env.read(env.LAKE_S3)
    store = lake_in_store(told).options if told else None
    with choice.settled().opened(store=store) as engine:
        return ask(engine, data, file, beside=rules.parent, now=datetime.now(_ZONE), keys=keys, store=store)


def _print_table(outcomes: Sequence[Outcome]) -> None:
    table = Table("规则", "程度", "检查", "不合格", "占比", "容许", "结果", "说明")
    for outcome in outcomes:
        table.add_row(
            outcome.rule.title,
            _SEVERITIES[outcome.rule.severity],
            f"{outcome.checked:,}",
            f"{outcome.failed:,}",
            f"{outcome.share:.2%}",
            f"{outcome.rule.permitted:.2%}",
            "合格" if outcome.passed else "不合格",
            outcome.observed or (str(outcome.keys) if outcome.keys else ""),
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    failed = sum(not outcome.passed for outcome in outcomes)
    click.echo(f"{len(outcomes)} 条规则，{failed} 条不合格，用时 {sum(o.seconds for o in outcomes):.1f} 秒。")
