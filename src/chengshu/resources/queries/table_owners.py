"""Whose a table of the lake is, and of which grades its columns are. Heavy to import."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.tables.shapes import Shape
from chengshu.resources.models import DataPipeline, DataSource
from chengshu.resources.pipelines.declared import Declared, read_folder

_ZONES: Mapping[Zone, Promise] = {Zone.RAW: _("原始表"), Zone.STANDARD: _("标准表"), Zone.TOPIC: _("主题表")}


@dataclass(frozen=True, slots=True)
class TableOwner:
    """A table with the department and the resource that it belongs to; neither where it was declared in code.

    `title` is what people call it, `grades` are those that its declaration gives its columns.
    """

    table: TableName
    title: str
    department_id: int | None = None
    resource_id: int | None = None
    grades: Mapping[str, int] = field(default_factory=dict)


def find_owner(table: TableName) -> TableOwner:
    """Give whose a table is; of one that nobody knows, its name alone."""
    if table.zone is Zone.RAW:
        source = DataSource.objects.filter(table=table.name).first()
        if source is not None:
            return TableOwner(table, source.name, source.department_id, source.resource_id)
    if table.zone is Zone.STANDARD:
        for pipeline in DataPipeline.objects.filter(resource__isnull=False, outputs=[str(table)]).select_related(
            "resource"
        ):
            if pipeline.resource is not None:
                resource = pipeline.resource
                return TableOwner(table, resource.name, resource.department_id, resource.pk)
    return TableOwner(table, str(table), grades=_declared_grades(table))


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """A table that a pipeline in code makes, with the code of the organisation that its class names; empty for none."""

    table: TableName
    owner: str


def list_declared_tables() -> list[DeclaredTable]:
    """List the tables that the pipelines in code make."""
    return [
        DeclaredTable(output.table, next((s.owner for s in _shapes_of(one, output.table) if s.owner), ""))
        for one in read_folder(settings.PIPELINES_DIR).plans
        for output in one.plan.outputs
    ]


def name_tables(tables: Iterable[str]) -> dict[str, str]:
    """Give what people call tables of the lake, by zone and name: 婚姻登记信息 · 标准表."""
    named = {}
    for told in tables:
        zone, _slash, name = told.partition("/")
        table = TableName(Zone(zone), name)
        title = find_owner(table).title
        named[told] = f"{name if title == told else title} · {_ZONES[table.zone]}"
    return named


def _declared_grades(table: TableName) -> Mapping[str, int]:
    """Give the grades of a table that code declares: those of the plan's outcome, or of the class of its name."""
    for one in read_folder(settings.PIPELINES_DIR).plans:
        for shape in _shapes_of(one, table):
            return {column.name: column.grade for column in shape.columns if column.grade is not None}
    return {}


def _shapes_of(one: Declared, table: TableName) -> Iterator[Shape]:
    for output in one.plan.outputs:
        if output.table != table:
            continue
        pipeline = one.plan.pipeline
        if pipeline.output is not None and output.step == pipeline.outcome:
            yield pipeline.output
        yield from (shape for shape in one.tables if shape.name in (output.step, table.name))
