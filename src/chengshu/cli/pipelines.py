"""`chengshu resources pipelines`, `run` and `versions`: processing and the lake's versions from the command line."""

import csv
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import django

from chengshu.config import env

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON，一行一条。")


@click.command()
@_JSON
def pipelines(*, as_json: bool) -> None:
    """列出平台的加工任务，和最近一次运行的情况。

    \b
    退出码：0 完成；1 加工管道的目录里有不能用的文件。
    """  # noqa: D301 - click's mark
    _set_up()
    from django.utils import timezone  # noqa: PLC0415 - needs Django's settings

    from chengshu.resources.facade import processing, processing_work  # noqa: PLC0415 - models can be imported only now

    faults = processing_work.sync_declared(timezone.now())
    for pipeline in processing.DataPipeline.objects.select_related("last_run").order_by("key"):
        last = pipeline.last_run
        told = {
            "pipeline": pipeline.key,
            "title": pipeline.title,
            "outputs": pipeline.outputs,
            "active": pipeline.is_active,
            "automatic": pipeline.is_automatic,
            "state": last.state if last else None,
            "ended_at": last.ended_at.isoformat() if last and last.ended_at else None,
            "rows_written": last.rows_written if last else None,
        }
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            named = processing_work.name_tables(pipeline.outputs)
            state = f"{last.state}，写入 {last.rows_written:,} 行" if last else "还没有运行过"
            click.echo(f"{pipeline.key}\t{pipeline.title}\t{'、'.join(named.values())}\t{state}")
    for fault in faults:
        click.echo(f"不能用：{fault}", err=True)
    sys.exit(1 if faults else 0)


@click.command()
@click.argument("pipeline")
@click.option("--again", metavar="编号", help="照这次运行读过的版本重做；写它的运行编号。")
@_JSON
def run(pipeline: str, again: str | None, *, as_json: bool) -> None:
    """立即运行一个加工任务。PIPELINE 是 chengshu resources pipelines 列出的第一栏，如 standard:12 或 declared:街道月报。

    \b
    退出码：0 做完；1 没有做成，或重做的结果与原来不同；130 中途按 Ctrl-C 停下，可以再运行一次接着做。
    """  # noqa: D301 - click's mark
    _set_up()
    from chengshu.cli.pipeline_runs import run_now  # noqa: PLC0415 - models can be imported only now

    done, is_same = run_now(pipeline, again, lambda stage, at, of: click.echo(f"{stage}（{at}/{of}）", err=True))
    told = {
        "run": str(done.uuid),
        "state": done.state,
        "engine": done.engine,
        "inputs": done.inputs,
        "outputs": done.outputs,
        "reason": done.reason,
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{done.pipeline.title}：读 {done.rows_read:,} 行，写 {done.rows_written:,} 行，{done.engine}。")
        for item in done.outputs:
            click.echo(
                f"  {item['table']} {_name_version(item['version'])}，{item['rows']:,} 行，摘要 {item['digest'][:16]}"
            )
    if not is_same:
        click.echo("重做的结果与原来那次不同：管道的代码改过了。", err=True)
    sys.exit(0 if done.state == "done" and is_same else 1)


@click.command()
@click.argument("table")
@click.option("--version", type=click.IntRange(0), help="看这个版本。")
@click.option("--at", type=click.DateTime(), help="看这个时刻的版本，如 2026-03-31 或 2026-03-31T23:59:00。")
@click.option("--out", type=click.Path(dir_okay=False), help="把那个版本的全部行写成 .csv 或 .parquet 文件。")
@_JSON
def versions(table: str, version: int | None, at: datetime | None, out: str | None, *, as_json: bool) -> None:
    """列出数据湖一张表的版本；给出版本或时刻，就说出那时有多少行，也可以取出。TABLE 写成 raw/表名、standard/表名 或 topic/表名。

    \b
    退出码：0 完成；1 没有这张表或这个版本。
    """  # noqa: D301 - click's mark
    _set_up()
    from django.utils import timezone  # noqa: PLC0415 - needs Django's settings

    from chengshu.dataplane.errors import LakeFault  # noqa: PLC0415 - heavy
    from chengshu.dataplane.lake.reading import active_files, list_snapshots, resolve_version  # noqa: PLC0415 - heavy
    from chengshu.resources.facade.deliveries import open_lake  # noqa: PLC0415 - models can be imported only now
    from chengshu.resources.facade.processing_work import table_named  # noqa: PLC0415 - the same

    try:
        lake, named = open_lake(), table_named(table)
    except ValueError as fault:
        raise LakeFault(f"“{table}”不是湖表：请写成 raw/表名、standard/表名 或 topic/表名。") from fault
    if version is None and at is None and out is None:
        for one in list_snapshots(lake, named):
            told = {
                "version": one.version,
                "at": one.at.isoformat(),
                "operation": one.operation,
                "rows": one.rows,
                "note": one.note,
            }
            click.echo(json.dumps(told, ensure_ascii=False) if as_json else _as_line(told))
        return
    moment = timezone.make_aware(at) if at else None
    found = resolve_version(lake, named, version=version, moment=moment)
    files = active_files(lake, named, version=found)
    if out is not None:
        _write(Path(out), lake, named, found)
    told = {"table": table, "version": found, "rows": files.rows, "columns": files.schema.names, "file": out}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{table} 第 {found} 版：{files.rows:,} 行。")


def _write(path: Path, lake: Any, table: Any, version: int) -> None:
    """Write a version's rows piece by piece; the file is there when it is whole."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy

    from chengshu.dataplane.lake.reading import scan  # noqa: PLC0415 - heavy

    if path.suffix not in {".csv", ".parquet"}:
        raise click.BadParameter("文件名请以 .csv 或 .parquet 结尾。", param_hint="--out")
    rows, part = scan(lake, table, version=version), path.with_name(f"{path.name}.part")
    try:
        if path.suffix == ".parquet":
            with pq.ParquetWriter(part, rows.schema) as file:
                for batch in rows:
                    file.write_batch(batch)
        else:
            with part.open("w", encoding="utf-8-sig", newline="") as text:
                lines = csv.writer(text)
                lines.writerow(rows.schema.names)
                for batch in rows:
                    lines.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _name_version(version: int) -> str:
    return "只核对，没有写入" if version < 0 else f"第 {version} 版"


def _as_line(told: Mapping[str, Any]) -> str:
    return "\t".join("" if value is None else str(value) for value in told.values())


def _set_up() -> None:
    env.name_settings_module()
    django.setup()
