"""Tests on Spark run in a process of their own: a process has one session, and this one may have it already."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUN_SECONDS = 600


def run_on_spark(folder: Path, *chosen: Path | str, master: str = "local[2]") -> str:
    """Run test files, or single tests of them, against a master; what they print is given once all of them pass."""
    options: list[str | Path] = ["-q", "-m", "spark", "-p", "no:randomly", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", ROOT / "pyproject.toml", *chosen],
        env={**os.environ, "CHENGSHU_TEST_SPARK": master, "SPARK_LOCAL_IP": "127.0.0.1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
