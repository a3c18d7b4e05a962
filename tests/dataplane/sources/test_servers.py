"""What servers of PostgreSQL and MySQL hold comes as it is there: every digit, codes as codes, moments in their zone."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import mariadb
import psycopg
import pyarrow as pa
import pytest

from chengshu.dataplane.errors import SourceUnreachable, SourceUnreadable
from chengshu.dataplane.sources.columnar import DatabaseTable, list_columns, open_table, sample_table
from chengshu.dataplane.sources.contracts import Mark, Refused

WIDE = """
    CREATE TABLE wide (id bigint, 证件号 {wide}, 金额 {wide}, 比例 double precision, updated_at {moment});
    INSERT INTO wide VALUES (1, 110105194912310021, 1234567890123456.78, 0.1, '2024-01-05 08:00:00'),
        (2, 110105194912310022, 0.005, NULL, '2024-01-05 08:00:01'), (3, NULL, NULL, 2.5, '2024-01-05 08:00:02');
"""
WIDE_SCHEMA = pa.schema(
    [("id", pa.int64()), ("证件号", pa.string()), ("金额", pa.decimal128(18, 2)), ("比例", pa.float64())]
)
KINDS = """
    SET sql_mode = ''; SET time_zone = '+08:00';
    CREATE TABLE kinds (
        id bigint unsigned, code tinyint(1), flag bit(1), bits bit(12), small tinyint unsigned, money decimal(38,10),
        day date, moment datetime(6), stamp timestamp(6) NULL, clock time(3), nd year, state enum('甲','a''b'),
        tags set('x','y'), doc json, text_ varchar(40) CHARACTER SET utf8mb4, bytes_ varbinary(4)
    );
    INSERT INTO kinds VALUES (18446744073709551615, 2, b'1', b'101010101010', 255, 1234567890123456789012345678.5,
        '2024-02-29', '2024-02-29 12:34:56.123456', '2024-02-29 12:34:56.123456', '-838:59:58.123', 2024, 'a''b',
        'x,y', '{"a": "二"}', '𠮷野家👨‍👩‍👧龘', x'00ff');
"""
MANY_ROWS = 200_000


@pytest.fixture
def run_mysql(mysql_server: tuple[str, Path]) -> Iterator[Callable[[str], None]]:
    """Have the MySQL server's master do statements; the tables of these tests are gone afterwards."""

    def run(statements: str) -> None:
        mariadb.run_statements(mysql_server[1], statements, database="city")

    yield run
    run("DROP TABLE IF EXISTS wide, kinds, many")


@pytest.fixture(params=["postgresql", "mysql"])
def wide(request: pytest.FixtureRequest) -> str:
    """The address of a database with a table of numbers that have more digits than a double."""
    if request.param == "mysql":
        url, _place = request.getfixturevalue("mysql_server")
        request.getfixturevalue("run_mysql")(WIDE.format(wide="decimal(65,30)", moment="datetime"))
        return str(url)
    with psycopg.connect(request.getfixturevalue("postgresql_url")) as connection:
        connection.execute(b"DROP TABLE IF EXISTS wide")
        connection.execute(WIDE.format(wide="numeric", moment="timestamp").encode())
    return str(request.getfixturevalue("postgresql_url"))


def _read(
    table: DatabaseTable, schema: pa.Schema, folder: Path, mark: Mark | None = None
) -> tuple[list[dict[str, Any]], list[Refused], Mark | None]:
    intake, marked = open_table(table, schema, folder=folder, mark=mark)
    with intake:
        rows = intake.reader().read_all().to_pylist()
        return rows, list(intake.list_refused()), marked.mark()


