"""Reads of refused arrivals."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.models import COLLECT, RefusedArrival


def list_arrivals(viewer: User, *, on: date) -> QuerySet[Any]:
    """List the refused arrivals in sight, unordered, with `owner_name` of that day, their people and files."""
    rows = RefusedArrival.objects.visible_to(viewer, on=on).select_related("author", "file")
    added: dict[str, Any] = {"owner_name": organisations.name_expression(on, of="organisation_id")}
    return rows.annotate(**added)


def list_arrival_places(viewer: User, *, on: date) -> list[Organisation]:
    """List the organisations whose refused arrivals are in sight, by code, with the `name` of that day."""
    return list(grants.list_permitted_organisations(viewer, COLLECT, on=on).existing_on(on).order_by("code"))


def holds_arrival(file_id: int, viewer: User, on: date) -> bool | None:
    """Tell whether the viewer may have the copy of a refused arrival; None for a file that is none."""
    kept = RefusedArrival.objects.filter(file=file_id)
    seen = RefusedArrival.objects.visible_to(viewer, on=on).filter(file=file_id)
    return seen.exists() or (False if kept.exists() else None)
