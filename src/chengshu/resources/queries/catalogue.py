"""Entries out of the database: what a viewer may see, and only that."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.errors import ResourceNotFound
from chengshu.resources.models import DataResource


def list_resources(viewer: grants.Viewer, *, on: date) -> QuerySet[DataResource]:
    """List the entries in sight, unordered, each with the `department_name` of that day."""
    added: dict[str, Any] = {"department_name": organisations.name_expression(on, of="department_id")}
    rows: QuerySet[DataResource] = DataResource.objects.visible_to(viewer, on=on).annotate(**added)
    return rows


def get_resource(resource_id: int, *, viewer: grants.Viewer, on: date) -> DataResource:
    """Give one entry with the name of its department.

    Raises:
        ResourceNotFound: there is none in sight.
    """
    found = list_resources(viewer, on=on).filter(pk=resource_id).first()
    if found is None:
        raise ResourceNotFound(_("没有这项数据资源，或您无权查看。"), resource=resource_id)
    return found


def list_departments(viewer: grants.Viewer, *, on: date) -> list[Organisation]:
    """List the departments of the entries in sight, by code, with the `name` of that day."""
    seen = DataResource.objects.visible_to(viewer, on=on).order_by()
    ids = set(seen.values_list("department_id", flat=True).distinct())
    return list(organisations.list_organisations(on=on, within=ids).order_by("code"))
