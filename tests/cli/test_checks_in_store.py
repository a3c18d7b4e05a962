"""`chengshu resources check` of a table of the lake in an S3 store, by the house's own setting."""

import json
import logging
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
import s3_store
from click.testing import CliRunner, Result

from chengshu.cli.main import main
from chengshu.dataplane.lake.places import TableName, Zone, lake_in_store
from chengshu.dataplane.lake.writing import Entry, append

logging.getLogger("py4j").setLevel(logging.WARNING)  # it speaks when all streams are closed

PEOPLE = TableName(Zone.RAW, "人 口")
RULES = """
key = ["编号"]

[[rules]]
key = "phone"
kind = "not_null"
column = "电话"

[[rules]]
key = "district"
kind = "references"
column = "区划"
references = { data = "%s/raw/区划", column = "代码" }
"""


def _fill(address: str) -> str:
    """Give the root of a lake with people, to whom the telephone was added later, and districts."""
    lake = lake_in_store(address)
    append(lake, PEOPLE, pa.table({"编号": ["1", "2"], "区划": ["01", "09"]}), entry=Entry("1", "王工"))
    newer = pa.table({"编号": ["3"], "区划": ["02"], "电话": ["110"]})
    append(lake, PEOPLE, newer, entry=Entry("2", "王工"), evolve=True)
    districts = pa.table({"代码": ["01", "02"]})
    append(lake, TableName(Zone.RAW, "区划"), districts, entry=Entry("1", "王工"))
    return lake.root


def _check(data: str, rules: Path, *options: str | Path) -> Result:
    given = ["resources", "check", data, "--rules", rules, "--json", *options]
    return CliRunner().invoke(main, [str(one) for one in given])


@pytest.fixture
def rules(tmp_path: Path, s3_address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHENGSHU_LAKE_S3", s3_address)
    path = tmp_path / "rules.toml"
    path.write_text(RULES % lake_in_store(s3_address).root, "utf-8")
    return path


def test_a_table_and_one_that_a_rule_looks_into_are_read_there(rules: Path, tmp_path: Path, s3_address: str) -> None:
    root = _fill(s3_address)
    done = _check(f"{root}/raw/人 口", rules, "--keys", tmp_path / "keys")
    assert done.exit_code == 1, done.output
    found = {
        record["rule"]: (record["checked"], record["failed"]) for record in map(json.loads, done.stdout.splitlines())
    }
    assert found == {"phone": (3, 2), "district": (3, 1)}


def test_rows_without_a_key_are_numbered(rules: Path, tmp_path: Path, s3_address: str) -> None:
    root = _fill(s3_address)
    rules.write_text(rules.read_text("utf-8").replace('key = ["编号"]', ""), "utf-8")
    done = _check(f"{root}/raw/人 口", rules, "--keys", tmp_path / "keys")
    assert [json.loads(line)["failed"] for line in done.stdout.splitlines()] == [2, 1]


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark asks for Java first")
def test_spark_that_is_to_read_the_store_by_itself_names_the_jar_it_lacks(
    rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHENGSHU_SPARK_READS_S3", "true")
    assert "hadoop-aws-" in _refused(_check("s3://lake/raw/人口", rules, "--engine", "spark"))


def _refused(done: Result) -> str:
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert "Traceback" not in done.stderr
    assert s3_store.SECRET not in done.stderr
    return done.stderr


def test_what_is_missing_is_named_with_the_cure(rules: Path, s3_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = lake_in_store(s3_address).root
    assert "请核对桶、前缀、区和表名" in _refused(_check(f"{root}/raw/没有的表", rules))
    assert "没有桶“no-such-pond”" in _refused(_check("s3://no-such-pond/raw/人口", rules))
    monkeypatch.setenv("CHENGSHU_LAKE_S3", s3_store.address("127.0.0.1:9", "lake"))
    assert "连不上对象存储 http://127.0.0.1:9" in _refused(_check(f"{root}/raw/人 口", rules))
    monkeypatch.delenv("CHENGSHU_LAKE_S3")
    assert "请先用设置 CHENGSHU_LAKE_S3" in _refused(_check(f"{root}/raw/人 口", rules))
    monkeypatch.setenv("CHENGSHU_LAKE_S3", "s3://lake")
    assert "https://访问键:密钥@主机/桶" in _refused(_check(f"{root}/raw/人 口", rules))
