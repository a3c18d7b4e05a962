"""`chengshu resources collect` and `reseal`: collection on demand, and the sealing of passwords after a new key."""

import click
import django

from chengshu.config import env


@click.command()
@click.argument("table", metavar="湖表", required=False)
@click.option(
    "--file", "path", metavar="文件", type=click.Path(exists=True, dir_okay=False), help="交付这个文件，而不是去采集。"
)
@click.option("--due", is_flag=True, help="采集所有到期的数据源，并接收监视文件夹里的文件。")
@click.option("--json", "as_json", is_flag=True, help="每次交付输出一行 JSON。")
def collect(table: str | None, path: str | None, *, due: bool, as_json: bool) -> None:
    """立即归集一个数据源（用湖表名指定），归集完才返回，并给出回执。

    数据库和接口直接采集；给出 --file 时交付这个文件。同样的内容不会重复归集。

    \b
    退出码：0 都已归集，或没有新数据；1 没有做成，或结构有变化待处理；2 命令用法不对。
    """  # noqa: D301 - click's mark
    if (table is None) is not due or (path is not None and table is None):
        raise click.UsageError("请给出湖表名，或者用 --due。")
    env.name_settings_module()
    django.setup()
    from chengshu.cli import collecting  # noqa: PLC0415 - models can be imported only now

    collecting.collect(table, path, as_json=as_json)


@click.command()
def reseal() -> None:
    """换过签名密钥之后，用新密钥重新封存数据源的口令。

    先把旧密钥写进 CHENGSHU_OLD_SECRET_KEYS；做完之后就可以把它删去。
    """
    env.name_settings_module()
    django.setup()
    from chengshu.cli import collecting  # noqa: PLC0415 - as above

    collecting.reseal()
