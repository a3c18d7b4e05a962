"""The house's checks on the engine of the settings. On Spark they run in a process of its own: a process has one session."""

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import NOW
from pytest_django import Settings
from resources.catalogue.town import Town
from resources.quality.lake import check, deliver, row
from spark_process import run_on_spark

from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.errors import DataUnreadable
from chengshu.dataplane.lake.reading import ActiveFiles
from chengshu.dataplane.runs.offering import offer_table
from chengshu.resources.contracts.quality import RuleDraft
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import CheckFailed, CheckRun
from chengshu.resources.models import DataResource

HERE = Path(__file__).parent


@pytest.mark.spark
@pytest.mark.skipif(shutil.which("java") is None, reason="the other tests on Spark say that Java is missing")
def test_a_month_is_checked_on_spark_as_on_duckdb(tmp_path: Path) -> None:
    run_on_spark(tmp_path, HERE / "month_on_spark.py")


def test_an_engine_that_cannot_be_opened_fails_the_check_with_the_cure_and_leaves_previews_alone(
    town: Town, resource: DataResource, settings: Settings
) -> None:
    deliver(resource, [row("1")])
    settings.ENGINE = EngineChoice("spark", "spark://127.0.0.1:9")
    with pytest.raises(CheckFailed, match="CHENGSHU_SPARK_SHARED"):
        check(resource, town)
    assert "CHENGSHU_SPARK_SHARED" in CheckRun.objects.get().fault
    draft = RuleDraft("x", "x", {"kind": "not_null", "columns": ["xm"]})
    assert quality.preview_rule(resource, draft, viewer=town.steward, now=NOW).checked == 1
    with pytest.raises(CheckFailed, match="CHENGSHU_SPARK_SHARED"):
        quality.profile_resource(resource.pk, now=NOW)


def test_a_lake_that_the_cluster_does_not_see_is_refused(tmp_path: Path) -> None:
    class Cluster:
        shared = tmp_path / "shared"

    engine: Any = Cluster()
    with pytest.raises(DataUnreadable, match="CHENGSHU_VAR_DIR"):
        offer_table(engine, "data", ActiveFiles(0, (str(tmp_path / "湖" / "1.parquet"),), 1, pa.schema([])))