class TestWideNumbers:
    def test_keep_every_digit(self, wide: str, tmp_path: Path) -> None:
        rows, refused, mark = _read(DatabaseTable(wide, "wide", by="updated_at", key="id"), WIDE_SCHEMA, tmp_path)
        assert [tuple(row.values()) for row in rows] == [
            (1, rows[0]["证件号"], Decimal("1234567890123456.78"), 0.1),
            (3, None, None, 2.5),
        ]
        assert Decimal(rows[0]["证件号"]) == 110105194912310021
        assert [(row.row, row.column, row.reason) for row in refused] == [(2, "金额", "不是最多 2 位小数的数")]
        assert mark == Mark("2024-01-05 08:00:02", ("3",))

    def test_are_read_on_from_the_mark(self, wide: str, tmp_path: Path) -> None:
        table, mark = DatabaseTable(wide, "wide", by="updated_at", key="id"), Mark("2024-01-05 08:00:01", ("2",))
        rows, refused, _mark = _read(table, WIDE_SCHEMA, tmp_path, mark)
        assert ([row["id"] for row in rows], refused) == ([3], [])

    def test_are_told_as_texts_and_sampled_alike(self, wide: str, tmp_path: Path) -> None:
        table = DatabaseTable(wide, "wide")
        kinds = list_columns(table, folder=tmp_path)
        assert (kinds["金额"], kinds["比例"]) == ("VARCHAR", "DOUBLE")
        sample = sample_table(table, folder=tmp_path)["金额"].to_pylist()
        assert [Decimal(value) for value in sample if value] == [Decimal("1234567890123456.78"), Decimal("0.005")]


class TestKindsOfMysql:
    def test_come_as_they_are_there(
        self, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        run_mysql(KINDS)
        moments = [pa.field("day", pa.date32()), pa.field("moment", pa.timestamp("us"))]
        schema = pa.schema(
            [
                *(pa.field(name, pa.string()) for name in ("id", "clock", "state", "tags", "doc", "text_")),
                *(pa.field(name, pa.int64()) for name in ("code", "small", "nd")),
                pa.field("flag", pa.bool_()),
                pa.field("money", pa.decimal128(38, 10)),
                *moments,
                pa.field("stamp", pa.timestamp("us", "UTC")),
            ]
        )
        rows, refused, _mark = _read(DatabaseTable(mysql_server[0], "kinds"), schema, tmp_path)
        assert refused == []
        assert rows == [
            {
                "id": "18446744073709551615",
                "clock": "-838:59:58.123",
                "state": "a'b",
                "tags": "x,y",
                "doc": '{"a": "二"}',
                "text_": "𠮷野家👨‍👩‍👧龘",
                "code": 2,
                "small": 255,
                "nd": 2024,
                "flag": True,
                "money": Decimal("1234567890123456789012345678.5"),
                "day": date(2024, 2, 29),
                "moment": datetime(2024, 2, 29, 12, 34, 56, 123456),  # noqa: DTZ001 - as MySQL keeps it
                "stamp": datetime(2024, 2, 29, 4, 34, 56, 123456, UTC),
            }
        ]

    def test_a_code_is_no_flag(
        self, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        run_mysql("CREATE TABLE kinds (code tinyint(1)); INSERT INTO kinds VALUES (0), (1), (2)")
        schema = pa.schema([("code", pa.bool_())])
        rows, refused, _mark = _read(DatabaseTable(mysql_server[0], "kinds"), schema, tmp_path)
        assert [row["code"] for row in rows] == [False, True]
        assert [(row.raw, row.reason) for row in refused] == [('{"code":"2"}', "不是是或否")]

    def test_a_type_that_is_not_known_is_told(
        self, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        if not mariadb.is_mysql():
            pytest.skip("MariaDB has no such type")
        run_mysql("CREATE TABLE kinds (id int, place vector(3)); INSERT INTO kinds VALUES (1, NULL)")
        with pytest.raises(SourceUnreadable, match="不能读取的类型"):
            _read(DatabaseTable(mysql_server[0], "kinds"), pa.schema([("id", pa.int64())]), tmp_path)


ODD_DAYS = """
    SET sql_mode = 'ALLOW_INVALID_DATES';
    CREATE TABLE kinds (id int, day date, moment datetime, stamp timestamp NULL);
    INSERT INTO kinds VALUES (1, '2024-01-02', '2024-01-02 03:04:05', '2024-01-02 03:04:05'), (2, '0000-00-00', NULL, NULL),
        (3, '2024-00-15', NULL, NULL), (4, '2024-02-31', NULL, NULL), (5, NULL, '2024-01-00 10:00:00', NULL),
        (6, NULL, NULL, 0), (7, NULL, NULL, NULL), (8, '2024-01-03', '2024-01-03 00:00:00', NULL);
"""
ODD_VALUES = """
    DROP TABLE IF EXISTS odd; CREATE TABLE odd (
        id int, day date, moment timestamp, stamp timestamptz, money numeric(10, 2), share double precision
    );
    INSERT INTO odd VALUES (1, '2024-01-02', '2024-01-02', '2024-01-02', 1.5, 0.5);
    INSERT INTO odd (id, day) VALUES (2, 'infinity'), (3, '0044-03-15 BC');
    INSERT INTO odd (id, moment) VALUES (4, 'infinity'); INSERT INTO odd (id, stamp) VALUES (5, '-infinity');
    INSERT INTO odd (id, money) VALUES (6, 'NaN'); INSERT INTO odd (id, share) VALUES (7, 'NaN'), (8, '-infinity'), (9, NULL);
"""
ODD_SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64()),
        pa.field("day", pa.date32()),
        pa.field("moment", pa.timestamp("us")),
        pa.field("stamp", pa.timestamp("us", "UTC")),
        pa.field("money", pa.decimal128(10, 2)),
        pa.field("share", pa.float64()),
    ]
)


