"""Drafts out of a source database: one for each table that is not in the catalogue yet."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.contracts.arrivals import MOST_KEPT, Arrival, ArrivalKind
from chengshu.resources.contracts.catalogue import FieldContent, ResourceContent
from chengshu.resources.errors import ResourceInvalid, SourceUnreadable
from chengshu.resources.models import EDIT, DataElement, DataResource
from chengshu.resources.operations.arrivals import Sender, keeping_refused
from chengshu.resources.operations.entries import MOST_FIELDS, enter
from chengshu.resources.operations.indexing import index_resources
from chengshu.resources.queries.sources import ScannedColumn, ScannedTable, SourceDatabase, SqliteSource

_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ScanAsked:
    """What is scanned for whom: the department by its code, the name of the system, and the head of the codes."""

    department: str
    system: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan gave: the drafts, and the codes of tables that were in the catalogue already."""

    created: tuple[DataResource, ...]
    known: tuple[str, ...]


def scan_source(source: SourceDatabase, asked: ScanAsked, *, actor: User, now: datetime) -> Scanned:
    """Enter a draft for each table of a source that is not there yet; what is there is left as it is.

    A file that cannot be read is kept with the refusal.

    Columns become fields; one whose comment or name is that of a data element is told to be it.

    Raises:
        SourceUnreadable: the source cannot be read, or has no table.
        PermissionRefused: the actor may not edit entries of the department.
        ResourceInvalid: a table cannot be kept; `details["field"]` names the place.
    """
    if not isinstance(source, SqliteSource):  # a server has what it has; only a file comes
        return _scan_source(source, asked, actor=actor, now=now)

    def came() -> Arrival:
        department = organisations.find_organisation(asked.department)
        with source.path.open("rb") as file:
            content = file.read(MOST_KEPT + 1)
        return Arrival(ArrivalKind.DATABASE, source.path.name, content, department.pk if department else None)

    with keeping_refused(came, SourceUnreadable, Sender(actor, EDIT, now)):
        return _scan_source(source, asked, actor=actor, now=now)


@transaction.atomic
def _scan_source(source: SourceDatabase, asked: ScanAsked, *, actor: User, now: datetime) -> Scanned:
    tables = list(source.list_tables())
    if not tables:
        raise ResourceInvalid(_("这个库里没有表。"), field="source")
    codes = {table.name: _code(table.name, asked) for table in tables}
    known = set(DataResource.objects.filter(code__in=codes.values()).values_list("code", flat=True))
    elements = _elements_for(tables)
    created = tuple(
        enter(_content(table, codes[table.name], asked, elements), actor=actor, now=now)
        for table in tables
        if codes[table.name] not in known
    )
    details = {"system": asked.system, "created": len(created), "known": len(known)}
    record(actor, "resources.scan", f"department:{asked.department}", now=now, details=details)
    index_resources(created, now=now)
    return Scanned(created, tuple(sorted(known)))


def _code(table: str, asked: ScanAsked) -> str:
    """Give the code of a table's entry, in which no blanks may stand."""
    return "_".join(f"{asked.prefix}{drop_controls(table)}".split())


def _elements_for(tables: list[ScannedTable]) -> dict[str, DataElement]:
    words = {word for table in tables for column in table.columns for word in (column.comment, column.name) if word}
    return {element.name: element for element in DataElement.objects.filter(name__in=words)}


def _content(table: ScannedTable, code: str, asked: ScanAsked, elements: dict[str, DataElement]) -> ResourceContent:
    fields = tuple(_field(column, elements) for column in table.columns[:MOST_FIELDS])
    name = (table.comment or table.name)[:_NAME_LENGTH]
    return ResourceContent(code=code, name=name, department=asked.department, system=asked.system, fields=fields)


def _field(column: ScannedColumn, elements: dict[str, DataElement]) -> FieldContent:
    element = elements.get(column.comment) or elements.get(column.name)
    return FieldContent(
        code=column.name,
        name=(column.comment or column.name)[:_NAME_LENGTH],
        type=column.type,
        length=column.length,
        element=element.code if element else "",
        unit=element.unit if element else "",
        grade=element.grade if element else 1,
        is_key=column.is_key,
        is_nullable=column.is_nullable,
    )
