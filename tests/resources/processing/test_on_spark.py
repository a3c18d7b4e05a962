"""Processing on the engine of the settings. On Spark it runs in a process of its own: a process has one session."""

import shutil
from pathlib import Path

import pytest
from spark_process import run_on_spark


@pytest.mark.spark
@pytest.mark.skipif(shutil.which("java") is None, reason="the other tests on Spark say that Java is missing")
def test_standard_and_topic_tables_are_made_on_spark_as_on_duckdb(tmp_path: Path) -> None:
    run_on_spark(tmp_path, Path(__file__).parent / "standard_on_spark.py")
