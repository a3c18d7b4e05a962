"""`chengshu health`: ask a running server whether it can work."""

import json
import sys
from http.client import HTTPConnection, HTTPException

import click

from chengshu.config import env

_NAMES = {"database": "数据库", "migrations": "数据表版本", "worker": "后台任务进程"}


@click.command()
@click.option("--host", default=lambda: env.read(env.HOST), help="服务所在地址；默认同 CHENGSHU_HOST。")
@click.option("--port", type=int, default=lambda: env.read(env.PORT), help="服务端口；默认同 CHENGSHU_PORT。")
def health(host: str, port: int) -> None:
    """检查正在运行的服务：数据库、数据表版本、后台任务进程。

    \b
    退出码：0 全部正常；1 有一项不正常，或连不上服务。
    """  # noqa: D301 - click's mark
    try:
        checks = _ask(host, port)
    except (OSError, HTTPException, ValueError) as error:
        click.echo(f"连不上 {host}:{port} 的服务（{error}）。请先运行 chengshu serve。", err=True)
        sys.exit(1)
    for name, outcome in checks.items():
        click.echo(f"{'正常' if outcome == 'ok' else '不正常'}  {_NAMES.get(name, name)}")
    sys.exit(0 if checks and set(checks.values()) == {"ok"} else 1)


def _ask(host: str, port: int) -> dict[str, str]:
    connection = HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/health/ready", headers={"Host": _host_name(host)})
        checks: dict[str, str] = json.loads(connection.getresponse().read())["checks"]
    except KeyError as error:
        raise ValueError("答复不是城枢的") from error
    finally:
        connection.close()
    return checks


def _host_name(host: str) -> str:
    """Return a name that the server answers to; the address that it listens on need not be one."""
    allowed = env.read(env.ALLOWED_HOSTS)
    return host if host in allowed or "*" in allowed or not allowed else allowed[0].removeprefix(".")
