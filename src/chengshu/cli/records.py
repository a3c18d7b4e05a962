"""`import`: papers into the database, as the upload page does."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click
from django.utils import timezone

from chengshu.cli.intake import CLEAN, STOPPED, UNREADABLE, paths_argument, require_rule_set, rules_option
from chengshu.kernel.accounts import facade as accounts
from chengshu.performance import facade


@click.command("import")
@paths_argument
@click.option("--owner", required=True, help="批次归谁：登录名。")
@click.option("--name", default="", help="批次名称；不给时用第一个文件名。")
@rules_option
def import_files(paths: tuple[Path, ...], owner: str, name: str, rules: str) -> NoReturn:
    """把自评表作为一个批次导入数据库；中断后可在页面上接着读。

    退出码：0 全部读出；2 有输入读不出。
    """
    require_rule_set(rules)
    account = accounts.find_account(owner)
    if account is None:
        raise click.BadParameter(f"没有登录名为“{owner}”的账号。", param_hint="--owner")
    files = facade.list_paper_files(paths)
    missing = [path for path in files if not path.is_file()]
    for path in missing:
        click.echo(f"{path.name}：文件不存在，请检查路径。", err=True)
    found = [path for path in files if path.is_file()]
    if not found:
        sys.exit(UNREADABLE)
    batch = facade.create_batch(
        _contents(found), name=name or found[0].name, owner=account, now=timezone.now(), rules=rules
    )
    try:
        facade.run_import(batch.pk, reader=facade.intake, clock=timezone.now, report=_say)
    except KeyboardInterrupt:
        click.echo("已中止；读出的都已保留，可在页面上接着读。", err=True)
        sys.exit(STOPPED)
    failed = [
        file for file in facade.list_files(batch.pk, viewer=account, on=timezone.localdate()) if file.error_message
    ]
    for file in failed:
        click.echo(f"{file}：{file.error_message}", err=True)
    click.echo(f"批次 {batch.pk}“{batch.name}”已导入。")
    sys.exit(UNREADABLE if failed or missing else CLEAN)


def _contents(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    return ((path.name, path.read_bytes()) for path in files)


def _say(progress: facade.ImportProgress) -> None:
    page = f" 第 {progress.page}/{progress.pages} 页" if progress.pages and progress.pages > 1 else ""
    if progress.file and sys.stderr.isatty():
        click.echo(f"{progress.done + 1}/{progress.total} {progress.file}{page}", err=True)
