"""A source database gives a draft a table; what is in the catalogue already stays."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import NOW
from django.db import connection
from resources.catalogue.town import Town

from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.contracts.elements import ElementContent
from chengshu.resources.facade import catalogue, elements, intakes
from chengshu.resources.facade.intakes import (
    PostgresqlSource,
    ScanAsked,
    ScannedColumn,
    ScannedTable,
    SourceUnreadable,
    SqliteSource,
)
from chengshu.resources.queries.sources import read_type

ASKED = ScanAsked("S-MZ", "婚登系统", "307/MZ-")


@dataclass(frozen=True, slots=True)
class FakeSource:
    """A source with one table."""

    def list_tables(self) -> list[ScannedTable]:
        columns = (
            ScannedColumn("id", ValueType.INTEGER, is_key=True),
            ScannedColumn("xm", ValueType.TEXT, 50, comment="姓名"),
        )
        return [ScannedTable("t_hy", columns, "婚姻登记信息")]


def test_columns_become_fields_and_known_names_their_data_elements(town: Town) -> None:
    elements.keep_element(ElementContent("DE-XM", "姓名", ValueType.TEXT, grade=2), actor=town.steward, now=NOW)
    scanned = intakes.scan_source(FakeSource(), ASKED, actor=town.operator, now=NOW)
    content = catalogue.standing_content(scanned.created[0])
    assert (content.code, content.name, content.system) == ("307/MZ-t_hy", "婚姻登记信息", "婚登系统")
    assert [(f.code, f.name, f.element, f.grade, f.is_key) for f in content.fields] == [
        ("id", "id", "", 1, True),
        ("xm", "姓名", "DE-XM", 2, False),
    ]


def test_scanning_again_adds_nothing(town: Town) -> None:
    intakes.scan_source(FakeSource(), ASKED, actor=town.operator, now=NOW)
    again = intakes.scan_source(FakeSource(), ASKED, actor=town.operator, now=NOW)
    assert (again.created, again.known) == ((), ("307/MZ-t_hy",))


def test_reads_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "源.sqlite3"
    with closing(sqlite3.connect(path)) as source:
        source.execute(
            'CREATE TABLE "人员" (id INTEGER PRIMARY KEY, xm VARCHAR(50) NOT NULL, je DECIMAL(18,2), rq DATE)'
        )
        source.execute('CREATE VIEW v AS SELECT xm FROM "人员"')
    tables = list(SqliteSource(path).list_tables())
    assert [table.name for table in tables] == ["v", "人员"]
    assert tables[1].columns == (
        ScannedColumn("id", ValueType.INTEGER, None, is_key=True, is_nullable=False),
        ScannedColumn("xm", ValueType.TEXT, 50, is_nullable=False),
        ScannedColumn("je", ValueType.DECIMAL),
        ScannedColumn("rq", ValueType.DATE),
    )


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(SourceUnreadable):
        list(SqliteSource(path).list_tables())
    with pytest.raises(SourceUnreadable):
        list(PostgresqlSource("postgresql://nobody@127.0.0.1:1/none").list_tables())


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql")
def test_reads_postgresql_with_its_comments() -> None:
    said = connection.settings_dict
    address = f"postgresql://{said['USER']}:{said['PASSWORD']}@{said['HOST']}:{said['PORT']}/{said['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scanned (id bigint PRIMARY KEY, xm varchar(50) NOT NULL)")
        cursor.execute("COMMENT ON TABLE scanned IS '人员'")
        cursor.execute("COMMENT ON COLUMN scanned.xm IS '姓名'")
    try:
        tables = {table.name: table for table in PostgresqlSource(address).list_tables()}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE scanned")
    assert tables["scanned"].comment == "人员"
    assert tables["scanned"].columns == (
        ScannedColumn("id", ValueType.INTEGER, None, is_key=True, is_nullable=False),
        ScannedColumn("xm", ValueType.TEXT, 50, is_nullable=False, comment="姓名"),
    )


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("timestamp with time zone", (ValueType.MOMENT, None)),
        ("character varying(18)", (ValueType.TEXT, 18)),
        ("numeric(18,2)", (ValueType.DECIMAL, None)),
        ("bytea", (ValueType.BINARY, None)),
        ("", (ValueType.TEXT, None)),
        ("timestamp(6) without time zone", (ValueType.MOMENT, None)),
        ("integer[]", (ValueType.TEXT, None)),
        ("int4range", (ValueType.TEXT, None)),
        ("enum('date','int(1)')", (ValueType.TEXT, None)),
        ("tinyint(1)", (ValueType.BOOLEAN, None)),
        ("tinyint(4) unsigned", (ValueType.INTEGER, None)),
        ("year(4)", (ValueType.INTEGER, None)),
        ("UNSIGNED BIG INT", (ValueType.INTEGER, None)),
        ("bit varying(8)", (ValueType.BINARY, None)),
    ],
)
def test_reads_declared_types(declared: str, kind: tuple[ValueType, int | None]) -> None:
    assert read_type(declared) == kind
