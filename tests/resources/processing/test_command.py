"""Processing and versions from the command line."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from resources.processing.register import GOOD_ID, Register, work

from chengshu.cli.main import main

ONE, TWO = f"1,王五,{GOOD_ID},2024-01-31", f"2,李四,{GOOD_ID},2024-02-01"


def _run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(main, ["resources", *arguments])
    return answer.exit_code, answer.output


def test_lists_runs_and_repeats(register: Register) -> None:
    register.deliver(ONE)
    pipeline = register.standardise()
    code, told = _run("run", pipeline.key, "--json")
    first = json.loads(told.splitlines()[-1])
    assert (code, first["state"], first["outputs"][0]["rows"]) == (0, "done", 1)
    register.deliver(TWO)
    code, told = _run("run", pipeline.key, "--again", first["run"], "--json")
    again = json.loads(told.splitlines()[-1])
    assert (code, again["outputs"][0]["digest"]) == (0, first["outputs"][0]["digest"])
    code, told = _run("pipelines", "--json")
    assert (code, json.loads(told)["pipeline"]) == (0, pipeline.key)


def test_says_what_is_not_there(register: Register) -> None:
    register.deliver(ONE)
    pipeline = register.standardise()
    for arguments in (("run", "standard:0"), ("run", pipeline.key, "--again", "x"), ("versions", "raw/没有")):
        code, told = _run(*arguments)
        assert (code, "没有" in told, "Traceback" in told) == (1, True, False)
    assert _run("versions", "哪里")[0] == 1


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_takes_out_what_a_table_held(register: Register, tmp_path: Path, ending: str) -> None:
    register.deliver(ONE)
    work(register.begin())
    register.deliver(ONE, TWO)
    code, told = _run("versions", "raw/hydj", "--json")
    assert (code, [json.loads(line)["version"] for line in told.splitlines()]) == (0, [1, 0])
    path = tmp_path / f"rows.{ending}"
    code, told = _run("versions", "raw/hydj", "--version", "0", "--out", str(path), "--json")
    assert (code, json.loads(told)["rows"]) == (0, 1)
    if ending == "csv":
        assert path.read_text("utf-8-sig").splitlines() == ["DJBH,xm,sfzh,djrq", ONE]
    else:
        assert pq.read_table(path).num_rows == 1
    assert not list(tmp_path.glob("*.part"))


def test_copies_the_lake_and_refuses_half_an_address(register: Register, tmp_path: Path) -> None:
    register.deliver(ONE)
    target = tmp_path / "copy"
    code, told = _run("copy-lake", str(target))
    assert (code, (target / "raw" / "hydj" / "_delta_log").is_dir()) == (0, True), told
    code, told = _run("copy-lake", "https://key:sec@")
    assert (code, "%XX" in told, "sec" in told) == (1, True, False)
