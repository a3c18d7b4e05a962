"""A standard table and a topic table on Spark, as the settings choose it: what test_on_spark.py runs in a process of its own."""

import logging
import os
from pathlib import Path

import pytest
from conftest import NOW
from pytest_django import Settings
from resources.processing.register import BAD_ID, GOOD_ID, Register, last_of, work
from resources.processing.test_declared import CODE, the_pipeline

from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.resources.facade import processing
from chengshu.resources.facade.processing_work import order_declared_due, sync_declared
from chengshu.resources.models import PipelineRun

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
ROWS = (
    f"1,王五,{GOOD_ID},2024-01-31",
    f" 2 ,李四　,{GOOD_ID},2024-02-29",
    f"3,赵六,{BAD_ID},2024-03-01",
    f"4,钱七,{GOOD_ID},2024-02-30",
    f"5,周九,{GOOD_ID},2024/03/03",
    f"5,周久,{GOOD_ID},2024-03-03",
    "6,吴十,,",
    "6,吴十,,",
    "7,郑一,,",
    "7 ,郑二,,",
    " ,王三,,",
)


def _digests(run: PipelineRun) -> list[tuple[str, int, str]]:
    return [(item["table"], item["rows"], item["digest"]) for item in run.outputs]


def _left_out(run: PipelineRun) -> tuple[object, list[tuple[object, ...]]]:
    rows = run.left_out_rows.order_by("number")
    return run.left_out, list(rows.values_list("reason", "key", "cells", "copies"))


def test_the_tables_are_those_of_duckdb(register: Register, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "pipelines"
    folder.mkdir()
    (folder / "civil.py").write_text(CODE, encoding="utf-8")
    settings.PIPELINES_DIR = str(folder)
    register.deliver(*ROWS)
    ours = work(register.begin())
    sync_declared(NOW)
    order_declared_due(NOW)
    counted = work(last_of(the_pipeline()))
    stayed_out = _left_out(ours)

    settings.ENGINE = EngineChoice("spark", MASTER, TUNING, tmp_path, memory="1GB")
    for run in (ours, counted):
        again = work(processing.repeat_run(run.uuid, actor=register.town.steward, now=NOW))
        assert (again.engine.partition(" ")[0], _digests(again)) == ("spark", _digests(run))
    anew = work(processing.ask_run(ours.pipeline_id, actor=register.town.steward, now=NOW))
    assert (anew.engine.partition(" ")[0], _left_out(anew)) == ("spark", stayed_out)
    assert set(register.held()) == {"1", "2", "6"}
