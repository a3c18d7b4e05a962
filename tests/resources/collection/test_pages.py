"""What people do on the pages of collection: register, deliver, read the receipt, export, decide."""

import io

import openpyxl
import pytest
from conftest import NOW
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from resources.catalogue.town import Town
from resources.collection.sources import HEADER, a_file, a_source, send

from chengshu.kernel.accounts.facade import User
from chengshu.resources.models import DataSource, Delivery

TYPED = {
    "name": "婚姻登记",
    "department": "S-MZ",
    "kind": "file",
    "table": "婚姻登记",
    "columns": "编号 整数 必填\n姓名\n金额 小数4",
    "mode": "merge",
    "key": "编号",
}


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestRegister:
    def test_keeps_columns_as_they_were_typed(self, town: Town) -> None:
        answer = _client(town.operator).post(reverse("resources:source-new"), TYPED)
        source = DataSource.objects.get()
        assert answer["Location"] == reverse("resources:source", args=[source.pk])
        assert [(c["name"], c["type"], c["is_nullable"], c["scale"]) for c in source.columns] == [
            ("编号", "integer", False, 2),
            ("姓名", "text", True, 2),
            ("金额", "decimal", True, 4),
        ]
        assert source.key == ["编号"]

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"columns": "编号 数字"}, "第 1 行的“数字”不认识"),
            ({"columns": ""}, "没有保存"),
            ({"key": ""}, "请指定主键"),
            ({"kind": "database"}, 'id="source-address_url-error"'),
            ({"kind": "database", "address_url": "postgresql://db/x"}, 'id="source-address_table-error"'),
            ({"kind": "folder", "address_folder": "../etc"}, 'id="source-address_folder-error"'),
        ],
    )
    def test_says_what_is_wrong(self, town: Town, more: dict[str, str], said: str) -> None:
        answer = _client(town.operator).post(reverse("resources:source-new"), TYPED | more)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not DataSource.objects.exists()

    def test_takes_of_an_address_what_the_kind_has(self, town: Town) -> None:
        """Without the page's script the parts of all kinds stand there, and may hold what was typed for another kind."""
        parts = {"address_folder": "民政局", "address_url": "postgresql://db/x", "address_sheet": "第一页"}
        client = _client(town.operator)
        answer = client.post(reverse("resources:source-new"), TYPED | {"kind": "folder"} | parts, follow=True)
        assert DataSource.objects.get().address == {"folder": "民政局", "sheet": "第一页"}
        assert "文件夹名" in answer.content.decode()
        edited = client.get(reverse("resources:source-edit", args=[DataSource.objects.get().pk])).content.decode()
        assert 'value="民政局"' in edited
        assert "address_url" not in edited

    def test_never_shows_a_password(self, town: Town) -> None:
        address = {"address_url": "postgresql://reader:geheim@10.0.0.1/x", "address_table": "t"}
        typed = TYPED | {"kind": "database"} | address
        page = _client(town.operator).post(reverse("resources:source-new"), typed, follow=True).content.decode()
        assert "10.0.0.1" in page
        assert "geheim" not in page


class TestDeliver:
    def test_leads_to_the_receipt_and_the_same_content_to_the_same(self, town: Town) -> None:
        source, client = a_source(town), _client(town.operator)
        seen = []
        for name in ("一.csv", "二.csv"):
            file = SimpleUploadedFile(name, a_file("1,张三,1"))
            seen.append(client.post(reverse("resources:source-send", args=[source.pk]), {"file": file})["Location"])
        assert seen == [reverse("resources:delivery", args=[Delivery.objects.get().pk])] * 2

    def test_of_refused_rows_gives_them_as_a_workbook(self, town: Town) -> None:
        delivery = send(a_source(town), town, a_file("1,张三,1", "x,李四,2"))
        address = reverse("resources:delivery", args=[delivery.pk])
        client = _client(town.operator)
        assert "不是整数" in client.get(address).content.decode()
        answer = client.get(address, {"export": "xlsx"})
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0].iter_rows(values_only=True))
        assert "不是整数" in rows[-1]

    def test_of_drift_is_decided_on_its_page(self, town: Town) -> None:
        held = send(a_source(town), town, a_file("1,张三,1,男", header=f"{HEADER},性别"))
        client = _client(town.operator)
        page = client.get(reverse("resources:delivery", args=[held.pk])).content.decode()
        assert "多出的列：性别" in page
        client.post(reverse("resources:delivery-accept", args=[held.pk]), {"reason": "系统升级"})
        held.refresh_from_db()
        assert (held.is_drift_accepted, held.reason) == (True, "系统升级")

    def test_is_not_seen_by_another_department(self, town: Town) -> None:
        delivery = send(a_source(town), town, a_file("1,张三,1"))
        for name, pk in (("delivery", delivery.pk), ("source", delivery.source_id)):
            assert _client(town.other).get(reverse(f"resources:{name}", args=[pk])).status_code == 404


def test_promise_is_kept_and_judged_on_the_source_page(town: Town) -> None:
    source, client = a_source(town), _client(town.operator)
    typed = {"cycle": "daily", "due_hours": "12", "since": f"{NOW:%Y-%m-%d}"}
    client.post(reverse("resources:source-promise", args=[source.pk]), typed)
    page = client.get(reverse("resources:source", args=[source.pk])).content.decode()
    assert "每日交付一次" in page
    assert "还没有交付" in page
