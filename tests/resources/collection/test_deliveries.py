"""Every delivery has a receipt that adds up; a replay changes nothing; drift waits for somebody to decide."""

import sqlite3
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import NOW
from resources.catalogue.town import Town
from resources.collection.sources import COLUMNS, HEADER, a_file, a_source, allow_machine, rows_of, send, take

from chengshu.base.errors import ChengshuError
from chengshu.dataplane.errors import KeyAmbiguous, SourceUnreachable, SourceUnreadable
from chengshu.dataplane.lake.places import find_table
from chengshu.dataplane.lake.reading import list_snapshots
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.errors import ResourcesError
from chengshu.resources.facade import collection
from chengshu.resources.facade.addresses import inbox_folder
from chengshu.resources.facade.collection import (
    ColumnContent,
    DeliveryClosed,
    DeliveryState,
    ReasonMissing,
    SourceInvalid,
    SourceKind,
    WriteMode,
)
from chengshu.resources.facade.deliveries import open_lake, raw_table
from chengshu.resources.models import DataSource, Delivery, RefusedRow


class TestReceipt:
    def test_counts_what_came_what_was_taken_and_what_was_refused(self, town: Town) -> None:
        source = a_source(town)
        delivery = send(source, town, a_file("1,张三,1.50", "x,李四,2", "3,王五", "4,赵六,0.005"))
        assert (delivery.state, delivery.sent, delivery.taken, delivery.refused) == ("taken", 4, 1, 3)
        refused = RefusedRow.objects.filter(delivery=delivery).order_by("row")
        assert [(found.row, found.column, found.reason) for found in refused] == [
            (3, "编号", "不是整数"),
            (4, "", "列数少于表头"),
            (5, "金额", "不是最多 2 位小数的数"),
        ]
        assert "李四" in refused[0].raw
        assert rows_of(source) == [{"编号": 1, "姓名": "张三", "金额": Decimal("1.50")}]
        assert delivery.digest

    def test_is_in_the_audit(self, town: Town) -> None:
        delivery = send(a_source(town), town, a_file("1,张三,1"))
        actions = [entry.action for entry in list_entries(f"delivery:{delivery.pk}")]
        assert sorted(actions) == ["resources.receive", "resources.take"]


class TestReplay:
    def test_of_the_same_content_is_the_delivery_that_is_there(self, town: Town) -> None:
        source = a_source(town)
        first = send(source, town, a_file("1,张三,1"))
        again, is_new = collection.receive_file(
            source, a_file("1,张三,1"), name="另一个名字.csv", actor=town.operator, now=NOW
        )
        assert (again.pk, is_new) == (first.pk, False)
        take(again)
        assert len(rows_of(source)) == 1
        assert len(list_snapshots(open_lake(), raw_table(source))) == 1

    def test_to_another_source_is_taken_there(self, town: Town) -> None:
        first, second = a_source(town), a_source(town, table="另一张表")
        for source in (first, second):
            send(source, town, a_file("1,张三,1"))
        assert rows_of(first) == rows_of(second)


class TestModes:
    def test_merge_updates_by_key(self, town: Town) -> None:
        source = a_source(town, mode=WriteMode.MERGE, key=("编号",))
        send(source, town, a_file("1,张三,1", "2,李四,2"))
        send(source, town, a_file("2,李四改,3", "3,王五,4"))
        assert [row["姓名"] for row in rows_of(source)] == ["张三", "李四改", "王五"]

    def test_merge_refuses_a_key_that_is_there_twice_and_says_so(self, town: Town) -> None:
        source = a_source(town, mode=WriteMode.MERGE, key=("编号",))
        delivery, _is_new = collection.receive_file(
            source, a_file("1,张三,1", "1,李四,2"), name="a.csv", actor=town.operator, now=NOW
        )
        with pytest.raises(KeyAmbiguous):
            take(delivery)
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.FAILED.value
        assert "编号=1" in delivery.reason

    def test_replace_never_empties_a_table_by_a_delivery_without_a_good_row(self, town: Town) -> None:
        source = a_source(town, mode=WriteMode.REPLACE)
        send(source, town, a_file("1,张三,1"))
        delivery = send(source, town, a_file("1,张三,1", "1,李,y").replace(b"1", b"x"))
        assert (delivery.taken, delivery.version) == (0, None)
        assert len(rows_of(source)) == 1


