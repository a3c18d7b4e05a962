"""Collection on demand from the command line."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, rows_of

from chengshu.cli.main import main
from chengshu.resources.facade.addresses import inbox_folder
from chengshu.resources.facade.collection import SourceKind


def _run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(main, ["resources", *arguments])
    return answer.exit_code, answer.output


def test_hands_in_a_file_once_and_tells_the_receipt(town: Town, tmp_path: Path) -> None:
    source, path = a_source(town), tmp_path / "登记.csv"
    path.write_bytes(a_file("1,张三,1", "2,李四,0.005"))
    for _again in range(2):
        code, told = _run("collect", "婚姻登记", "--file", str(path), "--json")
        receipt = json.loads(told)
        assert (code, receipt["sent"], receipt["taken"], receipt["refused"]) == (0, 2, 1, 1)
    assert len(rows_of(source)) == 1
    path.write_bytes(a_file("1,张三,1,男", header="编号,姓名,金额,性别"))
    code, told = _run("collect", "婚姻登记", "--file", str(path))
    assert (code, "结构有变化" in told) == (1, True)


def test_reads_a_database_and_says_why_it_cannot(town: Town) -> None:
    place = inbox_folder() / "civil.db"
    place.parent.mkdir(parents=True)
    source = a_source(town, kind=SourceKind.DATABASE, address={"url": f"sqlite:///{place}", "table": "登记"})
    code, told = _run("collect", "婚姻登记")
    assert (code, "没有 SQLite 文件" in told) == (1, True)
    with closing(sqlite3.connect(place)) as database:
        database.execute("CREATE TABLE 登记 (编号 int, 姓名 text, 金额 text)")
        database.execute("INSERT INTO 登记 VALUES (1, '张三', '1')")
        database.commit()
    code, told = _run("collect", "--due")
    assert code == 0
    code, told = _run("collect", "婚姻登记")
    assert (code, "收下 1 行" in told) == (0, True)
    assert len(rows_of(source)) == 1


@pytest.mark.parametrize("arguments", [(), ("--due", "婚姻登记"), ("--due", "--file", __file__)])
def test_asks_for_one_source_or_all_that_is_due(arguments: tuple[str, ...]) -> None:
    assert _run("collect", *arguments)[0] == 2


def test_an_unknown_table_is_named(town: Town) -> None:
    assert town
    code, told = _run("collect", "没有这张表")
    assert (code, "没有湖表名为“没有这张表”" in told) == (1, True)


def test_seals_anew(town: Town) -> None:
    a_source(town, kind=SourceKind.DATABASE, address={"url": "postgresql://u:p@db/x", "table": "t"})
    assert _run("reseal") == (0, "已用现在的签名密钥重新封存 1 个数据源的口令。\n")
