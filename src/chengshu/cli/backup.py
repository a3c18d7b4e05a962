"""`chengshu backup` and `chengshu restore`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import django
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from chengshu.config import env


@click.command()
@click.argument("target", metavar="文件", type=click.Path(path_type=Path, dir_okay=False))
def backup(target: Path) -> None:
    """把数据库、文件和密钥备份成一个文件（.tar.gz），可以在服务运行时进行。

    文件只有本用户可读，里面有密钥，请妥善保管。打印的摘要请另行记下，恢复时可以对照。

    \b
    退出码：0 备份完整；1 没有做成，目标处不留残片。
    """  # noqa: D301 - click's mark
    _start_django()
    from django.utils import timezone  # noqa: PLC0415 - after the settings

    from chengshu.kernel.backups import facade as backups  # noqa: PLC0415 - models can be imported only now

    with _progress("备份") as tell:
        summary = backups.make_backup(target, now=timezone.now(), on_progress=tell)
    click.echo(f"已备份 {summary.records:,} 条记录、{summary.members:,} 个文件，{summary.size:,} 字节。")
    click.echo(f"SHA-256 {summary.sha256}")
    if env.read(env.LAKE_S3):
        click.echo(
            "数据湖在对象存储里，它的表不在备份中：请用桶的版本控制或复制另行保存（见 docs/lake.md）。", err=True
        )


@click.command()
@click.argument("source", metavar="文件", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="这里已有账号和记录时，用备份替换全部记录。")
@click.option("--check-only", is_flag=True, help="只核对备份是否完整，不恢复。")
def restore(source: Path, *, replace: bool, check_only: bool) -> None:
    """核对备份的每一个字节，再恢复数据库、文件和密钥。恢复前请停止服务。

    \b
    退出码：0 恢复完整；1 备份有损坏或不能恢复，原有记录不变。
    """  # noqa: D301 - click's mark
    _start_django()
    from chengshu.kernel.backups import facade as backups  # noqa: PLC0415 - as above

    with _progress("核对") as tell:
        if check_only:
            _manifest, summary = backups.verify_backup(source, on_progress=tell)
        else:
            summary = backups.restore_backup(source, replace=replace, on_progress=tell)
    done = "备份完整" if check_only else "已恢复"
    click.echo(f"{done}：{summary.records:,} 条记录、{summary.members:,} 个文件。SHA-256 {summary.sha256}")


def _start_django() -> None:
    env.name_settings_module()
    django.setup()


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int, str], None]]:
    console = Console(stderr=True)
    columns = (TextColumn(label), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total, _member: progress.update(task, completed=done, total=total)
