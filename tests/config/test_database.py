"""The embedded database stands up to a site and a worker that write at the same time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_PRINT = """
import django, sys
from chengshu.config.env import name_settings_module
name_settings_module()
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    print(cursor.execute(f"PRAGMA {sys.argv[1]}").fetchone()[0])
"""


@pytest.mark.parametrize(
    ("pragma", "expected"), [("journal_mode", "wal"), ("foreign_keys", "1"), ("busy_timeout", "20000")]
)
def test_embedded_database_is_set_up(tmp_path: Path, pragma: str, expected: str) -> None:
    environment = {"PATH": os.defpath, "CHENGSHU_VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", _PRINT, pragma]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == expected
