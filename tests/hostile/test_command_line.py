"""The published commands under hostile circumstances: odd names, odd files, no output to write to."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

_ROOT = Path(__file__).parents[2]
_PRINTED = _ROOT / "examples" / "files" / "shanghai-2021.txt"
_ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "CHENGSHU_VAR_DIR": str(tmp_path / "var"), "PYTHONPATH": str(_ROOT / "src")}


def _run(
    *arguments: str | bytes | Path, env: dict[str, str], stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "chengshu", "performance", *arguments]
    return subprocess.run(command, env=env, stdout=stdout, stderr=subprocess.PIPE, timeout=60, check=False)


def test_a_folder_of_odd_files(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "表 格"
    folder.mkdir()
    for name in ("好 表.txt".encode(), b"new\nline.txt", "国标".encode("gb18030") + b".txt"):
        (folder / os.fsdecode(name)).write_bytes(_PRINTED.read_bytes())
    (folder / "空.txt").touch()
    os.mkfifo(folder / "管道")
    (folder / "圈").symlink_to(folder)
    (folder / "自己").symlink_to("自己")
    done = _run("check", "--json", folder, env=environment | _ASCII)
    assert done.returncode == 2
    lines = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert sorted(line["source"]["file"] for line in lines) == ["newline.txt", "国标.txt", "好 表.txt"]
    validator = Draft202012Validator(json.loads((_ROOT / "docs" / "schemas" / "check.schema.json").read_text("utf-8")))
    assert all(validator.is_valid(line) for line in lines)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/nothing/here.txt"])
def test_what_is_no_file_ends_at_once(path: str, environment: dict[str, str]) -> None:
    done = _run("read", "--json", path, env=environment)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr


def test_a_closed_standard_error_hinders_nothing(environment: dict[str, str]) -> None:
    command = ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-m", "chengshu", "performance", "read", "--json"]
    done = subprocess.run([*command, _PRINTED], env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[0])["source"]["file"] == _PRINTED.name


def test_a_full_disk_is_said_in_a_sentence(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = _run("read", "--json", _PRINTED, env=environment, stdout=full.fileno())
    assert done.returncode == 1
    assert "不能写入" in done.stderr.decode("utf-8")
    assert b"Traceback" not in done.stderr


def test_an_unknown_rule_set_names_the_known_ones(environment: dict[str, str]) -> None:
    done = _run("check", "--rules", "nothing", _PRINTED, env=environment)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "shanghai-2021" in done.stderr.decode("utf-8")