class TestWhatIsNoValue:
    """What a server keeps in a column and nobody can use there is set aside by itself; the other rows come."""

    @pytest.fixture
    def odd(self, postgresql_url: str) -> Iterator[str]:
        with psycopg.connect(postgresql_url, autocommit=True) as connection:
            connection.execute(ODD_VALUES.encode())
            yield postgresql_url
            connection.execute("DROP TABLE odd")

    def test_days_of_mysql_that_no_calendar_has(
        self, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        run_mysql(ODD_DAYS)
        schema = pa.schema([ODD_SCHEMA.field(name) for name in ("id", "day", "moment", "stamp")])
        rows, refused, _mark = _read(DatabaseTable(mysql_server[0], "kinds"), schema, tmp_path)
        assert [(row["id"], row["day"]) for row in rows] == [(1, date(2024, 1, 2)), (7, None), (8, date(2024, 1, 3))]
        assert [(row.row, row.column, row.reason) for row in refused] == [
            *((number, "day", "不是日期") for number in (2, 3, 4)),
            (5, "moment", "不是时刻"),
            (6, "stamp", "不是时刻"),
        ]
        assert all(
            text in (row.raw or "")
            for text, row in zip(("0000-00-00", "2024-00-15", "2024-02-31"), refused, strict=False)
        )

    def test_a_column_may_be_called_as_the_house_calls_its_own(
        self, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        run_mysql("CREATE TABLE kinds (d date, `_ODD d` varchar(9)); INSERT INTO kinds VALUES ('2024-01-02', '甲')")
        schema = pa.schema([("d", pa.date32()), ("_ODD d", pa.string())])
        rows, refused, _mark = _read(DatabaseTable(mysql_server[0], "kinds"), schema, tmp_path)
        assert (rows, refused) == ([{"d": date(2024, 1, 2), "_ODD d": "甲"}], [])

    def test_such_days_are_kept_where_texts_are_wanted(
        self, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        run_mysql(ODD_DAYS)
        schema = pa.schema([("day", pa.string()), ("moment", pa.string())])
        rows, refused, _mark = _read(DatabaseTable(mysql_server[0], "kinds"), schema, tmp_path)
        assert (len(rows), refused) == (8, [])
        assert [row["day"] for row in rows][:4] == ["2024-01-02", "0000-00-00", "2024-00-15", "2024-02-31"]
        assert [row["moment"] for row in rows][:5:4] == ["2024-01-02 03:04:05", "2024-01-00 10:00:00"]

    def test_the_columns_stay_days(
        self, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        run_mysql(ODD_DAYS)
        table = DatabaseTable(mysql_server[0], "kinds")
        kinds = {"id": "INTEGER", "day": "DATE", "moment": "TIMESTAMP", "stamp": "TIMESTAMP"}
        assert list_columns(table, folder=tmp_path) == kinds
        assert sample_table(table, folder=tmp_path).schema.names == list(kinds)

    def test_reading_goes_on_from_the_mark_among_them(
        self, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        run_mysql(ODD_DAYS)
        table = DatabaseTable(mysql_server[0], "kinds", by="moment", key="id")
        schema = pa.schema([ODD_SCHEMA.field(name) for name in ("id", "moment")])
        rows, refused, mark = _read(table, schema, tmp_path)
        assert ([row["id"] for row in rows][-2:], [row.column for row in refused]) == ([1, 8], ["moment"])
        assert mark == Mark("2024-01-03 00:00:00", ("8",))
        run_mysql(
            "INSERT INTO kinds VALUES (9, NULL, '2024-01-03 00:00:00', NULL), (10, NULL, '2024-01-03 00:00:01', NULL)"
        )
        rows, refused, _mark = _read(table, schema, tmp_path, mark)
        assert ([row["id"] for row in rows], refused) == ([9, 10], [])

    def test_infinite_days_and_numbers_that_are_none_of_postgresql(self, odd: str, tmp_path: Path) -> None:
        rows, refused, _mark = _read(DatabaseTable(odd, "odd"), ODD_SCHEMA, tmp_path)
        assert [row["id"] for row in rows] == [1, 9]
        assert rows[0]["money"] == Decimal("1.50")
        assert [(row.row, row.column) for row in refused] == [
            (2, "day"),
            (3, "day"),
            (4, "moment"),
            (5, "stamp"),
            (6, "money"),
            (7, "share"),
            (8, "share"),
        ]
        assert '"money":"NaN"' in (refused[4].raw or "")

    def test_a_moment_at_infinity_is_no_mark(self, odd: str, tmp_path: Path) -> None:
        table = DatabaseTable(odd, "odd", by="moment", key="id")
        _rows, _refused, mark = _read(table, ODD_SCHEMA, tmp_path)
        assert mark == Mark("2024-01-02 00:00:00", ("1",))
        with psycopg.connect(odd, autocommit=True) as connection:
            connection.execute("INSERT INTO odd VALUES (10, NULL, '2024-01-03')")
        rows, refused, _mark = _read(table, ODD_SCHEMA, tmp_path, mark)
        assert ([row["id"] for row in rows], refused) == ([10], [])

    def test_a_whole_amount_is_a_whole_number(self, odd: str, tmp_path: Path) -> None:
        with psycopg.connect(odd, autocommit=True) as connection:
            connection.execute("UPDATE odd SET money = 5 WHERE id = 1")
        rows, refused, _mark = _read(DatabaseTable(odd, "odd"), pa.schema([("money", pa.int64())]), tmp_path)
        assert [row["money"] for row in rows if row["money"] is not None] == [5]
        assert [row.reason for row in refused] == ["不是整数"]


class TestCut:
    @pytest.mark.parametrize("by", ["", "id"])
    def test_a_connection_to_mysql_that_is_cut_is_told(
        self, by: str, run_mysql: Callable[[str], None], mysql_server: tuple[str, Path], tmp_path: Path
    ) -> None:
        url, place = mysql_server
        run_mysql(
            "CREATE TABLE digits (n int); INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);"
            "CREATE TABLE many AS SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n + 100000 * f.n AS id, "
            "repeat('x', 500) AS text_ FROM digits a, digits b, digits c, digits d, digits e, digits f "
            f"WHERE f.n < {MANY_ROWS // 100_000}; DROP TABLE digits"
        )
        with pytest.raises(SourceUnreachable, match="断开"):
            _read_until_cut(DatabaseTable(url, "many", by=by, key=by), tmp_path, lambda: mariadb.kill_clerk(place))

    @pytest.mark.parametrize("by", ["", "id"])
    def test_a_connection_to_postgresql_that_is_cut_is_told(self, by: str, postgresql_url: str, tmp_path: Path) -> None:
        with psycopg.connect(postgresql_url, autocommit=True) as master:
            master.execute("DROP TABLE IF EXISTS many")
            master.execute(
                "CREATE TABLE many AS SELECT n AS id, repeat('x', 500) AS text_ "
                f"FROM generate_series(1, {MANY_ROWS * 3}) n".encode()
            )
            kill = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            with pytest.raises(SourceUnreachable, match="断开"):
                _read_until_cut(
                    DatabaseTable(postgresql_url, "many", by=by, key=by), tmp_path, lambda: master.execute(kill)
                )
            master.execute("DROP TABLE many")


def _read_until_cut(table: DatabaseTable, folder: Path, cut: Callable[[], object]) -> None:
    """Read a table, cut the connection once the first rows are there, and read on."""
    intake, _marked = open_table(table, pa.schema([("id", pa.int64()), ("text_", pa.string())]), folder=folder)
    with intake:
        batches = intake.batches()
        next(batches)
        cut()
        for _batch in batches:
            pass
