"""`chengshu audit`, as an operator and a machine call it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from jsonschema import Draft202012Validator

from chengshu.cli.audit import audit as command
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.contracts import Reason

Chain = Callable[..., list[int]]
SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "schemas" / "audit-verify.schema.json"


def _call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(arguments))
    return result.exit_code, result.stdout


def _keeps_to_schema(answer: Any) -> bool:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return bool(Draft202012Validator(schema).is_valid(answer))


class TestVerify:
    def test_of_a_sound_chain(self, chain: Chain, now: Any) -> None:
        chain(3)
        audit.seal_days(now=now + timedelta(days=1))
        code, output = _call("verify", "--json")
        assert (code, json.loads(output)) == (0, {"entries": 3, "heads": 1, "broken": None})
        assert _keeps_to_schema(json.loads(output))
        code, output = _call("verify")
        assert (code, "审计链完好" in output) == (0, True)

    def test_of_a_broken_chain(self, chain: Chain) -> None:
        ids = chain(3)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE audit_entry SET reason = 'x' WHERE id = %s", [ids[1]])
        code, output = _call("verify", "--json")
        broken = {"entry": ids[1], "reason": "entry_changed"}
        assert (code, json.loads(output)) == (1, {"entries": 1, "heads": 0, "broken": broken})
        assert _keeps_to_schema(json.loads(output))
        code, output = _call("verify")
        assert (code, f"第 {ids[1]} 条记录" in output) == (1, True)

    def test_with_damaged_keys_is_not_done(self, chain: Chain, tmp_path: Path) -> None:
        chain(1)
        (tmp_path / "keys").mkdir()
        (tmp_path / "keys" / "bad.pub").write_text("-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----\n")
        assert _call("verify", "--keys", str(tmp_path / "keys"))[0] == 2

    def test_names_every_reason_in_its_schema(self) -> None:
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        named = schema["properties"]["broken"]["oneOf"][1]["properties"]["reason"]["enum"]
        assert set(named) == {reason.value for reason in Reason} - {"file_damaged"}


class TestExport:
    def test_is_checked_without_the_database(self, chain: Chain, now: Any, tmp_path: Path) -> None:
        chain(4)
        audit.seal_days(now=now + timedelta(days=1))
        path = tmp_path / "audit.jsonl"
        code, output = _call(
            "export", str(path), "--from", "2024-03-15", "--until", "2024-03-16", "--subject", "form:1"
        )
        assert (code, "已导出 1 条" in output) == (0, True)
        elsewhere = {
            "PATH": os.defpath,
            "CHENGSHU_VAR_DIR": str(tmp_path / "elsewhere"),
            "DATABASE_URL": "sqlite:////none/x",
        }
        arguments = [sys.executable, "-m", "chengshu", "audit", "check-export", str(path), "--json"]
        result = subprocess.run(arguments, env=elsewhere, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        answer = json.loads(result.stdout)
        assert (answer["entries"], answer["heads"], answer["unsealed"], answer["broken"]) == (1, 1, 0, None)

    def test_of_another_house_is_not_trusted(self, chain: Chain, now: Any, tmp_path: Path) -> None:
        chain(2)
        audit.seal_days(now=now + timedelta(days=1))
        path, old = tmp_path / "audit.jsonl", next(iter(settings.AUDIT_KEYS_DIR.glob("*.pub")))
        _call("export", str(path))
        assert _call("rotate-keys")[0] == 0
        new = {*settings.AUDIT_KEYS_DIR.glob("*.pub")} - {old}
        trusted = [part for key in new for part in ("--key", str(key))]
        code, output = _call("check-export", str(path), *trusted, "--json")
        assert (code, json.loads(output)["broken"]) == (1, {"line": 2, "entry": None, "reason": "head_signature"})

    def test_into_no_folder_is_not_done(self, chain: Chain, tmp_path: Path) -> None:
        chain(1)
        assert _call("export", str(tmp_path / "missing" / "audit.jsonl"))[0] == 2


@pytest.mark.parametrize("name", ["verify", "export", "check-export", "rotate-keys"])
def test_help_tells_the_exit_codes(name: str) -> None:
    assert "退出码" in _call(name, "--help")[1]
