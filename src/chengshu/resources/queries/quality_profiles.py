"""Profiles of tables: what a table's columns look like, how they looked before, and when it was last delivered."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from chengshu.resources.contracts.collection import DeliveryState
from chengshu.resources.models import DataResource, Delivery, QualityRule, TableProfile
from chengshu.resources.rules.masking import mask_value
from chengshu.resources.rules.table_tests import Counting, Measure, Measured, is_platform_kind, read_table_test

HIDDEN_GRADE = 4
"""Grade from which nothing of a column's values is shown, not even how they are spread."""
_LONGEST_VALUE = 80


def columns_measured(rules: Iterable[QualityRule]) -> Counting | None:
    """Give what is to be counted for the tests that the platform judges; None when no rule is such a test."""
    tests = [read_table_test(rule.definition) for rule in rules if is_platform_kind(rule.definition)]
    if not tests:
        return None
    distinct = dict.fromkeys(test.column for test in tests if test.measure is Measure.DISTINCT)
    return Counting(tuple(dict.fromkeys(test.column for test in tests if test.column)), tuple(distinct))


def list_history(resource: DataResource, table: str, *, before: int, last: int) -> list[Measured]:
    """Give what the profiles of the last versions before one measured, the newest first."""
    profiles: QuerySet[TableProfile] = TableProfile.objects.filter(resource=resource, table=table, version__lt=before)
    return [_measured(one) for one in profiles.order_by("-version")[:last]]


def last_delivery(resource: DataResource) -> datetime | None:
    """Give the moment when rows of a resource's source were last taken; None where it has no source."""
    taken = Delivery.objects.filter(
        source__resource=resource, source__is_active=True, state=DeliveryState.TAKEN
    ).aggregate(at=Max("ended_at"))
    at: datetime | None = taken["at"]
    return at


def list_profiles(resource: DataResource) -> QuerySet[TableProfile]:
    """List the profiles of a resource in sight, the newest first."""
    rows: QuerySet[TableProfile] = TableProfile.objects.filter(resource=resource)
    return rows.order_by("-made_at", "-version")


def show_profiles(resource: DataResource) -> list[TableProfile]:
    """Give the profiles of the table that a resource has now, the oldest first, masked by the grades of today."""
    newest = list_profiles(resource).first()
    if newest is None:
        return []
    profiles = list(list_profiles(resource).filter(table=newest.table))[::-1]
    grades = dict(resource.fields.values_list("code", "grade"))
    for profile in profiles:
        profile.columns = [mask_column(one, grades.get(one["name"], resource.grade)) for one in profile.columns]
    return profiles


def mask_column(column: Mapping[str, Any], grade: int) -> dict[str, Any]:
    """Mask what a column's values are, by the grade of its field or of the resource; masked twice is masked once."""
    if grade >= HIDDEN_GRADE:
        return {**column, "min": None, "max": None, "top": [], "edges": [], "bins": []}
    bounds = {name: None if column.get(name) is None else _shown(column[name], grade) for name in ("min", "max")}
    top = [[_shown(value, grade), times] for value, times in column.get("top", [])]
    kept = {"edges": column.get("edges", []), "bins": column.get("bins", []), "kind": column.get("kind", "other")}
    return {**column, **kept, **bounds, "top": top}


def _shown(value: str, grade: int) -> str:
    return mask_value(value.replace("\x00", ""), grade)[:_LONGEST_VALUE]


def _measured(profile: TableProfile) -> Measured:
    return Measured(
        profile.rows,
        {column["name"]: column["nulls"] for column in profile.columns},
        {column["name"]: column["distinct"] for column in profile.columns},
    )
