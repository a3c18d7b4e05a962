"""Logs are one JSON object a line and keep silent about people."""

import json
import os
import subprocess
import sys
from pathlib import Path

_LOG = """
import django, structlog
from chengshu.config.env import name_settings_module
name_settings_module()
django.setup()
log = structlog.get_logger("tests")
log.debug("not_wanted")
try:
    person = "陈专员"
    raise ValueError(f"no account of {person}")
except ValueError:
    log.exception("it_failed", job="17")
"""


def _lines(tmp_path: Path, **environment: str) -> list[str]:
    variables = {"PATH": os.defpath, "CHENGSHU_VAR_DIR": str(tmp_path), "PYTHONIOENCODING": "utf-8", **environment}
    result = subprocess.run([sys.executable, "-c", _LOG], env=variables, capture_output=True, text=True, check=True)
    return result.stderr.splitlines()


def test_a_line_is_an_object_with_event_level_and_moment(tmp_path: Path) -> None:
    (line,) = _lines(tmp_path)
    event = json.loads(line)
    assert (event["event"], event["level"], event["job"]) == ("it_failed", "error", "17")
    assert event["timestamp"].endswith("Z")


def test_a_fault_is_logged_by_type_and_lines_without_its_words(tmp_path: Path) -> None:
    (line,) = _lines(tmp_path)
    assert json.loads(line)["exception"][0]["exc_type"] == "ValueError"
    assert "陈专员" not in line


def test_a_developer_reads_whole_tracebacks(tmp_path: Path) -> None:
    lines = _lines(tmp_path, CHENGSHU_LOG_FORMAT="console", CHENGSHU_LOG_LEVEL="DEBUG")
    assert "no account of" in "\n".join(lines)
    assert any("not_wanted" in line for line in lines)