class TestDrift:
    def test_holds_the_delivery_before_a_row_is_taken(self, town: Town) -> None:
        source = a_source(town)
        delivery = send(source, town, a_file("1,张三,1,男", header=f"{HEADER},性别"))
        assert (delivery.state, delivery.drift["added"], delivery.taken) == ("held", ["性别"], 0)
        assert find_table(open_lake(), raw_table(source)) is None

    def test_is_taken_when_somebody_says_why(self, town: Town) -> None:
        source = a_source(town)
        send(source, town, a_file("1,张三,1"))
        held = send(source, town, a_file("2,李四,男", header="编号,姓名,性别"))
        with pytest.raises(ReasonMissing):
            collection.accept_drift(held, reason=" ", actor=town.operator, now=NOW)
        collection.accept_drift(held, reason="来源系统升级", actor=town.operator, now=NOW)
        assert take(held).state == "taken"
        assert rows_of(source) == [
            {"编号": 1, "姓名": "张三", "金额": Decimal(1), "性别": None},
            {"编号": 2, "姓名": "李四", "金额": None, "性别": "男"},
        ]

    def test_that_takes_a_needed_column_away_is_never_accepted(self, town: Town) -> None:
        held = send(a_source(town), town, a_file("李四,1", header="姓名,金额"))
        with pytest.raises(SourceInvalid, match="编号"):
            collection.accept_drift(held, reason="升级", actor=town.operator, now=NOW)

    def test_is_decided_by_who_collects_for_the_department_and_once(self, town: Town) -> None:
        held = send(a_source(town), town, a_file("1,张三,1,男", header=f"{HEADER},性别"))
        with pytest.raises(PermissionRefused):
            collection.accept_drift(held, reason="x", actor=town.other, now=NOW)
        taken = send(a_source(town, table="b"), town, a_file("1,张三,1"))
        with pytest.raises(DeliveryClosed):
            collection.accept_drift(taken, reason="x", actor=town.operator, now=NOW)


class TestFaults:
    def test_leave_a_failed_delivery_with_its_reason(self, town: Town) -> None:
        delivery, _is_new = collection.receive_file(
            a_source(town), b"\0\1\2", name="a.csv", actor=town.operator, now=NOW
        )
        with pytest.raises(SourceUnreadable):
            take(delivery)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.sent) == ("failed", 0)
        assert "不是文本文件" in delivery.reason

    def test_of_a_person_without_the_right_keep_nothing(self, town: Town) -> None:
        source = a_source(town)
        with pytest.raises(PermissionRefused):
            collection.receive_file(source, a_file("1,a,1"), name="a.csv", actor=town.other, now=NOW)
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"name": " "}, "name"),
            ({"table": "_x"}, "table"),
            ({"table": "a/b"}, "table"),
            ({"columns": ()}, "columns"),
            ({"columns": (ColumnContent("a"), ColumnContent("a"))}, "columns"),
            ({"columns": (ColumnContent("a", ValueType.BINARY),)}, "columns"),
            ({"mode": WriteMode.MERGE}, "key"),
            ({"key": ("没有",)}, "key"),
            ({"kind": SourceKind.DATABASE}, "address.url"),
            ({"kind": SourceKind.INTERFACE, "address": {"url": "file:///etc/passwd"}}, "address.url"),
            ({"kind": SourceKind.FOLDER, "address": {"folder": "../.."}}, "address.folder"),
            ({"department": "无此单位"}, "department"),
        ],
    )
    def test_of_a_source_name_the_place(self, town: Town, more: dict[str, object], field: str) -> None:
        with pytest.raises(ChengshuError) as caught:
            a_source(town, **more)
        assert caught.value.details["field"] == field

    def test_two_sources_never_share_a_table(self, town: Town) -> None:
        a_source(town)
        with pytest.raises(SourceInvalid, match="已由另一个数据源使用"):
            a_source(town)


