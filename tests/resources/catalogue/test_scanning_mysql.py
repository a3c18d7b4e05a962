"""A department's MySQL or MariaDB is scanned through the page that people use."""

import os
from collections.abc import Iterator

import mariadb
import pytest
from django.test import Client
from resources.catalogue.town import Town
from resources.collection.sources import allow_machine

from chengshu.resources.contracts.catalogue import FieldContent, ValueType
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.facade.intakes import MysqlSource, ScannedTable, SourceUnreadable

_TABLES = """
    CREATE TABLE t_hydj (
        djbh varchar(20) NOT NULL COMMENT '登记编号', ch int NOT NULL COMMENT '批次', xm varchar(50) COMMENT '姓名',
        je decimal(18,2) COMMENT '金额', bl double, sl bigint unsigned, yx tinyint(1) COMMENT '是否有效', bz longtext,
        rq date, sj datetime(6), gx timestamp NULL, nd year, ks time, zp mediumblob, ma varbinary(16), bs bit(8), k bit(1),
        zt enum('date','int(1)') COMMENT '状态', lx set('甲','乙'), wz point, nr json, PRIMARY KEY (djbh, ch)
    ) COMMENT '婚姻登记信息';
    CREATE TABLE `低保 对象` (`身份 证号` char(18) PRIMARY KEY COMMENT '他说：“是’’否”\\\\') CHARACTER SET gbk COMMENT '低保';
    CREATE VIEW v_xm AS SELECT djbh, xm FROM t_hydj;
    CREATE DATABASE IF NOT EXISTS other; CREATE TABLE IF NOT EXISTS other.secret (a int);
"""


@pytest.fixture(scope="module")
def city() -> Iterator[str]:
    """The address of a city's database with two tables, a view and, where the server knows them, a sequence."""
    if not mariadb.has_programs():
        missing = "MariaDB's programs (mariadb-server-core, mariadb-client-core) are not on this machine"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with mariadb.server() as (address, place):
        mariadb.run_statements(place, _TABLES, database="city")
        if not mariadb.is_mysql():
            mariadb.run_statements(place, "CREATE SEQUENCE s_bh;", database="city")
        yield address


@pytest.fixture
def tables(city: str) -> dict[str, ScannedTable]:
    return {table.name: table for table in MysqlSource(city).list_tables()}


def _names(address: str) -> set[str]:
    """Give the names of the tables that somebody sees; none where the server refuses."""
    try:
        return {table.name for table in MysqlSource(address).list_tables()}
    except SourceUnreadable:
        return set()


def _scan(town: Town, address: str) -> tuple[int, str]:
    client = Client()
    client.force_login(town.operator)
    asked = {"department": "S-MZ 民政局", "system": "婚登系统", "code_head": "307/", "address": address}
    answer = client.post("/resources/scan/", asked)
    return answer.status_code, answer.content.decode()


def test_each_table_and_view_becomes_a_draft_and_the_same_again_adds_nothing(town: Town, city: str) -> None:
    allow_machine(town)
    assert _scan(town, city)[0] == 200
    drafts = {draft.code: draft for draft in DataResource.objects.all()}
    assert {code: draft.name for code, draft in drafts.items()} == {
        "307/t_hydj": "婚姻登记信息",
        "307/低保_对象": "低保",
        "307/v_xm": "v_xm",
    }
    content = catalogue.standing_content(drafts["307/t_hydj"])
    assert content.fields[:3] == (
        FieldContent("djbh", "登记编号", length=20, is_key=True, is_nullable=False),
        FieldContent("ch", "批次", ValueType.INTEGER, is_key=True, is_nullable=False),
        FieldContent("xm", "姓名", length=50),
    )
    _scan(town, city)
    assert DataResource.objects.count() == 3


def test_columns_are_of_the_type_that_they_hold(tables: dict[str, ScannedTable]) -> None:
    kinds = {column.name: (column.type, column.length) for column in tables["t_hydj"].columns}
    assert {name: kind for name, (kind, _length) in kinds.items() if name not in {"djbh", "ch", "xm"}} == {
        "je": ValueType.DECIMAL,
        "bl": ValueType.DECIMAL,
        "sl": ValueType.INTEGER,
        "yx": ValueType.BOOLEAN,
        "bz": ValueType.TEXT,
        "rq": ValueType.DATE,
        "sj": ValueType.MOMENT,
        "gx": ValueType.MOMENT,
        "nd": ValueType.INTEGER,
        "ks": ValueType.TEXT,
        "zp": ValueType.BINARY,
        "ma": ValueType.BINARY,
        "bs": ValueType.BINARY,
        "k": ValueType.BOOLEAN,
        "zt": ValueType.TEXT,
        "lx": ValueType.TEXT,
        "wz": ValueType.TEXT,
        "nr": ValueType.TEXT,
    }
    assert kinds["zt"] == (ValueType.TEXT, None)


def test_names_and_comments_come_as_they_were_written(tables: dict[str, ScannedTable]) -> None:
    column = tables["低保 对象"].columns[0]
    assert (column.name, column.comment, column.length) == ("身份 证号", "他说：“是’’否”\\", 18)
    assert (tables["v_xm"].comment, [c.name for c in tables["v_xm"].columns]) == ("", ["djbh", "xm"])


def test_nothing_of_another_database_is_seen(tables: dict[str, ScannedTable], city: str) -> None:
    assert set(tables) == {"t_hydj", "低保 对象", "v_xm"}
    for name in ("other", "none", "x' OR '1'='1", "x\\' OR 1=1 -- "):
        assert _names(f"{city.removesuffix('/city')}/{name}") == set()


def test_what_cannot_be_reached_is_told_without_its_password(town: Town, city: str) -> None:
    allow_machine(town)
    status, told = _scan(town, city.replace("p%40ss", "wr0ng-word"))
    assert (status, "没有响应、断开或拒绝了连接" in told) == (422, True)
    assert told.count("wr0ng-word") <= 1  # in the field that was typed, nowhere else
    assert not DataResource.objects.exists()
