"""A month's checks and profiles on Spark, as the settings choose it: what test_on_spark.py runs in a process of its own."""

import logging
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import NOW
from django.utils import timezone
from django.utils.timezone import localdate
from pytest_django import Settings
from resources.catalogue.town import Town
from resources.quality.lake import BAD_ID, check, deliver, row

from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.writing import Entry, replace
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import CheckRun, RuleDraft
from chengshu.resources.models import DataResource, IssueRow, RuleOutcome
from chengshu.resources.pipelines.profiling import Wanted, profile_table

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]

logging.getLogger("py4j").setLevel(logging.WARNING)  # it speaks when all streams are closed

MASTER = os.environ.get("CHENGSHU_TEST_SPARK", "") or "local[2]"
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
TUNING = {
    "spark.executor.memory": "512m",
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
    "spark.sql.shuffle.partitions": "2",
}
ROWS = [row("1"), row("2", sfzh=BAD_ID), row("3", sfzh=None), row("4", xm=" ", djrq="2024-02-30"), row("5")]


def _outcomes(run: CheckRun) -> list[Any]:
    found = RuleOutcome.objects.filter(run=run).order_by("rule__key")
    return list(found.values_list("rule__key", "checked", "failed", "is_passed", "observed", "fault"))


def _owed() -> set[tuple[str, str, str]]:
    """Give every row that is owed: its rule, its key and its failing cell."""
    rows = IssueRow.objects.filter(fate="owed").values_list("rule__key", "key", "value")
    return {(rule, str(key), value) for rule, key, value in rows}


@pytest.fixture
def ruled(resource: DataResource, town: Town) -> DataResource:
    """The register with rules that look at rows together and at the table as a whole, beside those of single rows."""
    for key, definition in (
        ("days", {"kind": "timeliness", "columns": ["djrq"], "within": "31d"}),
        ("once", {"kind": "unique", "columns": ["xm"]}),
        ("nulls", {"kind": "history_drift", "measure": "nulls", "column": "xm", "tolerance": 0.2}),
    ):
        quality.write_rule(resource.pk, RuleDraft(key, key, definition), actor=town.steward, now=NOW)
    return resource


@pytest.fixture(params=["folder", "store"])
def lake(request: pytest.FixtureRequest, settings: Settings) -> None:
    """The house's lake in its data folder, which the cluster of the tests sees, and in an S3 store."""
    if request.param == "store":
        settings.LAKE_S3 = request.getfixturevalue("s3_address")


@pytest.mark.usefixtures("lake")
def test_a_month_is_checked_on_spark_as_on_duckdb(
    town: Town, ruled: DataResource, settings: Settings, tmp_path: Path
) -> None:
    deliver(ruled, ROWS)
    ours = check(ruled, town)
    owed = _owed()
    assert {rule for rule, _key, _value in owed} >= {"sfzh.check_digit", "once"}

    settings.ENGINE = EngineChoice("spark", MASTER, TUNING, tmp_path, memory="1GB")
    CheckRun.objects.filter(pk=ours.pk).update(month_on="2024-02-01")
    quality.plan_checks(localdate(), None, actor=town.steward, now=NOW)
    job = quality.order_missing(localdate(), actor=town.steward, now=timezone.now())
    job.refresh_from_db()
    assert job.result == {"month": f"{localdate():%Y-%m}-01", "checked": 1, "failed": 0}
    theirs = CheckRun.objects.filter(kind="full").latest("pk")
    assert theirs.pk != ours.pk
    assert (theirs.rows, _outcomes(theirs)) == (ours.rows, _outcomes(ours))
    assert _owed() == owed  # what was owed was looked at again on Spark, and nothing was added

    deliver(ruled, [row("2")], merge=True)
    assert quality.recheck_resource(ruled.pk, actor=None, now=timezone.now())
    assert owed - _owed() == {found for found in owed if found[:2] == ("sfzh.check_digit", "['2']")}


def test_a_profile_says_on_spark_what_it_says_on_duckdb(tmp_path: Path) -> None:
    """Of values that occur equally often either may be named, so here none do."""
    first = datetime(2024, 1, 1, tzinfo=UTC)
    numbers = [number for number in range(1, 25) for _ in range(number)]
    columns = {
        "id": [str(at) for at in range(300)],
        "at": [first + timedelta(hours=7 * number, milliseconds=250) for number in numbers],
        "day": [f"{first + timedelta(days=number):%Y-%m-%d}" for number in numbers],
        "amount": [Decimal(number) * Decimal("1.10") for number in numbers],
        "district": ["曹杨" if number % 3 else None for number in numbers],
        "is_open": [number % 3 == 0 for number in numbers],
        "few": [number % 2 for number in numbers],
        "none": pa.array([None] * 300, pa.string()),
    }
    lake = Lake(str(tmp_path / "lake"))
    replace(lake, TableName(Zone.RAW, "t"), pa.table(columns), entry=Entry("1", "王工"))
    theirs, ours = (
        profile_table(Wanted(lake, "raw/t", {"day": "date"}, {"id"}, {"few": [0.0, 1.0]}, on))
        for on in (EngineChoice("spark", MASTER, TUNING, tmp_path, memory="1GB"), EngineChoice())
    )
    assert theirs == ours
    assert [column["bins"] != [] for column in ours.columns] == [False, True, True, True, False, False, True, False]
