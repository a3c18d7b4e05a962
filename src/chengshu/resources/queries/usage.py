"""What the page of an entry tells of its rows and of who builds on it: a few rows, and the entries made of it."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.contracts.sections import Fact, SectionTold
from chengshu.resources.models import DataResource, DataSource, Field, FieldOrigin
from chengshu.resources.rules.lineage_names import column_keys

_ROWS = 5
_LONGEST = 60
_SHOWN = 20


def tell_users(resource_id: int, viewer: grants.Viewer, on: date) -> SectionTold | None:
    """Tell which entries have fields made of this one, each with its department; those out of sight are counted alone."""
    code = DataResource.objects.values_list("code", flat=True).get(pk=resource_id)
    users = set(FieldOrigin.objects.filter(source_code=code).values_list("resource_id", flat=True).distinct())
    users.discard(resource_id)
    if not users:
        return None
    seen = DataResource.objects.visible_to(viewer, on=on).filter(pk__in=users).order_by("name")
    departments = organisations.names_on(set(seen.values_list("department_id", flat=True)), on)
    facts = tuple(
        Fact(departments.get(owner, ""), name, reverse("resources:resource", args=[pk]))
        for pk, name, owner in seen.values_list("pk", "name", "department_id")[:_SHOWN]
    )
    return SectionTold(_("%(n)s 项数据资源由它加工而来。") % {"n": len(users)}, facts)


def tell_sample(resource_id: int, _viewer: grants.Viewer, _on: date) -> SectionTold | None:
    """Give the first rows of the entry's table in the lake as they are; they are masked before anybody sees them."""
    source = DataSource.objects.filter(resource=resource_id).order_by("pk").first()
    if source is None:
        return None
    from chengshu.dataplane.errors import DataplaneError  # noqa: PLC0415 - heavy: imported where it runs
    from chengshu.dataplane.lake.reading import first_rows  # noqa: PLC0415 - the same
    from chengshu.resources.queries.lake import open_lake, raw_table  # noqa: PLC0415 - the same

    try:
        rows = first_rows(open_lake(), raw_table(source), count=_ROWS)
    except DataplaneError:
        return None
    if not rows.num_rows:
        return None
    names = tuple(rows.schema.names)
    told = tuple(tuple(_text(row[name]) for name in names) for row in rows.to_pylist())
    keys = column_keys(Field.objects.filter(resource=resource_id).order_by("number").values_list("code", "name"))
    header = tuple(keys.get(name.casefold(), name) for name in names)
    return SectionTold(_("最近归集到的几行，按分级遮盖。"), header=header, rows=told)


def _text(value: object) -> str:
    return "" if value is None else str(value)[:_LONGEST]
