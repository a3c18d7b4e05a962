"""`chengshu resources copy-lake`: the lake of the house copied to where it is to lie from now on."""

import click
import django

from chengshu.config import env
from chengshu.config.setting import SettingUnreadable


@click.command("copy-lake")
@click.argument("target")
def copy_lake(target: str) -> None:
    """把数据湖复制到 TARGET：另一个目录，或对象存储的地址（写法同 CHENGSHU_LAKE_S3）。

    先停下服务再复制；中断了再运行一次，已复制的不再复制。复制完，把 CHENGSHU_LAKE_S3 改成这个地址，再启动服务。
    原来的湖保持不变。

    \b
    退出码：0 全部复制完；1 没有复制完，原因写在最后。
    """  # noqa: D301 - click's mark
    env.name_settings_module()
    django.setup()
    from chengshu.dataplane.lake.copying import copy_lake as copy  # noqa: PLC0415 - heavy
    from chengshu.dataplane.lake.places import Lake, lake_in_store  # noqa: PLC0415 - heavy
    from chengshu.resources.facade.deliveries import open_lake  # noqa: PLC0415 - models can be imported only now

    if "://" in target:
        try:
            place = lake_in_store(env.LAKE_S3.parse(target))
        except ValueError as fault:
            raise SettingUnreadable(f"TARGET 写得不完整：{fault}") from fault
    else:
        place = Lake(target)
    done = copy(open_lake(), place, lambda path, at, of: click.echo(f"{at + 1}/{of} {path}", err=True))
    click.echo(f"复制了 {done.copied} 个文件，{done.size / 2**20:,.1f} MiB；原来就在的有 {done.there} 个。")
