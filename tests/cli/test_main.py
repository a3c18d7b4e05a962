"""The command line starts at once, says what it offers, and tells faults without a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from chengshu.cli.main import main

COMMANDS = ("demo", "serve", "performance", "health", "manage")


class TestHelp:
    def test_names_every_command(self) -> None:
        result = CliRunner().invoke(main, ["--help"])
        assert result.exit_code == 0
        assert [name for name in COMMANDS if f"\n  {name} " not in result.output] == []

    def test_imports_no_command(self) -> None:
        script = (
            "import sys; from chengshu.cli.main import main; main(['--help'], standalone_mode=False);"
            "print([m for m in ('django', 'openpyxl', 'onnxruntime') if m in sys.modules], file=sys.stderr)"
        )
        result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert result.stderr.strip() == "[]"

    @pytest.mark.parametrize("name", ["demo", "serve", "health"])
    def test_of_a_command_tells_its_exit_codes(self, name: str) -> None:
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0
        assert "退出码" in result.output


class TestFaults:
    def test_an_unreadable_setting_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHENGSHU_PORT", "http")
        result = CliRunner().invoke(main, ["health"])
        assert result.exit_code == 1
        assert "CHENGSHU_PORT" in result.output
        assert "Traceback" not in result.output

    def test_health_says_when_nothing_answers(self, unused_port: int) -> None:
        result = CliRunner().invoke(main, ["health", "--port", str(unused_port)])
        assert result.exit_code == 1
        assert "chengshu serve" in result.output

    def test_an_unknown_command_is_a_wrong_usage(self) -> None:
        assert CliRunner().invoke(main, ["sing"]).exit_code == 2


def test_module_is_the_command() -> None:
    result = subprocess.run([sys.executable, "-m", "chengshu", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("chengshu, version ")


def test_management_commands_pass_through(tmp_path: Path, house: dict[str, str]) -> None:
    command = [sys.executable, "-m", "chengshu", "manage", "check", "--fail-level", "WARNING"]
    result = subprocess.run(command, env=house, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
