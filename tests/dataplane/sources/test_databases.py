"""Tables of databases are read on from where the last reading ended: nothing twice, nothing left out."""

import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from chengshu.dataplane.errors import SourceUnreachable, SourceUnreadable
from chengshu.dataplane.sources.columnar import DatabaseTable, list_columns, open_table
from chengshu.dataplane.sources.contracts import Mark, Refused

SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("姓名", pa.string()),
        pa.field("金额", pa.decimal128(18, 2)),
        pa.field("updated_at", pa.timestamp("us")),
    ]
)
ROWS = [
    (1, "张三", "1.50", "2024-01-05 08:00:00"),
    (2, "李四", "2.00", "2024-01-05 08:00:01"),
    (3, "王五", None, "2024-01-05 08:00:01"),
]
CREATE = "CREATE TABLE person (id bigint, 姓名 varchar(40), 金额 {money}, updated_at timestamp)"
INSERT = "INSERT INTO person VALUES ({0}, {0}, {0}, {0})"


class Sqlite:
    """A department's database in a file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "部门.db"
        self.url = f"sqlite:///{self.path}"
        self.execute(CREATE.format(money="text"))

    def execute(self, statement: str) -> None:
        connection = sqlite3.connect(self.path)
        connection.execute(statement)
        connection.commit()
        connection.close()

    def insert(self, row: tuple[Any, ...]) -> None:
        connection = sqlite3.connect(self.path)
        connection.execute(INSERT.format("?"), row)
        connection.commit()
        connection.close()


class Postgresql:
    """A department's database on a server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.execute("DROP TABLE IF EXISTS person")
        self.execute(CREATE.format(money="numeric(20,4)"))

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def insert(self, row: tuple[Any, ...]) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(INSERT.format("%s").encode(), row)


class Mysql:
    """The same on a MariaDB server, spoken to by its own client."""

    def __init__(self, url: str, socket: Path) -> None:
        self.url = url
        self.socket = socket
        self.execute("DROP TABLE IF EXISTS person")
        self.execute(CREATE.format(money="decimal(20,4)").replace("updated_at timestamp", "updated_at datetime"))

    def execute(self, statement: str) -> None:
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--default-character-set=utf8mb4", "city"]
        subprocess.run(command, input=statement.encode(), check=True, timeout=30)

    def insert(self, row: tuple[Any, ...]) -> None:
        values = ", ".join("NULL" if value is None else f"'{value}'" for value in row)
        self.execute(f"INSERT INTO person VALUES ({values})")


Database = Sqlite | Postgresql | Mysql


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    made: Database
    if request.param == "sqlite":
        made = Sqlite(tmp_path)
    elif request.param == "postgresql":
        made = Postgresql(request.getfixturevalue("postgresql_url"))
    else:
        made = Mysql(*request.getfixturevalue("mysql_server"))
    for row in ROWS:
        made.insert(row)
    return made


def _read(
    database: Database, folder: Path, mark: Mark | None = None, *, by: str = "updated_at", key: str = "id"
) -> tuple[list[Any], list[Refused], Mark | None]:
    intake, marked = open_table(DatabaseTable(database.url, "person", by=by, key=key), SCHEMA, folder=folder, mark=mark)
    with intake:
        rows = intake.reader().read_all()["id"].to_pylist()
        return rows, list(intake.list_refused()), marked.mark()


class TestIncrement:
    def test_reads_on_from_the_mark(self, database: Database, tmp_path: Path) -> None:
        rows, _refused, mark = _read(database, tmp_path)
        assert rows == [1, 2, 3]
        assert _read(database, tmp_path, mark) == ([], [], mark)
        database.insert((4, "赵六", "3", "2024-01-05 08:00:02"))
        assert _read(database, tmp_path, mark)[0] == [4]

    def test_loses_no_row_that_shares_the_moment_of_the_mark(self, database: Database, tmp_path: Path) -> None:
        _rows, _refused, mark = _read(database, tmp_path)
        database.insert((4, "赵六", "3", "2024-01-05 08:00:01"))
        rows, _refused, following = _read(database, tmp_path, mark)
        assert rows == [4]
        assert _read(database, tmp_path, following)[0] == []

    def test_goes_by_a_growing_number(self, database: Database, tmp_path: Path) -> None:
        database.insert((10, "十", None, None))
        rows, _refused, mark = _read(database, tmp_path, by="id")
        assert (rows, mark) == ([1, 2, 3, 10], Mark("10", ("10",)))
        database.insert((9, "迟到", None, None))
        database.insert((11, "十一", None, None))
        assert _read(database, tmp_path, mark, by="id")[0] == [11]

    def test_reads_all_rows_without_a_growing_column(self, database: Database, tmp_path: Path) -> None:
        assert _read(database, tmp_path, by="", key="") == ([1, 2, 3], [], None)

    def test_refuses_rows_that_would_lose_something(self, database: Database, tmp_path: Path) -> None:
        database.insert((4, "赵六", "1.005", "2024-01-06 00:00:00"))
        rows, refused, mark = _read(database, tmp_path)
        assert rows == [1, 2, 3]
        assert [(found.column, found.reason) for found in refused] == [("金额", "不是最多 2 位小数的数")]
        assert _read(database, tmp_path, mark)[0] == []


