"""`chengshu resources`: lineage of SQL and checks of data, without a database; what is kept of both needs one."""

import logging

import click

from chengshu.cli.lazy import LazyCommand, LazyGroup

_COMMANDS = (
    LazyCommand("lineage", "chengshu.cli.lineage", "lineage", "从 SQL 文件读出字段级血缘"),
    LazyCommand(
        "keep-lineage", "chengshu.cli.lineage_keeping", "keep_lineage", "把 SQL 文件的血缘交给平台（需要数据库）"
    ),
    LazyCommand("check", "chengshu.cli.checks", "check", "按规则检查数据质量，保存不合格行的标识"),
    LazyCommand("collect", "chengshu.cli.collect", "collect", "立即归集一个数据源，或所有到期的数据源"),
    LazyCommand("events", "chengshu.cli.events", "events", "把归集、检查和处理写成 OpenLineage 事件，供别的系统读"),
    LazyCommand("pipelines", "chengshu.cli.pipelines", "pipelines", "列出加工任务和最近的运行"),
    LazyCommand("run", "chengshu.cli.pipelines", "run", "立即运行一个加工任务，或照原版本重做"),
    LazyCommand("versions", "chengshu.cli.pipelines", "versions", "列出数据湖一张表的版本，取出某个版本或时刻的行"),
    LazyCommand("copy-lake", "chengshu.cli.lake_copying", "copy_lake", "把数据湖复制到别处，如对象存储"),
    LazyCommand("tidy", "chengshu.cli.tidying", "tidy", "整理数据湖：合并小文件，清去保留期之外的旧文件"),
    LazyCommand("reseal", "chengshu.cli.collect", "reseal", "换签名密钥之后，重新封存数据源的口令"),
)


@click.group(cls=LazyGroup, lazy_commands=_COMMANDS)
@click.pass_context
def resources(ctx: click.Context) -> None:
    """归集数据，按规则检查数据质量，从 SQL 读出字段血缘。

    lineage 和 check 不需要数据库，其余的都需要。
    """
    # People who run a command read its own messages; the log keeps what is worth a warning.
    logging.disable(logging.INFO)
    ctx.call_on_close(lambda: logging.disable(logging.NOTSET))
