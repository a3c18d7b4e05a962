"""What the platform's own records are kept from, told as lineage: sources deliver tables, tables are checked, checks find issues.

So an indicator leads back to the departments whose data it measures, and a field leads to the indicators that its
checks come into. Told by table (`*`, which rows there are), and by field only where a rule names it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from chengshu.base.errors import ChengshuError
from chengshu.dataplane.checks.expressions import columns_of, parse_expression
from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.lineage.columns import ROWS, Column
from chengshu.dataplane.lineage.graph import GraphEdge
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.contracts.lineage import NodeKind, TellerKind
from chengshu.resources.models import DataSource, LineageTable, PlannedCheck, QualityRule
from chengshu.resources.operations.lineage_runs import indicator_ends, keep_teller
from chengshu.resources.operations.lineage_saving import EndTold, StatementTold, save_statements
from chengshu.resources.queries.lineage_names import find_data_centre
from chengshu.resources.queries.table_owners import list_declared_tables
from chengshu.resources.rules.record_tables import CHECK, DELIVERY, DUE, ISSUE, PLANNED, RECORDS, SOURCE

_TITLE = "平台的记录"
_FETCH = 2000


@transaction.atomic
def take_records(now: datetime) -> int:
    """Tell which tables are delivered, checked and planned, by whom; return how many edges were saved, 0 if it stood."""
    ends = indicator_ends() | _record_ends() | _source_ends() | _declared_ends()
    told = [*_tell_sources(), *_tell_checks(), _tell_made_of(ends)]
    teller = keep_teller(_TITLE, TellerKind.RECORDS, now)
    digest = _digest(told, ends)
    if teller.digest == digest:
        return 0
    teller.digest = digest
    teller.save(update_fields=["digest"])
    return save_statements(teller, told, now=now, ends=ends)


def source_node(source_id: int) -> str:
    """Give the name of a source in the graph."""
    return f"source:{source_id}"


def _record_ends() -> dict[str, EndTold]:
    """Give the platform's tables that lineage knows or will know, with their words; who runs it answers for them."""
    models = {model._meta.db_table: model for model in apps.get_models()}  # noqa: SLF001 - the way to a table's name
    known = LineageTable.objects.filter(name__in=models, resource=None).values_list("name", flat=True)
    centre = find_data_centre()
    ends: dict[str, EndTold] = {}
    for name in {*known, DUE, DELIVERY, SOURCE, PLANNED, CHECK, ISSUE}:
        title = RECORDS[name].title if name in RECORDS else str(models[name]._meta.verbose_name)  # noqa: SLF001
        ends[name] = EndTold(NodeKind.RECORD, title, centre)
    return ends


def _source_ends() -> dict[str, EndTold]:
    """Give the sources, and the tables that they fill for no entry, by their names; both are the department's."""
    rows = list(DataSource.objects.values_list("pk", "name", "department_id", "table"))
    loose = set(DataSource.objects.filter(resource=None).values_list("pk", flat=True))
    ends = {source_node(pk): EndTold(NodeKind.SOURCE, name, owner) for pk, name, owner, _table in rows}
    for pk, name, owner, table in rows:
        if pk in loose:
            ends[str(TableName(Zone.RAW, table))] = EndTold(NodeKind.TABLE, name, owner)
    return ends


def _declared_ends() -> dict[str, EndTold]:
    """Give the tables that pipelines in code make, as far as lineage knows them and they are no entry's, with who answers."""
    declared = {str(one.table): one for one in list_declared_tables()}
    known = LineageTable.objects.filter(name__in=declared, resource=None).values_list("name", flat=True)
    listed = Organisation.objects.filter(code__in={one.owner for one in declared.values()})
    owners, centre = dict(listed.values_list("code", "pk")), find_data_centre()
    told = {name: declared[name] for name in known}
    return {name: EndTold(NodeKind.TABLE, one.table.name, owners.get(one.owner, centre)) for name, one in told.items()}


def _tell_sources() -> Iterator[StatementTold]:
    """Tell of each source the table that it fills, and that its deliveries are owed, received and counted."""
    rows = DataSource.objects.order_by("pk").values_list("pk", "table", "promise__pk")
    listed = [(source_node(pk), str(TableName(Zone.RAW, table)), promise) for pk, table, promise in rows]
    filled = [edge for source, table, _promise in listed for edge in (_rows(source, table), _rows(source, SOURCE))]
    yield _statement("归集", filled)
    yield _statement("交付", [_rows(table, DELIVERY) for _source, table, _promise in listed])
    yield _statement("交换约定", [_rows(table, DUE) for _source, table, promise in listed if promise is not None])


def _tell_checks() -> Iterator[StatementTold]:
    """Tell which entries are planned and checked, and which of their fields a rule looks at."""
    planned = PlannedCheck.objects.order_by("resource__code").values_list("resource__code", flat=True).distinct()
    yield _statement("检查计划", [_rows(code, PLANNED) for code in planned])
    rules = QualityRule.objects.filter(is_active=True).order_by("resource__code", "key")
    tables: dict[str, None] = {}
    fields: dict[Column, None] = {}
    for code, definition in rules.values_list("resource__code", "definition").iterator(_FETCH):
        tables[code] = None
        fields.update(dict.fromkeys(_fields_of(code, definition)))
    yield _statement("质量检查", [_rows(code, CHECK) for code in tables])
    yield _statement("质量规则", [GraphEdge(field, Column(ISSUE, ROWS), None) for field in fields])


def _fields_of(code: str, definition: Mapping[str, Any]) -> Iterator[Column]:
    """Give the fields that a rule looks at: its own, those of its conditions, and those of the data it looks up."""
    own = [*definition.get("columns", ()), definition.get("column")]
    for text in (definition.get("expression"), definition.get("where")):
        with suppress(ChengshuError):  # what cannot be read is told where rules are kept, and checks nothing
            own += columns_of(parse_expression(text)) if text else ()
    yield from (Column(code, name) for name in own if name)
    for looked_up in (definition.get("references"), definition.get("values_from")):
        if isinstance(looked_up, Mapping) and looked_up.get("data"):
            columns = [*looked_up.get("columns", ()), looked_up.get("column")]
            yield from (Column(str(looked_up["data"]), name) for name in columns if name)


def _tell_made_of(ends: Mapping[str, EndTold]) -> StatementTold:
    """Tell which records of the platform are kept from which others."""
    known = [(name, source) for name, record in RECORDS.items() if name in ends for source in record.made_of]
    return _statement("由别的记录得来", [_rows(source, name) for name, source in known])


def _rows(source: str, target: str) -> GraphEdge:
    return GraphEdge(Column(source, ROWS), Column(target, ROWS), None)


def _statement(name: str, edges: Sequence[GraphEdge]) -> StatementTold:
    return StatementTold(name, edges, script=name, kind="RECORD")


def _digest(told: Sequence[StatementTold], ends: Mapping[str, EndTold]) -> str:
    said = [
        (one.name, [(edge.source.table, edge.source.name, edge.target.table) for edge in one.edges]) for one in told
    ]
    kept = sorted((name, end.kind.value, end.title, end.department_id) for name, end in ends.items())
    return hashlib.sha256(json.dumps([said, kept], ensure_ascii=False).encode()).hexdigest()
