"""`chengshu performance`: read, check, re-score and print self-evaluation forms."""

import logging
import os
import sys
from pathlib import Path

import click
import django

from chengshu.cli.lazy import LazyCommand, LazyGroup
from chengshu.config import env

_COMMANDS = (
    LazyCommand("read", "chengshu.cli.papers", "read", "读取自评表，得到结构化数据"),
    LazyCommand("check", "chengshu.cli.papers", "check", "核对自评表，按规则重新计分"),
    LazyCommand("report", "chengshu.cli.printing", "report", "核对并输出核查报告（PDF、XLSX、HTML）"),
    LazyCommand("render", "chengshu.cli.printing", "render", "把自评表输出为正式表格（XLSX、DOCX、PDF、HTML 等）"),
    LazyCommand("rules", "chengshu.cli.papers", "rules", "列出规则集，或一个规则集的全部设定和来源"),
    LazyCommand("templates", "chengshu.cli.printing", "templates", "列出可输出的版式"),
    LazyCommand("archive", "chengshu.cli.archive", "archive", "核对 Parquet 档案，结果写成 Parquet，可中断续做"),
    LazyCommand("import", "chengshu.cli.records", "import_files", "把自评表导入数据库"),
)


class _PerformanceGroup(LazyGroup):
    """Sets Django up before a command is imported, for the domain's door leads to its tables too."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if sys.stderr is None:  # the shell closed it: `2>&-`; what would be said there is not wanted
            sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the program runs
        env.name_settings_module()
        django.setup()
        return super().get_command(ctx, cmd_name)


@click.group(cls=_PerformanceGroup, lazy_commands=_COMMANDS)
@click.pass_context
def performance(ctx: click.Context) -> None:
    """读取、核对、重新计分、输出财政项目支出绩效自评表。

    \b
    路径可以是文件、目录或 ZIP 压缩包；里面可以有文本、Markdown、HTML、CSV、XLSX、DOCX、PDF、
    扫描件和图片，也可以是 read --json 的输出（.json、.jsonl）。除 import 外都不需要数据库。

    \b
    read、check 的退出码：
      0  全部读出，没有错误和不合规
      1  有错误（error）或不合规（breach）级别的发现（仅 check）
      2  有输入读不出（原因写在标准错误，其他文件照常处理；2 优先于 1）
    """  # noqa: D301 - \b is click's mark for lines that are not to be joined
    # People who run a command read its own messages; the log keeps what is worth a warning.
    logging.disable(logging.INFO)
    ctx.call_on_close(lambda: logging.disable(logging.NOTSET))
