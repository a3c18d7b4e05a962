"""Saved lineage in sight of people: tellers with versions and faults, tables found by words, hits and steps with who answers."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.apps import apps
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.contracts.lineage import HitKind, ImpactTold, NodeKind
from chengshu.resources.errors import LineageNotFound
from chengshu.resources.models import (
    SEE_LINEAGE,
    DataResource,
    Field,
    LineageColumn,
    LineageEdition,
    LineageFault,
    LineageState,
    LineageStatement,
    LineageTable,
    LineageTeller,
)
from chengshu.resources.rules.record_tables import RECORDS, Record

MOST_FOUND = 50
_RANKS = (NodeKind.REPORT, NodeKind.TABLE, NodeKind.INDICATOR, NodeKind.SOURCE, NodeKind.RECORD)


def require_sight(viewer: grants.Viewer, *, on: date) -> None:
    """Let through who may see lineage anywhere; it names tables and columns of the whole city, and no rows.

    Raises:
        PermissionRefused: the viewer may not.
    """
    grants.require_anywhere(viewer, SEE_LINEAGE, on=on)


def list_tellers(*, on: date) -> QuerySet[LineageTeller]:
    """List who told lineage, unordered, each with the `department_name` of that day."""
    return LineageTeller.objects.annotate(department_name=organisations.name_expression(on, of="department_id"))


def get_teller(teller_id: int, *, on: date) -> LineageTeller:
    """Give one teller.

    Raises:
        LineageNotFound: there is none.
    """
    found = list_tellers(on=on).filter(pk=teller_id).first()
    if found is None:
        raise LineageNotFound(_("没有这个血缘来源。"), teller=teller_id)
    return found


def list_editions(teller: LineageTeller) -> QuerySet[LineageEdition]:
    """List the versions of what a teller handed in, the newest first."""
    return LineageEdition.objects.filter(teller=teller).defer("scripts").order_by("-number")


def get_edition(teller: LineageTeller, number: int) -> LineageEdition:
    """Give one version with its scripts.

    Raises:
        LineageNotFound: there is none.
    """
    found = LineageEdition.objects.filter(teller=teller, number=number).first()
    if found is None:
        raise LineageNotFound(_("没有这个版本。"), teller=teller.pk, number=number)
    return found


def list_faults(teller: LineageTeller) -> QuerySet[LineageFault]:
    """List what could not be read of a teller's statements in force, unordered."""
    return LineageFault.objects.filter(statement__teller=teller).select_related("statement")


def get_state() -> LineageState:
    """Tell how the built graph stands to what is saved."""
    return LineageState.objects.filter(pk=1).first() or LineageState(pk=1)


def list_tables(*, on: date) -> QuerySet[LineageTable]:
    """List tables, reports and indicators, unordered; each with `department_name`, `resource_name`, `resource_state`.

    Several told names of one entry are one node: the first of them stands for it.
    """
    return LineageTable.objects.annotate(
        department_name=organisations.name_expression(on, of="department_id"),
        resource_name=F("resource__name"),
        resource_state=F("resource__state"),
    )


def get_table(table_id: int, *, on: date) -> LineageTable:
    """Give one table.

    Raises:
        LineageNotFound: there is none.
    """
    found = list_tables(on=on).filter(pk=table_id).first()
    if found is None:
        raise LineageNotFound(_("血缘里没有这张表。"), table=table_id)
    return found


def find_node(node: str) -> LineageTable | None:
    """Give the table that stands for a node, or None."""
    return LineageTable.objects.filter(node=node).order_by("pk").first()


def tables_of_nodes(nodes: Iterable[str], *, on: date) -> dict[str, LineageTable]:
    """Give the table that stands for each node."""
    wanted = sorted(set(nodes))
    found: dict[str, LineageTable] = {}
    for at in range(0, len(wanted), 500):
        rows = list_tables(on=on).filter(node__in=wanted[at : at + 500]).order_by("pk")
        for table in rows:
            found.setdefault(table.node, table)
    return found


def search_tables(text: str, *, on: date) -> QuerySet[LineageTable]:
    """Find what has every word in its name, unordered, the first told name of each node; all of it without words.

    Each has its `rank`: reports, what is made, catalogued tables, indicators, sources, and the platform's records last.
    """
    rows = LineageTable.objects.all()
    for word in text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(title__icontains=word) | Q(resource__name__icontains=word))
    earlier = LineageTable.objects.filter(node=OuterRef("node"), pk__lt=OuterRef("pk"))
    first = list_tables(on=on).filter(~Exists(earlier))
    ranks = [When(kind=kind.value, then=Value(rank)) for rank, kind in enumerate(_RANKS, start=1)]
    made = When(kind=NodeKind.TABLE.value, resource=None, then=Value(1.5))
    ranked = first.annotate(rank=Case(made, *ranks, default=Value(9), output_field=FloatField()))
    return ranked.filter(node__in=rows.values("node")) if text.split() else ranked


