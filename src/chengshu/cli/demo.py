"""`chengshu demo`: from an empty folder to a running site with examples."""

import os
import sys
from pathlib import Path

import click
import django

from chengshu.cli.serve import address, refuse_taken_port
from chengshu.cli.supervisor import Service, Supervisor
from chengshu.config import env


@click.command()
@click.option("--host", default=lambda: env.read(env.HOST), help="监听的地址；默认同 CHENGSHU_HOST。")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=lambda: env.read(env.PORT),
    help="监听的端口；默认同 CHENGSHU_PORT。",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=lambda: env.read(env.WORKERS),
    help="网页服务的进程数；默认同 CHENGSHU_WORKERS。",
)
@click.option("--prepare-only", is_flag=True, help="只准备数据和账号，不启动服务。")
def demo(host: str, port: int, workers: int, *, prepare_only: bool) -> None:
    """准备示例数据和演示账号，然后启动服务。

    可以重复运行：已有的数据和账号保持不变。演示账号的口令随机生成，存在数据目录的 demo_accounts.json
    （仅本用户可读），每次启动时打印。正式环境请用 chengshu serve。

    \b
    退出码：0 按要求停止；1 准备或启动没有做成。
    """  # noqa: D301 - click's mark
    if not prepare_only:
        refuse_taken_port(host, port)
    # The site's processes inherit it; who names another folder has that one.
    os.environ.setdefault(env.PIPELINES.name, str(Path(__file__).parent / "demonstration_pipelines"))  # noqa: TID251
    os.environ.setdefault(env.DATA_CENTRE.name, "DEMO-B01-U01")  # noqa: TID251 - 市大数据中心
    env.name_settings_module()
    django.setup()
    from chengshu.cli import demonstration  # noqa: PLC0415 - its models can be imported only now

    demonstration.prepare(click.echo)
    if prepare_only:
        return
    click.echo(f"\n城枢运行在 {address(host, port)}，按 Ctrl-C 停止。")
    sys.exit(Supervisor(Service(host, port, workers)).run())
