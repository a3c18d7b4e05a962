"""The lineage of the demonstration: scripts that make standard and topic tables of the catalogue, and four reports.

All of it is invented. Run again it changes nothing.
"""

from pathlib import Path
from typing import Final

from django.utils import timezone

from chengshu.cli import demonstration_people as people
from chengshu.resources.facade import lineage_work
from chengshu.resources.facade.lineage import ScriptGiven, ScriptsGiven, TellerKind

SCRIPTS: Final = Path(__file__).parent / "demonstration_scripts"
_CIVIL, _SERVICE = f"{people.DISTRICT}-B03", f"{people.DISTRICT}-B01"
_GIVEN = (
    ("示范区数据加工脚本", _SERVICE, TellerKind.SCRIPTS, "processing", ""),
    ("民政局报表", _CIVIL, TellerKind.REPORTS, "reports", "困难 养老 救助"),
    ("政务服务办报表", _SERVICE, TellerKind.REPORTS, "reports", "政务"),
)


def load_lineage() -> None:
    """Hand the scripts and reports in, take the registered indicators and the platform's records, and build the graph."""
    now, operator = timezone.now(), people.find("shuju")
    for given in list_given():
        lineage_work.take_scripts(given, actor=operator, now=now)
    lineage_work.take_indicators(now)
    lineage_work.take_records(now)
    if lineage_work.is_behind():
        lineage_work.build_graph()


def list_given() -> list[ScriptsGiven]:
    """Give what is handed in, by teller."""
    return [
        ScriptsGiven(title, department, "postgres", _read(folder, tuple(heads.split())), kind)
        for title, department, kind, folder, heads in _GIVEN
    ]


def _read(folder: str, heads: tuple[str, ...]) -> tuple[ScriptGiven, ...]:
    files = sorted((SCRIPTS / folder).glob("*.sql"))
    return tuple(
        ScriptGiven(file.name, file.read_text("utf-8")) for file in files if not heads or file.name.startswith(heads)
    )
