"""Tests of a table as a whole that the platform judges: against its deliveries, and against its own history."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from chengshu.resources.models import DataResource, QualityRule
from chengshu.resources.queries.quality_profiles import last_delivery, list_history
from chengshu.resources.rules.table_tests import DRIFT, Measured, is_platform_kind, judge, read_table_test

if TYPE_CHECKING:
    from chengshu.resources.pipelines.quality import Found


def judge_tables(
    resource: DataResource,
    rules: Iterable[QualityRule],
    measured: Measured | None,
    *,
    table: str,
    version: int,
    now: datetime,
) -> Iterator["Found"]:
    """Give what those rules found that the scan does not judge; `measured` is what it counted for them."""
    from chengshu.resources.pipelines.quality import Found  # noqa: PLC0415 - heavy: imported where it runs

    if measured is None:
        return
    at = last_delivery(resource) or measured.delivered_at
    known = replace(measured, delivered_at=at)
    histories: dict[int, list[Measured]] = {}
    for rule in rules:
        if not is_platform_kind(rule.definition):
            continue
        test = read_table_test(rule.definition)
        if test.column and test.column not in known.nulls:
            fault = f"数据中没有列“{test.column}”，未能检查。请核对编目与来源的列名。"
            yield Found(rule.key, fault=fault, is_passed=False)
            continue
        if test.kind == DRIFT and test.last not in histories:
            histories[test.last] = list_history(resource, table, before=version, last=test.last)
        history = histories[test.last] if test.kind == DRIFT else []
        fails, seen = judge(test, known, history, now=timezone.localtime(now))
        yield Found(rule.key, checked=1, failed=int(fails), is_passed=not fails, observed=seen, is_of_table=True)
