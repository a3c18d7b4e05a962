"""`read`, `check` and `rules`: papers in, structured data or findings out."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from chengshu.cli.intake import (
    CLEAN,
    FINDINGS,
    UNREADABLE,
    json_option,
    out_option,
    paths_argument,
    require_rule_set,
    rules_option,
    take_in,
    write_lines,
    write_text,
)
from chengshu.cli.screens import draw_checks, draw_forms, draw_rule_sets, draw_settings
from chengshu.performance import facade
from chengshu.performance.contracts import Checked, Level


@click.command()
@paths_argument
@json_option
@out_option
def read(paths: tuple[Path, ...], out: Path | None, *, as_json: bool) -> NoReturn:
    """读取自评表，得到结构化数据。

    退出码：0 全部读出；2 有输入读不出（写在标准错误，其他照常）。
    """
    intake = take_in(paths)
    if as_json:
        write_lines((facade.form_record(form) for form in intake.forms), out)
    else:
        write_text(draw_forms(intake.forms), out)
    sys.exit(UNREADABLE if intake.faults else CLEAN)


@click.command()
@paths_argument
@json_option
@out_option
@rules_option
def check(paths: tuple[Path, ...], out: Path | None, rules: str, *, as_json: bool) -> NoReturn:
    """核对自评表，按规则重新计分。

    退出码：0 没有错误和不合规；1 有；2 有输入读不出（2 优先于 1）。
    """
    require_rule_set(rules)
    intake = take_in(paths)
    checked = facade.check_forms(intake.forms, rules)
    if as_json:
        write_lines((facade.checked_record(result) for result in checked), out)
    else:
        write_text(draw_checks(intake.forms, checked), out)
    sys.exit(UNREADABLE if intake.faults else _verdict(checked))


@click.command()
@click.argument("name", metavar="[规则集]", required=False, default="")
@json_option
def rules(name: str, *, as_json: bool) -> None:
    """列出规则集；给出名称时，列出它的全部设定和来源。"""
    require_rule_set(name)
    chosen = [facade.get_rule_set(name)] if name else list(facade.list_rule_sets())
    if as_json:
        write_lines((facade.rule_set_record(rule_set) for rule_set in chosen), None)
    elif name:
        write_text(draw_settings(chosen[0].title, facade.list_settings(chosen[0])), None)
    else:
        write_text(draw_rule_sets(chosen), None)


def _verdict(checked: Iterable[Checked]) -> int:
    grave = {Level.ERROR, Level.BREACH}
    return FINDINGS if any(item.level in grave for result in checked for item in result.findings) else CLEAN
