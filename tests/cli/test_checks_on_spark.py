"""`chengshu resources check --engine spark` on this machine, in a process of its own: a process has one session."""

import shutil
from pathlib import Path

import pytest
from spark_process import run_on_spark


@pytest.mark.spark
@pytest.mark.skipif(shutil.which("java") is None, reason="the other tests on Spark say that Java is missing")
def test_every_kind_of_data_is_checked_as_duckdb_does(tmp_path: Path) -> None:
    run_on_spark(tmp_path, Path(__file__).parent / "on_spark.py")
