"""`chengshu audit`: check the chain, take entries away with their proofs, check such a file, change the signing keys."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Any, NoReturn

import click
import django
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chengshu.config import env

WHOLE, BROKEN, NOT_DONE = 0, 1, 2


@click.group()
@click.pass_context
def audit(ctx: click.Context) -> None:
    """核对审计链，导出审计记录，核对导出的文件。

    编码、散列和签名的写法见 docs/audit-chain.md，外人可以据此另写核对程序。
    """
    env.name_settings_module()
    django.setup()
    logging.disable(logging.INFO)
    ctx.call_on_close(lambda: logging.disable(logging.NOTSET))


@audit.command()
@click.option(
    "--json", "as_json", is_flag=True, help="输出一个 JSON 对象，格式见 docs/schemas/audit-verify.schema.json。"
)
@click.option(
    "--keys",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="公钥所在目录；默认是数据目录下的 audit_keys。",
)
def verify(*, as_json: bool, folder: Path | None) -> NoReturn:
    """从第一条起核对全部审计记录、链和每日封存，指出第一处不对。

    \b
    退出码：0 完好；1 有被改动、删除、插入或调换的记录；2 没有核对成（读不出公钥等）。
    """  # noqa: D301 - click's mark
    from chengshu.kernel.audit import facade  # noqa: PLC0415 - Django must be set up before

    with _progress("核对") as report, _faults():
        found = facade.verify(facade.read_public_keys(folder or _own_keys()), on_progress=report)
    broken = found.broken
    if as_json:
        named = {"entry": broken.entry, "reason": broken.reason} if broken else None
        click.echo(json.dumps({"entries": found.entries, "heads": found.heads, "broken": named}, ensure_ascii=False))
    elif broken:
        entry = f"第 {broken.entry} 条记录" if broken.entry else "一条记录"
        label = facade.REASON_LABELS[broken.reason]
        click.echo(f"审计链在第 {broken.sequence} 位断开，{entry}：{label}。之前的 {found.entries} 条完好。")
    else:
        click.echo(
            f"审计链完好：{found.entries} 条记录，{found.heads} 天已签名封存（{found.sealed} 条），"
            f"{found.pending} 条等待入链。"
        )
    sys.exit(BROKEN if broken else WHOLE)


@audit.command()
@click.argument("path", metavar="文件", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="从这一天起。")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="到这一天之前（不含）。")
@click.option("--subject", default="", help="只要这个对象的，如 form:12。")
@click.option("--action", default="", help="只要这个动作的，如 accounts.log_in。")
@click.option("--actor", "actor_name", default="", help="只要这个登录名做的。")
def export(path: Path, since: datetime | None, until: datetime | None, **chosen: Any) -> NoReturn:
    """导出审计记录，连同入链证明和每日封存的签名，可以转发，收到的人不用数据库就能核对。

    导出本身也记入审计。文件每行一个 JSON 对象，格式见 docs/schemas/audit-export.schema.json。

    \b
    退出码：0 已导出；2 没有做成。
    """  # noqa: D301 - click's mark
    from chengshu.kernel.audit import facade  # noqa: PLC0415 - Django must be set up before

    wanted = facade.ExportFilter(since=_start_of(since), until=_start_of(until), **chosen)
    with _progress("导出") as report, _faults():
        summary = facade.export(path, wanted, actor=None, now=timezone.now(), on_progress=report)
    click.echo(f"已导出 {summary.entries} 条，封存 {summary.heads} 天；其中 {summary.unsealed} 条当天还没有封存。")
    sys.exit(WHOLE)


@audit.command("check-export")
@click.argument("path", metavar="文件", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象。")
@click.option(
    "--key",
    "key_files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="只信这些公钥（PEM 文件，可以多次给出）；不给时用文件自带的公钥，请另行核对密钥编号。",
)
def check_export(path: Path, *, as_json: bool, key_files: tuple[Path, ...]) -> NoReturn:
    """核对一个导出文件，不用数据库。

    \b
    退出码：0 完好；1 有一行不对；2 没有核对成。
    """  # noqa: D301 - click's mark
    from chengshu.kernel.audit import facade  # noqa: PLC0415 - Django must be set up before

    with _faults():
        found = facade.verify_export(path, trusted=facade.read_key_files(key_files) if key_files else None)
    if as_json:
        broken = {"line": found.line, "entry": found.entry, "reason": found.reason} if found.reason else None
        counts = {"entries": found.entries, "heads": found.heads, "unsealed": found.unsealed}
        click.echo(json.dumps({**counts, "keys": found.keys, "broken": broken}, ensure_ascii=False))
    elif found.reason:
        entry = f"，第 {found.entry} 条记录" if found.entry else ""
        click.echo(f"第 {found.line} 行{entry}：{facade.REASON_LABELS[found.reason]}。")
    else:
        click.echo(f"完好：{found.entries} 条记录，{found.heads} 天封存，{found.unsealed} 条没有封存。")
        click.echo(f"{'信任的' if key_files else '文件自带的'}公钥：{'、'.join(found.keys) or '没有'}")
    sys.exit(BROKEN if found.reason else WHOLE)


@audit.command("rotate-keys")
def rotate_keys() -> NoReturn:
    """换一把签名密钥；旧公钥留着，用来核对以前的封存。

    \b
    退出码：0 已更换；2 没有做成。
    """  # noqa: D301 - click's mark
    from chengshu.kernel.audit import facade  # noqa: PLC0415 - Django must be set up before

    with _faults():
        made = facade.rotate_keys(None, now=timezone.now())
    for key in made:
        click.echo(f"{key.algorithm} {key.id}")
    sys.exit(WHOLE)


@contextmanager
def _faults() -> Iterator[None]:
    """End the command with the fault's own words and the exit code that is not taken for a broken chain."""
    from chengshu.kernel.audit import facade  # noqa: PLC0415 - Django must be set up before

    try:
        yield
    except facade.AuditError as error:
        click.echo(error.message, err=True)
        sys.exit(NOT_DONE)


@contextmanager
def _progress(label: str) -> Iterator[Any]:
    """Show how far it is on a terminal; nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _start_of(day: datetime | None) -> datetime | None:
    return datetime.combine(day, time.min, timezone.get_default_timezone()) if day else None


def _own_keys() -> Path:
    from django.conf import settings  # noqa: PLC0415 - read when it is needed

    folder: Path = settings.AUDIT_KEYS_DIR
    return folder
