"""`render`, `report` and `templates`: forms and findings onto paper."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, cast

import click
from django.conf import settings

from chengshu.cli.intake import (
    CLEAN,
    UNREADABLE,
    paths_argument,
    require_rule_set,
    rules_option,
    take_in,
    write_bytes,
    write_text,
)
from chengshu.performance import facade

_out_option = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="写入这个文件；不给时写到标准输出。"
)


@click.command()
@paths_argument
@click.option(
    "kind", "--format", type=click.Choice(facade.FORM_KINDS), default="xlsx", show_default=True, help="输出格式。"
)
@click.option("--template", default=None, help="版式，见 templates 命令；不给时每张表用自己的版式。")
@_out_option
def render(paths: tuple[Path, ...], kind: facade.FormKind, template: str | None, out: Path | None) -> NoReturn:
    """把自评表输出为正式表格，各表依次排在一个文件里。

    退出码：0 全部输出；2 有输入读不出（写在标准错误，其他照常）。
    """
    intake = take_in(paths)
    try:
        data = facade.render_forms(intake.forms, template=template, kind=kind, font_dir=_font_dir())
    except facade.ProfileInvalid as fault:
        raise click.BadParameter(fault.message, param_hint="--template") from fault
    write_bytes(data, out)
    sys.exit(UNREADABLE if intake.faults else CLEAN)


@click.command()
@paths_argument
@click.option(
    "kind", "--format", type=click.Choice(facade.REPORT_KINDS), default="pdf", show_default=True, help="输出格式。"
)
@click.option("--title", default="绩效自评核查报告", show_default=True, help="报告标题。")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="报告语言。")
@rules_option
@_out_option
def report(
    paths: tuple[Path, ...], kind: facade.ReportKind, title: str, language: str, rules: str, out: Path | None
) -> NoReturn:
    """核对自评表并输出核查报告。

    退出码：0 已输出；2 有输入读不出（也写进报告）。
    """
    require_rule_set(rules)
    intake = take_in(paths)
    checked = facade.check_forms(intake.forms, rules)
    contents = facade.FindingsReport(
        title=title,
        made_at=datetime.now(UTC),
        rules=rules or "、".join(sorted({result.rules for result in checked})),
        checked=list(zip(intake.forms, checked, strict=True)),
        files=intake.files,
        faults=intake.faults,
    )
    chosen = cast("facade.Language", language)
    write_bytes(facade.render_report(contents, kind=kind, language=chosen, font_dir=_font_dir()), out)
    sys.exit(UNREADABLE if intake.faults else CLEAN)


@click.command()
def templates() -> None:
    """列出可输出的版式。"""
    write_text("".join(f"{name}\n" for name in facade.layout_names()), None)


def _font_dir() -> Path | None:
    """Give the folder of the PDF's font where it has been installed; else the machine's fonts serve."""
    folder: Path = settings.FONT_DIR
    return folder if folder.is_dir() else None
