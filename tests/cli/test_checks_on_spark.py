"""`chengshu resources check --engine spark` on this machine, in a process of its own: a process has one session."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUN_SECONDS = 600
HERE = Path(__file__).parent


@pytest.mark.spark
@pytest.mark.skipif(shutil.which("java") is None, reason="the other tests on Spark say that Java is missing")
def test_every_kind_of_data_is_checked_as_duckdb_does(tmp_path: Path) -> None:
    options: list[str | Path] = ["-q", "-m", "spark", "-p", "no:randomly", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", HERE.parents[1] / "pyproject.toml", HERE / "on_spark.py"],
        env={**os.environ, "CHENGSHU_TEST_SPARK": "local[2]", "SPARK_LOCAL_IP": "127.0.0.1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
