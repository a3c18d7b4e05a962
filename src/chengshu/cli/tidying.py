"""`chengshu resources tidy`: the lake's nightly upkeep, now."""

import json
from dataclasses import asdict

import click
import django

from chengshu.config import env


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def tidy(*, as_json: bool) -> None:
    """立即整理数据湖，平时由平台每晚进行。

    合并各表的小文件，清去保留期（CHENGSHU_LAKE_KEEP_DAYS）之外的旧版本才用到的文件；数据不变。

    \b
    退出码：0 全部整理完；1 有的表没有整理成。
    """  # noqa: D301 - click's mark
    env.name_settings_module()
    django.setup()
    from chengshu.resources.facade import lake  # noqa: PLC0415 - models can be imported only now

    done = lake.tidy_lake(lambda table, place, tables: click.echo(f"{table}（{place + 1}/{tables}）", err=True))
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        click.echo(f"整理了 {done.tables} 张表：合并小文件 {done.joined} 个，清去旧文件 {done.removed} 个。")
        for table in done.failed:
            click.echo(f"没有整理成：{table}（原因见日志）", err=True)
    raise SystemExit(1 if done.failed else 0)
