"""Profiles are made by a job after a check, one a version, and the newest of them are kept."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from chengshu.dataplane.errors import DataplaneError
from chengshu.resources.errors import CheckFailed
from chengshu.resources.models import CheckRun, DataResource, TableProfile
from chengshu.resources.queries.quality_profiles import HIDDEN_GRADE, list_profiles, mask_column
from chengshu.resources.queries.quality_rules import lake_table
from chengshu.resources.rules.quality import READ_AS

MOST_PROFILES = 24
"""Profiles that are kept of a resource: those of two years of monthly versions."""


def profile_resource(resource_id: int, *, now: datetime, run: CheckRun | None = None) -> TableProfile:
    """Profile a resource's table as it is now; a version that has a profile keeps it.

    Raises:
        CheckFailed: there is no table, or it cannot be read.
    """
    from chengshu.resources.pipelines.profiling import Wanted, profile_table  # noqa: PLC0415 - heavy
    from chengshu.resources.queries.lake import open_lake  # noqa: PLC0415 - the same

    resource: DataResource = DataResource.objects.get(pk=resource_id)
    table = lake_table(resource)
    facts = {code: (kind, grade) for code, kind, grade in resource.fields.values_list("code", "type", "grade")}
    before = list_profiles(resource).filter(table=table).first()
    edges = {column["name"]: column["edges"] for column in before.columns if column["edges"]} if before else {}
    read_as = {code: READ_AS[kind] for code, (kind, _grade) in facts.items() if kind in READ_AS}
    hidden = {code for code, (_kind, grade) in facts.items() if grade >= HIDDEN_GRADE}
    try:
        profiled = profile_table(Wanted(open_lake(), table, read_as, hidden, edges, settings.ENGINE))
    except DataplaneError as fault:
        raise CheckFailed(fault.message, resource=resource_id) from fault
    grades = {code: grade for code, (_kind, grade) in facts.items()}
    columns = [mask_column(column, grades.get(column["name"], resource.grade)) for column in profiled.columns]
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
