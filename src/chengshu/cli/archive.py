"""`archive`: from Parquet to Parquet, any number of forms."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chengshu.cli.intake import CLEAN, FINDINGS, STOPPED, UNREADABLE, require_rule_set, rules_option
from chengshu.performance import facade


@click.command()
@click.argument("source", metavar="档案", type=click.Path(path_type=Path, exists=True))
@click.argument("target", metavar="结果目录", type=click.Path(path_type=Path, file_okay=False))
@rules_option
@click.option("--workers", type=click.IntRange(1), default=None, help="进程数；默认每个处理器核心一个。")
def archive(source: Path, target: Path, rules: str, workers: int | None) -> NoReturn:
    """核对 Parquet 档案（一个文件或一个目录），结果写成 Parquet。

    中断后用同样的命令接着做，已完成的部分不重做。

    退出码：0 没有错误和不合规；1 有；2 有记录不合契约或档案读不出。
    """
    require_rule_set(rules)
    target.mkdir(parents=True, exist_ok=True)
    try:
        summary = _check(source, target, rules, workers)
    except (facade.ArchiveUnreadable, facade.ArchiveMismatch, facade.ArchiveBusy) as fault:
        click.echo(fault.message, err=True)
        sys.exit(UNREADABLE)
    except KeyboardInterrupt:
        click.echo("已中止；用同样的命令可以接着做。", err=True)
        sys.exit(STOPPED)
    click.echo(
        f"共 {summary.forms:,} 张：错误 {summary.errors:,} 条，不合规 {summary.breaches:,} 条，"
        f"提示 {summary.hints:,} 条；不合契约的记录 {summary.refused:,} 条。"
    )
    if summary.refused:
        sys.exit(UNREADABLE)
    sys.exit(FINDINGS if summary.errors or summary.breaches else CLEAN)


def _check(source: Path, target: Path, rules: str, workers: int | None) -> facade.ArchiveSummary:
    console = Console(stderr=True)
    columns = (TextColumn("核对"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        return facade.check_archive(
            source,
            target,
            rules=rules or None,
            workers=workers,
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
