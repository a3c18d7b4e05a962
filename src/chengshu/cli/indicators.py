"""`chengshu indicators`: list, measure and verify the registered indicators."""

import sys
from datetime import datetime

import click
import django

from chengshu.config import env

_DAY = click.DateTime(["%Y-%m-%d"])
_json_option = click.option("--json", "as_json", is_flag=True, help="每行输出一个 JSON 对象。")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def indicators() -> None:
    """列出、计量、复核已登记的指标。

    \b
    退出码：0 正常；1 没有做成，或复核发现事实已变；2 命令用法不对。
    """  # noqa: D301 - click's mark
    env.name_settings_module()
    django.setup()


@indicators.command("list")
@_json_option
def list_indicators(*, as_json: bool) -> None:
    """列出已登记的指标。"""
    from chengshu.cli import measurements  # noqa: PLC0415 - models can be imported only now

    measurements.list_specs(as_json=as_json)


@indicators.command()
@click.argument("key", metavar="指标编号")
@click.option("--from", "first", metavar="日期", type=_DAY, required=True, help="第一天，如 2024-01-01。")
@click.option("--until", "last", metavar="日期", type=_DAY, required=True, help="最后一天，含当天。")
@click.option("--scope", metavar="范围", default="", help="如 organisation:代码；不填为全市。")
@_json_option
def measure(key: str, first: datetime, last: datetime, scope: str, *, as_json: bool) -> None:
    """计量一个指标，数值和佐证都存下来。"""
    from chengshu.cli import measurements  # noqa: PLC0415 - as above

    measurements.measure(key, first.date(), last.date(), scope, as_json=as_json)


@indicators.command()
@click.argument("measurement", metavar="计量编号", type=int)
@_json_option
def verify(measurement: int, *, as_json: bool) -> None:
    """按当时的查询重新计量，看事实是否还和当时一样。"""
    from chengshu.cli import measurements  # noqa: PLC0415 - as above

    sys.exit(0 if measurements.verify(measurement, as_json=as_json) else 1)