class TestForEver:
    """Far moments mean that something holds for ever: their rows come, and what is written later comes too."""

    @pytest.mark.parametrize("moment", ["9999-12-31 23:59:59", "2099-12-31 00:00:00"])
    def test_a_moment_far_off_is_no_mark(self, database: Database, tmp_path: Path, moment: str) -> None:
        database.insert((7, "永久", "1", moment))
        rows, _refused, mark = _read(database, tmp_path)
        assert rows == [1, 2, 3, 7]
        database.insert((8, "赵六", "3", "2024-01-05 08:00:02"))
        database.insert((9, "又一", "3", moment))
        rows, _refused, following = _read(database, tmp_path, mark)
        assert rows == [8, 9]
        assert _read(database, tmp_path, following)[0] == []

    def test_also_where_all_rows_have_one(self, database: Database, tmp_path: Path) -> None:
        database.execute("UPDATE person SET updated_at = '9999-12-31 23:59:59'")
        rows, _refused, mark = _read(database, tmp_path)
        database.insert((4, "赵六", "3", "0001-01-01 00:00:00"))
        assert (rows, _read(database, tmp_path, mark)[0]) == ([1, 2, 3], [4])


class TestFaults:
    def test_name_what_is_not_there(self, database: Database, tmp_path: Path) -> None:
        with pytest.raises(SourceUnreadable, match="没有列“nowhere”"):
            _read(database, tmp_path, by="nowhere")
        with pytest.raises((SourceUnreadable, SourceUnreachable)):
            list_columns(DatabaseTable(database.url, "nowhere"), folder=tmp_path)

    @pytest.mark.parametrize("url", ["postgresql://a:secret@127.0.0.1:1/x", "mysql://a:secret@127.0.0.1:1/x"])
    def test_say_when_a_server_does_not_answer_and_keep_the_password(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(SourceUnreachable) as caught:
            list_columns(DatabaseTable(url, "person"), folder=tmp_path)
        assert "secret" not in caught.value.message + str(caught.value.details)

    @pytest.mark.parametrize("url", ["oracle://x/y", "sqlite:////nowhere/a.db"])
    def test_say_when_an_address_is_wrong(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(SourceUnreadable):
            list_columns(DatabaseTable(url, "person"), folder=tmp_path)


def test_texts_of_sqlite_that_are_none_are_refused_row_by_row(tmp_path: Path) -> None:
    database = Sqlite(tmp_path)
    database.insert(ROWS[0])
    database.execute("INSERT INTO person VALUES (2, CAST(x'd6d0cec4' AS TEXT), NULL, NULL)")
    rows, refused, _mark = _read(database, tmp_path, by="", key="")
    assert rows == [1]
    assert [(row.row, row.column, row.reason) for row in refused] == [(2, "姓名", "不是可以读出的文字")]


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database of SQLite" * 200)
    with pytest.raises((SourceUnreadable, SourceUnreachable)):
        list_columns(DatabaseTable(f"sqlite:///{tmp_path / 'a.db'}", "person"), folder=tmp_path)


@pytest.mark.parametrize(("values", "later"), [(("1.5", "1.6"), "1.7"), (("9", "10"), "11")])
def test_texts_that_are_numbers_grow_as_numbers(tmp_path: Path, values: tuple[str, ...], later: str) -> None:
    database = Sqlite(tmp_path)
    for number, value in enumerate(values, start=1):
        database.insert((number, None, value, None))
    rows, _refused, mark = _read(database, tmp_path, by="金额")
    database.insert((3, None, later, None))
    assert (rows, _read(database, tmp_path, mark, by="金额")[0]) == ([1, 2], [3])


def test_columns_are_listed(database: Database, tmp_path: Path) -> None:
    assert list(list_columns(DatabaseTable(database.url, "person"), folder=tmp_path)) == [
        "id",
        "姓名",
        "金额",
        "updated_at",
    ]
