"""How a resource's standard table is made now, by its entry, its rules and its raw table. Heavy to import."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
from django.utils.translation import gettext as _

from chengshu.dataplane.errors import LakeTableUnknown
from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.lake.reading import active_files
from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.contracts.processing import Recipe, RecipeColumn
from chengshu.resources.errors import ProcessingRefused
from chengshu.resources.models import DataResource, DataSource, Field, QualityRule
from chengshu.resources.queries.lake import open_lake
from chengshu.resources.rules.lake_tables import lake_table_name


def find_recipe(resource: DataResource) -> Recipe:
    """Give the recipe of a resource as it is today.

    Raises:
        ProcessingRefused: nothing was collected for the resource yet.
    """
    source = DataSource.objects.filter(resource=resource).order_by("-is_active", "pk").first()
    if source is None:
        raise ProcessingRefused(_("“%(name)s”没有数据源，还不能标准化。请先登记数据源。") % {"name": resource.name})
    raw = _raw_types(source)
    fields = list(resource.fields.exclude(type=ValueType.BINARY).select_related("element").order_by("number"))
    _require_key(resource, fields, raw)
    return Recipe(
        code=resource.code,
        title=resource.name,
        raw=f"{Zone.RAW}/{source.table}",
        target=f"{Zone.STANDARD}/{lake_table_name(resource.code)}",
        columns=tuple(_columns(fields, raw)),
        rules=tuple(_rules(resource)),
        absent={field.code.lower(): field.type for field in fields if field.code.lower() not in raw},
    )


def _require_key(resource: DataResource, fields: list[Field], raw: Mapping[str, str]) -> None:
    lacking = [field.name for field in fields if field.is_key and field.code.lower() not in raw]
    if lacking:
        message = _("“%(name)s”的湖表里没有主键“%(keys)s”，不能去重。请核对编目的主键和来源的列。")
        raise ProcessingRefused(message % {"name": resource.name, "keys": _("、").join(lacking)})


def _rules(resource: DataResource) -> Iterator[dict[str, Any]]:
    """Give the active rules with how many rows may break them: such a rule chooses no rows, as it faults none."""
    rules = QualityRule.objects.filter(resource=resource, is_active=True).order_by("key")
    for key, definition, threshold in rules.values_list("key", "definition", "threshold"):
        yield {**definition, "key": key} | ({"threshold": float(threshold)} if threshold else {})


def _columns(fields: list[Field], raw: Mapping[str, str]) -> Iterator[RecipeColumn]:
    for field in fields:
        code = field.code.lower()
        if code in raw:
            yield RecipeColumn(
                code=code,
                name=field.name,
                type=field.type,
                raw_type=raw[code],
                element=field.element.code if field.element else "",
                grade=field.grade,
                is_key=field.is_key,
            )


def _raw_types(source: DataSource) -> dict[str, str]:
    """Give the columns of a source's table in small letters, with their types."""
    try:
        schema = active_files(open_lake(), TableName(Zone.RAW, source.table)).schema
    except LakeTableUnknown as fault:
        message = _("“%(name)s”还没有归集过，没有可加工的行。请等第一次交付。") % {"name": source.name}
        raise ProcessingRefused(message) from fault
    for column in schema:
        if pa.types.is_nested(column.type) or pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            told = {"name": source.name, "column": column.name}
            message = _("“%(name)s”的列“%(column)s”是清单或二进制，还不能标准化。请来源单位改为单个的值。") % told
            raise ProcessingRefused(message)
    return {column.name.lower(): type_of(column.type) for column in schema}


def type_of(given: Any) -> str:
    """Give a type of the lake as tables are declared; what is no other counts as text."""
    kinds = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_decimal, "decimal"),
        (pa.types.is_floating, "double"),
        (pa.types.is_date, "date"),
        (pa.types.is_timestamp, "moment"),
    )
    return next((kind for matches, kind in kinds if matches(given)), "text")
