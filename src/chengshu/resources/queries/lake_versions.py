"""The versions of a table of the lake, and its rows as they were at one: time travel for people. Heavy to import."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from chengshu.dataplane.errors import DataplaneError, LakeFault, LakeTableUnknown
from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.lake.reading import Snapshot, active_files, first_rows, list_snapshots, resolve_version
from chengshu.dataplane.tables.describing import TYPE_NAMES
from chengshu.dataplane.tables.shapes import Type
from chengshu.kernel.grants import facade as grants
from chengshu.resources.errors import PipelineNotFound, ProcessingRefused
from chengshu.resources.models import SEE_PROCESSING, DataResource, Delivery, PipelineRun
from chengshu.resources.pipelines.measuring import CORRECTION
from chengshu.resources.queries.lake import open_lake
from chengshu.resources.queries.recipes import type_of
from chengshu.resources.queries.row_sight import sees_whole_rows
from chengshu.resources.queries.table_owners import TableOwner, find_owner
from chengshu.resources.rules.masking import HIDDEN, mask_value

MOST_VERSIONS, SHOWN_ROWS = 200, 50
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a table: what the log says, and what made it: a delivery, a quality issue (by their ids), or a run."""

    snapshot: Snapshot
    delivery: int | None = None
    run: UUID | None = None
    issue: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A version's columns with their types, number of rows, and the first rows, masked by grade."""

    version: int
    rows: int
    columns: tuple[tuple[str, str], ...]
    first: tuple[tuple[str, ...], ...]
    is_whole: bool


def get_table(zone: str, name: str, *, viewer: grants.Viewer, on: date) -> TableOwner:
    """Return whose table it is.

    Raises:
        PipelineNotFound: there is none in sight.
    """
    refused = PipelineNotFound(_("数据湖里没有这张表，或您无权查看。"), table=f"{zone}/{name}")
    try:
        table = TableName(Zone(zone), name)
    except (ValueError, LakeFault) as fault:
        raise refused from fault
    owner = find_owner(table)
    if owner.department_id is None and table.zone is Zone.TOPIC:
        is_seen = grants.is_permitted_anywhere(viewer, SEE_PROCESSING, on=on)
    elif owner.department_id is None:  # nobody's: for who sees the whole city
        is_seen = _sees_city(viewer, on)
    else:
        is_seen = grants.is_permitted(viewer, SEE_PROCESSING, owner.department_id, on=on)
    if not is_seen:
        raise refused
    return owner


def _sees_city(viewer: grants.Viewer, on: date) -> bool:
    try:
        grants.require_in_city(viewer, SEE_PROCESSING, on=on)
    except grants.PermissionRefused:
        return False
    return True


def list_versions(owner: TableOwner) -> list[Version]:
    """Return the versions of a table, the newest first, at most `MOST_VERSIONS`.

    Raises:
        PipelineNotFound: there is no such table, and nobody to write one.
        ProcessingRefused: nothing was written yet, or the lake does not answer; the message says so.
    """
    try:
        snapshots = list_snapshots(open_lake(), owner.table, limit=MOST_VERSIONS)
    except LakeTableUnknown as fault:
        if owner.department_id is None:  # neither anybody's nor there
            raise PipelineNotFound(fault.message, table=str(owner.table)) from fault
        raise ProcessingRefused(fault.message) from fault
    except DataplaneError as fault:
        raise ProcessingRefused(fault.message) from fault
    uuids = {one.version: found[0] for one in snapshots if (found := _UUID.search(one.note))}
    deliveries = dict(Delivery.objects.filter(uuid__in=uuids.values()).values_list("uuid", "pk"))
    runs = set(PipelineRun.objects.filter(uuid__in=uuids.values()).values_list("uuid", flat=True))
    return [_version(one, uuids.get(one.version), deliveries, runs) for one in snapshots]


def _version(snapshot: Snapshot, told: str | None, deliveries: Mapping[UUID, int], runs: Collection[UUID]) -> Version:
    made_by = UUID(told) if told else None
    corrected = snapshot.note.removeprefix(CORRECTION) if snapshot.note.startswith(CORRECTION) else ""
    return Version(
        snapshot,
        delivery=deliveries.get(made_by) if made_by else None,
        run=made_by if made_by in runs else None,
        issue=int(corrected) if corrected.isdigit() else None,
    )


def read_version(
    owner: TableOwner, viewer: grants.Viewer, *, on: date, version: int | None = None, moment: datetime | None = None
) -> Content:
    """Return what a table held at a version, or at a moment; the newest without either.

    Raises:
        ProcessingRefused: there is no such version, its files were taken away, or the lake is silent; the message says so.
    """
    lake = open_lake()
    try:
        at = resolve_version(lake, owner.table, version=version, moment=moment)
        files = active_files(lake, owner.table, version=at)
        held = first_rows(lake, owner.table, count=SHOWN_ROWS, version=at)
    except DataplaneError as fault:
        raise ProcessingRefused(fault.message) from fault
    is_whole = owner.department_id is not None and sees_whole_rows(viewer, owner.department_id, on=on)
    grades = None if is_whole else _grades(owner)
    columns = tuple((column.name, TYPE_NAMES[Type(type_of(column.type))]) for column in files.schema)
    first = tuple(
        tuple(_show(name, row[name], grades) for name, _kind in columns if name in row) for row in held.to_pylist()
    )
    return Content(at, files.rows, columns, first, is_whole)


def _show(name: str, value: Any, grades: Mapping[str, int] | None) -> str:
    if value is None:
        return ""
    told = f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)
    if grades is None:
        return told
    return mask_value(told, grades[name.lower()]) if name.lower() in grades else HIDDEN


def _grades(owner: TableOwner) -> Mapping[str, int]:
    """Give the grades of the columns, by their names in small letters."""
    if owner.resource_id is None:
        return owner.grades
    fields = DataResource.objects.get(pk=owner.resource_id).fields
    return {code.lower(): grade for code, grade in fields.values_list("code", "grade")}
