"""A house that recorded before there was a chain: its entries are chained when it is brought up to date."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def house(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "CHENGSHU_VAR_DIR": str(tmp_path / "var")}


def _run(house: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chengshu", *arguments]
    return subprocess.run(command, env=house, capture_output=True, text=True, check=False, timeout=300)


def _verify(house: dict[str, str]) -> Any:
    return json.loads(_run(house, "audit", "verify", "--json").stdout)


def test_old_entries_are_chained_and_guarded(house: dict[str, str], tmp_path: Path) -> None:
    assert _run(house, "manage", "migrate", "audit", "0001").returncode == 0
    with sqlite3.connect(tmp_path / "var" / "chengshu.sqlite3") as database:
        database.executemany(
            "INSERT INTO audit_entry (at, action, subject, reason, details) VALUES (?, 'tests.see', 'form:1', '', ?)",
            [("2024-03-15 06:05:00", '{"confidence": 0.5, "rows": [1, 1e2]}')] * 1_200,
        )
    database.close()
    migrated = _run(house, "manage", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert _verify(house) == {"entries": 1_200, "heads": 0, "broken": None}
    database = sqlite3.connect(tmp_path / "var" / "chengshu.sqlite3")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute("UPDATE audit_entry SET reason = 'x' WHERE id = 700")
    database.execute("DROP TRIGGER audit_entry_no_update")
    database.execute("UPDATE audit_entry SET reason = 'x' WHERE id = 700")
    database.commit()
    database.close()
    broken = _run(house, "audit", "verify", "--json")
    assert broken.returncode == 1
    assert json.loads(broken.stdout) == {
        "entries": 699,
        "heads": 0,
        "broken": {"entry": 700, "reason": "entry_changed"},
    }
