"""`chengshu resources lineage`: SQL files in, column lineage out."""

import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from chengshu.dataplane.errors import SchemaUnreadable
from chengshu.dataplane.lineage.columns import lacks_structure
from chengshu.dataplane.lineage.naming import DIALECTS
from chengshu.dataplane.lineage.scripts import ScriptFault, decode, read_scripts
from chengshu.dataplane.lineage.tracing import Script, Traced, trace_scripts
from chengshu.dataplane.lineage.wire import Schema, schema_from_json, traced_records

CLEAN, UNRESOLVED, UNREADABLE = 0, 1, 2
_WORDS = {"identity": "原样", "expression": "计算", "aggregate": "汇总", "constant": "常量"}
_FULL_NAMES = {"postgresql": "postgres"}
"""Dialects that people call otherwise than the reader does."""
_WIDTH_OFF_TERMINAL = 160


@click.command()
@click.argument("paths", metavar="路径...", nargs=-1, required=True)
@click.option(
    "--dialect",
    type=click.Choice((*DIALECTS, *_FULL_NAMES), case_sensitive=False),
    required=True,
    help="SQL 方言。",
)
@click.option(
    "--schema",
    "schema_file",
    metavar="文件",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='已有表的结构，JSON：{"表": {"列": "类型"}}。有了它，* 才能展开，没写表名的列才能归到表。',
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON Lines，一行一个输出列，格式见 docs/schemas。")
def lineage(paths: tuple[str, ...], dialect: str, schema_file: Path | None, *, as_json: bool) -> NoReturn:
    """从 SQL 文件读出字段级血缘：每个输出列来自哪些表的哪些列，怎样得来。

    \b
    路径可以是文件、文件夹（其中的 .sql、.hql 等）或通配符；编码为 UTF-8 或 GB18030。
    先出现的语句建立的表和视图，后面的语句可以直接使用。
    存储过程、函数、触发器、匿名块（Oracle、PostgreSQL、MySQL）的程序体逐句读，游标、记录和变量追到表的列；
    拼出来的动态 SQL、调用不在交来的脚本里的过程，逐条列为读不出。

    \b
    退出码：
      0  全部读出
      1  有语句或列读不出（逐条列出原因，不会略去）
      2  有输入读不出（原因写在标准错误，其他文件照常处理；2 优先于 1）
    """  # noqa: D301 - click's mark for lines that are not to be joined
    schema = _read_schema(schema_file) if schema_file is not None else {}
    read = list(read_scripts(paths))
    faults = [fault for fault in read if isinstance(fault, ScriptFault)]
    for fault in faults:
        click.echo(f"{fault.name}：{fault.reason}", err=True)
    scripts = [script for script in read if isinstance(script, Script)]
    traced = [_advise(one) for one in trace_scripts(scripts, dialect=_FULL_NAMES.get(dialect, dialect), schema=schema)]
    _write(_as_lines(traced) if as_json else _as_table(traced))
    is_unresolved = any(one.reading.faults for one in traced)
    sys.exit(UNREADABLE if faults else UNRESOLVED if is_unresolved else CLEAN)


def _advise(traced: Traced) -> Traced:
    """Add to each reason that a table's structure would do away with how this command is given one."""
    told = (f"{fault}（可用 --schema 给出）" if lacks_structure(fault) else fault for fault in traced.reading.faults)
    return replace(traced, reading=replace(traced.reading, faults=tuple(told)))


def _read_schema(file: Path) -> Schema:
    try:
        return schema_from_json(decode(file.read_bytes()) or "")
    except OSError as fault:
        raise click.BadParameter(f"打不开“{file}”：{fault.strerror}", param_hint="--schema") from fault
    except SchemaUnreadable as fault:
        raise click.BadParameter(fault.message, param_hint="--schema") from fault


def _write(text: str) -> None:
    """Write UTF-8 to standard output, whatever the terminal's encoding."""
    if sys.stdout is None:  # the shell closed it: `>&-`
        raise click.ClickException("标准输出已关闭。")
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has what it wanted, as `head` does; click ends quietly
        raise
    except OSError as fault:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left must not fail at the end again
        raise click.ClickException(f"不能写入标准输出：{fault.strerror}") from fault


def _as_lines(traced: Sequence[Traced]) -> str:
    records = (record for one in traced for record in traced_records(one))
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _as_table(traced: Sequence[Traced]) -> str:
    """Draw what was read and, below it, what was not."""
    from rich.console import Console  # noqa: PLC0415 - takes longer to import than most scripts to read
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title_justify="left")
    for heading in ("文件", "语句", "种类", "输出列", "来自", "方式"):
        table.add_column(heading, overflow="fold")
    columns, unresolved = 0, []
    for one in traced:
        for edge in one.reading.edges:
            columns += 1
            target = ".".join(part for part in (edge.target.table, edge.target.name) if part)
            sources = "、".join(f"{column.table}.{column.name}" for column in sorted(edge.origin.sources)) or "—"
            cells = (one.script, str(one.number), edge.kind or one.reading.kind, target, sources)
            table.add_row(*(Text(cell) for cell in cells), _WORDS[edge.origin.transformation.value])
        place = f"{one.script} 第 {one.number} 条语句（第 {one.line} 行）"
        unresolved += [f"{place}：{fault}" for fault in one.reading.faults]
    sheet = io.StringIO()
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    console = Console(file=sheet, width=None if is_terminal else _WIDTH_OFF_TERMINAL, highlight=False)
    if columns:
        console.print(table)
    console.print(f"共 {len(traced)} 条语句，{columns} 个输出列，{len(unresolved)} 处读不出。")
    for line in unresolved:
        console.print(Text(f"  {line}"))
    return sheet.getvalue()
