"""Profiles are made by a job after a check, one a version, and the newest of them are kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from chengshu.dataplane.errors import DataplaneError
from chengshu.resources.errors import CheckFailed
from chengshu.resources.models import CheckRun, DataResource, TableProfile
from chengshu.resources.queries.quality_profiles import list_profiles
from chengshu.resources.queries.quality_rules import lake_table
from chengshu.resources.rules.masking import mask_value
from chengshu.resources.rules.quality import READ_AS

MOST_PROFILES = 24
"""Profiles that are kept of a resource: those of two years of monthly versions."""
_HIDDEN = 4
_LONGEST_VALUE = 80


def profile_resource(resource_id: int, *, now: datetime, run: CheckRun | None = None) -> TableProfile:
    """Profile a resource's table as it is now; a version that has a profile keeps it.

    Raises:
        CheckFailed: there is no table, or it cannot be read.
    """
    from chengshu.resources.pipelines.profiling import Wanted, profile_table  # noqa: PLC0415 - heavy

    resource: DataResource = DataResource.objects.get(pk=resource_id)
    table = lake_table(resource)
    facts = {code: (kind, grade) for code, kind, grade in resource.fields.values_list("code", "type", "grade")}
    before = list_profiles(resource).filter(table=table).first()
    edges = {column["name"]: column["edges"] for column in before.columns if column["edges"]} if before else {}
    read_as = {code: READ_AS[kind] for code, (kind, _grade) in facts.items() if kind in READ_AS}
    hidden = {code for code, (_kind, grade) in facts.items() if grade >= _HIDDEN}
    try:
        profiled = profile_table(Wanted(str(settings.LAKE_ROOT), table, read_as, hidden, edges))
    except DataplaneError as fault:
        raise CheckFailed(fault.message, resource=resource_id) from fault
    grades = {code: grade for code, (_kind, grade) in facts.items()}
    columns = [_masked(column, grades.get(column["name"], resource.grade)) for column in profiled.columns]
    with transaction.atomic():
        kept, _is_new = TableProfile.objects.get_or_create(
            resource=resource,
            table=table,
            version=profiled.version,
            defaults={"run": run, "rows": profiled.rows, "columns": columns, "made_at": now},
        )
        beyond = list_profiles(resource).values_list("pk", flat=True)[MOST_PROFILES:]
        TableProfile.objects.filter(pk__in=list(beyond)).delete()
    profile: TableProfile = kept
    return profile


def _masked(column: Mapping[str, Any], grade: int) -> dict[str, Any]:
    """Mask what a column's values are before they are kept, by the grade of its field or of the resource."""
    if grade >= _HIDDEN:
        return {**column, "min": None, "max": None, "top": [], "edges": [], "bins": []}
    bounds = {name: None if column[name] is None else _shown(column[name], grade) for name in ("min", "max")}
    return {**column, **bounds, "top": [[_shown(value, grade), times] for value, times in column["top"]]}


def _shown(value: str, grade: int) -> str:
    return mask_value(value.replace("\x00", ""), grade)[:_LONGEST_VALUE]
