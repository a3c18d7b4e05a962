"""A source is changed, paused, tied to its entry and deleted by who collects for the department, with a reason."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from resources.catalogue.town import Town, published
from resources.collection.sources import COLUMNS, a_file, a_source, rows_of, send

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.files.facade import FileNotFound, open_download
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.contracts.catalogue import Cycle, ValueType
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import (
    ColumnContent,
    DataSource,
    PromiseContent,
    ReasonMissing,
    SourceContent,
    SourceInvalid,
    SourceKind,
    SourceStale,
    WriteMode,
)
from chengshu.resources.queries.quality_rules import lake_table

CONTENT = SourceContent("婚姻登记", "S-MZ", SourceKind.FILE, "婚姻登记", COLUMNS)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _change(source: DataSource, town: Town, actor: User | None = None, **more: Any) -> DataSource:
    known = {"seen": source.revision, "reason": "系统升级"}
    asked = {name: more.pop(name, value) for name, value in known.items()}
    content = replace(CONTENT, **more)
    return collection.change_source(source, content, actor=actor or town.operator, now=NOW, **asked)


class TestChange:
    def test_is_kept_with_who_why_and_what_it_was(self, town: Town) -> None:
        source = a_source(town)
        changed = _change(source, town, name="婚姻登记库", columns=(*COLUMNS, ColumnContent("性别")))
        assert (changed.name, changed.revision) == ("婚姻登记库", 2)
        send(changed, town, a_file("1,张三,1,男", header="编号,姓名,金额,性别"))
        assert rows_of(changed)[0]["性别"] == "男"
        (entry,) = [e for e in list_entries(f"source:{source.pk}") if e.action == "resources.change_source"]
        assert (entry.reason, (entry.before or {})["name"], (entry.after or {})["name"]) == (
            "系统升级",
            "婚姻登记",
            "婚姻登记库",
        )

    def test_of_columns_with_rows_adds_and_never_takes_away(self, town: Town) -> None:
        source = a_source(town)
        send(source, town, a_file("1,张三,1"))
        widened = _change(source, town, columns=(*COLUMNS[::-1], ColumnContent("性别")))
        send(widened, town, a_file("2,李四,2,女", header="编号,姓名,金额,性别"))
        assert [row["性别"] for row in rows_of(widened)] == [None, "女"]
        retyped = (replace(COLUMNS[0], type=ValueType.TEXT), *COLUMNS[1:], ColumnContent("性别"))
        for wrong, field in (
            ({"columns": COLUMNS}, "columns"),
            ({"columns": retyped}, "columns"),
            ({"table": "别的表"}, "table"),
        ):
            with pytest.raises(SourceInvalid) as caught:
                _change(widened, town, **wrong)
            assert caught.value.details["field"] == field

    def test_is_refused_to_others_without_a_reason_and_after_somebody_elses(self, town: Town) -> None:
        source = a_source(town)
        with pytest.raises(PermissionRefused):
            _change(source, town, actor=town.other)
        with pytest.raises(ReasonMissing):
            _change(source, town, reason=" \n")
        _change(source, town, name="先到")
        with pytest.raises(SourceStale):
            _change(source, town, name="后到")
        second = a_source(town, table="另一张表")
        with pytest.raises(SourceInvalid, match="已由另一个数据源使用"):
            _change(second, town)

    def test_never_reads_appended_rows_twice(self, town: Town) -> None:
        address = {"url": "sqlite:////srv/a.db", "table": "登记", "by": "改于", "key": "编号"}
        source = a_source(town, kind=SourceKind.DATABASE, address=address)
        DataSource.objects.update(mark={"value": "7", "taken": []})
        source.refresh_from_db()
        with pytest.raises(SourceInvalid, match="重复"):
            _change(source, town, address=address | {"by": "建于"})
        moved = _change(source, town, address=address | {"url": "sqlite:////srv/b.db"})
        assert moved.mark == {"value": "7", "taken": []}
        merging = _change(moved, town, address=moved.address, mode=WriteMode.MERGE, key=("编号",))
        assert (
            _change(merging, town, address=address | {"by": "建于"}, mode=WriteMode.MERGE, key=("编号",)).mark is None
        )

    def test_on_the_page_keeps_the_password_that_is_not_shown(self, town: Town) -> None:
        address = {"url": "postgresql://u:geheim@db/x", "table": "t"}
        source = a_source(
            town, kind=SourceKind.DATABASE, address=address, columns=(*COLUMNS, ColumnContent("更新 时间"))
        )
        client, page = _client(town.operator), reverse("resources:source-edit", args=[source.pk])
        shown = client.get(page).content.decode()
        assert "geheim" not in shown
        typed = {
            "name": "改名",
            "table": source.table,
            "columns": '编号 整数 必填\n姓名\n金额 小数2\n"更新 时间" 文字',
            "mode": "append",
            "address_url": "postgresql://u:******@db/x",
            "address_table": "t",
            "reason": "更名",
            "seen": "1",
        }
        assert typed["columns"].splitlines()[3] in shown.replace("&quot;", '"')
        assert client.post(page, typed).status_code == 302
        source.refresh_from_db()
        assert (source.name, source.columns[3]["name"]) == ("改名", "更新 时间")
        assert collection.reseal_secrets(now=NOW) == 1
        elsewhere = typed | {"seen": "2", "address_url": "postgresql://u:******@evil/x"}
        answer = client.post(page, elsewhere)
        said = answer.content.decode().partition('id="source-address_url-error"')[2]
        assert (answer.status_code, "请重新填写口令" in said) == (422, True)


class TestSwitch:
    def test_off_receives_nothing_and_owes_nothing_until_it_is_on_again(self, town: Town) -> None:
        source = a_source(town)
        collection.keep_promise(source, PromiseContent(Cycle.DAILY, 0, date(2024, 3, 13)), actor=town.operator, now=NOW)
        off = collection.switch_source(source, is_active=False, seen=1, reason="系统下线", actor=town.operator, now=NOW)
        owed = off.dues.count()
        with pytest.raises(SourceInvalid, match="停用"):
            send(off, town, a_file("1,张三,1"))
        later = NOW + timedelta(days=30)
        collection.note_dues(later)
        on = collection.switch_source(off, is_active=True, seen=2, reason="恢复", actor=town.operator, now=later)
        collection.note_dues(later)
        assert (owed, on.dues.count()) == (2, 2)
        assert send(on, town, a_file("1,张三,1")).taken == 1

    def test_and_delete_on_the_page_ask_for_a_reason(self, town: Town) -> None:
        source, client = a_source(town), _client(town.operator)
        place = reverse("resources:source-switch", args=[source.pk])
        client.post(place, {"is_active": "0", "seen": "1", "reason": ""})
        assert DataSource.objects.get().is_active
        client.post(place, {"is_active": "0", "seen": "1", "reason": "系统下线"})
        page = client.get(reverse("resources:source", args=[source.pk])).content.decode()
        assert "这个数据源已停用" in page
        assert "系统下线" in page
        client.post(reverse("resources:source-delete", args=[source.pk]), {"reason": "登记错了"})
        assert not DataSource.objects.exists()

    def test_what_was_delivered_to_is_never_deleted(self, town: Town) -> None:
        source = a_source(town)
        send(source, town, a_file("1,张三,1"))
        with pytest.raises(SourceInvalid, match="只能停用"):
            collection.delete_source(source, reason="x", actor=town.operator, now=NOW)
        with pytest.raises(PermissionRefused):
            collection.delete_source(source, reason="x", actor=town.other, now=NOW)


class TestEntry:
    def test_is_chosen_among_the_departments_own_and_linked_both_ways(self, town: Town) -> None:
        resource, source, client = published(town), a_source(town), _client(town.operator)
        assert lake_table(resource) == "standard/307~2fMZ001"
        page = reverse("resources:source-entry", args=[source.pk])
        assert resource.name in client.get(page, {"q": "MZ001"}).content.decode()
        assert "没有可选的目录" in client.get(page, {"q": "没有这个"}).content.decode()
        client.post(page, {"resource": resource.pk})
        assert lake_table(resource) == "raw/婚姻登记"
        source.refresh_from_db()
        collection.switch_source(source, is_active=False, seen=2, reason="x", actor=town.operator, now=NOW)
        assert lake_table(resource) == "raw/婚姻登记"
        for place, other in (("source", "resource"), ("resource", "source")):
            own, linked = (resource, source) if place == "resource" else (source, resource)
            told = client.get(reverse(f"resources:{place}", args=[own.pk])).content.decode()
            assert f'href="{reverse(f"resources:{other}", args=[linked.pk])}"' in told
        told = _client(town.reader).get(reverse("resources:resource", args=[resource.pk])).content.decode()
        assert "归集来源已停用" in told
        assert not re.search(r'href="[^"]*/sources/\d', told)

    def test_of_another_department_or_taken_already_is_refused(self, town: Town) -> None:
        resource, source = published(town), a_source(town)
        collection.link_source(source, resource, actor=town.operator, now=NOW)
        with pytest.raises(SourceInvalid, match="已由数据源"):
            collection.link_source(a_source(town, table="b"), resource, actor=town.operator, now=NOW)
        foreign = a_source(town, table="c")
        DataSource.objects.filter(pk=foreign.pk).update(department=town.market)
        foreign.refresh_from_db()
        with pytest.raises(SourceInvalid, match="本单位"):
            collection.link_source(foreign, resource, actor=town.other, now=NOW)
        assert collection.link_source(source, None, actor=town.operator, now=NOW).resource is None


def test_files_of_a_delivery_are_for_who_sees_the_delivery(town: Town) -> None:
    delivery = send(a_source(town), town, a_file("1,张三,1"))
    assert delivery.file is not None
    with open_download(delivery.file.uuid, viewer=town.steward, on=NOW.date()).stream as content:
        assert content.read() == a_file("1,张三,1")
    with pytest.raises(FileNotFound):
        open_download(delivery.file.uuid, viewer=town.other, on=NOW.date())
    place = reverse("files:download", args=[delivery.file.uuid])
    assert place in _client(town.operator).get(reverse("resources:delivery", args=[delivery.pk])).content.decode()
    answer: Any = _client(town.operator).get(place)
    assert b"".join(answer.streaming_content) == a_file("1,张三,1")  # to its end, which closes it
    assert _client(town.other).get(place).status_code == 404


def test_the_uploader_loses_the_file_with_the_department(town: Town) -> None:
    delivery = send(a_source(town), town, a_file("1,张三,1"))
    assert delivery.file is not None
    type(delivery).objects.update(department=town.market)
    with pytest.raises(FileNotFound):
        open_download(delivery.file.uuid, viewer=town.operator, on=NOW.date())
