"""`chengshu resources events`: what the house did, as events of OpenLineage, one a line."""

import json
from datetime import datetime

import click
import django

from chengshu.config import env
from chengshu.dataplane.errors import DataplaneError


@click.command()
@click.option(
    "--since", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), required=True, help="从哪天起，如 2026-01-01。"
)
def events(since: datetime) -> None:
    """把归集、质量检查和数据处理写成 OpenLineage 事件（2-0-2），一行一个，供别的数据目录读。

    给出这一天及以后开始或结束的每一次：开始一个事件，结束再一个。同一次的事件编号不变，重复读取不会多出内容。
    """
    env.name_settings_module()
    django.setup()
    from django.utils.timezone import make_aware  # noqa: PLC0415 - the settings are named only now

    from chengshu.resources.facade.events import list_events  # noqa: PLC0415 - the same

    try:
        for event in list_events(make_aware(since)):
            click.echo(json.dumps(event, ensure_ascii=False))
    except DataplaneError as fault:
        raise click.ClickException(fault.message) from fault
