"""Scripts and reports are handed in, traced, and kept as a version of what their teller says."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.dataplane.lineage.columns import Edge
from chengshu.dataplane.lineage.graph import edges_of
from chengshu.dataplane.lineage.naming import DIALECTS
from chengshu.dataplane.lineage.tracing import Script, Traced, trace_scripts
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.contracts.arrivals import Arrival, ArrivalKind
from chengshu.resources.contracts.lineage import NodeKind, ScriptsGiven, TellerKind
from chengshu.resources.errors import LineageRefused
from chengshu.resources.models import KEEP_LINEAGE, LineageEdition, LineageTeller
from chengshu.resources.operations.arrivals import Sender, keeping_refused
from chengshu.resources.operations.lineage_saving import EndTold, StatementTold, save_statements
from chengshu.resources.queries.lineage_names import schema_for

MOST_SIGNS = 4_000_000
"""So much text of scripts is read at once, while somebody waits."""
_MOST_SCRIPTS = 2000
_TITLE_LENGTH = 200
_NAME_LENGTH = 400
_HANDED_IN = frozenset({TellerKind.SCRIPTS, TellerKind.REPORTS})


def take_scripts(given: ScriptsGiven, *, actor: User | None, now: datetime) -> tuple[LineageEdition, bool]:
    """Keep scripts as the newest version of their teller and put what they say in place of what it said before.

    Scripts that are refused are kept with the refusal. Those that stand already are not taken twice: their version is
    given with False.

    Raises:
        PermissionRefused: the actor does not keep lineage for the department.
        LineageRefused: they cannot be kept as given; `details["field"]` names the place.
    """

    def came() -> Arrival:
        department = organisations.find_organisation(given.department)
        return Arrival(ArrivalKind.SCRIPTS, *_write(given), place=department.pk if department else None)

    with keeping_refused(came, LineageRefused, Sender(actor, KEEP_LINEAGE, now)):
        return _take_scripts(given, actor=actor, now=now)


@transaction.atomic
def _take_scripts(given: ScriptsGiven, *, actor: User | None, now: datetime) -> tuple[LineageEdition, bool]:
    department = _check(given)
    teller = LineageTeller.objects.select_for_update().filter(title=given.title.strip()).first()
    if actor is not None:
        grants.require(actor, KEEP_LINEAGE, department.pk, on=localdate(now))
    if teller is not None and (teller.kind != given.kind.value or teller.department_id != department.pk):
        raise LineageRefused(_("这个名称已由另一个血缘来源使用，请换一个。"), field="title")
    digest = _digest(given)
    last = None if teller is None else teller.editions.filter(number=teller.version).first()
    if last is not None and last.digest == digest:
        return last, False
    if teller is None:
        teller = LineageTeller(title=given.title.strip(), kind=given.kind.value, department=department)
    teller.dialect, teller.version, teller.told_at = given.dialect, teller.version + 1, now
    teller.save()
    statements, ends = _trace(given, teller)
    edges = save_statements(teller, statements, now=now, ends=ends)
    edition = LineageEdition.objects.create(
        teller=teller,
        number=teller.version,
        scripts=[asdict(script) for script in given.scripts],
        dialect=given.dialect,
        digest=digest,
        statement_count=teller.statement_count,
        edge_count=edges,
        fault_count=teller.fault_count,
        author=actor,
        taken_at=now,
    )
    told = {"title": teller.title, "version": edition.number, "statements": edition.statement_count, "edges": edges}
    record(actor, "resources.take_lineage", f"lineage:{teller.pk}", now=now, after=told)
    return edition, True


def _write(given: ScriptsGiven) -> tuple[str, bytes]:
    """Give scripts as one file with its name: a single one as it came, several one below the other under their names."""
    if len(given.scripts) == 1:
        return given.scripts[0].name, given.scripts[0].text.encode("utf-8", "surrogatepass")
    told = "\n".join(f"-- {script.name}\n{script.text}" for script in given.scripts)
    return f"{given.title.strip() or ArrivalKind.SCRIPTS}.sql", told.encode("utf-8", "surrogatepass")


def _check(given: ScriptsGiven) -> Organisation:
    """Return the department that answers, after everything was found fit to be kept."""
    department = organisations.find_organisation(given.department)
    if department is None:
        raise LineageRefused(_("没有代码为“%(code)s”的单位。") % {"code": given.department}, field="department")
    if not given.title.strip() or len(given.title) > _TITLE_LENGTH or given.kind not in _HANDED_IN:
        raise LineageRefused(_("请填写血缘来源的名称，不超过 %(most)s 个字。") % {"most": _TITLE_LENGTH}, field="title")
    if given.dialect not in DIALECTS:
        message = _("不认识的 SQL 方言“%(dialect)s”，可用的有：%(known)s。")
        raise LineageRefused(message % {"dialect": given.dialect, "known": "、".join(DIALECTS)}, field="dialect")
    names = [script.name for script in given.scripts]
    if not names or len(names) > _MOST_SCRIPTS or len(set(names)) < len(names) or not all(map(_is_name, names)):
        message = _("请给出 1 至 %(most)s 个 SQL 文件，文件名不能为空、重复或超过 %(long)s 个字。")
        raise LineageRefused(message % {"most": _MOST_SCRIPTS, "long": _NAME_LENGTH}, field="scripts")
    if sum(len(script.text) for script in given.scripts) > MOST_SIGNS:
        message = _("这些 SQL 文件合起来超过 %(most)s 个字，请分成几个血缘来源。")
        raise LineageRefused(message % {"most": f"{MOST_SIGNS:,}"}, field="scripts")
    broken = next((script.name for script in given.scripts if "\0" in script.text), None)
    if broken is not None:
        raise LineageRefused(_("“%(name)s”不是文本。") % {"name": broken}, field="scripts")
    return department


def _is_name(name: str) -> bool:
    return bool(name.strip()) and name.isprintable() and len(name) <= _NAME_LENGTH


def _digest(given: ScriptsGiven) -> str:
    scripts = sorted((script.name, script.text) for script in given.scripts)
    told = json.dumps([given.dialect, scripts], ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _trace(given: ScriptsGiven, teller: LineageTeller) -> tuple[list[StatementTold], dict[str, EndTold]]:
    """Read the scripts; the queries of a report's script are what the report shows."""
    is_report = given.kind is TellerKind.REPORTS
    ends: dict[str, EndTold] = {}
    told = []
    for one in trace_given(given):
        reading = one.reading
        if is_report and any(edge.target.table is None for edge in reading.edges):
            title = PurePosixPath(one.script.replace("\\", "/")).stem
            node = f"report:{teller.title}/{one.script}"
            ends[node] = EndTold(NodeKind.REPORT, title, teller.department_id)
            reading = replace(
                reading,
                edges=tuple(_aim(edge, node) for edge in reading.edges),
                written=(*reading.written, node),
            )
        name = f"{one.script}#{one.number}"
        told.append(
            StatementTold(name, edges_of(reading), reading.faults, script=one.script, line=one.line, kind=reading.kind)
        )
    return told, ends


def _aim(edge: Edge, node: str) -> Edge:
    """Let a column that a bare query gives be a column of a node."""
    return edge if edge.target.table is not None else replace(edge, target=replace(edge.target, table=node))


def trace_given(given: ScriptsGiven) -> list[Traced]:
    """Trace scripts with what the catalogue knows of their tables, and without; of each statement the better reading.

    The catalogue may know fewer columns than a table has: what it lacks must not take away what the script says.
    """
    scripts = [Script(script.name, script.text) for script in given.scripts]
    plain = trace_scripts(scripts, dialect=given.dialect)
    schema: Mapping[str, Mapping[str, str]] = schema_for([script.text for script in scripts])
    if not schema:
        return plain
    informed = trace_scripts(scripts, dialect=given.dialect, schema=schema)
    return [_better(with_schema, without) for with_schema, without in zip(informed, plain, strict=True)]


def _better(first: Traced, second: Traced) -> Traced:
    def weigh(one: Traced) -> tuple[int, int]:
        return len(one.reading.faults), -len(one.reading.edges)

    readings: Sequence[Traced] = (first, second)
    return min(readings, key=weigh)
