"""A small real lake with the marriage register of the civil department, and what tests do to it."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

import pyarrow as pa
from conftest import NOW
from resources.catalogue.town import Town, published

from chengshu.dataplane.lake import reading, writing
from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.resources.facade import quality
from chengshu.resources.facade.deliveries import open_lake
from chengshu.resources.facade.quality import CheckRun, QualityIssue, QualityRule
from chengshu.resources.models import DataResource
from chengshu.resources.rules.lake_tables import lake_table_name

GOOD_ID, BAD_ID = "11010519491231002X", "110105194912310021"
_names = count(1)
Row = Mapping[str, Any]


def row(number: str, **more: Any) -> dict[str, Any]:
    """Give a row of the register that breaks no rule; `more` overrides its cells."""
    return {"djbh": number, "xm": "王五", "sfzh": GOOD_ID, "djrq": "2024-01-31"} | more


def deliver(resource: DataResource, rows: Iterable[Row], *, merge: bool = False) -> int:
    """Put rows in place of what the table holds, or merge them by number; give the version."""
    table = pa.Table.from_pylist(list(rows), schema=pa.schema([(name, pa.string()) for name in row("1")]))
    lake, entry = open_lake(), writing.Entry(f"delivery-{next(_names)}", "tests")
    name = TableName(Zone.STANDARD, lake_table_name(resource.code))
    if merge:
        return writing.merge(lake, name, table, key=["djbh"], entry=entry).version
    return writing.replace(lake, name, table, entry=entry).version


def held(resource: DataResource) -> dict[str, dict[str, Any]]:
    """Give what the table holds, by number."""
    name = TableName(Zone.STANDARD, lake_table_name(resource.code))
    return {line["djbh"]: line for line in reading.read(open_lake(), name).to_pylist()}


def register(town: Town) -> DataResource:
    """Publish the register and make its rules, with one for the number of the person beside what the catalogue says."""
    resource = published(town)
    quality.remake_rules(resource.pk, actor=town.steward, now=NOW)
    draft = quality.RuleDraft(
        "sfzh.check_digit",
        "公民身份号码校验码正确",
        {"kind": "check_digit", "scheme": "citizen_id", "columns": ["sfzh"]},
    )
    quality.write_rule(resource.pk, draft, actor=town.steward, now=NOW)
    return resource


def check(resource: DataResource, town: Town) -> CheckRun:
    """Have the table checked."""
    return quality.check_resource(resource.pk, actor=town.steward, now=NOW)


def the_issue(**more: Any) -> QualityIssue:
    """Give the one issue there is with these columns."""
    found: QualityIssue = QualityIssue.objects.select_related("ticket").get(**more)
    return found


def the_rule(key: str) -> QualityRule:
    """Give the rule with this key."""
    found: QualityRule = QualityRule.objects.get(key=key)
    return found
