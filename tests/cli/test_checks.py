"""`chengshu resources check` prints what its published contract says, without a database; exit codes tell what happened."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

CHENGSHU = [sys.executable, "-m", "chengshu", "resources", "check"]
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "schemas" / "resources-check.schema.json").read_text("utf-8")
)
DATA = "编号,身份证号,年龄\n1,11010519491231002X,30\n2,110105194912310021,200\n3,,20\n"
RULES = """
key = ["编号"]

[[rules]]
key = "valid"
name = "公民身份号码有效"
kind = "check_digit"
scheme = "citizen_id"
column = "身份证号"

[[rules]]
key = "age"
kind = "between"
column = "年龄"
min = 0
max = 150
threshold = THRESHOLD

[[rules]]
key = "rows"
kind = "row_count_drift"
history = [3]
tolerance = 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "人 口.csv").write_bytes(DATA.encode("gb18030"))
    (tmp_path / "strict.toml").write_text(RULES.replace("THRESHOLD", "0"), "utf-8")
    (tmp_path / "lenient.toml").write_text(RULES.replace("THRESHOLD", "0.34").replace("valid", "good"), "utf-8")
    return tmp_path


def _run(folder: Path, *arguments: str, code: int) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "", "PYTHONUTF8": "1", "CHENGSHU_VAR_DIR": str(folder / "nowhere")}
    command = [*CHENGSHU, *arguments]
    ended = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended


def _records(text: str) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in text.splitlines()]
    for record in records:
        jsonschema.validate(record, SCHEMA)
    return records


def test_every_rule_gives_one_line_of_the_contract(folder: Path) -> None:
    ended = _run(folder, "人 口.csv", "--rules", "strict.toml", "--json", code=1)
    found = [(r["rule"], r["kind"], r["checked"], r["failed"], r["keys"]) for r in _records(ended.stdout)]
    assert found == [
        ("valid", "check_digit", 3, 1, None),
        ("age", "between", 3, 1, None),
        ("rows", "row_count_drift", 1, 0, None),
    ]
    assert ended.stderr == ""


def test_the_keys_of_failing_rows_are_kept_where_asked(folder: Path) -> None:
    ended = _run(folder, "人 口.csv", "--rules", "strict.toml", "--json", "--keys", "不合格", code=1)
    valid, age, rows = _records(ended.stdout)
    assert valid["share"] == pytest.approx(1 / 3)
    assert ds.dataset(folder / valid["keys"]).to_table().to_pylist() == [
        {"rule": "valid", "key": "2", "value": "110105194912310021"}
    ]
    assert ds.dataset(folder / age["keys"]).to_table()["value"].to_pylist() == ["200"]
    assert rows["keys"] is None


def test_failures_within_the_thresholds_are_clean(folder: Path) -> None:
    (folder / "good.csv").write_text("编号,身份证号,年龄\n1,11010519491231002X,30\n2,,200\n3,,20\n", "utf-8")
    ended = _run(folder, "good.csv", "--rules", "lenient.toml", "--json", code=0)
    assert [record["failed"] for record in _records(ended.stdout)] == [0, 1, 0]


def test_people_get_a_table_in_chinese(folder: Path) -> None:
    shown = _run(folder, "人 口.csv", "--rules", "strict.toml", code=1).stdout
    assert "公民身份号码有效" in shown
    assert "3 条规则，2 条不合格" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.csv", "--rules", "strict.toml"], "none.csv 打不开"),
        (["人 口.csv", "--rules", "none.toml"], "none.toml 打不开"),
        (["人 口.csv", "--rules", "人 口.csv"], "不是 UTF-8"),
        (["人 口.csv"], "--rules"),
        (["人 口.csv", "--rules", "strict.toml", "--keys", "strict.toml/keys"], "strict.toml/keys"),
        (["postgresql://u:secret@127.0.0.1:1/d#t", "--rules", "strict.toml"], "读不出"),
    ],
)
def test_what_cannot_be_read_is_said_and_prints_no_line(folder: Path, arguments: list[str], said: str) -> None:
    ended = _run(folder, *arguments, "--json", code=2)
    assert said in ended.stderr
    assert ended.stdout == ""
    assert "secret" not in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize("name", ["many.csv", "many.parquet"])
def test_a_disk_that_is_full_is_told_and_nothing_is_kept(folder: Path, name: str) -> None:
    draw = random.Random(3)  # noqa: S311 - cells that cannot be packed
    rows = pa.table({"编号": [str(draw.random()) for _ in range(20_000)]})
    pq.write_table(rows, folder / "many.parquet")
    pacsv.write_csv(rows, folder / "many.csv")
    (folder / "all.toml").write_text('[[rules]]\nkey = "all"\nkind = "length"\ncolumn = "编号"\nmax = 1\n', "utf-8")
    limited = [shutil.which("sh") or "sh", "-c", 'ulimit -f 64; exec "$@"', "sh"]
    command = [*limited, *CHENGSHU, name, "--rules", "all.toml", "--json", "--keys", "不合格"]
    environment = {"PATH": "", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "磁盘" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not list(folder.glob("不合格/**/*.parquet"))


def test_whoever_stops_reading_changes_nothing_about_what_was_found(folder: Path) -> None:
    many = "".join(f'[[rules]]\nkey = "r{at}"\nkind = "not_null"\ncolumn = "编号"\n' for at in range(2_000))
    (folder / "many.toml").write_text(many, "utf-8")
    command = [*CHENGSHU, "人 口.csv", "--rules", "many.toml", "--json"]
    environment = {"PATH": "", "PYTHONUTF8": "1", "CHENGSHU_VAR_DIR": str(folder / "nowhere")}
    with subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (0, b"")


# A shell starts what runs in the background deaf to Ctrl-C, and its children with it; in a terminal they hear it.
AS_IN_A_TERMINAL = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_check_that_is_stopped_leaves_nothing_behind(folder: Path, number: signal.Signals) -> None:
    shutil.copy(folder / "人 口.csv", folder / "data.csv")
    os.mkfifo(folder / "rules.toml")  # it waits for rules that never come whole
    (folder / "tmp").mkdir()
    asked = [*CHENGSHU, "data.csv", "--rules", "rules.toml", "--keys", "keys"]
    command = [sys.executable, "-c", AS_IN_A_TERMINAL, *asked]
    environment = {"PATH": "", "PYTHONUTF8": "1", "TMPDIR": str(folder / "tmp")}
    with subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        with (folder / "rules.toml").open("w"):  # opens once the check reads
            running.send_signal(number)
            running.wait(timeout=60)
        assert running.stderr
        assert "已按要求停止" in running.stderr.read()
    assert running.returncode == 130
    assert list((folder / "tmp").iterdir()) == []
