"""Every refused row is kept with its reason, can be paged over, and is taken away as a table that runs nothing."""

import csv
import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, send

from chengshu.kernel.accounts.facade import User
from chengshu.resources.contracts import collection as contracts
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import Delivery
from chengshu.resources.facade.refused import read_refused
from chengshu.resources.operations import delivering
from chengshu.resources.queries import refused as refused_rows

FORMULA = "=1+cmd()"
GOOD = 400


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def delivery(town: Town, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """A delivery with more refused rows than its page lists, and than one group of its file holds."""
    for place in (contracts, delivering, collection):
        monkeypatch.setattr(place, "LISTED_REFUSED", 50)
    monkeypatch.setattr(refused_rows, "GROUP_ROWS", 100)
    good = [f"{number},张三,1" for number in range(GOOD)]
    return send(a_source(town), town, a_file(*good, *(f"x{n},李四,1" for n in range(250)), f"{FORMULA},少"))


def test_all_are_kept_in_their_order_beyond_what_is_listed(delivery: Delivery) -> None:
    assert (delivery.sent, delivery.taken, delivery.refused) == (GOOD + 251, GOOD, 251)
    assert delivery.refused_rows.count() == 50
    rows = list(read_refused(delivery))
    assert [row.row for row in rows] == list(range(GOOD + 2, GOOD + 253))
    assert [row.row for row in read_refused(delivery, first=95, count=10)] == list(range(GOOD + 97, GOOD + 107))
    assert list(read_refused(delivery, first=251)) == []
    assert (rows[0].column, rows[0].reason, rows[-1].reason) == ("编号", "不是整数", "列数少于表头")


def test_pages_and_files_show_all_to_the_department_alone(delivery: Delivery, town: Town) -> None:
    client, page = _client(town.operator), reverse("resources:delivery-refused", args=[delivery.pk])
    assert "翻看全部" in client.get(reverse("resources:delivery", args=[delivery.pk])).content.decode()
    last = client.get(page, {"page": "3"}).content.decode()
    assert "第 3 页，共 3 页" in last
    assert "列数少于表头" in last
    exported = client.get(reverse("resources:delivery", args=[delivery.pk]), {"export": "csv"}, follow=True)
    rows = list(csv.reader(io.StringIO(b"".join(exported.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[0] == ["行号", "列", "原因", "原文"]
    assert len(rows) == 252
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    answer = client.get(reverse("resources:delivery-refused-file", args=[delivery.pk, "xlsx"]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    cells = list(book.active.iter_rows(min_row=2))  # type: ignore[union-attr]
    assert len(cells) == 251
    assert {cell.data_type for row in cells for cell in row[1:]} <= {"s", "inlineStr", "n"}
    assert cells[-1][3].value == f"{FORMULA},少"
    assert delivery.refused_file is not None
    for place in (page, reverse("files:download", args=[delivery.refused_file.uuid])):
        assert _client(town.other).get(place).status_code == 404


def test_a_delivery_without_refused_rows_has_no_file_of_them(town: Town) -> None:
    delivery = send(a_source(town), town, a_file("1,张三,1"))
    assert delivery.refused_file is None
    client = _client(town.operator)
    assert "没有隔离行" in client.get(reverse("resources:delivery-refused", args=[delivery.pk])).content.decode()
    assert client.get(reverse("resources:delivery-refused-file", args=[delivery.pk, "csv"])).status_code == 404