class TestDatabase:
    @pytest.fixture
    def path(self) -> Path:
        found = inbox_folder() / "civil.db"
        found.parent.mkdir(parents=True)
        _execute(found, "CREATE TABLE 登记 (编号 int, 姓名 text, 金额 text, 改于 text)")
        _execute(found, "INSERT INTO 登记 VALUES (1, '张三', '1', '2024-01-01'), (2, '李四', 'x', '2024-01-02')")
        return found

    def _source(self, town: Town, path: Path) -> DataSource:
        address = {"url": f"sqlite:///{path}", "table": "登记", "by": "改于", "key": "编号"}
        columns = (*COLUMNS, ColumnContent("改于", ValueType.DATE))
        return a_source(town, kind=SourceKind.DATABASE, address=address, columns=columns)

    def _pull(self, source: DataSource, town: Town) -> Delivery:
        collection.ask_pull(source, actor=town.operator, now=NOW)
        return take(Delivery.objects.get(source=source, state=DeliveryState.WAITING.value))

    def test_is_read_on_from_its_mark(self, town: Town, path: Path) -> None:
        source = self._source(town, path)
        first = self._pull(source, town)
        assert (first.sent, first.taken, first.refused) == (2, 1, 1)
        assert self._pull(source, town).sent == 0
        _execute(path, "INSERT INTO 登记 VALUES (3, '王五', '3', '2024-01-02'), (4, '赵六', '4', '2024-01-03')")
        assert self._pull(source, town).taken == 2
        assert [row["编号"] for row in rows_of(source)] == [1, 3, 4]

    def test_is_asked_once_at_a_time(self, town: Town, path: Path) -> None:
        source = self._source(town, path)
        for _ in range(2):
            collection.ask_pull(source, actor=town.operator, now=NOW)
        assert Delivery.objects.filter(source=source).count() == 1

    def test_that_does_not_answer_fails_and_is_gone_on_with(self, town: Town, path: Path) -> None:
        source = self._source(town, path)
        good = dict(source.address)
        DataSource.objects.update(address=good | {"url": "postgresql://a:b@127.0.0.1:1/x"})
        allow_machine(town)
        with pytest.raises(SourceUnreachable):
            self._pull(source, town)
        failed = Delivery.objects.get(source=source)
        assert failed.state == "failed"
        DataSource.objects.update(address=good)
        collection.ask_pull(source, actor=town.operator, now=NOW + timedelta(hours=1))
        assert take(failed).taken == 1

    @pytest.mark.parametrize(
        ("url", "told"),
        [
            ("postgresql://a:b@10.0.0.1/x", "还没有许可连接 10.0.0.1:5432"),
            ("postgresql://a:b@127.0.0.1/x?host=10.0.0.1", "主机"),
            ("sqlite:///{house}", "要放在"),
            ("sqlite:///{inbox}/../../house.db", "要放在"),
            ("sqlite:///{inbox}/link.db", "要放在"),
        ],
    )
    def test_that_the_centre_did_not_allow_is_not_read(self, town: Town, path: Path, url: str, told: str) -> None:
        house = path.parents[2] / "house.db"
        _execute(house, "CREATE TABLE 登记 (编号 int, 姓名 text, 金额 text, 改于 text)")
        (path.parent / "link.db").symlink_to(house)
        source = self._source(town, path)
        DataSource.objects.update(address=source.address | {"url": url.format(house=house, inbox=path.parent)})
        with pytest.raises(ResourcesError, match=told):
            self._pull(source, town)
        assert Delivery.objects.get(source=source).state == "failed"

    def test_takes_no_files(self, town: Town, path: Path) -> None:
        with pytest.raises(SourceInvalid):
            collection.receive_file(self._source(town, path), b"x", name="a.csv", actor=town.operator, now=NOW)


def _execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