def search_columns(text: str) -> list[tuple[LineageTable, str, str]]:
    """Find fields by what the catalogue or a script calls them: table, name of the column, and what people call it."""
    words = text.split()
    if not words:
        return []
    fields = Field.objects.filter(resource__lineage_tables__isnull=False)
    columns = LineageColumn.objects.filter(table__resource=None).exclude(name="*")
    for word in words:
        fields = fields.filter(Q(name__icontains=word) | Q(code__icontains=word))
        columns = columns.filter(name__icontains=word)
    hits = list(fields.order_by("resource_id", "number").distinct()[:MOST_FOUND])
    tables = {
        table.resource_id: table
        for table in LineageTable.objects.filter(resource__in={hit.resource_id for hit in hits}).order_by("-pk")
    }
    found = [(tables[hit.resource_id], hit.code, hit.name) for hit in hits]
    more = columns.select_related("table").order_by("table__node", "name")[: MOST_FOUND - len(found)]
    return found + [(column.table, column.name, "") for column in more]


def list_hits(told: ImpactTold, *, on: date) -> QuerySet[LineageTable]:
    """List the tables, reports and indicators of an answer, unordered, each with `depth`, `hit` and `columns_hit`."""
    firsts = _first_tables([hit.node for hit in told.nodes])
    depths: dict[int, list[int]] = {}
    counts: dict[int, list[int]] = {}
    hows: dict[str, list[int]] = {}
    for hit in told.nodes:
        table = firsts.get(hit.node)
        if table is not None:
            depths.setdefault(hit.depth, []).append(table)
            counts.setdefault(hit.columns, []).append(table)
            hows.setdefault(hit.hit.value, []).append(table)
    return (
        list_tables(on=on)
        .filter(pk__in=list(firsts.values()))
        .annotate(
            depth=_by_id(depths),
            columns_hit=_by_id(counts),
            hit=Case(
                *(When(pk__in=ids, then=Value(how)) for how, ids in hows.items()),
                default=Value(HitKind.ROWS.value),
                output_field=CharField(),
            ),
        )
    )


def tally_hits(hits: QuerySet[LineageTable]) -> Mapping[str, int]:
    """Count what is hit: departments, tables, reports, indicators, and tables that nobody answers for."""
    tables = Q(kind=NodeKind.TABLE.value)
    return hits.order_by().aggregate(
        departments=Count("department", distinct=True),
        tables=Count("pk", filter=tables),
        reports=Count("pk", filter=Q(kind=NodeKind.REPORT.value)),
        indicators=Count("pk", filter=Q(kind=NodeKind.INDICATOR.value)),
        unowned=Count("pk", filter=tables & Q(department=None)),
    )


def list_departments_of(hits: QuerySet[LineageTable], *, on: date) -> list[Organisation]:
    """List the departments of what is hit, by code, with the `name` of that day."""
    within = set(hits.order_by().exclude(department=None).values_list("department_id", flat=True))
    return list(organisations.list_organisations(on=on, within=within).order_by("code"))


def list_answering(*, on: date) -> list[Organisation]:
    """List the departments that answer for anything in lineage, by code, with the `name` of that day."""
    return list_departments_of(LineageTable.objects.all(), on=on)


def statements_by_id(ids: Iterable[str]) -> dict[str, LineageStatement]:
    """Give statements by the name that the graph has for them."""
    wanted = sorted({int(one) for one in ids})
    rows = LineageStatement.objects.filter(pk__in=wanted).select_related("teller")
    return {str(statement.pk): statement for statement in rows}


def field_names(tables: Iterable[LineageTable]) -> dict[tuple[str, str], str]:
    """Give the Chinese name of each field of catalogued tables and of the platform's records, by node and code."""
    listed = list(tables)
    records = _record_fields({table.node for table in listed if table.kind == NodeKind.RECORD})
    nodes = {table.resource_id: table.node for table in listed if table.resource_id is not None}
    rows = Field.objects.filter(resource__in=nodes).values_list("resource_id", "code", "name")
    return records | {(nodes[entry], code): name for entry, code, name in rows}


def _record_fields(nodes: Collection[str]) -> dict[tuple[str, str], str]:
    """Give what people call the columns of the platform's records, where something calls them."""
    told: dict[tuple[str, str], str] = {}
    for model in apps.get_models() if nodes else ():
        node = model._meta.db_table  # noqa: SLF001 - the way to a table's name
        if node in nodes:
            for field in model._meta.concrete_fields:  # noqa: SLF001
                told[node, str(field.column)] = str(field.verbose_name) if not str(field.verbose_name).isascii() else ""
            told |= {(node, name): title for name, title in RECORDS.get(node, Record("")).columns.items()}
    return {key: title for key, title in told.items() if title}


def visible_resources(tables: Iterable[LineageTable], viewer: grants.Viewer, *, on: date) -> set[int]:
    """Give the ids of the entries behind tables that the viewer may open."""
    wanted = {table.resource_id for table in tables if table.resource_id is not None}
    return set(DataResource.objects.visible_to(viewer, on=on).filter(pk__in=wanted).values_list("pk", flat=True))


def _first_tables(nodes: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(nodes), 500):
        rows = LineageTable.objects.filter(node__in=nodes[at : at + 500]).order_by("pk").values_list("node", "pk")
        for node, table in rows:
            found.setdefault(node, table)
    return found


def _by_id(told: Mapping[int, list[int]]) -> Case:
    cases = [When(pk__in=ids, then=Value(number)) for number, ids in told.items()]
    return Case(*cases, default=Value(0), output_field=IntegerField())
