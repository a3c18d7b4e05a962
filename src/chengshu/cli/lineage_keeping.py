"""`chengshu resources keep-lineage`: SQL files handed in to the platform, traced and kept as a version."""

import sys
from typing import NoReturn

import click

from chengshu.config import env
from chengshu.dataplane.lineage.naming import DIALECTS
from chengshu.dataplane.lineage.scripts import ScriptFault, read_scripts
from chengshu.dataplane.lineage.tracing import Script

KEPT, FAULTS, REFUSED = 0, 1, 2


@click.command("keep-lineage")
@click.argument("paths", metavar="路径...", nargs=-1, required=True)
@click.option("--title", required=True, help="血缘来源的名称；再次交来时凭它认出。")
@click.option("--department", required=True, help="责任部门的代码。")
@click.option("--dialect", type=click.Choice(DIALECTS), required=True, help="SQL 方言。")
@click.option("--reports", is_flag=True, help="每个文件是一张报表，报表叫文件的名字。")
def keep_lineage(paths: tuple[str, ...], title: str, department: str, dialect: str, *, reports: bool) -> NoReturn:
    """把 SQL 文件交给平台：读出血缘，存为一版，替换同名来源以前说的。

    内容没有变时什么也不做。血缘图由后台任务重建。

    \b
    退出码：
      0  已收下，或内容没有变
      1  已收下，但有语句读不出（在来源的页上逐条列出）
      2  没有收下（原因写在标准错误）
    """  # noqa: D301 - click's mark for lines that are not to be joined
    scripts = _read(paths)
    env.name_settings_module()
    import django  # noqa: PLC0415 - the settings are named only now

    django.setup()
    sys.exit(_keep(scripts, title, department, dialect, are_reports=reports))


def _keep(scripts: list[Script], title: str, department: str, dialect: str, *, are_reports: bool) -> int:
    """Keep the scripts, say what came of it, and return the exit code."""
    from django.utils import timezone  # noqa: PLC0415 - the settings are named only now

    from chengshu.resources.facade import lineage, lineage_work  # noqa: PLC0415 - the same

    kind = lineage.TellerKind.REPORTS if are_reports else lineage.TellerKind.SCRIPTS
    texts = tuple(lineage.ScriptGiven(script.name, script.text) for script in scripts)
    given, now = lineage.ScriptsGiven(title, department, dialect, texts, kind), timezone.now()
    try:
        edition, is_new = lineage_work.take_scripts(given, actor=None, now=now)
    except lineage.LineageRefused as fault:
        click.echo(fault.message, err=True)
        return REFUSED
    if is_new:
        lineage_work.ask_build(actor=None, now=now)
    told = "已收下" if is_new else "内容没有变，仍是"
    click.echo(
        f"{told}第 {edition.number} 版：{edition.statement_count} 条语句，{edition.edge_count} 条关系，"
        f"{edition.fault_count} 处读不出。"
    )
    return FAULTS if edition.fault_count else KEPT


def _read(paths: tuple[str, ...]) -> list[Script]:
    """Read the files; one that cannot be read ends the program, for the rest would replace all that stood."""
    read = list(read_scripts(paths))
    faults = [found for found in read if isinstance(found, ScriptFault)]
    for fault in faults:
        click.echo(f"{fault.name}：{fault.reason}", err=True)
    if faults:
        sys.exit(REFUSED)
    return [found for found in read if isinstance(found, Script)]
