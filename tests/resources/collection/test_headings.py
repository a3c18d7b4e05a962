"""A department's own export is read by the headings that the catalogue has; what else drifted is decided in full knowledge."""

import io
import json

import openpyxl
import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from resources.catalogue.town import Town, published
from resources.collection.sources import send, take

from chengshu.dataplane.lake.reading import read
from chengshu.dataplane.sources.headings import find_headings, name_headings
from chengshu.resources.contracts.collection import WriteMode
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import (
    ColumnContent,
    DataSource,
    Delivery,
    DeliveryClosed,
    ReasonMissing,
    SourceContent,
    SourceInvalid,
    SourceKind,
)
from chengshu.resources.facade.deliveries import open_lake, raw_table

COLUMNS = tuple(map(ColumnContent, ("djbh", "xm", "sfzh")))
ROW = {"djbh": "1", "xm": "张三", "sfzh": "无"}


@pytest.fixture
def source(town: Town) -> DataSource:
    """A source of the marriage register, linked to its entry; each file takes the place of what the table held."""
    content = SourceContent("婚姻登记", "S-MZ", SourceKind.FILE, "marriage", COLUMNS, mode=WriteMode.REPLACE)
    found = collection.register_source(content, actor=town.operator, now=NOW)
    found.resource = published(town)
    found.save(update_fields=["resource"])
    return found


def _csv(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode("gb18030")


def _held(source: DataSource) -> list[dict[str, str]]:
    found: list[dict[str, str]] = read(open_lake(), raw_table(source)).to_pylist()
    return found


def _page(town: Town, delivery: Delivery) -> str:
    client = Client()
    client.force_login(town.operator)
    return client.get(reverse("resources:delivery", args=[delivery.pk])).content.decode()


class TestChineseHeadings:
    def test_of_a_gb18030_file_are_read_as_the_fields_of_the_entry(self, town: Town, source: DataSource) -> None:
        delivery = send(source, town, _csv("登记编号, 姓名　,公民身份号码", "1,张三,无"))
        assert (delivery.state, delivery.taken, delivery.drift) == ("taken", 1, {})
        assert _held(source) == [ROW]
        page = _page(town, delivery)
        assert "按编目名称认出的列" in page
        assert "登记编号 → " in page

    def test_of_a_workbook_and_of_json_too(self, town: Town, source: DataSource) -> None:
        book = openpyxl.Workbook()
        assert book.active is not None
        for line in (["登记编号", "xm", "公民身份号码"], ["1", "张三", "无"]):
            book.active.append(line)
        file = io.BytesIO()
        book.save(file)
        assert send(source, town, file.getvalue(), "登记.xlsx").state == "taken"
        assert _held(source) == [ROW]
        told = json.dumps([{"登记编号": "2", "姓名": "李四", "sfzh": "无"}]).encode()
        assert send(source, town, told, "登记.json").taken == 1
        assert _held(source)[0]["xm"] == "李四"

    def test_leave_only_the_rest_as_drift(self, town: Town, source: DataSource) -> None:
        delivery = send(source, town, _csv("登记编号,姓名,公民身份号码,电话", "1,张三,无,1"))
        assert (delivery.state, delivery.drift["added"], delivery.drift["missing"]) == ("held", ["电话"], [])
        accepted = collection.accept_drift(delivery, reason="新加", actor=town.operator, now=NOW)
        assert take(accepted).state == "taken"
        assert _held(source) == [ROW | {"电话": "1"}]

    def test_are_kept_with_the_text_of_refused_rows_by_field(self, town: Town, source: DataSource) -> None:
        delivery = send(source, town, _csv("登记编号,姓名,公民身份号码", "1,张三,无", "2,李四"))
        assert (delivery.taken, delivery.refused) == (1, 1)

    def test_of_a_source_without_an_entry_stay_what_they_are(self, town: Town, source: DataSource) -> None:
        source.resource = None
        source.save(update_fields=["resource"])
        delivery = send(source, town, _csv("登记编号,姓名,公民身份号码", "1,张三,无"))
        assert (delivery.state, len(delivery.drift["added"]), delivery.headings) == ("held", 3, {})

    def test_that_mean_two_columns_or_one_twice_are_not_guessed(self) -> None:
        called = name_headings({"a": "名称", "b": "名 称", "c": "名称", "d": "日期"}, ["a", "b", "c", "d"])
        assert called == {"名 称": "b", "日期": "d"}
        assert find_headings(["日期", "d"], called) == {}
        assert find_headings(["日期", " 日期"], called) == {}
        assert find_headings(["ａ", "日期 "], called) == {"日期 ": "d"}


class TestDecision:
    def test_is_refused_where_the_key_of_the_entry_is_missing(self, town: Town, source: DataSource) -> None:
        held = send(source, town, _csv("姓名,公民身份号码", "张三,无"))
        with pytest.raises(SourceInvalid, match="djbh"):
            collection.accept_drift(held, reason="x", actor=town.operator, now=NOW)
        page = _page(town, held)
        assert "缺少标识列或必填列“djbh”，不能接收" in page
        assert "接收结构变化" not in page

    def test_is_told_in_numbers(self, town: Town, source: DataSource) -> None:
        send(source, town, _csv("登记编号,姓名,公民身份号码", "1,张三,无", "2,李四,无", "3,王五,无"))
        page = _page(town, send(source, town, _csv("登记编号,姓名,电话", "1,张三,1", "2,李四,2")))
        assert "2 行，还没有逐行读" in page
        assert "表里现有的 3 行全部由这次的 2 行取代" in page
        assert "新增 1 列；1 列在这次的行里为空" in page

    def test_may_be_to_return_the_file_with_a_reason(self, town: Town, source: DataSource) -> None:
        held = send(source, town, _csv("姓名,公民身份号码", "张三,无"))
        with pytest.raises(ReasonMissing):
            collection.waive_delivery(held, reason=" ", actor=town.operator, now=NOW)
        client = Client()
        client.force_login(town.operator)
        client.post(reverse("resources:delivery-waive", args=[held.pk]), {"reason": "缺登记编号，请重新导出"})
        held.refresh_from_db()
        assert (held.state, held.waived, held.taken) == ("failed", "缺登记编号，请重新导出", 0)
        assert "已决定不再处理" in _page(town, held)
        with pytest.raises(DeliveryClosed):
            collection.accept_drift(held, reason="x", actor=town.operator, now=NOW)
