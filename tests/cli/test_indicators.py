"""`chengshu indicators` prints what its published contract says, and its exit codes tell what happened."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import empty_database
import jsonschema
import pytest

CHENGSHU = [sys.executable, "-m", "chengshu"]
SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
YEAR = ("--from", "2024-01-01", "--until", "2024-12-31")


def _schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"indicators-{name}.schema.json").read_text("utf-8"))


def _run(house: dict[str, str], *arguments: str, code: int = 0) -> str:
    ended = subprocess.run([*CHENGSHU, *arguments], env=house, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout if code == 0 else ended.stdout + ended.stderr


@pytest.fixture
def migrated(house: dict[str, str]) -> dict[str, str]:
    empty_database.copy_kept(Path(house["CHENGSHU_VAR_DIR"]) / "chengshu.sqlite3")
    _run(house, "manage", "migrate", "--verbosity", "0")
    return house


def test_an_indicator_is_listed_measured_and_verified(migrated: dict[str, str]) -> None:
    listed = [json.loads(line) for line in _run(migrated, "indicators", "list", "--json").splitlines()]
    for record in listed:
        jsonschema.validate(record, _schema("measure"))
    assert "tickets.on_time_rate" in {record["key"] for record in listed}
    measured = json.loads(_run(migrated, "indicators", "measure", "tickets.on_time_rate", *YEAR, "--json"))
    jsonschema.validate(measured, _schema("measure"))
    assert (measured["value"], measured["denominator"], measured["from"]) == (None, "0", "2024-01-01")
    verified = json.loads(_run(migrated, "indicators", "verify", str(measured["id"]), "--json"))
    jsonschema.validate(verified, _schema("verify"))
    assert verified == {"same": True, "was": measured["digest"], "is": measured["digest"]}


def test_what_does_not_exist_is_said_plainly(migrated: dict[str, str]) -> None:
    assert "tickets.none" in _run(migrated, "indicators", "measure", "tickets.none", *YEAR, code=1)
    scope = ("--scope", "organisation:000")
    assert "000" in _run(migrated, "indicators", "measure", "tickets.on_time_rate", *YEAR, *scope, code=1)
    assert "99" in _run(migrated, "indicators", "verify", "99", code=1)
    _run(migrated, "indicators", "measure", "tickets.on_time_rate", "--from", "yesterday", "--until", "today", code=2)
