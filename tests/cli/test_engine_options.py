"""Choosing the engine on the command line and by settings, as far as no Spark is needed: every refusal names the cure."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chengshu.cli.main import main

NO_MASTER = "spark://127.0.0.1:9"
RULES = '[[rules]]\nkey = "name"\nkind = "not_null"\ncolumn = "姓名"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.csv").write_text("编号,姓名\n1,张三\n", "utf-8")
    (tmp_path / "rules.toml").write_text(RULES, "utf-8")
    for name in ("ENGINE", "SPARK_MASTER", "SPARK_SETTINGS", "SPARK_SHARED"):
        monkeypatch.delenv(f"CHENGSHU_{name}", raising=False)
    return tmp_path


def _check(folder: Path, *options: str | Path) -> Result:
    given = ["resources", "check", folder / "a.csv", "--rules", folder / "rules.toml", "--json", *options]
    return CliRunner().invoke(main, [str(one) for one in given])


def _refused(done: Result) -> str:
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert "Traceback" not in done.stderr
    return done.stderr


def test_settings_of_spark_leave_duckdb_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A house that has a cluster still checks on this machine unless it asks for the cluster."""
    monkeypatch.setenv("CHENGSHU_SPARK_MASTER", NO_MASTER)
    monkeypatch.setenv("CHENGSHU_SPARK_SHARED", str(folder / "nowhere"))
    assert _check(folder).exit_code == 0


def test_the_option_comes_before_the_setting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHENGSHU_ENGINE", "spark")
    monkeypatch.setenv("CHENGSHU_SPARK_MASTER", "spark://127.0.0.1:7")
    assert _check(folder, "--engine", "duckdb").exit_code == 0
    assert f"“{NO_MASTER}”" in _refused(_check(folder, "--master", NO_MASTER, "--shared", folder))


@pytest.mark.parametrize(
    "options", [["--master", NO_MASTER], ["--spark-setting", "spark.cores.max=8"], ["--shared", "."]]
)
def test_words_about_spark_ask_for_spark(folder: Path, options: list[str]) -> None:
    assert "要与 --engine spark 一起用" in _refused(_check(folder, *options))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "abacus"], "'duckdb', 'spark'"),
        (["--engine", "spark", "--master", "mesos://a"], "可以写 local[*]、spark://主机:7077"),
        (["--engine", "spark", "--master", NO_MASTER], "请用 --shared 写明"),
        (["--engine", "spark", "--shared", "/nothing/here"], "共享目录“/nothing/here”不存在"),
        (["--engine", "spark", "--spark-setting", "spark.cores.max"], "“spark.cores.max”要写成 名称=值"),
        (["--engine", "spark", "--spark-setting", "spark.sql.ansi.enabled=false"], "不能另设"),
        (["--engine", "spark", "--spark-setting", "spark.master=local"], "不能另设"),
    ],
)
def test_what_cannot_be_meant_is_said(folder: Path, options: list[str], said: str) -> None:
    assert said in _refused(_check(folder, *options))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CHENGSHU_ENGINE", "abacus", "CHENGSHU_ENGINE"),
        ("CHENGSHU_SPARK_SETTINGS", "spark.cores.max", "CHENGSHU_SPARK_SETTINGS"),
        ("CHENGSHU_SPARK_SETTINGS", "spark.sql.session.timeZone=UTC+8", "spark.sql.session.timeZone"),
        ("CHENGSHU_SPARK_MASTER", NO_MASTER, "请用 --shared 写明"),
        ("CHENGSHU_SPARK_SHARED", "/nothing/here", "共享目录“/nothing/here”不存在"),
    ],
)
def test_settings_are_refused_as_options_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("CHENGSHU_ENGINE", "spark")
    monkeypatch.setenv(name, value)
    assert said in _refused(_check(folder))


def test_a_master_that_does_not_answer_is_named_and_leaves_nothing_behind(folder: Path) -> None:
    (folder / "shared").mkdir()
    said = _refused(_check(folder, "--engine", "spark", "--master", NO_MASTER, "--shared", folder / "shared"))
    assert f"连不上 Spark 集群“{NO_MASTER}”" in said
    assert list((folder / "shared").iterdir()) == []


def test_without_the_extra_the_installation_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert "pip install 'chengshu[spark]'" in _refused(_check(folder, "--engine", "spark"))


def test_without_java_its_package_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "openjdk-17-jre-headless" in _refused(_check(folder, "--engine", "spark"))
