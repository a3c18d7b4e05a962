"""Input and output that the commands on papers share: paths in with progress, UTF-8 out. Needs Django set up."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from chengshu.documents.disk import name_file
from chengshu.performance import facade
from chengshu.performance.contracts import Form

CLEAN, FINDINGS, UNREADABLE, STOPPED = 0, 1, 2, 130

paths_argument = click.argument("paths", metavar="路径...", nargs=-1, required=True, type=click.Path(path_type=Path))
json_option = click.option("as_json", "--json", is_flag=True, help="输出 JSON Lines，一行一张表，格式见 docs/schemas。")
out_option = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="写入这个文件，不写到屏幕。")
rules_option = click.option("--rules", default="", help="规则集名称，见 rules 命令；不给时按每张表的年度和版式选择。")


@dataclass(slots=True)
class Intake:
    """The forms of all paths in order of appearance, and the faults of what could not be read."""

    forms: list[Form] = field(default_factory=list)
    faults: list[facade.InputFault] = field(default_factory=list)
    files: int = 0


def take_in(paths: Iterable[Path]) -> Intake:
    """Read every path; repeated printings are marked over all of them.

    What cannot be read is named on standard error at once and the others go on. Ctrl-C ends the program.
    """
    intake = Intake()
    files = facade.list_paper_files(paths)
    try:
        with _reading_progress(len(files)) as watch:
            for path in files:
                for reading in facade.read_file(path, watch.see_page(name_file(path))):
                    _sort_in(intake, reading)
                watch.end_file()
    except KeyboardInterrupt:
        click.echo("已中止，没有输出。", err=True)
        sys.exit(STOPPED)
    intake.forms = list(facade.mark_duplicates(intake.forms))
    return intake


def require_rule_set(name: str) -> None:
    """End the program with a usage error when there is no such rule set; an empty name is no choice."""
    try:
        if name:
            facade.get_rule_set(name)
    except facade.RuleSetUnknown as fault:
        raise click.BadParameter(fault.message, param_hint="--rules") from fault


def write_lines(records: Iterable[dict[str, Any]], out: Path | None) -> None:
    """Write records as JSON Lines."""
    write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), out)


def write_text(text: str, out: Path | None) -> None:
    """Write UTF-8 to the file, or to standard output whatever the terminal's encoding."""
    write_bytes(text.encode("utf-8", "backslashreplace"), out)


def write_bytes(data: bytes, out: Path | None) -> None:
    """Write bytes to the file, or to standard output; end the program when they cannot be written."""
    try:
        if out is not None:
            out.write_bytes(data)
            return
        if sys.stdout is None:  # the shell closed it: `>&-`
            raise click.ClickException("标准输出已关闭，请用 --out 指定文件。")
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has what it wanted, as `head` does; click ends quietly
        raise
    except OSError as fault:
        if out is None:  # what is left in the buffer must not fail once more at the program's end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.ClickException(f"不能写入“{out or '标准输出'}”：{fault.strerror}") from fault


def _sort_in(intake: Intake, reading: facade.Reading) -> None:
    name = reading.member or reading.name
    intake.files += 1
    intake.forms.extend(reading.forms)
    for warning in reading.warnings:
        click.echo(f"{name}：{warning}", err=True)
    if reading.fault is not None:
        intake.faults.append(facade.InputFault(name, reading.fault.message))
        click.echo(f"{name}：{reading.fault.message}", err=True)


class _Watch:
    """Tells the progress line which file and page is at hand."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def see_page(self, name: str) -> facade.PageProgress:
        self._progress.update(self._task, description=name)

        def on_page(page: int, pages: int) -> None:
            self._progress.update(self._task, description=f"{name} 第 {page}/{pages} 页")

        return on_page

    def end_file(self) -> None:
        self._progress.advance(self._task)


@contextmanager
def _reading_progress(total: int) -> Iterator[_Watch]:
    """Show a line on standard error while it is a terminal; nothing of it stays."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Watch(progress, progress.add_task("", total=total))
