"""Trends and profiles as pages: charts with the same figures in a table, values masked, nothing of other departments."""

import json
import re
from datetime import timedelta
from typing import Any

from conftest import NOW
from django.test import Client
from django.utils.timezone import localdate
from resources.catalogue.town import Town
from resources.quality.fakes import add_issue

from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import QualityIssue, TableProfile, TrendScope
from chengshu.resources.models import DataResource, Field

TODAY = NOW.date()


def _drawn(html: str) -> dict[str, Any]:
    found = re.findall(r'<script id="chart-([a-z]+)-data" type="application/json">(.*?)</script>', html)
    return {key: json.loads(text) for key, text in found}


def _column(**more: Any) -> dict[str, Any]:
    return {
        "name": "xm",
        "kind": "text",
        "nulls": 1,
        "distinct": 2,
        "min": "王五",
        "max": "赵六",
        "shortest": 2,
        "longest": 2,
        "top": [["王五", 6], ["赵六", 3]],
        "edges": [],
        "bins": [],
    } | more


def _keep(resource: DataResource, version: int, *columns: dict[str, Any]) -> None:
    at = NOW + timedelta(days=version)
    TableProfile.objects.create(
        resource=resource, table="standard/t", version=version, rows=10, columns=list(columns), made_at=at
    )


def test_months_add_up_over_what_is_in_sight(client: Client, town: Town, resource: DataResource) -> None:
    issue = add_issue(resource, rows=2)
    QualityIssue.objects.filter(pk=issue.pk).update(rows_owed=1, rows_verified=1)
    months = quality.follow_months(town.operator, on=TODAY, scope=TrendScope())
    assert len(months) == 12
    now = months[-1]
    assert (now.name, now.checked, now.failed, now.opened, now.settled) == ("2024-03", 9, 2, 1, 0)
    assert (str(now.failed_pct), str(now.rate_pct), months[0].rate_pct) == ("22.22", "50.00", None)
    assert quality.follow_months(town.other, on=TODAY, scope=TrendScope()) == ()
    assert quality.follow_months(town.steward, on=TODAY, scope=TrendScope(department=town.market.pk)) == ()
    assert quality.follow_months(town.steward, on=TODAY, scope=TrendScope(resource=resource.pk)) == months
    before = quality.follow_months(town.steward, on=TODAY, scope=TrendScope(resource=resource.pk), months=1)
    assert [one.name for one in before] == ["2024-03"]
    QualityIssue.objects.all().update(opened_at=NOW + (localdate() - TODAY))
    client.force_login(town.operator)
    html = client.get(f"/resources/quality/trend/?resource={resource.pk}&department=x").content.decode()
    drawn = _drawn(html)
    assert set(drawn) == {"failed", "rate", "issues"}
    assert drawn["issues"]["series"][0]["values"][-1] == 1
    assert html.count('class="chart-table"') == 3
    client.force_login(town.reader)
    assert client.get("/resources/quality/trend/").status_code == 403


def test_a_profile_shows_columns_and_how_they_moved_masked_by_todays_grades(
    client: Client, town: Town, resource: DataResource
) -> None:
    client.force_login(town.operator)
    page = f"/resources/{resource.pk}/profile/"
    assert "还没有统计过" in client.get(page).content.decode()
    _keep(resource, 1, _column(nulls=0), _column(name="je", kind="integer", edges=[0, 10], bins=[0, 9, 1]))
    _keep(resource, 2, _column(), _column(name="je", kind="integer", edges=[0, 10], bins=[5, 4, 1]))
    html = client.get(page).content.decode()
    assert _drawn(html)["rows"]["categories"] == ["第 1 版", "第 2 版"]
    assert "王五 × 6" in html
    assert "10.0%" in html
    drawn = _drawn(client.get(f"{page}?column=xm").content.decode())
    assert drawn["spread"]["categories"] == ["王五", "赵六"]
    assert [series["values"] for series in drawn["spread"]["series"]] == [[60, 30], [60, 30]]
    assert drawn["nulls"]["series"][0]["values"] == [0, 10]
    bins = _drawn(client.get(f"{page}?column=je").content.decode())["spread"]
    assert bins["categories"] == ["< 0", "0 – 10", "≥ 10"]
    assert [series["values"] for series in bins["series"]] == [[0, 90, 10], [50, 40, 10]]
    assert client.get(f"{page}?column=none").status_code == 404
    Field.objects.filter(resource=resource, code="xm").update(grade=3)
    masked = client.get(f"{page}?column=xm").content.decode()
    assert "王五" not in masked
    assert "王*" in masked
    Field.objects.filter(resource=resource, code="xm").update(grade=4)
    assert "spread" not in _drawn(client.get(f"{page}?column=xm").content.decode())
    client.force_login(town.other)
    assert client.get(page).status_code == 403
