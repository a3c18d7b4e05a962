"""`chengshu serve`: the web server and the worker."""

import socket
import sys

import click

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
def serve(host: str, port: int, workers: int) -> None:
    """启动网页服务和后台任务进程；后台进程中断会自动重启。

    按 Ctrl-C 或发送 SIGTERM 停止：先做完手上的请求和任务，最多等 30 秒。
    数据表须是最新的（chengshu manage migrate），静态文件须已收集（chengshu manage collectstatic --noinput）。

    \b
    退出码：0 按要求停止；1 启动不了或服务意外结束。
    """  # noqa: D301 - click's mark
    refuse_taken_port(host, port)
    click.echo(f"城枢运行在 {address(host, port)}，按 Ctrl-C 停止。")
    sys.exit(Supervisor(Service(host, port, workers)).run())


def refuse_taken_port(host: str, port: int) -> None:
    """End the command when something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            click.echo(f"不能监听 {host}:{port}（{error.strerror}）。请换一个端口：--port", err=True)
            sys.exit(1)


def address(host: str, port: int) -> str:
    """Return the address to open in a browser."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
